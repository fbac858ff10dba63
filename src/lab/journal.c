// SPDX-License-Identifier: MIT
// What programs of a node wrote, read back across the parts that lab/output.h makes.
#include "lab/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "lab/folder.h"
#include "lab/lab.h"
#include "lab/output.h"

#define TRIES 1000 /* no service begins its log anew that often while it is opened */

const char *journal_folder(const struct lab *lab, struct arena *arena)
{
	return arena_printf(arena, "%s/" FOLDER_LOG, lab->folder);
}

/* Of a file that is not there: -ENOENT. */
static int open_part(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	return file < 0 ? -errno : file;
}

static bool is_part(int file, const char *path)
{
	struct stat ours, there;

	return fstat(file, &ours) == 0 && stat(path, &there) == 0 && ours.st_dev == there.st_dev &&
	       ours.st_ino == there.st_ino;
}

static void close_part(int file)
{
	if (file >= 0)
		close(file);
}

/* The earlier part that we have open, or that is not there, is that still so? */
static bool is_still(int older, const char *path)
{
	return older >= 0 ? is_part(older, path) : access(path, F_OK) < 0;
}

/*
 * Both parts, so that the one follows the other: while the earlier one is the same, nothing has
 * moved, as a file that we hold open cannot come again. For an instant, or on a full disk, there
 * is no present part (-ENOENT).
 */
static int open_both(const struct journal *journal, int *older, int *present)
{
	for (int tries = 0; tries < TRIES; tries++) {
		*older = open_part(journal->older);
		*present = open_part(journal->path);
		if ((*older >= 0 || *older == -ENOENT) && (*present >= 0 || *present == -ENOENT) &&
		    is_still(*older, journal->older))
			return 0;
		close_part(*older);
		close_part(*present);
		if (*older < 0 && *older != -ENOENT)
			return *older;
		if (*present < 0 && *present != -ENOENT)
			return *present;
	}
	return -EAGAIN;
}

static int add(struct journal *journal, int file)
{
	struct stat st;

	if (file < 0)
		return 0;
	if (fstat(file, &st) < 0)
		return -errno;
	journal->parts[journal->count++] = (struct part){file, 0, st.st_size};
	return 0;
}

/* Add those of both that follow `last` (-1: all). */
static int add_both(struct journal *journal, int last)
{
	int older, present, failed = open_both(journal, &older, &present);

	if (failed)
		return failed;
	if (last >= 0 && older >= 0 && is_part(last, journal->older)) {
		close(older);
	} else {
		journal->gap |= last >= 0 && older >= 0; /* else the lab has gone, and all of it */
		failed = add(journal, older);
	}
	return failed ? failed : add(journal, present);
}

bool journal_open(struct journal *journal, const struct lab *lab, const char *node,
		  const char *service, struct arena *arena)
{
	char path[160];
	int failed;

	output_path(path, node, service);
	*journal = (struct journal){.path = arena_printf(arena, "%s/%s", lab->folder, path)};
	journal->older = arena_printf(arena, "%s" OUTPUT_OLDER, journal->path);
	failed = add_both(journal, -1);
	errno = failed ? -failed : ENOENT;
	return !failed && journal->count > 0;
}

int journal_renew(struct journal *journal)
{
	struct part *last = &journal->parts[journal->count - 1];
	bool present = is_part(last->file, journal->path);
	struct stat st;

	/* In this order: a part that is not the present one gets no more. */
	if (fstat(last->file, &st) < 0)
		return -errno;
	last->end = st.st_size;
	if (last->end < last->at) /* what could not be renamed was emptied */
		last->at = 0;
	return present ? 0 : add_both(journal, last->file);
}

static void drop_first(struct journal *journal)
{
	close(journal->parts[0].file);
	journal->count--;
	memmove(journal->parts, journal->parts + 1, journal->count * sizeof(*journal->parts));
}

ssize_t journal_read(struct journal *journal, char *buffer, size_t size)
{
	for (;;) {
		struct part *part = &journal->parts[0];
		off_t left = part->end - part->at;
		ssize_t n = 0;

		if (left > 0)
			n = pread(part->file, buffer, left < (off_t)size ? (size_t)left : size,
				  part->at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		part->at += n;
		if (n || journal->count == 1)
			return n;
		drop_first(journal);
	}
}

/*
 * Where the line that is the `lines`th from the end begins: its part and place there. Read from the
 * end backwards, as the rest is of no interest. The last line counts also where it is not ended.
 */
static int find_line(const struct journal *journal, size_t lines, size_t *at_part, off_t *at)
{
	char buffer[16384];
	bool last = true;

	for (size_t i = journal->count; i-- > 0;) {
		const struct part *part = &journal->parts[i];

		for (off_t end = part->end, start; end > 0; end = start) {
			start = end > (off_t)sizeof(buffer) ? end - (off_t)sizeof(buffer) : 0;
			if (pread(part->file, buffer, (size_t)(end - start), start) != end - start)
				return errno ? -errno : -EIO;
			for (off_t k = end - start; k-- > 0; last = false) {
				if (buffer[k] != '\n' || last || --lines)
					continue;
				*at_part = i;
				*at = start + k + 1;
				return 0;
			}
		}
	}
	*at_part = 0;
	*at = 0;
	return 0;
}

int journal_seek(struct journal *journal, size_t lines)
{
	size_t part = journal->count - 1;
	off_t at = journal->parts[part].end;

	errno = 0;
	if (lines) {
		int failed = find_line(journal, lines, &part, &at);

		if (failed)
			return failed;
	}
	while (part-- > 0)
		drop_first(journal);
	journal->parts[0].at = at;
	return 0;
}

void journal_close(struct journal *journal)
{
	while (journal->count)
		drop_first(journal);
}
