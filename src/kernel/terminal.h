/* SPDX-License-Identifier: MIT */
/* A pseudo terminal for a command, relayed to the user's own terminal on standard input and output.
 */
#ifndef KERNEL_TERMINAL_H
#define KERNEL_TERMINAL_H

#include <signal.h>
#include <sys/types.h>

struct error;

struct terminal {
	int master, slave;
	sigset_t mask; /* the caller's signals before terminal_open() */
};

/*
 * Open a pseudo terminal in the caller's mount namespace, with the settings and the size of the
 * user's terminal, and block the signals that terminal_relay() reads. Then fork.
 */
int terminal_open(struct terminal *terminal, struct error *err);

/* In the child: make it the terminal of a new session and its descriptors 0 to 2; signals as
 * before. */
int terminal_attach(const struct terminal *terminal);

/*
 * In the parent: relay until `child` has ended, and give its wait status. Meanwhile the user's
 * terminal is raw, so that Ctrl-C and the like reach the command; it is restored however the
 * process ends, but for SIGKILL. The command follows the size of the user's terminal, is hung up
 * when that is, and gets SIGINT, SIGQUIT, SIGTERM that the caller gets. A command that outlives a
 * hang-up for a second is left alone, its status being death by SIGHUP.
 */
int terminal_relay(struct terminal *terminal, pid_t child, int *wait_status, struct error *err);

#endif
