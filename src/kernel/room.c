// SPDX-License-Identifier: MIT
// Limits of the machine and the user that a large lab meets, seen before anything is built.
#include "kernel/room.h"

#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/error.h"
#include "kernel/namespace.h"
#include "kernel/refusal.h"

/* Threads of the whole machine: the number behind the slash in "0.20 0.18 0.12 1/80 11206". */
static size_t count_running(void)
{
	FILE *file = fopen("/proc/loadavg", "re");
	size_t running = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%*f %*f %*f %*u/%zu", &running) != 1)
		running = 0;
	fclose(file);
	return running;
}

static int check_machine(size_t count, const char *name, const char *path, struct error *err)
{
	long limit = read_number(path, -1);
	size_t running = count_running();

	if (limit < 0 || count + running <= (size_t)limit)
		return 0;
	return error_set(
		err, 0,
		"the lab takes %zu processes, and beside the %zu that run this machine has "
		"room for %zu (%s = %ld); raise it: sysctl -w %s=%zu",
		count, running, (size_t)limit > running ? (size_t)limit - running : 0, name, limit,
		name, 2 * (count + running));
}

int room_for_processes(size_t count, struct error *err)
{
	struct rlimit limit;
	int failed = check_machine(count, "kernel.pid_max", "/proc/sys/kernel/pid_max", err);

	if (!failed)
		failed = check_machine(count, "kernel.threads-max", "/proc/sys/kernel/threads-max",
				       err);
	if (failed || !geteuid() || getrlimit(RLIMIT_NPROC, &limit) < 0 || count <= limit.rlim_cur)
		return failed;
	return error_set(err, 0,
			 "the lab takes %zu processes, and this user may have %lu; raise it: "
			 "ulimit -u %zu, and nproc in /etc/security/limits.conf",
			 count, (unsigned long)limit.rlim_cur, 2 * count);
}

int room_for_namespaces(unsigned isolation, size_t count, struct error *err)
{
	const char *name;
	long limit = namespace_limit(isolation, &name);

	if (limit < 0 || count <= (size_t)limit)
		return 0;
	return error_set(err, 0,
			 "the lab takes %zu namespaces of a kind of which this user may have %ld "
			 "(user.%s); raise it: sysctl -w user.%s=%zu",
			 count, limit, name, name, 2 * count);
}
