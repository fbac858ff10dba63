// SPDX-License-Identifier: MIT
// Filters at a router that can drop what its routing daemons send and are sent.
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "kernel/filter.h"
#include "lab/consult_run.h"

/* Tables of the bridge, or of another family, do not see it. */
static bool sees(const struct filter_drop *drop, int family)
{
	static const struct {
		const char *table;
		int family;
	} tables[] = {{"inet ", AF_UNSPEC},
		      {"ip ", AF_INET},
		      {"iptables ", AF_INET},
		      {"ip6 ", AF_INET6},
		      {"ip6tables ", AF_INET6}};

	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		if (!strncmp(drop->chain, tables[i].table, strlen(tables[i].table)))
			return family == AF_UNSPEC || tables[i].family == AF_UNSPEC ||
			       family == tables[i].family;
	return false;
}

static bool names_packets(const char *rule, const void *of)
{
	const struct consultant *row = of;

	for (size_t i = 0; i < sizeof(row->packets) / sizeof(*row->packets); i++) {
		const char *packets = row->packets[i];
		char key[16];
		unsigned value;

		if (!packets)
			continue;
		if (sscanf(packets, "%15s %u", key, &value) == 2 ? filter_rule_has(rule, key, value)
								 : strstr(rule, packets) != NULL)
			return true;
	}
	return false;
}

static bool is_about(const struct consultant *row, const struct filter_drop *drop)
{
	return drop->is_policy ? !filter_accepts(drop, names_packets, row)
			       : names_packets(drop->rule, row);
}

const char *consult_filter(const struct consulting *consulting, struct path_node *node)
{
	static const enum filter_hook hooks[] = {FILTER_INPUT, FILTER_OUTPUT, FILTER_PREROUTING,
						 FILTER_POSTROUTING};
	const struct consultant *row = consulting->row;
	struct path *path = consulting->path;
	const struct filter_drop *list;
	size_t count;

	/* What has no words does not come in IP, as IS-IS. */
	if (!row->packets[0] || !path_enter(path, node))
		return NULL;
	list = filter_drops(hooks, sizeof(hooks) / sizeof(*hooks), path->arena, &count);
	for (size_t i = 0; i < count; i++)
		if (sees(&list[i], row->family) && is_about(row, &list[i]))
			return arena_printf(path->arena,
					    "a filter of %s can drop it: \"%s\" in chain %s",
					    node->file->name, list[i].rule, list[i].chain);
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
