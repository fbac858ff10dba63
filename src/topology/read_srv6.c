// SPDX-License-Identifier: MIT
// What reads segments: those that a route puts on packets, and those of the node itself.
#include "topology/readers.h"

#include <ctype.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/text.h"
#include "topology/build.h"
#include "topology/names.h"
#include "topology/srv6.h"
#include "topology/words.h"

/* The words of an address are told by it from those that come behind: `dev` is hexadecimal too. */
static bool next_is_address(const struct words *words)
{
	const char *word = *words->next;

	return word && (strchr(word, ':') || isdigit((unsigned char)*word));
}

/* SID... */
static bool read_segments(struct reading *reading, struct words *words, struct srv6_path *path)
{
	while (next_is_address(words)) {
		const char *word = *words->next++;
		struct address segment;

		if (!words_address(reading, word, ADDRESS_BARE, &segment))
			return false;
		if (segment.family != AF_INET6) {
			words_say(reading, word, "is no segment: those are addresses of IPv6");
			return false;
		}
		*array_push(reading->build->arena, path->segments, path->count) = segment;
	}
	if (path->count && path->count <= SRV6_SEGMENTS_MOST)
		return true;
	report_fault(reading->report, reading->place,
		     path->count ? "%s: %zu segments are more than a header takes, which is %d"
				 : "%s: no segment follows \"segments\", such as fd00:2::1",
		     shown(reading->report, reading->key), path->count, SRV6_SEGMENTS_MOST);
	return false;
}

static bool read_mode(struct reading *reading, struct words *words, enum srv6_mode *mode)
{
	const char *word = words_argument(reading, words);
	struct near near = {.word = word};

	for (int i = 0; word && i < SRV6_MODES; i++) {
		if (!strcmp(word, srv6_modes[i])) {
			*mode = (enum srv6_mode)i;
			return true;
		}
		near_offer(&near, srv6_modes[i]);
	}
	if (word)
		report_fault(reading->report, reading->place,
			     "%s: \"%s\" is none of the modes encap, encap.red, inline, l2encap "
			     "and l2encap.red%s",
			     shown(reading->report, reading->key), shown(reading->report, word),
			     did_you_mean(reading->report, near_best(&near)));
	return false;
}

bool read_path(struct reading *reading, struct words *words, struct route *route)
{
	struct srv6_path *path = arena_alloc(reading->build->arena, sizeof(*path));

	reading_need(reading, FEATURE_SEG6);
	route->path = path;
	if (!read_segments(reading, words, path) ||
	    (words_take(words, "mode") && !read_mode(reading, words, &path->mode)))
		return false;
	if (path->mode != SRV6_INLINE)
		return true;
	if (!route->destination.family)
		route->destination.family = AF_INET6;
	if (route->destination.family == AF_INET6)
		return true;
	words_say(reading, "inline", "is for packets of IPv6: those of IPv4 have no such header");
	return false;
}

static bool read_action(struct reading *reading, struct words *words, enum sid_action *action)
{
	const char *word = *words->next;
	struct near near = {.word = word ? word : ""};

	for (int i = 0; word && i < SID_ACTIONS; i++) {
		if (!strcmp(word, sid_rows[i].word)) {
			*action = (enum sid_action)i;
			words->next++;
			return true;
		}
		near_offer(&near, sid_rows[i].word);
	}
	if (word)
		report_fault(reading->report, reading->place,
			     "%s: \"%s\" is no action of a segment, such as end or end.dt4%s",
			     shown(reading->report, reading->key), shown(reading->report, word),
			     did_you_mean(reading->report, near_best(&near)));
	else
		report_fault(reading->report, reading->place,
			     "%s: no action follows the segment, such as end or end.dt4",
			     shown(reading->report, reading->key));
	return false;
}

static bool read_via(struct reading *reading, struct words *words, unsigned takes, struct sid *sid)
{
	const char *word = words_argument(reading, words);
	bool ipv4 = takes & SID_TAKES_IPV4;

	if (!word || !words_address(reading, word, ADDRESS_BARE, &sid->via))
		return false;
	if (ipv4 == (sid->via.family == AF_INET))
		return true;
	words_say(reading, word, ipv4 ? "is no address of IPv4" : "is no address of IPv6");
	return false;
}

/* What the action takes; without it nothing is taken, and true returned. */
static bool read_argument(struct reading *reading, struct words *words, struct sid *sid)
{
	unsigned takes = sid_rows[sid->action].takes;

	if ((takes & SID_TAKES_VIA) && words_take(words, "via"))
		return read_via(reading, words, takes, sid);
	if ((takes & SID_TAKES_VRF) && words_take(words, "vrf")) {
		sid->vrf = words_interface(reading, words);
		return sid->vrf != NULL;
	}
	if ((takes & SID_TAKES_TABLE) && words_take(words, "table"))
		return words_number(reading, words, 1, "is no table, 1 to 4294967295", &sid->table);
	if ((takes & SID_TAKES_OIF) && words_take(words, "oif")) {
		sid->oif = words_interface(reading, words);
		return sid->oif != NULL;
	}
	if ((takes & SID_TAKES_PATH) && words_take(words, "segments"))
		return read_segments(reading, words, &sid->path);
	return true;
}

static bool has_argument(const struct sid *sid)
{
	return sid->via.family || sid->vrf || sid->table || sid->oif || sid->path.count;
}

/* PREFIX ACTION [what it takes] [dev INTERFACE] */
static bool read_sid_words(struct reading *reading, struct words *words, struct sid *sid)
{
	const char *word = *words->next++;
	const struct sid_row *row;

	if (!words_address(reading, word, ADDRESS_PREFIX, &sid->address))
		return false;
	if (sid->address.family != AF_INET6) {
		words_say(reading, word, "is no segment: those are addresses of IPv6");
		return false;
	}
	if (!read_action(reading, words, &sid->action) || !read_argument(reading, words, sid))
		return false;
	if (words_take(words, "dev")) {
		sid->interface = words_interface(reading, words);
		if (!sid->interface)
			return false;
	}
	row = &sid_rows[sid->action];
	if (!*words->next && has_argument(sid) == (*row->shape != '\0'))
		return true;
	report_fault(reading->report, reading->place, "%s: it is SID %s%s [dev INTERFACE]",
		     shown(reading->report, reading->key), row->word, row->shape);
	return false;
}

void read_sid(struct reading *reading, void *field)
{
	struct words words = words_of(reading);
	struct sid sid = {.name = reading->name, .place = reading->place};

	(void)field;
	reading_need(reading, FEATURE_SEG6);
	if (name_check(reading->report, reading->place, NAME_LABEL, "segment", reading->name) &&
	    read_sid_words(reading, &words, &sid))
		*array_push(reading->build->arena, reading->node->sids, reading->node->sid_count) =
			sid;
}
