/* SPDX-License-Identifier: MIT */
/* Processes: told apart for certain, opened, killed, renamed, cut loose from their caller. */
#ifndef KERNEL_PROCESS_H
#define KERNEL_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A process that is still the one that was recorded only while its start time is the same. */
struct process {
	pid_t pid;	/* as the caller's PID namespace numbers it */
	uint64_t start; /* field 22 of /proc/PID/stat: clock ticks since boot */
};

/* The process that has this number now, into *process. Returns 0 or -errno (-ESRCH: none). */
int process_look(pid_t pid, struct process *process);

/* Does it wait for something: is it neither running, nor about to, nor reading its program? */
bool process_waits(pid_t pid);

/* A pidfd of exactly that process, or -ESRCH where it is gone or its number is another's now. */
int process_open(const struct process *process);

/* A pidfd of its first child, or -ESRCH where it has none that lives. */
int process_open_child(const struct process *process);

/* The child of it that has that number in its own PID namespace, or 0. */
pid_t process_child_inside(const struct process *process, pid_t inner);

bool process_same(const struct process *a, const struct process *b);

/* Does it live? A zombie does not. */
bool process_alive(const struct process *process);

/* Send the signal through a pidfd. Returns 0 or -errno. */
int process_signal(int pidfd, int signal);

/* The same with a number, as sigqueue(3) sends it. */
int process_tell(int pidfd, int signal, int value);

/* Wait until the process of a pidfd has ended, `milliseconds` at most (-1: for ever). False: not.
 */
bool process_wait_end(int pidfd, int milliseconds);

/*
 * The caller's command line as ps(1) shows it. Moves the environment to the heap once, as the title
 * may need its place. A failure leaves the old title: it is for eyes only.
 */
void process_title(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Cut the caller loose: a session of its own, standard input, output and errors on /dev/null, and
 * no descriptor left open but the `count` ones in `keep`. Returns 0 or -errno.
 */
int process_detach(const int *keep, size_t count);

/*
 * Add to PATH the folders of root's programs that are not in it: in a node the user is root, but
 * may not be where nslab was called. PATH that is not set stays so: programs have a default then.
 */
void process_path_of_root(void);

/*
 * Programs that the caller starts cannot call reboot(2): in a PID namespace that kills the first
 * process, and with a node go its ends of cables, which are two of one thing. Returns 0 or -errno.
 */
int process_forbid_reboot(void);

/* The caller's signal mask and dispositions as a newly started program expects them. */
void process_default_signals(void);

/*
 * Start the program argv[0], looked up in PATH, with the descriptor `output` as output, and return
 * its pid or -errno. It has a session of its own, no input, and no other descriptors but the
 * `count` ones in `pass`, which it has from 3 on.
 */
#define PASS_MOST 2
pid_t process_start(const char *const *argv, int output, const int *pass, int count);

#endif
