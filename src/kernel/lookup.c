// SPDX-License-Identifier: MIT
// Where the kernel would send a packet: its own answer, in the namespace that the caller is in.
#include "kernel/lookup.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/ipv6_route.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>

#include "base/arena.h"
#include "kernel/draft.h"
#include "kernel/inquiry.h"

static const struct {
	uint8_t number;
	const char *name;
} protocols[] = {
	{RTPROT_REDIRECT, "redirect"}, {RTPROT_KERNEL, "kernel"}, {RTPROT_BOOT, "boot"},
	{RTPROT_STATIC, "static"},     {RTPROT_RA, "ra"},	  {RTPROT_ZEBRA, "zebra"},
	{RTPROT_BIRD, "bird"},	       {RTPROT_DHCP, "dhcp"},	  {RTPROT_BABEL, "babel"},
	{RTPROT_BGP, "bgp"},	       {RTPROT_ISIS, "isis"},	  {RTPROT_OSPF, "ospf"},
	{RTPROT_RIP, "rip"},	       {RTPROT_EIGRP, "eigrp"},
};

/* The reasons that the kernel has for giving no route, as it numbers them. */
static const struct {
	int number;
	enum lookup_type type;
} refusals[] = {
	{ENETUNREACH, LOOKUP_NONE}, {ESRCH, LOOKUP_NONE},      {EHOSTUNREACH, LOOKUP_UNREACHABLE},
	{EINVAL, LOOKUP_BLACKHOLE}, {EACCES, LOOKUP_PROHIBIT}, {EXDEV, LOOKUP_SOURCE},
};

static const struct {
	uint8_t number;
	enum lookup_type type;
} types[] = {
	{RTN_UNICAST, LOOKUP_ON},
	{RTN_LOCAL, LOOKUP_LOCAL},
	{RTN_ANYCAST, LOOKUP_LOCAL},
	{RTN_BROADCAST, LOOKUP_MANY},
	{RTN_MULTICAST, LOOKUP_MANY},
	{RTN_BLACKHOLE, LOOKUP_BLACKHOLE},
	{RTN_UNREACHABLE, LOOKUP_UNREACHABLE},
	{RTN_PROHIBIT, LOOKUP_PROHIBIT},
};

/* What one answer said. */
struct answer {
	struct arena *arena;
	struct looked_up *result;
	bool match; /* it shows the entry of the table, not what comes of it */
};

static const char *protocol_name(uint8_t number, struct arena *arena)
{
	for (size_t i = 0; i < sizeof(protocols) / sizeof(*protocols); i++)
		if (protocols[i].number == number)
			return protocols[i].name;
	return arena_printf(arena, "%u", number);
}

static void take_address(const struct nlattr *attr, uint8_t family, struct address *address)
{
	size_t size = attr ? mnl_attr_get_payload_len(attr) : 0;

	if (!size || size > sizeof(address->bytes))
		return;
	*address = (struct address){.family = family, .length = (uint8_t)(size * 8)};
	memcpy(address->bytes, mnl_attr_get_payload(attr), size);
}

/* A next hop of the other family: IPv4 by way of IPv6. */
static void take_via(const struct nlattr *attr, struct address *address)
{
	const struct rtvia *via;

	if (!attr || mnl_attr_get_payload_len(attr) <= sizeof(*via))
		return;
	via = mnl_attr_get_payload(attr);
	address->family = (uint8_t)via->rtvia_family;
	address->length = address->family == AF_INET ? 32 : 128;
	memcpy(address->bytes, via->rtvia_addr, address->length / 8);
}

static uint32_t number_of(const struct nlattr *attr)
{
	return attr ? mnl_attr_get_u32(attr) : 0;
}

static uint32_t mtu_of(const struct nlattr *metrics)
{
	const struct nlattr *attrs[RTAX_MTU + 1];

	inquiry_nested(metrics, attrs, RTAX_MTU);
	return number_of(attrs[RTAX_MTU]);
}

static const char *name_of(uint32_t index, struct arena *arena)
{
	char name[IF_NAMESIZE];

	return if_indextoname(index, name) ? arena_strdup(arena, name)
					   : arena_printf(arena, "%u", index);
}

/* One of the ways, as ip(8) writes it. */
static const char *way_text(const struct address *gateway, uint32_t out, struct arena *arena)
{
	char text[ADDRESS_TEXT_SIZE];
	const char *via = "";

	if (gateway->family != AF_UNSPEC)
		via = arena_printf(arena, " via %s", address_text(gateway, true, text));
	return arena_printf(arena, "%s%s%s", via, out ? " dev " : "",
			    out ? name_of(out, arena) : "");
}

/* What the answer says of several next hops goes into the result. */
static void take_ways(const struct nlattr *attr, uint8_t family, const struct answer *answer)
{
	struct looked_up *result = answer->result;
	const struct rtnexthop *hop = mnl_attr_get_payload(attr);
	int left = mnl_attr_get_payload_len(attr);

	while (RTNH_OK(hop, left)) {
		const struct nlattr *attrs[RTA_VIA + 1] = {0}, *item;
		struct lookup_way *way = array_push(answer->arena, result->ways, result->way_count);
		const char *start = (const char *)hop + sizeof(*hop);
		const char *end = (const char *)hop + hop->rtnh_len;

		for (item = (const struct nlattr *)start;
		     mnl_attr_ok(item, (int)(end - (const char *)item)); item = mnl_attr_next(item))
			if (mnl_attr_get_type(item) <= RTA_VIA)
				attrs[mnl_attr_get_type(item)] = item;
		way->out = (uint32_t)hop->rtnh_ifindex;
		take_address(attrs[RTA_GATEWAY], family, &way->gateway);
		take_via(attrs[RTA_VIA], &way->gateway);
		left -= (int)NLMSG_ALIGN(hop->rtnh_len);
		hop = RTNH_NEXT(hop);
	}
}

static const char *ways_text(const struct looked_up *result, struct arena *arena)
{
	const char *text = "";

	for (size_t i = 0; i < result->way_count; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? " or" : "",
				    way_text(&result->ways[i].gateway, result->ways[i].out, arena));
	return text;
}

static const char *type_text(uint8_t type)
{
	switch (type) {
	case RTN_LOCAL: return "local ";
	case RTN_BLACKHOLE: return "blackhole ";
	case RTN_UNREACHABLE: return "unreachable ";
	case RTN_PROHIBIT: return "prohibit ";
	default: return ""; /* the kernel's list, not ours */
	}
}

/* One that the kernel gives all routes of a kind. */
static bool is_usual_metric(uint8_t family, uint32_t metric)
{
	return !metric || (family == AF_INET6 &&
			   (metric == IP6_RT_PRIO_USER || metric == IP6_RT_PRIO_ADDRCONF));
}

/* The route as ip(8) would show it. */
static const char *route_text(const struct rtmsg *header, const struct nlattr **attrs,
			      const struct answer *answer)
{
	struct arena *arena = answer->arena;
	struct address to = {.family = header->rtm_family}, gateway = {0};
	const char *text, *ways;
	char name[ADDRESS_TEXT_SIZE];

	take_address(attrs[RTA_DST], header->rtm_family, &to);
	to.length = header->rtm_dst_len;
	take_address(attrs[RTA_GATEWAY], header->rtm_family, &gateway);
	take_via(attrs[RTA_VIA], &gateway);
	ways = attrs[RTA_MULTIPATH] ? ways_text(answer->result, arena)
				    : way_text(&gateway, number_of(attrs[RTA_OIF]), arena);
	text = arena_printf(arena, "%s%s%s proto %s", type_text(header->rtm_type),
			    to.length ? address_text(&to, false, name) : "default", ways,
			    protocol_name(header->rtm_protocol, arena));
	if (!is_usual_metric(header->rtm_family, number_of(attrs[RTA_PRIORITY])))
		text = arena_printf(arena, "%s metric %u", text, number_of(attrs[RTA_PRIORITY]));
	if (number_of(attrs[RTA_TABLE]) && number_of(attrs[RTA_TABLE]) != RT_TABLE_MAIN &&
	    number_of(attrs[RTA_TABLE]) != RT_TABLE_LOCAL)
		text = arena_printf(arena, "%s table %u", text, number_of(attrs[RTA_TABLE]));
	return text;
}

static enum lookup_type type_of(uint8_t number)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (types[i].number == number)
			return types[i].type;
	return LOOKUP_FAILED;
}

static void take(const struct nlmsghdr *message, void *data)
{
	const struct answer *answer = data;
	struct looked_up *result = answer->result;
	const struct nlattr *attrs[RTA_MAX + 1];
	const struct rtmsg *header = mnl_nlmsg_get_payload(message);

	inquiry_attributes(message, sizeof(*header), attrs, RTA_MAX);
	if (attrs[RTA_MULTIPATH] && !result->way_count)
		take_ways(attrs[RTA_MULTIPATH], header->rtm_family, answer);
	if (answer->match) {
		result->text = route_text(header, attrs, answer);
		/* What a way was found to take, which the other answer has, is not of the table. */
		result->mtu = mtu_of(attrs[RTA_METRICS]);
		result->learnt = header->rtm_protocol > RTPROT_STATIC;
		return;
	}
	result->type = type_of(header->rtm_type);
	result->out = number_of(attrs[RTA_OIF]);
	take_address(attrs[RTA_GATEWAY], header->rtm_family, &result->gateway);
	take_via(attrs[RTA_VIA], &result->gateway);
	take_address(attrs[RTA_PREFSRC], header->rtm_family, &result->source);
	result->encapsulated = attrs[RTA_ENCAP] != NULL;
	if (!result->text)
		result->text = route_text(header, attrs, answer);
}

static int ask(const struct lookup *lookup, struct answer *answer)
{
	_Alignas(struct nlmsghdr) char buffer[INQUIRY_SIZE];
	struct nlmsghdr *message = inquiry_start(buffer, RTM_GETROUTE, 0, sizeof(struct rtmsg));
	struct rtmsg *header = mnl_nlmsg_get_payload(message);

	header->rtm_family = lookup->to.family;
	header->rtm_dst_len = (uint8_t)(address_size(&lookup->to) * 8);
	header->rtm_flags = answer->match ? RTM_F_FIB_MATCH : 0;
	mnl_attr_put(message, RTA_DST, address_size(&lookup->to), lookup->to.bytes);
	if (lookup->from.family != AF_UNSPEC) {
		header->rtm_src_len = header->rtm_dst_len;
		mnl_attr_put(message, RTA_SRC, address_size(&lookup->from), lookup->from.bytes);
	}
	if (lookup->in)
		mnl_attr_put_u32(message, RTA_IIF, lookup->in);
	if (lookup->vrf)
		mnl_attr_put_u32(message, RTA_OIF, lookup->vrf);
	return inquiry_ask(message, take, answer);
}

int lookup_route(const struct lookup *lookup, struct arena *arena, struct looked_up *result)
{
	struct answer answer = {arena, result, true};
	int failed;

	*result = (struct looked_up){.type = LOOKUP_FAILED};
	ask(lookup, &answer); /* where there is no entry, the next question says why */
	answer.match = false;
	failed = ask(lookup, &answer);
	if (!failed)
		return 0;
	result->number = -failed;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++)
		if (refusals[i].number == -failed)
			result->type = refusals[i].type;
	return 0;
}
