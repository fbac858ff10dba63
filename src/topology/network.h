/* SPDX-License-Identifier: MIT */
/* Networks of layer 2, with the interfaces of nodes that are on each. */
#ifndef TOPOLOGY_NETWORK_H
#define TOPOLOGY_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topology/model.h"

struct build;

/* Where a node, and an interface of it, stand in the file: later is more. */
typedef uint64_t file_order;

struct network {
	struct interface **ends; /* in file order; those that answer to addresses of their own */
	size_t end_count;
	const struct node *lowest; /* of its switches, the first in the file; NULL: a cable */
	bool wide;		   /* a switch, or a stub: there may come others */
	/* What makes it a network: of a cable its second end, else the switch or its first end. */
	file_order order;
	const struct segment_subnet *given[2]; /* by the file: IPv4, IPv6; NULL: not */
};

struct networks {
	struct network **list; /* in their order, so that one that comes last in the file is last */
	size_t count;
	struct network *by_domain; /* with nothing in it: no interface of a node is there */
};

/* All networks that interfaces of nodes are on, after ground_new(). */
struct networks *networks_find(struct build *build);

/* Give the networks the subnets that the file has for their segments. */
void networks_give(struct build *build);

/* What the interface is plugged into, for the user: "segment lan1", "VLAN 10 of lan1". */
const char *network_title(struct build *build, const struct network *network);

/* 0 for IPv4, 1 for IPv6, and back. */
int family_place(int family);
int family_at(int place);

#endif
