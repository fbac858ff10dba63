/* SPDX-License-Identifier: MIT */
/* Why the kernel does not let this user make namespaces, and what can be done about it. */
#ifndef KERNEL_REFUSAL_H
#define KERNEL_REFUSAL_H

#include <stdint.h>

struct error;

struct refusal {
	char cause[256];
	char remedy[400]; /* "" where none is known */
};

/*
 * clone(2) or unshare(2) with the CLONE_NEW... `flags` has failed with errno `number`: find out
 * why. Makes children to see which limit is reached; may be called in any process.
 */
void refusal_explain(int number, uint64_t flags, struct refusal *refusal);

/* The same into *err: "cannot clone OBJECT: CAUSE; REMEDY". Returns -number. */
int refusal_error(int number, uint64_t flags, const char *object, struct error *err);

/* The number that the file begins with, or `otherwise`: for /proc/sys. */
long read_number(const char *path, long otherwise);

#endif
