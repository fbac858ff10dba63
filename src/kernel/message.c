// SPDX-License-Identifier: MIT
// Operations as netlink messages.
#include "kernel/message.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "kernel/draft.h"
#include "plan/attribute.h"
#include "topology/device.h"
#include "topology/srv6.h"
#include "kernel/qdisc.h"
#include "plan/bridge.h"

#define SIZE_BASE    768 /* of any message but for its next hops; a veth's has 250 to 400 bytes */
#define SIZE_HOP     64
#define SIZE_RANGE   16 /* of VLANs */
#define SIZE_SEGMENT 16

static pid_t pid_of(const struct draft *draft, const struct node *node)
{
	return draft->pids[node->number - 1];
}

/* What both ends of a cable have of their own. One queue: it saves memory with many processors. */
static void put_end(struct draft *draft, const struct interface *end)
{
	struct ifinfomsg header = {.ifi_index = (int)end->index};

	put_family(draft, &header, sizeof(header));
	put_string(draft, IFLA_IFNAME, end->name);
	put_u32(draft, IFLA_NET_NS_PID, (uint32_t)pid_of(draft, end->node));
	put(draft, IFLA_ADDRESS, end->mac, sizeof(end->mac));
	if (end->mtu)
		put_u32(draft, IFLA_MTU, end->mtu);
	put_u32(draft, IFLA_NUM_TX_QUEUES, 1);
	put_u32(draft, IFLA_NUM_RX_QUEUES, 1);
}

static void encode_veth(const struct op *op, struct draft *draft)
{
	struct nlattr *info, *data, *peer;

	put_end(draft, op->veth.ends[0]);
	info = nest(draft, IFLA_LINKINFO);
	put_string(draft, IFLA_INFO_KIND, "veth");
	data = nest(draft, IFLA_INFO_DATA);
	peer = nest(draft, VETH_INFO_PEER);
	put_end(draft, op->veth.ends[1]);
	nest_end(draft, peer);
	nest_end(draft, data);
	nest_end(draft, info);
}

static void encode_bridge(const struct op *op, struct draft *draft)
{
	const struct bridge *bridge = op->bridge;
	struct ifinfomsg header = {.ifi_index = (int)bridge->index};
	struct attributes attributes = {.count = 0};

	put_family(draft, &header, sizeof(header));
	put_string(draft, IFLA_IFNAME, BRIDGE_NAME);
	put(draft, IFLA_ADDRESS, bridge->mac, sizeof(bridge->mac));
	bridge_attributes(bridge, &attributes);
	put_link_info(draft, "bridge", &attributes);
}

static void encode_forward(const struct op *op, struct draft *draft)
{
	struct ifinfomsg header = {
		.ifi_index = (int)op->bridge->index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};

	put_family(draft, &header, sizeof(header));
}

static void encode_altname(const struct op *op, struct draft *draft)
{
	struct ifinfomsg header = {.ifi_index = (int)op->interface->index};
	struct nlattr *list;

	put_family(draft, &header, sizeof(header));
	list = nest(draft, IFLA_PROP_LIST);
	put_string(draft, IFLA_ALT_IFNAME, op->interface->long_name);
	nest_end(draft, list);
}

static void encode_port(const struct op *op, struct draft *draft)
{
	struct ifinfomsg header = {.ifi_index = (int)op->interface->index};

	put_family(draft, &header, sizeof(header));
	put_u32(draft, IFLA_MASTER, master_index(op->interface));
}

static void encode_up(const struct op *op, struct draft *draft)
{
	struct ifinfomsg header = {
		.ifi_index = (int)op->interface->index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};

	put_family(draft, &header, sizeof(header));
}

/* Without it the interface has none, though the kernel routes to it: ifconfig and ping -b need it.
 */
static void put_broadcast(struct draft *draft, const struct address *address)
{
	uint32_t bits;

	memcpy(&bits, address->bytes, sizeof(bits));
	bits |= htonl((uint32_t)(0xffffffffULL >> address->length));
	put(draft, IFA_BROADCAST, &bits, sizeof(bits));
}

static void encode_address(const struct op *op, struct draft *draft)
{
	const struct interface *interface = op->address.interface;
	const struct address *address = op->address.address;
	bool ipv4 = address->family == AF_INET;
	struct ifaddrmsg header = {.ifa_family = address->family,
				   .ifa_prefixlen = address->length,
				   .ifa_flags = ipv4 ? 0 : IFA_F_NODAD,
				   .ifa_index = interface->index};

	/* As ip(8) has it: nobody else may be told of an address in 127.0.0.0/8. */
	if (ipv4 && address->bytes[0] == IN_LOOPBACKNET)
		header.ifa_scope = RT_SCOPE_HOST;
	put_family(draft, &header, sizeof(header));
	put_address(draft, IFA_LOCAL, address);
	put_address(draft, IFA_ADDRESS, address);
	if (address_has_broadcast(address, interface))
		put_broadcast(draft, address);
}

/* One of several equal ways: a header, then attributes, in a list that is not one of attributes. */
static void put_hop(struct draft *draft, const struct next_hop *hop)
{
	struct rtnexthop *header = nlmsg_reserve(draft->msg, sizeof(*header), NLMSG_ALIGNTO);

	if (!header) {
		draft->failed = true;
		return;
	}
	memset(header, 0, sizeof(*header));
	if (hop->interface)
		header->rtnh_ifindex = (int)hop->interface->index;
	if (hop->via.family)
		put_address(draft, RTA_GATEWAY, &hop->via);
	header->rtnh_len =
		(unsigned short)((char *)nlmsg_tail(nlmsg_hdr(draft->msg)) - (char *)header);
}

static void put_hops(struct draft *draft, const struct route *route)
{
	if (route->hop_count > 1) {
		struct nlattr *list = nest(draft, RTA_MULTIPATH);
		for (size_t i = 0; i < route->hop_count; i++)
			put_hop(draft, &route->hops[i]);
		nest_end(draft, list);
	} else if (route->hop_count == 1) {
		if (route->hops[0].via.family)
			put_address(draft, RTA_GATEWAY, &route->hops[0].via);
		if (route->hops[0].interface)
			put_u32(draft, RTA_OIF, route->hops[0].interface->index);
	}
}

/* On the interface itself, so IPv4 has it; IPv6 knows no scopes of routes. */
static bool is_on_link(const struct route *route)
{
	return route->destination.family == AF_INET && route->type == ROUTE_UNICAST &&
	       route->hop_count == 1 && !route->hops[0].via.family;
}

static void encode_route(const struct op *op, struct draft *draft)
{
	static const uint8_t types[] = {[ROUTE_UNICAST] = RTN_UNICAST,
					[ROUTE_BLACKHOLE] = RTN_BLACKHOLE,
					[ROUTE_UNREACHABLE] = RTN_UNREACHABLE,
					[ROUTE_PROHIBIT] = RTN_PROHIBIT};
	const struct route *route = op->route;
	struct rtmsg header = {
		.rtm_family = route->destination.family,
		.rtm_dst_len = route->destination.length,
		.rtm_table = route->vrf ? RT_TABLE_UNSPEC : RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = is_on_link(route) ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
		.rtm_type = types[route->type],
	};

	put_family(draft, &header, sizeof(header));
	if (route->destination.length)
		put_address(draft, RTA_DST, &route->destination);
	if (route->metric)
		put_u32(draft, RTA_PRIORITY, route->metric);
	if (route->vrf)
		put_u32(draft, RTA_TABLE, route->vrf->device->table);
	if (route->label_count)
		put_labels(draft, route);
	if (route->path)
		put_segments(draft, route->path);
	put_hops(draft, route);
}

static void encode_down(const struct op *op, struct draft *draft)
{
	struct ifinfomsg header = {.ifi_index = (int)op->interface->index, .ifi_change = IFF_UP};

	put_family(draft, &header, sizeof(header));
}

static void encode_qdisc(const struct op *op, struct draft *draft)
{
	if (qdisc_encode(op, draft->msg) < 0)
		draft->failed = true;
}

#define NEW (NLM_F_CREATE | NLM_F_EXCL)

static const struct {
	int type; /* RTM_...; 0: not a message */
	int flags;
	void (*encode)(const struct op *op, struct draft *draft);
} rows[] = {
	[OP_NODE] = {0, 0, NULL},
	[OP_VETH] = {RTM_NEWLINK, NEW, encode_veth},
	[OP_SYSCTL] = {0, 0, NULL},
	[OP_BRIDGE] = {RTM_NEWLINK, NEW, encode_bridge},
	[OP_ALTNAME] = {RTM_NEWLINKPROP, NEW | NLM_F_APPEND, encode_altname},
	[OP_PORT] = {RTM_SETLINK, 0, encode_port},
	[OP_ADDRESS] = {RTM_NEWADDR, NEW, encode_address},
	[OP_UP] = {RTM_SETLINK, 0, encode_up},
	[OP_FORWARD] = {RTM_SETLINK, 0, encode_forward},
	/* What is there of the same handle is changed in place, and keeps its packets. */
	[OP_QDISC] = {RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE, encode_qdisc},
	[OP_NO_QDISC] = {RTM_DELQDISC, 0, encode_qdisc},
	[OP_DOWN] = {RTM_SETLINK, 0, encode_down},
	[OP_ROUTE] = {RTM_NEWROUTE, NEW, encode_route},
	[OP_RUN] = {0, 0, NULL},
	[OP_PRIVATE] = {0, 0, NULL}, /* lab/stand.c */
	[OP_FILES] = {0, 0, NULL},
	[OP_DEVICE] = {RTM_NEWLINK, NEW, encode_device},
	[OP_SETTING] = {RTM_SETLINK, 0, encode_setting},
	[OP_FLOOD] = {RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_APPEND, encode_flood},
	[OP_LABEL] = {RTM_NEWROUTE, NEW, encode_label},
	[OP_SID] = {RTM_NEWROUTE, NEW, encode_sid},
	[OP_KEY] = {0, 0, NULL}, /* generic netlink: kernel/wireguard.c */
	[OP_PEER] = {0, 0, NULL},
};

bool message_exists(const struct op *op)
{
	if (op->kind == OP_DEVICE && device_is_opened(op->interface))
		return false;
	return rows[op->kind].encode != NULL;
}

/* How much the lists of an operation take, each of which can be long. */
static size_t size_of_lists(const struct op *op)
{
	if (op->kind == OP_ROUTE)
		return op->route->hop_count * SIZE_HOP +
		       (op->route->path ? op->route->path->count * SIZE_SEGMENT : 0);
	if (op->kind == OP_SID)
		return op->sid->path.count * SIZE_SEGMENT;
	if (op->kind == OP_SETTING)
		return op->interface->port->tagged_count * SIZE_RANGE;
	return 0;
}

struct nl_msg *message_encode(const struct op *op, uint32_t number, const pid_t *pids)
{
	size_t more = op->kind == OP_QDISC ? qdisc_size(op) : size_of_lists(op);
	struct draft draft = {.msg = nlmsg_alloc_size(SIZE_BASE + more), .pids = pids};

	if (!draft.msg) {
		errno = ENOMEM;
		return NULL;
	}
	if (!nlmsg_put(draft.msg, NL_AUTO_PORT, number, rows[op->kind].type, 0,
		       NLM_F_REQUEST | NLM_F_ACK | rows[op->kind].flags))
		draft.failed = true;
	rows[op->kind].encode(op, &draft);
	if (!draft.failed)
		return draft.msg;
	nlmsg_free(draft.msg);
	errno = EMSGSIZE;
	return NULL;
}
