// SPDX-License-Identifier: MIT
// One hop of a packet: out by an interface, to the neighbour that takes it.
#include "lab/path_hop.h"

#include <netinet/in.h>
#include <string.h>

#include "base/arena.h"
#include "kernel/filter.h"
#include "kernel/neighbour.h"
#include "lab/neighbour_filter.h"
#include "topology/device.h"

#define OWNERS_MOST    16
#define NEIGHBOUR_WAIT 1500 /* ms: one question more than the first, over a slow link */

static bool is_asked_for(const struct packet *packet)
{
	/* These have no neighbours: what is sent into them is sent to their one far end. */
	static const char *const silent[] = {"gre",    "ip6gre",    "ipip", "sit",
					     "ip6tnl", "wireguard", "tun",  "xfrm"};

	for (size_t i = 0; i < sizeof(silent) / sizeof(*silent); i++)
		if (!strcmp(packet->out.interface->kind, silent[i]))
			return false;
	return true;
}

static bool check_out(struct packet *packet)
{
	struct path *path = packet->path;
	const struct observed_interface *out = packet->out.interface;
	const struct interface *file = path_file(packet->out.node, out);
	const char *segment = file && file->segment ? file->segment->name : NULL;
	uint32_t mtu =
		packet->found.mtu && packet->found.mtu < out->mtu ? packet->found.mtu : out->mtu;

	path_last(path)->out = out->name;
	path_last(path)->out_index = out->index;
	path_last(path)->segment = segment;
	if (!out->up)
		return path_stop(path, CAUSE_LINK_DOWN, packet->out.node, "%s is down%s%s",
				 path_title(path, &packet->out), segment ? ": link " : "",
				 segment ? segment : "");
	if (path->size > mtu)
		return path_stop(path, CAUSE_MTU, packet->out.node,
				 "packets of %u bytes do not pass %s%s, whose MTU is %u",
				 path->size, path_title(path, &packet->out),
				 segment ? arena_printf(path->arena, " (link %s)", segment) : "",
				 mtu);
	return true;
}

/* Which of those who have the address the frames would go to: that of the MAC, else the near one.
 */
static const struct path_place *choose_owner(struct packet *packet, const struct path_place *owners,
					     size_t count, const struct neighbour *neighbour)
{
	const struct path_place *near = NULL;
	bool known = neighbour->state == NEIGHBOUR_KNOWN || neighbour->state == NEIGHBOUR_FIXED;

	for (size_t i = 0; i < count; i++) {
		if (owners[i].node == packet->at.node)
			continue;
		if (known && !memcmp(owners[i].interface->mac, neighbour->mac, 6))
			return &owners[i];
		if (!near && path_together(packet->path, &packet->out, &owners[i]))
			near = &owners[i];
	}
	return near;
}

/* Whose MAC is it, if not that of who has the address: a proxy's, or one that is out of date. */
static bool find_mac(struct packet *packet, const uint8_t mac[6], struct path_place *place)
{
	struct path *path = packet->path;

	for (size_t i = 0; i < path->count; i++) {
		struct path_node *node = &path->nodes[i];

		if (node == packet->at.node || node->file->kind != NODE_HOST ||
		    !path_look(path, node))
			continue;
		for (size_t k = 0; k < node->count; k++) {
			*place = (struct path_place){node, &node->list[k]};
			if (!memcmp(node->list[k].mac, mac, 6) && !node->list[k].master &&
			    path_together(path, &packet->out, place))
				return true;
		}
	}
	return false;
}

static const char *protocol_of(const struct packet *packet)
{
	return packet->next.family == AF_INET ? "ARP" : "ND";
}

/* By which route the packet's destination is taken for a neighbour, where it has no gateway. */
static const char *why_near(const struct packet *packet)
{
	return packet->found.gateway.family == AF_UNSPEC && packet->found.text
		       ? arena_printf(packet->path->arena, ", as its route is %s",
				      packet->found.text)
		       : "";
}

/* What is asked gets to who has the address, who does not answer. */
static bool mute(struct packet *packet, const struct path_place *owner)
{
	const struct filter_drop *drop = NULL;
	struct path *path = packet->path;
	const char *text = arena_printf(
		path->arena, "%s asks for %s at %s by %s, and gets no answer from %s",
		packet_node(packet), path_address(path, &packet->next), packet->out.interface->name,
		protocol_of(packet), path_title(path, owner));

	if (owner->interface->silent)
		return path_stop(path, CAUSE_NO_NEIGHBOUR, owner->node,
				 "%s, where that is off (NOARP)", text);
	if (path_enter(path, owner->node))
		drop = neighbour_filter(packet->next.family, path->arena);
	if (drop)
		return path_stop(path, CAUSE_FILTER, owner->node,
				 "%s, a filter of which can drop it: \"%s\" in chain %s", text,
				 drop->rule, drop->chain);
	return path_stop(path, CAUSE_NO_NEIGHBOUR, packet->at.node, "%s", text);
}

/* Nobody has answered: because nobody there has it, or because question or answer got lost. */
static bool unanswered(struct packet *packet, const struct path_place *owner,
		       const struct path_place *anybody)
{
	struct path *path = packet->path;
	const char *next = path_address(path, &packet->next);
	const struct explain_step *step = path_last(path);
	const struct interface *by_file;
	struct path_node *file_node;
	const char *where =
		step->segment ? arena_printf(path->arena, " on segment %s", step->segment) : "";

	if (owner && !path_frame(path, &packet->out, owner->interface->mac, owner))
		return false;
	if (owner)
		return mute(packet, owner);
	if (anybody)
		return path_stop(path, CAUSE_NO_NEIGHBOUR, packet->at.node,
				 "nobody%s answers %s for %s, which %s asks for at %s%s: the "
				 "address is on %s, elsewhere",
				 where, protocol_of(packet), next, packet_node(packet),
				 packet->out.interface->name, why_near(packet),
				 path_title(path, anybody));
	by_file = path_file_owner(path, &packet->next, &file_node);
	if (by_file && !path_look(path, file_node))
		return path_stop(path, CAUSE_NODE, file_node, "node %s is dead",
				 file_node->file->name);
	if (by_file)
		return path_stop(path, CAUSE_NO_ADDRESS, file_node,
				 "nobody%s answers %s for %s, which %s asks for at %s: the file "
				 "gives it to %s:%s, which has not got it",
				 where, protocol_of(packet), next, packet_node(packet),
				 packet->out.interface->name, file_node->file->name, by_file->name);
	return path_stop(
		path, CAUSE_NO_ADDRESS, packet->at.node,
		"nobody%s answers %s for %s, which %s asks for at %s: no node has that address",
		where, protocol_of(packet), next, packet_node(packet), packet->out.interface->name);
}

static void note_neighbour(struct packet *packet, const struct neighbour *neighbour)
{
	static const char *const words[] = {"unknown", "is asked for", "does not answer", "",
					    "set"};
	struct path *path = packet->path;
	char mac[MAC_TEXT_SIZE];
	bool known = neighbour->state == NEIGHBOUR_KNOWN || neighbour->state == NEIGHBOUR_FIXED;

	path_last(path)->neighbour =
		arena_printf(path->arena, "%s %s%s%s", path_address(path, &packet->next),
			     known ? "is at " : words[neighbour->state],
			     known ? mac_text(neighbour->mac, mac) : "",
			     neighbour->state == NEIGHBOUR_FIXED ? ", as somebody has set" : "");
}

/* The frames go to a MAC that who has the address has not: somebody else's, or nobody's. */
static bool misled(struct packet *packet, const struct path_place *owner, const uint8_t mac[6],
		   const struct path_place *by_mac, bool fixed)
{
	struct path *path = packet->path;
	char text[MAC_TEXT_SIZE], own[MAC_TEXT_SIZE];
	const char *whose =
		by_mac ? arena_printf(path->arena, " of %s", path_title(path, by_mac)) : "";

	if (packet->out.interface->silent)
		return path_stop(path, CAUSE_NO_NEIGHBOUR, packet->at.node,
				 "%s does not ask who has %s, as %s is off (NOARP) at its %s",
				 packet_node(packet), path_address(path, &packet->next),
				 protocol_of(packet), packet->out.interface->name);
	if (!owner)
		return path_stop(path, CAUSE_NO_NEIGHBOUR, packet->at.node,
				 "%s sends what is for %s to the MAC %s, which no node of the lab "
				 "has",
				 packet_node(packet), path_address(path, &packet->next),
				 mac_text(mac, text));
	return path_stop(path, CAUSE_NO_NEIGHBOUR, packet->at.node,
			 "%s sends what is for %s to the MAC %s%s%s: %s, which has that address, "
			 "has the MAC %s",
			 packet_node(packet), path_address(path, &packet->next),
			 mac_text(mac, text), whose, fixed ? ", as somebody has set it" : "",
			 path_title(path, owner), mac_text(owner->interface->mac, own));
}

static void note_duplicates(struct packet *packet, const struct path_place *owners, size_t count,
			    const struct path_place *chosen)
{
	struct path *path = packet->path;

	for (size_t i = 0; i < count; i++) {
		const struct path_place *one = &owners[i], *other = chosen;

		if (owners[i].node == packet->at.node || owners[i].node == chosen->node ||
		    !path_together(path, &packet->out, &owners[i]))
			continue;
		if (path_file_gives(path_file(one->node, one->interface),
				    &packet->next)) { /* name first whose it is not */
			one = chosen;
			other = &owners[i];
		}
		path->way->duplicate =
			arena_printf(path->arena,
				     "%s has the address %s, which %s in its segment has too; "
				     "packets for it go to %s",
				     path_title(path, one), path_address(path, &packet->next),
				     path_title(path, other), chosen->node->file->name);
		path->way->duplicate_node = one->node->file->name;
	}
}

/* To the next hop on a segment that has neighbours. */
static bool hand_over(struct packet *packet, struct path_place *next)
{
	struct path *path = packet->path;
	struct path_place owners[OWNERS_MOST], by_mac;
	size_t count = path_owners(path, &packet->next, owners, OWNERS_MOST);
	struct neighbour neighbour;
	const struct path_place *owner;

	count = count < OWNERS_MOST ? count : OWNERS_MOST;
	if (!path_enter(path, packet->at.node) ||
	    neighbour_resolve(packet->out.interface->index, &packet->next, NEIGHBOUR_WAIT,
			      &neighbour) < 0)
		return path_stop(path, CAUSE_UNKNOWN, packet->at.node,
				 "%s cannot say who is its neighbour", packet_node(packet));
	note_neighbour(packet, &neighbour);
	owner = choose_owner(packet, owners, count, &neighbour);
	if (neighbour.state != NEIGHBOUR_KNOWN && neighbour.state != NEIGHBOUR_FIXED)
		return unanswered(packet, owner, count ? &owners[0] : NULL);
	if (!owner || memcmp(owner->interface->mac, neighbour.mac, 6) != 0) {
		bool found = find_mac(packet, neighbour.mac, &by_mac);
		bool fixed = neighbour.state == NEIGHBOUR_FIXED;

		if (!found || (owner && fixed))
			return misled(packet, owner, neighbour.mac, found ? &by_mac : NULL, fixed);
		owner = &by_mac; /* a proxy */
	}
	note_duplicates(packet, owners, count, owner);
	*next = *owner;
	return path_frame(path, &packet->out, neighbour.mac, owner);
}

/* Into a tunnel: it comes out where the address that it is sent to is. */
static bool tunnel(struct packet *packet, struct path_place *next)
{
	struct path *path = packet->path;
	struct path_place owners[OWNERS_MOST];
	const struct interface *file = path_file(packet->out.node, packet->out.interface);
	struct device *device = file ? file->device : NULL;
	struct path_node *far = NULL;
	size_t count = 0;

	path_last(path)->remark = "goes into a tunnel";
	if (device && device->remote_count == 1)
		count = path_owners(path, &device->remotes[0].address, owners, OWNERS_MOST);
	if (count)
		far = owners[0].node;
	for (size_t i = 0; device && i < device->peer_count && !far; i++)
		for (size_t k = 0; k < device->peers[i].allowed_count && !far; k++)
			if (address_in(&packet->to, &device->peers[i].allowed[k]) &&
			    device->peers[i].interface)
				far = path_node_of(path, device->peers[i].interface->node);
	if (!far || !path_look(path, far))
		return path_stop(path, CAUSE_UNKNOWN, packet->at.node,
				 "%s is a tunnel, and nslab does not know who is at its far end",
				 path_title(path, &packet->out));
	for (size_t i = 0; i < far->count; i++)
		if (!strcmp(far->list[i].kind, packet->out.interface->kind)) {
			*next = (struct path_place){far, &far->list[i]};
			return true;
		}
	return path_stop(path, CAUSE_UNKNOWN, far, "%s has no far end of the tunnel %s",
			 far->file->name, path_title(path, &packet->out));
}

bool path_hop(struct packet *packet, struct path_place *next)
{
	if (!check_out(packet))
		return false;
	return is_asked_for(packet) ? hand_over(packet, next) : tunnel(packet, next);
}
