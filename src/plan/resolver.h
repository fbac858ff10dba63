/* SPDX-License-Identifier: MIT */
/* Whom nodes ask for names: the /etc/resolv.conf of a node, and of one without `dns`. */
#ifndef PLAN_RESOLVER_H
#define PLAN_RESOLVER_H

#include "topology/model.h"

struct arena;

/*
 * The lines of resolv.conf(5) of a node, in the arena. Of each server that is a node there are the
 * addresses that the node has a family in common with: first one of each server, as most programs
 * ask the first three alone.
 */
const char *resolver_text(const struct topology *topology, const struct node *node,
			  struct arena *arena);

/* That of a node that has no `dns`: it names nobody, and the lab's domain if there is one. */
const char *resolver_default(const struct topology *topology, struct arena *arena);

#endif
