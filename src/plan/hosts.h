/* SPDX-License-Identifier: MIT */
/* Names for all nodes: the /etc/hosts of a lab. */
#ifndef PLAN_HOSTS_H
#define PLAN_HOSTS_H

#include "topology/model.h"

struct arena;

/*
 * The lines of /etc/hosts, in the arena: localhost, then every node with each of its data
 * addresses, one a line. A node's interfaces come in the order of the file and lo last: most
 * programs take the first address of a family, and that of an interface is reached by its
 * neighbours even where nobody routes to the one on lo. Loopback (127.0.0.0/8, ::1) and link-local
 * addresses mean another node or nothing elsewhere, and are left out.
 */
const char *hosts_text(const struct topology *topology, struct arena *arena);

/*
 * A line for a node without such an address, whose commands may give it some: it has to know its
 * own name, as `hostname -f` and daemons ask for that. NULL: it has one, or is no host.
 */
const char *hosts_own(const struct topology *topology, const struct node *node,
		      struct arena *arena);

/*
 * The data addresses of a node, in that order, in the arena.
 */
struct address *hosts_addresses(const struct node *node, struct arena *arena, size_t *count);

#endif
