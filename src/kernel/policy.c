// SPDX-License-Identifier: MIT
// Rules of policy routing, and what of rules and tables refuses to route a packet.
#include "kernel/policy.h"

#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "kernel/forwarding.h"
#include "kernel/inquiry.h"

struct rule {
	uint32_t priority, table;
	uint8_t action;
	struct address from, to; /* length 0: all */
	const char *in;		 /* NULL: any interface */
	bool inverted;
	bool special; /* it asks for what is not known here: marks, ports, users, VRFs */
};

struct rules {
	struct arena *arena;
	struct rule *list;
	size_t count;
};

/* What a rule may ask for beyond prefixes and the interface of entry. */
static const uint16_t specials[] = {FRA_FWMARK,	  FRA_OIFNAME,	   FRA_L3MDEV,	    FRA_UID_RANGE,
				    FRA_IP_PROTO, FRA_SPORT_RANGE, FRA_DPORT_RANGE, FRA_TUN_ID};

static const struct {
	uint8_t action, type; /* of a rule, of a route */
	const char *word;
} refusals[] = {
	{FR_ACT_BLACKHOLE, RTN_BLACKHOLE, "blackhole"},
	{FR_ACT_UNREACHABLE, RTN_UNREACHABLE, "unreachable"},
	{FR_ACT_PROHIBIT, RTN_PROHIBIT, "prohibit"},
};

static struct address prefix_of(const struct nlattr *attr, uint8_t family, uint8_t length)
{
	struct address address = {.family = family, .length = length};
	size_t size = attr ? mnl_attr_get_payload_len(attr) : 0;

	if (size <= sizeof(address.bytes) && size)
		memcpy(address.bytes, mnl_attr_get_payload(attr), size);
	return address;
}

static uint32_t number_of(const struct nlattr *attr, uint32_t otherwise)
{
	return attr ? mnl_attr_get_u32(attr) : otherwise;
}

/* Attributes that say nothing: the kernel gives all rules a user range, a mark of 0 none. */
static bool says_something(uint16_t type, const struct nlattr *attr)
{
	static const struct fib_rule_uid_range everybody = {0, UINT32_MAX};

	if (type == FRA_UID_RANGE)
		return memcmp(mnl_attr_get_payload(attr), &everybody, sizeof(everybody)) != 0;
	return type != FRA_L3MDEV || mnl_attr_get_u8(attr);
}

static void take(const struct nlmsghdr *answer, void *data)
{
	const struct fib_rule_hdr *header = mnl_nlmsg_get_payload(answer);
	const struct nlattr *attrs[FRA_MAX + 1];
	struct rules *rules = data;
	struct rule *rule;

	if (answer->nlmsg_type != RTM_NEWRULE)
		return;
	inquiry_attributes(answer, sizeof(*header), attrs, FRA_MAX);
	rule = array_push(rules->arena, rules->list, rules->count);
	rule->priority = number_of(attrs[FRA_PRIORITY], 0);
	rule->table = number_of(attrs[FRA_TABLE], header->table);
	rule->action = header->action;
	rule->from = prefix_of(attrs[FRA_SRC], header->family, header->src_len);
	rule->to = prefix_of(attrs[FRA_DST], header->family, header->dst_len);
	rule->inverted = header->flags & FIB_RULE_INVERT;
	rule->special = header->tos != 0;
	if (attrs[FRA_IIFNAME])
		rule->in = arena_strdup(rules->arena, mnl_attr_get_str(attrs[FRA_IIFNAME]));
	for (size_t i = 0; i < sizeof(specials) / sizeof(*specials); i++)
		if (attrs[specials[i]] && says_something(specials[i], attrs[specials[i]]))
			rule->special = true;
}

static struct rules rules_of(uint8_t family, struct arena *arena)
{
	_Alignas(struct nlmsghdr) char buffer[INQUIRY_SIZE];
	struct nlmsghdr *message =
		inquiry_start(buffer, RTM_GETRULE, NLM_F_DUMP, sizeof(struct fib_rule_hdr));
	struct rules rules = {.arena = arena};

	((struct fib_rule_hdr *)mnl_nlmsg_get_payload(message))->family = family;
	inquiry_ask(message, take, &rules);
	return rules;
}

static bool is_for(const struct rule *rule, const struct lookup *lookup, const char *in)
{
	bool matches = (!rule->to.length || address_in(&lookup->to, &rule->to)) &&
		       (!rule->from.length || (lookup->from.family != AF_UNSPEC &&
					       address_in(&lookup->from, &rule->from))) &&
		       (!rule->in || !strcmp(rule->in, in ? in : "lo"));

	return !rule->special && matches != rule->inverted;
}

static const char *prefix_text(const struct address *prefix, struct arena *arena)
{
	char text[ADDRESS_TEXT_SIZE];

	return prefix->length ? arena_strdup(arena, address_text(prefix, false, text)) : "all";
}

/* As ip(8) lists it. */
static const char *rule_text(const struct rule *rule, const char *what, struct arena *arena)
{
	return arena_printf(arena, "rule %u: %sfrom %s%s%s%s%s %s", rule->priority,
			    rule->inverted ? "not " : "", prefix_text(&rule->from, arena),
			    rule->to.length ? " to " : "",
			    rule->to.length ? prefix_text(&rule->to, arena) : "",
			    rule->in ? " iif " : "", rule->in ? rule->in : "", what);
}

/* The longest prefix; of equals that of the smallest metric. */
static const struct forwarding_route *best_route(const struct forwarding_route *routes,
						 size_t count, uint32_t table,
						 const struct address *to)
{
	const struct forwarding_route *best = NULL;

	for (size_t i = 0; i < count; i++) {
		const struct forwarding_route *route = &routes[i];

		if (route->table != table || route->destination.family != to->family ||
		    (route->destination.length && !address_in(to, &route->destination)))
			continue;
		if (!best || route->destination.length > best->destination.length ||
		    (route->destination.length == best->destination.length &&
		     route->metric < best->metric))
			best = route;
	}
	return best;
}

static const char *route_text(const struct forwarding_route *route, const char *word,
			      const struct rule *rule, struct arena *arena)
{
	bool usual = rule->table == RT_TABLE_MAIN || rule->table == RT_TABLE_DEFAULT;
	const char *to =
		route->destination.length ? prefix_text(&route->destination, arena) : "default";

	if (usual)
		return arena_printf(arena, "%s %s", word, to);
	return arena_printf(arena, "%s %s table %u (%s)", word, to, rule->table,
			    rule_text(rule, arena_printf(arena, "lookup %u", rule->table), arena));
}

/* What the rule makes of the packet. True: that is the end of it; *text says how it is refused. */
static bool apply(const struct rule *rule, const struct forwarding_route *routes, size_t count,
		  const struct address *to, struct arena *arena, const char **text)
{
	const struct forwarding_route *route =
		rule->action == FR_ACT_TO_TBL ? best_route(routes, count, rule->table, to) : NULL;

	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		if (rule->action == refusals[i].action)
			*text = rule_text(rule, refusals[i].word, arena);
		else if (route && route->type == refusals[i].type)
			*text = route_text(route, refusals[i].word, rule, arena);
	}
	return route || *text;
}

const char *policy_refusal(const struct lookup *lookup, const char *in, struct arena *arena)
{
	struct rules rules = rules_of(lookup->to.family, arena);
	struct forwarding_route *routes;
	const char *text = NULL;
	struct error err;
	size_t count;

	if (forwarding_routes(arena, &routes, &count, &err) < 0)
		return NULL;
	for (size_t i = 0; i < rules.count; i++)
		if (is_for(&rules.list[i], lookup, in) &&
		    apply(&rules.list[i], routes, count, &lookup->to, arena, &text))
			break;
	return text;
}
