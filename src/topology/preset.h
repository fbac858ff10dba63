/* SPDX-License-Identifier: MIT */
/* Templates of links that every file has: dsl, lte, satellite, wifi, wan. */
#ifndef TOPOLOGY_PRESET_H
#define TOPOLOGY_PRESET_H

#include <stddef.h>

struct preset {
	const char *name;
	const char *text; /* a [template] section, as a user would write it */
};

extern const struct preset presets[];
extern const size_t preset_count;

/* The text of a preset, or NULL. */
const char *preset_text(const char *name);

#endif
