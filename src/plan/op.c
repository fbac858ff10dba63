// SPDX-License-Identifier: MIT
// What each kind of operation is called, and when it is carried out.
#include "plan/op.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "plan/attribute.h"
#include "topology/device.h"
#include "topology/srv6.h"
#include "topology/start.h"
#include "topology/sysctl.h"
#include "topology/impairment.h"

/* Text that grows in a buffer of OP_TEXT_SIZE and ends in "..." where it does not fit. */
struct words {
	char *text;
	size_t used;
	bool inside; /* said in the node: its own name is left out */
};

static void __attribute__((format(printf, 2, 3))) say(struct words *words, const char *format, ...)
{
	size_t left = OP_TEXT_SIZE - words->used;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(words->text + words->used, left, format, args);
	va_end(args);
	if (n < 0)
		return;
	if ((size_t)n < left) {
		words->used += (size_t)n;
		return;
	}
	words->used = OP_TEXT_SIZE - 1;
	memcpy(words->text + OP_TEXT_SIZE - 4, "...", 4);
}

static void say_node(struct words *words, const char *before, const struct node *node)
{
	if (!words->inside)
		say(words, "%s%s", before, node->name);
}

static void say_interface(struct words *words, const struct interface *interface)
{
	if (!words->inside)
		say(words, "%s:", interface->node->name);
	say(words, "%s", interface->name);
}

static void describe_node(const struct op *op, struct words *words)
{
	static const char *const kinds[] = {[NODE_HOST] = "node",
					    [NODE_SWITCH] = "switch",
					    [NODE_STUBS] = "the far ends of stubs,"};
	const struct limits *limits = &op->node->limits;

	say(words, "create %s %s", kinds[op->node->kind], op->node->name);
	if (limits->memory)
		say(words, ", memory at most %" PRIu64 " KiB", limits->memory >> 10);
	if (limits->cpus)
		say(words, ", processors at most %g", limits->cpus / 1000.0);
	if (limits->pids)
		say(words, ", processes at most %u", limits->pids);
}

static void describe_private(const struct op *op, struct words *words)
{
	say(words, "make %s private", op->path);
	say_node(words, " to ", op->node);
}

static void describe_files(const struct op *op, struct words *words)
{
	say(words, "lay the files of %s over /", op->path);
	say_node(words, " of ", op->node);
}

/* Both ends are always named with their nodes: a cable belongs to neither. */
static void describe_veth(const struct op *op, struct words *words)
{
	const struct interface *a = op->veth.ends[0], *b = op->veth.ends[1];

	say(words, "create link %s (%s:%s - %s:%s)", a->segment ? a->segment->name : "",
	    a->node->name, a->name, b->node->name, b->name);
}

static void describe_sysctl(const struct op *op, struct words *words)
{
	say(words, "set %s to %s", op->sysctl.path, op->sysctl.value);
	say_node(words, " in ", op->node);
}

static void describe_bridge(const struct op *op, struct words *words)
{
	say(words, "create bridge " BRIDGE_NAME);
	say_node(words, " in ", op->node);
}

static void describe_forward(const struct op *op, struct words *words)
{
	say(words, "set " BRIDGE_NAME);
	say_node(words, " of ", op->node);
	say(words, " up");
}

static void describe_altname(const struct op *op, struct words *words)
{
	say(words, "name ");
	say_interface(words, op->interface);
	say(words, " also %s", op->interface->long_name);
}

static void describe_port(const struct op *op, struct words *words)
{
	say(words, "plug ");
	say_interface(words, op->interface);
	say(words, " into %s", master_name(op->interface));
}

/* "create vxlan vx10: id 10, remote 10.0.0.2" */
static void describe_device(const struct op *op, struct words *words)
{
	const struct device *device = op->interface->device;
	struct attributes attributes;
	const char *comma = ": ";

	say(words, "create %s ", device_rows[device->kind].word);
	say_interface(words, op->interface);
	if (device_rows[device->kind].traits & DEVICE_SITS)
		say(words, " on %s", device->lower[0]->name);
	if (device->kind == DEVICE_BRIDGE)
		return;
	device_attributes(device, &attributes);
	for (size_t i = 0; i < attributes.count; i++) {
		const struct attribute *attribute = &attributes.list[i];

		if (!attribute->word)
			continue;
		say(words, "%s%s%s%s", comma, attribute->word, *attribute->text ? " " : "",
		    attribute->text);
		comma = ", ";
	}
}

static void say_vlans(struct words *words, const struct port *port)
{
	say(words, " vlan");
	if (port->native)
		say(words, " %u untagged", port->native);
	for (size_t i = 0; i < port->tagged_count; i++) {
		const struct vlan_range *range = &port->tagged[i];

		if (range->first == range->last)
			say(words, " %u", range->first);
		else
			say(words, " %u-%u", range->first, range->last);
	}
}

static void describe_setting(const struct op *op, struct words *words)
{
	const struct port *port = op->interface->port;

	say(words, "set port ");
	say_interface(words, op->interface);
	if (op->node->bridge.vlans)
		say_vlans(words, port);
	if (port->cost)
		say(words, " cost %u", port->cost);
	if (port->priority != PORT_PRIORITY)
		say(words, " priority %u", port->priority);
	if (port->isolated)
		say(words, " isolated");
	if (port->suppress)
		say(words, " neigh-suppress");
	if (op->node->bridge.groups)
		say(words, " group_fwd_mask 0x%x", op->node->bridge.groups);
}

static void describe_flood(const struct op *op, struct words *words)
{
	char text[ADDRESS_TEXT_SIZE];

	say(words, "add far end %s to ", address_text(op->flood.remote, true, text));
	say_interface(words, op->flood.interface);
}

static void describe_key(const struct op *op, struct words *words)
{
	say(words, "make a key for ");
	say_interface(words, op->interface);
	say(words, ", on port %u", op->interface->device->port);
}

static void describe_peer(const struct op *op, struct words *words)
{
	const struct peer *peer = op->peer.peer;
	char text[ADDRESS_TEXT_SIZE];

	say(words, "add peer %s:%s", peer->interface->node->name, peer->interface->name);
	if (peer->endpoint.family)
		say(words, " at %s", address_text(&peer->endpoint, true, text));
	say(words, " to ");
	say_interface(words, op->peer.interface);
	for (size_t i = 0; i < peer->allowed_count; i++)
		say(words, "%s%s", i ? ", " : ": ", address_text(&peer->allowed[i], false, text));
}

static void say_labels(struct words *words, const uint32_t *labels, size_t count)
{
	for (size_t i = 0; i < count; i++)
		say(words, "%s%u", i ? "/" : "", labels[i]);
}

/* " segments fd00:a::e fd00:2::d4 mode inline" */
static void say_path(struct words *words, const struct srv6_path *path)
{
	char text[ADDRESS_TEXT_SIZE];

	say(words, " segments");
	for (size_t i = 0; i < path->count; i++)
		say(words, " %s", address_text(&path->segments[i], true, text));
	if (path->mode != SRV6_ENCAP)
		say(words, " mode %s", srv6_modes[path->mode]);
}

/* "set delay=40ms loss=1% on r1:eth1 (link core)" */
static void describe_qdisc(const struct op *op, struct words *words)
{
	struct impairment part = qdisc_part(op->qdisc.impairment, op->qdisc.kind);
	const struct segment *segment = op->qdisc.interface->segment;
	char text[IMPAIRMENT_TEXT_SIZE];

	say(words, "set %s on ", impairment_text(&part, text));
	say_interface(words, op->qdisc.interface);
	if (segment && segment->kind == SEGMENT_LINK)
		say(words, " (link %s)", segment->name);
}

static void describe_no_qdisc(const struct op *op, struct words *words)
{
	say(words, op->qdisc.kind == QDISC_NETEM_TBF ? "take the rate from "
						     : "take delay, loss and rate from ");
	say_interface(words, op->qdisc.interface);
}

static void describe_down(const struct op *op, struct words *words)
{
	say(words, "set ");
	say_interface(words, op->interface);
	say(words, " down");
}

static void describe_address(const struct op *op, struct words *words)
{
	char text[ADDRESS_TEXT_SIZE];

	say(words, "add address %s to ", address_text(op->address.address, false, text));
	say_interface(words, op->address.interface);
}

static void describe_up(const struct op *op, struct words *words)
{
	say(words, "set ");
	say_interface(words, op->interface);
	say(words, " up");
}

static void say_hop(struct words *words, const struct next_hop *hop)
{
	char text[ADDRESS_TEXT_SIZE];

	if (hop->via.family)
		say(words, " via %s", address_text(&hop->via, true, text));
	if (hop->interface)
		say(words, " dev %s", hop->interface->name);
}

static void describe_route(const struct op *op, struct words *words)
{
	const struct route *route = op->route;
	char text[ADDRESS_TEXT_SIZE];

	say(words, "add route %s",
	    route->destination.length ? address_text(&route->destination, false, text) : "default");
	if (route->type != ROUTE_UNICAST)
		say(words, " %s", route_type_name(route->type));
	for (size_t i = 0; i < route->hop_count; i++) {
		say(words, "%s", i ? " and" : "");
		say_hop(words, &route->hops[i]);
	}
	if (route->label_count)
		say(words, " label ");
	say_labels(words, route->labels, route->label_count);
	if (route->path)
		say_path(words, route->path);
	if (route->vrf)
		say(words, " vrf %s", route->vrf->name);
	if (route->metric)
		say(words, " metric %u", route->metric);
	say_node(words, " to ", op->node);
}

static void describe_label(const struct op *op, struct words *words)
{
	const struct label_route *route = op->label;

	say(words, "add route of label %u", route->label);
	say_hop(words, &route->hop);
	say(words, route->out_count ? " swap " : " pop");
	say_labels(words, route->out, route->out_count);
	say_node(words, " to ", op->node);
}

/* "add segment fd00:2::d4 end.dt4 vrf red1 dev red1 to pe2" */
static void describe_sid(const struct op *op, struct words *words)
{
	const struct sid *sid = op->sid;
	char text[ADDRESS_TEXT_SIZE];

	say(words, "add segment %s %s",
	    address_text(&sid->address, sid->address.length == 128, text),
	    sid_rows[sid->action].word);
	if (sid->via.family)
		say(words, " via %s", address_text(&sid->via, true, text));
	if (sid->vrf)
		say(words, " vrf %s", sid->vrf->name);
	if (sid->table)
		say(words, " table %u", sid->table);
	if (sid->oif)
		say(words, " oif %s", sid->oif->name);
	if (sid->path.count)
		say_path(words, &sid->path);
	say(words, " dev %s", sid->interface->name);
	say_node(words, " to ", op->node);
}

static void describe_run(const struct op *op, struct words *words)
{
	say(words, "run %s", op->command->name);
	say_node(words, " in ", op->node);
	say(words, ": %s", op->command->text);
}

static void describe_config(const struct op *op, struct words *words)
{
	say(words, "write %s", op->config->path);
	say_node(words, " in ", op->node);
	if (op->config->source)
		say(words, " from %s", op->config->source);
}

static void describe_await(const struct op *op, struct words *words)
{
	say(words, "wait for %s", op->after->node->name);
	say_node(words, " in ", op->node);
}

static void describe_script(const struct op *op, struct words *words)
{
	say(words, "run %s", op->command->key);
	say_node(words, " in ", op->node);
	say(words, ": %s", op->command->text);
}

static void describe_service(const struct op *op, struct words *words)
{
	const struct command *service = op->command;
	char text[READY_TEXT_SIZE];

	say(words, "start %s", service->name);
	say_node(words, " in ", op->node);
	say(words, ": %s", service->text);
	if (*ready_text(&service->ready, text))
		say(words, "; ready: %s", text);
	if (service->restart != RESTART_NO)
		say(words, "; restart: %s", restart_word(service->restart));
}

static const struct {
	enum op_phase phase;
	void (*describe)(const struct op *op, struct words *words);
} rows[] = {
	[OP_NODE] = {PHASE_NODES, describe_node},
	[OP_PRIVATE] = {PHASE_FILES, describe_private},
	[OP_FILES] = {PHASE_FILES, describe_files},
	[OP_VETH] = {PHASE_WIRING, describe_veth},
	[OP_SYSCTL] = {PHASE_PREPARE, describe_sysctl},
	[OP_BRIDGE] = {PHASE_PREPARE, describe_bridge},
	[OP_ALTNAME] = {PHASE_CONFIGURE, describe_altname},
	[OP_DEVICE] = {PHASE_CONFIGURE, describe_device},
	[OP_PORT] = {PHASE_CONFIGURE, describe_port},
	[OP_SETTING] = {PHASE_CONFIGURE, describe_setting},
	[OP_FLOOD] = {PHASE_CONFIGURE, describe_flood},
	[OP_KEY] = {PHASE_PREPARE, describe_key},
	[OP_PEER] = {PHASE_CONFIGURE, describe_peer},
	[OP_QDISC] = {PHASE_CONFIGURE, describe_qdisc},
	[OP_NO_QDISC] = {PHASE_CONFIGURE, describe_no_qdisc},
	[OP_ADDRESS] = {PHASE_CONFIGURE, describe_address},
	[OP_UP] = {PHASE_CONFIGURE, describe_up},
	[OP_DOWN] = {PHASE_CONFIGURE, describe_down},
	[OP_FORWARD] = {PHASE_FORWARD, describe_forward},
	[OP_ROUTE] = {PHASE_CONFIGURE, describe_route},
	[OP_LABEL] = {PHASE_CONFIGURE, describe_label},
	[OP_SID] = {PHASE_CONFIGURE, describe_sid},
	[OP_CONFIG] = {PHASE_START, describe_config},
	[OP_AWAIT] = {PHASE_START, describe_await},
	[OP_RUN] = {PHASE_START, describe_run},
	[OP_SCRIPT] = {PHASE_START, describe_script},
	[OP_SERVICE] = {PHASE_START, describe_service},
};

const char *master_name(const struct interface *interface)
{
	return interface->master ? interface->master->name : BRIDGE_NAME;
}

uint32_t master_index(const struct interface *interface)
{
	return interface->master ? interface->master->index : interface->node->bridge.index;
}

bool device_is_opened(const struct interface *interface)
{
	return device_is(interface, DEVICE_TUN) || device_is(interface, DEVICE_TAP);
}

bool address_has_broadcast(const struct address *address, const struct interface *interface)
{
	return address->family == AF_INET && address->length < 31 &&
	       interface->kind != INTERFACE_LOOPBACK;
}

enum op_phase op_phase(const struct op *op)
{
	if (op->kind == OP_SYSCTL && sysctl_names_interface(op->sysctl.path))
		return PHASE_CONFIGURE;
	/* Its key is made at once, for the peers to know before they are configured. */
	if (op->kind == OP_DEVICE && device_is(op->interface, DEVICE_WIREGUARD))
		return PHASE_PREPARE;
	return rows[op->kind].phase;
}

const char *route_type_name(enum route_type type)
{
	static const char *const names[] = {[ROUTE_UNICAST] = "unicast",
					    [ROUTE_BLACKHOLE] = "blackhole",
					    [ROUTE_UNREACHABLE] = "unreachable",
					    [ROUTE_PROHIBIT] = "prohibit"};

	return names[type];
}

static const char *text_of(const struct op *op, bool inside, char *buffer)
{
	struct words words = {.text = buffer, .inside = inside};

	buffer[0] = '\0';
	rows[op->kind].describe(op, &words);
	for (char *c = buffer; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' '; /* one line, whatever the file has in a command or a value */
	return buffer;
}

const char *op_text(const struct op *op, char buffer[OP_TEXT_SIZE])
{
	return text_of(op, false, buffer);
}

const char *op_text_inside(const struct op *op, char buffer[OP_TEXT_SIZE])
{
	return text_of(op, true, buffer);
}
