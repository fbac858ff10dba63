// SPDX-License-Identifier: MIT
// Filters of a node that can keep it from answering for its address (ARP, neighbour discovery).
#include "lab/neighbour_filter.h"

#include <string.h>
#include <sys/socket.h>

#include "kernel/filter.h"

/* What comes in is the question, and what goes out is the answer. */
struct message {
	const char *name; /* as nft has it */
	unsigned number;
};

struct protocol {
	const char *tables[4];	/* whose chains see it */
	const char *types[3];	/* words behind which rules have kinds of its messages */
	const char *about[6];	/* words of which a rule about all of it has one */
	const char *others[14]; /* words of rules about other packets, or about some alone */
	struct message question, answer;
	enum filter_hook hooks[4]; /* that they pass */
	size_t hook_count;
};

static const struct protocol arp = {
	.tables = {"arp "},
	.types = {"operation"},
	.about = {"accept"},
	.others = {"saddr", "daddr"},
	.question = {"request", 1},
	.answer = {"reply", 2},
	.hooks = {FILTER_INPUT, FILTER_OUTPUT},
	.hook_count = 2,
};

/* RFC 4861, sections 4.3 and 4.4 */
static const struct protocol discovery = {
	.tables = {"ip6 ", "inet ", "ip6tables "},
	.types = {"icmpv6 type", "icmpv6-type"},
	.about = {"icmpv6", "ipv6-icmp", "l4proto 58", "nexthdr 58"},
	.others = {"tcp", "udp", "icmp type", "ip protocol", "saddr", "daddr", " -s ", " -d ",
		   "ct state", "ctstate", "--state"},
	.question = {"nd-neighbor-solicit", 135},
	.answer = {"nd-neighbor-advert", 136},
	.hooks = {FILTER_PREROUTING, FILTER_INPUT, FILTER_OUTPUT, FILTER_POSTROUTING},
	.hook_count = 4,
};

/* One of its messages, for what asks about rules. */
struct subject {
	const struct protocol *protocol;
	const struct message *message;
};

static bool is_seen_in(const struct protocol *protocol, const struct filter_drop *drop)
{
	for (size_t i = 0; protocol->tables[i]; i++)
		if (!strncmp(drop->chain, protocol->tables[i], strlen(protocol->tables[i])))
			return true;
	return false;
}

/* The kinds of messages that the rule names. NULL: it names none. */
static const char *kinds_in(const struct protocol *protocol, const char *rule)
{
	const char *at = NULL;

	for (size_t i = 0; protocol->types[i] && !at; i++)
		at = strstr(rule, protocol->types[i]);
	return at;
}

static bool names_kind(const struct subject *subject, const char *kinds)
{
	return strstr(kinds, subject->message->name) ||
	       filter_rule_has(kinds, "type", subject->message->number) ||
	       filter_rule_has(kinds, "operation", subject->message->number);
}

/* "All but those" is no acceptance to rely on. */
static bool accepts(const char *rule, const void *of)
{
	const struct subject *subject = of;
	const struct protocol *protocol = subject->protocol;
	const char *kinds = kinds_in(protocol, rule);

	if (strchr(rule, '!'))
		return false;
	if (kinds)
		return names_kind(subject, kinds);
	return filter_rule_has_any(rule, protocol->about) &&
	       !filter_rule_has_any(rule, protocol->others);
}

/* At hooks on the way in it is the question that is dropped, on the way out the answer. */
static bool can_drop(const struct protocol *protocol, const struct filter_drop *drop)
{
	bool in = drop->hook == FILTER_PREROUTING || drop->hook == FILTER_INPUT;
	const struct subject subject = {protocol, in ? &protocol->question : &protocol->answer};
	const char *kinds = kinds_in(protocol, drop->rule);

	if (!is_seen_in(protocol, drop))
		return false;
	if (drop->is_policy)
		return !filter_accepts(drop, accepts, &subject);
	if (filter_rule_has_any(drop->rule, protocol->others))
		return false;
	return !kinds || names_kind(&subject, kinds) != (strchr(kinds, '!') != NULL);
}

const struct filter_drop *neighbour_filter(int family, struct arena *arena)
{
	const struct protocol *protocol = family == AF_INET ? &arp : &discovery;
	size_t count;
	const struct filter_drop *list =
		filter_drops(protocol->hooks, protocol->hook_count, arena, &count);

	for (size_t i = 0; i < count; i++)
		if (can_drop(protocol, &list[i]))
			return &list[i];
	return NULL;
}
