/* SPDX-License-Identifier: MIT */
/* Where the kernel would send a packet: its own answer, in the namespace that the caller is in. */
#ifndef KERNEL_LOOKUP_H
#define KERNEL_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topology/model.h"

struct arena;

struct lookup {
	struct address to;
	struct address from; /* AF_UNSPEC: not chosen yet */
	uint32_t in;	     /* interface that it came in by; 0: it is the node's own */
	uint32_t vrf;	     /* of the node's own: whose table is asked; 0: the main one */
};

enum lookup_type {
	LOOKUP_ON,	    /* to another node */
	LOOKUP_LOCAL,	    /* it is for this one */
	LOOKUP_MANY,	    /* broadcast, multicast */
	LOOKUP_BLACKHOLE,   /* a route that says so */
	LOOKUP_UNREACHABLE, /* likewise */
	LOOKUP_PROHIBIT,    /* likewise */
	LOOKUP_NONE,	    /* no route */
	LOOKUP_SOURCE,	    /* packets of this source are not taken by that interface (rp_filter) */
	LOOKUP_FAILED,	    /* anything else: number */
};

/* One of several equal ways. */
struct lookup_way {
	uint32_t out; /* interface */
	struct address gateway;
};

struct looked_up {
	enum lookup_type type;
	int number;		 /* errno, of what is not sent on */
	uint32_t out;		 /* interface */
	struct address gateway;	 /* AF_UNSPEC: none */
	struct address source;	 /* that the kernel would choose */
	uint32_t mtu;		 /* of the route; 0: the interface's */
	bool encapsulated;	 /* a header is put in front: MPLS, SRv6 */
	bool learnt;		 /* a routing daemon has made the route */
	struct lookup_way *ways; /* of a route that has several: `out` is the kernel's guess */
	size_t way_count;
	const char *text; /* "10.0.3.0/24 via 10.0.2.2 dev eth1 proto ospf metric 20" */
};

/* Returns 0 or -errno where the kernel cannot be asked; what it answers is in *result. */
int lookup_route(const struct lookup *lookup, struct arena *arena, struct looked_up *result);

#endif
