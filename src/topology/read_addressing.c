// SPDX-License-Identifier: MIT
// What reads the keys of addresses that nslab chooses, and of routes that it computes.
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/text.h"
#include "topology/build.h"
#include "topology/readers.h"
#include "topology/values.h"
#include "topology/words.h"

/* Prefixes from which no interface can have its addresses. */
static const char *unfit(const struct address *prefix)
{
	bool v4 = prefix->family == AF_INET;

	if (v4 ? (prefix->bytes[0] & 0xf0) == 0xe0 : prefix->bytes[0] == 0xff)
		return "is of multicast addresses";
	if (address_is_link_local(prefix))
		return "is of link-local addresses";
	if (v4 ? prefix->bytes[0] == 127 || !prefix->bytes[0] : prefix->length < 3)
		return "is not of addresses that interfaces can have";
	if (address_is_alone(prefix))
		return "is a single address";
	return NULL;
}

/* The whole, with what is wrong with its bits put right. */
static bool read_prefix(struct reading *reading, const char *word, struct address *prefix)
{
	const char *wrong = strchr(word, '/') ? value_address(word, ADDRESS_PREFIX, prefix)
					      : "has no length, such as /24";

	if (wrong && !strcmp(wrong, ADDRESS_HAS_HOST_BITS)) {
		address_mask(prefix);
		report_fault(reading->report, reading->place, "%s: \"%s\" %s%s",
			     shown(reading->report, reading->key), shown(reading->report, word),
			     wrong,
			     did_you_mean(reading->report,
					  address_title(reading->build, prefix, false)));
		return false;
	}
	if (!wrong)
		wrong = unfit(prefix);
	if (wrong)
		words_say(reading, word, wrong);
	return !wrong;
}

/* What is in two of them would be given twice. */
static bool lies_in_others(struct reading *reading, const struct address *prefix)
{
	const struct topology *topology = reading->build->topology;

	for (size_t i = 0; i < topology->pool_count; i++) {
		const struct address *other = &topology->pools[i];

		if (!address_in(prefix, other) && !address_in(other, prefix))
			continue;
		report_fault(reading->report, reading->place,
			     "%s: %s and %s have addresses in common",
			     shown(reading->report, reading->key),
			     address_title(reading->build, other, false),
			     address_title(reading->build, prefix, false));
		return true;
	}
	return false;
}

void read_pools(struct reading *reading, void *field)
{
	struct topology *topology = reading->build->topology;
	size_t count;
	char **words = value_words(reading->build->arena, reading->value, &count);

	(void)field;
	topology->pools_place = reading->place;
	for (size_t i = 0; i < count; i++) {
		struct address prefix;

		if (read_prefix(reading, words[i], &prefix) && !lies_in_others(reading, &prefix))
			*array_push(reading->build->arena, topology->pools, topology->pool_count) =
				prefix;
	}
}

/* The VLAN of `subnet.10`. */
static bool read_vlan_of(struct reading *reading, uint32_t *vlan)
{
	uint64_t number = 0;

	if (reading->name && !text_number(reading->name, 1, VLAN_LAST, &number)) {
		report_fault(reading->report, reading->place,
			     "%s: \"%s\" is not the number of a VLAN, 1 to 4094",
			     shown(reading->report, reading->key),
			     shown(reading->report, reading->name));
		return false;
	}
	*vlan = (uint32_t)number;
	return true;
}

void read_subnet(struct reading *reading, void *field)
{
	struct build *build = reading->build;
	struct segment *segment =
		reading->segment ?: build_segment(build, reading->node->name, reading->node->place);
	size_t count;
	char **words = value_words(build->arena, reading->value, &count);
	bool given[2] = {false, false};
	struct segment_subnet subnet = {.place = reading->place};

	(void)field;
	if (!read_vlan_of(reading, &subnet.vlan))
		return;
	for (size_t i = 0; i < count; i++) {
		if (!read_prefix(reading, words[i], &subnet.prefix))
			continue;
		if (given[subnet.prefix.family == AF_INET6]) {
			words_say(reading, words[i],
				  subnet.prefix.family == AF_INET6 ? "is a second IPv6 prefix"
								   : "is a second IPv4 prefix");
			continue;
		}
		given[subnet.prefix.family == AF_INET6] = true;
		*array_push(build->arena, segment->subnets, segment->subnet_count) = subnet;
	}
}

void read_static_routing(struct reading *reading, void *field)
{
	bool *wanted = field;

	*wanted = !strcmp(reading->value, "static");
	if (!*wanted && strcmp(reading->value, "none") != 0)
		words_say(reading, reading->value, "is not static or none");
}
