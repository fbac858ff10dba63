// SPDX-License-Identifier: MIT
// What reads `gateway` and `route.NAME` into the routes of a node.
#include "topology/readers.h"

#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/text.h"
#include "topology/build.h"
#include "topology/names.h"
#include "topology/values.h"
#include "topology/words.h"

static const char *key_shown(struct reading *reading)
{
	return shown(reading->report, reading->key);
}

static struct route *add_route(struct reading *reading, const struct route *route)
{
	struct node *node = reading->node;
	struct route *added = array_push(reading->build->arena, node->routes, node->route_count);

	*added = *route;
	return added;
}

static void add_hop(struct reading *reading, struct route *route, const struct next_hop *hop)
{
	*array_push(reading->build->arena, route->hops, route->hop_count) = *hop;
}

void read_gateway(struct reading *reading, void *field)
{
	size_t count;
	char **words = value_words(reading->build->arena, reading->value, &count);
	bool given[2] = {false, false};

	(void)field;
	for (size_t i = 0; i < count; i++) {
		struct route route = {.name = "gateway", .place = reading->place};
		struct next_hop hop = {0};

		if (!strcmp(words[i], "auto")) {
			reading->node->auto_gateway = true;
			reading->node->gateway_place = reading->place;
			continue;
		}
		if (!words_address(reading, words[i], ADDRESS_BARE, &hop.via))
			continue;
		if (given[hop.via.family == AF_INET6]) {
			words_say(reading, words[i],
				  hop.via.family == AF_INET6 ? "is a second IPv6 address"
							     : "is a second IPv4 address");
			continue;
		}
		given[hop.via.family == AF_INET6] = true;
		route.destination.family = hop.via.family;
		add_hop(reading, &route, &hop);
		add_route(reading, &route);
	}
}

static enum route_type read_type(struct words *words)
{
	static const struct {
		const char *word;
		enum route_type type;
	} types[] = {
		{"blackhole", ROUTE_BLACKHOLE},
		{"unreachable", ROUTE_UNREACHABLE},
		{"prohibit", ROUTE_PROHIBIT},
		{"unicast", ROUTE_UNICAST},
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (words_take(words, types[i].word))
			return types[i].type;
	return ROUTE_UNICAST;
}

/* "10.0.0.1/24" -> that its bits have to go, and what is left then. */
static bool read_destination(struct reading *reading, struct words *words, struct address *to)
{
	const char *word = *words->next;
	const char *wrong;

	if (!word) {
		report_fault(reading->report, reading->place,
			     "%s has no destination, such as 10.0.0.0/24 or default",
			     key_shown(reading));
		return false;
	}
	words->next++;
	if (!strcmp(word, "default"))
		return true; /* its family is that of its first `via` */
	wrong = value_address(word, ADDRESS_PREFIX, to);
	if (wrong && !strcmp(wrong, ADDRESS_HAS_HOST_BITS)) {
		address_mask(to);
		report_fault(
			reading->report, reading->place, "%s: \"%s\" %s%s", key_shown(reading),
			word, wrong,
			did_you_mean(reading->report, address_title(reading->build, to, false)));
		return false;
	}
	if (wrong)
		words_say(reading, word, wrong);
	return !wrong;
}

/* `via ADDRESS [dev INTERFACE]`, or the latter alone. */
static bool read_hop(struct reading *reading, struct words *words, struct route *route)
{
	struct next_hop hop = {0};

	if (!words_hop(reading, words, &hop))
		return false;
	if (hop.via.family && !route->destination.family)
		route->destination.family = hop.via.family;
	if (hop.via.family && route->destination.family != hop.via.family) {
		words_say(reading, address_title(reading->build, &hop.via, true),
			  "is of the other family than the destination");
		return false;
	}
	add_hop(reading, route, &hop);
	return true;
}

/* What is put on packets: labels or segments, for one next hop. Segments find theirs themselves. */
static bool read_put_on(struct reading *reading, struct words *words, struct route *route)
{
	if (words_take(words, "label") && !read_labels_put_on(reading, words, route))
		return false;
	if (words_take(words, "segments")) {
		if (!read_path(reading, words, route))
			return false;
		if (!route->hop_count && !read_hop(reading, words, route))
			return false;
	}
	if ((!route->label_count && !route->path) || route->hop_count == 1)
		return true;
	report_fault(reading->report, reading->place, "%s: %s are for a route with one next hop",
		     key_shown(reading), route->path ? "segments" : "labels");
	return false;
}

static bool read_rest(struct reading *reading, struct words *words, struct route *route)
{
	/* An interface alone is the only hop of its route. */
	if (words_next_is(words, "dev") && !read_hop(reading, words, route))
		return false;
	while (words_next_is(words, "via") && (!route->hop_count || route->hops[0].via.family))
		if (!read_hop(reading, words, route))
			return false;
	if (!read_put_on(reading, words, route))
		return false;
	if (words_take(words, "vrf")) {
		route->vrf = words_interface(reading, words);
		if (!route->vrf)
			return false;
	}
	if (words_take(words, "metric") &&
	    !words_number(reading, words, 0, "is not a metric", &route->metric))
		return false;
	if (*words->next) {
		words_say(reading, *words->next,
			  "is not understood here; a route is PREFIX via ADDRESS [dev INTERFACE] "
			  "[label N] [vrf INTERFACE] [metric N], or PREFIX segments SID... [mode "
			  "MODE] "
			  "[dev INTERFACE] [vrf INTERFACE] [metric N]");
		return false;
	}
	if ((route->type == ROUTE_UNICAST) == (route->hop_count > 0))
		return true;
	report_fault(reading->report, reading->place,
		     route->hop_count ? "%s: such a route goes nowhere, via and dev have no meaning"
				      : "%s leads nowhere: via ADDRESS or dev INTERFACE is missing",
		     key_shown(reading));
	return false;
}

void read_route(struct reading *reading, void *field)
{
	struct words words = words_of(reading);
	struct route route = {.name = reading->name, .place = reading->place};

	(void)field;
	if (!name_check(reading->report, reading->place, NAME_LABEL, "route", reading->name))
		return;
	route.type = read_type(&words);
	if (!read_destination(reading, &words, &route.destination) ||
	    !read_rest(reading, &words, &route))
		return;
	/* As ip(8) does: a default route that does not say is one of IPv4. */
	if (!route.destination.family)
		route.destination.family = AF_INET;
	add_route(reading, &route);
}
