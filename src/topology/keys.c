// SPDX-License-Identifier: MIT
// The one table of keys: which sections they belong to, and what reads them into the model.
#include "topology/keys.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/text.h"
#include "topology/device.h"
#include "topology/ini.h"
#include "topology/model.h"
#include "topology/names.h"
#include "topology/range.h"
#include "topology/readers.h"
#include "topology/report.h"
#include "topology/values.h"

#define SERVICE "service"

#define NODES (SECTION_NODE | SECTION_SWITCH)
#define GRE   (DEVICE(GRE) | DEVICE(GRETAP) | DEVICE(IP6GRE) | DEVICE(IP6GRETAP))
/* The kinds with a far end. */
#define OVER_IP (GRE | DEVICE(IPIP) | DEVICE(SIT) | DEVICE(IP6TNL) | DEVICE(VXLAN))

static const struct key keys[] = {
	{"name", KEY_PLAIN, SECTION_LAB, TURN_OTHERS, 0, read_lab_name,
	 offsetof(struct topology, name), .takes = "a name"},
	{"timeout", KEY_PLAIN, SECTION_LAB, TURN_OTHERS, 0, read_timeout,
	 offsetof(struct topology, timeout), .takes = "seconds, or 5m"},
	{"addresses", KEY_PLAIN, SECTION_LAB, TURN_OTHERS, 0, read_pools, 0,
	 .takes = "prefixes, such as 10.0.0.0/8 fd00::/32"},
	{"routing", KEY_PLAIN, SECTION_LAB, TURN_OTHERS, 0, read_static_routing,
	 offsetof(struct topology, static_routing), .takes = "static or none"},
	{"domain", KEY_PLAIN, SECTION_LAB, TURN_OTHERS, 0, read_domain,
	 offsetof(struct topology, domain), .takes = "a domain, such as lab.example"},
	{"include", KEY_PLAIN, SECTION_LAB, TURN_OTHERS, 0, NULL, 0, .takes = "files"},
	{"files", KEY_PLAIN, SECTION_LAB, TURN_OTHERS, KEY_ASIDE | KEY_PATH, read_folder,
	 offsetof(struct topology, files), .takes = "a folder"},
	{"files", KEY_PLAIN, NODES, TURN_OTHERS, KEY_ASIDE | KEY_PATH, read_folder,
	 offsetof(struct node, files), .takes = "a folder"},
	{"files", KEY_NAMED, SECTION_LAB, TURN_OTHERS, KEY_ASIDE, read_files,
	 offsetof(struct topology, files), .takes = "folders, such as /etc/frr"},
	{"files", KEY_NAMED, NODES, TURN_OTHERS, KEY_ASIDE, read_files,
	 offsetof(struct node, files), .takes = "folders, such as /etc/frr"},
	{"private", KEY_PLAIN, NODES, TURN_OTHERS, KEY_ASIDE, read_paths,
	 offsetof(struct node, privates), .takes = "folders, such as /srv"},
	{"disk", KEY_PLAIN, NODES, TURN_OTHERS, KEY_ASIDE, read_disk, offsetof(struct node, disk),
	 .takes = "a size, such as 64M"},
	{"dns", KEY_PLAIN, NODES, TURN_OTHERS, KEY_ASIDE, read_dns, 0,
	 .takes = "nodes or addresses"},
	{"within", KEY_PLAIN, SECTION_LAB, TURN_OTHERS, 0, read_within,
	 offsetof(struct topology, within), .takes = "a time, such as 10s"},
	{"like", KEY_PLAIN, SECTIONS_LIKE, TURN_OTHERS, 0, NULL, 0, .takes = "names of templates"},

	{"lo", KEY_PLAIN, SECTION_NODE, TURN_INTERFACES, KEY_ADDRESSES, read_loopback, 0,
	 .takes = "addresses"},
	{"", KEY_INTERFACE, NODES, TURN_INTERFACES, KEY_ADDRESSES, read_interface, 0,
	 .takes = "a segment or a kind of device, then addresses"},
	{"address", KEY_NAMED_OF_INTERFACE, SECTION_NODE, TURN_OTHERS,
	 KEY_ADDRESSES | KEY_OF_LOOPBACK, read_addresses, 0, .takes = "addresses"},
	{"mac", KEY_OF_INTERFACE, NODES, TURN_OTHERS, 0, read_mac, offsetof(struct interface, mac),
	 .takes = "a MAC address"},
	{"mtu", KEY_OF_INTERFACE, NODES, TURN_OTHERS, 0, read_mtu, offsetof(struct interface, mtu),
	 .takes = "68 to 65535 (bytes)"},

	{"metric", KEY_OF_INTERFACE, SECTION_NODE, TURN_OTHERS, 0, read_bounded,
	 offsetof(struct interface, metric), .takes = "1 to 65535", .low = 1, .high = UINT16_MAX},

#define OF_PORT(word, sections, read, offset, takes_)                                              \
	{                                                                                          \
		word, KEY_OF_INTERFACE, sections, TURN_OTHERS, KEY_OF_PORT, read, offset,          \
			.takes = (takes_)                                                          \
	}
	OF_PORT("vlan", NODES, read_vlan, 0, "1 to 4094"),
	OF_PORT("trunk", NODES, read_trunk, 0, "numbers of VLANs, such as 10 20-29"),
	OF_PORT("native", NODES, read_vlan, 0, "1 to 4094"),
	{"cost", KEY_OF_INTERFACE, NODES, TURN_OTHERS, KEY_OF_PORT, read_bounded,
	 offsetof(struct port, cost), .takes = "1 to 65535", .low = 1, .high = UINT16_MAX},
	{"port-priority", KEY_OF_INTERFACE, NODES, TURN_OTHERS, KEY_OF_PORT, read_bounded,
	 offsetof(struct port, priority), .takes = "0 to 63", .low = 0, .high = 63},
	OF_PORT("isolated", NODES, read_yes_no, offsetof(struct port, isolated), "yes or no"),
	OF_PORT("neigh-suppress", SECTION_NODE, read_yes_no, offsetof(struct port, suppress),
		"yes or no"),
	{"mpls", KEY_OF_INTERFACE, SECTION_NODE, TURN_OTHERS, KEY_OF_LOOPBACK, read_mpls,
	 offsetof(struct interface, mpls), .takes = "yes or no"},
	{"srv6", KEY_OF_INTERFACE, SECTION_NODE, TURN_OTHERS, 0, read_yes_no,
	 offsetof(struct interface, srv6), .takes = "yes or no"},

#define OF_DEVICE(word, devices_, read, field, takes_, ...)                                        \
	{                                                                                          \
		word, KEY_OF_INTERFACE, SECTION_NODE, TURN_OTHERS, 0, read,                        \
			offsetof(struct device, field), .takes = (takes_), .devices = (devices_),  \
							##__VA_ARGS__                              \
	}
	OF_DEVICE("stp", DEVICE(BRIDGE), read_yes_no, bridge.stp, "yes or no"),
	OF_DEVICE("priority", DEVICE(BRIDGE), read_priority, bridge.priority, "a multiple of 4096"),
	OF_DEVICE("ageing", DEVICE(BRIDGE), read_ageing, bridge.ageing, "seconds, or 5m"),
	OF_DEVICE("snooping", DEVICE(BRIDGE), read_yes_no, bridge.snooping, "yes or no"),
	OF_DEVICE("mode", DEVICE(BOND) | DEVICE(MACVLAN) | DEVICE(IPVLAN), read_choice, mode,
		  "a mode"),
	OF_DEVICE("hash", DEVICE(BOND), read_choice, hash, "layer2, layer2+3 or layer3+4"),
	OF_DEVICE("lacp", DEVICE(BOND), read_choice, lacp, "fast or slow"),
	OF_DEVICE("primary", DEVICE(BOND), read_primary, primary, "an interface"),
	OF_DEVICE("table", DEVICE(VRF), read_bounded, table, "1 to 4294967295", .low = 1,
		  .high = UINT32_MAX),
	OF_DEVICE("id", DEVICE(VLAN) | DEVICE(VXLAN), read_bounded, id, "1 to 16777215", .low = 1,
		  .high = (1U << 24) - 1),
	OF_DEVICE("protocol", DEVICE(VLAN), read_choice, protocol, "802.1q or 802.1ad"),
	OF_DEVICE("remote", OVER_IP, read_remotes, remotes, "a node or an address"),
	OF_DEVICE("local", OVER_IP, read_endpoint, local, "an address of the node"),
	OF_DEVICE("ttl", OVER_IP, read_bounded, ttl, "1 to 255", .low = 1, .high = UINT8_MAX),
	OF_DEVICE("key", GRE, read_bounded, key, "1 to 4294967295", .low = 1, .high = UINT32_MAX),
	OF_DEVICE("group", DEVICE(VXLAN), read_group, group, "a multicast address"),
	OF_DEVICE("learning", DEVICE(VXLAN), read_yes_no, learning, "yes or no"),
	OF_DEVICE("port", DEVICE(VXLAN) | DEVICE(WIREGUARD), read_bounded, port, "1 to 65535",
		  .low = 1, .high = UINT16_MAX),
	OF_DEVICE("peers", DEVICE(WIREGUARD), read_peers, peers, "nodes"),
	{"peer", KEY_NAMED_OF_INTERFACE, SECTION_NODE, TURN_OTHERS, 0, read_peer,
	 offsetof(struct device, peers), .takes = "prefixes", .devices = DEVICE(WIREGUARD)},

	{"gateway", KEY_PLAIN, SECTION_NODE, TURN_GATEWAY, 0, read_gateway, 0,
	 .takes = "an address, or one of each family; or auto"},
	{"route", KEY_NAMED, SECTION_NODE, TURN_OTHERS, 0, read_route, 0,
	 .takes = "PREFIX via ADDRESS, PREFIX dev INTERFACE or blackhole PREFIX"},
	{"mpls", KEY_NAMED, SECTION_NODE, TURN_OTHERS, 0, read_label, 0,
	 .takes = "LABEL via ADDRESS dev INTERFACE"},
	{"sid", KEY_NAMED, SECTION_NODE, TURN_OTHERS, 0, read_sid, 0,
	 .takes = "SID ACTION, such as fd00:2::e end"},
	{"forward", KEY_PLAIN, SECTION_NODE, TURN_OTHERS, 0, read_yes_no,
	 offsetof(struct node, forward), .takes = "yes or no"},
	{"ipv6", KEY_PLAIN, SECTION_NODE, TURN_OTHERS, 0, read_yes_no, offsetof(struct node, ipv6),
	 .takes = "yes or no"},
	{"isolate", KEY_PLAIN, NODES, TURN_OTHERS, 0, read_isolate, offsetof(struct node, isolate),
	 .takes = "net, uts, mount, pid, ipc, cgroup"},
	{"sysctl", KEY_NAMED, NODES, TURN_OTHERS, KEY_FREE_TEXT | KEY_ASIDE, read_sysctl, 0,
	 .takes = "a value"},

	/* In the first turn, for they mean `forward = yes` unless that key says something. */
	{"frr", KEY_PLAIN, SECTION_NODE, TURN_INTERFACES, KEY_ASIDE | KEY_PATH_OR_YES, read_routing,
	 offsetof(struct node, routing[SUITE_FRR]), .takes = "a file, or yes"},
	{"bird", KEY_PLAIN, SECTION_NODE, TURN_INTERFACES, KEY_ASIDE | KEY_PATH_OR_YES,
	 read_routing, offsetof(struct node, routing[SUITE_BIRD]), .takes = "a file, or yes"},

	{"run", KEY_NAMED, NODES, TURN_OTHERS, KEY_FREE_TEXT | KEY_ASIDE, read_run, 0,
	 .takes = "a shell command"},
	{"script", KEY_PLAIN, NODES, TURN_OTHERS, KEY_ASIDE | KEY_PATH, read_script, 0,
	 .takes = "a file"},
	{"script", KEY_NAMED, NODES, TURN_OTHERS, KEY_ASIDE | KEY_PATH, read_script, 0,
	 .takes = "a file"},
	{SERVICE, KEY_NAMED, NODES, TURN_OTHERS, KEY_FREE_TEXT | KEY_ASIDE, read_service, 0,
	 .takes = "a shell command"},
	{"ready", KEY_OF_SERVICE, NODES, TURN_SERVICES, KEY_FREE_TEXT | KEY_ASIDE, read_ready, 0,
	 .takes = "a shell command, port NUMBER, file PATH or seconds"},
	{"restart", KEY_OF_SERVICE, NODES, TURN_SERVICES, KEY_ASIDE, read_restart, 0,
	 .takes = "no, yes or on-failure"},
	{"env", KEY_NAMED, NODES, TURN_OTHERS, KEY_FREE_TEXT | KEY_ASIDE, read_env, 0,
	 .takes = "a value"},
	{"after", KEY_PLAIN, NODES, TURN_OTHERS, KEY_ASIDE, read_after, 0, .takes = "nodes"},
	{"memory", KEY_PLAIN, NODES, TURN_OTHERS, KEY_ASIDE, read_memory,
	 offsetof(struct node, limits.memory), .takes = "a size, such as 256M"},
	{"cpus", KEY_PLAIN, NODES, TURN_OTHERS, KEY_ASIDE, read_cpus,
	 offsetof(struct node, limits.cpus), .takes = "a number of processors, such as 0.5"},
	{"pids", KEY_PLAIN, NODES, TURN_OTHERS, KEY_ASIDE, read_pids,
	 offsetof(struct node, limits.pids), .takes = "a number of processes"},

	{"stp", KEY_PLAIN, SECTION_SWITCH, TURN_OTHERS, 0, read_yes_no,
	 offsetof(struct node, bridge.stp), .takes = "yes or no"},
	{"hub", KEY_PLAIN, SECTION_SWITCH, TURN_OTHERS, 0, read_yes_no,
	 offsetof(struct node, bridge.hub), .takes = "yes or no"},
	{"ageing", KEY_PLAIN, SECTION_SWITCH, TURN_OTHERS, 0, read_ageing,
	 offsetof(struct node, bridge.ageing), .takes = "seconds, or 5m"},
	{"priority", KEY_PLAIN, SECTION_SWITCH, TURN_OTHERS, 0, read_priority,
	 offsetof(struct node, bridge.priority), .takes = "a multiple of 4096"},
	{"snooping", KEY_PLAIN, SECTION_SWITCH, TURN_OTHERS, 0, read_yes_no,
	 offsetof(struct node, bridge.snooping), .takes = "yes or no"},
	{"forward-groups", KEY_PLAIN, SECTION_SWITCH, TURN_OTHERS, 0, read_groups,
	 offsetof(struct node, bridge.groups), .takes = "lldp, lacp, 802.1x, stp"},

	{"step", KEY_NAMED, SECTION_TEST, TURN_OTHERS, KEY_FREE_TEXT, read_step, 0,
	 .takes = "a sentence, such as ping h1 h2"},

	{"subnet", KEY_PLAIN, SECTION_SWITCH | SECTION_LINK, TURN_OTHERS, 0, read_subnet, 0,
	 .takes = "a prefix, or one of each family"},
	{"subnet", KEY_NAMED, SECTION_SWITCH | SECTION_LINK, TURN_OTHERS, 0, read_subnet, 0,
	 .takes = "a prefix, or one of each family"},
	{"mtu", KEY_PLAIN, SECTION_LINK, TURN_OTHERS, 0, read_mtu, offsetof(struct segment, mtu),
	 .takes = "68 to 65535 (bytes)"},

/* What becomes of packets: in both directions of a link, of what one end sends, of an interface. */
/* NOLINTBEGIN(bugprone-macro-parentheses): they are initializers */
#define IMPAIRMENT(word, values)                                                                   \
	{word,                                                                                     \
	 KEY_PLAIN,                                                                                \
	 SECTION_LINK,                                                                             \
	 TURN_OTHERS,                                                                              \
	 0,                                                                                        \
	 read_impairment,                                                                          \
	 offsetof(struct segment, impaired),                                                       \
	 .takes = values},                                                                         \
		{word, KEY_OF_END,     SECTION_LINK, TURN_OTHERS, 0, read_end_impairment,          \
		 0,    .takes = values},                                                           \
	{                                                                                          \
		word, KEY_OF_INTERFACE, NODES, TURN_OTHERS, 0, read_impairment,                    \
			offsetof(struct interface, impaired), .takes = values                      \
	}
	IMPAIRMENT("delay", "a time, such as 40ms"),
	IMPAIRMENT("jitter", "a time, such as 5ms, then a correlation such as 25%"),
	IMPAIRMENT("distribution", "uniform, normal, pareto or paretonormal"),
	IMPAIRMENT("loss", "a percentage such as 1%, then a correlation; or gemodel or state"),
	IMPAIRMENT("duplicate", "a percentage, then a correlation"),
	IMPAIRMENT("corrupt", "a percentage, then a correlation"),
	IMPAIRMENT("reorder", "a percentage, then a correlation, then gap N"),
	IMPAIRMENT("rate", "a rate, such as 20mbit"),
	IMPAIRMENT("limit", "a number of packets"),
	IMPAIRMENT("seed", "a number"),
/* NOLINTEND(bugprone-macro-parentheses) */
#undef IMPAIRMENT
};

static const struct {
	const char *word;
	unsigned kind;
	bool named;
} kinds[] = {
	{"lab", SECTION_LAB, false},	      {"node", SECTION_NODE, true},
	{"switch", SECTION_SWITCH, true},     {"link", SECTION_LINK, true},
	{"template", SECTION_TEMPLATE, true}, {"test", SECTION_TEST, true},
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

/* Offer a candidate, one that differs only by case before all others. */
static void offer(struct near *near, const char **exact, const char *candidate)
{
	if (!strcasecmp(near->word, candidate))
		*exact = candidate;
	near_offer(near, candidate);
}

unsigned section_kind_of(struct report *report, const struct section *section)
{
	struct near near = {.word = section->kind};
	const char *exact = NULL;

	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (!strcmp(kinds[i].word, section->kind))
			return kinds[i].kind;
		offer(&near, &exact, kinds[i].word);
	}
	report_fault(report, section->place, "unknown section %s%s", section_title(report, section),
		     did_you_mean(report, exact ? exact : near_best(&near)));
	return 0;
}

bool section_kind_named(unsigned kind)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (kinds[i].kind == kind)
			return kinds[i].named;
	return false;
}

const char *section_kinds_text(struct report *report, unsigned set)
{
	const char *text = "";

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (kinds[i].kind & set)
			text = arena_printf(report->arena, "%s%s[%s]", text, *text ? " or " : "",
					    kinds[i].word);
	return text;
}

/* A key's parts, at its dots: "eth0", "address", "more". */
struct parts {
	const char *head;  /* before the first dot */
	const char *rest;  /* behind it; NULL: there is no dot */
	const char *word;  /* of the rest, before its first dot */
	const char *label; /* behind that; NULL: there is none */
};

static bool is_interface(const char *head)
{
	return name_is_interface(head) || name_is_subinterface(head);
}

static const char *split(struct arena *arena, const char *text, const char **rest)
{
	const char *dot = strchr(text, '.');

	*rest = dot ? dot + 1 : NULL;
	return dot ? arena_strndup(arena, text, (size_t)(dot - text)) : text;
}

/* The number of a VLAN is part of the interface's name. */
static bool has_number(const char *rest)
{
	size_t digits = strspn(rest, "0123456789");

	return digits && (!rest[digits] || rest[digits] == '.');
}

static struct parts split_key(struct arena *arena, const char *key)
{
	struct parts parts = {0};

	parts.head = split(arena, key, &parts.rest);
	while (parts.rest && has_number(parts.rest) && is_interface(parts.head)) {
		const char *rest = strchr(parts.rest, '.');

		parts.head = rest ? arena_strndup(arena, key, (size_t)(rest - key)) : key;
		parts.rest = rest ? rest + 1 : NULL;
	}
	if (parts.rest)
		parts.word = split(arena, parts.rest, &parts.label);
	return parts;
}

static bool interface_part(const struct key *key, const char *head)
{
	return is_interface(head) || ((key->flags & KEY_OF_LOOPBACK) && !strcmp(head, "lo"));
}

/* Is what follows the name in such a key a key of its own: service.NAME.ready? */
static bool has_attributes(const struct key *key)
{
	return key->form == KEY_NAMED && !strcmp(key->word, SERVICE);
}

/* Is this what the row means? Fills in the names that the key carries. */
static bool key_matches(const struct key *key, const struct parts *parts, struct entry *entry)
{
	entry->subject = entry->name = NULL;
	switch (key->form) {
	case KEY_PLAIN: return !parts->rest && !strcmp(key->word, parts->head);
	case KEY_NAMED:
		entry->name = parts->rest;
		return parts->rest && !strcmp(key->word, parts->head) &&
		       !(parts->label && has_attributes(key));
	case KEY_INTERFACE:
		entry->subject = parts->head;
		return !parts->rest && is_interface(parts->head);
	case KEY_OF_INTERFACE:
		entry->subject = parts->head;
		return parts->rest && interface_part(key, parts->head) &&
		       !strcmp(key->word, parts->rest);
	case KEY_NAMED_OF_INTERFACE:
		entry->subject = parts->head;
		entry->name = parts->label;
		return parts->label && interface_part(key, parts->head) &&
		       !strcmp(key->word, parts->word);
	case KEY_OF_SERVICE:
		entry->subject = parts->word;
		return parts->label && !strcmp(parts->head, SERVICE) &&
		       !strcmp(key->word, parts->label);
	case KEY_OF_END:
		entry->subject = parts->head;
		return parts->rest && !strcmp(key->word, parts->rest);
	}
	return false;
}

/* The row for a key in sections of the kinds, or NULL. A plain key comes before an interface. */
static const struct key *find(unsigned set, const struct parts *parts, struct entry *entry)
{
	const struct key *found = NULL;

	for (size_t i = 0; i < COUNT(keys); i++) {
		const struct key *key = &keys[i];
		struct entry names = *entry;

		if (!(key->sections & set) || !key_matches(key, parts, &names))
			continue;
		*entry = names;
		found = key;
		if (key->form != KEY_INTERFACE)
			break;
	}
	return found;
}

/* In a template, eth0.delay may be of an interface or of an end called so. */
static bool same_form(enum key_form a, enum key_form b)
{
	return a == b || (a == KEY_OF_END && b == KEY_OF_INTERFACE) ||
	       (a == KEY_OF_INTERFACE && b == KEY_OF_END);
}

const struct key *key_in(const struct key *meaning, unsigned kind)
{
	if (meaning->sections & kind)
		return meaning;
	for (size_t i = 0; i < COUNT(keys); i++)
		if ((keys[i].sections & kind) && same_form(keys[i].form, meaning->form) &&
		    !strcmp(keys[i].word, meaning->word))
			return &keys[i];
	return NULL;
}

/* The whole key that the user may have meant by a row, or NULL where the row is of another form. */
static const char *candidate(struct arena *arena, const struct key *key, const struct parts *parts)
{
	switch (key->form) {
	case KEY_PLAIN: return parts->rest ? NULL : key->word;
	case KEY_NAMED:
		if (parts->label && has_attributes(key) && !strcmp(parts->head, key->word))
			return NULL; /* it is the attribute that is mistaken */
		return arena_printf(arena, "%s.%s", key->word, parts->rest ? parts->rest : "NAME");
	case KEY_INTERFACE: return NULL;
	case KEY_OF_INTERFACE:
	case KEY_OF_END:
		return parts->rest ? arena_printf(arena, "%s.%s", parts->head, key->word) : NULL;
	case KEY_NAMED_OF_INTERFACE:
		return parts->label ? arena_printf(arena, "%s.%s.%s", parts->head, key->word,
						   parts->label)
				    : NULL;
	case KEY_OF_SERVICE:
		return parts->label && !strcmp(parts->head, SERVICE)
			       ? arena_printf(arena, SERVICE ".%s.%s", parts->word, key->word)
			       : NULL;
	}
	return NULL;
}

/* Only the part that can be mistaken is compared: names of the user's would drown it. */
static const char *near_key(struct report *report, unsigned set, const struct parts *parts)
{
	const char *best = NULL;
	size_t distance = 0;

	for (size_t i = 0; i < COUNT(keys); i++) {
		const struct key *key = &keys[i];
		bool of_interface =
			key->form == KEY_OF_INTERFACE || key->form == KEY_NAMED_OF_INTERFACE;
		bool dotted = of_interface || key->form == KEY_OF_END;
		struct near near = {.word = key->form == KEY_OF_SERVICE ? parts->label
					    : dotted			? parts->word
									: parts->head};
		const char *exact = NULL, *text = candidate(report->arena, key, parts);

		if (!text || !near.word || !(key->sections & set) ||
		    (of_interface && !interface_part(key, parts->head)))
			continue;
		offer(&near, &exact, key->word);
		if (exact)
			return text;
		if (near_best(&near) && (!best || near.distance < distance)) {
			best = text;
			distance = near.distance;
		}
	}
	return best;
}

/* An interface in capitals is one in lower case. */
static const char *near_interface(struct report *report, const struct parts *parts)
{
	char *lower = arena_strdup(report->arena, parts->head);

	for (char *c = lower; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	if (!name_is_interface(lower) || !strcmp(lower, parts->head))
		return NULL;
	return parts->rest ? arena_printf(report->arena, "%s.%s", lower, parts->rest) : lower;
}

/* "vlan" of h1-eth0.vlan, eth0.vlan or plain vlan. */
static const char *port_word(const struct parts *parts)
{
	return parts->word ? parts->word : parts->head;
}

/* In a switch: what is set of a port as if the switch knew its name, or had but one. */
static bool is_of_port(unsigned set, const struct parts *parts)
{
	for (size_t i = 0; i < COUNT(keys) && set == SECTION_SWITCH; i++)
		if ((keys[i].flags & KEY_OF_PORT) && !strcmp(keys[i].word, port_word(parts)))
			return true;
	return false;
}

/* "eth = lan1": letters alone, as if it were eth0. */
static bool lacks_number(const struct parts *parts)
{
	return !parts->rest && *parts->head && strlen(parts->head) < 15 &&
	       !parts->head[strspn(parts->head, "abcdefghijklmnopqrstuvwxyz")];
}

static void unknown(struct report *report, const struct section *section, unsigned set,
		    const struct entry *entry, const struct parts *parts)
{
	struct entry elsewhere = *entry;
	const struct key *other = find(~0U, parts, &elsewhere);
	const char *near;

	if (other) {
		report_fault(report, entry->place, "key \"%s\" is for %s, not for %s",
			     shown(report, entry->key), section_kinds_text(report, other->sections),
			     section_title(report, section));
		return;
	}
	if (is_of_port(set, parts)) {
		report_fault(
			report, entry->place,
			"unknown key \"%s\" in %s; it is set of a port, where the cable to that "
			"begins: eth0.%s in its [node]",
			shown(report, entry->key), section_title(report, section),
			port_word(parts));
		return;
	}
	near = near_key(report, set, parts);
	if (!near && (set & NODES))
		near = near_interface(report, parts);
	if (!near && (set & NODES) && lacks_number(parts)) {
		report_fault(
			report, entry->place,
			"unknown key \"%s\" in %s; the name of an interface has a number, such "
			"as %s0",
			parts->head, section_title(report, section), parts->head);
		return;
	}
	report_fault(report, entry->place, "unknown key \"%s\" in %s%s", shown(report, entry->key),
		     section_title(report, section), did_you_mean(report, near));
}

static void check_length(struct report *report, const struct entry *entry)
{
	const char *interface = entry->subject ? entry->subject : "lo";
	const char *remedy = "";

	if (report_full(report) || entry->length <= INI_LINE_LIMIT)
		return;
	if (entry->meaning && (entry->meaning->flags & KEY_ADDRESSES))
		remedy = arena_printf(report->arena,
				      "; put further addresses into %s.address.NAME keys",
				      shown(report, interface));
	report_fault(report, entry->place, "%s: the line has %s bytes; the parser takes %s%s",
		     shown(report, entry->key), grouped(report, entry->length),
		     grouped(report, INI_LINE_LIMIT), remedy);
}

/* A path of an included file, as the first file would have it; "-" may stand in front. */
static void move_path(struct report *report, struct entry *entry)
{
	const char *path = entry->value;
	bool yes;

	path += *path == '-';
	path += strspn(path, " \t");
	if (!entry->below || !*path || *path == '/' ||
	    !(entry->meaning->flags & (KEY_PATH | KEY_PATH_OR_YES)) ||
	    ((entry->meaning->flags & KEY_PATH_OR_YES) && value_yes_no(path, &yes)))
		return;
	entry->value = arena_printf(report->arena, "%.*s%s%s", (int)(path - entry->value),
				    entry->value, entry->below, path);
	entry->below = NULL;
}

void key_resolve(struct report *report, const struct section *section, unsigned kind,
		 struct entry *entry)
{
	unsigned set = kind == SECTION_TEMPLATE ? SECTIONS_LIKE : kind;
	struct parts parts = split_key(report->arena, entry->key);

	entry->meaning = find(set, &parts, entry);
	if (!entry->meaning)
		unknown(report, section, set, entry, &parts);
	check_length(report, entry);
	if (!entry->meaning || !entry->value)
		return;
	/* Commas alone are no words either. */
	if (!(entry->meaning->flags & KEY_FREE_TEXT) &&
	    !entry->value[strspn(entry->value, WORDS_APART)])
		entry->value = "";
	if (!*entry->value)
		report_fault(report, entry->place, "%s has no value; it takes %s",
			     shown(report, entry->key), entry->meaning->takes);
	else if (entry->comment && (entry->meaning->flags & KEY_FREE_TEXT))
		report_warning(report, entry->place,
			       "%s ends before \"%s\", a comment; quote the value to keep it",
			       shown(report, entry->key), shown(report, entry->comment));
	move_path(report, entry);
}

void keys_resolve(struct report *report, struct section *section, unsigned kind)
{
	for (size_t i = 0; i < section->count && !report_full(report); i++)
		if (!pattern_possible(section->entries[i].key))
			key_resolve(report, section, kind, &section->entries[i]);
}
