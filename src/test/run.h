/* SPDX-License-Identifier: MIT */
/* The tests of a running lab, done step by step. */
#ifndef TEST_RUN_H
#define TEST_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct error;
struct lab;
struct lab_node;
struct step;
struct topology;

enum verdict {
	VERDICT_HELD,
	VERDICT_FAILED,	  /* it did not become true, or did not stay so */
	VERDICT_HINDERED, /* it could not be done, or looked at */
};

struct outcome {
	enum verdict verdict;
	int64_t took;	 /* nanoseconds, from the beginning of the step to its end */
	int64_t became;	 /* likewise, until it was true; what it took where it is not HELD */
	const char *why; /* lines on what was seen instead; "" where it is HELD */
};

/* A running lab, and the model with its tests. */
struct run {
	const struct lab *lab;
	const struct topology *topology;
	struct lab_node *nodes; /* by node->number - 1 */
};

/*
 * Make ready for steps, once: joins the lab's user namespace for good. The caller is
 * single-threaded and moves between network namespaces from here on.
 */
int run_start(struct run *run, const struct lab *lab, const struct topology *topology,
	      struct arena *arena, struct error *err);

/* Do one step and wait for what it says. The outcome's text lives in the arena. */
void run_step(const struct run *run, const struct step *step, struct arena *arena,
	      struct outcome *outcome);

#endif
