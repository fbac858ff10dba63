/* SPDX-License-Identifier: MIT */
/* One hop of a packet: out by an interface, to the neighbour that takes it. Private to path_*.c. */
#ifndef LAB_PATH_HOP_H
#define LAB_PATH_HOP_H

#include "kernel/lookup.h"
#include "lab/path.h"

/* A packet under way. */
struct packet {
	struct path *path;
	struct address from, to;
	struct path_place at; /* the interface that it came in by: NULL at its beginning */
	uint32_t vrf;	      /* that it begins in; 0: none */
	struct looked_up found;
	struct path_place out;
	struct address next; /* hop: the gateway, or the destination itself */
};

static inline const char *packet_node(const struct packet *packet)
{
	return packet->at.node->file->name;
}

/*
 * Out of packet->out and across the segment, or the tunnel, to *next, which takes it in. False: the
 * way has been stopped.
 */
bool path_hop(struct packet *packet, struct path_place *next);

/* The way ends at packet->at, whose kernel has no route: say why, as far as it is known. */
bool path_no_route(struct packet *packet);

#endif
