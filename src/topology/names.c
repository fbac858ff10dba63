// SPDX-License-Identifier: MIT
// What a node, a segment, an interface and a lab may be called.
#include "topology/names.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "topology/model.h"
#include "topology/report.h"

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static const struct rule {
	const char *first, *rest; /* the characters it starts with, and goes on with */
	const char *in_words;
} rules[] = {
	[NAME_NODE] = {LOWER DIGITS, LOWER DIGITS "-_", "lower case letters, digits, - and _"},
	[NAME_SEGMENT] = {LOWER DIGITS, LOWER DIGITS "-_", "lower case letters, digits, - and _"},
	[NAME_LABEL] = {LOWER DIGITS, LOWER DIGITS "-_", "lower case letters, digits, - and _"},
	[NAME_LAB] = {LOWER UPPER DIGITS, LOWER UPPER DIGITS "-_.", "letters, digits, -, _ and ."},
};

/* Names that mean something else where a user would write them. */
static const struct reserved {
	enum name_kind kind;
	const char *name;
	const char *meaning;
} reserved[] = {
	{NAME_NODE, "stub", "it is the segment with nobody at its far end"},
	{NAME_NODE, "all", "it stands for all nodes"},
	{NAME_NODE, "localhost", "it stands for the node itself"},
};

/*
 * How much of the text has the form of an interface's name: all up to a dot, if any of it has. A
 * digit makes it one, as "eth0", "enp3s0f1" and "r1-lan" have: no key has any that is not in its
 * table.
 */
static size_t interface_length(const char *text)
{
	size_t length = strspn(text, LOWER DIGITS "-_");

	return length && strchr(LOWER, *text) && strcspn(text, DIGITS) < length ? length : 0;
}

bool name_is_interface(const char *text)
{
	size_t length = interface_length(text);

	return length && !text[length];
}

bool name_is_subinterface(const char *text)
{
	size_t length = interface_length(text);
	const char *rest = text + length;

	if (!length || !*rest)
		return false;
	while (*rest == '.') {
		size_t digits = strspn(rest + 1, DIGITS);

		if (!digits)
			return false;
		rest += 1 + digits;
	}
	return !*rest;
}

bool name_fits(enum name_kind kind, const char *name)
{
	const struct rule *rule = &rules[kind];

	return *name && strchr(rule->first, *name) && !name[strspn(name, rule->rest)] &&
	       strlen(name) <= NAME_LIMIT;
}

/* The name in lower case if that is all it takes, else NULL. */
static const char *lower_case(struct report *report, enum name_kind kind, const char *name)
{
	char *lower = arena_strdup(report->arena, name);

	for (char *c = lower; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return strcmp(lower, name) != 0 && name_fits(kind, lower) ? lower : NULL;
}

/* getaddrinfo(3) takes "10" for 0.0.0.10 and never asks for the node. */
static bool reads_as_address(const char *name)
{
	struct in_addr address;

	return inet_aton(name, &address) != 0;
}

static bool is_reserved(struct report *report, struct place place, enum name_kind kind,
			const char *what, const char *name)
{
	for (size_t i = 0; i < sizeof(reserved) / sizeof(*reserved); i++) {
		const struct reserved *r = &reserved[i];

		if (r->kind != kind || strcmp(r->name, name) != 0)
			continue;
		report_fault(report, place, "no %s can be called \"%s\": %s", what, name,
			     r->meaning);
		return true;
	}
	if (kind != NAME_NODE || !reads_as_address(name))
		return false;
	report_fault(report, place, "no %s can be called \"%s\": programs take it for an address",
		     what, name);
	return true;
}

bool name_check(struct report *report, struct place place, enum name_kind kind, const char *what,
		const char *name)
{
	size_t length = strlen(name);

	if (name_fits(kind, name))
		return !is_reserved(report, place, kind, what, name);
	if (report_full(report))
		report_fault(report, place, "a name");
	else if (length > NAME_LIMIT)
		report_fault(report, place, "the name of %s \"%s\" has %s bytes; %d is the most",
			     what, shown(report, name), grouped(report, length), NAME_LIMIT);
	else
		report_fault(report, place,
			     "\"%s\" cannot name a %s; names are %s, a letter or digit first%s",
			     shown(report, name), what, rules[kind].in_words,
			     did_you_mean(report, lower_case(report, kind, name)));
	return false;
}

/* What the modules of tunnels put into every network. */
static bool is_kernels_own(const char *name)
{
	static const char *const names[] = {"tunl0",   "gre0", "gretap0",
					    "erspan0", "sit0", "ip6tnl0"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

bool name_check_interface(struct report *report, struct place place, const char *name,
			  bool in_switch)
{
	if (is_kernels_own(name)) {
		report_fault(report, place,
			     "no interface can be called \"%s\": the kernel makes one of that name "
			     "itself",
			     name);
		return false;
	}
	if (strlen(name) > INTERFACE_LIMIT) {
		report_fault(report, place,
			     "the name of interface \"%s\" has %s bytes; the kernel takes %d",
			     shown(report, name), grouped(report, strlen(name)), INTERFACE_LIMIT);
		return false;
	}
	if (in_switch && !strcmp(name, BRIDGE_NAME)) {
		report_fault(report, place,
			     "no interface of a switch can be called \"" BRIDGE_NAME "\": "
			     "it is the bridge");
		return false;
	}
	if (in_switch && (strchr(name, '-') || (*name == 'p' && isdigit((unsigned char)name[1])))) {
		report_fault(report, place,
			     "no interface of a switch can be called \"%s\": "
			     "its ports may be",
			     name);
		return false;
	}
	return true;
}
