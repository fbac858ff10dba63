// SPDX-License-Identifier: MIT
// Build a lab: the side of `nslab up`, which starts the keeper, hears the nodes, and vouches for
// all.
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "kernel/namespace.h"
#include "kernel/process.h"
#include "kernel/processor.h"
#include "kernel/users.h"
#include "lab/build.h"
#include "lab/claim.h"
#include "lab/files.h"
#include "lab/folder.h"
#include "lab/group.h"
#include "lab/hide_sys.h"
#include "lab/lab.h"
#include "lab/late.h"
#include "lab/record.h"
#include "lab/slot.h"
#include "lab/worker.h"

struct up {
	struct build build;
	struct lab lab;
	struct process self;
	struct lab_node *nodes; /* of the model, in its order */
	struct claim claim;
	int signals; /* signalfd of what ends us */
	sigset_t old_mask;
	void (*old_pipe)(int);	 /* what SIGPIPE did */
	pid_t keeper;		 /* 0: not cloned yet */
	int keeper_fd;		 /* its pidfd */
	size_t mounted, started; /* nodes */
	size_t configured;	 /* workers */
	size_t starting;	 /* nodes that start something */
	int64_t deadline;	 /* of what the nodes start; 0: they have not begun */
	struct late late;
	const struct up_listener *listener;
	struct arena *arena;
};

static int share_memory(struct up *up, struct error *err)
{
	const struct topology *topology = up->build.plan->topology;
	size_t pids = sizeof(struct shared) + topology->node_count * sizeof(pid_t);
	size_t progress = (pids + sizeof(int64_t) - 1) / sizeof(int64_t) * sizeof(int64_t);
	size_t keys = progress + topology->node_count * sizeof(struct progress);
	size_t size = keys + topology->wireguard_count * WIREGUARD_KEY_SIZE;
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int failed;

	if (memory == MAP_FAILED)
		return error_set(err, errno, "cannot share memory with the lab");
	up->build.shared = memory;
	up->build.shared->configuring = (uint32_t)up->build.worker_count;
	up->build.progress = (struct progress *)((char *)memory + progress);
	up->build.keys = (uint8_t(*)[WIREGUARD_KEY_SIZE])((char *)memory + keys);
	failed = build_open(&up->build);
	return failed ? error_set(err, -failed, "cannot open channels to the lab") : 0;
}

static int catch_signals(struct up *up, struct error *err)
{
	static const int fatal[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(fatal) / sizeof(*fatal); i++)
		sigaddset(&set, fatal[i]);
	up->old_pipe = signal(SIGPIPE, SIG_IGN); /* the keeper may die while it is spoken to */
	sigprocmask(SIG_BLOCK, &set, &up->old_mask);
	up->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (up->signals < 0)
		return error_set(err, errno, "cannot watch for signals");
	return 0;
}

/*
 * The keeper has a network namespace too, empty for good: netlink needs a socket in one that is the
 * lab's, and one in which no interface index is taken, as the kernel looks there for the index of a
 * new link (rtnl_newlink() in net/core/rtnetlink.c).
 */
static int clone_keeper(struct up *up, struct error *err)
{
	uint64_t flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET;
	int failed;

	if (up->build.users)
		flags |= CLONE_NEWUSER;
	up->keeper = namespace_clone(flags, NULL);
	if (up->keeper == 0)
		keeper_main(&up->build);
	if (up->keeper < 0) {
		failed = -up->keeper;
		up->keeper = 0;
		return namespace_explain(failed, flags, err, "the lab's first process");
	}
	failed = process_look(up->keeper, &up->lab.keeper);
	if (failed)
		return error_set(err, -failed, "cannot look at the lab's first process");
	up->keeper_fd = process_open(&up->lab.keeper);
	if (up->keeper_fd < 0)
		return error_set(err, -up->keeper_fd, "cannot watch the lab's first process");
	return 0;
}

static int tell_keeper(const struct up *up, struct error *err)
{
	int failed = write_all(up->build.channels[CHANNEL_GO][SIDE_WRITE], "", 1);

	/* A keeper that is dead has said why: attend() hears it. */
	if (failed && failed != -EPIPE)
		return error_set(err, -failed, "cannot speak to the lab's first process");
	return 0;
}

static int launch(struct up *up, struct error *err)
{
	static const struct channel_end mine[] = {{CHANNEL_GO, SIDE_WRITE},
						  {CHANNEL_REPORT, SIDE_READ}};
	int failed = clone_keeper(up, err);

	if (failed)
		return failed;
	build_keep(&up->build, mine, sizeof(mine) / sizeof(*mine));
	if (up->build.users)
		failed = users_map(up->keeper, err);
	return failed ? failed : tell_keeper(up, err);
}

/* While nodes start what they have, others may look at them: in the record they are by now. */
static int show_starting(const struct up *up, struct error *err)
{
	struct lab lab = up->lab;

	lab.keeper = up->self;
	return record_write(up->build.folder, &lab, up->nodes, up->build.plan->topology->node_count,
			    err);
}

static bool all_configured(const struct up *up)
{
	return up->mounted == up->build.plan->topology->node_count &&
	       up->configured == up->build.worker_count;
}

/* When all nodes are configured, all links are: what has waited for that may begin. */
static int release_start(struct up *up, struct error *err)
{
	int64_t timeout = up->build.plan->topology->timeout * SECOND;
	int failed;

	if (!up->starting || !all_configured(up))
		return 0;
	failed = show_starting(up, err);
	if (failed)
		return failed;
	up->build.shared->deadline = up->deadline = clock_now() + timeout;
	failed = gate_open(&up->build.shared->started);
	return failed ? error_set(err, -failed, "cannot tell the nodes to start") : 0;
}

static int hear_mounted(struct up *up, uint32_t node, pid_t sender, struct error *err)
{
	int failed = process_look(sender, &up->nodes[node].process);

	if (failed)
		return error_set(err, -failed, "node %s: cannot look at its first process",
				 up->nodes[node].name);
	up->mounted++;
	return release_start(up, err);
}

static int hear_configured(struct up *up, struct error *err)
{
	up->configured++;
	return release_start(up, err);
}

static bool is_node(const struct up *up, const struct report *report)
{
	return report->head.node < up->build.plan->topology->node_count;
}

static int hear(struct up *up, const struct report *report, pid_t sender, struct error *err)
{
	switch (report->head.kind) {
	case REPORT_MOUNTED:
		if (!is_node(up, report))
			break;
		return hear_mounted(up, report->head.node, sender, err);
	case REPORT_CONFIGURED: return hear_configured(up, err);
	case REPORT_STARTED: up->started++; return 0;
	case REPORT_LATE:
		if (!is_node(up, report))
			break;
		late_add(&up->late, report->head.node, report->text);
		return 0;
	case REPORT_FAILED: return error_set(err, 0, "%s", report->text);
	case REPORT_WARNING: up->listener->warn(up->listener->data, report->text); return 0;
	}
	return error_set(err, 0, "the lab sends a report that makes no sense");
}

static int hear_waiting(struct up *up, struct error *err)
{
	struct report report;
	pid_t sender;
	int n, failed;

	while ((n = build_receive(&up->build, &report, &sender)) > 0) {
		failed = hear(up, &report, sender, err);
		if (failed)
			return failed;
	}
	return n < 0 ? error_set(err, -n, "cannot hear the lab") : 0;
}

static bool all_started(const struct up *up)
{
	return all_configured(up) && up->started == up->starting;
}

static int interrupted(const struct up *up, struct error *err)
{
	struct signalfd_siginfo info = {0};
	char stage[LATE_TEXT_SIZE] = "while nodes were being made";

	if (all_configured(up))
		late_waiting(&up->build, stage);
	if (read(up->signals, &info, sizeof(info)) < 0)
		info.ssi_signo = SIGTERM;
	return error_set(err, 0, "lab %s: ended by a signal (%s) %s; nothing is left of it",
			 up->lab.name, strsignal((int)info.ssi_signo), stage);
}

/* The deadline is over, and so is the time for the nodes to say what they are at. */
static bool is_late(struct up *up)
{
	int64_t now = clock_now();

	if (!up->deadline || now < up->deadline || all_started(up))
		return false;
	if (!up->late.until)
		up->late.until = up->deadline + LATE_PATIENCE;
	return up->late.count + up->started >= up->starting || now >= up->late.until;
}

/* Hear reports until all nodes have started; whatever else happens is a failure. */
static int attend(struct up *up, struct error *err)
{
	struct pollfd wait[] = {
		{.fd = up->build.channels[CHANNEL_REPORT][SIDE_READ], .events = POLLIN},
		{.fd = up->signals, .events = POLLIN},
		{.fd = up->keeper_fd, .events = POLLIN},
	};

	for (;;) {
		int failed;

		if (all_started(up))
			return 0;
		if (poll(wait, 3, clock_left(up->late.until ?: up->deadline)) < 0 && errno != EINTR)
			return error_set(err, errno, "cannot watch the lab");
		failed = hear_waiting(up, err); /* first: it may tell why the keeper died */
		if (failed)
			return failed;
		if (wait[1].revents)
			return interrupted(up, err);
		if (is_late(up))
			return late_error(&up->late, &up->build, err);
		if (wait[2].revents && !all_started(up))
			return error_set(err, 0, "lab %s was ended while it was being built",
					 up->lab.name);
	}
}

static int save(struct up *up, struct error *err)
{
	up->lab.state = LAB_RUNNING;
	return record_write(up->build.folder, &up->lab, up->nodes,
			    up->build.plan->topology->node_count, err);
}

static int build_all(struct up *up, struct error *err)
{
	int failed = launch(up, err);

	if (!failed)
		failed = attend(up, err);
	if (!failed)
		failed = save(up, err);
	return failed;
}

/* The last moment to be told of a death, a signal, or a `down`. */
static int look_once_more(struct up *up, struct error *err)
{
	struct pollfd wait[] = {{.fd = up->signals, .events = POLLIN},
				{.fd = up->keeper_fd, .events = POLLIN}};
	int failed;

	if (poll(wait, 2, 0) < 0 && errno != EINTR)
		return error_set(err, errno, "cannot watch the lab");
	failed = hear_waiting(up, err);
	if (failed)
		return failed;
	if (wait[0].revents)
		return interrupted(up, err);
	if (wait[1].revents)
		return error_set(err, 0, "lab %s was ended while it was being built", up->lab.name);
	return 0;
}

/* Kill the keeper, and so all of the lab, and wait until the kernel has collected everything. */
static void undo(struct up *up)
{
	if (up->keeper > 0) {
		kill(up->keeper, SIGKILL);
		while (waitpid(up->keeper, NULL, 0) < 0 && errno == EINTR)
			;
	}
	claim_drop(&up->claim, up->build.folder);
}

static void describe(struct up *up, const struct plan *plan, const struct lab_source *source)
{
	const struct topology *topology = plan->topology;
	char path[PATH_MAX];
	struct ids ids;

	if (!source->path || !realpath(source->path, path) || strchr(path, '\n'))
		strcpy(path, "-");
	up->claim = (struct claim){&up->lab, run_folder(up->arena), plan->hosts, up->arena};
	up->lab.name = topology->name;
	up->lab.file = arena_strdup(up->arena, path);
	up->lab.folder = arena_printf(up->arena, "%s/%s", up->claim.run, topology->name);
	up->lab.users = up->build.users = geteuid() != 0;
	up->lab.started = (uint64_t)time(NULL);
	up->lab.link_count = topology->link_count;
	up->nodes = arena_alloc(up->arena, (topology->node_count + 1) * sizeof(*up->nodes));
	for (size_t i = 0; i < topology->node_count; i++) {
		const struct node *node = &topology->nodes[i];

		up->nodes[i] = (struct lab_node){node->name, node->kind, node->isolate, {0}};
		up->lab.node_count += node->kind != NODE_STUBS;
		up->starting += plan->start[i].count > 0;
	}
	if (strcmp(path, "-") != 0)
		*strrchr(path, '/') = '\0';
	else if (!getcwd(path, sizeof(path)))
		path[0] = '\0';
	up->build.work = arena_strdup(up->arena, *path ? path : "/");
	up->build.folder_path = up->lab.folder;
	up->build.plan = plan;
	up->build.processors = processor_count();
	up->build.worker_count = workers_for(topology->node_count);
	ids_read(&ids);
	up->build.foreign = up->build.users || !ids_all(&ids);
	up->build.sys_hidden = sys_hides_once(topology);
	up->build.survey = files_survey(up->build.foreign, up->build.work, up->arena);
}

static void release(struct up *up, int failed)
{
	build_keep(&up->build, NULL, 0);
	build_close_folder(&up->build);
	if (up->keeper_fd >= 0)
		close(up->keeper_fd);
	if (up->signals >= 0) {
		close(up->signals);
		/* A signal often comes twice: nothing may keep the caller from saying what failed.
		 */
		if (!failed)
			sigprocmask(SIG_SETMASK, &up->old_mask, NULL);
		signal(SIGPIPE, up->old_pipe);
	}
}

int lab_up(const struct plan *plan, const struct lab_source *source,
	   const struct up_listener *listener, struct error *err)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct up up = {.arena = arena, .keeper_fd = -1, .signals = -1, .listener = listener};
	bool stays = false;
	int failed;

	memset(up.build.channels, -1, sizeof(up.build.channels));
	up.build.folder = -1;
	describe(&up, plan, source);
	up.late.arena = arena;
	failed = process_look(getpid(), &up.self);
	up.lab.keeper = up.self; /* until there is one */
	if (failed)
		return error_set(err, -failed, "cannot read /proc/%ld/stat", (long)getpid());
	failed = catch_signals(&up, err);
	if (!failed)
		failed = share_memory(&up, err);
	if (!failed)
		failed = claim_make(&up.claim, source, &up.build.folder, err);
	if (!failed) {
		failed = slots_make(&up.build, err);
		if (!failed)
			failed = group_make(up.build.folder, plan->topology, err);
		if (!failed)
			failed = build_all(&up, err);
		if (!failed)
			stays = listener->ready(listener->data, plan);
		if (!failed && stays)
			failed = look_once_more(&up, err);
		/* Nothing between these two: no lab may outlive an nslab that was killed. */
		if (!failed && stays) {
			gate_unlatch(&up.build.shared->done);
			_exit(0);
		}
		undo(&up);
	}
	release(&up, failed);
	return failed;
}
