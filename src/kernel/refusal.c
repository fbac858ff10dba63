// SPDX-License-Identifier: MIT
// Why the kernel does not let this user make namespaces, and what can be done about it.
#include "kernel/refusal.h"

#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/trial.h"

static const struct {
	uint64_t flag;
	const char *limit; /* below /proc/sys/user */
} kinds[] = {
	{CLONE_NEWUSER, "max_user_namespaces"},	    {CLONE_NEWPID, "max_pid_namespaces"},
	{CLONE_NEWNS, "max_mnt_namespaces"},	    {CLONE_NEWNET, "max_net_namespaces"},
	{CLONE_NEWUTS, "max_uts_namespaces"},	    {CLONE_NEWIPC, "max_ipc_namespaces"},
	{CLONE_NEWCGROUP, "max_cgroup_namespaces"},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

long read_number(const char *path, long otherwise)
{
	AUTO_FCLOSE FILE *file = fopen(path, "re");
	char text[32], *end;
	long number;

	if (!file || !fgets(text, sizeof(text), file))
		return otherwise;
	number = strtol(text, &end, 10);
	/* cppcheck-suppress resourceLeak ; AUTO_FCLOSE closes it */
	return end == text ? otherwise : number; /* "max" is none */
}

static int make_namespace(const void *data)
{
	return unshare((int)*(const uint64_t *)data) < 0 ? -errno : 0;
}

/* Which of the limits is reached? A namespace of each kind is tried alone. */
static void explain_full(uint64_t flags, struct refusal *refusal)
{
	for (size_t i = 0; i < KINDS; i++) {
		char path[64];
		int users = 0, failed;

		if (!(flags & kinds[i].flag))
			continue;
		failed = trial_run(make_namespace, &kinds[i].flag, &users);
		if (failed == TRIAL_NO_USERS && kinds[i].flag == CLONE_NEWUSER)
			failed = users;
		if (failed != -ENOSPC)
			continue;
		snprintf(path, sizeof(path), "/proc/sys/user/%s", kinds[i].limit);
		snprintf(refusal->cause, sizeof(refusal->cause),
			 "the limit of namespaces is reached: user.%s = %ld", kinds[i].limit,
			 read_number(path, 0));
		snprintf(refusal->remedy, sizeof(refusal->remedy), "sysctl -w user.%s=100000",
			 kinds[i].limit);
		return;
	}
	snprintf(refusal->cause, sizeof(refusal->cause),
		 "a limit of namespaces below /proc/sys/user is reached");
	snprintf(refusal->remedy, sizeof(refusal->remedy),
		 "sysctl user; raise the max_*_namespaces");
}

/* A line "NAME:\tNUMBER" of /proc/self/status. */
static unsigned long long own_status(const char *name, int base)
{
	AUTO_FCLOSE FILE *file = fopen("/proc/self/status", "re");
	size_t length = strlen(name);
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, length) && line[length] == ':')
			return strtoull(line + length + 1, NULL, base);
	return 0;
}

static bool lacks_capability(void)
{
	return geteuid() == 0 && !(own_status("CapEff", 16) & (1ULL << CAP_SYS_ADMIN));
}

static bool is_sandboxed(void)
{
	return own_status("Seccomp", 10) == 2;
}

static bool users_are_off(void)
{
	return geteuid() && read_number("/proc/sys/user/max_user_namespaces", 1) == 0;
}

static bool users_are_for_root(void)
{
	return geteuid() && read_number("/proc/sys/kernel/unprivileged_userns_clone", 1) == 0;
}

static bool users_are_for_profiles(void)
{
	return geteuid() &&
	       read_number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 0) > 0;
}

/* The known reasons for EPERM, the surest first. */
static const struct {
	bool (*applies)(void);
	const char *cause, *remedy;
} reasons[] = {
	{users_are_off, "user namespaces are switched off: user.max_user_namespaces = 0",
	 "sysctl -w user.max_user_namespaces=100000"},
	{users_are_for_root,
	 "user namespaces are for root alone: kernel.unprivileged_userns_clone = 0",
	 "sysctl -w kernel.unprivileged_userns_clone=1"},
	{users_are_for_profiles,
	 "AppArmor keeps user namespaces from programs without a profile: "
	 "kernel.apparmor_restrict_unprivileged_userns = 1",
	 "as root: printf 'abi <abi/4.0>,\\nprofile nslab /usr/{,local/}bin/nslab "
	 "flags=(unconfined) { userns, }\\n' >/etc/apparmor.d/nslab && apparmor_parser -r "
	 "/etc/apparmor.d/nslab; or sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"},
	{lacks_capability, "this root has no CAP_SYS_ADMIN, as in a container",
	 "docker run --privileged (or podman), or an ordinary user outside of the container"},
	{is_sandboxed, "a seccomp filter forbids it, as in a container",
	 "docker run --privileged, or --security-opt seccomp=unconfined"},
};

static void explain_forbidden(struct refusal *refusal)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (!reasons[i].applies())
			continue;
		snprintf(refusal->cause, sizeof(refusal->cause), "%s", reasons[i].cause);
		snprintf(refusal->remedy, sizeof(refusal->remedy), "%s", reasons[i].remedy);
		return;
	}
	snprintf(refusal->cause, sizeof(refusal->cause),
		 "the kernel forbids it, and not by any of its settings (a chroot? a security "
		 "module?)");
}

void refusal_explain(int number, uint64_t flags, struct refusal *refusal)
{
	*refusal = (struct refusal){0};
	switch (number) {
	case ENOSPC:
	case EUSERS: explain_full(flags, refusal); return;
	case EPERM:
	case EACCES: explain_forbidden(refusal); return;
	case EINVAL:
	case ENOSYS:
		snprintf(refusal->cause, sizeof(refusal->cause),
			 "this kernel was built without such namespaces");
		snprintf(refusal->remedy, sizeof(refusal->remedy), "the kernel of a distribution");
		return;
	case EAGAIN:
		snprintf(refusal->cause, sizeof(refusal->cause),
			 "there are as many processes as this user (ulimit -u), its control group "
			 "(pids.max) or the machine (kernel.pid_max) may have");
		snprintf(refusal->remedy, sizeof(refusal->remedy), "raise that limit");
		return;
	default: snprintf(refusal->cause, sizeof(refusal->cause), "%s", strerror(number)); return;
	}
}

int refusal_error(int number, uint64_t flags, const char *object, struct error *err)
{
	struct refusal refusal;

	refusal_explain(number, flags, &refusal);
	error_set(err, 0, "cannot clone %s: %s%s%s", object, refusal.cause,
		  refusal.remedy[0] ? "; remedy: " : "", refusal.remedy);
	err->number = number;
	return -number;
}
