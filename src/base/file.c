// SPDX-License-Identifier: MIT
// Whole files, read and written.
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"

static int open_readable(const char *path, struct error *err)
{
	struct stat st;
	int fd;

	fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC)
			       : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		return error_set(err, errno, "cannot read %s", path);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		return error_set(err, EISDIR, "cannot read %s", path);
	}
	return fd;
}

int file_read(const char *path, size_t limit, struct arena *arena, char **data, size_t *size,
	      struct error *err)
{
	AUTO_CLOSE int fd = open_readable(path, err);
	AUTO_FREE char *buffer = NULL;
	size_t room = 0, used = 0;

	if (fd < 0)
		return fd;
	for (;;) {
		ssize_t n;

		if (used == room) {
			char *larger = realloc(buffer, room = room ? room * 2 : 65536);

			if (!larger)
				return error_set(err, ENOMEM, "cannot read %s", path);
			buffer = larger;
		}
		n = read(fd, buffer + used, room - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set(err, errno, "cannot read %s", path);
		if (n == 0)
			break;
		used += (size_t)n;
		if (used > limit)
			return error_set(err, EFBIG, "cannot read %s: more than %zu MiB", path,
					 limit >> 20);
	}
	*data = arena_strndup(arena, buffer, used);
	*size = used;
	return 0;
}

int write_all(int fd, const void *data, size_t size)
{
	const char *next = data;

	while (size) {
		ssize_t n = write(fd, next, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		next += n;
		size -= (size_t)n;
	}
	return 0;
}

int file_replace(int dir, const char *name, const void *data, size_t size, struct error *err)
{
	AUTO_CLOSE int fd = -1;
	char temporary[300];
	int failed;

	snprintf(temporary, sizeof(temporary), FILE_TEMPORARY("%s"), name);
	fd = openat(dir, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_set(err, errno, "cannot write %s", name);
	failed = write_all(fd, data, size);
	if (!failed && renameat(dir, temporary, dir, name) < 0)
		failed = -errno;
	if (!failed)
		return 0;
	unlinkat(dir, temporary, 0);
	return error_set(err, -failed, "cannot write %s", name);
}
