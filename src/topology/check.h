/* SPDX-License-Identifier: MIT */
/* Faults that only the whole model shows. */
#ifndef TOPOLOGY_CHECK_H
#define TOPOLOGY_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address;
struct build;
struct interface;
struct map;
struct node;
struct reach;
struct route;
struct report;
struct segment;
struct topology;

/* Ends of links, ports of switches, what nodes allow. */
void check_wiring(struct build *build);
void check_nodes(struct build *build);

/* What the checks of addresses and routes look things up in. */
struct ground {
	struct build *build;
	size_t *roots;	     /* by segment: one of those that switches join with it */
	struct map *numbers; /* what of layer 2 an interface leads to -> its place in domains */
	size_t *domains;     /* one of those that bridges of nodes join with it */
	size_t domain_count;
	bool vrfs;	       /* there are some: addresses may well be there twice */
	bool open;	       /* a bridge has a port that leads nobody knows where */
	struct map *addresses; /* "DOMAIN ADDRESS" -> the interface that has it */
	struct map *of_nodes;  /* "NODE ADDRESS" -> the same, lo's too */
	struct map *anywhere;  /* "0 ADDRESS" -> the same; not lo's: there it is anycast */
	struct map *subnets;   /* "NODE.INTERFACE SUBNET" and "NODE.0 SUBNET" -> interface */
	struct map *routes;    /* "NODE DESTINATION METRIC" -> route */
};

/* Nodes that wait for each other in a circle. */
void check_start(struct build *build);

/* Scripts that are not there; `folder` is that of the file. */
void check_scripts(struct build *build);

/* Trees of files that cannot be laid, and private folders that are not there. */
void check_files(struct build *build);

/* Is it the machine that fails, and not a file that is not there, not open to us, or no file? */
bool is_machines(int number);

/* Addresses and MACs; then, by the next two, subnets and routes. */
void check_addresses(struct build *build);
void check_subnets(struct ground *ground);
void check_routes(struct ground *ground, struct node *node);

/* Of the last: what is done with labels and segments, and the interface of a route with segments.
 */
void check_labels(struct reach *reach);
void check_sids(struct reach *reach);
void settle_path(struct reach *reach, struct route *route);

/* Find the networks of layer 2, once devices and ports of switches are settled. */
struct ground *ground_new(struct build *build);

/* The network of layer 2 that an interface is in; GROUND_NONE: one with no other interface. */
#define GROUND_NONE ((size_t)-1)
size_t ground_domain(struct ground *ground, const struct interface *interface);

/* That of a segment, or of a VLAN there; GROUND_NONE: no interface of a node is in it. */
size_t ground_vlan_domain(struct ground *ground, const struct segment *segment, uint32_t vlan);

/* The name of the segment that the interface leads to. */
const char *ground_segment(const struct interface *interface);

/* A number for the interface's node, or of its vrf there: within it an address is there once. */
size_t ground_node(const struct interface *interface);

/* What stands for any interface in ground_subnet_key(): of a vrf, or outside of them all (NULL). */
size_t ground_any(const struct interface *vrf);

#define GROUND_KEY_SIZE 128
const char *ground_address_key(char buffer[GROUND_KEY_SIZE], size_t domain,
			       const struct address *address);
/* The subnet that an address is in; `index` is of an interface, or ground_any(). */
const char *ground_subnet_key(char buffer[GROUND_KEY_SIZE], const struct node *node, size_t index,
			      const struct address *address);

#endif
