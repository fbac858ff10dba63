// SPDX-License-Identifier: MIT
// Where on its way a real packet was lost, and to what.
#include <netinet/in.h>
#include <string.h>

#include "base/arena.h"
#include "kernel/sysctl.h"
#include "lab/blame.h"

/*
 * The step up to which packets must have been seen where all is well: the end of a way that
 * arrives; else the last router, as its own packets wait for an answer to ARP that does not come.
 */
static size_t last_to_see(const struct explain_way *way)
{
	size_t last = way->count - 1;

	while (!way->arrived && last > 0 && way->steps[last].is_switch)
		last--;
	return last;
}

static bool contains(const char *text, const char *part)
{
	return part && *part && strstr(text, part) != NULL;
}

/* How much a rule looks as if it were about our packet. */
static int score(const struct blame *blame, const struct explain_step *step,
		 const struct filter_drop *drop)
{
	const struct explanation *result = blame->result;
	const struct path *path = blame->path;
	static const char *const protocols[] = {
		[REACH_PING] = "icmp", [REACH_TCP] = "tcp", [REACH_UDP] = "udp"};

	if (drop->is_policy)
		return 0;
	return 1 + 2 * contains(drop->rule, path_address(path, &result->destination)) +
	       2 * contains(drop->rule, path_address(path, &result->source)) +
	       contains(drop->rule, protocols[path->request->kind]) +
	       contains(drop->rule, step->in) + contains(drop->rule, step->out);
}

/* What a filter of the node may have dropped the packet by. False: nothing there drops. */
bool blame_filter(struct blame *blame, const struct explain_step *step,
		  const enum filter_hook *hooks, size_t hook_count, const char *what)
{
	struct path_node *node = &blame->path->nodes[step->number - 1];
	const struct filter_drop *best = NULL;
	const struct filter_drop *list;
	size_t count;

	if (!path_enter(blame->path, node))
		return false;
	list = filter_drops(hooks, hook_count, blame->path->arena, &count);
	for (size_t i = 0; i < count; i++)
		if (!best || score(blame, step, &list[i]) > score(blame, step, best))
			best = &list[i];
	if (!best)
		return false;
	blame_on(blame, CAUSE_FILTER, step->node,
		 "a filter of %s dropped it: %s: \"%s\" in chain %s%s", step->node, what,
		 best->rule, best->chain,
		 count > 1 ? arena_printf(blame->path->arena, " (or one of %zu others that drop)",
					  count - 1)
			   : "");
	return true;
}

static void lost_inside(struct blame *blame, const struct explain_step *step, const char *packet)
{
	static const enum filter_hook through[] = {FILTER_FORWARD, FILTER_PREROUTING,
						   FILTER_POSTROUTING};
	static const enum filter_hook from[] = {FILTER_OUTPUT, FILTER_POSTROUTING};
	const char *what;

	if (step->in) {
		what = arena_printf(blame->path->arena, "%s came in by %s and did not go out by %s",
				    packet, step->in, step->out);
		if (blame_filter(blame, step, through, 3, what))
			return;
	} else {
		what = arena_printf(blame->path->arena, "%s did not go out by %s", packet,
				    step->out);
		if (blame_filter(blame, step, from, 2, what))
			return;
	}
	blame_on(blame, CAUSE_UNKNOWN, step->node, "lost in %s: %s, and no filter there says why",
		 step->node, what);
}

static void lost_between(struct blame *blame, const struct explain_step *step,
			 const struct explain_step *next, const char *packet)
{
	blame_on(blame, CAUSE_LOSS, step->node,
		 "lost on link %s: %s left %s:%s and did not come to %s:%s",
		 step->segment ? step->segment : "?", packet, step->node, step->out, next->node,
		 next->in);
}

/* The first place on the way where the packet ought to have been seen and was not. */
bool blame_lost(struct blame *blame, const struct explain_way *way, const char *packet)
{
	size_t last = last_to_see(way);

	for (size_t i = 0; i < last; i++) {
		const struct explain_step *step = &way->steps[i], *next = &way->steps[i + 1];

		if (!step->out_index || !next->in_index)
			continue; /* a tunnel, or a bridge that is not a switch */
		if (!step->seen_out && !next->seen_in) {
			lost_inside(blame, step, packet);
			return true;
		}
		if (!next->seen_in) {
			lost_between(blame, step, next, packet);
			return true;
		}
	}
	return false;
}

static bool echo_is_ignored(const struct blame *blame)
{
	bool old = blame->result->destination.family == AF_INET;
	const char *path = old ? "net/ipv4/icmp_echo_ignore_all" : "net/ipv6/icmp/echo_ignore_all";

	return blame->path->request->kind == REACH_PING && path_enter(blame->path, blame->to) &&
	       sysctl_number(path, 0) != 0;
}

/* It came to the end, and nothing left there. */
static void unanswered(struct blame *blame, const struct explain_step *last)
{
	static const enum filter_hook hooks[] = {FILTER_INPUT, FILTER_PREROUTING, FILTER_OUTPUT,
						 FILTER_POSTROUTING};

	if (echo_is_ignored(blame)) {
		blame_on(blame, CAUSE_IGNORED, last->node, "%s ignores echo requests (net.%s is 1)",
			 last->node,
			 blame->result->destination.family == AF_INET
				 ? "ipv4.icmp_echo_ignore_all"
				 : "ipv6.icmp.echo_ignore_all");
		return;
	}
	if (blame_filter(blame, last, hooks, 4,
			 arena_printf(blame->path->arena,
				      "the packet came in by %s and no answer left",
				      last->in ? last->in : "lo")))
		return;
	blame_on(blame, CAUSE_UNKNOWN, last->node,
		 "%s got the packet and did not answer, and no filter there says why", last->node);
}

void blame_way(struct blame *blame, const struct explain_way *way, const char *prefix)
{
	blame_on(blame, way->cause, way->node, "%s%s", prefix, way->text);
}

/* The packet got there; the answer did not come back. */
void blame_back(struct blame *blame)
{
	const struct explain_way *there = &blame->result->there, *back = &blame->result->back;
	const struct explain_step *last = &there->steps[there->count - 1];
	const char *prefix = arena_printf(
		blame->path->arena,
		"the packet comes to %s, but the answer finds no way back: ", last->node);
	bool left = back->count && back->steps[0].seen_out;

	if (back->count && blame_lost(blame, back, "the answer")) {
		if (!left)
			unanswered(blame, last);
		return;
	}
	if (back->cause != CAUSE_NONE)
		blame_way(blame, back, prefix);
	else
		unanswered(blame, last);
}
