// SPDX-License-Identifier: MIT
// A plan as a commented shell script of ip, tc and sysctl commands.
#include "plan/plan.h"

#include <string.h>
#include <sys/socket.h>

#include "plan/bridge.h"
#include "plan/script.h"

/* Text of the file in a comment: nothing in it may end the line. */
static void comment(const char *text, FILE *out)
{
	for (; *text; text++)
		fputc((unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text, out);
}

/* One word for the shell, whatever is in it. */
static void word(const char *text, FILE *out)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_-./:@%+,";

	if (*text && strspn(text, plain) == strlen(text)) {
		fputs(text, out);
		return;
	}
	fputc('\'', out);
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", out);
		else
			fputc(*text, out);
	}
	fputc('\'', out);
}

/* "ip -n r1 ": in the network namespace of the operation's node. */
static void ip(const struct op *op, FILE *out)
{
	fputs("ip -n ", out);
	word(op->node->name, out);
	fputc(' ', out);
}

static void in_node(const struct op *op, FILE *out)
{
	fputs("ip netns exec ", out);
	word(op->node->name, out);
	fputc(' ', out);
}

static void script_node(const struct op *op, FILE *out)
{
	fputs("ip netns add ", out);
	word(op->node->name, out);
}

static void script_end(const struct interface *end, FILE *out)
{
	char mac[MAC_TEXT_SIZE];

	fputs("name ", out);
	word(end->name, out);
	fputs(" netns ", out);
	word(end->node->name, out);
	fprintf(out, " index %u address %s", end->index, mac_text(end->mac, mac));
	if (end->mtu)
		fprintf(out, " mtu %u", end->mtu);
	fputs(" numtxqueues 1 numrxqueues 1", out);
}

static void script_veth(const struct op *op, FILE *out)
{
	fputs("ip link add ", out);
	script_end(op->veth.ends[0], out);
	fputs(" type veth peer ", out);
	script_end(op->veth.ends[1], out);
}

/* -e: a setting that the kernel lacks is no failure. */
static void script_sysctl(const struct op *op, FILE *out)
{
	in_node(op, out);
	fprintf(out, "sysctl -q%s -w ", op->sysctl.optional ? " -e" : "");
	word(op->sysctl.path, out);
	fputc('=', out);
	word(op->sysctl.value, out);
}

static void script_bridge(const struct op *op, FILE *out)
{
	const struct bridge *bridge = op->bridge;
	char mac[MAC_TEXT_SIZE];

	ip(op, out);
	fprintf(out, "link add name " BRIDGE_NAME " index %u address %s up type bridge",
		bridge->index, mac_text(bridge->mac, mac));
	fprintf(out, " forward_delay %u hello_time %u max_age %u", BRIDGE_FORWARD_DELAY,
		BRIDGE_HELLO_TIME, BRIDGE_MAX_AGE);
	fprintf(out, " ageing_time %u stp_state %d mcast_snooping %d", bridge_ageing(bridge),
		bridge->stp, bridge_snooping(bridge));
}

static void script_altname(const struct op *op, FILE *out)
{
	ip(op, out);
	fputs("link property add dev ", out);
	word(op->interface->name, out);
	fputs(" altname ", out);
	word(op->interface->long_name, out);
}

static void script_port(const struct op *op, FILE *out)
{
	ip(op, out);
	fputs("link set dev ", out);
	word(op->interface->name, out);
	fputs(" master " BRIDGE_NAME, out);
}

static void script_address(const struct op *op, FILE *out)
{
	const struct interface *interface = op->address.interface;
	const struct address *address = op->address.address;
	char text[ADDRESS_TEXT_SIZE];

	ip(op, out);
	fprintf(out, "address add %s", address_text(address, false, text));
	if (address->family == AF_INET6)
		fputs(" nodad", out);
	else if (address_has_broadcast(address, interface))
		fputs(" broadcast +", out);
	fputs(" dev ", out);
	word(interface->name, out);
}

static void script_up(const struct op *op, FILE *out)
{
	ip(op, out);
	fputs("link set dev ", out);
	word(op->interface->name, out);
	fputs(" up", out);
}

static void script_down(const struct op *op, FILE *out)
{
	ip(op, out);
	fputs("link set dev ", out);
	word(op->interface->name, out);
	fputs(" down", out);
}

static void script_hop(const struct next_hop *hop, FILE *out)
{
	char text[ADDRESS_TEXT_SIZE];

	if (hop->via.family)
		fprintf(out, " via %s", address_text(&hop->via, true, text));
	if (hop->interface) {
		fputs(" dev ", out);
		word(hop->interface->name, out);
	}
}

static void script_route(const struct op *op, FILE *out)
{
	const struct route *route = op->route;
	char text[ADDRESS_TEXT_SIZE];

	ip(op, out);
	fprintf(out, "%sroute add ", route->destination.family == AF_INET6 ? "-6 " : "");
	if (route->type != ROUTE_UNICAST)
		fprintf(out, "%s ", route_type_name(route->type));
	fputs(route->destination.length ? address_text(&route->destination, false, text)
					: "default",
	      out);
	fputs(" proto static", out);
	if (route->metric)
		fprintf(out, " metric %u", route->metric);
	for (size_t i = 0; i < route->hop_count; i++) {
		if (route->hop_count > 1)
			fputs(" nexthop", out);
		script_hop(&route->hops[i], out);
	}
}

static void script_run(const struct op *op, FILE *out)
{
	in_node(op, out);
	fputs("sh -c ", out);
	word(op->command->text, out);
	if (op->command->may_fail)
		fputs(" || true", out);
}

static void (*const rows[])(const struct op *op, FILE *out) = {
	[OP_NODE] = script_node,       [OP_VETH] = script_veth,
	[OP_SYSCTL] = script_sysctl,   [OP_BRIDGE] = script_bridge,
	[OP_ALTNAME] = script_altname, [OP_PORT] = script_port,
	[OP_ADDRESS] = script_address, [OP_UP] = script_up,
	[OP_ROUTE] = script_route,     [OP_RUN] = script_run,
	[OP_QDISC] = script_qdisc,     [OP_NO_QDISC] = script_no_qdisc,
	[OP_DOWN] = script_down,
};

static void script_head(const struct topology *topology, FILE *out)
{
	fputs("#!/bin/sh\n# The lab ", out);
	comment(topology->name, out);
	fputs(" of the file ", out);
	comment(topology->file, out);
	fputs(" as commands, one for each operation of nslab.\n"
	      "#\n"
	      "# Run it as root in an empty network namespace with a /run of its own, and stay "
	      "there:\n"
	      "#   unshare --net --mount sh -c 'mount -t tmpfs none /run && sh FILE && exec sh'\n"
	      "# \"ip netns exec NODE sh\" is then a shell in a node; leaving the first one "
	      "undoes\n"
	      "# all of it. Host names, processes and mounts are not separate as in nslab.\n"
	      "set -eu\n",
	      out);
}

/* What nslab puts in the place of /etc/hosts; this is nobody's file to change. */
static void script_hosts(const char *hosts, FILE *out)
{
	fputs("\n# The names of the nodes, as /etc/hosts has them in nslab:\n", out);
	while (*hosts) {
		int length = (int)strcspn(hosts, "\n");

		fprintf(out, "#   %.*s\n", length, hosts);
		hosts += length + (hosts[length] == '\n');
	}
}

void plan_script(const struct plan *plan, FILE *out)
{
	static const char *const titles[] = {
		[PHASE_NODES] = "The nodes",
		[PHASE_PREPARE] = "Each node before its cables, which inherit what is set here",
		[PHASE_WIRING] = "The cables, both ends born in their nodes",
		[PHASE_CONFIGURE] = "Each node with its cables",
		[PHASE_START] = "Start-up commands",
	};
	int last = -1;

	script_head(plan->topology, out);
	for (size_t i = 0; i < plan->count; i++) {
		const struct op *op = &plan->ops[i];
		enum op_phase phase = op_phase(op);

		if ((int)phase != last)
			fprintf(out, "\n# %s\n", titles[phase]);
		last = (int)phase;
		rows[op->kind](op, out);
		fputc('\n', out);
	}
	script_hosts(plan->hosts, out);
}
