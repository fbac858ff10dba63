// SPDX-License-Identifier: MIT
// The table of the kinds of topologies that can be generated.
#include "generate/kinds.h"

#include <string.h>

#include "generate/shape.h"

const char *const ways_names[WAYS_COUNT] = {
	[WAYS_NONE] = "none",
	[WAYS_STATIC] = "static",
	[WAYS_OSPF] = "ospf",
	[WAYS_BGP] = "bgp",
};

/* Each router has a /24 of 10.0.0.0/8 for itself, the random ones of its lower half. */
#define ROUTERS_MOST 30000

const struct kind kinds[] = {
	{"line",
	 "ROUTERS",
	 "routers one behind the other",
	 {{"routers", 2, ROUTERS_MOST, 0}},
	 NULL,
	 WAYS_STATIC,
	 NULL,
	 write_line},
	{"ring",
	 "ROUTERS",
	 "routers in a circle",
	 {{"routers", 3, ROUTERS_MOST, 0}},
	 NULL,
	 WAYS_STATIC,
	 NULL,
	 write_ring},
	{"star",
	 "SPOKES",
	 "routers around one in the middle",
	 {{"spokes", 1, 4000, 0}},
	 NULL,
	 WAYS_STATIC,
	 NULL,
	 write_star},
	{"tree",
	 "DEPTH [FAN-OUT]",
	 "switches below switches, hosts at the lowest",
	 {{"levels", 1, 12, 0}, {"branches", 1, 1000, 2}},
	 tree_hosts,
	 WAYS_NONE,
	 refuse_tree,
	 write_tree},
	{"grid",
	 "COLUMNSxROWS",
	 "routers in columns and rows",
	 {{"columns", 2, 254, 0}, {"rows", 2, 254, 0}},
	 NULL,
	 WAYS_STATIC,
	 NULL,
	 write_grid},
	{"torus",
	 "COLUMNSxROWS",
	 "a grid whose edges are joined",
	 {{"columns", 3, 254, 0}, {"rows", 3, 254, 0}},
	 NULL,
	 WAYS_STATIC,
	 NULL,
	 write_torus},
	{"mesh",
	 "ROUTERS",
	 "routers each joined to each",
	 {{"routers", 2, 250, 0}},
	 NULL,
	 WAYS_STATIC,
	 NULL,
	 write_mesh},
	{"fat-tree",
	 "PORTS",
	 "a data centre of routers with so many ports each, in pods",
	 {{"ports", 2, 30, 0}},
	 fat_tree_hosts,
	 WAYS_STATIC,
	 refuse_fat_tree,
	 write_fat_tree},
	{"leaf-spine",
	 "SPINESxLEAVES",
	 "a data centre of two levels",
	 {{"spines", 1, 100, 0}, {"leaves", 1, 254, 0}},
	 leaf_hosts,
	 WAYS_STATIC,
	 NULL,
	 write_leaf_spine},
	{"random",
	 "ROUTERS [LINKS]",
	 "routers joined at random, by --seed, all of them connected",
	 {{"routers", 2, ROUTERS_MOST, 0}, {"links", 1, 1000000, UINT32_MAX}},
	 NULL,
	 WAYS_STATIC,
	 refuse_random,
	 write_random},
};

const size_t kind_count = sizeof(kinds) / sizeof(*kinds);

const struct kind *kind_find(const char *name)
{
	for (size_t i = 0; i < kind_count; i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}
