// SPDX-License-Identifier: MIT
// What reads devices of nodes, and the keys that only devices take, into the model.
#include "topology/readers.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"
#include "topology/build.h"
#include "topology/device.h"
#include "topology/keys.h"
#include "topology/names.h"
#include "topology/values.h"

#define TTL_DEFAULT    64
#define VXLAN_PORT     4789  /* RFC 7348; the kernel's own default is older */
#define WIREGUARD_PORT 51820 /* and the next ones for further devices of a node */
#define TABLE_BASE     1000  /* the table of a vrf: this and its place in the node */
#define PRIORITY_STEP  4096  /* the kernel adds the VLAN's part of a bridge's id */

static const char *key_shown(struct reading *reading)
{
	return shown(reading->report, reading->key);
}

static void say(struct reading *reading, const char *word, const char *wrong)
{
	report_fault(reading->report, reading->place, "%s: \"%s\" %s", key_shown(reading),
		     shown(reading->report, word), wrong);
}

/* Another wireguard device of the node takes the next port. */
static uint32_t default_port(const struct node *node, enum device_kind kind)
{
	uint32_t port = kind == DEVICE_VXLAN ? VXLAN_PORT : WIREGUARD_PORT;

	if (kind == DEVICE_WIREGUARD)
		for (size_t i = 0; i < node->interface_count; i++)
			port += device_is(&node->interfaces[i], kind);
	return port;
}

void read_device(struct reading *reading, struct interface *interface, enum device_kind kind,
		 char **words)
{
	struct device *device = arena_alloc(reading->build->arena, sizeof(*device));

	*device = (struct device){
		.kind = kind,
		.interface = interface,
		.words = (const char *const *)words,
		.bridge = {.ageing = AGEING_DEFAULT, .priority = BRIDGE_PRIORITY},
		.mode = device_default("mode", kind),
		.hash = device_default("hash", kind),
		.lacp = device_default("lacp", kind),
		.protocol = device_default("protocol", kind),
		.table = TABLE_BASE + (uint32_t)reading->node->interface_count - 1,
		.port = default_port(reading->node, kind),
		.ttl = TTL_DEFAULT,
		.learning = true,
	};
	reading_need(reading, device_rows[kind].feature);
	interface->kind = INTERFACE_DEVICE;
	interface->device = device;
	if (kind == DEVICE_WIREGUARD)
		device->number = (uint32_t)reading->build->topology->wireguard_count++;
}

/* False: it cannot be, which is said. */
static bool add_lower(struct reading *reading, struct device *device, const char *name)
{
	struct interface *lower = reading_interface(reading, name);

	if (!lower)
		return false;
	if (lower->kind == INTERFACE_LOOPBACK) {
		report_fault(reading->report, reading->place, "%s: lo can be no part of %s",
			     key_shown(reading), device_rows[device->kind].title);
		return false;
	}
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): it is a list of pointers. */
	*array_push(reading->build->arena, device->lower, device->lower_count) = lower;
	return true;
}

/* "eth0.10": what it sits on, and its number, unless they are given. */
static void read_dotted_name(struct reading *reading, struct device *device)
{
	const char *name = device->interface->name, *dot = strrchr(name, '.');
	uint64_t id;

	if (!dot)
		return;
	if (device->kind != DEVICE_VLAN) {
		report_fault(reading->report, reading->place,
			     "%s: such a name is for a vlan, not for %s", key_shown(reading),
			     device_rows[device->kind].title);
		return;
	}
	if (!device->lower_count)
		add_lower(reading, device,
			  arena_strndup(reading->build->arena, name, (size_t)(dot - name)));
	if (text_number(dot + 1, 1, VLAN_LAST, &id))
		device->id = (uint32_t)id;
	else
		say(reading, dot + 1, "is not the number of a VLAN, 1 to 4094");
}

static void check_lower(struct reading *reading, const struct device *device)
{
	const struct device_row *row = &device_rows[device->kind];
	size_t most = row->traits & DEVICE_HAS_PORTS		     ? NODE_INTERFACE_LIMIT
		      : row->traits & (DEVICE_SITS | DEVICE_MAY_SIT) ? 1
								     : 0;

	if (device->lower_count > most)
		report_fault(reading->report, reading->place,
			     most ? "%s: %s sits on one interface, not also on %s"
				  : "%s: %s sits on no other interface, nor on %s",
			     key_shown(reading), row->title, device->lower[most]->name);
	else if ((row->traits & DEVICE_SITS) && !device->lower_count && !strchr(reading->key, '.'))
		report_fault(reading->report, reading->place,
			     "%s: %s sits on an interface, as in \"%s eth0 10.0.0.1/24\"",
			     key_shown(reading), row->title, row->word);
}

void read_device_words(struct reading *reading, struct device *device)
{
	bool complete = true;

	for (const char *const *word = device->words; *word; word++) {
		if (name_is_interface(*word) || name_is_subinterface(*word) || !strcmp(*word, "lo"))
			complete &= add_lower(reading, device, *word);
		else
			read_address_word(reading, device->interface, *word);
	}
	read_dotted_name(reading, device);
	if (complete)
		check_lower(reading, device);
}

void read_bounded(struct reading *reading, void *field)
{
	uint64_t number;

	if (text_number(reading->value, reading->row->low, reading->row->high, &number))
		*(uint32_t *)field = (uint32_t)number;
	else
		report_fault(reading->report, reading->place,
			     "%s: \"%s\" is not a number from %u to %u", key_shown(reading),
			     shown(reading->report, reading->value), reading->row->low,
			     reading->row->high);
}

void read_choice(struct reading *reading, void *field)
{
	enum device_kind kind = reading->interface->device->kind;
	struct near near = {.word = reading->value};
	const char *list = "";

	for (const struct choice *choice = device_choices; choice->key; choice++) {
		if (strcmp(choice->key, reading->row->word) != 0 || !(choice->devices & 1U << kind))
			continue;
		if (!strcmp(choice->word, reading->value)) {
			*(const struct choice **)field = choice;
			return;
		}
		near_offer(&near, choice->word);
		list = arena_printf(reading->build->arena, "%s%s%s", list, *list ? ", " : "",
				    choice->word);
	}
	report_fault(reading->report, reading->place, "%s: \"%s\" is none of %s%s",
		     key_shown(reading), shown(reading->report, reading->value), list,
		     did_you_mean(reading->report, near_best(&near)));
}

static struct endpoint endpoint_of(struct reading *reading, const char *word)
{
	struct endpoint endpoint = {.text = word, .place = reading->place};

	if (value_address(word, ADDRESS_BARE, &endpoint.address))
		endpoint.address = (struct address){0}; /* the name of a node, perhaps */
	return endpoint;
}

void read_endpoint(struct reading *reading, void *field)
{
	*(struct endpoint *)field = endpoint_of(reading, reading->value);
}

void read_group(struct reading *reading, void *field)
{
	struct endpoint *group = field;
	const uint8_t *bytes = group->address.bytes;

	*group = endpoint_of(reading, reading->value);
	if (group->address.family &&
	    (address_bits(group->address.family) == 32 ? (bytes[0] & 0xf0) == 0xe0
						       : bytes[0] == 0xff))
		return;
	say(reading, reading->value, "is no multicast address, such as 239.1.1.1");
	*group = (struct endpoint){0};
}

void read_remotes(struct reading *reading, void *field)
{
	struct device *device = reading->interface->device;
	size_t count;
	char **words = value_words(reading->build->arena, reading->value, &count);

	(void)field;
	if (count > 1 && device->kind != DEVICE_VXLAN) {
		say(reading, words[1], "is a second far end, which only a vxlan has");
		return;
	}
	for (size_t i = 0; i < count; i++)
		*array_push(reading->build->arena, device->remotes, device->remote_count) =
			endpoint_of(reading, words[i]);
}

void read_primary(struct reading *reading, void *field)
{
	*(struct interface **)field = reading_interface(reading, reading->value);
}

void read_priority(struct reading *reading, void *field)
{
	uint64_t priority;

	if (text_number(reading->value, 0, 15UL * PRIORITY_STEP, &priority) &&
	    priority % PRIORITY_STEP == 0)
		*(uint32_t *)field = (uint32_t)priority;
	else
		say(reading, reading->value, "is not a multiple of 4096 from 0 to 61440");
}

static struct peer *peer_of(struct reading *reading, const char *name)
{
	struct device *device = reading->interface->device;
	struct arena *arena = reading->build->arena;
	struct peer *peer = device_peer(device, name);
	size_t *place;

	if (peer)
		return peer;
	if (!device->peers_by_name)
		device->peers_by_name = map_new(arena);
	place = arena_alloc(arena, sizeof(*place));
	*place = device->peer_count;
	map_add(device->peers_by_name, name, place);
	peer = array_push(arena, device->peers, device->peer_count);
	peer->name = name;
	peer->place = reading->place;
	return peer;
}

void read_peers(struct reading *reading, void *field)
{
	size_t count;
	char **words = value_words(reading->build->arena, reading->value, &count);

	(void)field;
	for (size_t i = 0; i < count; i++)
		peer_of(reading, words[i]);
}

static void add_allowed(struct reading *reading, struct peer *peer, const char *word)
{
	struct address prefix;
	const char *wrong = value_address(word, ADDRESS_PREFIX, &prefix);

	if (wrong)
		say(reading, word, wrong);
	else
		*array_push(reading->build->arena, peer->allowed, peer->allowed_count) = prefix;
}

/* PREFIX... [endpoint ADDRESS|none] [keepalive SECONDS] */
void read_peer(struct reading *reading, void *field)
{
	size_t count;
	char **word = value_words(reading->build->arena, reading->value, &count);
	struct peer *peer = peer_of(reading, reading->name);
	uint64_t seconds;

	(void)field;
	for (; *word; word++) {
		bool endpoint = !strcmp(*word, "endpoint");

		if (!endpoint && strcmp(*word, "keepalive") != 0) {
			add_allowed(reading, peer, *word);
			continue;
		}
		if (!word[1]) {
			report_fault(reading->report, reading->place, "%s: nothing follows \"%s\"",
				     key_shown(reading), *word);
			return;
		}
		word++;
		if (endpoint)
			peer->endpoint_text = *word;
		else if (text_number(*word, 1, UINT16_MAX, &seconds))
			peer->keepalive = (uint32_t)seconds;
		else
			say(reading, *word, "is not a number of seconds from 1 to 65535");
	}
}
