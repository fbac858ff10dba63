// SPDX-License-Identifier: MIT
// Messages of devices that a node makes for itself, and of ports of bridges.
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include "kernel/draft.h"
#include "plan/attribute.h"
#include "topology/device.h"

void put_link_info(struct draft *draft, const char *kind, const struct attributes *attributes)
{
	struct nlattr *info = nest(draft, IFLA_LINKINFO), *data;

	put_string(draft, IFLA_INFO_KIND, kind);
	if (attributes->count) {
		data = nest(draft, IFLA_INFO_DATA);
		for (size_t i = 0; i < attributes->count; i++) {
			const struct attribute *attribute = &attributes->list[i];

			put(draft, attribute->type, attribute->data, attribute->size);
		}
		nest_end(draft, data);
	}
	nest_end(draft, info);
}

void encode_device(const struct op *op, struct draft *draft)
{
	static const uint8_t none[6];
	const struct interface *interface = op->interface;
	const struct device_row *row = &device_rows[interface->device->kind];
	struct ifinfomsg header = {.ifi_index = (int)interface->index};
	struct attributes attributes;

	put_family(draft, &header, sizeof(header));
	put_string(draft, IFLA_IFNAME, interface->name);
	if (memcmp(interface->mac, none, sizeof(none)) != 0)
		put(draft, IFLA_ADDRESS, interface->mac, sizeof(interface->mac));
	if (interface->mtu)
		put_u32(draft, IFLA_MTU, interface->mtu);
	if (row->traits & DEVICE_SITS)
		put_u32(draft, IFLA_LINK, interface->device->lower[0]->index);
	device_attributes(interface->device, &attributes);
	put_link_info(draft, row->kind, &attributes);
}

static void put_vlan(struct draft *draft, uint16_t vlan, uint16_t flags)
{
	struct bridge_vlan_info info = {.vid = vlan, .flags = flags};

	put(draft, IFLA_BRIDGE_VLAN_INFO, &info, sizeof(info));
}

static void put_vlans(struct draft *draft, const struct port *port)
{
	struct nlattr *list = nest(draft, IFLA_AF_SPEC);

	for (size_t i = 0; i < port->tagged_count; i++) {
		const struct vlan_range *range = &port->tagged[i];

		if (range->first == range->last) {
			put_vlan(draft, range->first, 0);
			continue;
		}
		put_vlan(draft, range->first, BRIDGE_VLAN_INFO_RANGE_BEGIN);
		put_vlan(draft, range->last, BRIDGE_VLAN_INFO_RANGE_END);
	}
	if (port->native)
		put_vlan(draft, (uint16_t)port->native,
			 BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED);
	nest_end(draft, list);
}

/* The bridge's own RTM_SETLINK (br_setlink() in net/bridge/br_netlink.c). */
void encode_setting(const struct op *op, struct draft *draft)
{
	const struct port *port = op->interface->port;
	struct ifinfomsg header = {.ifi_family = AF_BRIDGE, .ifi_index = (int)op->interface->index};
	struct nlattr *list;

	put_family(draft, &header, sizeof(header));
	list = nest(draft, IFLA_PROTINFO | NLA_F_NESTED);
	put_u8(draft, IFLA_BRPORT_ISOLATED, port->isolated);
	if (port->cost)
		put_u32(draft, IFLA_BRPORT_COST, port->cost);
	if (port->priority != PORT_PRIORITY)
		put_u16(draft, IFLA_BRPORT_PRIORITY, (uint16_t)port->priority);
	if (port->suppress)
		put_u8(draft, IFLA_BRPORT_NEIGH_SUPPRESS, 1);
	/* The port's mask may have LACP, which the bridge's own may not (br_private.h). */
	if (op->node->bridge.groups)
		put_u16(draft, IFLA_BRPORT_GROUP_FWD_MASK, (uint16_t)op->node->bridge.groups);
	nest_end(draft, list);
	if (op->node->bridge.vlans)
		put_vlans(draft, port);
}

/* What goes to an unknown MAC address, or to all, goes to each far end of the zero address. */
void encode_flood(const struct op *op, struct draft *draft)
{
	static const uint8_t zero[6];
	struct ndmsg header = {.ndm_family = AF_BRIDGE,
			       .ndm_ifindex = (int)op->flood.interface->index,
			       .ndm_state = NUD_NOARP | NUD_PERMANENT,
			       .ndm_flags = NTF_SELF};

	put_family(draft, &header, sizeof(header));
	put(draft, NDA_LLADDR, zero, sizeof(zero));
	put_address(draft, NDA_DST, op->flood.remote);
}
