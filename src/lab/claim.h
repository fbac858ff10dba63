/* SPDX-License-Identifier: MIT */
/* The name of a lab made an `up`'s own, against any other, and given up again: its folder. */
#ifndef LAB_CLAIM_H
#define LAB_CLAIM_H

#include "lab/lab.h"

struct claim {
	const struct lab *lab; /* that starts, with this process as its keeper */
	const char *run;       /* the run folder */
	const char *hosts;     /* what its hosts file holds */
	struct arena *arena;
};

/*
 * Make the lab's folder, whole or not at all; *folder (-1 before) is then its descriptor. An error
 * where a lab of that name runs or starts, or something else is in the way.
 */
int claim_make(const struct claim *claim, const struct lab_source *source, int *folder,
	       struct error *err);

/* Remove the folder, if the one of that name still is the one of the descriptor. */
void claim_drop(const struct claim *claim, int folder);

#endif
