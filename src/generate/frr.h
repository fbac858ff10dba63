/* SPDX-License-Identifier: MIT */
/* Configurations of FRR for the routers of a topology. */
#ifndef GENERATE_FRR_H
#define GENERATE_FRR_H

#include <stddef.h>

struct arena;
struct topology;

/* A file to be written beside the topology file. */
struct config_file {
	const char *name;
	const char *text;
};

/* One file for all routers: each speaks OSPF on the interfaces that it has of these. */
struct config_file *frr_ospf(const struct topology *topology, struct arena *arena, size_t *count);

/* One file for each: it is an autonomous system, and knows the numbers of its neighbours. */
struct config_file *frr_bgp(const struct topology *topology, struct arena *arena, size_t *count);

#endif
