/* SPDX-License-Identifier: MIT */
/* Faults that only the whole model shows. */
#ifndef TOPOLOGY_CHECK_H
#define TOPOLOGY_CHECK_H

#include <stddef.h>

struct address;
struct build;
struct interface;
struct map;
struct node;
struct segment;

/* Ends of links, ports of switches, what nodes allow. */
void check_wiring(struct build *build);
void check_nodes(struct build *build);

/* What the checks of addresses and routes look things up in. */
struct ground {
	struct build *build;
	/* By segment: one of those that form a network of layer 2 with it, the same for all. */
	size_t *domains;
	struct map *addresses; /* "DOMAIN ADDRESS" -> the interface that has it */
	struct map *of_nodes;  /* "NODE ADDRESS" -> the same, lo's too */
	struct map *anywhere;  /* "0 ADDRESS" -> the same; not lo's: there it is anycast */
	struct map *subnets;   /* "NODE.INTERFACE SUBNET" and "NODE.0 SUBNET" -> interface */
	struct map *routes;    /* "NODE DESTINATION METRIC" -> route */
};

/* Addresses and MACs; then, by the next two, subnets and routes. */
void check_addresses(struct build *build);
void check_subnets(struct ground *ground);
void check_routes(struct ground *ground, struct node *node);

void ground_find_domains(struct ground *ground);

/* The network of layer 2 that a segment is part of. */
size_t ground_domain(const struct ground *ground, const struct segment *segment);

#define GROUND_KEY_SIZE 128
const char *ground_address_key(char buffer[GROUND_KEY_SIZE], size_t domain,
			       const struct address *address);
/* The subnet that an address is in; interface 0 stands for any. */
const char *ground_subnet_key(char buffer[GROUND_KEY_SIZE], const struct node *node, size_t index,
			      const struct address *address);

#endif
