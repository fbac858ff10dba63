// SPDX-License-Identifier: MIT
// Packets from router to router: the route and the neighbour that each kernel would use, and why
// not.
#include <netinet/in.h>
#include <string.h>

#include "base/arena.h"
#include "kernel/policy.h"
#include "kernel/sysctl.h"
#include "lab/path_hop.h"

#define HOPS_MOST 64

static const char *family_word(const struct packet *packet)
{
	return packet->to.family == AF_INET ? "ipv4" : "ipv6";
}

/* --- why it does not send on ------------------------------------------------------------------ */

static long conf_of(const struct packet *packet, const char *family, const char *which,
		    const char *key, long otherwise)
{
	return sysctl_number(
		arena_printf(packet->path->arena, "net/%s/conf/%s/%s", family, which, key),
		otherwise);
}

/* Does the node forward what comes in by that interface? IPv6 knows only a switch for all. */
static bool forwards(const struct packet *packet)
{
	const char *which = packet->to.family == AF_INET ? packet->at.interface->name : "all";

	return conf_of(packet, family_word(packet), which, "forwarding", 1) != 0;
}

static bool forwarding_off(struct packet *packet)
{
	bool old = packet->to.family == AF_INET;

	return path_stop(packet->path, CAUSE_FORWARDING, packet->at.node,
			 "%s does not forward IPv%c (net.%s.conf.%s.forwarding is 0)",
			 packet_node(packet), old ? '4' : '6', family_word(packet),
			 old ? packet->at.interface->name : "all");
}

/* The source is not where the kernel expects it. */
static bool source_refused(struct packet *packet)
{
	struct path *path = packet->path;
	struct lookup back = {.to = packet->from};
	struct looked_up way = {0};
	long all = conf_of(packet, "ipv4", "all", "rp_filter", 0);
	long own = conf_of(packet, "ipv4", packet->at.interface->name, "rp_filter", 0);

	lookup_route(&back, path->arena, &way);
	if (way.type == LOOKUP_LOCAL)
		return path_stop(path, CAUSE_DUPLICATE, packet->at.node,
				 "%s takes packets from %s for forged: it has that address itself",
				 packet_node(packet), path_address(path, &packet->from));
	if (all <= 0 && own <= 0)
		return path_stop(path, CAUSE_SOURCE, packet->at.node,
				 "%s takes packets from %s by %s for forged", packet_node(packet),
				 path_address(path, &packet->from), packet->at.interface->name);
	return path_stop(path, CAUSE_SOURCE, packet->at.node,
			 "%s drops what comes from %s by %s: rp_filter is %ld there, and its own "
			 "way to %s is %s",
			 packet_node(packet), path_address(path, &packet->from),
			 packet->at.interface->name, all > own ? all : own,
			 path_address(path, &packet->from), way.text ? way.text : "none");
}

/* A rule or a route says that the packet is not sent on. */
static bool route_refuses(struct packet *packet, const char *word, const char *text)
{
	const char *what = text && !strncmp(text, "rule", 4) ? "rule" : "route";

	return path_stop(packet->path, CAUSE_ROUTE_REFUSES, packet->at.node,
			 "a %s %s of %s takes what is for %s%s%s", word, what, packet_node(packet),
			 path_address(packet->path, &packet->to), text ? ": " : "",
			 text ? text : "");
}

static bool refused(struct packet *packet, const struct lookup *lookup)
{
	const char *in = packet->at.interface ? packet->at.interface->name : NULL;
	const char *text = policy_refusal(lookup, in, packet->path->arena);
	enum lookup_type type = packet->found.type;
	struct lookup own = {.to = packet->to};
	struct looked_up found = {0};

	if (type == LOOKUP_BLACKHOLE && in && !text)
		return source_refused(packet); /* EINVAL is also a martian's */
	if (type != LOOKUP_UNREACHABLE || text)
		return route_refuses(packet,
				     type == LOOKUP_UNREACHABLE ? "unreachable"
				     : type == LOOKUP_PROHIBIT	? "prohibit"
								: "blackhole",
				     text);
	/* To what came in, the kernel says the same where it does not forward. */
	if (in && !forwards(packet))
		return forwarding_off(packet);
	lookup_route(&own, packet->path->arena, &found);
	return found.type == LOOKUP_NONE ? path_no_route(packet)
					 : route_refuses(packet, "unreachable", found.text);
}

/* --- one router ------------------------------------------------------------------------------- */

/* Ask the kernel. True: the packet goes on, or is here at its destination (*arrived). */
static bool ask_route(struct packet *packet, bool *arrived)
{
	struct path *path = packet->path;
	struct lookup lookup = {packet->to, packet->from,
				packet->at.interface ? packet->at.interface->index : 0,
				packet->at.interface ? 0 : packet->vrf};

	*arrived = false;
	if (!path_enter(path, packet->at.node) || !path_look(path, packet->at.node))
		return path_stop(path, CAUSE_NODE, packet->at.node, "node %s is dead",
				 packet_node(packet));
	lookup_route(&lookup, path->arena, &packet->found);
	path_last(path)->route = packet->found.text;
	switch (packet->found.type) {
	case LOOKUP_ON: break;
	case LOOKUP_LOCAL:
	case LOOKUP_MANY: *arrived = true; return true;
	case LOOKUP_NONE:
		/* Forwarding off hides that there is no route: it is what to mend first. */
		if (packet->at.interface && !forwards(packet))
			return forwarding_off(packet);
		return path_no_route(packet);
	case LOOKUP_SOURCE: return source_refused(packet);
	case LOOKUP_UNREACHABLE:
	case LOOKUP_PROHIBIT:
	case LOOKUP_BLACKHOLE: return refused(packet, &lookup);
	case LOOKUP_FAILED:
		return path_stop(path, CAUSE_UNKNOWN, packet->at.node,
				 "%s cannot say where it sends what is for %s: %s",
				 packet_node(packet), path_address(path, &packet->to),
				 strerror(packet->found.number));
	}
	if (packet->at.interface && !forwards(packet))
		return forwarding_off(packet);
	return true;
}

/*
 * Of equal next hops the kernel chooses by a hash, in IPv6 also of the flow label, which no lookup
 * knows: where a real packet went is what counts.
 */
static void take_seen_way(struct packet *packet)
{
	struct path *path = packet->path;
	struct looked_up *found = &packet->found;
	uint32_t watcher =
		path->watchers ? path->watchers[packet->at.node->file->number - 1] : UINT32_MAX;

	path->spread |= found->way_count > 1;
	for (size_t i = 0; path->sightings && watcher != UINT32_MAX && i < found->way_count; i++)
		if (sightings_has(path->sightings, watcher, found->ways[i].out, path->answering,
				  true)) {
			found->out = found->ways[i].out;
			found->gateway = found->ways[i].gateway;
			return;
		}
}

static bool step(struct packet *packet, bool *arrived)
{
	struct path *path = packet->path;
	struct path_place next = {0};
	bool encapsulated;

	if (!ask_route(packet, arrived))
		return false;
	if (*arrived)
		return true;
	if (packet->from.family == AF_UNSPEC)
		packet->from = packet->found.source;
	take_seen_way(packet);
	path->learnt |= packet->found.learnt;
	packet->out = (struct path_place){packet->at.node,
					  path_interface(packet->at.node, packet->found.out)};
	packet->next =
		packet->found.gateway.family == AF_UNSPEC ? packet->to : packet->found.gateway;
	if (!packet->out.interface)
		return path_stop(path, CAUSE_UNKNOWN, packet->at.node,
				 "%s has changed while it was looked at", packet_node(packet));
	if (!path_hop(packet, &next))
		return false;
	if (packet->found.encapsulated)
		path_last(path)->remark = "another header is put in front (MPLS or SRv6)";
	encapsulated = packet->found.encapsulated;
	packet->at = next;
	path_step(path, next.node, next.interface);
	return !encapsulated || path_stop(path, CAUSE_UNKNOWN, next.node,
					  "what is for %s comes to %s with MPLS labels or in SRv6, "
					  "where nslab cannot follow it",
					  path_address(path, &packet->to), packet_node(packet));
}

/* Has the packet been at this node by this interface before? */
static bool is_loop(const struct path *path)
{
	const struct explain_step *last = path_last(path);

	for (size_t i = 0; i + 1 < path->way->count; i++)
		if (path->way->steps[i].number == last->number && !last->is_switch &&
		    path->way->steps[i].in_index == last->in_index)
			return true;
	return false;
}

static void circles(struct packet *packet)
{
	const struct path *path = packet->path;
	const struct explain_way *way = path->way;
	const char *others = "";

	for (size_t i = way->count - 1; i-- > 0;) {
		if (way->steps[i].number == packet->at.node->file->number)
			break;
		if (!way->steps[i].is_switch)
			others = arena_printf(path->arena, "%s%s%s", way->steps[i].node,
					      *others ? " and " : "", others);
	}
	path_stop(packet->path, CAUSE_LOOP, packet->at.node,
		  "what is for %s circles between %s and %s until its hop limit ends it",
		  path_address(path, &packet->to), packet_node(packet), others);
}

void path_packet(struct path *path, const struct path_place *from, struct address *source,
		 const struct address *to)
{
	struct packet packet = {.path = path, .from = *source, .to = *to, .at = {from->node, NULL}};
	const struct observed_interface *vrf =
		from->interface ? path_interface(from->node, from->interface->master) : NULL;
	bool arrived = false;

	/* An answer is looked up where the question came in. */
	if (vrf && !strcmp(vrf->kind, "vrf"))
		packet.vrf = vrf->index;
	path_step(path, from->node, NULL);
	for (int i = 0; i < HOPS_MOST && step(&packet, &arrived) && !arrived; i++)
		if (is_loop(path)) {
			circles(&packet);
			break;
		}
	if (source->family == AF_UNSPEC)
		*source = packet.from;
	path->way->arrived = arrived;
}
