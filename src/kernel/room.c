// SPDX-License-Identifier: MIT
// Limits of the machine and the user that a large lab meets, seen before anything is built.
#include "kernel/room.h"

#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "kernel/cgroup.h"
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

static int check_groups(size_t count, struct error *err)
{
	char path[CGROUP_PATH_SIZE];
	long room = cgroup_room(path);

	if (room < 0 || count <= (size_t)room)
		return 0;
	return error_set(err, 0,
			 "the lab takes %zu processes, and the control group has room for %ld "
			 "(%s/pids.max); raise that, or give the lab another group: systemd-run "
			 "%s--scope -p TasksMax=infinity nslab up",
			 count, room, path, geteuid() ? "--user " : "");
}

int room_for_processes(size_t count, struct error *err)
{
	struct rlimit limit;
	int failed = check_machine(count, "kernel.pid_max", "/proc/sys/kernel/pid_max", err);

	if (!failed)
		failed = check_machine(count, "kernel.threads-max", "/proc/sys/kernel/threads-max",
				       err);
	if (!failed)
		failed = check_groups(count, err);
	if (failed || !geteuid() || getrlimit(RLIMIT_NPROC, &limit) < 0 || count <= limit.rlim_cur)
		return failed;
	return error_set(err, 0,
			 "the lab takes %zu processes, and this user may have %lu; raise it: "
			 "ulimit -u %zu, and nproc in /etc/security/limits.conf",
			 count, (unsigned long)limit.rlim_cur, 2 * count);
}

int room_for_neighbours(int family, size_t count, struct error *err)
{
	const char *protocol = family == AF_INET ? "ipv4" : "ipv6";
	char path[64];
	long size;

	snprintf(path, sizeof(path), "/proc/sys/net/%s/neigh/default/gc_thresh3", protocol);
	size = read_number(path, -1); /* there in the machine's own network namespace alone */
	if (size < 0 || count <= (size_t)size)
		return 0;
	return error_set(err, 0,
			 "%zu interfaces have a neighbour each, and the kernel remembers %ld for "
			 "all labs together (net.%s.neigh.default.gc_thresh3): where more speak at "
			 "once, packets are lost; raise it: sysctl -w "
			 "net.%s.neigh.default.gc_thresh3=%zu",
			 count, size, protocol, protocol, 4 * count);
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
