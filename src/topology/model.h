/* SPDX-License-Identifier: MIT */
/* The model of a lab: what its file says, checked, complete and passive. */
#ifndef TOPOLOGY_MODEL_H
#define TOPOLOGY_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "topology/feature.h"

struct impaired;
struct map;
struct node;
struct segment;

/* An address with the length of its prefix, or a prefix (host bits zero). Network byte order. */
struct address {
	uint8_t family; /* AF_INET, AF_INET6; AF_UNSPEC: none */
	uint8_t length; /* of the prefix, in bits */
	uint8_t bytes[16];
};

enum interface_kind {
	INTERFACE_LOOPBACK, /* lo: every node has one, first in its list */
	INTERFACE_VETH,	    /* one end of a cable */
};

struct interface {
	enum interface_kind kind;
	const char *name;
	const char *long_name; /* its alternative name where `name` had to be short, else NULL */
	struct place place;
	struct node *node;
	struct segment *segment; /* NULL for lo */
	struct interface *peer;	 /* the other end of its cable: in a node, a switch or the stubs */
	struct address *addresses;
	size_t address_count;
	uint8_t mac[6]; /* always set (but lo): from the file, else from node number and index */
	uint32_t mtu;	/* bytes; 0: the kernel's default */
	uint32_t index; /* the kernel's interface index in its node: lo is 1 */
	struct impaired *impaired; /* what becomes of the packets that it sends; NULL: nothing */
};

enum route_type {
	ROUTE_UNICAST,
	ROUTE_BLACKHOLE,
	ROUTE_UNREACHABLE,
	ROUTE_PROHIBIT,
};

struct next_hop {
	struct address via;	     /* AF_UNSPEC: directly on the interface */
	struct interface *interface; /* NULL: the kernel finds it through `via` */
};

struct route {
	const char *name; /* of route.NAME; "gateway" for a gateway */
	struct place place;
	enum route_type type;
	struct address destination; /* length 0: default */
	struct next_hop *hops;	    /* more than one: equal-cost ways */
	size_t hop_count;
	uint32_t metric; /* 0: the kernel's default */
};

struct sysctl {
	const char *path; /* below /proc/sys, with slashes: net/ipv4/tcp_ecn */
	const char *value;
	struct place place;
};

struct command {
	const char *name; /* of run.NAME */
	const char *text; /* for /bin/sh -c */
	bool may_fail;	  /* written with a leading "-": failure is a warning */
	struct place place;
};

/* What `isolate` names: which namespaces a node has for itself. The network is always one. */
enum isolation {
	ISOLATE_NET = 1 << 0,
	ISOLATE_UTS = 1 << 1,
	ISOLATE_MOUNT = 1 << 2,
	ISOLATE_PID = 1 << 3,
	ISOLATE_IPC = 1 << 4,
	ISOLATE_CGROUP = 1 << 5,
};
#define ISOLATE_DEFAULT (ISOLATE_NET | ISOLATE_UTS | ISOLATE_MOUNT | ISOLATE_PID)

enum node_kind {
	NODE_HOST,   /* a [node]: host or router */
	NODE_SWITCH, /* a [switch]: a namespace with the bridge br0 */
	NODE_STUBS,  /* the far ends of all stubs; there only if the file uses `stub`; not shown */
};

/* The bridge of a switch. Times in seconds. */
struct bridge {
	bool stp;
	bool hub;	 /* floods every frame: learns nothing */
	uint32_t ageing; /* of what it has learnt */
	uint32_t index;	 /* interface index of br0 */
	uint8_t mac[6];
};

struct node {
	enum node_kind kind;
	const char *name;
	struct place place;
	uint32_t number;  /* from 1, in file order: MAC addresses carry it */
	unsigned isolate; /* enum isolation, or-ed */
	bool forward;	  /* IPv4 and IPv6 */
	bool ipv6;
	struct interface *interfaces; /* by index: lo first */
	size_t interface_count;
	struct route *routes; /* gateways first, then route.NAME in file order */
	size_t route_count;
	struct sysctl *sysctls; /* in file order */
	size_t sysctl_count;
	struct command *commands; /* run.NAME, in file order */
	size_t command_count;
	struct bridge bridge; /* of a NODE_SWITCH */
};

enum segment_kind {
	SEGMENT_LINK,	/* a cable: exactly two ends */
	SEGMENT_SWITCH, /* all that is plugged into one switch */
	SEGMENT_STUB,	/* each end alone */
};

/* In the section of a link: what becomes of the packets that one of its ends sends. */
struct direction {
	const char *node, *key;
	struct place place;
	struct impaired *impaired;
};

struct segment {
	enum segment_kind kind;
	const char *name;
	struct place place;	 /* of its section, else of its first use */
	struct interface **ends; /* in file order; of a switch: what is plugged in, not its ports */
	size_t end_count;
	struct node *node; /* of the switch, or of the stubs; NULL for a link */
	uint32_t mtu;	   /* of a link's ends that have none of their own; they have it by now */
	struct impaired *impaired;    /* of a link, both directions; its ends have it by now */
	struct direction *directions; /* of a link, one direction; likewise */
	size_t direction_count;
};

struct topology {
	const char *name;   /* of the lab */
	const char *file;   /* as the user named it */
	struct node *nodes; /* hosts and switches in file order, the stubs last */
	size_t node_count;
	struct segment *segments; /* in order of declaration or first use */
	size_t segment_count;
	struct map *nodes_by_name; /* name -> struct node * */
	size_t link_count;	   /* of cables: what `list` shows as links (stubs not counted) */
	struct need *needs;	   /* of the kernel, in the order in which they were found */
	size_t need_count;
};

/* The node of that name (the stubs' never), or NULL. */
struct node *topology_node(const struct topology *topology, const char *name);

/* The interface of that name, or alternative name, or NULL. */
struct interface *node_interface(const struct node *node, const char *name);

/* "10.0.0.1/24" (or "10.0.0.1" with bare = true) into buffer, which is returned. */
#define ADDRESS_TEXT_SIZE 64
const char *address_text(const struct address *address, bool bare, char buffer[ADDRESS_TEXT_SIZE]);

/* Is `inner`'s address part of the network that `network` (an address with its length) lies in? */
bool address_in(const struct address *inner, const struct address *network);

/* "02:00:00:01:00:02" into buffer, which is returned. */
#define MAC_TEXT_SIZE 18
const char *mac_text(const uint8_t mac[6], char buffer[MAC_TEXT_SIZE]);

#endif
