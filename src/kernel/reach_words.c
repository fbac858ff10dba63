// SPDX-License-Identifier: MIT
// What came back, or did not, in words.
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "base/arena.h"
#include "kernel/reach.h"

#define ANY_CODE (-1)

static const struct {
	uint8_t family;
	int type, code;
	const char *words;
} icmp_rows[] = {
	{AF_INET, 3, 0, "network unreachable"},
	{AF_INET, 3, 1, "host unreachable"},
	{AF_INET, 3, 2, "protocol unreachable"},
	{AF_INET, 3, 3, "port unreachable"},
	{AF_INET, 3, 4, "packet too big"},
	{AF_INET, 3, 5, "source route failed"},
	{AF_INET, 3, 9, "network administratively prohibited"},
	{AF_INET, 3, 10, "host administratively prohibited"},
	{AF_INET, 3, 13, "administratively prohibited"},
	{AF_INET, 11, 0, "hop limit exceeded"},
	{AF_INET, 11, 1, "fragments did not all arrive"},
	{AF_INET, 12, ANY_CODE, "parameter problem"},
	{AF_INET6, 1, 0, "no route"},
	{AF_INET6, 1, 1, "administratively prohibited"},
	{AF_INET6, 1, 2, "beyond the scope of the source address"},
	{AF_INET6, 1, 3, "address unreachable"},
	{AF_INET6, 1, 4, "port unreachable"},
	{AF_INET6, 1, 5, "source address refused"},
	{AF_INET6, 1, 6, "route rejected"},
	{AF_INET6, 2, ANY_CODE, "packet too big"},
	{AF_INET6, 3, 0, "hop limit exceeded"},
	{AF_INET6, 3, 1, "fragments did not all arrive"},
	{AF_INET6, 4, ANY_CODE, "parameter problem"},
};

static const char *icmp_words(const struct reach *reach, struct arena *arena)
{
	const char *words = NULL;
	char text[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < sizeof(icmp_rows) / sizeof(*icmp_rows) && !words; i++)
		if (icmp_rows[i].family == reach->to.family &&
		    icmp_rows[i].type == reach->icmp_type &&
		    (icmp_rows[i].code == reach->icmp_code || icmp_rows[i].code == ANY_CODE))
			words = icmp_rows[i].words;
	if (!words)
		words = arena_printf(arena, "type %u code %u", reach->icmp_type, reach->icmp_code);
	words = arena_printf(arena, "ICMP%s %s", reach->to.family == AF_INET ? "" : "v6", words);
	if (reach->mtu)
		words = arena_printf(arena, "%s (at most %u bytes)", words, reach->mtu);
	if (reach->icmp_from.family == AF_UNSPEC)
		return words;
	return arena_printf(arena, "%s from %s", words,
			    address_text(&reach->icmp_from, true, text));
}

const char *reach_words(const struct reach *reach, struct arena *arena)
{
	switch (reach->state) {
	case REACH_OPEN: return "not tried";
	case REACH_ANSWERED: return "answered";
	case REACH_REFUSED:
		if (reach->icmp_from.family != AF_UNSPEC)
			return icmp_words(reach, arena);
		return reach->number == ECONNRESET ? "connection reset" : "connection refused";
	case REACH_ICMP: return icmp_words(reach, arena);
	case REACH_LOCAL:
		if (reach->number == EPERM)
			return "a filter of the sender's own refused it";
		return arena_strdup(arena, strerror(reach->number));
	case REACH_SILENT: return "no answer";
	}
	return "";
}
