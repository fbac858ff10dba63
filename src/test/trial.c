// SPDX-License-Identifier: MIT
// A step as it is being tried: its items, and what is said of them.
#include "test/trial.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "lab/lab.h"
#include "test/look.h"
#include "test/station.h"

void item_say(struct item *item, const char *format, ...)
{
	va_list args;

	free(item->why);
	va_start(args, format);
	if (vasprintf(&item->why, format, args) < 0)
		item->why = NULL;
	va_end(args);
}

const char *item_title(const struct item *item, struct arena *arena)
{
	char text[ADDRESS_TEXT_SIZE];

	if (item->address.family == AF_UNSPEC)
		return item->from->name;
	address_text(&item->address, true, text);
	if (!item->to)
		return arena_printf(arena, "%s -> %s", item->from->name, text);
	return arena_printf(arena, "%s -> %s (%s)", item->from->name, item->to->name, text);
}

int trial_enter(const struct trial *trial, const struct node *node, struct error *err)
{
	return lab_enter(trial->run->lab, &trial->run->nodes[node->number - 1], ENTER_NETWORK, err);
}

static struct item *add(struct trial *trial, const struct node *from)
{
	struct item *item = array_push(trial->arena, trial->items, trial->count);

	item->from = from;
	item->events = -1;
	item->due = true;
	return item;
}

/* Both speak the family, and the user did not rule it out. */
static bool add_pair(struct trial *trial, const struct station *from, const struct station *to,
		     int family)
{
	unsigned bit = family == AF_INET ? FAMILY_IPV4 : FAMILY_IPV6;
	const struct address *address = station_address(to, family);
	struct item *item;

	if (!(trial->step->families & bit) || !address || !station_address(from, family))
		return false;
	item = add(trial, from->node);
	item->to = to->node;
	item->address = *address;
	return true;
}

static int no_common_family(const struct trial *trial, const struct station *from,
			    const struct station *to, struct error *err)
{
	const char *which = trial->step->families == FAMILY_IPV4   ? "IPv4 "
			    : trial->step->families == FAMILY_IPV6 ? "IPv6 "
								   : "";
	const struct station *stations[] = {to, from};

	for (size_t i = 0; i < 2; i++)
		if (!station_address(stations[i], AF_INET) &&
		    !station_address(stations[i], AF_INET6))
			return error_set(err, 0, "%s has no address", stations[i]->node->name);
	return error_set(err, 0, "%s and %s have no %saddresses in common", from->node->name,
			 to->node->name, which);
}

/* Of many nodes, those that have nothing to do with each other are left out in silence. */
static int list_pairs(struct trial *trial, struct error *err)
{
	const struct party *from = &trial->step->from, *to = &trial->step->to;
	struct station *stations = stations_of(trial, from, err);
	struct station *targets = stations ? stations_of(trial, to, err) : NULL;

	if (!targets)
		return -1;
	for (size_t i = 0; i < from->count; i++)
		for (size_t k = 0; k < to->count; k++) {
			bool any;

			if (stations[i].node == targets[k].node && (from->many || to->many))
				continue;
			any = add_pair(trial, &stations[i], &targets[k], AF_INET);
			any |= add_pair(trial, &stations[i], &targets[k], AF_INET6);
			if (!any && !from->many && !to->many)
				return no_common_family(trial, &stations[i], &targets[k], err);
		}
	return 0;
}

int trial_list(struct trial *trial, struct error *err)
{
	const struct step *step = trial->step;
	/* What fetches a page is about a pair where the URL names a node. */
	bool pairs = looks[step->sentence - sentences].pairs || (step->url && step->to.count);
	int failed = 0;

	if (pairs && step->to.address.family == AF_UNSPEC)
		failed = list_pairs(trial, err);
	for (size_t i = 0; i < step->from.count && (!pairs || step->to.address.family); i++)
		add(trial, step->from.nodes[i])->address = step->to.address;
	if (!failed && !trial->count)
		failed = error_set(err, 0, "there are no two nodes with addresses in common");
	return failed;
}

void trial_end(struct trial *trial)
{
	for (size_t i = 0; i < trial->count; i++) {
		free(trial->items[i].why);
		if (trial->items[i].events >= 0)
			close(trial->items[i].events);
	}
}
