// SPDX-License-Identifier: MIT
// What each kind of device is told when it is made: one encoder a kind.
#include "topology/device.h"

#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <linux/ip6_tunnel.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "plan/attribute.h"
#include "plan/bridge.h"

#define MII_INTERVAL 100 /* ms between two looks at the carrier of a bond's port */

static struct attribute *add(struct attributes *attributes, int type, const void *data, size_t size)
{
	struct attribute *attribute = &attributes->list[attributes->count++];

	*attribute = (struct attribute){.type = type, .size = size};
	memcpy(attribute->data, data, size);
	return attribute;
}

static void __attribute__((format(printf, 3, 4)))
say(struct attribute *attribute, const char *word, const char *format, ...)
{
	va_list args;

	attribute->word = word;
	va_start(args, format);
	vsnprintf(attribute->text, sizeof(attribute->text), format, args);
	va_end(args);
}

static struct attribute *add_u8(struct attributes *attributes, int type, uint8_t value)
{
	return add(attributes, type, &value, sizeof(value));
}

static struct attribute *add_u16(struct attributes *attributes, int type, uint16_t value)
{
	return add(attributes, type, &value, sizeof(value));
}

static struct attribute *add_u32(struct attributes *attributes, int type, uint32_t value)
{
	return add(attributes, type, &value, sizeof(value));
}

static void say_u8(struct attributes *attributes, int type, const char *word, uint8_t value)
{
	say(add_u8(attributes, type, value), word, "%u", value);
}

static void say_u32(struct attributes *attributes, int type, const char *word, uint32_t value)
{
	say(add_u32(attributes, type, value), word, "%u", value);
}

static void say_address(struct attributes *attributes, int type, const char *word,
			const struct address *address)
{
	char text[ADDRESS_TEXT_SIZE];

	if (address->family)
		say(add(attributes, type, address->bytes, address->family == AF_INET ? 4 : 16),
		    word, "%s", address_text(address, true, text));
}

/* The interface that a tunnel's own packets leave by, where one is given. */
static void say_lower(const struct device *device, int type, struct attributes *attributes)
{
	if (device->lower_count)
		say(add_u32(attributes, type, device->lower[0]->index), "dev", "%s",
		    device->lower[0]->name);
}

void bridge_attributes(const struct bridge *bridge, struct attributes *attributes)
{
	say_u32(attributes, IFLA_BR_FORWARD_DELAY, "forward_delay", BRIDGE_FORWARD_DELAY);
	say_u32(attributes, IFLA_BR_HELLO_TIME, "hello_time", BRIDGE_HELLO_TIME);
	say_u32(attributes, IFLA_BR_MAX_AGE, "max_age", BRIDGE_MAX_AGE);
	say_u32(attributes, IFLA_BR_AGEING_TIME, "ageing_time", bridge_ageing(bridge));
	say_u32(attributes, IFLA_BR_STP_STATE, "stp_state", bridge->stp);
	if (bridge->priority != BRIDGE_PRIORITY)
		say(add_u16(attributes, IFLA_BR_PRIORITY, (uint16_t)bridge->priority), "priority",
		    "%u", bridge->priority);
	say_u8(attributes, IFLA_BR_MCAST_SNOOPING, "mcast_snooping", bridge_snooping(bridge));
	if (!bridge->vlans)
		return;
	/* The VLANs of every port are told, so none shall come by itself. */
	say_u8(attributes, IFLA_BR_VLAN_FILTERING, "vlan_filtering", 1);
	say(add_u16(attributes, IFLA_BR_VLAN_DEFAULT_PVID, 0), "vlan_default_pvid", "0");
}

static void encode_bridge(const struct device *device, struct attributes *attributes)
{
	bridge_attributes(&device->bridge, attributes);
}

static void encode_bond(const struct device *device, struct attributes *attributes)
{
	uint8_t mode = (uint8_t)device->mode->value;

	say(add_u8(attributes, IFLA_BOND_MODE, mode), "mode", "%s", device->mode->word);
	say_u32(attributes, IFLA_BOND_MIIMON, "miimon", MII_INTERVAL);
	say(add_u8(attributes, IFLA_BOND_XMIT_HASH_POLICY, (uint8_t)device->hash->value),
	    "xmit_hash_policy", "%s", device->hash->word);
	if (!strcmp(device->mode->word, "802.3ad"))
		say(add_u8(attributes, IFLA_BOND_AD_LACP_RATE, (uint8_t)device->lacp->value),
		    "lacp_rate", "%s", device->lacp->word);
	if (device->primary)
		say(add_u32(attributes, IFLA_BOND_PRIMARY, device->primary->index), "primary", "%s",
		    device->primary->name);
}

static void encode_vrf(const struct device *device, struct attributes *attributes)
{
	say_u32(attributes, IFLA_VRF_TABLE, "table", device->table);
}

static void encode_vlan(const struct device *device, struct attributes *attributes)
{
	uint16_t protocol = htons((uint16_t)device->protocol->value);

	say(add(attributes, IFLA_VLAN_PROTOCOL, &protocol, sizeof(protocol)), "protocol", "%s",
	    device->protocol->word);
	say(add_u16(attributes, IFLA_VLAN_ID, (uint16_t)device->id), "id", "%u", device->id);
}

static void encode_macvlan(const struct device *device, struct attributes *attributes)
{
	say(add_u32(attributes, IFLA_MACVLAN_MODE, device->mode->value), "mode", "%s",
	    device->mode->word);
}

static void encode_ipvlan(const struct device *device, struct attributes *attributes)
{
	say(add_u16(attributes, IFLA_IPVLAN_MODE, (uint16_t)device->mode->value), "mode", "%s",
	    device->mode->word);
}

static int by_family(const struct address *address, int ipv4, int ipv6)
{
	return address->family == AF_INET ? ipv4 : ipv6;
}

/* Of several far ends each is told later: a list of where to flood (OP_FLOOD). */
static void encode_vxlan(const struct device *device, struct attributes *attributes)
{
	uint16_t port = htons((uint16_t)device->port);
	const struct address *local = &device->local.address;
	const struct address *group =
		device->remote_count == 1 ? &device->remotes[0].address : &device->group.address;

	say_u32(attributes, IFLA_VXLAN_ID, "id", device->id);
	say_address(attributes, by_family(group, IFLA_VXLAN_GROUP, IFLA_VXLAN_GROUP6),
		    device->remote_count == 1 ? "remote" : "group", group);
	say_address(attributes, by_family(local, IFLA_VXLAN_LOCAL, IFLA_VXLAN_LOCAL6), "local",
		    local);
	say_lower(device, IFLA_VXLAN_LINK, attributes);
	say(add(attributes, IFLA_VXLAN_PORT, &port, sizeof(port)), "dstport", "%u", device->port);
	say_u8(attributes, IFLA_VXLAN_TTL, "ttl", (uint8_t)device->ttl);
	say(add_u8(attributes, IFLA_VXLAN_LEARNING, device->learning),
	    device->learning ? "learning" : "nolearning", "%s", "");
}

static void add_key(const struct device *device, struct attributes *attributes)
{
	uint32_t key = htonl(device->key);
	uint16_t flags = GRE_KEY;

	if (!device->key)
		return;
	say(add(attributes, IFLA_GRE_IKEY, &key, sizeof(key)), "key", "%u", device->key);
	add(attributes, IFLA_GRE_OKEY, &key, sizeof(key));
	add(attributes, IFLA_GRE_IFLAGS, &flags, sizeof(flags));
	add(attributes, IFLA_GRE_OFLAGS, &flags, sizeof(flags));
}

static void encode_gre(const struct device *device, struct attributes *attributes)
{
	say_address(attributes, IFLA_GRE_REMOTE, "remote", &device->remotes[0].address);
	say_address(attributes, IFLA_GRE_LOCAL, "local", &device->local.address);
	say_lower(device, IFLA_GRE_LINK, attributes);
	say_u8(attributes, IFLA_GRE_TTL, "ttl", (uint8_t)device->ttl);
	add_key(device, attributes);
}

/* RFC 2473's limit of tunnels in tunnels costs every packet an option, and is left out. */
static void encode_ip6gre(const struct device *device, struct attributes *attributes)
{
	encode_gre(device, attributes);
	say(add_u32(attributes, IFLA_GRE_FLAGS, IP6_TNL_F_IGN_ENCAP_LIMIT), "encaplimit", "none");
}

static void encode_ends(const struct device *device, struct attributes *attributes)
{
	say_address(attributes, IFLA_IPTUN_REMOTE, "remote", &device->remotes[0].address);
	say_address(attributes, IFLA_IPTUN_LOCAL, "local", &device->local.address);
	say_lower(device, IFLA_IPTUN_LINK, attributes);
	say_u8(attributes, IFLA_IPTUN_TTL, "ttl", (uint8_t)device->ttl);
}

static void encode_ipip(const struct device *device, struct attributes *attributes)
{
	say(add_u8(attributes, IFLA_IPTUN_PROTO, IPPROTO_IPIP), "mode", "ipip");
	encode_ends(device, attributes);
}

static void encode_sit(const struct device *device, struct attributes *attributes)
{
	say(add_u8(attributes, IFLA_IPTUN_PROTO, IPPROTO_IPV6), "mode", "ip6ip");
	encode_ends(device, attributes);
}

static void encode_ip6tnl(const struct device *device, struct attributes *attributes)
{
	say(add_u8(attributes, IFLA_IPTUN_PROTO, 0), "mode", "any");
	encode_ends(device, attributes);
	say(add_u32(attributes, IFLA_IPTUN_FLAGS, IP6_TNL_F_IGN_ENCAP_LIMIT), "encaplimit", "none");
}

static void encode_nothing(const struct device *device, struct attributes *attributes)
{
	(void)device;
	(void)attributes;
}

static void (*const encoders[DEVICE_KINDS])(const struct device *, struct attributes *) = {
	[DEVICE_DUMMY] = encode_nothing, [DEVICE_BRIDGE] = encode_bridge,
	[DEVICE_BOND] = encode_bond,	 [DEVICE_VRF] = encode_vrf,
	[DEVICE_VLAN] = encode_vlan,	 [DEVICE_MACVLAN] = encode_macvlan,
	[DEVICE_IPVLAN] = encode_ipvlan, [DEVICE_VXLAN] = encode_vxlan,
	[DEVICE_GRE] = encode_gre,	 [DEVICE_GRETAP] = encode_gre,
	[DEVICE_IP6GRE] = encode_ip6gre, [DEVICE_IP6GRETAP] = encode_ip6gre,
	[DEVICE_IPIP] = encode_ipip,	 [DEVICE_SIT] = encode_sit,
	[DEVICE_IP6TNL] = encode_ip6tnl, [DEVICE_WIREGUARD] = encode_nothing,
	[DEVICE_TUN] = encode_nothing,	 [DEVICE_TAP] = encode_nothing,
};

void device_attributes(const struct device *device, struct attributes *attributes)
{
	attributes->count = 0;
	encoders[device->kind](device, attributes);
}
