// SPDX-License-Identifier: MIT
// What reads labels of MPLS: those that a route puts on, and what is done with packets of one.
#include "topology/readers.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "topology/build.h"
#include "topology/names.h"
#include "topology/words.h"

#define LABEL_LEAST 16 /* RFC 3032: those below mean something of their own */
#define LABEL_LAST  ((1U << 20) - 1)

void read_mpls(struct reading *reading, void *field)
{
	reading_need(reading, FEATURE_MPLS);
	read_yes_no(reading, field);
}

/* "100" or "100/200", the outermost first. */
static bool read_labels(struct reading *reading, struct words *words, uint32_t *labels,
			size_t *count)
{
	const char *list = words_argument(reading, words);
	struct arena *arena = reading->build->arena;

	for (const char *word = list; word;) {
		const char *slash = strchr(word, '/');
		uint64_t label;

		if (*count == LABELS_MOST) {
			words_say(reading, list,
				  "are more labels than one route takes, which is 8");
			return false;
		}
		if (!text_number(slash ? arena_strndup(arena, word, (size_t)(slash - word)) : word,
				 LABEL_LEAST, LABEL_LAST, &label)) {
			words_say(reading, list,
				  "is no MPLS label, 16 to 1048575, nor several with / between");
			return false;
		}
		labels[(*count)++] = (uint32_t)label;
		word = slash ? slash + 1 : NULL;
	}
	return list != NULL;
}

bool read_labels_put_on(struct reading *reading, struct words *words, struct route *route)
{
	reading_need(reading, FEATURE_MPLS_TUNNEL);
	return read_labels(reading, words, route->labels, &route->label_count);
}

/* LABEL [via ADDRESS] dev INTERFACE [swap LABELS | pop] */
void read_label(struct reading *reading, void *field)
{
	struct words words = words_of(reading);
	struct label_route route = {.name = reading->name, .place = reading->place};
	const char *word = *words.next;
	uint64_t label;

	(void)field;
	reading_need(reading, FEATURE_MPLS);
	if (!name_check(reading->report, reading->place, NAME_LABEL, "route", reading->name))
		return;
	if (!text_number(word, LABEL_LEAST, LABEL_LAST, &label)) {
		words_say(reading, word, "is no MPLS label, 16 to 1048575");
		return;
	}
	words.next++;
	route.label = (uint32_t)label;
	if (!words_hop(reading, &words, &route.hop))
		return;
	if (words_take(&words, "swap") &&
	    !read_labels(reading, &words, route.out, &route.out_count))
		return;
	words_take(&words, "pop");
	if (*words.next || !route.hop.interface) {
		report_fault(reading->report, reading->place,
			     "%s: it is LABEL via ADDRESS dev INTERFACE [swap LABEL|pop], or LABEL "
			     "dev lo",
			     shown(reading->report, reading->key));
		return;
	}
	*array_push(reading->build->arena, reading->node->labels, reading->node->label_count) =
		route;
}
