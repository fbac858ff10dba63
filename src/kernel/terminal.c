// SPDX-License-Identifier: MIT
// A pseudo terminal for a command, relayed to the user's own terminal on standard input and output.
#include "kernel/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"

#define HANGUP_PATIENCE 1000 /* milliseconds that a command has to end after a hang-up */

/* What the relay reads from a descriptor; all of them are blocked from terminal_open() on. */
static const int relayed_signals[] = {SIGCHLD, SIGWINCH, SIGHUP,  SIGINT,
				      SIGQUIT, SIGTERM,	 SIGTSTP, SIGCONT};

/* What ends a process on the spot: the terminal is restored before it does. */
static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* The user's terminal as it was found. One process has one, and a signal handler must reach it. */
static struct termios original;
static volatile sig_atomic_t raw;

static void make_raw(void)
{
	struct termios settings = original;

	cfmakeraw(&settings);
	raw = tcsetattr(STDIN_FILENO, TCSADRAIN, &settings) == 0;
}

static void restore(void)
{
	if (raw)
		tcsetattr(STDIN_FILENO, TCSANOW, &original);
	raw = 0;
}

static void restore_and_die(int signal)
{
	restore();
	raise(signal); /* SA_RESETHAND: to its default action now */
}

static void restore_at_any_end(void)
{
	struct sigaction action = {.sa_handler = restore_and_die, .sa_flags = (int)SA_RESETHAND};

	for (size_t i = 0; i < COUNT(fatal_signals); i++)
		sigaction(fatal_signals[i], &action, NULL);
	atexit(restore);
}

int terminal_open(struct terminal *terminal, struct error *err)
{
	struct winsize size = {0};
	sigset_t blocked;

	if (tcgetattr(STDIN_FILENO, &original) < 0)
		return error_set(err, errno, "standard input is no terminal");
	ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
	if (openpty(&terminal->master, &terminal->slave, NULL, &original, &size) < 0)
		return error_set(err, errno, "cannot open a terminal");
	fcntl(terminal->master, F_SETFD, FD_CLOEXEC);
	fcntl(terminal->slave, F_SETFD, FD_CLOEXEC);
	sigemptyset(&blocked);
	for (size_t i = 0; i < COUNT(relayed_signals); i++)
		sigaddset(&blocked, relayed_signals[i]);
	sigprocmask(SIG_BLOCK, &blocked, &terminal->mask);
	return 0;
}

int terminal_attach(const struct terminal *terminal)
{
	if (setsid() < 0 || ioctl(terminal->slave, TIOCSCTTY, 0) < 0)
		return -errno;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (dup2(terminal->slave, fd) < 0)
			return -errno;
	/* A terminal is to be hung up and interrupted, whatever the caller ignores. */
	for (size_t i = 0; i < COUNT(relayed_signals); i++)
		signal(relayed_signals[i], SIG_DFL);
	sigprocmask(SIG_SETMASK, &terminal->mask, NULL);
	return 0;
}

/* Bytes on their way; read again only when all of them are written. */
struct pipeline {
	char data[4096];
	size_t start, end;
};

enum relay_state {
	RELAY_RUNS,
	RELAY_HUNG_UP, /* the master is closed; the command has its time to end */
	RELAY_ENDED,   /* the command has */
};

struct relay {
	int master;  /* -1: hung up */
	int signals; /* a signalfd */
	pid_t child;
	int wait_status;
	enum relay_state state;
	bool silent; /* nobody has the command's side open any more */
	struct pipeline input, output;
};

static void hang_up(struct relay *relay)
{
	if (relay->state != RELAY_RUNS)
		return;
	/* The kernel sends SIGHUP and SIGCONT to the session. */
	close(take_fd(&relay->master));
	relay->state = RELAY_HUNG_UP;
}

static bool is_passing(int number)
{
	return number == EINTR || number == EAGAIN;
}

/* Read what there is. 0: nothing at present; -1: never again. */
static int fill(struct pipeline *pipeline, int fd)
{
	ssize_t n = read(fd, pipeline->data, sizeof(pipeline->data));

	if (n < 0 && is_passing(errno))
		return 0;
	if (n <= 0)
		return -1;
	pipeline->start = 0;
	pipeline->end = (size_t)n;
	return 1;
}

static int drain(struct pipeline *pipeline, int fd)
{
	ssize_t n = write(fd, pipeline->data + pipeline->start, pipeline->end - pipeline->start);

	if (n < 0)
		return is_passing(errno) ? 0 : -1;
	pipeline->start += (size_t)n;
	return 1;
}

static bool is_empty(const struct pipeline *pipeline)
{
	return pipeline->start == pipeline->end;
}

/* Stop as the user's shell expects it, and go on where it lets us. */
static void stop(void)
{
	restore();
	raise(SIGSTOP);
	make_raw();
}

static void copy_size(const struct relay *relay)
{
	struct winsize size;

	if (relay->master >= 0 && ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0)
		ioctl(relay->master, TIOCSWINSZ, &size);
}

static void take_signal(struct relay *relay)
{
	struct signalfd_siginfo info;

	if (read(relay->signals, &info, sizeof(info)) != sizeof(info))
		return;
	switch (info.ssi_signo) {
	case SIGCHLD:
		if (waitpid(relay->child, &relay->wait_status, WNOHANG) == relay->child)
			relay->state = RELAY_ENDED;
		break;
	case SIGTSTP:
		stop();
		copy_size(relay);
		break;
	case SIGCONT: /* whoever stopped us may have changed the terminal */
		make_raw();
		copy_size(relay);
		break;
	case SIGWINCH: copy_size(relay); break;
	case SIGHUP: hang_up(relay); break;
	case SIGTERM: /* a shell that waits for commands heeds only SIGHUP */
		kill(relay->child, SIGTERM);
		kill(relay->child, SIGHUP);
		break;
	default: kill(relay->child, (int)info.ssi_signo); break;
	}
}

enum slot { SLOT_SIGNALS, SLOT_USER, SLOT_SCREEN, SLOT_COMMAND, SLOTS };

static void move_bytes(struct relay *relay, const struct pollfd *slots)
{
	if (slots[SLOT_USER].revents && fill(&relay->input, STDIN_FILENO) < 0)
		hang_up(relay);
	if (slots[SLOT_SCREEN].revents && drain(&relay->output, STDOUT_FILENO) < 0)
		hang_up(relay);
	if (relay->master < 0)
		return;
	if ((slots[SLOT_COMMAND].revents & POLLOUT) && drain(&relay->input, relay->master) < 0)
		relay->silent = true;
	if ((slots[SLOT_COMMAND].revents & ~POLLOUT) && is_empty(&relay->output) &&
	    fill(&relay->output, relay->master) < 0)
		relay->silent = true;
}

static void relay_once(struct relay *relay)
{
	bool open = relay->master >= 0 && !relay->silent;
	struct pollfd slots[SLOTS] = {
		[SLOT_SIGNALS] = {relay->signals, POLLIN, 0},
		[SLOT_USER] = {STDIN_FILENO, POLLIN, 0},
		[SLOT_SCREEN] = {STDOUT_FILENO, POLLOUT, 0},
		[SLOT_COMMAND] = {relay->master, 0, 0},
	};

	/* A negative descriptor is passed over. An end is seen by poll() whatever is asked for. */
	if (!is_empty(&relay->input))
		slots[SLOT_COMMAND].events |= POLLOUT;
	if (is_empty(&relay->output))
		slots[SLOT_COMMAND].events |= POLLIN;
	if (!slots[SLOT_COMMAND].events || !open)
		slots[SLOT_COMMAND].fd = -1;
	if (!is_empty(&relay->input) || relay->state != RELAY_RUNS)
		slots[SLOT_USER].fd = -1;
	if (is_empty(&relay->output) || relay->state != RELAY_RUNS)
		slots[SLOT_SCREEN].fd = -1;
	if (poll(slots, SLOTS, relay->state == RELAY_HUNG_UP ? HANGUP_PATIENCE : -1) == 0) {
		relay->wait_status = SIGHUP; /* W_EXITCODE(0, SIGHUP) */
		relay->state = RELAY_ENDED;
		return;
	}
	if (slots[SLOT_SIGNALS].revents)
		take_signal(relay);
	move_bytes(relay, slots);
}

/* What the command wrote before its end, some of it perhaps still in the terminal. */
static void flush_output(struct relay *relay)
{
	if (relay->master < 0)
		return;
	do {
		while (!is_empty(&relay->output)) {
			struct pollfd screen = {STDOUT_FILENO, POLLOUT, 0};

			if (drain(&relay->output, STDOUT_FILENO) < 0)
				return;
			if (!is_empty(&relay->output))
				poll(&screen, 1, -1);
		}
	} while (fill(&relay->output, relay->master) > 0);
}

int terminal_relay(struct terminal *terminal, pid_t child, int *wait_status, struct error *err)
{
	AUTO_CLOSE int signals = -1;
	struct relay relay = {.child = child};
	sigset_t wanted;

	close(take_fd(&terminal->slave));
	sigemptyset(&wanted);
	for (size_t i = 0; i < COUNT(relayed_signals); i++)
		sigaddset(&wanted, relayed_signals[i]);
	signals = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0)
		return error_set(err, errno, "cannot relay the terminal");
	relay.master = take_fd(&terminal->master);
	relay.signals = signals;
	fcntl(relay.master, F_SETFL, O_RDWR | O_NONBLOCK);
	restore_at_any_end();
	make_raw();
	copy_size(&relay); /* it may have changed since terminal_open() */
	while (relay.state != RELAY_ENDED)
		relay_once(&relay);
	flush_output(&relay);
	restore();
	cleanup_close(&relay.master);
	sigprocmask(SIG_SETMASK, &terminal->mask, NULL);
	*wait_status = relay.wait_status;
	return 0;
}
