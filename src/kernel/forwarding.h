/* SPDX-License-Identifier: MIT */
/* Routes and neighbours of the network namespace that the caller is in, read as they are now. */
#ifndef KERNEL_FORWARDING_H
#define KERNEL_FORWARDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topology/model.h"

struct arena;
struct error;

struct forwarding_hop {
	struct address via; /* AF_UNSPEC: directly */
	uint32_t index;	    /* of the interface; 0: none */
};

struct forwarding_route {
	struct address destination; /* length 0: default */
	uint32_t table, metric, protocol;
	uint8_t type; /* RTN_UNICAST and the like */
	struct forwarding_hop *hops;
	size_t hop_count;
};

struct forwarding_neighbour {
	struct address address;
	uint32_t index;
	uint8_t mac[6];
};

/* The routes of all tables but the kernel's own (local); what was only cached is left out. */
int forwarding_routes(struct arena *arena, struct forwarding_route **routes, size_t *count,
		      struct error *err);

/* The neighbours whose MAC address is known. */
int forwarding_neighbours(struct arena *arena, struct forwarding_neighbour **list, size_t *count,
			  struct error *err);

#endif
