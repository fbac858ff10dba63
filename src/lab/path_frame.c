// SPDX-License-Identifier: MIT
// Frames across cables and switches: which port, which VLAN, and what stops them.
#include <string.h>

#include "base/arena.h"
#include "kernel/port_state.h"
#include "lab/path_ends.h"
#include "topology/device.h"

#define SWITCHES_MOST 64 /* that a frame is followed through */
#define LEEWAY	      4	 /* bytes that the kernel lets pass beyond an MTU: a VLAN's tag */

/* A frame under way. */
struct frame {
	struct path *path;
	const uint8_t *mac; /* of whom it is for; NULL: not known */
	struct path_place to;
	struct path_place at; /* the interface that it is at */
	uint16_t tag;	      /* the VLAN that it carries; 0: none */
	unsigned switches;    /* so many of them were passed */
};

static bool is_kind(const struct observed_interface *interface, const char *kind)
{
	return !strcmp(interface->kind, kind);
}

/* --- cables ----------------------------------------------------------------------------------- */

static bool is_lossy(const struct observed_interface *interface)
{
	const struct loss *loss = &interface->impairment.loss;

	return loss->model == LOSS_RANDOM && loss->parameters[0] >= UINT32_MAX / 100 * 99;
}

static bool down(struct frame *frame, const struct interface *file, const struct path_place *end)
{
	return path_stop(frame->path, CAUSE_LINK_DOWN, frame->at.node, "%s is cut: %s is down",
			 path_cable_title(frame->path, file), path_title(frame->path, end));
}

static bool too_large(struct frame *frame, const struct path_place *end)
{
	return path_stop(frame->path, CAUSE_MTU, end->node,
			 "packets of %u bytes are too large for %s, whose MTU is %u, and are lost "
			 "without a word",
			 frame->path->size, path_title(frame->path, end), end->interface->mtu);
}

/* To the end of a tunnel that is on the way. */
static bool cross_tunnel(struct frame *frame, const struct interface *file)
{
	struct path *path = frame->path;
	struct path_place ends[FAR_ENDS_MOST];
	size_t count = file ? path_far_ends(path, file, ends) : 0;

	for (size_t i = 0; i < count; i++) {
		bool *seen = arena_alloc(path->arena, path->count + 2);

		seen[frame->at.node->file->number] = true;
		if (!path_leads_on(path, &ends[i], &frame->to, seen))
			continue;
		path_last(path)->out = frame->at.interface->name;
		path_last(path)->out_index = frame->at.interface->index;
		path_last(path)->remark = arena_printf(path->arena, "goes into a tunnel to %s",
						       ends[i].node->file->name);
		frame->at = ends[i];
		return true;
	}
	return path_stop(path, CAUSE_UNKNOWN, frame->at.node,
			 "nslab does not know where what %s sends comes out",
			 path_title(path, &frame->at));
}

/* To the other end of the cable. */
static bool cross(struct frame *frame)
{
	struct path *path = frame->path;
	const struct interface *file = path_file(frame->at.node, frame->at.interface);
	struct path_place end = {0};

	if (!file || !file->peer)
		return cross_tunnel(frame, file);
	path_last(path)->out = frame->at.interface->name;
	path_last(path)->out_index = frame->at.interface->index;
	path_last(path)->segment = file->segment ? file->segment->name : NULL;
	if (!frame->at.interface->up)
		return down(frame, file, &frame->at);
	end.node = path_node_of(path, file->peer->node);
	if (!end.node)
		return path_stop(path, CAUSE_NO_NEIGHBOUR, frame->at.node,
				 "%s is on a stub: nobody is at its far end",
				 path_title(path, &frame->at));
	if (!path_look(path, end.node))
		return path_stop(path, CAUSE_NODE, end.node, "node %s is dead",
				 end.node->file->name);
	end.interface = path_observed(end.node, file->peer);
	if (!end.interface)
		return path_stop(path, CAUSE_LINK_DOWN, end.node, "%s:%s is gone",
				 end.node->file->name, file->peer->name);
	if (!end.interface->up)
		return down(frame, file, &end);
	if (is_lossy(frame->at.interface))
		return path_stop(path, CAUSE_LOSS, frame->at.node, "%s loses all that %s sends",
				 path_cable_title(path, file), path_title(path, &frame->at));
	if (path->size > frame->at.interface->mtu + LEEWAY)
		return too_large(frame, &frame->at);
	if (path->size > end.interface->mtu + LEEWAY)
		return too_large(frame, &end);
	frame->at = end;
	return true;
}

/* --- switches --------------------------------------------------------------------------------- */

static bool vlan_has(const struct vlan_set *set, uint16_t vlan)
{
	return set && (set->members[vlan / 32] >> (vlan % 32) & 1);
}

/* The VLANs of a port in words. */
static const char *vlan_text(const struct path *path, const struct vlan_set *set)
{
	const char *text = "";
	unsigned shown = 0;

	for (uint16_t vlan = 1; set && vlan <= VLAN_LAST && shown < 8; vlan++)
		if (vlan_has(set, vlan)) {
			text = arena_printf(path->arena, "%s%s%u%s", text, shown ? ", " : "", vlan,
					    vlan == set->native ? " untagged" : " tagged");
			shown++;
		}
	return shown ? text : "none";
}

static const struct observed_interface *port_towards(struct frame *frame,
						     const struct observed_interface *bridge,
						     const struct observed_interface *in)
{
	struct path_node *node = frame->at.node;
	bool *seen = arena_alloc(frame->path->arena, frame->path->count + 2);

	seen[node->file->number] = true;
	for (size_t i = 0; i < node->file->interface_count; i++) {
		const struct interface *file = &node->file->interfaces[i];
		const struct observed_interface *port = path_observed(node, file);

		if (port && port != in && port->master == bridge->index &&
		    path_leads(frame->path, file, &frame->to, seen))
			return port;
	}
	return NULL;
}

/* May a frame of that VLAN pass the port? */
static bool admits(struct frame *frame, const struct observed_interface *port, uint16_t vlan,
		   const char *direction)
{
	struct path_place place = {frame->at.node, port};
	struct port_state state;

	if (!path_enter(frame->path, frame->at.node) || port_state(port->index, &state) < 0)
		return path_stop(frame->path, CAUSE_NODE, frame->at.node, "node %s is dead",
				 frame->at.node->file->name);
	/* One without a carrier is disabled for that: its cable tells more. */
	if (state.found && state.state != PORT_FORWARDING && port->carrier)
		return path_stop(frame->path, CAUSE_PORT_BLOCKED, frame->at.node, "port %s is %s",
				 path_title(frame->path, &place), port_state_word(state.state));
	if (vlan && !vlan_has(port->vlans, vlan))
		return path_stop(frame->path, CAUSE_VLAN, frame->at.node,
				 "port %s is not in VLAN %u, %s (it is in: %s)",
				 path_title(frame->path, &place), vlan, direction,
				 vlan_text(frame->path, port->vlans));
	return true;
}

/* The VLAN of a frame that comes in by a port. */
static bool classify(struct frame *frame, const struct observed_interface *in, uint16_t *vlan)
{
	struct path_place place = {frame->at.node, in};

	*vlan = frame->tag;
	if (*vlan || !in)
		return true;
	*vlan = in->vlans ? in->vlans->native : 0;
	return *vlan ||
	       path_stop(frame->path, CAUSE_VLAN, frame->at.node,
			 "port %s has no VLAN for untagged frames (it is in: %s)",
			 path_title(frame->path, &place), vlan_text(frame->path, in->vlans));
}

/* The port that the frame leaves by, and the words for why. */
static const struct observed_interface *choose_port(struct frame *frame,
						    const struct observed_interface *bridge,
						    const struct observed_interface *in,
						    uint16_t vlan)
{
	struct explain_step *step = path_last(frame->path);
	const struct observed_interface *port = NULL;
	char mac[MAC_TEXT_SIZE];
	uint32_t learnt = 0;

	if (frame->mac && path_enter(frame->path, frame->at.node) &&
	    bridge_learnt(bridge->index, frame->mac, vlan, &learnt) == 0 && learnt)
		port = path_interface(frame->at.node, learnt);
	if (port && port != bridge) {
		step->bridge = arena_printf(
			frame->path->arena, "%s learnt at %s%s", mac_text(frame->mac, mac),
			port->name,
			vlan ? arena_printf(frame->path->arena, " in VLAN %u", vlan) : "");
		return port;
	}
	port = port_towards(frame, bridge, in);
	if (port)
		step->bridge = arena_printf(
			frame->path->arena, "not learnt, flooded%s",
			vlan ? arena_printf(frame->path->arena, " in VLAN %u", vlan) : "");
	return port;
}

/* Isolated ports speak only to those that are not. The bridge's node has been entered. */
static bool are_isolated(const struct observed_interface *in, const struct observed_interface *out)
{
	struct port_state a, b;

	return port_state(in->index, &a) == 0 && port_state(out->index, &b) == 0 && a.isolated &&
	       b.isolated;
}

/* Through the bridge whose port `in` (NULL: the node itself sends) the frame is at. */
static bool forward(struct frame *frame, const struct observed_interface *bridge,
		    const struct observed_interface *in)
{
	struct path *path = frame->path;
	const struct observed_interface *out;
	struct bridge_state state = {0};
	uint16_t vlan = 0;

	if (++frame->switches > SWITCHES_MOST)
		return path_stop(path, CAUSE_LOOP, frame->at.node, "frames circle among switches");
	if (path_enter(path, frame->at.node))
		bridge_state(bridge->index, &state);
	if (!bridge->up)
		return path_stop(path, CAUSE_LINK_DOWN, frame->at.node, "%s of %s is down",
				 bridge->name, frame->at.node->file->name);
	if (state.filtering && !classify(frame, in, &vlan))
		return false;
	if (in && !admits(frame, in, vlan, "in which the frame comes"))
		return false;
	out = choose_port(frame, bridge, in, vlan);
	if (!out)
		return path_stop(path, CAUSE_NO_NEIGHBOUR, frame->at.node,
				 "no port of %s leads to %s", frame->at.node->file->name,
				 path_title(path, &frame->to));
	if (in && are_isolated(in, out))
		return path_stop(path, CAUSE_PORT_BLOCKED, frame->at.node,
				 "ports %s and %s of %s are isolated from each other", in->name,
				 out->name, frame->at.node->file->name);
	if (!admits(frame, out, vlan,
		    arena_printf(path->arena, "in which frames for %s are",
				 path_title(path, &frame->to))))
		return false;
	frame->tag = vlan && out->vlans && vlan != out->vlans->native ? vlan : 0;
	frame->at.interface = out;
	return true;
}

/* --- up from the cable ------------------------------------------------------------------------ */

/* The device that takes what arrives at the interface, NULL for the interface itself. */
static const struct observed_interface *upper_of(const struct frame *frame)
{
	struct path_node *node = frame->at.node;

	for (size_t i = 0; i < node->file->device_count; i++) {
		const struct interface *file = node->file->devices[i];
		const struct observed_interface *view = path_observed(node, file);

		if (!view || device_has(file, DEVICE_TUNNEL) || !file->device->lower_count ||
		    path_lower(node, file->device) != frame->at.interface)
			continue;
		if (device_is(file, DEVICE_VLAN)
			    ? file->device->id == frame->tag && frame->tag
			    : device_has(file, DEVICE_SITS) && view == frame->to.interface)
			return view;
	}
	return NULL;
}

/* The frame has come to an interface that takes it, and is not the one that it is for. */
static void mistaken(struct frame *frame)
{
	struct path *path = frame->path;
	const struct interface *file = frame->at.node == frame->to.node
					       ? path_file(frame->to.node, frame->to.interface)
					       : NULL;
	const char *to = path_title(path, &frame->to), *at = path_title(path, &frame->at);

	if (frame->tag)
		path_stop(path, CAUSE_VLAN, frame->at.node,
			  "frames for %s come to %s with the tag of VLAN %u, which has no "
			  "interface there",
			  to, at, frame->tag);
	else if (file && device_is(file, DEVICE_VLAN))
		path_stop(path, CAUSE_VLAN, frame->at.node,
			  "frames for %s come to %s without the tag of VLAN %u", to, at,
			  file->device->id);
	else
		path_stop(path, CAUSE_NO_NEIGHBOUR, frame->at.node, "frames for %s come to %s", to,
			  at);
}

/* What the node makes of the frame. True: it is done, one way or the other: see *arrived. */
static bool take_in(struct frame *frame, bool *arrived)
{
	const struct observed_interface *master, *upper;

	for (;;) {
		master = frame->at.interface->master
				 ? path_interface(frame->at.node, frame->at.interface->master)
				 : NULL;
		if (frame->at.node == frame->to.node &&
		    (frame->at.interface == frame->to.interface || master == frame->to.interface)) {
			*arrived = true;
			return true;
		}
		if (master && is_kind(master, "bridge")) {
			path_step(frame->path, frame->at.node, frame->at.interface);
			*arrived = false;
			return !forward(frame, master, frame->at.interface);
		}
		upper = master && is_kind(master, "bond") ? master : upper_of(frame);
		if (!upper)
			break;
		if (upper != master && frame->tag)
			frame->tag = 0;
		frame->at.interface = upper;
	}
	*arrived = false;
	path_step(frame->path, frame->at.node, frame->at.interface);
	mistaken(frame);
	return true;
}

bool path_frame(struct path *path, const struct path_place *from, const uint8_t *mac,
		const struct path_place *to)
{
	struct frame frame = {.path = path, .mac = mac, .to = *to, .at = *from};
	bool arrived = false;

	while (path_descend(frame.at.node, &frame.at.interface, &frame.tag))
		;
	if (is_kind(frame.at.interface, "bridge") && !forward(&frame, frame.at.interface, NULL))
		return false;
	do
		if (!cross(&frame))
			return false;
	while (!take_in(&frame, &arrived));
	return arrived;
}
