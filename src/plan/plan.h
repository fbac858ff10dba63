/* SPDX-License-Identifier: MIT */
/* From the model to the list of operations that builds it; pure, and the same for the same file. */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include <stddef.h>
#include <stdio.h>

#include "plan/op.h"
#include "topology/model.h"

struct arena;

/* A run of operations: ops[first] to ops[first + count - 1] of the plan. */
struct span {
	size_t first, count;
};

struct plan {
	const struct topology *topology;
	struct op *ops; /* by phase, and within the phases of nodes node by node */
	size_t count;
	struct span nodes;	/* PHASE_NODES: one operation a node, in the model's order */
	struct span *prepare;	/* PHASE_PREPARE of each node, in the model's order */
	struct span wiring;	/* PHASE_WIRING */
	struct span *configure; /* PHASE_CONFIGURE of each node, in the model's order */
	struct span *forward;	/* PHASE_FORWARD of each node; empty but for switches */
	struct span *start;	/* PHASE_START of each node */
	size_t start_count;	/* operations of PHASE_START in all */
	const char *resolver;	/* what /etc/resolv.conf holds in a node without `dns` */
	const char **resolvers; /* in each node, in the model's order; NULL: the one above */
	const char **own_hosts; /* in each node, a line more of its /etc/hosts; NULL: none */
	const char *hosts;	/* the lines of /etc/hosts that name every node, for all nodes */
};

const struct plan *plan_make(const struct topology *topology, struct arena *arena);

/*
 * The routes that are computed for a node, as operations that its PHASE_CONFIGURE ends with, in the
 * arena. They are not among plan->ops, which every process of the lab is born with a copy of.
 */
const struct op *plan_computed(const struct plan *plan, const struct node *node,
			       struct arena *arena, size_t *count);

/* Call for all operations in their order, with those. */
void plan_each(const struct plan *plan, void (*visit)(const struct op *op, void *data), void *data);

/* The operations one a line, for people: "r1: add address 10.0.0.1/24 to eth0". */
void plan_print(const struct plan *plan, FILE *out);

/*
 * The same network as a commented shell script of ip, bridge, tc and sysctl commands, for root in
 * an empty network namespace: nodes are network namespaces of `ip netns` named as in the file.
 */
void plan_script(const struct plan *plan, FILE *out);

#endif
