/* SPDX-License-Identifier: MIT */
/* The model of a lab: what its file says, checked, complete and passive. */
#ifndef TOPOLOGY_MODEL_H
#define TOPOLOGY_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "topology/feature.h"
#include "topology/files.h"
#include "topology/routing.h"

struct after;
struct command;
struct config;
struct device;
struct impaired;
struct map;
struct node;
struct segment;
struct unit;
struct sid;
struct srv6_path;
struct static_routing;
struct variable;
struct test;

/* An address with the length of its prefix, or a prefix (host bits zero). Network byte order. */
struct address {
	uint8_t family; /* AF_INET, AF_INET6; AF_UNSPEC: none */
	uint8_t length; /* of the prefix, in bits */
	uint8_t bytes[16];
};

enum interface_kind {
	INTERFACE_LOOPBACK, /* lo: every node has one, first in its list */
	INTERFACE_VETH,	    /* one end of a cable */
	INTERFACE_DEVICE,   /* made by the node alone: topology/device.h */
};

/* VLANs from `first` to `last`. */
struct vlan_range {
	uint16_t first, last;
};

/* The VLANs of a port, for a comparison. */
struct vlan_set {
	uint16_t native;	     /* of untagged frames, both ways; 0: none */
	uint32_t members[4096 / 32]; /* a bit for each, the native one too */
};

/* How the port of a switch is set, where the file says something about it. */
struct port {
	struct place place; /* of the first key about it */
	bool vlans;	    /* it says which VLANs it is in: */
	unsigned keys;	    /* by which keys, PORT_... or-ed */
	uint32_t native;    /* the VLAN of untagged frames; 0: they are dropped */
	struct vlan_range *tagged;
	size_t tagged_count;
	uint32_t cost;	   /* of STP; 0: the kernel's, by speed */
	uint32_t priority; /* of STP, 0 to 63 */
	bool isolated;	   /* from other isolated ports */
	bool suppress;	   /* answers ARP and ND for what EVPN has learnt */
};
#define PORT_VLAN     (1U << 0)
#define PORT_TRUNK    (1U << 1)
#define PORT_NATIVE   (1U << 2)
#define PORT_PRIORITY 32 /* the kernel's default */
#define VLAN_DEFAULT  1	 /* of a port that says nothing, in a switch that has VLANs */
#define VLAN_LAST     4094

/* Whether nslab chooses addresses for an interface where the file gives it none. */
enum numbering {
	NUMBERING_DEFAULT, /* where it leads to others */
	NUMBERING_AUTO,	   /* in any case */
	NUMBERING_NONE,
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
	struct place *address_places; /* where each of them is given */
	size_t address_count;
	enum numbering numbering;
	uint32_t metric; /* of a way over it, for computed routes; 0: METRIC_DEFAULT */
	uint8_t mac[6];	 /* always set (but lo): from the file, else from node number and index */
	uint32_t mtu;	 /* bytes; 0: the kernel's default */
	uint32_t index;	 /* the kernel's interface index in its node: lo is 1 */
	struct device *device; /* of an INTERFACE_DEVICE, else NULL */
	struct interface *
		master;	   /* the bridge, bond or vrf of the node whose port it is, or NULL */
	struct port *port; /* in a switch, or a port of a node's bridge; NULL: nothing is set */
	bool mpls;	   /* takes packets with labels */
	bool srv6;	   /* takes packets with a segment routing header */
	struct impaired *impaired; /* what becomes of the packets that it sends; NULL: nothing */
};

#define METRIC_DEFAULT 1
#define IPV6_MTU_LEAST 1280 /* RFC 8200: the kernel switches IPv6 off below */

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

#define LABELS_MOST 8 /* in one route */

struct route {
	const char *name; /* of route.NAME; "gateway" for a gateway */
	struct place place;
	enum route_type type;
	struct address destination; /* length 0: default */
	struct next_hop *hops;	    /* more than one: equal-cost ways */
	size_t hop_count;
	uint32_t metric;	      /* 0: the kernel's default */
	struct interface *vrf;	      /* whose table it is in; NULL: the main one */
	uint32_t labels[LABELS_MOST]; /* MPLS labels that are put on, the outermost first */
	size_t label_count;
	const struct srv6_path *path; /* segments that are put on; NULL: none (topology/srv6.h) */
};

/* What is done with packets of an MPLS label. */
struct label_route {
	const char *name; /* of mpls.NAME */
	struct place place;
	uint32_t label;
	struct next_hop hop;	   /* the interface is always set; lo: the packet is for the node */
	uint32_t out[LABELS_MOST]; /* the labels in its place; none: it is taken off */
	size_t out_count;
};

struct sysctl {
	const char *name; /* as the file has it: net.ipv4.tcp_ecn */
	const char *path; /* below /proc/sys, with slashes: net/ipv4/tcp_ecn */
	const char *value;
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

/* What all processes of a node together may take; 0: there is no limit. */
struct limits {
	uint64_t memory; /* bytes */
	uint32_t cpus;	 /* thousandths of a processor */
	uint32_t pids;	 /* processes */
	struct place place;
};

#define BRIDGE_NAME "br0" /* of every switch */

/* Groups of the link alone that a bridge forwards all the same: bits of group_fwd_mask. */
#define FORWARD_STP   (1U << 0x0)
#define FORWARD_LACP  (1U << 0x2)
#define FORWARD_8021X (1U << 0x3)
#define FORWARD_LLDP  (1U << 0xe)

/* The bridge of a switch, or of a node. Times in seconds. */
struct bridge {
	bool stp;
	uint32_t priority; /* of STP, in steps of 4096: the lowest is the root */
	bool snooping;	   /* multicast goes only where somebody asked for it */
	bool vlans;	   /* its ports are in VLANs */
	uint32_t groups;   /* that are forwarded, FORWARD_... or-ed */
	bool hub;	   /* floods every frame: learns nothing */
	uint32_t ageing;   /* of what it has learnt */
	uint32_t index;	   /* interface index of br0 */
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
	struct route *routes; /* of the file in its order, then computed ones */
	size_t route_count;
	bool auto_gateway; /* the router that is next to it */
	struct place gateway_place;
	struct sysctl *sysctls; /* in file order */
	size_t sysctl_count;
	struct files files;
	struct paths privates; /* beside /etc, /var and /run, which always are */
	uint64_t disk;	       /* bytes; 0: DISK_DEFAULT */
	struct place disk_place;
	struct name_server *servers; /* dns, in file order: names of nodes or addresses */
	size_t server_count;
	struct command *commands; /* run.NAME, script and service.NAME, in file order */
	size_t command_count;
	struct routing routing[SUITES]; /* `frr` and `bird`, which commands and configs have */
	struct config *configs;
	size_t config_count;
	struct variable *variables; /* env.NAME, in file order */
	size_t variable_count;
	struct after *afters; /* `after`: whom its commands wait for */
	size_t after_count;
	struct limits limits;
	struct bridge bridge;	    /* of a NODE_SWITCH */
	struct interface **devices; /* each behind what it sits on */
	size_t device_count;
	struct label_route *labels; /* mpls.NAME, in file order */
	size_t label_count;
	struct sid *sids; /* sid.NAME, in file order */
	size_t sid_count;
};
#define AGEING_DEFAULT	300   /* seconds: the kernel's, and IEEE 802.1Q's */
#define BRIDGE_PRIORITY 32768 /* the kernel's default, and IEEE 802.1D's */

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

/* From where the addresses of a segment, or of a VLAN in it, come that the file does not give. */
struct segment_subnet {
	struct address prefix;
	uint32_t vlan; /* 0: of frames without a tag */
	struct place place;
};

struct segment {
	enum segment_kind kind;
	const char *name;
	struct place place;	 /* of its section, else of its first use */
	struct interface **ends; /* in file order; of a switch: what is plugged in, not its ports */
	size_t end_count;
	struct node *node; /* of the switch, or of the stubs; NULL for a link */
	struct segment_subnet *subnets;
	size_t subnet_count;
	uint32_t mtu; /* of a link's ends that have none of their own; they have it by now */
	struct impaired *impaired;    /* of a link, both directions; its ends have it by now */
	struct direction *directions; /* of a link, one direction; likewise */
	size_t direction_count;
};

struct topology {
	const char *name;   /* of the lab */
	const char *file;   /* as the user named it */
	const char *domain; /* whose names nodes have too; NULL: none */
	struct files files; /* for all nodes, below their own */
	struct node *nodes; /* hosts and switches in file order, the stubs last */
	size_t node_count;
	struct segment *segments; /* in order of declaration or first use */
	size_t segment_count;
	struct address *pools; /* from which subnets are cut for segments without one */
	size_t pool_count;
	struct place pools_place;
	bool static_routing;		       /* routes to all prefixes of the lab are computed: */
	const struct static_routing *computed; /* NULL: not. topology/static_routing.h */
	struct map *nodes_by_name;	       /* name -> struct node * */
	size_t link_count;	/* of cables: what `list` shows as links (stubs not counted) */
	size_t wireguard_count; /* of wireguard devices */
	uint32_t timeout;	/* seconds, for what nodes run before the lab is up */
	struct test *tests;	/* in file order: topology/step.h */
	size_t test_count;
	int64_t within;		  /* how long a step waits to become true, in nanoseconds */
	const struct unit *units; /* what it was made of: topology/write.h */
	size_t unit_count;
	struct need *needs; /* of the kernel, in the order in which they were found */
	size_t need_count;
};

bool limits_given(const struct limits *limits);

/* The node of that name (the stubs' never), or NULL. */
struct node *topology_node(const struct topology *topology, const char *name);

/* Does the file, or `gateway = auto`, give the node a default route outside of its vrfs? */
bool node_has_default(const struct node *node, int family);

/* The interface of that name, or alternative name, or NULL. */
struct interface *node_interface(const struct node *node, const char *name);

/* "10.0.0.1/24" (or "10.0.0.1" with bare = true) into buffer, which is returned. */
#define ADDRESS_TEXT_SIZE 64
const char *address_text(const struct address *address, bool bare, char buffer[ADDRESS_TEXT_SIZE]);

/* Is `inner`'s address part of the network that `network` (an address with its length) lies in? */
bool address_in(const struct address *inner, const struct address *network);

/* The VLANs of a port as a set. */
void port_vlans(const struct port *port, struct vlan_set *set);

/* "02:00:00:01:00:02" into buffer, which is returned. */
#define MAC_TEXT_SIZE 18
const char *mac_text(const uint8_t mac[6], char buffer[MAC_TEXT_SIZE]);

#endif
