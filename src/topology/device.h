/* SPDX-License-Identifier: MIT */
/* Devices that a node has beside its cables: bridges, bonds, tunnels and their like. */
#ifndef TOPOLOGY_DEVICE_H
#define TOPOLOGY_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "topology/feature.h"
#include "topology/model.h"

struct map;

enum device_kind {
	DEVICE_DUMMY,
	DEVICE_BRIDGE,
	DEVICE_BOND,
	DEVICE_VRF,
	DEVICE_VLAN,
	DEVICE_MACVLAN,
	DEVICE_IPVLAN,
	DEVICE_VXLAN,
	DEVICE_GRE,
	DEVICE_GRETAP,
	DEVICE_IP6GRE,
	DEVICE_IP6GRETAP,
	DEVICE_IPIP,
	DEVICE_SIT,
	DEVICE_IP6TNL,
	DEVICE_WIREGUARD,
	DEVICE_TUN,
	DEVICE_TAP,
	DEVICE_KINDS,
};

/* A set of kinds: DEVICE(VLAN) | DEVICE(VXLAN). */
#define DEVICE(kind) (1U << DEVICE_##kind)

enum device_trait {
	DEVICE_HAS_PORTS = 1 << 0, /* interfaces are its ports */
	DEVICE_SITS = 1 << 1,	   /* on one interface, which must be given */
	DEVICE_MAY_SIT = 1 << 2,   /* on one interface, where one is given */
	DEVICE_ETHERNET = 1 << 3,  /* has a MAC address of its own */
	DEVICE_TUNNEL = 1 << 4,	   /* its addresses are reached through others: names last */
	DEVICE_CALLS = 1 << 5,	   /* does nothing without a `remote` */
	DEVICE_OVER_IPV4 = 1 << 6, /* which packets of its own it is carried by */
	DEVICE_OVER_IPV6 = 1 << 7,
};

/* One row a kind. */
struct device_row {
	const char *word;     /* in the file, and as ip(8) calls it */
	const char *kind;     /* as the kernel calls it */
	const char *title;    /* for messages: "a bridge" */
	enum feature feature; /* of the kernel, that it needs */
	unsigned traits;
};

extern const struct device_row device_rows[DEVICE_KINDS];

/* The kind of that word; DEVICE_KINDS where it is none. */
enum device_kind device_kind_of(const char *word);

/* One of a few words that a key takes, and what the kernel calls it. */
struct choice {
	const char *key, *word;
	unsigned devices; /* set of kinds */
	uint32_t value;
};

/* All of them; ends with a row without a key. */
extern const struct choice device_choices[];

/* What a device of that kind has where the file does not have the key; NULL: it takes no such key.
 */
const struct choice *device_default(const char *key, enum device_kind kind);

/* One end of a tunnel. */
struct endpoint {
	const char *text; /* in the file: an address, NODE or NODE:INTERFACE */
	struct place place;
	struct address address; /* AF_UNSPEC: none */
};

/* Whom a wireguard device speaks to. */
struct peer {
	const char *name; /* of its node */
	struct place place;
	struct interface *interface; /* the wireguard device of that node that speaks to this one */
	struct address endpoint;     /* AF_UNSPEC: it is the peer that calls */
	const char *endpoint_text;   /* in the file, "none" included; NULL: the node's address */
	uint32_t keepalive;	     /* seconds; 0: never */
	struct address *allowed;     /* what is routed to it, and taken from it */
	size_t allowed_count;
};

struct device {
	enum device_kind kind;
	struct interface *interface;
	struct interface **lower; /* its ports, or the one it sits on */
	size_t lower_count;
	const char *const *words; /* of the file, until they are understood; ends with NULL */

	struct bridge bridge;			 /* of a bridge */
	const struct choice *mode, *hash, *lacp; /* of a bond; mode of a macvlan, an ipvlan */
	struct interface *primary;		 /* of a bond; NULL: any */
	const struct choice *protocol;		 /* of a vlan */
	uint32_t id;				 /* of a vlan or a vxlan; 0: not given */
	uint32_t table;				 /* of routes, of a vrf */
	uint32_t port;				 /* of UDP, of a vxlan or a wireguard */
	uint32_t ttl, key;			 /* key: 0 for none */
	bool learning;				 /* of a vxlan */
	struct endpoint local, group;		 /* of a tunnel; group of a vxlan */
	struct endpoint *remotes;		 /* more than one: of a vxlan */
	size_t remote_count;
	struct peer *peers;	   /* of a wireguard */
	struct map *peers_by_name; /* name -> its place in that list; NULL: there are none */
	size_t peer_count;
	uint32_t number; /* of a wireguard, among all of the lab, from 0 */
};

/* Does the interface have such a trait? What is no device has none. */
bool device_has(const struct interface *interface, enum device_trait trait);

/* Is the interface a device of that kind? */
bool device_is(const struct interface *interface, enum device_kind kind);

/* The peer of that name, or NULL. */
struct peer *device_peer(const struct device *device, const char *name);

/* The vrf that the interface is in, NULL for none. */
struct interface *interface_vrf(const struct interface *interface);

/*
 * In which turn a node is spoken to by the interface's addresses: 0, those that are reached the
 * plain way; 1, lo's; 2, those behind a tunnel.
 */
int interface_rank(const struct interface *interface);

#endif
