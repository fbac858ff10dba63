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

#define LABEL_LEAST 16 /* RFC 3032: those below mean something of their own */
#define LABEL_LAST  ((1U << 20) - 1)

static const char *key_shown(struct reading *reading)
{
	return shown(reading->report, reading->key);
}

static void say(struct reading *reading, const char *word, const char *wrong)
{
	report_fault(reading->report, reading->place, "%s: \"%s\" %s", key_shown(reading),
		     shown(reading->report, word), wrong);
}

static bool read_address(struct reading *reading, const char *word, enum address_form form,
			 struct address *address)
{
	const char *wrong = value_address(word, form, address);

	if (wrong)
		say(reading, word, wrong);
	return !wrong;
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

		if (!read_address(reading, words[i], ADDRESS_BARE, &hop.via))
			continue;
		if (given[hop.via.family == AF_INET6]) {
			say(reading, words[i],
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

/* The words of a route that are not read yet. */
struct words {
	char **next;
};

static bool take(struct words *words, const char *word)
{
	bool there = *words->next && !strcmp(*words->next, word);

	words->next += there;
	return there;
}

/* The word behind `via`, `dev` or `metric`; NULL, which is said, if there is none. */
static const char *argument(struct reading *reading, struct words *words)
{
	if (*words->next)
		return *words->next++;
	report_fault(reading->report, reading->place, "%s: nothing follows \"%s\"",
		     key_shown(reading), words->next[-1]);
	return NULL;
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
		if (take(words, types[i].word))
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
		say(reading, word, wrong);
	return !wrong;
}

/* `via ADDRESS [dev INTERFACE]`, or the latter alone. */
static bool read_hop(struct reading *reading, struct words *words, struct route *route)
{
	struct next_hop hop = {0};
	const char *word;

	if (take(words, "via")) {
		word = argument(reading, words);
		if (!word || !read_address(reading, word, ADDRESS_BARE, &hop.via))
			return false;
		if (!route->destination.family)
			route->destination.family = hop.via.family;
		if (route->destination.family != hop.via.family) {
			say(reading, word, "is of the other family than the destination");
			return false;
		}
	}
	if (take(words, "dev")) {
		word = argument(reading, words);
		hop.interface = word ? reading_interface(reading, word) : NULL;
		if (!hop.interface)
			return false;
	}
	add_hop(reading, route, &hop);
	return true;
}

static bool read_metric(struct reading *reading, struct words *words, struct route *route)
{
	const char *word = argument(reading, words);
	uint64_t metric;

	if (!word)
		return false;
	if (!text_number(word, 0, UINT32_MAX, &metric)) {
		say(reading, word, "is not a metric");
		return false;
	}
	route->metric = (uint32_t)metric;
	return true;
}

/* "100" or "100/200", the outermost first. */
static bool read_labels(struct reading *reading, struct words *words, uint32_t *labels,
			size_t *count)
{
	const char *list = argument(reading, words);
	struct arena *arena = reading->build->arena;

	for (const char *word = list; word;) {
		const char *slash = strchr(word, '/');
		uint64_t label;

		if (*count == LABELS_MOST) {
			say(reading, list, "are more labels than one route takes, which is 8");
			return false;
		}
		if (!text_number(slash ? arena_strndup(arena, word, (size_t)(slash - word)) : word,
				 LABEL_LEAST, LABEL_LAST, &label)) {
			say(reading, list,
			    "is no MPLS label, 16 to 1048575, nor several with / between");
			return false;
		}
		labels[(*count)++] = (uint32_t)label;
		word = slash ? slash + 1 : NULL;
	}
	return list != NULL;
}

static bool read_vrf(struct reading *reading, struct words *words, struct route *route)
{
	const char *word = argument(reading, words);

	route->vrf = word ? reading_interface(reading, word) : NULL;
	return route->vrf != NULL;
}

static bool next_is(const struct words *words, const char *word)
{
	return *words->next && !strcmp(*words->next, word);
}

static bool read_rest(struct reading *reading, struct words *words, struct route *route)
{
	/* An interface alone is the only hop of its route. */
	if (next_is(words, "dev") && !read_hop(reading, words, route))
		return false;
	while (next_is(words, "via") && (!route->hop_count || route->hops[0].via.family))
		if (!read_hop(reading, words, route))
			return false;
	if (next_is(words, "label"))
		reading_need(reading, FEATURE_MPLS_TUNNEL);
	if (take(words, "label") &&
	    !read_labels(reading, words, route->labels, &route->label_count))
		return false;
	if (take(words, "vrf") && !read_vrf(reading, words, route))
		return false;
	if (take(words, "metric") && !read_metric(reading, words, route))
		return false;
	if (*words->next) {
		say(reading, *words->next,
		    "is not understood here; a route is PREFIX via ADDRESS [dev INTERFACE] "
		    "[label N] [vrf INTERFACE] [metric N]");
		return false;
	}
	if (route->label_count && route->hop_count != 1) {
		report_fault(reading->report, reading->place,
			     "%s: labels are for a route with one next hop", key_shown(reading));
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
	size_t count;
	struct words words = {value_words(reading->build->arena, reading->value, &count)};
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

/* LABEL [via ADDRESS] dev INTERFACE [swap LABELS | pop] */
void read_label(struct reading *reading, void *field)
{
	size_t count;
	struct words words = {value_words(reading->build->arena, reading->value, &count)};
	struct label_route route = {.name = reading->name, .place = reading->place};
	const char *word = *words.next;
	uint64_t label;

	(void)field;
	reading_need(reading, FEATURE_MPLS);
	if (!name_check(reading->report, reading->place, NAME_LABEL, "route", reading->name))
		return;
	if (!text_number(word, LABEL_LEAST, LABEL_LAST, &label)) {
		say(reading, word, "is no MPLS label, 16 to 1048575");
		return;
	}
	words.next++;
	route.label = (uint32_t)label;
	if (take(&words, "via")) {
		word = argument(reading, &words);
		if (!word || !read_address(reading, word, ADDRESS_BARE, &route.hop.via))
			return;
	}
	if (take(&words, "dev")) {
		word = argument(reading, &words);
		route.hop.interface = word ? reading_interface(reading, word) : NULL;
		if (!route.hop.interface)
			return;
	}
	if (take(&words, "swap") && !read_labels(reading, &words, route.out, &route.out_count))
		return;
	take(&words, "pop");
	if (*words.next || !route.hop.interface) {
		report_fault(reading->report, reading->place,
			     "%s: it is LABEL via ADDRESS dev INTERFACE [swap LABEL|pop], or LABEL "
			     "dev lo",
			     key_shown(reading));
		return;
	}
	*array_push(reading->build->arena, reading->node->labels, reading->node->label_count) =
		route;
}
