/* SPDX-License-Identifier: MIT */
/* The sections and keys that a range stands for. */
#ifndef TOPOLOGY_INSTANCE_H
#define TOPOLOGY_INSTANCE_H

#include "topology/range.h"
#include "topology/template.h"

struct ini;
struct report;
struct section;

/* What the sections of one range have in common. */
struct ranged {
	struct pattern pattern; /* of their names */
	struct expansion keys;	/* as the file has them, with those of templates; once there */
	bool merged;
};

/*
 * Put in the place of each section with a range in its name those that it stands for. All sections
 * have their meaning already; those whose range is wrong lose it, which is said.
 */
void instances_make(struct report *report, struct ini *ini);

/*
 * The keys of a section where ranges and formulas have become names and numbers: in a section of a
 * range all of them, in another one those whose key has a range.
 */
struct expansion instance_keys(struct report *report, const struct section *section, unsigned kind,
			       const struct expansion *raw);

#endif
