// SPDX-License-Identifier: MIT
// Settings below /proc/sys.
#include "kernel/sysctl.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/cleanup.h"

#define VALUE_SIZE 1024 /* longer settings are written without a comparison */

/* A /proc that is mounted nowhere; -1: the one that is mounted. */
static int own_proc = -1;
static bool own_wanted; /* a new one, for what is set next */

/* No way out of /proc/sys. */
static bool is_below(const char *path)
{
	for (const char *part = path; part; part = strchr(part, '/')) {
		size_t length;

		part += part != path;
		length = strcspn(part, "/");
		if (length == 0 || (length == 2 && memcmp(part, "..", 2) == 0))
			return false;
	}
	return true;
}

static const char *skip_blanks(const char *text)
{
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

/* The kernel prints lists of numbers with tabs, and a line feed at the end. */
static bool same(const char *a, const char *b)
{
	a = skip_blanks(a);
	b = skip_blanks(b);
	while (*a && *b) {
		bool blank = isspace((unsigned char)*a);

		if (blank != (isspace((unsigned char)*b) != 0))
			return false;
		if (!blank && *a++ != *b++)
			return false;
		if (blank) {
			a = skip_blanks(a);
			b = skip_blanks(b);
		}
	}
	return !*skip_blanks(a) && !*skip_blanks(b);
}

static bool is_set(int fd, const char *value)
{
	char now[VALUE_SIZE];
	ssize_t n;

	do
		n = pread(fd, now, sizeof(now) - 1, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0 || (size_t)n == sizeof(now) - 1)
		return false;
	now[n] = '\0';
	return same(now, value);
}

/* In one piece and at its start: the kernel refuses the rest (sysctl_writes_strict). */
static int write_value(int fd, const char *value)
{
	size_t length = strlen(value);
	ssize_t n;

	do
		n = pwrite(fd, value, length, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return (size_t)n == length ? 0 : -EINVAL;
}

void sysctl_renew_own(void)
{
	own_wanted = true;
}

static void open_own(void)
{
	AUTO_CLOSE int context = fsopen("proc", FSOPEN_CLOEXEC);

	own_wanted = false;
	own_proc = -1;
	if (context >= 0 && fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		own_proc = fsmount(context, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
}

static int open_setting(const char *path, int access)
{
	char full[PATH_MAX];
	int n;

	if (own_wanted)
		open_own();
	if (own_proc >= 0)
		n = snprintf(full, sizeof(full), "sys/%s", path);
	else
		n = snprintf(full, sizeof(full), "/proc/sys/%s", path);
	if (!is_below(path) || n >= (int)sizeof(full))
		return -EINVAL;
	n = openat(own_proc, full, access | O_CLOEXEC);
	return n < 0 ? -errno : n;
}

int sysctl_set(const char *path, const char *value)
{
	AUTO_CLOSE int fd = open_setting(path, O_RDWR);

	if (fd == -EACCES) /* some are for writing only */
		fd = open_setting(path, O_WRONLY);
	if (fd < 0)
		return fd;
	return is_set(fd, value) ? 0 : write_value(fd, value);
}

long sysctl_number(const char *path, long otherwise)
{
	AUTO_FCLOSE FILE *file = NULL;
	char whole[PATH_MAX];
	long value;

	if (!is_below(path) || snprintf(whole, sizeof(whole), "/proc/sys/%s", path) >= PATH_MAX)
		return otherwise;
	file = fopen(whole, "re");
	return file && fscanf(file, "%ld", &value) == 1 ? value : otherwise;
}
