// SPDX-License-Identifier: MIT
// The addresses under which a node is spoken to: its name's, as /etc/hosts of the lab has them.
#include "test/station.h"

#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "kernel/observe.h"
#include "test/trial.h"
#include "topology/device.h"
#include "topology/values.h"

const struct address *station_address(const struct station *station, int family)
{
	const struct address *address = &station->addresses[family == AF_INET6];

	return address->family ? address : NULL;
}

static bool is_loopback(const struct address *address)
{
	static const uint8_t ipv6[16] = {[15] = 1};

	return address->family == AF_INET ? address->bytes[0] == 127
					  : !memcmp(address->bytes, ipv6, sizeof(ipv6));
}

/* The first of a family that means the same everywhere. */
static void take(struct station *station, const struct address *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct address *mine = &station->addresses[list[i].family == AF_INET6];

		if (!mine->family && !is_loopback(&list[i]) &&
		    (list[i].family == AF_INET || !address_is_link_local(&list[i])))
			*mine = list[i];
	}
}

static void take_from_file(struct station *station)
{
	const struct node *node = station->node;

	for (int turn = 0; turn < 3; turn++)
		for (size_t i = 0; i < node->interface_count; i++)
			if (interface_rank(&node->interfaces[i]) == turn)
				take(station, node->interfaces[i].addresses,
				     node->interfaces[i].address_count);
}

/* What the file does not say, a DHCP client or a command may have done. */
static int take_from_kernel(const struct trial *trial, struct station *station, struct error *err)
{
	struct observed_interface *list;
	size_t count;

	if (trial_enter(trial, station->node, err) < 0 ||
	    observe_interfaces(trial->arena, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		take(station, list[i].addresses, list[i].address_count);
	return 0;
}

struct station *stations_of(const struct trial *trial, const struct party *party, struct error *err)
{
	struct station *stations =
		arena_alloc(trial->arena, (party->count + 1) * sizeof(*stations));

	for (size_t i = 0; i < party->count; i++) {
		stations[i].node = party->nodes[i];
		take_from_file(&stations[i]);
		if (!station_address(&stations[i], AF_INET) &&
		    !station_address(&stations[i], AF_INET6) &&
		    take_from_kernel(trial, &stations[i], err) < 0)
			return NULL;
	}
	return stations;
}

/* The one that the kernel makes of the interface's MAC address (RFC 4291, appendix A). */
static bool is_made_of_mac(const struct interface *interface, const struct address *address)
{
	const uint8_t *mac = interface->mac;
	const uint8_t made[8] = {mac[0] ^ 2, mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5]};

	return address->family == AF_INET6 && address_is_link_local(address) &&
	       !memcmp(made, &address->bytes[8], sizeof(made));
}

bool node_has_address(const struct node *node, const struct address *address)
{
	for (size_t i = 0; i < node->interface_count; i++) {
		if (is_made_of_mac(&node->interfaces[i], address))
			return true;
		for (size_t k = 0; k < node->interfaces[i].address_count; k++) {
			const struct address *mine = &node->interfaces[i].addresses[k];

			if (mine->family == address->family &&
			    !memcmp(mine->bytes, address->bytes, address_bits(mine->family) / 8))
				return true;
		}
	}
	return false;
}
