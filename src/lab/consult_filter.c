// SPDX-License-Identifier: MIT
// Filters at a router that can drop what its routing daemons send and are sent.
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "kernel/filter.h"
#include "lab/consult_run.h"

/* Tables of the bridge, or of another family, do not see it. */
static bool sees(const struct filter_drop *drop, int family)
{
	return !strncmp(drop->chain, "inet ", 5) ||
	       (family != AF_INET6 && !strncmp(drop->chain, "ip ", 3)) ||
	       (family != AF_INET && !strncmp(drop->chain, "ip6 ", 4));
}

/* Is it that number, or a range with it: "179", "170-180", and "170:180" of iptables? */
static bool covers(const char *word, unsigned value)
{
	unsigned low, high;
	int read = sscanf(word, "%u%*[-:]%u", &low, &high);

	return read > 0 && low <= value && value <= (read == 2 ? high : low);
}

/* Has the rule the value behind that key, alone or among others: "tcp dport { 22, 179 } accept"? */
static bool has_value(struct arena *arena, const char *rule, const char *key, unsigned value)
{
	char *rest = arena_strdup(arena, rule), *word;
	bool behind = false;

	while ((word = strsep(&rest, " ,{}"))) {
		if (behind && covers(word, value))
			return true;
		if (strstr(word, key))
			behind = true;
		else if (*word)
			behind &= isdigit((unsigned char)*word) != 0;
	}
	return false;
}

static bool names_packets(struct arena *arena, const struct consultant *row, const char *rule)
{
	for (size_t i = 0; i < sizeof(row->packets) / sizeof(*row->packets); i++) {
		const char *packets = row->packets[i];
		char key[16];
		unsigned value;

		if (!packets)
			continue;
		if (sscanf(packets, "%15s %u", key, &value) == 2
			    ? has_value(arena, rule, key, value)
			    : strstr(rule, packets) != NULL)
			return true;
	}
	return false;
}

/* Is it about some of such packets alone, those of an address or an interface? */
static bool is_of_some(const char *rule)
{
	static const char *const words[] = {"addr ", "iif", "oif", " -s ", " -d ", " -i ", " -o "};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(rule, words[i]))
			return true;
	return false;
}

/* A policy is not about what a rule of its chain accepts from all. */
static bool is_about(struct arena *arena, const struct consultant *row,
		     const struct filter_drop *drop)
{
	for (size_t i = 0; i < drop->accept_count; i++)
		if (names_packets(arena, row, drop->accepts[i]) && !is_of_some(drop->accepts[i]))
			return false;
	return drop->is_policy || names_packets(arena, row, drop->rule);
}

const char *consult_filter(const struct consulting *consulting, struct path_node *node)
{
	static const enum filter_hook hooks[] = {FILTER_INPUT, FILTER_OUTPUT, FILTER_PREROUTING,
						 FILTER_POSTROUTING};
	const struct consultant *row = consulting->row;
	struct path *path = consulting->path;

	/* What has no words does not come in IP, as IS-IS. */
	if (!row->packets[0] || !path_enter(path, node))
		return NULL;
	for (size_t h = 0; h < sizeof(hooks) / sizeof(*hooks); h++) {
		bool known;
		size_t count;
		struct filter_drop *list = filter_drops(hooks[h], path->arena, &count, &known);

		for (size_t i = 0; i < count; i++)
			if (sees(&list[i], row->family) && is_about(path->arena, row, &list[i]))
				return arena_printf(
					path->arena,
					"a filter of %s can drop it: \"%s\" in chain %s",
					node->file->name, list[i].rule, list[i].chain);
	}
	return NULL;
}

const char *consult_filters(const struct consulting *consulting, struct path_node *a,
			    struct path_node *b)
{
	const char *text = consult_filter(consulting, a);

	if (!text)
		text = consult_filter(consulting, b);
	return text ? arena_printf(consulting->path->arena, "; %s", text) : "";
}
