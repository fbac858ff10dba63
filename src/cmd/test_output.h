/* SPDX-License-Identifier: MIT */
/* What came of jobs, in the formats that people and programs read. */
#ifndef CMD_TEST_OUTPUT_H
#define CMD_TEST_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cmd/test_job.h"

struct arena;
struct error;

/* The Test Anything Protocol, printed as results come in. Start with {.jobs, .count, .out}. */
struct tap {
	const struct job *jobs;
	size_t count;
	FILE *out;
	size_t job, test, step; /* that is to be printed next */
	size_t number;		/* of the last test point */
	bool begun;		/* the job at which we are has printed something */
};

void tap_begin(const struct tap *tap);

/* Print what has become known. Returns whether that was anything. */
bool tap_go_on(struct tap *tap);

/* Which of the steps took how long, as comments. */
void tap_times(const struct job *jobs, size_t count, struct arena *arena, FILE *out);

/* "Bail out!" */
void tap_bail_out(const struct tap *tap, const char *why);

/* XML as JUnit's readers take it, whole or not at all. */
int junit_write(const char *path, const struct job *jobs, size_t count, struct arena *arena,
		struct error *err);

void test_json(const struct job *jobs, size_t count, struct arena *arena, FILE *out);

#endif
