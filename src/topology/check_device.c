// SPDX-License-Identifier: MIT
// Faults of devices: without a number, with that of another one, on an interface that is taken.
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "topology/build.h"
#include "topology/device.h"
#include "topology/settle.h"

/* The devices of a node, as they are checked against each other. */
struct rivals {
	struct build *build;
	struct map *devices; /* what can be there once -> the device that has it */
};

static void check_id(struct build *build, const struct device *device)
{
	const char *title = interface_title(build, device->interface);
	struct place place = device->interface->place;

	if (device->kind != DEVICE_VLAN && device->kind != DEVICE_VXLAN)
		return;
	if (!device->id)
		report_fault(&build->report, place, "%s has no number: %s.id is missing", title,
			     device->interface->name);
	else if (device->kind == DEVICE_VLAN && device->id > VLAN_LAST)
		report_fault(&build->report, place, "%s has the id %u; VLANs are 1 to 4094", title,
			     device->id);
}

static void check_bond(struct build *build, const struct device *device)
{
	if (device->primary && device->primary->master != device->interface)
		report_fault(&build->report, device->interface->place,
			     "%s: its primary %s is none of its ports",
			     interface_title(build, device->interface), device->primary->name);
}

static void check_mac(struct build *build, const struct interface *interface)
{
	static const uint8_t none[6];

	if (memcmp(interface->mac, none, sizeof(none)) != 0 &&
	    !device_has(interface, DEVICE_ETHERNET) && !device_is(interface, DEVICE_VLAN))
		report_fault(&build->report, interface->place, "%s has no MAC address of its own",
			     interface_title(build, interface));
}

/* The ends of a tunnel, by which the kernel tells it from others of its kind. */
static const char *ends_of(const struct device *device, struct arena *arena)
{
	char local[ADDRESS_TEXT_SIZE] = "", remote[ADDRESS_TEXT_SIZE] = "";

	if (!device->remote_count || !device->remotes[0].address.family)
		return NULL;
	address_text(&device->remotes[0].address, true, remote);
	if (device->local.address.family)
		address_text(&device->local.address, true, local);
	return arena_printf(arena, "%s %s %s %u %u", device_rows[device->kind].word, local, remote,
			    device->key, device->lower_count ? device->lower[0]->index : 0);
}

/* The family that a vxlan is carried by: the kernel has a port of each. */
static unsigned family_of(const struct device *device)
{
	if (device->remote_count)
		return device->remotes[0].address.family;
	return device->group.text ? device->group.address.family : device->local.address.family;
}

/* What of the device can be in its node once; NULL: nothing, or it is not known. */
static const char *identity(const struct device *device, struct arena *arena)
{
	switch (device->kind) {
	case DEVICE_VRF: return arena_printf(arena, "table %u", device->table);
	case DEVICE_VLAN:
		return device->id && device->lower_count
			       ? arena_printf(arena, "vlan %u %u %u", device->lower[0]->index,
					      device->protocol->value, device->id)
			       : NULL;
	case DEVICE_VXLAN:
		return device->id ? arena_printf(arena, "vxlan %u %u %u", device->id, device->port,
						 family_of(device))
				  : NULL;
	case DEVICE_WIREGUARD: return arena_printf(arena, "port %u", device->port);
	case DEVICE_GRE:
	case DEVICE_GRETAP:
	case DEVICE_IP6GRE:
	case DEVICE_IP6GRETAP:
	case DEVICE_IPIP:
	case DEVICE_SIT:
	case DEVICE_IP6TNL: return ends_of(device, arena);
	case DEVICE_DUMMY:
	case DEVICE_BRIDGE:
	case DEVICE_BOND:
	case DEVICE_MACVLAN:
	case DEVICE_IPVLAN:
	case DEVICE_TUN:
	case DEVICE_TAP:
	case DEVICE_KINDS: break;
	}
	return NULL;
}

/* "r1:vx2 has the id and the port of vx1 (line 3)" */
static void check_identity(struct rivals *rivals, struct device *device)
{
	static const char *const shared[DEVICE_KINDS] = {
		[DEVICE_VRF] = "has the table of",
		[DEVICE_VLAN] = "has the VLAN of",
		[DEVICE_VXLAN] = "has the id and the UDP port of",
		[DEVICE_WIREGUARD] = "has the UDP port of",
	};
	struct build *build = rivals->build;
	const char *key = identity(device, build->arena);
	const struct device *first = key ? map_add(rivals->devices, key, device) : NULL;
	bool keyed = device_rows[device->kind].feature == FEATURE_GRE ||
		     device_rows[device->kind].feature == FEATURE_GRETAP ||
		     device_rows[device->kind].feature == FEATURE_IP6GRE;

	if (first)
		report_fault(&build->report, device->interface->place, "%s %s %s (line %d)%s",
			     interface_title(build, device->interface),
			     shared[device->kind] ?: "has the ends of", first->interface->name,
			     first->interface->place.line,
			     keyed ? "; keys would tell them apart" : "");
}

/*
 * What the kernel takes neither for a port nor to sit on: br_add_if(), bond_enslave(),
 * vrf_add_slave(), vlan_check_real_dev(), macvlan_common_newlink(), ipvlan_link_new().
 */
#define NO_ETHERNET                                                                                \
	(DEVICE(GRE) | DEVICE(IP6GRE) | DEVICE(IPIP) | DEVICE(SIT) | DEVICE(IP6TNL) |              \
	 DEVICE(WIREGUARD) | DEVICE(TUN))
static const unsigned unfit[DEVICE_KINDS] = {
	[DEVICE_BRIDGE] = NO_ETHERNET | DEVICE(BRIDGE) | DEVICE(VRF) | DEVICE(IPVLAN),
	[DEVICE_BOND] = NO_ETHERNET | DEVICE(VRF) | DEVICE(IPVLAN),
	[DEVICE_VRF] = DEVICE(VRF),
	[DEVICE_VLAN] = NO_ETHERNET | DEVICE(VRF),
	[DEVICE_MACVLAN] = NO_ETHERNET | DEVICE(VRF),
	[DEVICE_IPVLAN] = NO_ETHERNET | DEVICE(VRF),
};

static void check_lower(struct build *build, const struct device *device)
{
	const struct device_row *row = &device_rows[device->kind];

	for (size_t i = 0; i < device->lower_count; i++) {
		const struct interface *lower = device->lower[i];

		if (lower->device && (unfit[device->kind] & 1U << lower->device->kind))
			report_fault(&build->report, device->interface->place,
				     row->traits & DEVICE_HAS_PORTS
					     ? "%s: %s is %s, which can be no port of %s"
					     : "%s: %s is %s, which can carry no %s",
				     interface_title(build, device->interface), lower->name,
				     device_rows[lower->device->kind].title,
				     row->traits & DEVICE_HAS_PORTS ? row->title : row->word);
	}
}

static bool takes_all(const struct device *device)
{
	return device->kind == DEVICE_MACVLAN && !strcmp(device->mode->word, "passthru");
}

/* Only one thing can take the packets of an interface (netdev_rx_handler_register()). */
static void say_taken(struct build *build, const struct device *device,
		      const struct interface *other)
{
	report_fault(&build->report, device->interface->place,
		     "%s: %s is taken by %s (line %d), %s, which leaves nothing for %s",
		     interface_title(build, device->interface), device->lower[0]->name, other->name,
		     other->place.line, device_rows[other->device->kind].title,
		     device_rows[device->kind].title);
}

static void check_taken(struct rivals *rivals, struct device *device)
{
	struct build *build = rivals->build;
	const struct interface *lower, *master;
	const struct device *first;

	if ((device->kind != DEVICE_MACVLAN && device->kind != DEVICE_IPVLAN) ||
	    !device->lower_count)
		return;
	lower = device->lower[0];
	master = lower->master;
	first = map_add(rivals->devices, arena_printf(build->arena, "on %u", lower->index), device);
	if (master && !device_is(master, DEVICE_VRF))
		say_taken(build, device, master);
	else if (first && first->kind != device->kind)
		say_taken(build, device, first->interface);
	else if (first && (takes_all(first) || takes_all(device)))
		report_fault(&build->report, device->interface->place,
			     "%s: %s has %s (line %d) already; one of mode passthru is alone on an "
			     "interface",
			     interface_title(build, device->interface), lower->name,
			     first->interface->name, first->interface->place.line);
	else if (first && first->kind == DEVICE_IPVLAN && first->mode != device->mode)
		report_fault(&build->report, device->interface->place,
			     "%s has the mode %s, but %s (line %d) the mode %s; all on one "
			     "interface have the same",
			     interface_title(build, device->interface), device->mode->word,
			     first->interface->name, first->interface->place.line,
			     first->mode->word);
}

static void check_device(struct rivals *rivals, struct device *device)
{
	struct build *build = rivals->build;

	check_lower(build, device);
	check_taken(rivals, device);
	if (!build->partial[device->interface->node->number])
		check_id(build, device);
	check_identity(rivals, device);
	check_bond(build, device);
	check_mac(build, device->interface);
}

void check_devices(struct build *build, const struct node *node)
{
	struct rivals rivals = {build, map_new(build->arena)};

	for (size_t i = 1; i < node->interface_count; i++)
		if (node->interfaces[i].device)
			check_device(&rivals, node->interfaces[i].device);
}
