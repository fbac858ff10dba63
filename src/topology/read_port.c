// SPDX-License-Identifier: MIT
// What reads the keys of ports of switches, and of what switches forward, into the model.
#include "topology/readers.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "topology/build.h"
#include "topology/keys.h"
#include "topology/values.h"

struct port *reading_port(struct reading *reading)
{
	struct interface *interface = reading->interface;

	if (!interface->port) {
		interface->port = arena_alloc(reading->build->arena, sizeof(*interface->port));
		interface->port->place = reading->place;
		interface->port->priority = PORT_PRIORITY;
	}
	return interface->port;
}

static void say(struct reading *reading, const char *word, const char *wrong)
{
	report_fault(reading->report, reading->place, "%s: \"%s\" %s",
		     shown(reading->report, reading->key), shown(reading->report, word), wrong);
}

static bool read_vlan_number(struct reading *reading, const char *word, uint32_t *vlan)
{
	uint64_t number;

	if (!text_number(word, 1, VLAN_LAST, &number)) {
		say(reading, word, "is not the number of a VLAN, 1 to 4094");
		return false;
	}
	*vlan = (uint32_t)number;
	return true;
}

/* `vlan` and `native`: an access port is one whose only VLAN has no tags. */
void read_vlan(struct reading *reading, void *field)
{
	struct port *port = field;

	port->vlans = true;
	port->keys |= strcmp(reading->row->word, "native") ? PORT_VLAN : PORT_NATIVE;
	reading_need(reading, FEATURE_VLAN_FILTERING);
	read_vlan_number(reading, reading->value, &port->native);
}

/* "20" or "20-29" */
static bool read_range(struct reading *reading, const char *word, struct vlan_range *range)
{
	struct arena *arena = reading->build->arena;
	const char *dash = strchr(word, '-'), *first = word;
	uint32_t from, to;

	if (dash && (dash == word || !dash[1])) {
		say(reading, word, "is no range of VLANs, such as 20-29");
		return false;
	}
	if (dash)
		first = arena_strndup(arena, word, (size_t)(dash - word));
	if (!read_vlan_number(reading, first, &from) ||
	    !read_vlan_number(reading, dash ? dash + 1 : first, &to))
		return false;
	if (to < from) {
		say(reading, word, "ends before it begins");
		return false;
	}
	*range = (struct vlan_range){(uint16_t)from, (uint16_t)to};
	return true;
}

void read_trunk(struct reading *reading, void *field)
{
	struct port *port = field;
	struct arena *arena = reading->build->arena;
	size_t count;
	char **words = value_words(arena, reading->value, &count);

	port->vlans = true;
	reading_need(reading, FEATURE_VLAN_FILTERING);
	port->keys |= PORT_TRUNK;
	for (size_t i = 0; i < count; i++) {
		struct vlan_range range;

		if (read_range(reading, words[i], &range))
			*array_push(arena, port->tagged, port->tagged_count) = range;
	}
}

void read_groups(struct reading *reading, void *field)
{
	static const struct {
		const char *word;
		uint32_t bit;
	} groups[] = {
		{"lldp", FORWARD_LLDP},
		{"lacp", FORWARD_LACP},
		{"802.1x", FORWARD_8021X},
		{"stp", FORWARD_STP},
	};
	size_t count;
	char **words = value_words(reading->build->arena, reading->value, &count);

	for (size_t i = 0; i < count; i++) {
		struct near near = {.word = words[i]};
		uint32_t bit = 0;

		for (size_t k = 0; k < sizeof(groups) / sizeof(*groups); k++) {
			if (!strcmp(words[i], groups[k].word))
				bit = groups[k].bit;
			near_offer(&near, groups[k].word);
		}
		*(uint32_t *)field |= bit;
		if (!bit)
			report_fault(reading->report, reading->place,
				     "%s: \"%s\" is none of lldp, lacp, 802.1x and stp%s",
				     shown(reading->report, reading->key),
				     shown(reading->report, words[i]),
				     did_you_mean(reading->report, near_best(&near)));
	}
}
