// SPDX-License-Identifier: MIT
// The verdict out of the ways that kernels would send a packet and where a real one was seen.
#include "lab/blame.h"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "kernel/listening.h"
#include "lab/path_obstacle.h"

void blame_note(struct blame *blame, const char *format, ...)
{
	struct explanation *result = blame->result;
	char text[ERROR_TEXT_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	*array_push(blame->path->arena, result->notes, result->note_count) =
		arena_strdup(blame->path->arena, text);
}

void blame_on(struct blame *blame, enum explain_cause cause, const char *node, const char *format,
	      ...)
{
	char text[ERROR_TEXT_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	blame->result->cause = cause;
	blame->result->node = node;
	blame->result->verdict = arena_strdup(blame->path->arena, text);
}

/* --- what was seen ---------------------------------------------------------------------------- */

static bool was_seen(const struct blame *blame, const struct explain_step *step, uint32_t index,
		     bool reply, bool out)
{
	uint32_t watcher = blame->watchers[step->number - 1];

	return index && watcher != UINT32_MAX &&
	       sightings_has(blame->sightings, watcher, index, reply, out);
}

static void mark(const struct blame *blame, struct explain_way *way, bool reply)
{
	for (size_t i = 0; i < way->count; i++) {
		struct explain_step *step = &way->steps[i];

		step->seen_in = was_seen(blame, step, step->in_index, reply, false);
		step->seen_out = was_seen(blame, step, step->out_index, reply, true);
	}
}

/* --- the verdict ------------------------------------------------------------------------------ */

static const char *goal(const struct blame *blame)
{
	const struct explanation *result = blame->result;
	const char *address = path_address(blame->path, &result->destination);

	return !strcmp(address, result->to)
		       ? address
		       : arena_printf(blame->path->arena, "%s (%s)", result->to, address);
}

static size_t routers(const struct explain_way *way)
{
	size_t count = 0;

	for (size_t i = 1; i + 1 < way->count; i++)
		count += !way->steps[i].is_switch;
	return count;
}

/* A way that works and ends before its goal all the same. */
static void note_contradiction(struct blame *blame, const struct explain_way *way, const char *what)
{
	if (way->cause == CAUSE_UNKNOWN)
		blame_note(blame, "not followed to its end: %s", way->text);
	else if (way->text)
		blame_note(blame, "by what the kernels have, %s: %s", what, way->text);
}

static void blame_nobody(struct blame *blame)
{
	struct explanation *result = blame->result;
	size_t between = routers(&result->there);

	result->works = true;
	blame_on(blame, CAUSE_NONE, NULL, "%s reaches %s%s", result->from, goal(blame),
		 !result->there.arrived ? ""
		 : between ? arena_printf(blame->path->arena, " through %zu router%s", between,
					  between == 1 ? "" : "s")
			   : " directly");
	note_contradiction(blame, &result->there, "it should not");
	if (result->there.arrived)
		note_contradiction(blame, &result->back, "the answer should not come back");
}

/* Is it another node than the one meant that takes the packet in? */
static bool blame_double(struct blame *blame)
{
	struct explanation *result = blame->result;
	const struct explain_way *ways[] = {&result->there, &result->back};
	const struct explain_step *last =
		result->there.count ? &result->there.steps[result->there.count - 1] : NULL;

	if (last && result->there.arrived && blame->to && last->number != blame->to->file->number) {
		blame_on(blame, CAUSE_DUPLICATE, last->node,
			 "what is for %s of %s comes to %s, which has that address too",
			 path_address(blame->path, &result->destination), result->to, last->node);
		return true;
	}
	for (size_t i = 0; i < 2; i++) {
		if (!ways[i]->duplicate)
			continue;
		blame_on(blame, CAUSE_DUPLICATE, ways[i]->duplicate_node, "%s", ways[i]->duplicate);
		return true;
	}
	return false;
}

/* Does somebody listen at the port with a socket of that family? */
static bool listens(struct blame *blame, int family)
{
	const struct explain_request *request = blame->path->request;
	struct error err;

	return blame->to && path_enter(blame->path, blame->to) &&
	       listening(family, request->port, request->kind == REACH_UDP, &err) == 1;
}

static void blame_port(struct blame *blame)
{
	const struct explain_request *request = blame->path->request;
	bool tcp = request->kind == REACH_TCP, old = blame->result->destination.family == AF_INET;
	const char *why = NULL, *ended;

	if (listens(blame, old ? AF_INET : AF_INET6)) {
		if (tcp && blame_reset(blame))
			return;
		why = "somebody does, but not for this address";
	} else if (listens(blame, old ? AF_INET6 : AF_INET)) {
		why = old ? "somebody does, over IPv6 alone" : "somebody does, over IPv4 alone";
	}
	ended = !why && blame->to ? path_ended_service(blame->path, blame->to, false) : NULL;
	blame_on(blame, ended ? CAUSE_SERVICE : CAUSE_PORT, blame->result->to,
		 "%s is reached, but nobody there listens at %s port %u%s%s", goal(blame),
		 tcp ? "TCP" : "UDP", request->port, why || ended ? ": " : "",
		 why	 ? why
		 : ended ? ended
			 : "");
}

/*
 * ICMP port unreachable comes from a filter, but for UDP from the destination itself: TCP refuses
 * in a way of its own, and an echo has no port.
 */
static bool blame_rejecting(struct blame *blame)
{
	static const enum filter_hook hooks[] = {FILTER_FORWARD, FILTER_INPUT, FILTER_PREROUTING};
	const struct reach *probe = &blame->result->probe;
	struct explain_step step = {0};
	struct path_place place = {0};

	if (probe->state != REACH_REFUSED || probe->icmp_from.family == AF_UNSPEC ||
	    !path_owners(blame->path, &probe->icmp_from, &place, 1) || !place.node ||
	    (place.node == blame->to && probe->kind == REACH_UDP))
		return false;
	step.node = place.node->file->name;
	step.number = place.node->file->number;
	return blame_filter(blame, &step, hooks, 3,
			    arena_printf(blame->path->arena, "it answered with %s",
					 reach_words(probe, blame->path->arena)));
}

/* A router has ended it, though it does not circle: somebody lowers its hop limit on the way. */
static bool blame_expired(struct blame *blame)
{
	const struct reach *probe = &blame->result->probe;
	bool old = probe->to.family == AF_INET;
	struct path_place place = {0};

	if (probe->state != REACH_ICMP || !blame->result->there.arrived ||
	    probe->icmp_type != (old ? ICMP_TIME_EXCEEDED : ICMP6_TIME_EXCEEDED) ||
	    !path_owners(blame->path, &probe->icmp_from, &place, 1))
		return false;
	blame_on(blame, CAUSE_HOP_LIMIT, place.node->file->name,
		 "the hop limit is used up at %s, though the way goes on: it was sent with too "
		 "small a TTL, or a filter on the way lowers it",
		 place.node->file->name);
	return true;
}

/* The address of the node that is meant went with the node at the far end of the cable. */
static bool blame_far_end(struct blame *blame, const struct address *address)
{
	struct path_node *owner;
	const struct interface *file = path_file_owner(blame->path, address, &owner);
	struct path_node *far =
		file && owner == blame->to ? path_dead_end(blame->path, owner, file) : NULL;

	if (far)
		blame_on(blame, CAUSE_NODE, far->file->name,
			 "node %s is dead, and %s:%s with it, which had the address %s",
			 far->file->name, owner->file->name, file->name,
			 path_address(blame->path, address));
	return far;
}

/* The node that is meant is dead, or does not have the address that the file gives it. */
static bool blame_homeless(struct blame *blame)
{
	const struct address *address = &blame->result->destination;
	struct path_place owners[16];
	size_t count = path_owners(blame->path, address, owners, 16);

	if (!blame->to)
		return false;
	if (!path_look(blame->path, blame->to)) {
		blame_on(blame, CAUSE_NODE, blame->to->file->name, "node %s is dead",
			 blame->to->file->name);
		return true;
	}
	for (size_t i = 0; i < count && i < 16; i++)
		if (owners[i].node == blame->to)
			return false;
	if (blame_far_end(blame, address))
		return true;
	blame_on(blame, CAUSE_NO_ADDRESS, blame->to->file->name,
		 "%s has not got the address %s, which the file gives it", blame->to->file->name,
		 path_address(blame->path, address));
	return true;
}

static void blame_somebody(struct blame *blame)
{
	struct explanation *result = blame->result;
	bool came = result->there.count && result->there.arrived &&
		    result->there.steps[result->there.count - 1].seen_in;

	if (blame_homeless(blame) || blame_double(blame) || blame_rejecting(blame) ||
	    blame_expired(blame))
		return;
	if (result->probe.state == REACH_REFUSED) {
		blame_port(blame);
		return;
	}
	if (!came && blame_lost(blame, &result->there, "the packet"))
		return;
	if (result->there.cause != CAUSE_NONE)
		blame_way(blame, &result->there, "");
	else
		blame_back(blame);
}

void blame_judge(struct blame *blame)
{
	struct explanation *result = blame->result;

	mark(blame, &result->there, false);
	mark(blame, &result->back, true);
	if (result->probe.state != REACH_ANSWERED) {
		blame_somebody(blame);
		blame_routing(blame);
		blame_note(blame, "a real packet: %s",
			   reach_words(&result->probe, blame->path->arena));
		return;
	}
	blame_nobody(blame);
	if (blame_double(blame)) {
		result->works = false;
		blame_note(blame, "a real packet is answered all the same, by one of them");
	}
}
