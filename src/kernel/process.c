// SPDX-License-Identifier: MIT
// Processes: told apart for certain, opened, killed, renamed, cut loose from their caller.
#include "kernel/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "base/cleanup.h"

enum stat_field { /* proc_pid_stat(5), counted from 1 */
		  STAT_STATE = 3,
		  STAT_START_TIME = 22,
		  STAT_ARG_START = 48,
		  STAT_ENV_END = 51,
};

/* /proc/PID/stat from its field 3 on, behind the name, which may hold blanks and parentheses. */
static int read_stat(const char *path, char *buffer, size_t size, const char **fields)
{
	AUTO_CLOSE int fd = -1;
	ssize_t n;
	char *end;

	*fields = "";
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	n = read(fd, buffer, size - 1);
	if (n < 0)
		return -errno;
	buffer[n] = '\0';
	end = strrchr(buffer, ')');
	if (!end || end[1] != ' ')
		return -EPROTO;
	*fields = end + 2;
	return 0;
}

static uint64_t stat_number(const char *fields, enum stat_field wanted)
{
	for (int field = STAT_STATE; fields && field < (int)wanted; field++) {
		fields = strchr(fields, ' ');
		if (fields)
			fields++;
	}
	return fields ? strtoull(fields, NULL, 10) : 0;
}

int process_look(pid_t pid, struct process *process)
{
	const char *fields;
	char buffer[1024];
	char path[40];
	int failed;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	failed = read_stat(path, buffer, sizeof(buffer), &fields);
	if (failed)
		return failed;
	if (*fields == 'Z' || *fields == 'X')
		return -ESRCH;
	*process = (struct process){pid, stat_number(fields, STAT_START_TIME)};
	return 0;
}

bool process_waits(pid_t pid)
{
	const char *fields;
	char buffer[1024];
	char path[40];

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	return read_stat(path, buffer, sizeof(buffer), &fields) < 0 || !strchr("RD", *fields);
}

int process_open(const struct process *process)
{
	AUTO_CLOSE int fd = (int)syscall(SYS_pidfd_open, process->pid, 0);
	struct process now = {0};
	int failed;

	if (fd < 0)
		return errno == EINVAL ? -ESRCH : -errno;
	/* Looked at after it was opened: from here on the number cannot become another's. */
	failed = process_look(process->pid, &now);
	if (failed)
		return failed;
	if (!process_same(&now, process))
		return -ESRCH;
	return take_fd(&fd);
}

/* proc(5): the children of a task are listed in the order in which they were made. */
int process_open_child(const struct process *process)
{
	struct process child = {0};
	AUTO_FREE char *path = NULL;
	FILE *list;
	long pid = 0;

	if (asprintf(&path, "/proc/%ld/task/%ld/children", (long)process->pid, (long)process->pid) <
	    0)
		return -ENOMEM;
	list = fopen(path, "re");
	if (!list)
		return -ESRCH;
	if (fscanf(list, "%ld", &pid) != 1)
		pid = 0;
	fclose(list);
	/* The list is of this process for certain if it still is the one after it was read. */
	if (pid <= 0 || !process_alive(process) || process_look((pid_t)pid, &child) < 0)
		return -ESRCH;
	return process_open(&child);
}

/* The number that a process has in the innermost PID namespace that it is in, or 0. */
static long number_inside(long pid)
{
	AUTO_FCLOSE FILE *file = NULL;
	char path[40], line[256];

	snprintf(path, sizeof(path), "/proc/%ld/status", pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, "NSpid:", strlen("NSpid:")))
			return strtol(strrchr(line, '\t') ?: line + strlen("NSpid:"), NULL, 10);
	return 0;
}

pid_t process_child_inside(const struct process *process, pid_t inner)
{
	AUTO_FCLOSE FILE *list = NULL;
	struct process child;
	char path[64];
	long pid;

	snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", (long)process->pid,
		 (long)process->pid);
	list = fopen(path, "re");
	while (list && fscanf(list, "%ld", &pid) == 1)
		if (number_inside(pid) == inner && process_look((pid_t)pid, &child) == 0)
			return process_alive(process) ? (pid_t)pid : 0;
	return 0;
}

bool process_same(const struct process *a, const struct process *b)
{
	return a->pid == b->pid && a->start == b->start;
}

bool process_alive(const struct process *process)
{
	struct process now = {0};

	return process_look(process->pid, &now) == 0 && process_same(&now, process);
}

int process_signal(int pidfd, int signal)
{
	return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) < 0 ? -errno : 0;
}

int process_tell(int pidfd, int signal, int value)
{
	siginfo_t info = {.si_signo = signal, .si_code = SI_QUEUE};

	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value.sival_int = value;
	return syscall(SYS_pidfd_send_signal, pidfd, signal, &info, 0) < 0 ? -errno : 0;
}

bool process_wait_end(int pidfd, int milliseconds)
{
	struct pollfd wait = {.fd = pidfd, .events = POLLIN};
	int n;

	do
		n = poll(&wait, 1, milliseconds);
	while (n < 0 && errno == EINTR);
	return n > 0;
}

/* The memory of the command line and the environment behind it, and the environment moved away. */
static bool title_area(char **start, size_t *size)
{
	static char *area;
	static size_t area_size;
	const char *fields;
	char buffer[1024];
	uint64_t from, to;

	if (!area) {
		/* Not by number: /proc may still be that of another PID namespace. */
		if (read_stat("/proc/self/stat", buffer, sizeof(buffer), &fields) < 0)
			return false;
		from = stat_number(fields, STAT_ARG_START);
		to = stat_number(fields, STAT_ENV_END);
		if (!from || to <= from)
			return false;
		for (char **variable = environ; variable && *variable; variable++) {
			char *copy = strdup(*variable);

			if (!copy)
				return false;
			*variable = copy;
		}
		area = (char *)(uintptr_t)from; /* NOLINT(performance-no-int-to-ptr) */
		area_size = to - from;
		memset(area, 0, area_size);
	}
	*start = area;
	*size = area_size;
	return true;
}

void process_title(const char *format, ...)
{
	char title[256];
	char *area;
	size_t size;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(title, sizeof(title), format, args);
	va_end(args);
	prctl(PR_SET_NAME, "nslab");
	if (n < 0 || !title_area(&area, &size))
		return;
	/*
	 * The kernel shows what lies in the arguments' place, and goes on into the environment
	 * until a NUL if the last byte of the arguments is none (get_mm_cmdline() in
	 * fs/proc/base.c): all of it was cleared once, so clearing the old title shows just the
	 * new.
	 */
	memset(area, 0, size < sizeof(title) ? size : sizeof(title));
	snprintf(area, size, "%s", title);
}

static int compare_fds(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

int process_detach(const int *keep, size_t count)
{
	AUTO_CLOSE int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int sorted[16];
	int from = 3;

	if (null < 0)
		return -errno;
	if (count > sizeof(sorted) / sizeof(*sorted))
		return -E2BIG;
	for (int fd = 0; fd < 3; fd++)
		if (dup2(null, fd) < 0)
			return -errno;
	memcpy(sorted, keep, count * sizeof(*keep));
	qsort(sorted, count, sizeof(*sorted), compare_fds);
	for (size_t i = 0; i <= count; i++) {
		int to = i < count ? sorted[i] - 1 : INT_MAX;

		if (to >= from && close_range((unsigned)from, (unsigned)to, 0) < 0)
			return -errno;
		if (i < count)
			from = sorted[i] + 1;
	}
	(void)take_fd(&null); /* closed with the rest */
	return setsid() < 0 && errno != EPERM ? -errno : 0;
}

static bool in_path(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	for (const char *at = path; *at; at += *at == ':') {
		size_t here = strcspn(at, ":");

		if (here == length && !memcmp(at, folder, length))
			return true;
		at += here;
	}
	return false;
}

void process_path_of_root(void)
{
	static const char *const folders[] = {"/usr/local/sbin", "/usr/sbin", "/sbin"};
	const char *path = getenv("PATH");

	for (size_t i = 0; path && i < sizeof(folders) / sizeof(*folders); i++) {
		AUTO_FREE char *longer = NULL;

		if (in_path(path, folders[i]) || asprintf(&longer, "%s:%s", path, folders[i]) < 0)
			continue;
		setenv("PATH", longer, 1);
		path = getenv("PATH");
	}
}

int process_forbid_reboot(void)
{
	/* EPERM: who may not change this set mostly lacks the right to reboot as well. */
	return prctl(PR_CAPBSET_DROP, CAP_SYS_BOOT, 0, 0, 0) < 0 && errno != EPERM ? -errno : 0;
}

void process_default_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

#define PASS_FROM 64 /* above all numbers that are passed on */

/* In the child: `output` as 1 and 2, those of `pass` from 3 on, and no other but 0. */
static bool arrange(int output, const int *pass, int count)
{
	int moved[PASS_MOST];

	if (dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0)
		return false;
	for (int i = 0; i < count; i++) {
		moved[i] = fcntl(pass[i], F_DUPFD, PASS_FROM);
		if (moved[i] < 0)
			return false;
	}
	for (int i = 0; i < count; i++)
		if (dup2(moved[i], STDERR_FILENO + 1 + i) < 0)
			return false;
	return close_range((unsigned)(STDERR_FILENO + 1 + count), ~0U, 0) == 0;
}

pid_t process_start(const char *const *argv, int output, const int *pass, int count)
{
	pid_t child = fork();

	if (child < 0)
		return -errno;
	if (child > 0)
		return child;
	process_default_signals();
	setsid();
	if (!arrange(output, pass, count))
		_exit(126);
	execvp(argv[0], (char *const *)argv);
	dprintf(STDERR_FILENO, "cannot run %s: %s\n", argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}
