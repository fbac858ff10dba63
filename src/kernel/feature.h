/* SPDX-License-Identifier: MIT */
/* Features of the kernel that labs can need: one table, and each of them tried. */
#ifndef KERNEL_FEATURE_H
#define KERNEL_FEATURE_H

#include <stdbool.h>
#include <stddef.h>

#include "topology/feature.h"

struct error;

struct attempt;

struct feature_row {
	const char *name;   /* in the field's terms: "netem" */
	const char *use;    /* what of a lab is made of it */
	const char *option; /* of the kernel: "CONFIG_NET_SCH_NETEM" */
	const char *module; /* "sch_netem"; NULL: it is never one of its own */
	/* How it is tried: messages one after the other, or a function that gives 0 or -errno. */
	const char *kind; /* of an interface or queueing discipline, in the messages */
	int (*call)(void);
	void (*messages[2])(const struct attempt *attempt);
};

extern const struct feature_row features[FEATURE_COUNT];

/*
 * Try the wanted features, all in one throw-away network namespace, with the rights of this user's
 * labs. missing[] gets the errno of each wanted one that does not work, and 0 for all others.
 * Fails, with nothing in missing[], where there is no namespace to try them in.
 */
int feature_missing(const bool wanted[FEATURE_COUNT], int missing[FEATURE_COUNT],
		    struct error *err);

/*
 * Why a feature is missing, `number` being what feature_missing() gave for it, and what this user
 * can do about it on this machine. The text may be in the buffer.
 */
#define FEATURE_CAUSE_SIZE  200
#define FEATURE_REMEDY_SIZE 320
const char *feature_cause(enum feature feature, int number, char buffer[FEATURE_CAUSE_SIZE]);
const char *feature_remedy(enum feature feature, int number, char buffer[FEATURE_REMEDY_SIZE]);

#endif
