// SPDX-License-Identifier: MIT
// The way of packets from one node to another and back: followed, tried, judged.
#include "lab/explain.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "lab/blame.h"
#include "lab/explain_ends.h"

#define PROBE_WAIT 2000 /* ms */
#define TRIES_MOST 4
/*
 * How long daemons may send in a circle, ms, and how often it is looked whether they still do. OSPF
 * tells news of the same piece of the network every five seconds only (MinLSInterval, RFC 2328).
 */
#define SETTLE_TIME 6000
#define SETTLE_LOOK 100
/* So many nodes of a lab at most, as closing a socket that watches takes the kernel a while. */
#define WATCHED_ALL 100

static const char *const words[CAUSES] = {
	[CAUSE_NONE] = "none",
	[CAUSE_NO_ROUTE] = "no-route",
	[CAUSE_ROUTE_REFUSES] = "route-refuses",
	[CAUSE_NO_ADDRESS] = "no-address",
	[CAUSE_NO_NEIGHBOUR] = "no-neighbour",
	[CAUSE_LINK_DOWN] = "link-down",
	[CAUSE_VLAN] = "vlan",
	[CAUSE_PORT_BLOCKED] = "port-blocked",
	[CAUSE_FORWARDING] = "forwarding-off",
	[CAUSE_SOURCE] = "source-refused",
	[CAUSE_MTU] = "mtu",
	[CAUSE_LOOP] = "loop",
	[CAUSE_HOP_LIMIT] = "hop-limit",
	[CAUSE_DUPLICATE] = "duplicate-address",
	[CAUSE_FILTER] = "filter",
	[CAUSE_LOSS] = "loss",
	[CAUSE_IGNORED] = "echo-ignored",
	[CAUSE_PORT] = "port-closed",
	[CAUSE_NODE] = "node-dead",
	[CAUSE_ROUTING] = "routing",
	[CAUSE_SERVICE] = "service-ended",
	[CAUSE_UNKNOWN] = "unknown",
};

const char *explain_cause_word(enum explain_cause cause)
{
	return words[cause];
}

/* --- following and trying --------------------------------------------------------------------- */

static void follow(struct path *path, struct explanation *result, struct path_node *from)
{
	struct path_place start = {from, NULL};
	const struct explain_step *last;
	struct address answering = result->destination;

	path->way = &result->there;
	path_packet(path, &start, &result->source, &result->destination);
	if (!result->there.arrived || result->source.family == AF_UNSPEC)
		return;
	last = path_last(path);
	start.node = &path->nodes[last->number - 1];
	start.interface = path_interface(start.node, last->in_index);
	path->way = &result->back;
	path->answering = true;
	/* The answer is as large as the question for an echo alone. */
	path->size = path->request->kind == REACH_PING ? path->size : 0;
	path_packet(path, &start, &answering, &result->source);
	path->size = path->request->size;
	path->answering = false;
}

/*
 * After something has changed, routers that have heard of it send what is for there to such as have
 * not, which send it back: only a circle that lasts is a fault.
 */
static void follow_settled(struct path *path, struct explanation *result, struct path_node *from)
{
	int64_t end = clock_now() + SETTLE_TIME * MILLISECOND;

	for (;;) {
		path->learnt = false;
		result->there = result->back = (struct explain_way){0};
		follow(path, result, from);
		if (!path->learnt || clock_now() > end ||
		    (result->there.cause != CAUSE_LOOP && result->back.cause != CAUSE_LOOP))
			return;
		poll(NULL, 0, SETTLE_LOOK);
	}
}

static void watch(struct blame *blame, struct sightings *sightings, size_t number)
{
	if (blame->watchers[number] != UINT32_MAX ||
	    !path_enter(blame->path, &blame->path->nodes[number]))
		return;
	blame->watchers[number] = (uint32_t)sightings->count;
	sightings_watch(sightings, (uint32_t)sightings->count++);
}

/* The nodes of both ways; where ways spread, a small lab's all. False: there were no new ones. */
static bool watch_ways(struct blame *blame, struct sightings *sightings)
{
	const struct explain_way *ways[] = {&blame->result->there, &blame->result->back};
	size_t before = sightings->count;

	for (size_t w = 0; w < 2; w++)
		for (size_t i = 0; i < ways[w]->count; i++)
			watch(blame, sightings, ways[w]->steps[i].number - 1);
	for (size_t i = 0;
	     blame->path->spread && i < blame->path->count && blame->path->count <= WATCHED_ALL;
	     i++)
		watch(blame, sightings, i);
	return sightings->count > before;
}

static uint8_t protocol_of(const struct explain_request *request, const struct address *to)
{
	if (request->kind == REACH_TCP)
		return IPPROTO_TCP;
	if (request->kind == REACH_UDP)
		return IPPROTO_UDP;
	return to->family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;
}

static int try(struct blame *blame, struct sightings *sightings, struct error *err)
{
	const struct explain_request *request = blame->path->request;
	struct explanation *result = blame->result;
	int failed;

	result->probe = (struct reach){.kind = request->kind,
				       .netns = blame->from->netns,
				       .far_netns = -1,
				       .to = result->destination,
				       .from = result->source,
				       .port = request->port,
				       .size = request->size,
				       .whole = request->size > 0};
	if (request->kind == REACH_UDP && blame->to && path_enter(blame->path, blame->to))
		result->probe.far_netns = blame->to->netns;
	sightings->seen = 0;
	failed = reach_all(&result->probe, 1, PROBE_WAIT, blame->path->arena, err);
	blame->path->entered = NULL;
	sightings_read(sightings);
	return failed;
}

/* Again where ways spread and the packet took another one than the kernels were asked about. */
static int follow_and_try(struct blame *blame, struct sightings *sightings, struct error *err)
{
	struct path *path = blame->path;
	struct explanation *result = blame->result;

	for (int i = 0; i < TRIES_MOST; i++) {
		follow_settled(path, result, blame->from);
		if (!watch_ways(blame, sightings) && i)
			return 0;
		if (!path_enter(path, blame->from))
			return error_set(err, ESRCH, "node %s is dead", blame->from->file->name);
		if (try(blame, sightings, err) < 0)
			return -1;
		if (!path->spread)
			return 0;
		path->sightings = sightings;
		path->watchers = blame->watchers;
	}
	return 0;
}

/* A large packet too, which tells a path MTU that is smaller than the sender's. */
static int try_large(struct blame *blame, struct error *err)
{
	struct explanation *result = blame->result;
	const struct explain_step *first = &result->there.steps[0];
	const struct observed_interface *out = path_interface(blame->from, first->out_index);
	struct reach large = result->probe;
	struct explain_way way = {0}, *kept = blame->path->way;
	struct address source = result->source;

	if (!out || blame->path->request->size || result->probe.kind != REACH_PING)
		return 0;
	large.size = out->mtu;
	large.whole = true;
	large.count = 0;
	if (reach_all(&large, 1, PROBE_WAIT, blame->path->arena, err) < 0)
		return -1;
	blame->path->entered = NULL;
	if (large.state == REACH_ANSWERED)
		return 0;
	blame->path->way = &way;
	blame->path->size = out->mtu;
	path_packet(blame->path, &(struct path_place){blame->from, NULL}, &source,
		    &result->destination);
	blame->path->size = 0;
	blame->path->way = kept;
	blame_note(blame, "packets of %u bytes, the MTU of %s:%s, do not get there whole: %s%s%s",
		   out->mtu, first->node, first->out, reach_words(&large, blame->path->arena),
		   way.text ? "; " : "", way.text ? way.text : "");
	if (large.state != REACH_SILENT)
		return 0; /* senders are told, and send smaller ones */
	result->works = false;
	result->cause = CAUSE_MTU;
	result->node = way.node;
	result->verdict = way.text ? way.text : "large packets are lost without a word";
	return 0;
}

static int examine(struct path *path, const struct explain_end *from, const struct explain_end *to,
		   struct explanation *result, struct error *err)
{
	struct sightings sightings = {.arena = path->arena,
				      .watched = {result->destination,
						  protocol_of(path->request, &result->destination),
						  path->request->port}};
	struct blame blame = {path, result, from->node, to->node, NULL, &sightings};
	int failed;

	blame.watchers = arena_alloc(path->arena, (path->count + 1) * sizeof(uint32_t));
	memset(blame.watchers, 0xff, (path->count + 1) * sizeof(uint32_t));
	sightings.sockets = arena_alloc(path->arena, (path->count + 1) * sizeof(int));
	failed = follow_and_try(&blame, &sightings, err);
	if (!failed)
		blame_judge(&blame);
	sightings_close(&sightings);
	if (!failed && result->works)
		failed = try_large(&blame, err);
	return failed;
}

int explain(const struct explain_request *request, struct arena *arena,
	    struct explanation *explanation, struct error *err)
{
	struct path path;
	struct explain_end from, to;
	int failed = path_open(&path, request, arena, err);

	*explanation = (struct explanation){0};
	if (failed < 0)
		return failed;
	failed = explain_ends(&path, &from, &to, err);
	if (failed >= 0) {
		explanation->from = from.node->file->name;
		explanation->to = to.node ? to.node->file->name : request->to;
		explanation->source = from.address;
		explanation->destination = to.address;
		failed = examine(&path, &from, &to, explanation, err);
	}
	path_close(&path);
	return failed;
}

/* --- lines for a report ----------------------------------------------------------------------- */

static const char *way_line(const struct explain_way *way, const char *title, struct arena *arena)
{
	const char *text = arena_printf(arena, "%s: ", title);

	for (size_t i = 0; i < way->count; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? " > " : "", way->steps[i].node);
	return arena_printf(arena, "%s%s", text, way->arrived ? "" : " > ?");
}

const char **explain_lines(const struct explanation *explanation, struct arena *arena,
			   size_t *count)
{
	const char **lines = arena_alloc(arena, (explanation->note_count + 3) * sizeof(*lines));

	*count = 0;
	lines[(*count)++] = explanation->verdict;
	for (size_t i = 0; i < explanation->note_count; i++)
		lines[(*count)++] = explanation->notes[i];
	if (explanation->there.count)
		lines[(*count)++] = way_line(&explanation->there, "way there", arena);
	if (explanation->back.count)
		lines[(*count)++] = way_line(&explanation->back, "way back", arena);
	return lines;
}
