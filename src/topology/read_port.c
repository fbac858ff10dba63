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
	reading_need(reading, FEATURE_VLAN_FILTERING);
	read_vlan_number(reading, reading->value, &port->native);
}

void read_trunk(struct reading *reading, void *field)
{
	struct port *port = field;
	struct arena *arena = reading->build->arena;
	size_t count;
	char **words = value_words(arena, reading->value, &count);

	port->vlans = true;
	reading_need(reading, FEATURE_VLAN_FILTERING);
	for (size_t i = 0; i < count; i++) {
		const char *dash = strchr(words[i], '-');
		const char *first =
			dash ? arena_strndup(arena, words[i], (size_t)(dash - words[i])) : words[i];
		uint32_t from, to;

		if (!read_vlan_number(reading, first, &from) ||
		    !read_vlan_number(reading, dash ? dash + 1 : first, &to))
			continue;
		if (to < from)
			say(reading, words[i], "ends before it begins");
		else
			*array_push(arena, port->tagged, port->tagged_count) =
				(struct vlan_range){(uint16_t)from, (uint16_t)to};
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
