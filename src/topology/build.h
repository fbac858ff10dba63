/* SPDX-License-Identifier: MIT */
/* A model under construction, as the files of this folder hand it on. */
#ifndef TOPOLOGY_BUILD_H
#define TOPOLOGY_BUILD_H

#include <stdbool.h>
#include <stddef.h>

#include "topology/model.h"
#include "topology/report.h"

struct ground;
struct map;
struct networks;

struct build {
	struct arena *arena;
	struct report report;
	struct topology *topology;
	const char
		*folder; /* of the file, where what it names lies; NULL: that is not looked for */
	struct map *segments; /* name -> struct segment */
	struct map *ports;    /* of switches: "lan/h1-eth0" -> struct interface */
	bool *partial; /* by node number: something of it could not be read, and that was said */
	struct ground *ground;	   /* networks of layer 2, when devices and ports are settled */
	struct networks *networks; /* likewise, with the interfaces that are on them */
	bool macs_given;	   /* does any interface have one of its own? */
};

/*
 * The segment of that name, made at its first use; `place` is then where. Room for all that a file
 * can use was made before, so that segments do not move.
 */
struct segment *build_segment(struct build *build, const char *name, struct place place);

/*
 * Note that what stands at `place` needs a feature of the kernel. `up` tries it before it builds
 * anything, and says where it is missing; `check` does not ask the kernel.
 */
void build_need(struct build *build, enum feature feature, const char *key, struct place place);

/* A path of the file's as this process reaches it: a relative one is in the file's folder. */
const char *build_beside(struct build *build, const char *path);

/* The folder of the nearest name, in the place of one that is not there; or NULL. */
const char *build_near_folder(struct build *build, const char *path);

/* The name that every file can use for an interface with nobody at its far end. */
#define STUB "stub"

/* What a bridge takes (the kernel's BR_MAX_PORTS, less port 0). */
#define BRIDGE_PORT_LIMIT 1023
/* Their indexes lie two apart (wire.c) and fit into 16 bits of a MAC address. */
#define NODE_INTERFACE_LIMIT 32000

/* Join the ends of all segments: peers, ports of switches, far ends of stubs, indexes, MACs. */
void wire(struct build *build);

/* Settle what sits on what: ports, the order of devices, VLANs of ports of switches. */
void settle_layers(struct build *build);

/* Settle what goes by addresses: name servers, far ends of tunnels, peers. */
void settle(struct build *build);

/*
 * Give each interface the impairments that its link, and its end of the link, has in the file,
 * under its own; after wire(). Says what cannot be together: jitter without delay.
 */
void wire_impairments(struct build *build);

/*
 * The node whose name is nearest to one that no node has, or NULL; but not `except`. `place` is
 * where that will be said: of all sections of a range it is looked for once.
 */
const char *near_node(struct build *build, struct place place, const char *name,
		      const struct node *except);

/* "r1:eth0" as it may be shown to the user. */
const char *interface_title(struct build *build, const struct interface *interface);

/* "10.0.0.1/24", or without its length. */
const char *address_title(struct build *build, const struct address *address, bool bare);

#endif
