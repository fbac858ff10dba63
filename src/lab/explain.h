/* SPDX-License-Identifier: MIT */
/* The way of packets from one node to another and back, out of what the kernel has in each node. */
#ifndef LAB_EXPLAIN_H
#define LAB_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/reach.h"

struct arena;
struct error;
struct lab;
struct topology;

struct explain_request {
	const struct lab *lab;
	const struct topology *topology; /* of the lab, as it was built */
	const char *from, *to;		 /* nodes, or addresses: `from` one of a node's */
	int family;			 /* AF_UNSPEC: that both have, IPv4 first */
	enum reach_kind kind;		 /* REACH_PING, REACH_TCP or REACH_UDP */
	uint16_t port;			 /* of TCP and UDP */
	uint32_t size;			 /* of the IP packet that must pass whole; 0: a small one */
};

/* Why packets do not get on. */
enum explain_cause {
	CAUSE_NONE,
	CAUSE_NO_ROUTE,
	CAUSE_ROUTE_REFUSES, /* a blackhole, unreachable or prohibit route */
	CAUSE_NO_ADDRESS,    /* no node has the address */
	CAUSE_NO_NEIGHBOUR,  /* nobody answers ARP or ND */
	CAUSE_LINK_DOWN,
	CAUSE_VLAN,
	CAUSE_PORT_BLOCKED, /* by STP, or isolated */
	CAUSE_FORWARDING,   /* off */
	CAUSE_SOURCE,	    /* rp_filter */
	CAUSE_MTU,
	CAUSE_LOOP,
	CAUSE_HOP_LIMIT, /* used up without a circle */
	CAUSE_DUPLICATE, /* an address that two have */
	CAUSE_FILTER,
	CAUSE_LOSS,    /* a link that loses all */
	CAUSE_IGNORED, /* echo requests are (sysctl) */
	CAUSE_PORT,    /* nobody listens there */
	CAUSE_NODE,    /* its first process is gone */
	CAUSE_ROUTING, /* two routers are not neighbours */
	CAUSE_SERVICE, /* one has ended: a routing daemon, or what would listen */
	CAUSE_UNKNOWN,
	CAUSES,
};

/* A word for machines, as "no-route". */
const char *explain_cause_word(enum explain_cause cause);

/* What a node does with the packet. Texts are NULL where there is nothing to say. */
struct explain_step {
	const char *node;
	bool is_switch;
	const char *in, *out;  /* its interfaces; NULL where the packet begins and ends */
	const char *segment;   /* that `out` is plugged into */
	const char *route;     /* that was used */
	const char *neighbour; /* that was used */
	const char *bridge;    /* entry or rule of the bridge that was used */
	const char *remark;
	bool seen_in, seen_out; /* a real packet was, there */
	/* For nslab itself. */
	uint32_t number, in_index, out_index;
};

struct explain_way {
	struct explain_step *steps;
	size_t count;
	bool arrived;		  /* it leads to where it should */
	enum explain_cause cause; /* of the end, where it does not */
	const char *node;	  /* where that is */
	const char *text;	  /* in words: "r1 has no route to 10.0.3.2" */
	const char *duplicate;	  /* an address on the way that two have, in words; or NULL */
	const char *duplicate_node;
};

struct explanation {
	const char *from, *to; /* nodes; `to` may be an address of nobody */
	struct address source, destination;
	struct explain_way there, back;
	struct reach probe; /* the real packet */
	bool works;
	enum explain_cause cause; /* CAUSE_NONE where it works */
	const char *node;	  /* whose fault it is; NULL: not known */
	const char *verdict;	  /* in one sentence */
	const char **notes;	  /* what else was found, a sentence each */
	size_t note_count;
};

/*
 * Find out. Enters nodes: the caller ends in one of their networks. The lab's user namespace must
 * have been joined (lab_enter_users()). Returns 0, also where the way is broken, or less with *err.
 */
int explain(const struct explain_request *request, struct arena *arena,
	    struct explanation *explanation, struct error *err);

/* The verdict and the notes, and the hops that packets took, as 1 to n lines for a report. */
const char **explain_lines(const struct explanation *explanation, struct arena *arena,
			   size_t *count);

#endif
