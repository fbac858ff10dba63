// SPDX-License-Identifier: MIT
// The first process of a lab: has the nodes made, lays the cables, and then only waits to be
// killed.
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/apply.h"
#include "kernel/namespace.h"
#include "kernel/pretend.h"
#include "kernel/process.h"
#include "kernel/users.h"
#include "lab/build.h"
#include "lab/files.h"
#include "lab/hide_sys.h"
#include "lab/worker.h"

static void __attribute__((noreturn)) give_up(const struct build *build, const struct error *err)
{
	build_report(build, REPORT_FAILED, 0, err->text);
	_exit(1);
}

/*
 * The next byte from `up`. False: it is dead. A read that fails is no proof of that, and the last
 * byte is one whose writer is gone and can say no more: so it is tried again.
 */
static bool await_go(const struct build *build)
{
	ssize_t n = -1;
	char byte;

	for (int tries = 0; n < 0 && tries < 10; tries++)
		n = read(build->channels[CHANNEL_GO][SIDE_READ], &byte, 1);
	return n == 1;
}

/*
 * Die with `up`, until wire() is done. It may have died before the signal was asked for: then the
 * pipe is at its end. PR_SET_PDEATHSIG is cleared by a change of credentials (kernel/cred.c,
 * commit_creds()); nothing here makes one.
 */
static void tie_to_up(const struct build *build)
{
	struct error err;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) {
		error_set(&err, errno, "cannot tie the lab to nslab");
		give_up(build, &err);
	}
	if (!await_go(build))
		_exit(1);
}

static int detach(const struct build *build)
{
	int keep[CHANNELS * 2 + 1];
	size_t count = 0;

	for (int channel = 0; channel < CHANNELS; channel++)
		for (int side = SIDE_READ; side <= SIDE_WRITE; side++)
			if (build->channels[channel][side] >= 0)
				keep[count++] = build->channels[channel][side];
	keep[count++] = build->folder;
	return process_detach(keep, count);
}

static int settle(const struct build *build, struct error *err)
{
	char hosts[4200];
	struct ids ids;
	int failed = detach(build);

	if (failed)
		return error_set(err, -failed, "cannot detach the lab from its terminal");
	process_title("nslab: %s", build->plan->topology->name);
	snprintf(hosts, sizeof(hosts), "%s/hosts", build->folder_path);
	failed = mount_separate(err);
	if (!failed)
		failed = mount_file(hosts, "/etc/hosts", err);
	if (!failed)
		failed = mount_proc(err);
	if (!failed)
		failed = files_lay(build, err);
	if (!failed && build->sys_hidden)
		failed = sys_hide(build, err);
	ids_read(&ids);
	if (!failed && build->users)
		failed = pretend_users(&ids, err);
	return failed;
}

static bool is_worker(const struct build *build, pid_t pid)
{
	for (size_t i = 0; i < build->worker_count; i++)
		if (build->workers[i] == pid)
			return true;
	return false;
}

/* Which node it is the first process of, or NULL. */
static const char *node_of(const struct build *build, pid_t pid)
{
	const struct topology *topology = build->plan->topology;

	for (size_t i = 0; i < topology->node_count; i++)
		if (build->shared->pids[i] == pid)
			return topology->nodes[i].name;
	return NULL;
}

/* May this child end now? A worker may, when it is done, and so may an orphan of a node's. */
static int judge_end(const struct build *build, pid_t pid, int status, struct error *err)
{
	const char *verb = WIFSIGNALED(status) ? "was killed by signal" : "exited with status";
	int number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
	const char *node = node_of(build, pid);

	if (node)
		return error_set(err, 0, "node %s: its first process %s %d while the lab was built",
				 node, verb, number);
	if (status == 0 || !is_worker(build, pid))
		return 0;
	return error_set(err, 0, "a process of the lab %s %d while the lab was built", verb,
			 number);
}

static int start_workers(struct build *build, struct error *err)
{
	for (size_t i = 0; i < build->worker_count; i++) {
		pid_t worker = namespace_clone(0, NULL);

		if (worker == 0)
			worker_main(build);
		build->workers[i] = worker;
		if (worker < 0)
			return namespace_explain(-worker, 0, err, "a helper to clone the nodes");
	}
	return 0;
}

static int check_children(const struct build *build, struct error *err)
{
	int status;
	pid_t ended;

	while ((ended = waitpid(-1, &status, WNOHANG)) > 0)
		if (judge_end(build, ended, status, err) < 0)
			return -1;
	return 0;
}

static int await_workers(struct build *build, struct error *err)
{
	char bytes[64];
	size_t prepared = 0;

	build_close(build, CHANNEL_PREPARED, SIDE_WRITE);
	while (prepared < build->worker_count) {
		ssize_t n =
			read(build->channels[CHANNEL_PREPARED][SIDE_READ], bytes, sizeof(bytes));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set(err, errno, "cannot wait for the nodes");
		if (n == 0)
			return error_set(err, 0, "a process of the lab died while it was built");
		prepared += (size_t)n;
	}
	build_close(build, CHANNEL_PREPARED, SIDE_READ);
	return 0;
}

/* Nodes have waited with their mounts; one processor is free while cables are laid. */
static int let_mount(const struct build *build, struct error *err)
{
	int failed = turns_give(&build->shared->mounting, (uint32_t)build->processors);

	return failed ? error_set(err, -failed, "cannot tell the nodes to mount") : 0;
}

static int lay_cables(struct build *build, struct error *err)
{
	const struct plan *plan = build->plan;

	return apply_ops(plan->ops + plan->wiring.first, plan->wiring.count, build->shared->pids,
			 err);
}

/*
 * One process lays them, and no sooner: cables are made under the one lock of all network
 * configuration, and while namespaces are still being made both take longer than one after the
 * other.
 *
 * Who it was that died is a better word than that one did.
 */
static int wire(struct build *build, struct error *err)
{
	int failed = await_workers(build, err);

	if (!failed)
		failed = let_mount(build, err);
	if (!failed)
		failed = lay_cables(build, err);
	if (failed) {
		check_children(build, err);
		return failed;
	}
	/*
	 * Before the gate, never after: once it is open, `up` may be done and gone at any instant.
	 * From here on nothing blocks us until watch(), where the pipe tells of its death.
	 */
	if (prctl(PR_SET_PDEATHSIG, 0) < 0)
		return error_set(err, errno, "cannot untie the lab from nslab");
	failed = gate_open(&build->shared->wired);
	return failed ? error_set(err, -failed, "cannot tell that the cables are laid") : 0;
}

/*
 * Until `up` ends: watch the nodes, and `up` itself, of whose end the pipe tells. The gate tells
 * whether the lab stays: `up` opens it and is gone by the next instruction. Were it told by a byte,
 * the kernel would often run us first, and `up` could be killed before its end though the lab
 * stays.
 */
static int watch(struct build *build, struct error *err)
{
	AUTO_CLOSE int children = -1;
	struct pollfd wait[2];
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	children = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	if (children < 0)
		return error_set(err, errno, "cannot watch the nodes");
	wait[0] = (struct pollfd){.fd = build->channels[CHANNEL_GO][SIDE_READ], .events = POLLIN};
	wait[1] = (struct pollfd){.fd = children, .events = POLLIN};
	for (;;) {
		struct signalfd_siginfo info;
		int n;

		if (check_children(build, err) < 0)
			return -1;
		n = poll(wait, 2, -1);
		if (n < 0 && errno != EINTR)
			return error_set(err, errno, "cannot watch the nodes");
		if (wait[0].revents && !gate_is_open(&build->shared->done))
			_exit(1);
		if (wait[0].revents)
			return 0;
		if (read(children, &info, sizeof(info)) < 0 && errno != EAGAIN && errno != EINTR)
			return error_set(err, errno, "cannot watch the nodes");
	}
}

void keeper_main(struct build *build)
{
	static const struct channel_end mine[] = {{CHANNEL_GO, SIDE_READ},
						  {CHANNEL_REPORT, SIDE_WRITE},
						  {CHANNEL_PREPARED, SIDE_READ},
						  {CHANNEL_PREPARED, SIDE_WRITE}};
	struct error err = {0};
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	build_keep(build, mine, sizeof(mine) / sizeof(*mine));
	tie_to_up(build);
	if (settle(build, &err) < 0 || start_workers(build, &err) < 0 || wire(build, &err) < 0)
		give_up(build, &err);
	if (watch(build, &err) < 0)
		give_up(build, &err);
	build_keep(build, NULL, 0);
	build_close_folder(build);
	reap_for_ever();
}
