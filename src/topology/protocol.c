// SPDX-License-Identifier: MIT
// Who makes routes: names of the kernel's RTPROT_... numbers, as ip(8) has them.
#include "topology/protocol.h"

#include <linux/rtnetlink.h>
#include <string.h>

static const struct {
	const char *name;
	uint32_t number;
} protocols[] = {
	{"redirect", RTPROT_REDIRECT}, {"kernel", RTPROT_KERNEL},
	{"boot", RTPROT_BOOT},	       {"static", RTPROT_STATIC},
	{"gated", RTPROT_GATED},       {"ra", RTPROT_RA},
	{"mrt", RTPROT_MRT},	       {"zebra", RTPROT_ZEBRA},
	{"bird", RTPROT_BIRD},	       {"dnrouted", RTPROT_DNROUTED},
	{"xorp", RTPROT_XORP},	       {"ntk", RTPROT_NTK},
	{"dhcp", RTPROT_DHCP},	       {"keepalived", 18},
	{"babel", RTPROT_BABEL},       {"openr", 99},
	{"bgp", RTPROT_BGP},	       {"isis", RTPROT_ISIS},
	{"ospf", RTPROT_OSPF},	       {"rip", RTPROT_RIP},
	{"eigrp", RTPROT_EIGRP},
};

#define COUNT (sizeof(protocols) / sizeof(*protocols))

bool protocol_number(const char *name, uint32_t *number)
{
	for (size_t i = 0; i < COUNT; i++)
		if (!strcmp(protocols[i].name, name)) {
			*number = protocols[i].number;
			return true;
		}
	return false;
}

const char *protocol_name(uint32_t number)
{
	for (size_t i = 0; i < COUNT; i++)
		if (protocols[i].number == number)
			return protocols[i].name;
	return NULL;
}

const char *protocol_name_at(size_t place)
{
	return place < COUNT ? protocols[place].name : NULL;
}
