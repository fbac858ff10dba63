/* SPDX-License-Identifier: MIT */
/* What is wrong with a file, each fault with its place, all of them in one run. */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct place {
	const char *file; /* as the user named it */
	int line;	  /* from 1; 0: the file as a whole */
	const char *of;	  /* where a line stands for many, as in a range: for which of them */
};

enum severity {
	SEVERITY_FAULT,	  /* nothing is started, exit status 2 */
	SEVERITY_WARNING, /* said, and that is all */
};

struct fault {
	struct place place;
	enum severity severity;
	const char *text;
};

/* Zero but for the arena, in which the list and its texts live. */
struct faults {
	struct arena *arena;
	struct fault *list;
	size_t count;	 /* of both kinds */
	size_t warnings; /* of these, how many are warnings */
	bool machine;	 /* one is a failure of the machine's, not of the file: exit status 1 */
};

void fault_add(struct faults *faults, struct place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void warning_add(struct faults *faults, struct place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* How many real faults there are: 0 means that the file can be built. */
size_t faults_real(const struct faults *faults);

/* Order the list by line (those of one line as they were found), and drop exact repetitions. */
void faults_sort(struct faults *faults);

#endif
