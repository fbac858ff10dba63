/* SPDX-License-Identifier: MIT */
/* INI text as sections of keys and values, each with its line: the one place that knows iniparser.
 */
#ifndef TOPOLOGY_INI_H
#define TOPOLOGY_INI_H

#include <stddef.h>

#include "base/fault.h"

struct key;
struct ranged;
struct report;

struct entry {
	const char *key;
	const char *value;   /* NULL: too long a line, or a fault that was said */
	const char *comment; /* what an unquoted ; or # took off the value, with it; else NULL */
	struct place place;
	size_t length;	   /* of the line, in bytes */
	const char *below; /* folder, seen from the first file's, where paths begin; NULL: that */

	/* What the key means, once keys_resolve() has looked it up. */
	const struct key *meaning; /* NULL: nothing, and that was said */
	const char *subject;	   /* "eth0" of eth0.mtu, else NULL */
	const char *name;	   /* "lan1" of route.lan1, else NULL */
	const struct entry *raw;   /* as the file has it, where this is one of a range; else NULL */
};

/* [kind name] */
struct section {
	const char *kind; /* NULL: an unreadable head, which was said */
	const char *name; /* "" where there is none */
	struct place place;
	struct entry *entries; /* in file order, each key once */
	size_t count;
	unsigned meaning; /* enum section_kind; 0: not to be built, and why was said */

	struct ranged *ranged; /* whose names have a range, that it is one of: or NULL */
	size_t at;	       /* which one */
};

struct ini {
	struct section *sections; /* in file order, also those given twice */
	size_t count;
};

/* The longest line, with its continuations, that iniparser takes. */
#define INI_LINE_LIMIT 1000

/* Read the text. What is wrong with it goes to the report; the rest is in `ini` all the same. */
void ini_parse(struct report *report, const char *text, size_t size, struct ini *ini);

/* The entry of that key in the section, or NULL. */
struct entry *section_entry(const struct section *section, const char *key);

/* "[node r1]" as it may be shown to the user. */
const char *section_title(struct report *report, const struct section *section);

#endif
