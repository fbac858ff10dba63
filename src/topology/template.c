// SPDX-License-Identifier: MIT
// The keys of a section with those that it has through `like`.
#include "topology/template.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"
#include "topology/ini.h"
#include "topology/instance.h"
#include "topology/keys.h"
#include "topology/merge.h"
#include "topology/names.h"
#include "topology/preset.h"
#include "topology/report.h"
#include "topology/values.h"

/* Bounds that no honest file meets, and that a hostile one cannot pass. */
#define DEPTH_LIMIT	32
#define EXPANSION_LIMIT 2000000 /* entries, over all sections */

struct template
{
	struct section *section;
	enum { TEMPLATE_NEW, TEMPLATE_OPEN, TEMPLATE_DONE } state;
	size_t depth; /* of the longest chain of templates below it */
	struct expansion expansion;
};

struct templates {
	struct report *report;
	struct template *list; /* one for each [template] */
	size_t count;
	struct map *by_name;
	size_t expanded; /* entries in all expansions so far */
};

static const struct expansion *resolve(struct templates *templates, struct template *template,
				       const struct entry *from, size_t depth);

static void unknown(struct templates *templates, const struct entry *like, const char *name)
{
	struct report *report = templates->report;
	struct near near = {.word = name};

	for (size_t i = 0; i < templates->count && !report_full(report); i++)
		if (!report_offer(report, &near, templates->list[i].section->name))
			break;
	for (size_t i = 0; i < preset_count; i++)
		report_offer(report, &near, presets[i].name);
	report_fault(report, like->place, "unknown template \"%s\"%s", shown(report, name),
		     did_you_mean(report, near_best(&near)));
}

/*
 * The template that every file has under that name, made at its first use; NULL: there is none.
 * What is wrong with it in the company of other keys is told where it is asked for.
 */
static struct template *preset(struct templates *templates, const struct entry *like,
			       const char *name)
{
	struct report *report = templates->report;
	const char *text = preset_text(name);
	struct template *template;
	struct section *section;
	struct ini ini;

	if (!text)
		return NULL;
	ini_parse(report, text, strlen(text), &ini);
	if (!ini.count)
		return NULL; /* iniparser could not be had, which was said */
	section = &ini.sections[0];
	section->place = like->place;
	keys_resolve(report, section, SECTION_TEMPLATE);
	for (size_t i = 0; i < section->count; i++)
		section->entries[i].place = like->place;
	template = arena_alloc(report->arena, sizeof(*template));
	template->section = section;
	map_add(templates->by_name, section->name, template);
	return template;
}

/* Merge a section: its templates, in the order of its `like`, then its own entries. */
static struct expansion merge_all(struct templates *templates, const struct section *section,
				  const struct entry *like, size_t depth, size_t *deepest)
{
	struct report *report = templates->report;
	struct merge merge;
	const struct expansion **parts;
	size_t words = 0, used = 0, total = section->count;
	char **names = like && like->value ? value_words(report->arena, like->value, &words) : NULL;

	parts = arena_alloc(report->arena, words * sizeof(const struct expansion *) + 1);
	for (size_t i = 0; i < words; i++) {
		struct template *template = map_get(templates->by_name, names[i]);

		if (!template)
			template = preset(templates, like, names[i]);
		if (!template) {
			unknown(templates, like, names[i]);
			continue;
		}
		parts[used] = resolve(templates, template, like, depth + 1);
		total += parts[used++]->count;
		*deepest = template->depth + 1 > *deepest ? template->depth + 1 : *deepest;
	}
	templates->expanded += used ? total : 0;
	if (templates->expanded > EXPANSION_LIMIT) {
		report_fault(report, section->place, "the templates come to more than %s keys",
			     grouped(report, EXPANSION_LIMIT));
		return (struct expansion){0};
	}
	merge = merge_start(report->arena, total);
	for (size_t i = 0; i < used; i++)
		for (size_t k = 0; k < parts[i]->count; k++)
			merge_add(&merge, parts[i]->list[k]);
	for (size_t i = 0; i < section->count; i++) {
		if (&section->entries[i] == like)
			continue;
		if (used)
			merge_add(&merge, &section->entries[i]);
		else
			merge.to.list[merge.to.count++] = &section->entries[i];
	}
	return merge.to;
}

/* The expansion of a template, made once. `from` is the `like` that asks for it. */
static const struct expansion *resolve(struct templates *templates, struct template *template,
				       const struct entry *from, size_t depth)
{
	struct report *report = templates->report;
	struct section *section = template->section;

	if (template->state == TEMPLATE_DONE)
		return &template->expansion;
	if (template->state == TEMPLATE_OPEN) {
		report_fault(report, from ? from->place : section->place,
			     "like = %s: %s would be like itself", shown(report, section->name),
			     section_title(report, section));
		return &template->expansion;
	}
	template->state = TEMPLATE_OPEN;
	if (depth <= DEPTH_LIMIT)
		template->expansion = merge_all(templates, section, section_entry(section, "like"),
						depth, &template->depth);
	template->state = TEMPLATE_DONE;
	if (depth <= DEPTH_LIMIT && template->depth <= DEPTH_LIMIT)
		return &template->expansion;
	report_fault(report, section->place, "templates are like templates more than %d deep",
		     DEPTH_LIMIT);
	/* What is like this one in turn need not be told again. */
	template->depth = 0;
	template->expansion = (struct expansion){0};
	return &template->expansion;
}

static void collect(struct templates *templates, const struct ini *ini)
{
	struct report *report = templates->report;

	for (size_t i = 0; i < ini->count; i++) {
		struct section *section = &ini->sections[i];

		if (section->kind && !strcmp(section->kind, "template"))
			array_push(report->arena, templates->list, templates->count)->section =
				section;
	}
	for (size_t i = 0; i < templates->count; i++)
		map_add(templates->by_name, templates->list[i].section->name, &templates->list[i]);
}

struct templates *templates_new(struct report *report, const struct ini *ini)
{
	struct templates *templates = arena_alloc(report->arena, sizeof(*templates));

	templates->report = report;
	templates->by_name = map_new(report->arena);
	collect(templates, ini);
	for (size_t i = 0; i < templates->count && !report_full(report); i++)
		resolve(templates, &templates->list[i], NULL, 1);
	return templates;
}

/* The keys as the file has them: those of a range are merged once. */
static struct expansion raw_keys(struct templates *templates, const struct section *section)
{
	struct ranged *ranged = section->ranged;
	size_t deepest = 0;

	if (ranged && ranged->merged)
		return ranged->keys;
	if (!ranged)
		return merge_all(templates, section, section_entry(section, "like"), 0, &deepest);
	ranged->keys = merge_all(templates, section, section_entry(section, "like"), 0, &deepest);
	ranged->merged = true;
	return ranged->keys;
}

static bool has_ranges(const struct section *section, const struct expansion *raw)
{
	for (size_t i = 0; i < raw->count; i++)
		if (pattern_possible(raw->list[i]->key))
			return true;
	return section->ranged != NULL;
}

/* With the ranges and formulas of its keys replaced. */
static struct expansion written_out(struct templates *templates, const struct section *section,
				    unsigned kind, const struct expansion *raw)
{
	struct report *report = templates->report;
	struct expansion all;

	if (templates->expanded > EXPANSION_LIMIT)
		return (struct expansion){.partial = true};
	all = instance_keys(report, section, kind, raw);
	templates->expanded += all.count;
	if (templates->expanded > EXPANSION_LIMIT)
		report_fault(report, section->place, "the ranges come to more than %s keys",
			     grouped(report, EXPANSION_LIMIT));
	return all;
}

struct expansion templates_expand(struct templates *templates, const struct section *section,
				  unsigned kind)
{
	struct report *report = templates->report;
	size_t kept = 0, calls = report->calls;
	struct expansion all = raw_keys(templates, section);

	if (has_ranges(section, &all))
		all = written_out(templates, section, kind, &all);
	for (size_t i = 0; i < all.count; i++) {
		const struct entry *entry = all.list[i];

		if (!entry->meaning || !entry->value || !*entry->value)
			all.partial = true; /* said already */
		else if (key_in(entry->meaning, kind))
			all.list[kept++] = entry;
		else
			report_fault(
				report, entry->place,
				"key \"%s\" is for %s, not for %s, which is like this template",
				shown(report, entry->key),
				section_kinds_text(report, entry->meaning->sections),
				section_title(report, section));
	}
	all.count = kept;
	all.partial |= report->calls != calls;
	return all;
}
