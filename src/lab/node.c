// SPDX-License-Identifier: MIT
// The first process of a node: configures itself in its own namespaces, reports, and stays.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kernel/apply.h"
#include "kernel/namespace.h"
#include "kernel/process.h"
#include "lab/build.h"
#include "lab/files.h"

#define TAIL_SIZE 1000 /* bytes of a failed command's output that go into the error */

static void __attribute__((noreturn))
give_up(const struct build *build, uint32_t node, const struct error *err)
{
	build_report(build, REPORT_FAILED, node, err->text);
	_exit(1);
}

static int apply_span(const struct build *build, const struct span *span, struct error *err)
{
	return apply_ops_in_node(build->plan->ops + span->first, span->count, build->keys, err);
}

/* All that does not need the cables. */
static int prepare(const struct build *build, const struct node *node, struct error *err)
{
	int failed = 0;

	if (node->isolate & ISOLATE_UTS && sethostname(node->name, strlen(node->name)) < 0)
		return error_set(err, errno, "cannot set the host name");
	failed = process_forbid_reboot();
	if (failed)
		return error_set(err, -failed, "cannot forbid it to reboot");
	if (node->isolate & ISOLATE_MOUNT && node->isolate & ISOLATE_PID)
		failed = mount_proc(err);
	if (!failed && node->isolate & ISOLATE_MOUNT)
		failed = mount_sys(err);
	if (!failed && node->isolate & ISOLATE_MOUNT)
		failed = files_mount(build, node, err);
	if (!failed)
		failed = apply_span(build, &build->plan->prepare[node->number - 1], err);
	return failed;
}

/* Tell the keeper that this node is ready for its cables, and wait until they are laid. */
static int await_cables(struct build *build, struct error *err)
{
	char byte = 0;
	int failed;
	ssize_t n;

	do
		n = write(build->channels[CHANNEL_PREPARED][SIDE_WRITE], &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return error_set(err, errno, "cannot tell that it is ready for its cables");
	build_close(build, CHANNEL_PREPARED, SIDE_WRITE);
	failed = gate_await(&build->shared->wired);
	return failed ? error_set(err, -failed, "cannot wait for its cables") : 0;
}

static int await_start(struct build *build, struct error *err)
{
	int failed = gate_await(&build->shared->started);

	return failed ? error_set(err, -failed, "cannot wait for the other nodes") : 0;
}

/* What a failed command wrote last, so that the error can show it. */
static void read_tail(int log, off_t from, char *tail, size_t size)
{
	off_t end = lseek(log, 0, SEEK_END);
	off_t start = end - from > (off_t)size - 1 ? end - (off_t)size + 1 : from;
	ssize_t n = pread(log, tail, size - 1, start);

	if (n < 0)
		n = 0;
	while (n > 0 && (tail[n - 1] == '\n' || tail[n - 1] == ' '))
		n--;
	tail[n] = '\0';
}

static int describe_failure(const struct command *command, int status, const char *tail,
			    struct error *err)
{
	char how[64];

	if (WIFSIGNALED(status))
		snprintf(how, sizeof(how), "was killed by signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else
		snprintf(how, sizeof(how), "exited with status %d", WEXITSTATUS(status));
	return error_set(err, 0, "%s:%d: run.%s (%s) %s%s%s", command->place.file,
			 command->place.line, command->name, command->text, how,
			 *tail ? " and printed:\n" : " and printed nothing", tail);
}

/* Wait for the one child, reaping whatever else ends in between. */
static int await_child(pid_t child)
{
	int status;

	for (;;) {
		pid_t ended = waitpid(-1, &status, 0);

		if (ended == child)
			return status;
		if (ended < 0 && errno != EINTR)
			return -1;
	}
}

static int run_command(const struct build *build, const struct node *node,
		       const struct command *command, int log, struct error *err)
{
	off_t from = lseek(log, 0, SEEK_END);
	pid_t child = process_start_shell(command->text, log);
	char tail[TAIL_SIZE];
	int status;

	if (child < 0)
		return error_set(err, -child, "cannot start run.%s", command->name);
	status = await_child(child);
	if (status == 0)
		return 0;
	read_tail(log, from, tail, sizeof(tail));
	describe_failure(command, status, tail, err);
	if (!command->may_fail)
		return -1;
	error_prefix(err, "node %s: ", node->name);
	if (build_report(build, REPORT_WARNING, node->number - 1, err->text) < 0)
		return error_set(err, errno, "cannot report");
	return 0;
}

static int open_log(const struct build *build, const struct node *node, struct error *err)
{
	char path[128];
	int log;

	snprintf(path, sizeof(path), "log/%s", node->name);
	log = openat(build->folder, path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (log < 0)
		error_set(err, errno, "cannot open its log %s/%s", build->folder_path, path);
	return log;
}

static int run_commands(struct build *build, const struct node *node, const struct span *span,
			struct error *err)
{
	AUTO_CLOSE int log = open_log(build, node, err);
	int failed = 0;

	if (log < 0)
		return -1;
	if (chdir(build->work) < 0 && chdir("/") < 0)
		return error_set(err, errno, "cannot enter the folder %s", build->work);
	setenv("NSLAB", build->plan->topology->name, 1);
	setenv("NSLAB_NODE", node->name, 1);
	for (size_t i = 0; i < span->count && !failed; i++)
		failed = run_command(build, node, build->plan->ops[span->first + i].command, log,
				     err);
	return failed;
}

static int live(struct build *build, const struct node *node, struct error *err)
{
	const struct span *start = &build->plan->start[node->number - 1];
	uint32_t index = node->number - 1;
	int failed = prepare(build, node, err);

	if (!failed)
		failed = await_cables(build, err);
	if (!failed)
		failed = apply_span(build, &build->plan->configure[index], err);
	if (!failed && build_report(build, REPORT_CONFIGURED, index, NULL) < 0)
		failed = error_set(err, errno, "cannot report that it is configured");
	if (failed || !start->count)
		return failed;
	failed = await_start(build, err);
	if (!failed)
		failed = run_commands(build, node, start, err);
	if (!failed && build_report(build, REPORT_STARTED, index, NULL) < 0)
		failed = error_set(err, errno, "cannot report that its commands have ended");
	return failed;
}

void node_main(struct build *build, uint32_t index)
{
	static const struct channel_end mine[] = {{CHANNEL_REPORT, SIDE_WRITE},
						  {CHANNEL_PREPARED, SIDE_WRITE}};
	const struct node *node = &build->plan->topology->nodes[index];
	struct error err = {0};

	build_keep(build, mine, sizeof(mine) / sizeof(*mine));
	process_title("nslab: %s/%s", build->plan->topology->name, node->name);
	if (live(build, node, &err) < 0) {
		error_prefix(&err, "node %s: ", node->name);
		give_up(build, index, &err);
	}
	build_keep(build, NULL, 0);
	build_close_folder(build);
	reap_for_ever();
}
