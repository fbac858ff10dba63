// SPDX-License-Identifier: MIT
// What reads the impairments of links and interfaces into the model, and joins them at each end.
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/text.h"
#include "topology/build.h"
#include "topology/impairment.h"
#include "topology/readers.h"

/* "delay" of delay, r1.delay and eth0.delay. */
static enum impair which_of(const struct reading *reading)
{
	const char *dot = strrchr(reading->key, '.');

	return impair_find(dot ? dot + 1 : reading->key);
}

/*
 * "10mbits" -> "10mbit": the first word of the value, with the nearest that could stand there; but
 * one letter is near to every other.
 */
static const char *near_value(struct reading *reading, enum impair which)
{
	size_t digits = strspn(reading->value, "0123456789.");
	const char *number = arena_strndup(reading->build->arena, reading->value, digits);
	const char *rest = reading->value + digits;
	struct near near = {
		.word = arena_strndup(reading->build->arena, rest, strcspn(rest, " \t,"))};
	const char *best;

	for (const char *const *word = impair_words(which); *word; word++)
		near_offer(&near, *word);
	best = near_best(&near);
	return best && near.word[1] && *near.word != '-' && strcmp(best, near.word) != 0
		       ? arena_printf(reading->build->arena, "%s%s", number, best)
		       : NULL;
}

/* In tc's units, not in those of a network card's box. */
static void warn_of_bytes(struct reading *reading)
{
	size_t length = strlen(reading->value);

	if (length < 4 || strcasecmp(reading->value + length - 3, "bps") != 0)
		return;
	report_warning(reading->report, reading->place,
		       "%s: \"%s\" is bytes a second, as in tc(8); bits would be \"%.*sbit\"",
		       shown(reading->report, reading->key), shown(reading->report, reading->value),
		       (int)(length - 3), reading->value);
}

static void read_into(struct reading *reading, struct impaired **field)
{
	enum impair which = which_of(reading);
	struct impaired *to = *field;
	const char *wrong;

	if (!to)
		to = *field = arena_alloc(reading->build->arena, sizeof(*to));
	wrong = impair_parse(which, reading->value, &to->values);
	to->places[which] = reading->place;
	if (wrong)
		report_fault(reading->report, reading->place, "%s: \"%s\" %s%s",
			     shown(reading->report, reading->key),
			     shown(reading->report, reading->value), wrong,
			     did_you_mean(reading->report, near_value(reading, which)));
	else if (which == IMPAIR_RATE)
		warn_of_bytes(reading);
}

void read_impairment(struct reading *reading, void *field)
{
	read_into(reading, field);
}

/* Whose end the node is can be said only when all nodes are read: wire_impairments(). */
void read_end_impairment(struct reading *reading, void *field)
{
	struct segment *segment = field;
	struct direction *direction = NULL;

	for (size_t i = 0; i < segment->direction_count && !direction; i++)
		if (!strcmp(segment->directions[i].node, reading->subject))
			direction = &segment->directions[i];
	if (!direction) {
		direction = array_push(reading->build->arena, segment->directions,
				       segment->direction_count);
		direction->node = reading->subject;
		direction->key = reading->key;
		direction->place = reading->place;
	}
	read_into(reading, &direction->impaired);
}

static const char *ends_text(struct build *build, const struct segment *segment)
{
	return arena_printf(build->arena, "%s - %s", interface_title(build, segment->ends[0]),
			    interface_title(build, segment->ends[1]));
}

static void no_end(struct build *build, const struct segment *segment,
		   const struct direction *direction)
{
	struct report *report = &build->report;
	struct near near = {.word = direction->node};
	const char *best;

	for (size_t i = 0; i < segment->end_count; i++)
		near_offer(&near, segment->ends[i]->node->name);
	best = near_best(&near);
	if (best)
		best = arena_printf(build->arena, "%s%s", best, strrchr(direction->key, '.'));
	report_fault(report, direction->place, "%s: \"%s\" is no end of link %s (%s)%s",
		     shown(report, direction->key), shown(report, direction->node), segment->name,
		     ends_text(build, segment), did_you_mean(report, best));
}

/* The end in the node that a direction names; NULL, which is said, where it is none or not one. */
static const struct interface *end_of(struct build *build, const struct segment *segment,
				      const struct direction *direction)
{
	const struct interface *a = segment->ends[0], *b = segment->ends[1];
	bool in_a = !strcmp(a->node->name, direction->node);
	bool in_b = !strcmp(b->node->name, direction->node);

	if (in_a && in_b) {
		report_fault(&build->report, direction->place,
			     "%s: both ends of link %s are in %s; write %s%s in its section",
			     direction->key, segment->name, direction->node, a->name,
			     strrchr(direction->key, '.'));
		return NULL;
	}
	if (!in_a && !in_b)
		no_end(build, segment, direction);
	return in_a ? a : in_b ? b : NULL;
}

static void add(struct build *build, struct impaired **to, const struct impaired *from)
{
	if (!from)
		return;
	if (!*to)
		*to = arena_alloc(build->arena, sizeof(**to));
	impaired_merge(*to, from);
}

/* The link's own, then what its section says of the end, then the interface's: the last wins. */
static void wire_link(struct build *build, const struct segment *segment)
{
	struct impaired *of_ends[2] = {NULL, NULL};

	for (size_t i = 0; i < segment->direction_count; i++) {
		const struct direction *direction = &segment->directions[i];
		const struct interface *end = end_of(build, segment, direction);

		if (end)
			add(build, &of_ends[end == segment->ends[1]], direction->impaired);
	}
	for (size_t i = 0; i < segment->end_count; i++) {
		struct interface *end = segment->ends[i];
		struct impaired *all = NULL;

		add(build, &all, segment->impaired);
		add(build, &all, of_ends[i]);
		add(build, &all, end->impaired);
		end->impaired = all;
	}
}

static void check(struct build *build, const struct interface *interface)
{
	const struct impaired *impaired = interface->impaired;

	for (int i = 0; impaired && i < IMPAIR_COUNT; i++) {
		const char *wrong = impairment_wrong(&impaired->values, (enum impair)i);

		if (wrong)
			report_fault(&build->report, impaired->places[i], "%s", wrong);
	}
}

/* Which of the kernel's features one of them takes. */
static enum feature feature_of(enum impair which)
{
	return which == IMPAIR_RATE   ? FEATURE_TBF
	       : which == IMPAIR_SEED ? FEATURE_NETEM_SEED
				      : FEATURE_NETEM;
}

/* The first key that asks for the feature: the others of the interface would say the same. */
static void need(struct build *build, const struct interface *interface, enum feature feature)
{
	const struct impaired *impaired = interface->impaired;
	char text[IMPAIR_TEXT_SIZE];

	for (int i = 0; impaired && i < IMPAIR_COUNT; i++) {
		enum impair which = (enum impair)i;

		if (which == IMPAIR_LIMIT || feature_of(which) != feature ||
		    !*impair_text(&impaired->values, which, text))
			continue;
		build_need(build, feature, impair_word(which), impaired->places[i]);
		return;
	}
}

/* One feature after the other, as what many interfaces have from one line is then noted once. */
static void need_everywhere(struct build *build, enum feature feature)
{
	const struct topology *topology = build->topology;

	for (size_t i = 0; i < topology->node_count; i++)
		for (size_t k = 0; k < topology->nodes[i].interface_count; k++)
			need(build, &topology->nodes[i].interfaces[k], feature);
}

void wire_impairments(struct build *build)
{
	const struct topology *topology = build->topology;

	for (size_t i = 0; i < topology->segment_count; i++)
		if (topology->segments[i].kind == SEGMENT_LINK &&
		    topology->segments[i].end_count == 2)
			wire_link(build, &topology->segments[i]);
	for (size_t i = 0; i < topology->node_count && !report_full(&build->report); i++)
		for (size_t k = 0; k < topology->nodes[i].interface_count; k++)
			check(build, &topology->nodes[i].interfaces[k]);
	need_everywhere(build, FEATURE_NETEM);
	need_everywhere(build, FEATURE_NETEM_SEED);
	need_everywhere(build, FEATURE_TBF);
}
