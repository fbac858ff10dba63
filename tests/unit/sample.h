/* SPDX-License-Identifier: MIT */
/* A small model made by hand, with one of everything that an operation can be. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <arpa/inet.h>
#include <string.h>

#include "base/arena.h"
#include "topology/model.h"
#include "topology/start.h"

enum sample_node { R1, R2, H1, LAN1, STUBS, SAMPLE_NODES };
enum sample_segment { SEGMENT_LAN1, SEGMENT_CORE, SEGMENT_FREE, SAMPLE_SEGMENTS };

static inline struct address sample_address(const char *text, uint8_t length)
{
	struct address address = {.length = length};

	address.family = strchr(text, ':') ? AF_INET6 : AF_INET;
	inet_pton(address.family, text, address.bytes);
	return address;
}

static inline void sample_put(struct arena *arena, struct interface *interface, const char *text,
			      uint8_t length)
{
	struct address *address = array_push(arena, interface->addresses, interface->address_count);

	*address = sample_address(text, length);
}

static inline void sample_node(struct arena *arena, struct node *node, const char *name,
			       enum node_kind kind, uint32_t number, size_t interfaces)
{
	static const char *const names[] = {"lo", "eth0", "eth1"};

	node->kind = kind;
	node->name = name;
	node->number = number;
	node->isolate = ISOLATE_DEFAULT;
	node->ipv6 = true;
	node->interfaces = arena_alloc(arena, interfaces * sizeof(*node->interfaces));
	node->interface_count = interfaces;
	for (size_t i = 0; i < interfaces; i++) {
		struct interface *interface = &node->interfaces[i];

		interface->kind = i ? INTERFACE_VETH : INTERFACE_LOOPBACK;
		interface->name = names[i];
		interface->node = node;
		interface->index = (uint32_t)i + 1;
		if (i)
			memcpy(interface->mac,
			       (uint8_t[]){2, 0, 0, (uint8_t)number, 0, (uint8_t)(i + 1)}, 6);
	}
}

static inline void sample_cable(struct arena *arena, struct segment *segment, struct interface *a,
				struct interface *b)
{
	*array_push(arena, segment->ends, segment->end_count) = a;
	if (segment->kind == SEGMENT_LINK)
		*array_push(arena, segment->ends, segment->end_count) = b;
	a->segment = segment;
	b->segment = segment;
	a->peer = b;
	b->peer = a;
}

static inline struct route *sample_route(struct arena *arena, struct node *node, const char *name,
					 struct address destination)
{
	struct route *route = array_push(arena, node->routes, node->route_count);

	route->name = name;
	route->destination = destination;
	route->place = (struct place){.file = "sample.ini", .line = 7};
	return route;
}

static inline void sample_hop(struct arena *arena, struct route *route, const char *via,
			      struct interface *interface)
{
	struct next_hop *hop = array_push(arena, route->hops, route->hop_count);

	if (via)
		hop->via = sample_address(via, 0);
	hop->interface = interface;
}

static inline void sample_wire(struct arena *arena, struct topology *topology)
{
	struct node *n = topology->nodes;
	struct segment *s = topology->segments;

	s[SEGMENT_LAN1] =
		(struct segment){.kind = SEGMENT_SWITCH, .name = "lan1", .node = &n[LAN1]};
	s[SEGMENT_CORE] = (struct segment){.kind = SEGMENT_LINK, .name = "core"};
	s[SEGMENT_FREE] = (struct segment){.kind = SEGMENT_STUB, .name = "stub", .node = &n[STUBS]};
	sample_cable(arena, &s[SEGMENT_LAN1], &n[R1].interfaces[1], &n[LAN1].interfaces[1]);
	sample_cable(arena, &s[SEGMENT_LAN1], &n[H1].interfaces[1], &n[LAN1].interfaces[2]);
	sample_cable(arena, &s[SEGMENT_CORE], &n[R1].interfaces[2], &n[R2].interfaces[1]);
	sample_cable(arena, &s[SEGMENT_FREE], &n[H1].interfaces[2], &n[STUBS].interfaces[1]);
	n[LAN1].interfaces[1].name = "r1-eth0";
	n[LAN1].interfaces[2].name = "p2";
	n[LAN1].interfaces[2].long_name = "h1-with-a-very-long-name-eth0";
}

static inline void sample_configure(struct arena *arena, struct node *n)
{
	struct command *command = array_push(arena, n[H1].commands, n[H1].command_count);
	struct sysctl *sysctl;

	n[R1].forward = true;
	sample_put(arena, &n[R1].interfaces[0], "10.255.0.1", 32);
	sample_put(arena, &n[R1].interfaces[1], "10.0.1.1", 24);
	sample_put(arena, &n[R1].interfaces[1], "fd00:1::1", 64);
	sample_put(arena, &n[R1].interfaces[2], "10.0.12.1", 30);
	sample_put(arena, &n[R2].interfaces[1], "10.0.12.2", 30);
	sample_put(arena, &n[H1].interfaces[1], "10.0.1.10", 24);
	sample_put(arena, &n[H1].interfaces[1], "fd00:1::10", 64);
	sample_put(arena, &n[H1].interfaces[2], "192.0.2.1", 31);
	n[R1].interfaces[2].mtu = 1400;
	n[R2].interfaces[1].mtu = 1400;
	sample_hop(arena, sample_route(arena, &n[H1], "gateway", sample_address("0.0.0.0", 0)),
		   "10.0.1.1", NULL);
	sample_hop(arena, sample_route(arena, &n[H1], "gateway", sample_address("::", 0)),
		   "fd00:1::1", NULL);
	*command = (struct command){
		.key = "run.hello", .name = "hello", .text = "echo 'it''s' $HOME; exit 0"};
	sysctl = array_push(arena, n[H1].sysctls, n[H1].sysctl_count);
	*sysctl = (struct sysctl){"net.ipv4.conf.eth0.arp_ignore",
				  "net/ipv4/conf/eth0/arp_ignore",
				  "1",
				  {.file = "sample.ini", .line = 9}};
	sysctl = array_push(arena, n[H1].sysctls, n[H1].sysctl_count);
	*sysctl = (struct sysctl){"net.ipv4.tcp_rmem",
				  "net/ipv4/tcp_rmem",
				  "4096 100000 600000",
				  {.file = "sample.ini", .line = 10}};
	n[LAN1].bridge = (struct bridge){.stp = true,
					 .ageing = 300,
					 .priority = BRIDGE_PRIORITY,
					 .index = 4,
					 .mac = {2, 0, 0, 4, 0, 4}};
}

/* r1 and h1 on the switch lan1, r1 and r2 on the link core, h1:eth1 on a stub. */
static inline struct topology *sample_topology(struct arena *arena)
{
	struct topology *topology = arena_alloc(arena, sizeof(*topology));
	struct node *n = arena_alloc(arena, SAMPLE_NODES * sizeof(*n));

	topology->name = "sample";
	topology->file = "sample.ini";
	topology->nodes = n;
	topology->node_count = SAMPLE_NODES;
	topology->segments = arena_alloc(arena, SAMPLE_SEGMENTS * sizeof(*topology->segments));
	topology->segment_count = SAMPLE_SEGMENTS;
	sample_node(arena, &n[R1], "r1", NODE_HOST, 1, 3);
	sample_node(arena, &n[R2], "r2", NODE_HOST, 2, 2);
	sample_node(arena, &n[H1], "h1", NODE_HOST, 3, 3);
	sample_node(arena, &n[LAN1], "lan1", NODE_SWITCH, 4, 3);
	sample_node(arena, &n[STUBS], "stubs", NODE_STUBS, 5, 2);
	sample_wire(arena, topology);
	sample_configure(arena, n);
	return topology;
}

#endif
