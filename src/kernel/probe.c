// SPDX-License-Identifier: MIT
// What this kernel, user and machine allow, each thing tried: one row a probe.
#include "kernel/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/namespace.h"
#include "kernel/refusal.h"
#include "kernel/trial.h"
#include "kernel/users.h"
#include "topology/model.h"

#define FEW_FILES     1024
#define FEW_PROCESSES 1000

void finding_set(struct finding *finding, enum probe_result result, const char *cause,
		 const char *remedy)
{
	finding->result = result;
	snprintf(finding->cause, sizeof(finding->cause), "%s", cause);
	snprintf(finding->remedy, sizeof(finding->remedy), "%s", remedy);
}

/* Where there is no namespace to try it in: why, is told in that namespace's own row. */
static bool blocked(int failed, struct finding *finding)
{
	if (failed != TRIAL_NO_USERS && failed != -ENOSPC)
		return false;
	finding_set(finding, PROBE_UNTRIED, "there is no namespace to try it in", "");
	return true;
}

static void set_refusal(struct finding *finding, int number, uint64_t flags)
{
	struct refusal refusal;

	refusal_explain(number, flags, &refusal);
	finding_set(finding, PROBE_MISSING, refusal.cause, refusal.remedy);
}

static int do_nothing(const void *data)
{
	(void)data;
	return 0;
}

static void probe_users(const struct probe *probe, struct finding *finding)
{
	int users;

	if (geteuid() == 0)
		finding_set(finding, PROBE_OK, "root needs none", "");
	else if (trial_run(do_nothing, NULL, &users) == TRIAL_NO_USERS)
		set_refusal(finding, -users, probe->flag);
}

/* A child with a user namespace that waits on its descriptor; what its id maps hold in the end. */
static int map_child(pid_t child, size_t *uids, size_t *gids)
{
	size_t *counts[] = {uids, gids};
	const char *const names[] = {"uid_map", "gid_map"};
	struct error err;

	if (users_map(child, &err) < 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		unsigned long count;
		char path[64];
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%ld/%s", (long)child, names[i]);
		file = fopen(path, "re");
		while (file && fscanf(file, "%*u %*u %lu", &count) == 1)
			*counts[i] += count;
		if (file)
			fclose(file);
	}
	return 0;
}

static bool is_in_path(const char *program)
{
	static const char *const folders[] = {"/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin"};
	char path[64];

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folders[i], program);
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}

static void explain_single_id(struct finding *finding)
{
	if (!is_in_path("newuidmap") || !is_in_path("newgidmap"))
		finding_set(finding, PROBE_LIMITED,
			    "one id only: newuidmap or newgidmap is not installed",
			    "as root: apt install uidmap");
	else
		finding_set(finding, PROBE_LIMITED,
			    "one id only: newuidmap maps none (no entry for this user in "
			    "/etc/subuid or /etc/subgid, or the program has lost its privilege)",
			    "as root: usermod --add-subuids 100000-165535 --add-subgids "
			    "100000-165535 USER");
}

static void probe_ids(const struct probe *probe, struct finding *finding)
{
	size_t uids = 0, gids = 0;
	int ready[2], failed;
	pid_t child;
	bool made = false;

	(void)probe;
	if (geteuid() == 0) {
		finding_set(finding, PROBE_OK, "root has all ids", "");
		return;
	}
	if (pipe2(ready, O_CLOEXEC) < 0)
		return;
	child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		made = unshare(CLONE_NEWUSER) == 0;
		(void)!write(ready[1], &made, sizeof(made));
		pause();
		_exit(0);
	}
	if (child > 0)
		(void)!read(ready[0], &made, sizeof(made));
	failed = made ? map_child(child, &uids, &gids) : -1;
	if (child > 0) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	close(ready[0]);
	close(ready[1]);
	if (failed)
		blocked(TRIAL_NO_USERS, finding);
	else if (uids <= 1 || gids <= 1)
		explain_single_id(finding);
}

static int make_namespace(const void *data)
{
	const struct probe *probe = data;

	return unshare((int)probe->flag) < 0 ? -errno : 0;
}

static void probe_namespace(const struct probe *probe, struct finding *finding)
{
	int failed = trial_run(make_namespace, probe, NULL);

	if (failed == TRIAL_NO_USERS)
		blocked(failed, finding);
	else if (failed)
		set_refusal(finding, -failed, probe->flag);
}

static int enter_new(uint64_t flags)
{
	struct error err;

	if (unshare((int)(flags | CLONE_NEWNS)) < 0)
		return -errno;
	return mount_separate(&err) < 0 ? -err.number : 0;
}

/* A /proc of a PID namespace can only be mounted by a process in it, so by a child's child. */
static int mount_own_proc(const void *data)
{
	int failed = enter_new(CLONE_NEWPID), status;
	struct error err;
	pid_t child;

	(void)data;
	if (failed)
		return failed;
	child = fork();
	if (child == 0)
		_exit(mount_proc(&err) < 0 ? err.number : 0);
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
}

static int mount_own_sys(const void *data)
{
	int failed = enter_new(CLONE_NEWNET);
	struct error err;

	(void)data;
	if (failed)
		return failed;
	return mount_sys(&err) < 0 ? -err.number : 0;
}

static void set_mount_finding(int failed, struct finding *finding)
{
	if (!failed || blocked(failed, finding))
		return;
	if (failed == -EPERM || failed == -EACCES)
		finding_set(finding, PROBE_MISSING,
			    "parts of the present one are hidden or read-only, as in a container",
			    "docker run --security-opt systempaths=unconfined, podman run "
			    "--security-opt unmask=ALL, or --privileged");
	else
		finding_set(finding, PROBE_MISSING, strerror(-failed), "");
}

static void probe_proc(const struct probe *probe, struct finding *finding)
{
	set_mount_finding(trial_run(mount_own_proc, probe, NULL), finding);
}

static void probe_sys(const struct probe *probe, struct finding *finding)
{
	set_mount_finding(trial_run(mount_own_sys, probe, NULL), finding);
}

static void probe_ipv6(const struct probe *probe, struct finding *finding)
{
	(void)probe;
	if (access("/proc/sys/net/ipv6", F_OK) < 0)
		finding_set(finding, PROBE_LIMITED,
			    "this kernel has no IPv6, or it was switched off (ipv6.disable=1)",
			    "remove ipv6.disable=1 from the kernel's command line");
}

static void probe_files(const struct probe *probe, struct finding *finding)
{
	struct rlimit limit;
	char text[80];

	(void)probe;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_max >= FEW_FILES)
		return;
	snprintf(text, sizeof(text), "at most %lu (ulimit -Hn)", (unsigned long)limit.rlim_max);
	finding_set(finding, PROBE_LIMITED, text,
		    "a line \"* hard nofile 65536\" in "
		    "/etc/security/limits.conf");
}

static void probe_processes(const struct probe *probe, struct finding *finding)
{
	unsigned long most = (unsigned long)read_number("/proc/sys/kernel/pid_max", 32768);
	struct rlimit limit;
	char text[80];

	(void)probe;
	if (geteuid() && getrlimit(RLIMIT_NPROC, &limit) == 0 && limit.rlim_cur < most)
		most = limit.rlim_cur;
	snprintf(text, sizeof(text), "at most %lu; every node takes one", most);
	if (most < FEW_PROCESSES)
		finding_set(finding, PROBE_LIMITED, text, "ulimit -u; sysctl kernel.pid_max");
}

/* The first kind of namespace of which a large lab would have too few. */
static void probe_room(const struct probe *probe, struct finding *finding)
{
	static const unsigned kinds[] = {ISOLATE_NET, ISOLATE_UTS, ISOLATE_MOUNT, ISOLATE_PID};
	char cause[80], remedy[80];

	(void)probe;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const char *name;
		long limit = namespace_limit(kinds[i], &name);

		if (limit < 0 || limit >= FEW_PROCESSES)
			continue;
		snprintf(cause, sizeof(cause), "at most %ld (user.%s)", limit, name);
		snprintf(remedy, sizeof(remedy), "sysctl -w user.%s=N", name);
		finding_set(finding, PROBE_LIMITED, cause, remedy);
		return;
	}
}

const struct probe probes[] = {
	{"user namespaces", "labs of an ordinary user", true, probe_users, CLONE_NEWUSER},
	{"subordinate ids", "daemons that run as a user of their own", false, probe_ids, 0},
	{"network namespaces", "every node", true, probe_namespace, CLONE_NEWNET},
	{"PID namespaces", "the end of a lab", true, probe_namespace, CLONE_NEWPID},
	{"mount namespaces", "every node", true, probe_namespace, CLONE_NEWNS},
	{"UTS namespaces", "host names", true, probe_namespace, CLONE_NEWUTS},
	{"IPC namespaces", "isolate = ipc", false, probe_namespace, CLONE_NEWIPC},
	{"cgroup namespaces", "isolate = cgroup", false, probe_namespace, CLONE_NEWCGROUP},
	{"mounting /proc", "every node", true, probe_proc, 0},
	{"mounting /sys", "every node", true, probe_sys, 0},
	{"IPv6", "IPv6 addresses", false, probe_ipv6, 0},
	{"open files", "exec in many nodes at once", false, probe_files, 0},
	{"processes", "large labs", false, probe_processes, 0},
	{"many namespaces", "large labs", false, probe_room, 0},
};

const size_t probe_count = sizeof(probes) / sizeof(probes[0]);
