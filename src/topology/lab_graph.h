/* SPDX-License-Identifier: MIT */
/* The lab as a graph of routers and subnets, for one family, and the prefixes at its vertices. */
#ifndef TOPOLOGY_LAB_GRAPH_H
#define TOPOLOGY_LAB_GRAPH_H

#include "topology/forest.h"
#include "topology/paths.h"

struct address;
struct build;
struct interface;
struct node;

/* What a port of the graph is in the model. */
struct lab_port {
	struct interface *interface;
	const struct address *address;
};

#define NO_ROUTER UINT32_MAX

struct lab_graph {
	struct graph graph;
	struct node **routers;	/* by number; also hosts with prefixes of their own behind them */
	uint32_t *numbers;	/* of them, by number of the node; NO_ROUTER: it is none */
	struct lab_port *ports; /* as graph.ports */
	struct forest forest;	/* of all prefixes; where each of its leaves is: */
	uint32_t *of_leaf, *places; /* vertices places[of_leaf[l]] to before of_leaf[l + 1] */
};

void lab_graph_start(struct lab_graph *lab, struct build *build, int family);

#endif
