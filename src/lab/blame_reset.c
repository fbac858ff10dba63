// SPDX-License-Identifier: MIT
// A filter that refuses a connection in the name of who listens: its reset looks like the kernel's.
#include <string.h>

#include "base/arena.h"
#include "lab/blame.h"

/* Does the rule reset, and, if it names ports, this one? */
static bool is_about(const struct filter_drop *drop, uint16_t port)
{
	static const char *const resets[] = {"tcp reset", "tcp-reset", NULL};

	return filter_rule_has_any(drop->rule, resets) &&
	       (!strstr(drop->rule, "dport") || filter_rule_has(drop->rule, "dport", port));
}

static bool resets(struct blame *blame, const struct explain_step *step,
		   const enum filter_hook *hooks, size_t hook_count)
{
	struct path *path = blame->path;
	uint16_t port = path->request->port;
	const struct filter_drop *list;
	size_t count;

	if (!path_enter(path, &path->nodes[step->number - 1]))
		return false;
	list = filter_drops(hooks, hook_count, path->arena, &count);
	for (size_t i = 0; i < count; i++) {
		if (!is_about(&list[i], port))
			continue;
		blame_on(blame, CAUSE_FILTER, step->node,
			 "somebody listens at TCP port %u of %s, but a filter of %s can have reset "
			 "it: \"%s\" in chain %s",
			 port, blame->result->to, step->node, list[i].rule, list[i].chain);
		return true;
	}
	return false;
}

bool blame_reset(struct blame *blame)
{
	static const enum filter_hook here[] = {FILTER_INPUT, FILTER_PREROUTING};
	static const enum filter_hook through[] = {FILTER_FORWARD, FILTER_PREROUTING};
	const struct explain_way *way = &blame->result->there;

	for (size_t i = 1; i < way->count; i++)
		if (!way->steps[i].is_switch &&
		    resets(blame, &way->steps[i], i + 1 < way->count ? through : here, 2))
			return true;
	return false;
}
