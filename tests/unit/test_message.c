// SPDX-License-Identifier: MIT
// Operations as netlink messages: encoded, then read back attribute by attribute.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/lwtunnel.h>
#include <linux/rtnetlink.h>
#include <linux/seg6_iptunnel.h>
#include <linux/seg6_local.h>
#include <linux/veth.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/message.h"
#include "sample.h"
#include "topology/device.h"
#include "topology/srv6.h"

#define NUMBER 17

static const pid_t pids[SAMPLE_NODES] = {101, 102, 103, 104, 105};

struct fixture {
	struct arena *arena;
	struct node *nodes;
	struct nl_msg *msg;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture)
		return -1;
	fixture->arena = arena_new();
	fixture->nodes = sample_topology(fixture->arena)->nodes;
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	nlmsg_free(fixture->msg);
	arena_free(fixture->arena);
	free(fixture);
	return 0;
}

/* Encode the operation, look at its header, and give its attributes by type. */
static void *encode(struct fixture *fixture, const struct op *op, int type, int flags,
		    size_t header, struct nlattr **attrs, int max)
{
	struct nlmsghdr *message;

	nlmsg_free(fixture->msg);
	fixture->msg = message_encode(op, NUMBER, pids);
	assert_non_null(fixture->msg);
	message = nlmsg_hdr(fixture->msg);
	assert_int_equal(message->nlmsg_type, type);
	assert_int_equal(message->nlmsg_seq, NUMBER);
	assert_int_equal(message->nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK | flags);
	assert_int_equal(nlmsg_parse(message, (int)header, attrs, max, NULL), 0);
	return nlmsg_data(message);
}

static void assert_u32(const struct nlattr *attr, uint32_t value)
{
	assert_non_null(attr);
	assert_int_equal(nla_len(attr), sizeof(value));
	assert_int_equal(nla_get_u32(attr), value);
}

static void assert_bytes(const struct nlattr *attr, const void *bytes, size_t size)
{
	assert_non_null(attr);
	assert_int_equal(nla_len(attr), size);
	assert_memory_equal(nla_data(attr), bytes, size);
}

static void assert_string(const struct nlattr *attr, const char *text)
{
	assert_bytes(attr, text, strlen(text) + 1);
}

static void assert_address(const struct nlattr *attr, const char *text)
{
	struct address address = sample_address(text, 0);

	assert_bytes(attr, address.bytes, address.family == AF_INET ? 4 : 16);
}

static void assert_end(struct nlattr **attrs, const struct interface *end)
{
	assert_string(attrs[IFLA_IFNAME], end->name);
	assert_bytes(attrs[IFLA_ADDRESS], end->mac, 6);
	assert_u32(attrs[IFLA_NET_NS_PID], (uint32_t)pids[end->node->number - 1]);
	assert_u32(attrs[IFLA_NUM_TX_QUEUES], 1);
	assert_u32(attrs[IFLA_NUM_RX_QUEUES], 1);
	if (end->mtu)
		assert_u32(attrs[IFLA_MTU], end->mtu);
	else
		assert_null(attrs[IFLA_MTU]);
}

static void check_veth(struct fixture *fixture, const struct interface *a)
{
	const struct op op = {.kind = OP_VETH, .node = a->node, .veth.ends = {a, a->peer}};
	struct nlattr *attrs[IFLA_MAX + 1], *info[IFLA_INFO_MAX + 1], *data[VETH_INFO_MAX + 1];
	struct nlattr *peer[IFLA_MAX + 1];
	struct ifinfomsg *header = encode(fixture, &op, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
					  sizeof(*header), attrs, IFLA_MAX);

	assert_int_equal(header->ifi_index, a->index);
	assert_end(attrs, a);
	assert_int_equal(nla_parse_nested(info, IFLA_INFO_MAX, attrs[IFLA_LINKINFO], NULL), 0);
	assert_string(info[IFLA_INFO_KIND], "veth");
	assert_int_equal(nla_parse_nested(data, VETH_INFO_MAX, info[IFLA_INFO_DATA], NULL), 0);
	assert_non_null(data[VETH_INFO_PEER]);
	header = nla_data(data[VETH_INFO_PEER]);
	assert_int_equal(header->ifi_index, a->peer->index);
	assert_int_equal(nla_parse(peer, IFLA_MAX, (struct nlattr *)(header + 1),
				   nla_len(data[VETH_INFO_PEER]) - (int)sizeof(*header), NULL),
			 0);
	assert_end(peer, a->peer);
}

static void a_veth_has_name_place_index_mac_and_one_queue_at_both_ends(void **state)
{
	struct fixture *fixture = *state;

	check_veth(fixture, &fixture->nodes[R1].interfaces[1]);
}

static void a_veth_has_its_mtu_from_birth(void **state)
{
	struct fixture *fixture = *state;

	check_veth(fixture, &fixture->nodes[R1].interfaces[2]);
}

static void check_bridge(struct fixture *fixture, uint32_t ageing, uint32_t stp, uint8_t snooping)
{
	const struct node *lan1 = &fixture->nodes[LAN1];
	const struct op op = {.kind = OP_BRIDGE, .node = lan1, .bridge = &lan1->bridge};
	struct nlattr *attrs[IFLA_MAX + 1], *info[IFLA_INFO_MAX + 1], *data[IFLA_BR_MAX + 1];
	struct ifinfomsg *header = encode(fixture, &op, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
					  sizeof(*header), attrs, IFLA_MAX);

	assert_int_equal(header->ifi_index, lan1->bridge.index);
	assert_int_equal(header->ifi_flags, 0);
	assert_int_equal(header->ifi_change, 0);
	assert_string(attrs[IFLA_IFNAME], "br0");
	assert_bytes(attrs[IFLA_ADDRESS], lan1->bridge.mac, 6);
	assert_int_equal(nla_parse_nested(info, IFLA_INFO_MAX, attrs[IFLA_LINKINFO], NULL), 0);
	assert_string(info[IFLA_INFO_KIND], "bridge");
	assert_int_equal(nla_parse_nested(data, IFLA_BR_MAX, info[IFLA_INFO_DATA], NULL), 0);
	assert_u32(data[IFLA_BR_FORWARD_DELAY], 200);
	assert_u32(data[IFLA_BR_HELLO_TIME], 100);
	assert_u32(data[IFLA_BR_MAX_AGE], 600);
	assert_u32(data[IFLA_BR_AGEING_TIME], ageing);
	assert_u32(data[IFLA_BR_STP_STATE], stp);
	assert_bytes(data[IFLA_BR_MCAST_SNOOPING], &snooping, 1);
}

static void a_bridge_is_born_down_with_its_options(void **state)
{
	struct fixture *fixture = *state;

	check_bridge(fixture, 30000, 1, 0);
	fixture->nodes[LAN1].bridge.stp = false;
	fixture->nodes[LAN1].bridge.ageing = 7;
	fixture->nodes[LAN1].bridge.snooping = true;
	check_bridge(fixture, 700, 0, 1);
	fixture->nodes[LAN1].bridge.hub = true;
	check_bridge(fixture, 0, 0, 0);
}

static void a_port_names_the_bridge_of_its_switch(void **state)
{
	struct fixture *fixture = *state;
	const struct node *lan1 = &fixture->nodes[LAN1];
	const struct op op = {.kind = OP_PORT, .node = lan1, .interface = &lan1->interfaces[2]};
	struct nlattr *attrs[IFLA_MAX + 1];
	struct ifinfomsg *header =
		encode(fixture, &op, RTM_SETLINK, 0, sizeof(*header), attrs, IFLA_MAX);

	assert_int_equal(header->ifi_index, 3);
	assert_int_equal(header->ifi_change, 0);
	assert_u32(attrs[IFLA_MASTER], lan1->bridge.index);
}

static void an_alternative_name_is_added_to_the_list_of_them(void **state)
{
	struct fixture *fixture = *state;
	const struct node *lan1 = &fixture->nodes[LAN1];
	const struct op op = {.kind = OP_ALTNAME, .node = lan1, .interface = &lan1->interfaces[2]};
	struct nlattr *attrs[IFLA_MAX + 1], *names[IFLA_MAX + 1];
	struct ifinfomsg *header =
		encode(fixture, &op, RTM_NEWLINKPROP, NLM_F_CREATE | NLM_F_EXCL | NLM_F_APPEND,
		       sizeof(*header), attrs, IFLA_MAX);

	assert_int_equal(header->ifi_index, 3);
	assert_int_equal(nla_parse_nested(names, IFLA_MAX, attrs[IFLA_PROP_LIST], NULL), 0);
	assert_string(names[IFLA_ALT_IFNAME], "h1-with-a-very-long-name-eth0");
}

static void assert_only_up(const struct ifinfomsg *header, struct nlattr **attrs, int index)
{
	assert_int_equal(header->ifi_index, index);
	assert_int_equal(header->ifi_flags, IFF_UP);
	assert_int_equal(header->ifi_change, IFF_UP);
	for (int i = 0; i <= IFLA_MAX; i++)
		assert_null(attrs[i]);
}

static void up_changes_one_flag_and_nothing_else(void **state)
{
	struct fixture *fixture = *state;
	const struct node *r1 = &fixture->nodes[R1];
	const struct op op = {.kind = OP_UP, .node = r1, .interface = &r1->interfaces[2]};
	struct nlattr *attrs[IFLA_MAX + 1];
	struct ifinfomsg *header =
		encode(fixture, &op, RTM_SETLINK, 0, sizeof(*header), attrs, IFLA_MAX);

	assert_only_up(header, attrs, 3);
}

static void a_switch_that_is_to_forward_has_its_bridge_set_up(void **state)
{
	struct fixture *fixture = *state;
	const struct node *lan1 = &fixture->nodes[LAN1];
	const struct op op = {.kind = OP_FORWARD, .node = lan1, .bridge = &lan1->bridge};
	struct nlattr *attrs[IFLA_MAX + 1];
	struct ifinfomsg *header =
		encode(fixture, &op, RTM_SETLINK, 0, sizeof(*header), attrs, IFLA_MAX);

	assert_only_up(header, attrs, (int)lan1->bridge.index);
}

static struct ifaddrmsg *encode_address(struct fixture *fixture, const struct interface *interface,
					const struct address *address, struct nlattr **attrs)
{
	const struct op op = {.kind = OP_ADDRESS,
			      .node = interface->node,
			      .address = {.interface = interface, .address = address}};

	return encode(fixture, &op, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL,
		      sizeof(struct ifaddrmsg), attrs, IFA_MAX);
}

static void an_ipv4_address_comes_with_its_broadcast_address(void **state)
{
	struct fixture *fixture = *state;
	const struct interface *eth1 = &fixture->nodes[R1].interfaces[2];
	struct nlattr *attrs[IFA_MAX + 1];
	struct ifaddrmsg *header = encode_address(fixture, eth1, &eth1->addresses[0], attrs);

	assert_int_equal(header->ifa_family, AF_INET);
	assert_int_equal(header->ifa_prefixlen, 30);
	assert_int_equal(header->ifa_index, 3);
	assert_int_equal(header->ifa_flags, 0);
	assert_int_equal(header->ifa_scope, RT_SCOPE_UNIVERSE);
	assert_address(attrs[IFA_LOCAL], "10.0.12.1");
	assert_address(attrs[IFA_ADDRESS], "10.0.12.1");
	assert_address(attrs[IFA_BROADCAST], "10.0.12.3");
}

static void an_address_of_two_of_one_or_of_lo_has_no_broadcast_address(void **state)
{
	struct fixture *fixture = *state;
	const struct interface *lo = &fixture->nodes[R1].interfaces[0];
	const struct interface *eth1 = &fixture->nodes[H1].interfaces[2];
	struct address address = sample_address("127.5.0.1", 16);
	struct nlattr *attrs[IFA_MAX + 1];

	encode_address(fixture, eth1, &eth1->addresses[0], attrs);
	assert_null(attrs[IFA_BROADCAST]);
	assert_int_equal(encode_address(fixture, lo, &lo->addresses[0], attrs)->ifa_scope,
			 RT_SCOPE_UNIVERSE);
	assert_null(attrs[IFA_BROADCAST]);
	assert_int_equal(encode_address(fixture, lo, &address, attrs)->ifa_scope, RT_SCOPE_HOST);
	assert_null(attrs[IFA_BROADCAST]);
}

static void an_ipv4_address_of_all_addresses_has_all_ones_as_broadcast(void **state)
{
	struct fixture *fixture = *state;
	struct address address = sample_address("10.0.0.1", 0);
	struct nlattr *attrs[IFA_MAX + 1];

	encode_address(fixture, &fixture->nodes[R1].interfaces[1], &address, attrs);
	assert_address(attrs[IFA_BROADCAST], "255.255.255.255");
}

static void an_ipv6_address_is_not_looked_for_elsewhere_first(void **state)
{
	struct fixture *fixture = *state;
	const struct interface *eth0 = &fixture->nodes[R1].interfaces[1];
	struct nlattr *attrs[IFA_MAX + 1];
	struct ifaddrmsg *header = encode_address(fixture, eth0, &eth0->addresses[1], attrs);

	assert_int_equal(header->ifa_family, AF_INET6);
	assert_int_equal(header->ifa_prefixlen, 64);
	assert_int_equal(header->ifa_flags, IFA_F_NODAD);
	assert_address(attrs[IFA_LOCAL], "fd00:1::1");
	assert_address(attrs[IFA_ADDRESS], "fd00:1::1");
	assert_null(attrs[IFA_BROADCAST]);
}

static struct rtmsg *encode_route(struct fixture *fixture, const struct node *node,
				  const struct route *route, struct nlattr **attrs)
{
	const struct op op = {.kind = OP_ROUTE, .node = node, .route = route};

	return encode(fixture, &op, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct rtmsg),
		      attrs, RTA_MAX);
}

static void a_gateway_is_a_static_default_route(void **state)
{
	struct fixture *fixture = *state;
	const struct node *h1 = &fixture->nodes[H1];
	struct nlattr *attrs[RTA_MAX + 1];
	struct rtmsg *header = encode_route(fixture, h1, &h1->routes[0], attrs);

	assert_int_equal(header->rtm_family, AF_INET);
	assert_int_equal(header->rtm_dst_len, 0);
	assert_int_equal(header->rtm_table, RT_TABLE_MAIN);
	assert_int_equal(header->rtm_protocol, RTPROT_STATIC);
	assert_int_equal(header->rtm_scope, RT_SCOPE_UNIVERSE);
	assert_int_equal(header->rtm_type, RTN_UNICAST);
	assert_null(attrs[RTA_DST]);
	assert_null(attrs[RTA_OIF]);
	assert_null(attrs[RTA_PRIORITY]);
	assert_address(attrs[RTA_GATEWAY], "10.0.1.1");
	header = encode_route(fixture, h1, &h1->routes[1], attrs);
	assert_int_equal(header->rtm_family, AF_INET6);
	assert_address(attrs[RTA_GATEWAY], "fd00:1::1");
}

static void a_route_on_an_interface_has_the_scope_of_its_link(void **state)
{
	struct fixture *fixture = *state;
	struct node *h1 = &fixture->nodes[H1];
	struct route *route = sample_route(fixture->arena, h1, "x", sample_address("10.7.0.0", 16));
	struct nlattr *attrs[RTA_MAX + 1];
	struct rtmsg *header;

	sample_hop(fixture->arena, route, NULL, &h1->interfaces[2]);
	route->metric = 99;
	header = encode_route(fixture, h1, route, attrs);
	assert_int_equal(header->rtm_scope, RT_SCOPE_LINK);
	assert_int_equal(header->rtm_dst_len, 16);
	assert_address(attrs[RTA_DST], "10.7.0.0");
	assert_u32(attrs[RTA_OIF], 3);
	assert_u32(attrs[RTA_PRIORITY], 99);
	assert_null(attrs[RTA_GATEWAY]);
}

static void each_type_of_route_is_the_kernels(void **state)
{
	static const struct {
		enum route_type type;
		int kernels;
	} rows[] = {{ROUTE_BLACKHOLE, RTN_BLACKHOLE},
		    {ROUTE_UNREACHABLE, RTN_UNREACHABLE},
		    {ROUTE_PROHIBIT, RTN_PROHIBIT}};
	struct fixture *fixture = *state;
	struct node *r1 = &fixture->nodes[R1];
	struct route *route = sample_route(fixture->arena, r1, "x", sample_address("fd07::", 16));
	struct nlattr *attrs[RTA_MAX + 1];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		route->type = rows[i].type;
		assert_int_equal(encode_route(fixture, r1, route, attrs)->rtm_type,
				 rows[i].kernels);
		assert_null(attrs[RTA_OIF]);
	}
}

static void several_ways_are_hops_of_equal_weight(void **state)
{
	struct fixture *fixture = *state;
	struct node *r1 = &fixture->nodes[R1];
	struct route *route = sample_route(fixture->arena, r1, "x", sample_address("fd07::", 16));
	struct nlattr *attrs[RTA_MAX + 1];
	struct rtnexthop *hop;

	sample_hop(fixture->arena, route, "fd00:1::10", NULL);
	sample_hop(fixture->arena, route, "fe80::2", &r1->interfaces[2]);
	encode_route(fixture, r1, route, attrs);
	assert_null(attrs[RTA_GATEWAY]);
	assert_non_null(attrs[RTA_MULTIPATH]);
	hop = nla_data(attrs[RTA_MULTIPATH]);
	assert_int_equal(hop->rtnh_len, sizeof(*hop) + 20);
	assert_int_equal(hop->rtnh_ifindex, 0);
	assert_int_equal(hop->rtnh_hops, 0);
	assert_address((struct nlattr *)RTNH_DATA(hop), "fd00:1::10");
	hop = RTNH_NEXT(hop);
	assert_int_equal(hop->rtnh_ifindex, 3);
	assert_address((struct nlattr *)RTNH_DATA(hop), "fe80::2");
	assert_int_equal((char *)RTNH_NEXT(hop) - (char *)nla_data(attrs[RTA_MULTIPATH]),
			 nla_len(attrs[RTA_MULTIPATH]));
}

static void put_segment(struct fixture *fixture, struct srv6_path *path, const char *text)
{
	*array_push(fixture->arena, path->segments, path->count) = sample_address(text, 128);
}

/* The header at `place`, with these segments, the last one to visit first. */
static void assert_header(const void *place, size_t size, const char *const *segments, size_t count)
{
	struct ipv6_sr_hdr header;

	assert_int_equal(size, sizeof(header) + count * 16);
	memcpy(&header, place, sizeof(header));
	assert_int_equal((header.hdrlen + 1) * 8, size);
	assert_int_equal(header.type, 4);
	assert_int_equal(header.segments_left, count - 1);
	assert_int_equal(header.first_segment, count - 1);
	for (size_t i = 0; i < count; i++)
		assert_memory_equal((const char *)place + sizeof(header) + i * 16,
				    sample_address(segments[i], 0).bytes, 16);
}

static void assert_path(struct fixture *fixture, enum srv6_mode mode, int kernels,
			const char *const *segments, size_t count)
{
	struct node *r1 = &fixture->nodes[R1];
	struct route *route = sample_route(fixture->arena, r1, "x", sample_address("fd07::", 16));
	struct srv6_path path = {.mode = mode};
	struct nlattr *attrs[RTA_MAX + 1], *encap[SEG6_IPTUNNEL_MAX + 1];
	const char *data;
	int found;

	put_segment(fixture, &path, "fd00:a::e");
	put_segment(fixture, &path, "fd00:2::d4");
	route->path = &path;
	sample_hop(fixture->arena, route, NULL, &r1->interfaces[1]);
	encode_route(fixture, r1, route, attrs);
	assert_u32(attrs[RTA_OIF], 2);
	assert_non_null(attrs[RTA_ENCAP_TYPE]);
	assert_int_equal(nla_get_u16(attrs[RTA_ENCAP_TYPE]), LWTUNNEL_ENCAP_SEG6);
	assert_int_equal(nla_parse_nested(encap, SEG6_IPTUNNEL_MAX, attrs[RTA_ENCAP], NULL), 0);
	assert_non_null(encap[SEG6_IPTUNNEL_SRH]);
	data = nla_data(encap[SEG6_IPTUNNEL_SRH]);
	memcpy(&found, data, sizeof(found));
	assert_int_equal(found, kernels);
	assert_header(data + sizeof(found),
		      (size_t)nla_len(encap[SEG6_IPTUNNEL_SRH]) - sizeof(found), segments, count);
}

static void segments_of_a_route_are_a_routing_header(void **state)
{
	static const char *const reversed[] = {"fd00:2::d4", "fd00:a::e"};
	static const char *const with_room[] = {"::", "fd00:2::d4", "fd00:a::e"};

	assert_path(*state, SRV6_ENCAP, SEG6_IPTUN_MODE_ENCAP, reversed, 2);
	assert_path(*state, SRV6_ENCAP_RED, SEG6_IPTUN_MODE_ENCAP_RED, reversed, 2);
	assert_path(*state, SRV6_L2ENCAP, SEG6_IPTUN_MODE_L2ENCAP, reversed, 2);
	assert_path(*state, SRV6_L2ENCAP_RED, SEG6_IPTUN_MODE_L2ENCAP_RED, reversed, 2);
	assert_path(*state, SRV6_INLINE, SEG6_IPTUN_MODE_INLINE, with_room, 3);
}

static void encode_sid(struct fixture *fixture, struct sid *sid, struct nlattr **local)
{
	struct node *r1 = &fixture->nodes[R1];
	const struct op op = {.kind = OP_SID, .node = r1, .sid = sid};
	struct nlattr *attrs[RTA_MAX + 1];
	struct rtmsg *header;

	sid->address = sample_address("fd00:1::d4", 128);
	sid->interface = &r1->interfaces[1];
	header = encode(fixture, &op, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof(*header),
			attrs, RTA_MAX);
	assert_int_equal(header->rtm_family, AF_INET6);
	assert_int_equal(header->rtm_dst_len, 128);
	assert_address(attrs[RTA_DST], "fd00:1::d4");
	assert_u32(attrs[RTA_OIF], 2);
	assert_int_equal(nla_get_u16(attrs[RTA_ENCAP_TYPE]), LWTUNNEL_ENCAP_SEG6_LOCAL);
	assert_int_equal(nla_parse_nested(local, SEG6_LOCAL_MAX, attrs[RTA_ENCAP], NULL), 0);
}

static void a_segment_of_the_node_has_what_its_action_takes(void **state)
{
	static const char *const inserted[] = {"::", "fd00:a::e"};
	struct fixture *fixture = *state;
	struct nlattr *local[SEG6_LOCAL_MAX + 1];
	struct device device = {.kind = DEVICE_VRF, .table = 77};
	struct interface vrf = {.device = &device};
	struct sid end = {.action = SID_END};
	struct sid dx4 = {.action = SID_END_DX4, .via = sample_address("10.0.1.10", 32)};
	struct sid dx6 = {.action = SID_END_DX6, .via = sample_address("fd00:1::10", 128)};
	struct sid dt4 = {.action = SID_END_DT4, .vrf = &vrf};
	struct sid dt6 = {.action = SID_END_DT6, .table = 254};
	struct sid dx2 = {.action = SID_END_DX2, .oif = &fixture->nodes[R1].interfaces[2]};
	struct sid b6 = {.action = SID_END_B6};

	encode_sid(fixture, &end, local);
	assert_u32(local[SEG6_LOCAL_ACTION], SEG6_LOCAL_ACTION_END);
	assert_null(local[SEG6_LOCAL_SRH]);
	encode_sid(fixture, &dx4, local);
	assert_u32(local[SEG6_LOCAL_ACTION], SEG6_LOCAL_ACTION_END_DX4);
	assert_address(local[SEG6_LOCAL_NH4], "10.0.1.10");
	encode_sid(fixture, &dx6, local);
	assert_u32(local[SEG6_LOCAL_ACTION], SEG6_LOCAL_ACTION_END_DX6);
	assert_address(local[SEG6_LOCAL_NH6], "fd00:1::10");
	encode_sid(fixture, &dt4, local);
	assert_u32(local[SEG6_LOCAL_ACTION], SEG6_LOCAL_ACTION_END_DT4);
	assert_u32(local[SEG6_LOCAL_VRFTABLE], 77);
	encode_sid(fixture, &dt6, local);
	assert_u32(local[SEG6_LOCAL_ACTION], SEG6_LOCAL_ACTION_END_DT6);
	assert_u32(local[SEG6_LOCAL_TABLE], 254);
	encode_sid(fixture, &dx2, local);
	assert_u32(local[SEG6_LOCAL_ACTION], SEG6_LOCAL_ACTION_END_DX2);
	assert_u32(local[SEG6_LOCAL_OIF], 3);
	put_segment(fixture, &b6.path, "fd00:a::e");
	encode_sid(fixture, &b6, local);
	assert_u32(local[SEG6_LOCAL_ACTION], SEG6_LOCAL_ACTION_END_B6);
	assert_header(nla_data(local[SEG6_LOCAL_SRH]), (size_t)nla_len(local[SEG6_LOCAL_SRH]),
		      inserted, 2);
}

static void a_route_with_a_thousand_ways_fits_and_one_with_too_many_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct node *r1 = &fixture->nodes[R1];
	struct route *route = sample_route(fixture->arena, r1, "x", sample_address("fd07::", 16));
	const struct op op = {.kind = OP_ROUTE, .node = r1, .route = route};
	struct nlattr *attrs[RTA_MAX + 1];

	for (int i = 0; i < 1000; i++)
		sample_hop(fixture->arena, route, "fd00:1::10", &r1->interfaces[1]);
	encode_route(fixture, r1, route, attrs);
	assert_int_equal(nla_len(attrs[RTA_MULTIPATH]), 1000 * (sizeof(struct rtnexthop) + 20));
	for (int i = 0; i < 5000; i++)
		sample_hop(fixture->arena, route, "fd00:1::10", &r1->interfaces[1]);
	assert_null(message_encode(&op, NUMBER, pids));
}

static void what_is_not_for_netlink_has_no_message(void **state)
{
	(void)state;
	assert_false(message_exists(&(struct op){.kind = OP_NODE}));
	assert_false(message_exists(&(struct op){.kind = OP_SYSCTL}));
	assert_false(message_exists(&(struct op){.kind = OP_RUN}));
	assert_true(message_exists(&(struct op){.kind = OP_VETH}));
	assert_true(message_exists(&(struct op){.kind = OP_ROUTE}));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_veth_has_name_place_index_mac_and_one_queue_at_both_ends),
		TEST(a_veth_has_its_mtu_from_birth),
		TEST(a_bridge_is_born_down_with_its_options),
		TEST(a_port_names_the_bridge_of_its_switch),
		TEST(an_alternative_name_is_added_to_the_list_of_them),
		TEST(up_changes_one_flag_and_nothing_else),
		TEST(a_switch_that_is_to_forward_has_its_bridge_set_up),
		TEST(an_ipv4_address_comes_with_its_broadcast_address),
		TEST(an_address_of_two_of_one_or_of_lo_has_no_broadcast_address),
		TEST(an_ipv4_address_of_all_addresses_has_all_ones_as_broadcast),
		TEST(an_ipv6_address_is_not_looked_for_elsewhere_first),
		TEST(a_gateway_is_a_static_default_route),
		TEST(a_route_on_an_interface_has_the_scope_of_its_link),
		TEST(each_type_of_route_is_the_kernels),
		TEST(several_ways_are_hops_of_equal_weight),
		TEST(segments_of_a_route_are_a_routing_header),
		TEST(a_segment_of_the_node_has_what_its_action_takes),
		TEST(a_route_with_a_thousand_ways_fits_and_one_with_too_many_is_refused),
		TEST(what_is_not_for_netlink_has_no_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
