// SPDX-License-Identifier: MIT
// A plan as a commented shell script of ip, tc and sysctl commands.
#include "plan/plan.h"

#include <string.h>
#include <sys/socket.h>

#include "plan/attribute.h"
#include "topology/device.h"
#include "topology/start.h"
#include "plan/bridge.h"
#include "plan/script.h"

/* Text of the file in a comment: nothing in it may end the line. */
static void comment(const char *text, FILE *out)
{
	for (; *text; text++)
		fputc((unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text, out);
}

/* One word for the shell, whatever is in it. */
void script_word(const char *text, FILE *out)
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
void script_ip(const struct op *op, FILE *out)
{
	fputs("ip -n ", out);
	script_word(op->node->name, out);
	fputc(' ', out);
}

static void in_node(const struct op *op, FILE *out)
{
	fputs("ip netns exec ", out);
	script_word(op->node->name, out);
	fputc(' ', out);
}

static void script_node(const struct op *op, FILE *out)
{
	fputs("ip netns add ", out);
	script_word(op->node->name, out);
}

static void script_end(const struct interface *end, FILE *out)
{
	char mac[MAC_TEXT_SIZE];

	fputs("name ", out);
	script_word(end->name, out);
	fputs(" netns ", out);
	script_word(end->node->name, out);
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
	script_word(op->sysctl.path, out);
	fputc('=', out);
	script_word(op->sysctl.value, out);
}

static void script_attributes(const struct attributes *attributes, FILE *out)
{
	for (size_t i = 0; i < attributes->count; i++) {
		const struct attribute *attribute = &attributes->list[i];

		if (!attribute->word)
			continue;
		fprintf(out, " %s", attribute->word);
		if (*attribute->text)
			fprintf(out, " %s", attribute->text);
	}
}

static void script_bridge(const struct op *op, FILE *out)
{
	const struct bridge *bridge = op->bridge;
	struct attributes attributes = {.count = 0};
	char mac[MAC_TEXT_SIZE];

	script_ip(op, out);
	fprintf(out, "link add name " BRIDGE_NAME " index %u address %s type bridge", bridge->index,
		mac_text(bridge->mac, mac));
	bridge_attributes(bridge, &attributes);
	script_attributes(&attributes, out);
}

static void script_forward(const struct op *op, FILE *out)
{
	script_ip(op, out);
	fputs("link set dev " BRIDGE_NAME " up", out);
}

static void script_altname(const struct op *op, FILE *out)
{
	script_ip(op, out);
	fputs("link property add dev ", out);
	script_word(op->interface->name, out);
	fputs(" altname ", out);
	script_word(op->interface->long_name, out);
}

static void script_port(const struct op *op, FILE *out)
{
	script_ip(op, out);
	fputs("link set dev ", out);
	script_word(op->interface->name, out);
	fprintf(out, " master %s", master_name(op->interface));
}

/* ip(8) gives no index to what is made by opening a file: it has the kernel's. */
static void script_opened(const struct op *op, FILE *out)
{
	const struct interface *interface = op->interface;
	char mac[MAC_TEXT_SIZE];

	script_ip(op, out);
	fprintf(out, "tuntap add dev %s mode %s", interface->name,
		device_rows[interface->device->kind].word);
	if (!device_has(interface, DEVICE_ETHERNET) && !interface->mtu)
		return;
	fputc('\n', out);
	script_ip(op, out);
	fprintf(out, "link set dev %s", interface->name);
	if (device_has(interface, DEVICE_ETHERNET))
		fprintf(out, " address %s", mac_text(interface->mac, mac));
	if (interface->mtu)
		fprintf(out, " mtu %u", interface->mtu);
}

static void script_device(const struct op *op, FILE *out)
{
	static const uint8_t none[6];
	const struct interface *interface = op->interface;
	const struct device_row *row = &device_rows[interface->device->kind];
	struct attributes attributes;
	char mac[MAC_TEXT_SIZE];

	if (device_is_opened(interface)) {
		script_opened(op, out);
		return;
	}
	script_ip(op, out);
	fputs("link add ", out);
	if (row->traits & DEVICE_SITS)
		fprintf(out, "link %s ", interface->device->lower[0]->name);
	fprintf(out, "name %s index %u", interface->name, interface->index);
	if (memcmp(interface->mac, none, sizeof(none)) != 0)
		fprintf(out, " address %s", mac_text(interface->mac, mac));
	if (interface->mtu)
		fprintf(out, " mtu %u", interface->mtu);
	fprintf(out, " type %s", row->word);
	device_attributes(interface->device, &attributes);
	script_attributes(&attributes, out);
}

/* "bridge -n sw1 ": as script_ip() */
static void bridge(const struct op *op, FILE *out)
{
	fputs("bridge -n ", out);
	script_word(op->node->name, out);
	fputc(' ', out);
}

static void script_vlan(const struct op *op, const char *range, const char *flags, FILE *out)
{
	fputc('\n', out);
	bridge(op, out);
	fprintf(out, "vlan add dev %s vid %s%s", op->interface->name, range, flags);
}

static void script_vlans(const struct op *op, FILE *out)
{
	const struct port *port = op->interface->port;
	char range[16];

	for (size_t i = 0; i < port->tagged_count; i++) {
		const struct vlan_range *tagged = &port->tagged[i];

		snprintf(range, sizeof(range), tagged->first == tagged->last ? "%u" : "%u-%u",
			 tagged->first, tagged->last);
		script_vlan(op, range, "", out);
	}
	snprintf(range, sizeof(range), "%u", port->native);
	if (port->native)
		script_vlan(op, range, " pvid untagged", out);
}

static void script_setting(const struct op *op, FILE *out)
{
	const struct port *port = op->interface->port;

	script_ip(op, out);
	fprintf(out, "link set dev %s type bridge_slave isolated %s", op->interface->name,
		port->isolated ? "on" : "off");
	if (port->cost)
		fprintf(out, " cost %u", port->cost);
	if (port->priority != PORT_PRIORITY)
		fprintf(out, " priority %u", port->priority);
	if (port->suppress)
		fputs(" neigh_suppress on", out);
	if (op->node->bridge.groups)
		fprintf(out, " group_fwd_mask %u", op->node->bridge.groups);
	if (op->node->bridge.vlans)
		script_vlans(op, out);
}

static void script_flood(const struct op *op, FILE *out)
{
	char text[ADDRESS_TEXT_SIZE];

	bridge(op, out);
	fprintf(out, "fdb append 00:00:00:00:00:00 dev %s dst %s", op->flood.interface->name,
		address_text(op->flood.remote, true, text));
}

static void script_address(const struct op *op, FILE *out)
{
	const struct interface *interface = op->address.interface;
	const struct address *address = op->address.address;
	char text[ADDRESS_TEXT_SIZE];

	script_ip(op, out);
	fprintf(out, "address add %s", address_text(address, false, text));
	if (address->family == AF_INET6)
		fputs(" nodad", out);
	else if (address_has_broadcast(address, interface))
		fputs(" broadcast +", out);
	fputs(" dev ", out);
	script_word(interface->name, out);
}

static void script_up(const struct op *op, FILE *out)
{
	script_ip(op, out);
	fputs("link set dev ", out);
	script_word(op->interface->name, out);
	fputs(" up", out);
}

static void script_down(const struct op *op, FILE *out)
{
	script_ip(op, out);
	fputs("link set dev ", out);
	script_word(op->interface->name, out);
	fputs(" down", out);
}

/* The private key goes from one program to the other alone. */
static void script_key(const struct op *op, FILE *out)
{
	fputs("wg genkey | ", out);
	in_node(op, out);
	fprintf(out, "wg set %s listen-port %u private-key /dev/stdin", op->interface->name,
		op->interface->device->port);
}

static void script_peer(const struct op *op, FILE *out)
{
	const struct peer *peer = op->peer.peer;
	const struct interface *far = peer->interface;
	char text[ADDRESS_TEXT_SIZE];

	in_node(op, out);
	fprintf(out, "wg set %s peer \"$(ip netns exec %s wg show %s public-key)\"",
		op->peer.interface->name, far->node->name, far->name);
	if (peer->endpoint.family)
		fprintf(out,
			peer->endpoint.family == AF_INET ? " endpoint %s:%u" : " endpoint [%s]:%u",
			address_text(&peer->endpoint, true, text), far->device->port);
	if (peer->keepalive)
		fprintf(out, " persistent-keepalive %u", peer->keepalive);
	for (size_t i = 0; i < peer->allowed_count; i++)
		fprintf(out, "%s%s", i ? "," : " allowed-ips ",
			address_text(&peer->allowed[i], false, text));
}

static void script_await(const struct op *op, FILE *out)
{
	fprintf(out, "# %s begins when all of %s is ready", op->node->name, op->after->node->name);
}

/* The environment of what runs in the node. */
static void in_environment(const struct op *op, FILE *out)
{
	in_node(op, out);
	fputs("env", out);
	for (size_t i = 0; i < op->node->variable_count; i++) {
		fprintf(out, " %s=", op->node->variables[i].name);
		script_word(op->node->variables[i].value, out);
	}
	fputs(" NSLAB_NODE=", out);
	script_word(op->node->name, out);
}

/* ip-netns(8) mounts what lies there over /etc. */
static void script_config(const struct op *op, FILE *out)
{
	const char *name = op->config->path + strlen("/etc/");

	if (op->config->source) {
		fputs("install -D -m 640 ", out);
		script_word(op->config->source, out);
		fprintf(out, " /etc/netns/%s/%s", op->node->name, name);
	} else {
		fprintf(out, "mkdir -p /etc/netns/%s/%.*s\nprintf '%%s' ", op->node->name,
			(int)(strrchr(name, '/') - name), name);
		script_word(op->config->text, out);
		fprintf(out, " >/etc/netns/%s/%s", op->node->name, name);
	}
}

/* Of a routing suite: its sockets are in /run, which ip-netns(8) leaves as it is for all. */
static bool shares_run(const struct op *op, FILE *out)
{
	if (!op->command->program)
		return false;
	fprintf(out, "# %s in %s, with a /run of its own: ", op->command->name, op->node->name);
	comment(op->command->text, out);
	return true;
}

static void script_run(const struct op *op, FILE *out)
{
	if (shares_run(op, out))
		return;
	in_environment(op, out);
	fputs(" sh -c ", out);
	script_word(op->command->text, out);
	if (op->command->may_fail)
		fputs(" || true", out);
}

/* Without mounts of their own nodes share the files of the machine. */
static void script_files(const struct op *op, FILE *out)
{
	char text[OP_TEXT_SIZE];

	fputs("# ", out);
	comment(op_text(op, text), out);
}

static void script_script(const struct op *op, FILE *out)
{
	in_environment(op, out);
	fputs(" sh ", out);
	script_word(op->command->text, out);
	if (op->command->may_fail)
		fputs(" || true", out);
}

/* Until the shell that runs all this ends; nothing waits until it is ready. */
static void script_service(const struct op *op, FILE *out)
{
	char text[READY_TEXT_SIZE];

	if (shares_run(op, out))
		return;
	if (*ready_text(&op->command->ready, text)) {
		fputs("# it is ready: ", out);
		comment(text, out);
		fputc('\n', out);
	}
	in_environment(op, out);
	fputs(" sh -c ", out);
	script_word(op->command->text, out);
	fputs(" >/dev/null 2>&1 &", out);
}

static void (*const rows[])(const struct op *op, FILE *out) = {
	[OP_NODE] = script_node,	 [OP_VETH] = script_veth,
	[OP_SYSCTL] = script_sysctl,	 [OP_BRIDGE] = script_bridge,
	[OP_ALTNAME] = script_altname,	 [OP_PORT] = script_port,
	[OP_ADDRESS] = script_address,	 [OP_UP] = script_up,
	[OP_ROUTE] = script_route,	 [OP_RUN] = script_run,
	[OP_AWAIT] = script_await,	 [OP_SCRIPT] = script_script,
	[OP_SERVICE] = script_service,	 [OP_DEVICE] = script_device,
	[OP_SETTING] = script_setting,	 [OP_FLOOD] = script_flood,
	[OP_LABEL] = script_label,	 [OP_KEY] = script_key,
	[OP_PEER] = script_peer,	 [OP_QDISC] = script_qdisc,
	[OP_NO_QDISC] = script_no_qdisc, [OP_DOWN] = script_down,
	[OP_SID] = script_sid,		 [OP_CONFIG] = script_config,
	[OP_PRIVATE] = script_files,	 [OP_FILES] = script_files,
	[OP_FORWARD] = script_forward,
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

static void script_resolvers(const struct plan *plan, FILE *out)
{
	for (size_t i = 0; i < plan->topology->node_count; i++) {
		const char *line = plan->resolvers[i];

		if (line)
			fprintf(out, "\n# /etc/resolv.conf of %s:\n",
				plan->topology->nodes[i].name);
		while (line && *line) {
			int length = (int)strcspn(line, "\n");

			fprintf(out, "#   %.*s\n", length, line);
			line += length + (line[length] == '\n');
		}
	}
}

/* A script that is being printed, and the phase that it is in. */
struct print {
	FILE *out;
	int last;
};

static void script_op(const struct op *op, void *data)
{
	static const char *const titles[] = {
		[PHASE_NODES] = "The nodes",
		[PHASE_FILES] = "The files of each node, which this script leaves alone",
		[PHASE_PREPARE] = "Each node before its cables, which inherit what is set here",
		[PHASE_WIRING] = "The cables, both ends born in their nodes",
		[PHASE_CONFIGURE] = "Each node with its cables",
		[PHASE_FORWARD] = "The switches, when all nodes have come up",
		[PHASE_START] = "Start-up commands, scripts and services",
	};
	struct print *print = data;
	enum op_phase phase = op_phase(op);

	if ((int)phase != print->last)
		fprintf(print->out, "\n# %s\n", titles[phase]);
	print->last = (int)phase;
	rows[op->kind](op, print->out);
	fputc('\n', print->out);
}

void plan_script(const struct plan *plan, FILE *out)
{
	struct print print = {out, -1};

	script_head(plan->topology, out);
	plan_each(plan, script_op, &print);
	script_hosts(plan->hosts, out);
	script_resolvers(plan, out);
}
