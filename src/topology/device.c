// SPDX-License-Identifier: MIT
// The table of the kinds of devices, and of the words that their keys take.
#include "topology/device.h"

#include <linux/if_bonding.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <string.h>

#include "base/map.h"

#define OVER_IPV4 (DEVICE_TUNNEL | DEVICE_MAY_SIT | DEVICE_CALLS | DEVICE_OVER_IPV4)
#define OVER_IPV6 (DEVICE_TUNNEL | DEVICE_MAY_SIT | DEVICE_CALLS | DEVICE_OVER_IPV6)

const struct device_row device_rows[DEVICE_KINDS] = {
	[DEVICE_DUMMY] = {"dummy", "dummy", "a dummy", FEATURE_DUMMY, DEVICE_ETHERNET},
	[DEVICE_BRIDGE] = {"bridge", "bridge", "a bridge", FEATURE_BRIDGE,
			   DEVICE_HAS_PORTS | DEVICE_ETHERNET},
	[DEVICE_BOND] = {"bond", "bond", "a bond", FEATURE_BOND,
			 DEVICE_HAS_PORTS | DEVICE_ETHERNET},
	[DEVICE_VRF] = {"vrf", "vrf", "a vrf", FEATURE_VRF, DEVICE_HAS_PORTS | DEVICE_ETHERNET},
	[DEVICE_VLAN] = {"vlan", "vlan", "a vlan", FEATURE_VLAN, DEVICE_SITS},
	[DEVICE_MACVLAN] = {"macvlan", "macvlan", "a macvlan", FEATURE_MACVLAN,
			    DEVICE_SITS | DEVICE_ETHERNET},
	[DEVICE_IPVLAN] = {"ipvlan", "ipvlan", "an ipvlan", FEATURE_IPVLAN, DEVICE_SITS},
	[DEVICE_VXLAN] = {"vxlan", "vxlan", "a vxlan", FEATURE_VXLAN,
			  DEVICE_MAY_SIT | DEVICE_ETHERNET | DEVICE_TUNNEL | DEVICE_OVER_IPV4 |
				  DEVICE_OVER_IPV6},
	[DEVICE_GRE] = {"gre", "gre", "a gre", FEATURE_GRE, OVER_IPV4},
	[DEVICE_GRETAP] = {"gretap", "gretap", "a gretap", FEATURE_GRETAP,
			   OVER_IPV4 | DEVICE_ETHERNET},
	[DEVICE_IP6GRE] = {"ip6gre", "ip6gre", "an ip6gre", FEATURE_IP6GRE, OVER_IPV6},
	[DEVICE_IP6GRETAP] = {"ip6gretap", "ip6gretap", "an ip6gretap", FEATURE_IP6GRE,
			      OVER_IPV6 | DEVICE_ETHERNET},
	[DEVICE_IPIP] = {"ipip", "ipip", "an ipip", FEATURE_IPIP, OVER_IPV4},
	[DEVICE_SIT] = {"sit", "sit", "a sit", FEATURE_SIT, OVER_IPV4},
	[DEVICE_IP6TNL] = {"ip6tnl", "ip6tnl", "an ip6tnl", FEATURE_IP6TNL, OVER_IPV6},
	[DEVICE_WIREGUARD] = {"wireguard", "wireguard", "a wireguard", FEATURE_WIREGUARD,
			      DEVICE_TUNNEL | DEVICE_OVER_IPV4 | DEVICE_OVER_IPV6},
	[DEVICE_TUN] = {"tun", "tun", "a tun", FEATURE_TUN, DEVICE_TUNNEL},
	[DEVICE_TAP] = {"tap", "tun", "a tap", FEATURE_TUN, DEVICE_ETHERNET},
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
	{"mode", "active-backup", DEVICE(BOND), BOND_MODE_ACTIVEBACKUP},
	{"mode", "802.3ad", DEVICE(BOND), BOND_MODE_8023AD},
	{"mode", "balance-rr", DEVICE(BOND), BOND_MODE_ROUNDROBIN},
	{"mode", "balance-xor", DEVICE(BOND), BOND_MODE_XOR},
	{"mode", "broadcast", DEVICE(BOND), BOND_MODE_BROADCAST},
	{"hash", "layer2", DEVICE(BOND), BOND_XMIT_POLICY_LAYER2},
	{"hash", "layer2+3", DEVICE(BOND), BOND_XMIT_POLICY_LAYER23},
	{"hash", "layer3+4", DEVICE(BOND), BOND_XMIT_POLICY_LAYER34},
	{"lacp", "fast", DEVICE(BOND), 1},
	{"lacp", "slow", DEVICE(BOND), 0},
	{"mode", "bridge", DEVICE(MACVLAN), MACVLAN_MODE_BRIDGE},
	{"mode", "private", DEVICE(MACVLAN), MACVLAN_MODE_PRIVATE},
	{"mode", "vepa", DEVICE(MACVLAN), MACVLAN_MODE_VEPA},
	{"mode", "passthru", DEVICE(MACVLAN), MACVLAN_MODE_PASSTHRU},
	{"mode", "l2", DEVICE(IPVLAN), IPVLAN_MODE_L2},
	{"mode", "l3", DEVICE(IPVLAN), IPVLAN_MODE_L3},
	{"mode", "l3s", DEVICE(IPVLAN), IPVLAN_MODE_L3S},
	{"protocol", "802.1q", DEVICE(VLAN), ETH_P_8021Q},
	{"protocol", "802.1ad", DEVICE(VLAN), ETH_P_8021AD},
	{NULL, NULL, 0, 0},
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

int interface_rank(const struct interface *interface)
{
	if (interface->kind == INTERFACE_LOOPBACK || device_is(interface, DEVICE_DUMMY))
		return 1;
	return device_has(interface, DEVICE_TUNNEL) ? 2 : 0;
}

struct interface *interface_vrf(const struct interface *interface)
{
	if (device_is(interface, DEVICE_VRF))
		return interface->device->interface;
	return interface->master && device_is(interface->master, DEVICE_VRF) ? interface->master
									     : NULL;
}

struct peer *device_peer(const struct device *device, const char *name)
{
	const size_t *place = device->peers_by_name ? map_get(device->peers_by_name, name) : NULL;

	return place ? &device->peers[*place] : NULL;
}
