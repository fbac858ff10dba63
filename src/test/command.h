/* SPDX-License-Identifier: MIT */
/* Commands in nodes, many at once, with what they print and how they end. */
#ifndef TEST_COMMAND_H
#define TEST_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct arena;
struct error;
struct lab_node;
struct run;

struct command_run {
	const struct lab_node *node;
	char *const *argv;
	/* Instead of a program: what to do in the node; returns the exit status. */
	int (*work)(const void *data);
	const void *data;
	/* What came of it. */
	int status;    /* as a shell has it; -1: it did not end in time, and was killed */
	char *printed; /* to both standard output and errors, the beginning of it; never NULL */
	size_t size;
	/* While it runs. */
	pid_t pid;
	int out;
};

/*
 * Run all of them at once, as far as descriptors allow, and wait for their ends. One that goes on
 * at `until` is killed with all that it has started. What a command that has ended left in the
 * background goes on.
 */
int commands_run(const struct run *run, struct command_run *list, size_t count, int64_t until,
		 struct arena *arena, struct error *err);

#endif
