/* SPDX-License-Identifier: MIT */
/* Routing daemons of a node: from `frr = FILE` and `bird = FILE` to services and configurations. */
#ifndef TOPOLOGY_ROUTING_H
#define TOPOLOGY_ROUTING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

struct build;

enum suite { SUITE_FRR, SUITE_BIRD, SUITES };

/* What the file says about a suite in a node. */
struct routing {
	const char *key;   /* "frr"; NULL: nothing is said */
	const char *value; /* a file, relative to that of the topology; or "yes" */
	bool may_fail;	   /* written with a leading "-": a faulty configuration is a warning */
	struct place place;
};

/* A file of the node's own, which nslab writes before the node starts anything. */
struct config {
	const char *path;   /* in the node */
	const char *source; /* whose contents it has, as the topology names it; NULL: nslab's own */
	const char *text;
	const char *user, *group; /* who owns it, and the folder */
	bool replaces;		  /* the folder has nothing of the machine's any more */
	bool spares;		  /* what is there already stays */
	struct place place;
};

/* Give the nodes the services and files that their `frr` and `bird` stand for. */
void routing_expand(struct build *build);

#endif
