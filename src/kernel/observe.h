/* SPDX-License-Identifier: MIT */
/* What the kernel has: interfaces, addresses and queueing disciplines of the network namespace that
 * the caller is in. */
#ifndef KERNEL_OBSERVE_H
#define KERNEL_OBSERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topology/impairment.h"
#include "topology/model.h"

struct arena;
struct error;

/* Since the interface is there. */
struct counters {
	uint64_t packets, bytes, dropped;
};

struct observed_interface {
	const char *name;
	const char *kind; /* "veth", "bridge", ...; "" where the kernel names none (lo) */
	uint32_t index;
	uint32_t master; /* interface index of its bridge, bond or VRF; 0: none */
	uint8_t mac[6];
	uint32_t mtu;
	bool up;			/* administratively */
	bool silent;			/* ARP and neighbour discovery are off there */
	bool carrier;			/* something at the far end is up */
	struct counters sent, received; /* sent: dropped counts what the queue has lost too */
	const char *qdisc;     /* that it sends through: "netem", "noqueue", ...; "": not known */
	uint32_t qdisc_handle; /* of it, as the kernel has handles */
	bool qdisc_inner;      /* it has one below it */
	struct impairment impairment; /* what that does, where it is netem or tbf */
	const struct vlan_set *vlans; /* of a port of a bridge that has VLANs, else NULL */
	struct address *addresses;    /* IPv6 link-local ones included */
	size_t address_count;
};

/* All interfaces, by index; in the arena. */
int observe_interfaces(struct arena *arena, struct observed_interface **list, size_t *count,
		       struct error *err);

/* The one of that index in such a list, or NULL. */
const struct observed_interface *observed_find(const struct observed_interface *list, size_t count,
					       uint32_t index);

#endif
