// SPDX-License-Identifier: MIT
// Where on a way the routers that have a route end: who does not tell of it there.
#include <string.h>

#include "base/arena.h"
#include "kernel/lookup.h"
#include "lab/consult_run.h"

static const char *route_of(struct path *path, struct path_node *node,
			    const struct address *address)
{
	const struct lookup lookup = {.to = *address};
	struct looked_up found;

	if (!path_enter(path, node) || lookup_route(&lookup, path->arena, &found) < 0 ||
	    found.type == LOOKUP_NONE)
		return NULL;
	return found.text ? found.text : "";
}

void consult_borders(struct path *path, struct path_node *from, struct path_node *to,
		     const struct address *address, struct borders *borders)
{
	size_t cables = 0;
	const struct interface **way = path_cables(path, from, to, true, &cables);

	borders->nodes = arena_alloc(path->arena, (cables + 1) * sizeof(struct path_node *));
	borders->routes = arena_alloc(path->arena, (cables + 1) * sizeof(char *));
	for (size_t i = 0; i <= cables; i++) {
		struct path_node *node = i ? path_node_of(path, way[i - 1]->peer->node) : from;

		if (node->file->kind != NODE_HOST || !path_look(path, node))
			continue;
		borders->nodes[borders->count] = node;
		borders->routes[borders->count++] = route_of(path, node, address);
	}
}

/* The interface of the node that is on the network of the address; NULL: none is. */
static const char *connected(const struct path_node *node, const struct address *address)
{
	for (size_t i = 0; i < node->count; i++)
		for (size_t k = 0; k < node->list[i].address_count; k++)
			if (address_in(address, &node->list[i].addresses[k]))
				return node->list[i].name;
	return NULL;
}

/* What the speaker says of the interface by which it is beside the other, or of its sessions. */
static const char *value(const struct consulting *consulting, const struct speaker *speaker,
			 const struct path_node *other, const char *name)
{
	const struct consult_field *fields = consulting->row->fields;

	for (size_t i = 0; i < speaker->node->file->interface_count; i++) {
		const struct interface *end = &speaker->node->file->interfaces[i];
		const struct consult_record *record =
			consulting->row->by_address ? &speaker->list[0]
						    : consult_record_of(speaker, end->name);

		for (size_t k = 0; record && k < FIELDS_MOST && fields[k].name; k++)
			if (end->peer && end->peer->node == other->file &&
			    !strcmp(fields[k].name, name))
				return record->values[k];
	}
	return NULL;
}

/* Why it may be that the one that knows does not tell the other. */
static const char *guess(const struct consulting *consulting, const struct speaker *knowing,
			 const struct speaker *other)
{
	const char *filter = value(consulting, knowing, other->node, "filter out");
	const char *as = value(consulting, knowing, other->node, "local AS");
	const char *other_as = value(consulting, other, knowing->node, "local AS");
	const struct consult_record *session =
		consulting->row->by_address
			? consult_record_towards(consulting, other, knowing->node)
			: NULL;
	const char *in = session ? consult_filter_in(session) : NULL;

	if (in)
		return arena_printf(consulting->path->arena, ", or %s filters what it is told (%s)",
				    other->node->file->name, in);
	if (as && other_as)
		return strcmp(as, other_as) ? ""
					    : " (inside an AS only a route reflector tells what "
					      "another neighbour inside has told)";
	return filter ? arena_printf(consulting->path->arena, ", and filters what goes out (%s)",
				     filter)
		      : consult_filters(consulting, knowing->node, other->node);
}

static const char *silence(const struct consulting *consulting, const struct speaker *knowing,
			   const struct speaker *other, const struct address *address)
{
	struct arena *arena = consulting->path->arena;
	const char *name = knowing->node->file->name;
	const char *interface = connected(knowing->node, address);

	if (interface)
		return arena_printf(arena,
				    "%s speaks %s, and seems not to tell of the network at its "
				    "%s%s",
				    name, consulting->row->protocol, interface,
				    guess(consulting, knowing, other));
	return arena_printf(arena, "%s has a route to it, and seems not to tell %s of it by %s%s",
			    name, other->node->file->name, consulting->row->protocol,
			    guess(consulting, knowing, other));
}

/* Has the protocol itself made the route of the node? */
static bool made_by(const struct consulting *consulting, struct path_node *node,
		    const struct address *address)
{
	struct arena *arena = consulting->path->arena;
	const char *route = route_of(consulting->path, node, address);

	return route && strstr(route, arena_printf(arena, "proto %s", consulting->row->made));
}

/*
 * Who could tell the node: the one beside it on the way; but of sessions, which need not go that
 * way, one that knows by another. NULL: nobody that is known to know.
 */
static const struct speaker *teller(struct consulting *consulting, struct path_node *beside,
				    struct path_node *node, const struct address *address)
{
	const struct speaker *found = &consulting->speakers[beside->file->number - 1];

	for (size_t i = 0; consulting->row->by_address && i < consulting->path->count; i++) {
		const struct speaker *one = &consulting->speakers[i];

		if (one->runs && one->node != node && consult_is_session(consulting, one, node) &&
		    (!found->runs || !connected(one->node, address)) &&
		    route_of(consulting->path, one->node, address))
			found = one;
	}
	if (consulting->row->by_address && !consult_is_session(consulting, found, node))
		return NULL;
	return found->runs ? found : NULL;
}

/* Nobody with a session to it has the route: it can be what it filters itself. */
static void blame_filters(struct consulting *consulting, const struct speaker *speaker)
{
	const char *in;

	for (size_t i = 0; i < speaker->count; i++) {
		struct finding *finding;

		in = consult_filter_in(&speaker->list[i]);
		if (!in)
			continue;
		finding = consult_add(consulting, speaker->node, speaker->node,
				      arena_printf(consulting->path->arena,
						   "%s filters what its BGP neighbour %s tells it "
						   "(%s)",
						   speaker->node->file->name, speaker->list[i].name,
						   in));
		finding->weak = finding->border = true;
	}
}

void consult_border(struct consulting *consulting, const struct borders *borders,
		    const struct address *address)
{
	int family = consulting->row->family;

	for (size_t i = borders->count; i-- > 1 && (!family || family == address->family);) {
		struct path_node *node = borders->nodes[i - 1];
		const struct speaker *other = &consulting->speakers[node->file->number - 1];
		const struct speaker *knowing;
		struct finding *finding;

		if (!borders->routes[i] || borders->routes[i - 1] || !other->runs)
			continue;
		knowing = teller(consulting, borders->nodes[i], node, address);
		if (!knowing && consulting->row->by_address)
			blame_filters(consulting, other);
		if (!knowing)
			continue;
		finding = consult_add(consulting, knowing->node, node,
				      silence(consulting, knowing, other, address));
		finding->weak = finding->border = true;
		finding->native = made_by(consulting, knowing->node, address);
		return;
	}
}
