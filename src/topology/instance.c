// SPDX-License-Identifier: MIT
// The sections and keys that a range stands for.
#include "topology/instance.h"

#include <string.h>

#include "base/arena.h"
#include "topology/braces.h"
#include "topology/formula.h"
#include "topology/ini.h"
#include "topology/keys.h"
#include "topology/merge.h"
#include "topology/report.h"

/* The sections that a file comes to, under construction. */
struct instances {
	struct report *report;
	struct section *list;
	size_t count;
	size_t ranged; /* of them, those of ranges */
};

/* The range in the name of a section, or NULL, which is said. */
static struct ranged *read_ranged(struct instances *instances, const struct section *section)
{
	static const struct loops none = {0};
	struct report *report = instances->report;
	struct ranged *ranged = arena_alloc(report->arena, sizeof(*ranged));

	if (section->meaning == SECTION_TEMPLATE) {
		report_fault(report, section->place,
			     "%s: a template has no range; its keys have the numbers of the "
			     "sections that are like it",
			     section_title(report, section));
		return NULL;
	}
	if (!pattern_read(report, section->place, section->name, &none, false, &ranged->pattern))
		return NULL;
	if (ranged->pattern.total > SECTIONS_MOST - instances->ranged) {
		report_fault(report, section->place,
			     "%s stands for %s sections; %s are the most in a file",
			     section_title(report, section), grouped(report, ranged->pattern.total),
			     grouped(report, SECTIONS_MOST));
		return NULL;
	}
	return ranged;
}

static void add_instances(struct instances *instances, const struct section *section,
			  struct ranged *ranged)
{
	struct arena *arena = instances->report->arena;

	instances->ranged += ranged->pattern.total;
	for (size_t i = 0; i < ranged->pattern.total; i++) {
		struct section *instance = array_push(arena, instances->list, instances->count);
		struct loops loops = {0};

		*instance = *section;
		instance->name = pattern_at(&ranged->pattern, i, &loops, arena);
		instance->place.of = arena_printf(arena, "[%s %s]", instance->kind, instance->name);
		instance->ranged = ranged;
		instance->at = i;
	}
}

static bool may_be_ranged(const struct section *section)
{
	return section->meaning && section_kind_named(section->meaning) &&
	       pattern_possible(section->name);
}

void instances_make(struct report *report, struct ini *ini)
{
	struct instances instances = {.report = report};
	bool any = false;

	for (size_t i = 0; i < ini->count; i++)
		any |= may_be_ranged(&ini->sections[i]);
	if (!any)
		return;
	for (size_t i = 0; i < ini->count && !report_full(report); i++) {
		struct section *section = &ini->sections[i];
		struct ranged *ranged = NULL;

		if (may_be_ranged(section)) {
			ranged = read_ranged(&instances, section);
			section->meaning = ranged ? section->meaning : 0;
		}
		if (ranged)
			add_instances(&instances, section, ranged);
		else
			*array_push(report->arena, instances.list, instances.count) = *section;
	}
	ini->sections = instances.list;
	ini->count = instances.count;
}

/* The keys of one section, as their ranges and formulas are replaced. */
struct writing {
	struct report *report;
	const struct section *section;
	unsigned kind;
	struct loops loops; /* of the section's name */
	struct merge merge;
	bool partial;
};

/* Does the section say this itself, and not a template? */
static bool is_own(const struct section *section, const struct entry *entry)
{
	const struct entry *raw = entry->raw ? entry->raw : entry;

	return raw >= section->entries && raw < section->entries + section->count;
}

/* What the section itself says wins over templates, and of these the later one. */
static void put(struct writing *writing, const struct entry *entry)
{
	struct report *report = writing->report;
	const struct entry **slot = merge_slot(&writing->merge, entry);
	bool own = is_own(writing->section, entry);

	if (slot == &writing->merge.to.list[writing->merge.to.count]) {
		*slot = entry;
		writing->merge.to.count++;
	} else if (own && is_own(writing->section, *slot)) {
		report_fault(report, entry->place, "%s given twice; first in line %d",
			     shown(report, entry->key), (*slot)->place.line);
		writing->partial = true;
	} else if (own || !is_own(writing->section, *slot)) {
		*slot = entry;
	}
}

/* A key or a value with its formulas computed; NULL, which is said, where one is wrong. */
static const char *compute(struct writing *writing, const struct entry *entry, const char *text,
			   const struct loops *loops)
{
	struct report *report = writing->report;
	struct bad_formula bad;
	const char *computed;

	if (!loops->count || !strchr(text, '{'))
		return text;
	computed = formulas_computed(text, loops, report->arena, &bad);
	if (!computed)
		report_fault(report, entry->place, "%s: {%s} %s", shown(report, entry->key),
			     shown(report, arena_strndup(report->arena, bad.text, bad.length)),
			     bad.wrong);
	return computed;
}

static bool fits_line(struct writing *writing, const struct entry *entry)
{
	size_t length = strlen(entry->key) + strlen(entry->value) + strlen(" = \"\"");

	if (length <= INI_LINE_LIMIT)
		return true;
	report_fault(writing->report, entry->place,
		     "%s comes to %s bytes with its numbers; %d are the most",
		     shown(writing->report, entry->key), grouped(writing->report, length),
		     INI_LINE_LIMIT);
	return false;
}

/* One entry under the name that its key has for these loops. */
static void write_entry(struct writing *writing, const struct entry *raw, const char *key,
			const struct loops *loops)
{
	struct entry *entry = arena_alloc(writing->report->arena, sizeof(*entry));

	*entry = *raw;
	entry->raw = raw;
	entry->place.of = writing->section->place.of;
	if (raw->value) {
		const char *computed = compute(writing, entry, key, loops);

		entry->value = computed ? compute(writing, entry, raw->value, loops) : NULL;
		entry->key = computed ? computed : key;
		if (!entry->value || !fits_line(writing, entry)) {
			writing->partial = true;
			return;
		}
	}
	if (entry->key != raw->key)
		key_resolve(writing->report, writing->section, writing->kind, entry);
	put(writing, entry);
}

/* The ranges of the keys; NULL for a key that has none, or a wrong one, which is said. */
static struct pattern **read_patterns(struct writing *writing, const struct expansion *raw,
				      size_t *room)
{
	struct report *report = writing->report;
	struct pattern **patterns =
		arena_alloc(report->arena, (raw->count + 1) * sizeof(struct pattern *));
	size_t made = 0;

	*room = raw->count;
	for (size_t i = 0; i < raw->count; i++) {
		const char *key = raw->list[i]->key;
		struct place place = raw->list[i]->place;
		struct pattern pattern;

		if (!pattern_possible(key))
			continue;
		place.of = writing->section->place.of;
		if (!pattern_read(report, place, key, &writing->loops, true, &pattern))
			continue;
		if (pattern.total > KEYS_MOST - made) {
			report_fault(report, place, "%s stands for %s keys%s; %s are the most",
				     shown(report, key), grouped(report, pattern.total),
				     made ? ", beside those of other ranges here" : "",
				     grouped(report, KEYS_MOST));
			continue;
		}
		made += pattern.total;
		*room += pattern.total;
		patterns[i] = arena_alloc(report->arena, sizeof(pattern));
		*patterns[i] = pattern;
	}
	return patterns;
}

/* All entries that a key with a range stands for. */
static void write_range(struct writing *writing, const struct entry *raw,
			const struct pattern *pattern)
{
	for (size_t i = 0; i < pattern->total && !report_full(writing->report); i++) {
		struct loops loops = writing->loops;
		const char *key = pattern_at(pattern, i, &loops, writing->report->arena);

		write_entry(writing, raw, key, &loops);
	}
}

struct expansion instance_keys(struct report *report, const struct section *section, unsigned kind,
			       const struct expansion *raw)
{
	struct writing writing = {.report = report, .section = section, .kind = kind};
	struct pattern **patterns;
	size_t room;

	if (section->ranged)
		pattern_at(&section->ranged->pattern, section->at, &writing.loops, report->arena);
	patterns = read_patterns(&writing, raw, &room);
	writing.merge = merge_start(report->arena, room);
	for (size_t i = 0; i < raw->count && !report_full(report); i++) {
		const struct entry *entry = raw->list[i];

		if (patterns[i])
			write_range(&writing, entry, patterns[i]);
		else if (pattern_possible(entry->key))
			writing.partial = true;
		else if (section->ranged)
			write_entry(&writing, entry, entry->key, &writing.loops);
		else
			put(&writing, entry);
	}
	writing.merge.to.partial = raw->partial || writing.partial;
	return writing.merge.to;
}
