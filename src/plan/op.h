/* SPDX-License-Identifier: MIT */
/* One operation of a plan, as data: what is done, where, to what. */
#ifndef PLAN_OP_H
#define PLAN_OP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/qdisc.h"
#include "topology/model.h"

enum op_kind {
	OP_NODE,    /* clone the process that holds the node's namespaces */
	OP_PRIVATE, /* make a folder of the machine's the node's own */
	OP_FILES,   /* lay a tree of files over / of the node */
	OP_VETH,    /* a cable: both ends, each directly in its own node */
	OP_SYSCTL,  /* write below /proc/sys of the node */
	OP_BRIDGE,  /* make br0 of a switch, which forwards nothing yet */
	OP_ALTNAME, /* give an interface a second, long name */
	OP_DEVICE,  /* make a device of a node */
	OP_PORT,    /* plug an interface into the bridge, bond or vrf of its node */
	OP_SETTING, /* VLANs, costs and the like of a port of a bridge */
	OP_FLOOD,   /* add one of several far ends of a vxlan */
	OP_KEY,	    /* make the key of a wireguard device, and let its peers know the public half */
	OP_PEER,    /* tell a wireguard device of a peer */
	OP_QDISC,   /* let an interface delay, lose or hold back what it sends */
	OP_NO_QDISC, /* take that away again; of a running lab alone */
	OP_ADDRESS,  /* put an address on an interface */
	OP_UP,	     /* set an interface up */
	OP_DOWN,     /* set an interface down */
	OP_FORWARD,  /* set br0 of a switch up: it forwards */
	OP_ROUTE,    /* add a route */
	OP_LABEL,    /* add a route of an MPLS label */
	OP_SID,	     /* add a segment of the node's own (SRv6) */
	OP_CONFIG,   /* write a configuration file of the node's own */
	OP_AWAIT,    /* wait until all that another node starts is ready */
	OP_RUN,	     /* run a start-up command of the file, and wait for its end */
	OP_SCRIPT,   /* run a script likewise */
	OP_SERVICE,  /* start a service, and wait until it is ready */
};

/* Who carries an operation out, and when. A plan's operations are ordered by it. */
enum op_phase {
	PHASE_NODES,   /* workers, first */
	PHASE_FILES,   /* each node itself, beside the next four: what it has of files */
	PHASE_PREPARE, /* workers, before any cable exists: what cables inherit (sysctls of all and
			  default), br0 */
	PHASE_WIRING,  /* the keeper, when all nodes are prepared */
	PHASE_CONFIGURE, /* workers, when all cables exist */
	PHASE_FORWARD,	 /* workers, when all nodes are configured */
	PHASE_START,	 /* each node itself, when all switches forward */
};

struct op {
	enum op_kind kind;
	const struct node *node; /* in whose namespaces; for OP_VETH the node of the first end */
	union {
		struct {
			const struct interface *ends[2];
		} veth;
		struct {
			const char *path; /* below /proc/sys */
			const char *value;
			bool optional; /* a kernel without it is no failure (IPv6 switched off) */
			struct place place; /* line 0 where no line of the file asks for it */
		} sysctl;
		const struct bridge *bridge;
		const struct interface *
			interface; /* ALTNAME, DEVICE, PORT, SETTING, KEY, UP, DOWN */
		struct {
			const struct interface *interface;
			const struct address *remote;
		} flood;
		struct {
			const struct interface *interface;
			const struct peer *peer;
		} peer;
		const struct label_route *label;
		const struct sid *sid;
		struct {
			const struct interface *interface;
			const struct impairment *impairment; /* the whole; of it, this: */
			enum qdisc_kind kind;
		} qdisc;
		struct {
			const struct interface *interface;
			const struct address *address;
		} address;
		const struct route *route;
		const struct config *config;
		const struct after *after;
		const struct command *command; /* RUN, SCRIPT, SERVICE */
		const char *path;	       /* PRIVATE, FILES */
	};
};

enum op_phase op_phase(const struct op *op);

/* Is the address given the broadcast address of its network, as distributions do? */
bool address_has_broadcast(const struct address *address, const struct interface *interface);

/* What the interface is, or is to be, a port of. */
const char *master_name(const struct interface *interface);
uint32_t master_index(const struct interface *interface);

/* Is the device not made by netlink, but by opening /dev/net/tun? */
bool device_is_opened(const struct interface *interface);

/* "unicast", "blackhole", ... as ip(8) calls it. */
const char *route_type_name(enum route_type type);

/*
 * What the operation is for, in words that follow "cannot " in an error and read well in a plan:
 * "create link core (r1:eth1 - r2:eth0)", "add address 10.0.0.1/24 to r1:eth0". Returns buffer.
 */
#define OP_TEXT_SIZE 512
const char *op_text(const struct op *op, char buffer[OP_TEXT_SIZE]);

/* The same as said in the node itself: "add address 10.0.0.1/24 to eth0". */
const char *op_text_inside(const struct op *op, char buffer[OP_TEXT_SIZE]);

#endif
