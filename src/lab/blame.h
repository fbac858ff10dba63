/* SPDX-License-Identifier: MIT */
/* The verdict out of the ways that kernels would send a packet and where a real one was seen. */
#ifndef LAB_BLAME_H
#define LAB_BLAME_H

#include "kernel/filter.h"
#include "kernel/sighting.h"
#include "lab/path.h"

struct blame {
	struct path *path;
	struct explanation *result;
	struct path_node *from, *to; /* `to` is NULL for an address of nobody */
	uint32_t *watchers; /* number of the watcher by number of the node - 1; UINT32_MAX */
	const struct sightings *sightings;
};

/* A sentence more. */
void blame_note(struct blame *blame, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The verdict: that cause, at that node. */
void blame_on(struct blame *blame, enum explain_cause cause, const char *node, const char *format,
	      ...) __attribute__((format(printf, 4, 5)));

/* What stopped the way, behind some words. */
void blame_way(struct blame *blame, const struct explain_way *way, const char *prefix);

/* A filter of the step's node, where one can drop packets at the hooks. False: none can. */
bool blame_filter(struct blame *blame, const struct explain_step *step,
		  const enum filter_hook *hooks, size_t hook_count, const char *what);

/* A filter on the way, or at its end, that can have reset the connection. False: none can. */
bool blame_reset(struct blame *blame);

/* Who lost the packet on a way that it ought to have taken. False: it was seen all along. */
bool blame_lost(struct blame *blame, const struct explain_way *way, const char *packet);

/* The packet got there: why did no answer come back? */
void blame_back(struct blame *blame);

/* A missing route is a symptom where daemons make routes: what is behind it? */
void blame_routing(struct blame *blame);

/* Mark the steps where the real packet was seen, and judge. */
void blame_judge(struct blame *blame);

#endif
