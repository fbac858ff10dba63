/* SPDX-License-Identifier: MIT */
/* The keys of a section with those that it has through `like`. */
#ifndef TOPOLOGY_TEMPLATE_H
#define TOPOLOGY_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

struct entry;
struct ini;
struct report;
struct section;
struct templates;

/* Entries in the order of the templates, then the section's own; one of each key, the last one. */
struct expansion {
	const struct entry **list;
	size_t count;
	bool partial; /* something is missing, and that was said */
};

/* Take note of the templates of a file, and say which are like themselves. */
struct templates *templates_new(struct report *report, const struct ini *ini);

/* All entries that hold for the section. Those that do not fit its kind are said and left out. */
struct expansion templates_expand(struct templates *templates, const struct section *section,
				  unsigned kind);

#endif
