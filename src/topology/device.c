// SPDX-License-Identifier: MIT
// The table of the kinds of devices, and of the words that their keys take.
#include "topology/device.h"

#include <linux/if_bonding.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <string.h>

#define OVER_IPV4 (DEVICE_TUNNEL | DEVICE_MAY_SIT | DEVICE_CALLS | DEVICE_OVER_IPV4)
#define OVER_IPV6 (DEVICE_TUNNEL | DEVICE_MAY_SIT | DEVICE_CALLS | DEVICE_OVER_IPV6)

const struct device_row device_rows[DEVICE_KINDS] = {
	[DEVICE_DUMMY] = {"dummy", "dummy", FEATURE_DUMMY, "a dummy", DEVICE_ETHERNET},
	[DEVICE_BRIDGE] = {"bridge", "bridge", FEATURE_BRIDGE, "a bridge",
			   DEVICE_HAS_PORTS | DEVICE_ETHERNET},
	[DEVICE_BOND] = {"bond", "bond", FEATURE_BOND, "a bond",
			 DEVICE_HAS_PORTS | DEVICE_ETHERNET},
	[DEVICE_VRF] = {"vrf", "vrf", FEATURE_VRF, "a vrf", DEVICE_HAS_PORTS | DEVICE_ETHERNET},
	[DEVICE_VLAN] = {"vlan", "vlan", FEATURE_VLAN, "a vlan", DEVICE_SITS},
	[DEVICE_MACVLAN] = {"macvlan", "macvlan", FEATURE_MACVLAN, "a macvlan",
			    DEVICE_SITS | DEVICE_ETHERNET},
	[DEVICE_IPVLAN] = {"ipvlan", "ipvlan", FEATURE_IPVLAN, "an ipvlan", DEVICE_SITS},
	[DEVICE_VXLAN] = {"vxlan", "vxlan", FEATURE_VXLAN, "a vxlan",
			  DEVICE_MAY_SIT | DEVICE_ETHERNET | DEVICE_TUNNEL | DEVICE_OVER_IPV4 |
				  DEVICE_OVER_IPV6},
	[DEVICE_GRE] = {"gre", "gre", FEATURE_GRE, "a gre", OVER_IPV4},
	[DEVICE_GRETAP] = {"gretap", "gretap", FEATURE_GRETAP, "a gretap",
			   OVER_IPV4 | DEVICE_ETHERNET},
	[DEVICE_IP6GRE] = {"ip6gre", "ip6gre", FEATURE_IP6GRE, "an ip6gre", OVER_IPV6},
	[DEVICE_IP6GRETAP] = {"ip6gretap", "ip6gretap", FEATURE_IP6GRE, "an ip6gretap",
			      OVER_IPV6 | DEVICE_ETHERNET},
	[DEVICE_IPIP] = {"ipip", "ipip", FEATURE_IPIP, "an ipip", OVER_IPV4},
	[DEVICE_SIT] = {"sit", "sit", FEATURE_SIT, "a sit", OVER_IPV4},
	[DEVICE_IP6TNL] = {"ip6tnl", "ip6tnl", FEATURE_IP6TNL, "an ip6tnl", OVER_IPV6},
	[DEVICE_WIREGUARD] = {"wireguard", "wireguard", FEATURE_WIREGUARD, "a wireguard",
			      DEVICE_TUNNEL | DEVICE_OVER_IPV4 | DEVICE_OVER_IPV6},
	[DEVICE_TUN] = {"tun", "tun", FEATURE_TUN, "a tun", DEVICE_TUNNEL},
	[DEVICE_TAP] = {"tap", "tun", FEATURE_TUN, "a tap", DEVICE_ETHERNET},
};

enum device_kind device_kind_of(const char *word)
{
	int kind = 0;

	while (kind < DEVICE_KINDS && strcmp(device_rows[kind].word, word) != 0)
		kind++;
	return (enum device_kind)kind;
}

/* The first of a key is what a device has without the key. */
const struct choice device_choices[] = {
	{"mode", DEVICE(BOND), "active-backup", BOND_MODE_ACTIVEBACKUP},
	{"mode", DEVICE(BOND), "802.3ad", BOND_MODE_8023AD},
	{"mode", DEVICE(BOND), "balance-rr", BOND_MODE_ROUNDROBIN},
	{"mode", DEVICE(BOND), "balance-xor", BOND_MODE_XOR},
	{"mode", DEVICE(BOND), "broadcast", BOND_MODE_BROADCAST},
	{"hash", DEVICE(BOND), "layer2", BOND_XMIT_POLICY_LAYER2},
	{"hash", DEVICE(BOND), "layer2+3", BOND_XMIT_POLICY_LAYER23},
	{"hash", DEVICE(BOND), "layer3+4", BOND_XMIT_POLICY_LAYER34},
	{"lacp", DEVICE(BOND), "fast", 1},
	{"lacp", DEVICE(BOND), "slow", 0},
	{"mode", DEVICE(MACVLAN), "bridge", MACVLAN_MODE_BRIDGE},
	{"mode", DEVICE(MACVLAN), "private", MACVLAN_MODE_PRIVATE},
	{"mode", DEVICE(MACVLAN), "vepa", MACVLAN_MODE_VEPA},
	{"mode", DEVICE(MACVLAN), "passthru", MACVLAN_MODE_PASSTHRU},
	{"mode", DEVICE(IPVLAN), "l2", IPVLAN_MODE_L2},
	{"mode", DEVICE(IPVLAN), "l3", IPVLAN_MODE_L3},
	{"mode", DEVICE(IPVLAN), "l3s", IPVLAN_MODE_L3S},
	{"protocol", DEVICE(VLAN), "802.1q", ETH_P_8021Q},
	{"protocol", DEVICE(VLAN), "802.1ad", ETH_P_8021AD},
	{NULL, 0, NULL, 0},
};

const struct choice *device_default(const char *key, enum device_kind kind)
{
	const struct choice *choice = device_choices;

	while (choice->key && (strcmp(choice->key, key) != 0 || !(choice->devices & 1U << kind)))
		choice++;
	return choice->key ? choice : NULL;
}

bool device_has(const struct interface *interface, enum device_trait trait)
{
	return interface->device && (device_rows[interface->device->kind].traits & trait);
}

bool device_is(const struct interface *interface, enum device_kind kind)
{
	return interface->device && interface->device->kind == kind;
}

struct interface *interface_vrf(const struct interface *interface)
{
	if (device_is(interface, DEVICE_VRF))
		return interface->device->interface;
	return interface->master && device_is(interface->master, DEVICE_VRF) ? interface->master
									     : NULL;
}
