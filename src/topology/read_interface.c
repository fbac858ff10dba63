// SPDX-License-Identifier: MIT
// What reads the keys of interfaces into the model: segment, addresses, MAC, MTU.
#include "topology/readers.h"

#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"
#include "topology/build.h"
#include "topology/device.h"
#include "topology/ini.h"
#include "topology/names.h"
#include "topology/values.h"

#define MTU_LEAST 68 /* of a veth: what IPv4 asks for */
#define MTU_MOST  65535

struct interface *reading_interface(struct reading *reading, const char *name)
{
	struct interface *interface = reading->interfaces ? map_get(reading->interfaces, name)
							  : node_interface(reading->node, name);
	struct near near = {.word = name};

	if (interface || report_full(reading->report))
		return interface;
	for (size_t i = 1; i < reading->node->interface_count; i++)
		if (!report_offer(reading->report, &near, reading->node->interfaces[i].name))
			break;
	report_fault(reading->report, reading->place, "%s: %s has no interface \"%s\"%s",
		     shown(reading->report, reading->key),
		     section_title(reading->report, reading->section), shown(reading->report, name),
		     did_you_mean(reading->report, near_best(&near)));
	return NULL;
}

static bool is_loopback(const struct address *address)
{
	static const uint8_t one[16] = {[15] = 1};

	return address->family == AF_INET ? address->bytes[0] == 127
					  : !memcmp(address->bytes, one, sizeof(one));
}

/* Addresses that no interface can have, or that say something else than the user thinks. */
static const char *unfit(const struct interface *interface, const struct address *address)
{
	static const uint8_t zero[16], all[4] = {255, 255, 255, 255};
	bool v4 = address->family == AF_INET;

	if (!memcmp(address->bytes, zero, sizeof(zero)))
		return "is no address of an interface: it means \"none\"";
	if (v4 ? (address->bytes[0] & 0xf0) == 0xe0 : address->bytes[0] == 0xff)
		return "is a multicast address";
	if (v4 && !memcmp(address->bytes, all, sizeof(all)))
		return "is the broadcast address";
	if (!address->length)
		return "has the length 0: everything would be on its subnet";
	if (!is_loopback(address))
		return NULL;
	if (interface->kind != INTERFACE_LOOPBACK)
		return "is a loopback address";
	if (v4 ? address->bytes[3] == 1 && !address->bytes[1] && !address->bytes[2] : true)
		return "is given to lo by the kernel";
	return NULL;
}

/* `auto` and `none` stand among addresses, and say whether there are to be others. */
static bool add_numbering(struct reading *reading, struct interface *interface, const char *word)
{
	enum numbering numbering = !strcmp(word, "auto")   ? NUMBERING_AUTO
				   : !strcmp(word, "none") ? NUMBERING_NONE
							   : NUMBERING_DEFAULT;

	if (numbering == NUMBERING_DEFAULT)
		return false;
	if (interface->numbering != NUMBERING_DEFAULT && interface->numbering != numbering)
		report_fault(reading->report, reading->place, "%s: it is either auto or none",
			     shown(reading->report, reading->key));
	interface->numbering = numbering;
	if (interface->kind == INTERFACE_LOOPBACK)
		interface->place = reading->place;
	return true;
}

static bool add_address(struct reading *reading, struct interface *interface, const char *word)
{
	enum address_form form =
		interface->kind == INTERFACE_LOOPBACK ? ADDRESS_HOST : ADDRESS_NETWORK;
	struct address address;
	size_t places;
	const char *wrong = value_address(word, form, &address);

	if (!wrong)
		wrong = unfit(interface, &address);
	if (wrong) {
		report_fault(reading->report, reading->place, "%s: \"%s\" %s",
			     shown(reading->report, reading->key), shown(reading->report, word),
			     wrong);
		return false;
	}
	places = interface->address_count;
	*array_push(reading->build->arena, interface->address_places, places) = reading->place;
	*array_push(reading->build->arena, interface->addresses, interface->address_count) =
		address;
	return true;
}

void read_address_word(struct reading *reading, struct interface *interface, const char *word)
{
	if (!add_numbering(reading, interface, word))
		add_address(reading, interface, word);
}

static void add_addresses(struct reading *reading, struct interface *interface, char **words)
{
	for (; *words; words++)
		read_address_word(reading, interface, *words);
}

/* The segment that an interface names; NULL, which is said, where it names none. */
static struct segment *segment_of(struct reading *reading, const char *word)
{
	struct build *build = reading->build;
	struct address address;
	struct segment *segment;

	if (strchr(word, '/') || !value_address(word, ADDRESS_HOST, &address)) {
		report_fault(reading->report, reading->place,
			     "%s: a segment comes first, then addresses; \"%s\" is no segment",
			     shown(reading->report, reading->key), shown(reading->report, word));
		return NULL;
	}
	if (!name_check(reading->report, reading->place, NAME_SEGMENT, "segment", word))
		return NULL;
	segment = build_segment(build, word, reading->place);
	if (segment->node && segment->node == reading->node) {
		report_fault(reading->report, reading->place, "%s: %s is plugged into itself",
			     reading->key, section_title(reading->report, reading->section));
		return NULL;
	}
	return segment;
}

/* Is it a device, and no end of a cable? "eth0.10 = ADDRESS" is one, too. */
static bool read_as_device(struct reading *reading, struct interface *interface, char **words)
{
	enum device_kind kind = device_kind_of(words[0]);
	bool named = kind != DEVICE_KINDS;

	if (!named && !name_is_subinterface(reading->key))
		return false;
	if (reading->node->kind == NODE_SWITCH)
		report_fault(reading->report, reading->place,
			     "%s: a switch has no devices, only ports", reading->key);
	else
		read_device(reading, interface, named ? kind : DEVICE_VLAN, words + named);
	return true;
}

/* An interface is what only a device can have behind its kind. */
static bool is_no_device(struct reading *reading, char **words)
{
	struct near near = {.word = words[0]};
	const char *best;

	if (!words[1] || !(name_is_interface(words[1]) || name_is_subinterface(words[1])))
		return false;
	for (int kind = 0; kind < DEVICE_KINDS; kind++)
		near_offer(&near, device_rows[kind].word);
	best = near_best(&near);
	report_fault(
		reading->report, reading->place,
		"%s: \"%s\" is no kind of device, and only devices are made of interfaces such "
		"as %s%s",
		shown(reading->report, reading->key), shown(reading->report, words[0]),
		shown(reading->report, words[1]),
		best ? did_you_mean(reading->report, best) : "; nslab-topology(5) has the kinds");
	return true;
}

void read_interface(struct reading *reading, void *field)
{
	struct node *node = reading->node;
	struct interface *interface;
	size_t count;
	char **words = value_words(reading->build->arena, reading->value, &count);

	(void)field;
	if (!name_check_interface(reading->report, reading->place, reading->key,
				  node->kind == NODE_SWITCH))
		return;
	if (node->interface_count > NODE_INTERFACE_LIMIT) {
		report_fault(reading->report, reading->place, "%s has more than %s interfaces",
			     section_title(reading->report, reading->section),
			     grouped(reading->report, NODE_INTERFACE_LIMIT));
		return;
	}
	interface = &node->interfaces[node->interface_count++];
	*interface = (struct interface){
		.kind = INTERFACE_VETH,
		.name = reading->key,
		.place = reading->place,
		.node = node,
	};
	if (reading->interfaces)
		map_add(reading->interfaces, interface->name, interface);
	if (read_as_device(reading, interface, words) || is_no_device(reading, words))
		return;
	interface->segment = segment_of(reading, words[0]);
	if (interface->segment)
		interface->segment->end_count++;
	if (node->kind == NODE_SWITCH && count > 1)
		report_fault(reading->report, reading->place,
			     "%s: the interfaces of a switch have no addresses", reading->key);
	else
		add_addresses(reading, interface, words + 1);
}

void read_loopback(struct reading *reading, void *field)
{
	size_t count;

	(void)field;
	add_addresses(reading, &reading->node->interfaces[0],
		      value_words(reading->build->arena, reading->value, &count));
}

void read_addresses(struct reading *reading, void *field)
{
	struct interface *interface = field;
	size_t count;

	if (name_check(reading->report, reading->place, NAME_LABEL, "list of addresses",
		       reading->name))
		add_addresses(reading, interface,
			      value_words(reading->build->arena, reading->value, &count));
}

void read_mac(struct reading *reading, void *field)
{
	uint8_t mac[6];
	const char *wrong = value_mac(reading->value, mac);

	if (wrong)
		report_fault(reading->report, reading->place, "%s: \"%s\" %s",
			     shown(reading->report, reading->key),
			     shown(reading->report, reading->value), wrong);
	else
		memcpy(field, mac, sizeof(mac));
	reading->build->macs_given = true;
}

void read_mtu(struct reading *reading, void *field)
{
	uint64_t mtu;

	if (text_number(reading->value, MTU_LEAST, MTU_MOST, &mtu))
		*(uint32_t *)field = (uint32_t)mtu;
	else
		report_fault(reading->report, reading->place,
			     "%s: \"%s\" is not a number of bytes from %d to %d",
			     shown(reading->report, reading->key),
			     shown(reading->report, reading->value), MTU_LEAST, MTU_MOST);
}
