// SPDX-License-Identifier: MIT
// Why a route is missing, or leads another way than the sentence has it.
#include "test/why_route.h"

#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/error.h"
#include "lab/apart.h"
#include "test/trial.h"
#include "topology/values.h"

/* Why the node does not send to the one beside it: a line, or "". */
static const char *between(const struct trial *trial, const struct node *node,
			   const struct node *beside, struct arena *arena)
{
	const struct explain_request request = {.lab = trial->run->lab,
						.topology = trial->run->topology,
						.from = node->name,
						.to = beside->name};
	const char *text;
	struct error err;

	if (explain_apart(&request, arena, &text, &err) < 0 || !text)
		return "";
	return arena_printf(arena, "\n  %s", text);
}

/* --- another way ------------------------------------------------------------------------------ */

/* What the router number `number` on the way, counted from 0, does with the packet; or NULL. */
static const struct explain_step *router(const struct explain_way *way, size_t number)
{
	for (size_t i = 0; i < way->count; i++)
		if (!way->steps[i].is_switch && !number--)
			return &way->steps[i];
	return NULL;
}

/* The router number `i` that the step names, behind the node where it begins; or its end. */
static const struct node *named(const struct trial *trial, const struct item *item, size_t i)
{
	return i == 0			     ? item->from
	       : i <= trial->step->way_count ? trial->step->way[i - 1]
					     : item->to;
}

/* What keeps two of the way that the step names from sending to each other: the first such. */
static const char *broken(const struct trial *trial, const struct item *item, struct arena *arena)
{
	const char *text = "";

	for (size_t i = 1; !*text && i < trial->step->way_count; i++)
		text = between(trial, named(trial, item, i), named(trial, item, i + 1), arena);
	return text;
}

const char *why_another_way(const struct trial *trial, const struct item *item,
			    const struct explanation *explanation, struct arena *arena)
{
	for (size_t i = 0; i <= trial->step->way_count; i++) {
		const struct node *wanted = named(trial, item, i + 1);
		const struct explain_step *from = router(&explanation->there, i);
		const struct explain_step *to = router(&explanation->there, i + 1);

		if (!wanted || !from || !to)
			break;
		if (strcmp(to->node, wanted->name) != 0)
			return arena_printf(arena, "\n  %s sends to %s and not to %s, by %s%s",
					    from->node, to->node, wanted->name,
					    from->route ? from->route : "no route",
					    broken(trial, item, arena));
	}
	return "";
}

/* --- no such route ---------------------------------------------------------------------------- */

/* An address that the prefix holds: that of another node, if there is one. */
static struct address address_behind(const struct trial *trial, const struct item *item)
{
	const struct topology *topology = trial->run->topology;
	const struct address *prefix = &trial->step->address;
	struct address found = *prefix;

	for (size_t i = 0; i < topology->node_count; i++)
		for (size_t k = 0; k < topology->nodes[i].interface_count; k++) {
			const struct interface *interface = &topology->nodes[i].interfaces[k];

			for (size_t a = 0; a < interface->address_count; a++)
				if (&topology->nodes[i] != item->from &&
				    address_in(&interface->addresses[a], prefix))
					found = interface->addresses[a];
		}
	return found;
}

/* The verdict on packets to there, where it is the node's own lack of a route that ends them. */
static const char *missing(const struct trial *trial, const struct item *item,
			   const struct address *address, struct arena *arena)
{
	char to[ADDRESS_TEXT_SIZE];
	const struct explain_request request = {
		.lab = trial->run->lab,
		.topology = trial->run->topology,
		.from = item->from->name,
		.to = arena_strdup(arena, address_text(address, true, to)),
		.family = address->family,
		.kind = REACH_PING,
	};
	struct explanation explanation;
	struct error err;

	if (explain(&request, arena, &explanation, &err) < 0 ||
	    explanation.there.cause != CAUSE_NO_ROUTE ||
	    strcmp(explanation.there.node, item->from->name) != 0)
		return "";
	return arena_printf(arena, "\n  %s", explanation.verdict);
}

const char *why_no_such_route(const struct trial *trial, const struct item *item,
			      struct arena *arena)
{
	const struct party *gateway = &trial->step->gateway;
	struct address address;
	const char *text;

	if (trial->step->any_family)
		return "";
	address = address_behind(trial, item);
	text = missing(trial, item, &address, arena);
	if (!*text && gateway->count == 1 && gateway->nodes[0] != item->from)
		text = between(trial, item->from, gateway->nodes[0], arena);
	return text;
}
