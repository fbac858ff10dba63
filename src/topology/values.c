// SPDX-License-Identifier: MIT
// Values of keys, from text: pure functions that know neither keys nor places.
#include "topology/values.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/text.h"
#include "topology/model.h"

bool value_yes_no(const char *text, bool *value)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {
		{"yes", true}, {"no", false},  {"true", true}, {"false", false},
		{"on", true},  {"off", false}, {"1", true},    {"0", false},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!strcasecmp(text, words[i].word)) {
			*value = words[i].value;
			return true;
		}
	}
	return false;
}

bool value_seconds(const char *text, uint32_t high, uint32_t *seconds)
{
	static const struct {
		const char *unit;
		uint32_t seconds;
	} units[] = {{"", 1}, {"s", 1}, {"m", 60}, {"min", 60}, {"h", 3600}};
	size_t digits = strspn(text, "0123456789");
	char number[16];
	uint64_t value;

	if (!digits || digits >= sizeof(number))
		return false;
	memcpy(number, text, digits);
	number[digits] = '\0';
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (strcmp(text + digits, units[i].unit) != 0)
			continue;
		if (!text_number(number, 0, high / units[i].seconds, &value))
			return false;
		*seconds = (uint32_t)value * units[i].seconds;
		return true;
	}
	return false;
}

unsigned address_bits(int family)
{
	return family == AF_INET ? 32 : 128;
}

void address_mask(struct address *address)
{
	for (unsigned i = 0; i < 16; i++) {
		unsigned keep = address->length > i * 8 ? address->length - i * 8 : 0;

		if (keep < 8)
			address->bytes[i] &= (uint8_t)(0xff00 >> keep);
	}
}

bool address_is_link_local(const struct address *address)
{
	const uint8_t *bytes = address->bytes;

	return address->family == AF_INET6 ? bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80
					   : bytes[0] == 169 && bytes[1] == 254;
}

bool address_is_alone(const struct address *address)
{
	return address->length == address_bits(address->family);
}

static const char *read_length(const char *text, enum address_form form, struct address *address)
{
	uint64_t length = address_bits(address->family);

	if (!text && form == ADDRESS_NETWORK)
		return "has no length, such as /24";
	if (text && form == ADDRESS_BARE)
		return "has a length; the address alone is meant here";
	if (text && !text_number(text, 0, length, &length))
		return address->family == AF_INET ? "has a length that is not 0 to 32"
						  : "has a length that is not 0 to 128";
	address->length = (uint8_t)length;
	return NULL;
}

const char *value_address(const char *text, enum address_form form, struct address *address)
{
	const char *slash = strchr(text, '/');
	size_t length = slash ? (size_t)(slash - text) : strlen(text);
	struct address masked;
	char number[64];
	const char *wrong;

	*address = (struct address){0};
	if (length >= sizeof(number))
		return "is not an address";
	memcpy(number, text, length);
	number[length] = '\0';
	if (inet_pton(AF_INET, number, address->bytes) == 1)
		address->family = AF_INET;
	else if (inet_pton(AF_INET6, number, address->bytes) == 1)
		address->family = AF_INET6;
	else
		return "is not an address";
	wrong = read_length(slash ? slash + 1 : NULL, form, address);
	if (wrong || form != ADDRESS_PREFIX)
		return wrong;
	masked = *address;
	address_mask(&masked);
	return memcmp(&masked, address, sizeof(masked)) ? ADDRESS_HAS_HOST_BITS : NULL;
}

const char *value_mac(const char *text, uint8_t mac[6])
{
	const char *next = text;
	unsigned all = 0;

	for (int i = 0; i < 6; i++) {
		unsigned byte = 0;

		for (int digit = 0; digit < 2; digit++, next++) {
			if (!isxdigit((unsigned char)*next))
				return "is not a MAC address such as 02:00:00:00:00:01";
			byte = byte << 4 | (unsigned)(isdigit((unsigned char)*next)
							      ? *next - '0'
							      : tolower(*next) - 'a' + 10);
		}
		if (*next != (i < 5 ? ':' : '\0'))
			return "is not a MAC address such as 02:00:00:00:00:01";
		next++;
		mac[i] = (uint8_t)byte;
		all |= byte;
	}
	if (mac[0] & 1)
		return "is a group address, which no interface can have";
	return all ? NULL : "is zero, which no interface can have";
}

/*
 * sysctl(8): the first separator decides; where it is a dot, dots separate and a slash stands for
 * a dot in a name (net.ipv4.conf.eth0/100.forwarding), else the other way round.
 */
const char *value_sysctl_path(struct arena *arena, const char *text)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_-./";
	const char *first = strpbrk(text, "./");
	char *path = arena_strdup(arena, text), *part = path;

	if (!first || text[strspn(text, allowed)])
		return NULL;
	for (char *c = path; *first == '.' && (c = strpbrk(c, "./")); c++)
		*c = *c == '.' ? '/' : '.';
	while (part) {
		char *end = strchrnul(part, '/');
		size_t length = (size_t)(end - part);

		/* The path is opened: "." and ".." would lead elsewhere. */
		if (!length || strspn(part, ".") >= length)
			return NULL;
		part = *end ? end + 1 : NULL;
	}
	return path;
}

char **value_words(struct arena *arena, const char *text, size_t *count)
{
	char *copy = arena_strdup(arena, text), *rest;
	char **words = NULL;
	size_t n = 0;

	for (char *word = strtok_r(copy, WORDS_APART, &rest); word;
	     word = strtok_r(NULL, WORDS_APART, &rest))
		*array_push(arena, words, n) = word;
	*count = n;
	*array_push(arena, words, n) = NULL;
	return words;
}
