// SPDX-License-Identifier: MIT
// Templates of links that every file has. nslab-topology(5) shows these texts: change both.
#include "topology/preset.h"

#include <string.h>

/* Delays are of one direction: half of what ping shows. */
const struct preset presets[] = {
	{"dsl", "[template dsl]\n"
		"delay = 15ms\n"
		"jitter = 2ms\n"
		"distribution = normal\n"
		"rate = 16mbit\n"},
	{"lte", "[template lte]\n"
		"delay = 25ms\n"
		"jitter = 8ms 25%\n"
		"distribution = paretonormal\n"
		"loss = 0.1%\n"
		"rate = 40mbit\n"},
	{"satellite", "[template satellite]\n"
		      "delay = 270ms\n"
		      "jitter = 3ms\n"
		      "distribution = normal\n"
		      "loss = gemodel 0.1% 30% 50% 0.01%\n"
		      "rate = 20mbit\n"},
	{"wifi", "[template wifi]\n"
		 "delay = 2ms\n"
		 "jitter = 1ms 25%\n"
		 "distribution = pareto\n"
		 "loss = 0.5% 25%\n"
		 "rate = 100mbit\n"},
	{"wan", "[template wan]\n"
		"delay = 20ms\n"
		"jitter = 500us\n"
		"distribution = normal\n"
		"loss = 0.01%\n"
		"rate = 1gbit\n"},
};

const size_t preset_count = sizeof(presets) / sizeof(*presets);

const char *preset_text(const char *name)
{
	for (size_t i = 0; i < preset_count; i++)
		if (!strcmp(presets[i].name, name))
			return presets[i].text;
	return NULL;
}
