// SPDX-License-Identifier: MIT
// A filter that refuses a connection in the name of who listens: its reset looks like the kernel's.
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "lab/blame.h"

/* Is the number in the rule, and not in another one, as 80 in 8080 is? */
static bool names(const char *rule, const char *number)
{
	for (const char *at = rule; (at = strstr(at, number)); at++)
		if ((at == rule || !isdigit((unsigned char)at[-1])) &&
		    !isdigit((unsigned char)at[strlen(number)]))
			return true;
	return false;
}

/* Does the rule reset, and, if it names ports, this one? */
static bool is_about(const struct filter_drop *drop, const char *port)
{
	return (strstr(drop->rule, "tcp reset") || strstr(drop->rule, "tcp-reset")) &&
	       (!strstr(drop->rule, "dport") || names(drop->rule, port));
}

static bool resets(struct blame *blame, const struct explain_step *step,
		   const enum filter_hook *hooks, size_t hook_count)
{
	struct path *path = blame->path;
	char port[8];

	snprintf(port, sizeof(port), "%u", path->request->port);
	for (size_t h = 0; h < hook_count && path_enter(path, &path->nodes[step->number - 1]);
	     h++) {
		bool known;
		size_t count;
		struct filter_drop *list = filter_drops(hooks[h], path->arena, &count, &known);

		for (size_t i = 0; i < count; i++) {
			if (!is_about(&list[i], port))
				continue;
			blame_on(blame, CAUSE_FILTER, step->node,
				 "somebody listens at TCP port %s of %s, but a filter of %s can "
				 "have reset it: \"%s\" in chain %s",
				 port, blame->result->to, step->node, list[i].rule, list[i].chain);
			return true;
		}
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
