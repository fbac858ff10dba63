// SPDX-License-Identifier: MIT
// What each kind of operation is called, and when it is carried out.
#include "plan/op.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

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

	say(words, "create %s %s", kinds[op->node->kind], op->node->name);
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
	say(words, " into " BRIDGE_NAME);
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
	if (route->metric)
		say(words, " metric %u", route->metric);
	say_node(words, " to ", op->node);
}

static void describe_run(const struct op *op, struct words *words)
{
	say(words, "run %s", op->command->name);
	say_node(words, " in ", op->node);
	say(words, ": %s", op->command->text);
}

static const struct {
	enum op_phase phase;
	void (*describe)(const struct op *op, struct words *words);
} rows[] = {
	[OP_NODE] = {PHASE_NODES, describe_node},
	[OP_VETH] = {PHASE_WIRING, describe_veth},
	[OP_SYSCTL] = {PHASE_PREPARE, describe_sysctl},
	[OP_BRIDGE] = {PHASE_PREPARE, describe_bridge},
	[OP_ALTNAME] = {PHASE_CONFIGURE, describe_altname},
	[OP_PORT] = {PHASE_CONFIGURE, describe_port},
	[OP_QDISC] = {PHASE_CONFIGURE, describe_qdisc},
	[OP_NO_QDISC] = {PHASE_CONFIGURE, describe_no_qdisc},
	[OP_ADDRESS] = {PHASE_CONFIGURE, describe_address},
	[OP_UP] = {PHASE_CONFIGURE, describe_up},
	[OP_DOWN] = {PHASE_CONFIGURE, describe_down},
	[OP_ROUTE] = {PHASE_CONFIGURE, describe_route},
	[OP_RUN] = {PHASE_START, describe_run},
};

bool sysctl_names_interface(const char *path)
{
	static const char *const tables[] = {"/conf/", "/neigh/"};
	static const char *const always[] = {"all/", "default/", "lo/"};

	if (strncmp(path, "net/", 4) != 0)
		return false;
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		const char *name = strstr(path, tables[i]);
		bool there = false;

		if (!name)
			continue;
		name += strlen(tables[i]);
		for (size_t j = 0; j < sizeof(always) / sizeof(*always); j++)
			there |= strncmp(name, always[j], strlen(always[j])) == 0;
		return !there;
	}
	return false;
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
