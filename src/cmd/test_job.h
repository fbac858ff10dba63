/* SPDX-License-Identifier: MIT */
/* The tests of one lab, done in a process of their own: what is to be done, and what came of it. */
#ifndef CMD_TEST_JOB_H
#define CMD_TEST_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "test/run.h"
#include "topology/step.h"

struct arena;

enum job_state { JOB_WAITING, JOB_RUNNING, JOB_DONE };

/* A step that was done. */
struct result {
	bool done;
	struct outcome outcome;
};

struct job {
	const char *title; /* of the file, or the running lab; with the number of a repetition */
	const char *name;  /* of the lab */
	const struct topology *topology;
	bool *chosen; /* by test: is to be done */
	/* To be brought up; else the lab runs already. */
	bool up, keep;
	const char *path, *text;
	size_t size;
	/* What came of it. */
	enum job_state state;
	const char *
		hindered; /* why its tests could not be done, or not all of them; NULL: they were */
	bool is_up;
	bool kept;		 /* the lab was left running */
	int64_t up_took;	 /* nanoseconds */
	struct result **results; /* by test, then by step */
	size_t at_test, at_step; /* what is done now */
	/* While it runs. */
	pid_t pid;
	int fd;
	char *buffer;
	size_t used, room;
};

/* What the process of a job says, in this order on the pipe: the head, then the text. */
enum message_kind {
	MESSAGE_UP,
	MESSAGE_KEPT,
	MESSAGE_WARNING,
	MESSAGE_BEGUN,
	MESSAGE_DONE,
	MESSAGE_HINDERED
};

struct message {
	enum message_kind kind;
	uint32_t test, step, size; /* of the text */
	enum verdict verdict;
	int64_t took, became;
};

/* The process of a job: do it, and say so over the descriptor. */
_Noreturn void job_main(const struct job *job, int fd);

/*
 * Run the jobs, at most `side_by_side` at once, and call `heard` each time that one of them has
 * said something, and now and then (NULL). Returns 0, or the number of the signal that interrupted
 * it; no lab is left then.
 */
int jobs_run(struct job *jobs, size_t count, size_t side_by_side, struct arena *arena,
	     void (*heard)(void *data, const struct job *job), void *data);

/* Did all of it hold? */
bool job_held(const struct job *job);
bool test_held(const struct job *job, size_t test);
bool test_done(const struct job *job, size_t test);

#endif
