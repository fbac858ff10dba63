// SPDX-License-Identifier: MIT
// What programs of a node wrote, read back across the parts that lab/output.h makes.
#include "lab/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "lab/folder.h"
#include "lab/lab.h"
#include "lab/output.h"

const char *journal_folder(const struct lab *lab, struct arena *arena)
{
	return arena_printf(arena, "%s/" FOLDER_LOG, lab->folder);
}

static int open_part(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

/* The earlier part first, if there is one. */
static void open_first(struct journal *journal)
{
	journal->file = open_part(journal->older);
	if (journal->file < 0)
		journal->file = open_part(journal->path);
}

bool journal_open(struct journal *journal, const struct lab *lab, const char *node,
		  const char *service, struct arena *arena)
{
	char path[160];

	output_path(path, node, service);
	journal->path = arena_printf(arena, "%s/%s", lab->folder, path);
	journal->older = arena_printf(arena, "%s" OUTPUT_OLDER, journal->path);
	open_first(journal);
	return journal->file >= 0;
}

static bool is_part(const struct journal *journal, const char *path)
{
	struct stat ours, there;

	return fstat(journal->file, &ours) == 0 && stat(path, &there) == 0 &&
	       ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

/* The part that follows ours, or -1 where ours is the last. Ours may be gone meanwhile. */
static int open_next(const struct journal *journal)
{
	if (is_part(journal, journal->path))
		return -1;
	return open_part(is_part(journal, journal->older) ? journal->path : journal->older);
}

ssize_t journal_read(struct journal *journal, char *buffer, size_t size)
{
	for (;;) {
		ssize_t n = read(journal->file, buffer, size);
		int next;

		if (n < 0 && errno == EINTR)
			continue;
		if (n)
			return n < 0 ? -errno : n;
		next = open_next(journal);
		if (next < 0)
			return 0;
		close(journal->file);
		journal->file = next;
	}
}

/* How many lines there are, from where it stands on. */
static int measure(struct journal *journal, size_t *lines, bool *open_end)
{
	char buffer[16384];
	ssize_t n;

	*lines = 0;
	*open_end = false;
	while ((n = journal_read(journal, buffer, sizeof(buffer))) > 0) {
		for (ssize_t i = 0; i < n; i++)
			*lines += buffer[i] == '\n';
		*open_end = buffer[n - 1] != '\n';
	}
	return (int)n;
}

/* Pass so many lines by. */
static int skip(struct journal *journal, size_t lines)
{
	char buffer[16384];

	while (lines) {
		ssize_t n = journal_read(journal, buffer, sizeof(buffer)), used = 0;

		if (n <= 0)
			return (int)n;
		while (used < n && lines)
			lines -= buffer[used++] == '\n';
		if (!lines && lseek(journal->file, used - n, SEEK_CUR) < 0)
			return -errno;
	}
	return 0;
}

int journal_seek(struct journal *journal, size_t lines)
{
	size_t all;
	bool open_end;
	int failed = measure(journal, &all, &open_end);

	if (failed || !lines)
		return failed; /* where it stands now, all is behind it */
	close(journal->file);
	open_first(journal);
	if (journal->file < 0)
		return -errno;
	all += open_end;
	return all > lines ? skip(journal, all - lines) : 0;
}

void journal_close(struct journal *journal)
{
	if (journal->file >= 0)
		close(journal->file);
	journal->file = -1;
}
