// SPDX-License-Identifier: MIT
// One command in many nodes at once, their output told apart by line.
#include "cmd/many.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "cmd/cmd.h"
#include "cmd/lines.h"
#include "cmd/run.h"
#include "lab/lab.h"

#define DESCRIPTORS_OTHERWISE ((size_t)32)
#define FAILURES_NAMED	      16   /* in the last message */
#define PATIENCE	      1000 /* milliseconds from one step of an interrupt to the next */

/* An output of a command; in the set of epoll while it is open. */
struct stream {
	int fd; /* -1: closed */
	struct lines lines;
};

struct job {
	const struct lab_node *node;
	pid_t pid; /* of the process that enters the node and waits; 0: not started, or waited for
		    */
	int status;
	struct stream streams[2]; /* stdout, stderr */
};

struct many {
	const struct lab *lab;
	char *const *argv;
	pid_t self;
	struct job *jobs;
	size_t count, started, running;
	size_t room; /* for running ones */
	int epoll, signals;
	sigset_t mask;		   /* as nslab was given it */
	struct rlimit descriptors; /* the same */
	int interrupts; /* steps gone: 0 none, 1 they have SIGINT, 2 SIGTERM, 3 SIGKILL */
};

static const int watched_signals[] = {SIGCHLD, SIGINT, SIGQUIT, SIGTERM, SIGHUP};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Two descriptors a node: take as many as the system gives, for this process alone. */
static void make_room(struct many *many)
{
	struct rlimit raised;

	getrlimit(RLIMIT_NOFILE, &many->descriptors);
	raised = many->descriptors;
	raised.rlim_cur = raised.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &raised) < 0)
		raised = many->descriptors;
	many->room = raised.rlim_cur > 2 * DESCRIPTORS_OTHERWISE
			     ? (raised.rlim_cur - DESCRIPTORS_OTHERWISE) / 2
			     : DESCRIPTORS_OTHERWISE / 4;
}

static int open_watch(struct many *many)
{
	sigset_t watched;

	sigemptyset(&watched);
	for (size_t i = 0; i < COUNT(watched_signals); i++)
		sigaddset(&watched, watched_signals[i]);
	sigprocmask(SIG_BLOCK, &watched, &many->mask);
	many->epoll = epoll_create1(EPOLL_CLOEXEC);
	many->signals = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
	if (many->epoll < 0 || many->signals < 0)
		return -errno;
	return epoll_ctl(many->epoll, EPOLL_CTL_ADD, many->signals,
			 &(struct epoll_event){.events = EPOLLIN}) < 0
		       ? -errno
		       : 0;
}

/* The child of a job: it enters, runs, and ends as the command does. */
_Noreturn static void be_job(const struct many *many, const struct job *job, int out, int err)
{
	int null = open("/dev/null", O_RDONLY);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(err, STDERR_FILENO) < 0)
		_exit(STATUS_NOT_RUN);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	setrlimit(RLIMIT_NOFILE, &many->descriptors);
	sigprocmask(SIG_SETMASK, &many->mask, NULL);
	if (run_enter(many->lab, job->node) != STATUS_DONE)
		_exit(STATUS_NOT_RUN);
	/* After the change of credentials, which clears it (kernel/cred.c, commit_creds()). */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != many->self)
		_exit(STATUS_NOT_RUN);
	_exit(run_command(many->lab, job->node, many->argv, false));
}

static int open_stream(struct many *many, struct stream *stream, const char *name, FILE *to,
		       int *write_end)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = stream};
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	*stream = (struct stream){.fd = ends[0], .lines = {.name = name, .out = to}};
	*write_end = ends[1];
	return epoll_ctl(many->epoll, EPOLL_CTL_ADD, ends[0], &event) < 0 ? -errno : 0;
}

static void close_stream(struct stream *stream)
{
	if (stream->fd < 0)
		return;
	lines_end(&stream->lines);
	close(stream->fd);
	stream->fd = -1;
}

static void start(struct many *many, struct job *job)
{
	FILE *const to[2] = {stdout, stderr};
	int ends[2] = {-1, -1}, code = 0;

	job->status = STATUS_NOT_RUN;
	for (int i = 0; i < 2; i++)
		job->streams[i].fd = -1;
	for (int i = 0; i < 2 && !code; i++)
		code = open_stream(many, &job->streams[i], job->node->name, to[i], &ends[i]);
	job->pid = code ? -1 : fork();
	if (job->pid == 0)
		be_job(many, job, ends[0], ends[1]);
	if (job->pid > 0) {
		many->running++;
	} else {
		complain("cannot start a process for %s: %s", job->node->name,
			 strerror(code ? -code : errno));
		close_stream(&job->streams[0]);
		close_stream(&job->streams[1]);
		job->pid = 0;
	}
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
}

/* Print what is there. Its end closes it. */
static void read_stream(struct stream *stream)
{
	static char buffer[65536];

	while (stream->fd >= 0) {
		ssize_t n = read(stream->fd, buffer, sizeof(buffer));

		if (n > 0)
			lines_add(&stream->lines, buffer, (size_t)n);
		else if (n == 0 || (errno != EAGAIN && errno != EINTR))
			close_stream(stream);
		if (n < (ssize_t)sizeof(buffer))
			return;
	}
}

static struct job *job_of(struct many *many, pid_t pid)
{
	for (size_t i = 0; i < many->started; i++)
		if (many->jobs[i].pid == pid)
			return &many->jobs[i];
	return NULL;
}

/* A command may leave others behind that hold its output open: nobody waits for those. */
static void collect(struct many *many)
{
	int wait_status;
	pid_t pid;

	while ((pid = waitpid(-1, &wait_status, WNOHANG)) > 0) {
		struct job *job = job_of(many, pid);

		if (!job)
			continue;
		job->status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status)
						     : STATUS_SIGNAL + WTERMSIG(wait_status);
		job->pid = 0;
		many->running--;
		for (int i = 0; i < 2; i++) {
			read_stream(&job->streams[i]);
			close_stream(&job->streams[i]);
		}
	}
}

static void signal_all(struct many *many, int signal)
{
	for (size_t i = 0; i < many->started; i++)
		if (many->jobs[i].pid > 0)
			kill(many->jobs[i].pid, signal);
}

/* One step further towards an end of all: see `interrupts`. */
static void interrupt(struct many *many, bool from_terminal)
{
	static const int steps[] = {SIGINT, SIGTERM, SIGKILL};

	if (many->interrupts == (int)COUNT(steps))
		return;
	if (many->interrupts > 0 || !from_terminal) /* the terminal sends it to the commands too */
		signal_all(many, steps[many->interrupts]);
	many->interrupts++;
}

static void take_signals(struct many *many)
{
	struct signalfd_siginfo info;

	while (read(many->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGHUP)
			many->interrupts = 1;
		if (info.ssi_signo != SIGCHLD)
			interrupt(many, info.ssi_code == SI_KERNEL);
	}
	collect(many);
}

static void watch(struct many *many)
{
	struct epoll_event events[64];
	int n = epoll_wait(many->epoll, events, COUNT(events), many->interrupts ? PATIENCE : -1);

	if (n == 0)
		interrupt(many, false);
	for (int i = 0; i < n; i++) {
		if (events[i].data.ptr)
			read_stream(events[i].data.ptr);
		else
			take_signals(many);
	}
	output_flush();
}

static int sum_up(const struct many *many, struct arena *arena)
{
	const char *list = "";
	size_t bad = 0;

	for (size_t i = 0; i < many->count; i++) {
		const struct job *job = &many->jobs[i];

		if (i < many->started && job->status == STATUS_DONE)
			continue;
		if (bad++ >= FAILURES_NAMED)
			continue;
		list = arena_printf(arena, "%s%s%s (", list, bad > 1 ? ", " : "", job->node->name);
		if (i >= many->started)
			list = arena_printf(arena, "%snot started)", list);
		else if (job->status > STATUS_SIGNAL)
			list = arena_printf(arena, "%s%s)", list,
					    strsignal(job->status - STATUS_SIGNAL));
		else
			list = arena_printf(arena, "%sstatus %d)", list, job->status);
	}
	if (!bad)
		return STATUS_DONE;
	complain("failed in %zu of %zu: %s%s", bad, many->count, list,
		 bad > FAILURES_NAMED ? ", ..." : "");
	return STATUS_FAILED;
}

int many_run(const struct lab *lab, const struct lab_node *nodes, size_t count, char *const *argv,
	     struct arena *arena)
{
	struct many many = {.lab = lab, .argv = argv, .self = getpid(), .count = count};
	int code;

	many.jobs = arena_alloc(arena, (count + 1) * sizeof(*many.jobs));
	for (size_t i = 0; i < count; i++)
		many.jobs[i].node = &nodes[i];
	make_room(&many);
	code = open_watch(&many);
	if (code) {
		complain("cannot watch processes: %s", strerror(-code));
		return STATUS_NOT_RUN;
	}
	while (many.running || (many.started < count && !many.interrupts)) {
		while (many.started < count && many.running < many.room && !many.interrupts)
			start(&many, &many.jobs[many.started++]);
		if (many.running)
			watch(&many);
	}
	return sum_up(&many, arena);
}
