// SPDX-License-Identifier: MIT
// Filters at a router that can drop what its routing daemons send and are sent.
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

static bool names_packets(const struct consultant *row, const char *rule)
{
	for (size_t i = 0; i < sizeof(row->packets) / sizeof(*row->packets); i++)
		if (row->packets[i] && strstr(rule, row->packets[i]))
			return true;
	return false;
}

/* A policy is about all that no rule accepts. */
static bool is_about(const struct consultant *row, const struct filter_drop *drop)
{
	for (size_t i = 0; i < drop->accept_count; i++)
		if (names_packets(row, drop->accepts[i]))
			return false;
	return drop->is_policy || names_packets(row, drop->rule);
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
			if (sees(&list[i], row->family) && is_about(row, &list[i]))
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
