// SPDX-License-Identifier: MIT
// The verb plan: what up would do, for people, as a script or as JSON.
#include "plan/plan.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "cmd/cmd.h"
#include "cmd/faults.h"
#include "cmd/json.h"
#include "cmd/options.h"
#include "plan/attribute.h"
#include "topology/device.h"
#include "topology/write.h"
#include "topology/srv6.h"
#include "topology/start.h"
#include "topology/impairment.h"

static const char examples[] = "  nslab plan                    one line for each operation\n"
			       "  nslab plan --script campus.ini | unshare -nm sh\n"
			       "  nslab plan --ini ring.ini     every node of its ranges\n";

typedef void (*detail_fn)(const struct op *op, struct json *json);

static void end_json(const struct interface *end, struct json *json)
{
	char mac[MAC_TEXT_SIZE];

	json_object(json, NULL);
	json_string(json, "node", end->node->name);
	json_string(json, "interface", end->name);
	json_number(json, "index", end->index);
	json_string(json, "mac", mac_text(end->mac, mac));
	if (end->mtu)
		json_number(json, "mtu", end->mtu);
	json_end(json);
}

static void node_json(const struct op *op, struct json *json)
{
	static const char *const names[] = {
		[NODE_HOST] = "host", [NODE_SWITCH] = "switch", [NODE_STUBS] = "stubs"};
	const struct limits *limits = &op->node->limits;

	json_string(json, "kind", names[op->node->kind]);
	if (limits->memory)
		json_number(json, "memory", (int64_t)limits->memory);
	if (limits->cpus)
		json_number(json, "millicpus", limits->cpus);
	if (limits->pids)
		json_number(json, "pids", limits->pids);
}

static void veth_json(const struct op *op, struct json *json)
{
	json_array(json, "ends");
	end_json(op->veth.ends[0], json);
	end_json(op->veth.ends[1], json);
	json_end(json);
}

static void sysctl_json(const struct op *op, struct json *json)
{
	json_string(json, "path", op->sysctl.path);
	json_string(json, "value", op->sysctl.value);
	json_bool(json, "optional", op->sysctl.optional);
}

static void bridge_json(const struct op *op, struct json *json)
{
	char mac[MAC_TEXT_SIZE];

	json_number(json, "index", op->bridge->index);
	json_string(json, "mac", mac_text(op->bridge->mac, mac));
	json_bool(json, "stp", op->bridge->stp);
	json_bool(json, "hub", op->bridge->hub);
	json_number(json, "ageing", op->bridge->ageing);
}

static void interface_json(const struct op *op, struct json *json)
{
	json_string(json, "interface", op->interface->name);
}

static void forward_json(const struct op *op, struct json *json)
{
	(void)op;
	json_string(json, "interface", BRIDGE_NAME);
}

static void altname_json(const struct op *op, struct json *json)
{
	interface_json(op, json);
	json_string(json, "altname", op->interface->long_name);
}

static void qdisc_json(const struct op *op, struct json *json)
{
	struct impairment part = qdisc_part(op->qdisc.impairment, op->qdisc.kind);
	char text[IMPAIR_TEXT_SIZE];

	json_string(json, "interface", op->qdisc.interface->name);
	json_string(json, "qdisc", op->qdisc.kind == QDISC_NETEM ? "netem" : "tbf");
	for (int i = 0; i < IMPAIR_COUNT; i++)
		if (*impair_text(&part, (enum impair)i, text))
			json_string(json, impair_word((enum impair)i), text);
}

static void address_json(const struct op *op, struct json *json)
{
	char text[ADDRESS_TEXT_SIZE];

	json_string(json, "interface", op->address.interface->name);
	json_string(json, "address", address_text(op->address.address, false, text));
}

static void labels_json(const char *name, const uint32_t *labels, size_t count, struct json *json)
{
	json_array(json, name);
	for (size_t i = 0; i < count; i++)
		json_number(json, NULL, labels[i]);
	json_end(json);
}

static void segments_json(const struct srv6_path *path, struct json *json)
{
	char text[ADDRESS_TEXT_SIZE];

	json_array(json, "segments");
	for (size_t i = 0; i < path->count; i++)
		json_string(json, NULL, address_text(&path->segments[i], true, text));
	json_end(json);
}

static void route_json(const struct op *op, struct json *json)
{
	static const char *const types[] = {[ROUTE_UNICAST] = "unicast",
					    [ROUTE_BLACKHOLE] = "blackhole",
					    [ROUTE_UNREACHABLE] = "unreachable",
					    [ROUTE_PROHIBIT] = "prohibit"};
	const struct route *route = op->route;
	char text[ADDRESS_TEXT_SIZE];

	json_string(json, "name", route->name);
	json_string(json, "type", types[route->type]);
	json_string(json, "destination", address_text(&route->destination, false, text));
	json_array(json, "hops");
	for (size_t i = 0; i < route->hop_count; i++) {
		const struct next_hop *hop = &route->hops[i];

		json_object(json, NULL);
		if (hop->via.family)
			json_string(json, "via", address_text(&hop->via, true, text));
		if (hop->interface)
			json_string(json, "interface", hop->interface->name);
		json_end(json);
	}
	json_end(json);
	if (route->metric)
		json_number(json, "metric", route->metric);
	if (route->vrf)
		json_string(json, "vrf", route->vrf->name);
	if (route->label_count)
		labels_json("labels", route->labels, route->label_count, json);
	if (route->path) {
		segments_json(route->path, json);
		json_string(json, "mode", srv6_modes[route->path->mode]);
	}
}

static void attributes_json(const struct attributes *attributes, struct json *json)
{
	json_object(json, "options");
	for (size_t i = 0; i < attributes->count; i++)
		if (attributes->list[i].word)
			json_string(json, attributes->list[i].word, attributes->list[i].text);
	json_end(json);
}

static void device_json(const struct op *op, struct json *json)
{
	static const uint8_t none[6];
	const struct interface *interface = op->interface;
	const struct device *device = interface->device;
	struct attributes attributes;
	char mac[MAC_TEXT_SIZE];

	interface_json(op, json);
	json_string(json, "kind", device_rows[device->kind].word);
	json_number(json, "index", interface->index);
	if (memcmp(interface->mac, none, sizeof(none)) != 0)
		json_string(json, "mac", mac_text(interface->mac, mac));
	if (interface->mtu)
		json_number(json, "mtu", interface->mtu);
	if (device_rows[device->kind].traits & DEVICE_SITS)
		json_string(json, "on", device->lower[0]->name);
	device_attributes(device, &attributes);
	attributes_json(&attributes, json);
}

static void port_json(const struct op *op, struct json *json)
{
	interface_json(op, json);
	json_string(json, "master", master_name(op->interface));
}

static void setting_json(const struct op *op, struct json *json)
{
	const struct port *port = op->interface->port;

	interface_json(op, json);
	if (op->node->bridge.vlans) {
		json_number(json, "native", port->native);
		json_array(json, "tagged");
		for (size_t i = 0; i < port->tagged_count; i++) {
			json_array(json, NULL);
			json_number(json, NULL, port->tagged[i].first);
			json_number(json, NULL, port->tagged[i].last);
			json_end(json);
		}
		json_end(json);
	}
	json_bool(json, "isolated", port->isolated);
	json_number(json, "priority", port->priority);
	if (port->cost)
		json_number(json, "cost", port->cost);
}

static void flood_json(const struct op *op, struct json *json)
{
	char text[ADDRESS_TEXT_SIZE];

	json_string(json, "interface", op->flood.interface->name);
	json_string(json, "remote", address_text(op->flood.remote, true, text));
}

static void key_json(const struct op *op, struct json *json)
{
	interface_json(op, json);
	json_number(json, "port", op->interface->device->port);
}

static void peer_json(const struct op *op, struct json *json)
{
	const struct peer *peer = op->peer.peer;
	char text[ADDRESS_TEXT_SIZE];

	json_string(json, "interface", op->peer.interface->name);
	json_string(json, "peer", peer->interface->node->name);
	json_string(json, "peer_interface", peer->interface->name);
	if (peer->endpoint.family) {
		json_string(json, "endpoint", address_text(&peer->endpoint, true, text));
		json_number(json, "port", peer->interface->device->port);
	}
	if (peer->keepalive)
		json_number(json, "keepalive", peer->keepalive);
	json_array(json, "allowed");
	for (size_t i = 0; i < peer->allowed_count; i++)
		json_string(json, NULL, address_text(&peer->allowed[i], false, text));
	json_end(json);
}

static void label_json(const struct op *op, struct json *json)
{
	const struct label_route *route = op->label;
	char text[ADDRESS_TEXT_SIZE];

	json_string(json, "name", route->name);
	json_number(json, "label", route->label);
	if (route->hop.via.family)
		json_string(json, "via", address_text(&route->hop.via, true, text));
	json_string(json, "interface", route->hop.interface->name);
	labels_json("swap", route->out, route->out_count, json);
}

static void sid_json(const struct op *op, struct json *json)
{
	const struct sid *sid = op->sid;
	char text[ADDRESS_TEXT_SIZE];

	json_string(json, "name", sid->name);
	json_string(json, "segment", address_text(&sid->address, false, text));
	json_string(json, "action", sid_rows[sid->action].word);
	if (sid->via.family)
		json_string(json, "via", address_text(&sid->via, true, text));
	if (sid->vrf)
		json_string(json, "vrf", sid->vrf->name);
	if (sid->table)
		json_number(json, "table", sid->table);
	if (sid->oif)
		json_string(json, "oif", sid->oif->name);
	if (sid->path.count)
		segments_json(&sid->path, json);
	json_string(json, "interface", sid->interface->name);
}

static void path_json(const struct op *op, struct json *json)
{
	json_string(json, "path", op->path);
}

static void run_json(const struct op *op, struct json *json)
{
	json_string(json, "name", op->command->name);
	json_string(json, "command", op->command->text);
	json_bool(json, "may_fail", op->command->may_fail);
}

static void service_json(const struct op *op, struct json *json)
{
	char text[READY_TEXT_SIZE];

	run_json(op, json);
	json_string(json, "ready", *ready_text(&op->command->ready, text) ? text : NULL);
	json_string(json, "restart", restart_word(op->command->restart));
}

static void script_json(const struct op *op, struct json *json)
{
	json_string(json, "name", op->command->name);
	json_string(json, "file", op->command->text);
	json_bool(json, "may_fail", op->command->may_fail);
}

static void config_json(const struct op *op, struct json *json)
{
	json_string(json, "file", op->config->path);
	json_string(json, "source", op->config->source);
}

static void await_json(const struct op *op, struct json *json)
{
	json_string(json, "after", op->after->node->name);
}

static const struct {
	const char *name;
	detail_fn details;
} kinds[] = {
	[OP_NODE] = {"node", node_json},
	[OP_PRIVATE] = {"private", path_json},
	[OP_FILES] = {"files", path_json},
	[OP_VETH] = {"veth", veth_json},
	[OP_SYSCTL] = {"sysctl", sysctl_json},
	[OP_BRIDGE] = {"bridge", bridge_json},
	[OP_ALTNAME] = {"altname", altname_json},
	[OP_PORT] = {"port", port_json},
	[OP_ADDRESS] = {"address", address_json},
	[OP_UP] = {"up", interface_json},
	[OP_FORWARD] = {"up", forward_json},
	[OP_ROUTE] = {"route", route_json},
	[OP_CONFIG] = {"config", config_json},
	[OP_AWAIT] = {"await", await_json},
	[OP_RUN] = {"run", run_json},
	[OP_SCRIPT] = {"script", script_json},
	[OP_SERVICE] = {"service", service_json},
	[OP_DEVICE] = {"device", device_json},
	[OP_SETTING] = {"setting", setting_json},
	[OP_FLOOD] = {"flood", flood_json},
	[OP_LABEL] = {"label", label_json},
	[OP_SID] = {"sid", sid_json},
	[OP_KEY] = {"key", key_json},
	[OP_PEER] = {"peer", peer_json},
	[OP_QDISC] = {"qdisc", qdisc_json},
	[OP_NO_QDISC] = {"no-qdisc", qdisc_json},
	[OP_DOWN] = {"down", interface_json},
};

static void op_json(const struct op *op, void *data)
{
	struct json *json = data;

	json_object(json, NULL);
	json_string(json, "op", kinds[op->kind].name);
	json_string(json, "node", op->node->name);
	kinds[op->kind].details(op, json);
	json_end(json);
}

static void print_json(const struct plan *plan)
{
	struct json json = {.out = stdout};

	json_array(&json, NULL);
	plan_each(plan, op_json, &json);
	json_end(&json);
}

int cmd_plan(const struct verb *verb, int argc, char **argv)
{
	AUTO_ARENA struct arena *arena = arena_new();
	bool script = false, json = false, ini = false;
	const struct option_row options[] = {
		{'s', "script", NULL, "as a commented shell script", &script, NULL},
		{.name = "ini",
		 .help = "as one topology file, with ranges, templates and includes written out",
		 .flag = &ini},
		OPTION_JSON(&json),
		{0}};
	const struct plan *plan;
	struct loaded loaded;
	int status = options_read(verb, options, examples, &argc, &argv);

	if (status != OPTIONS_READ)
		return status;
	if (argc > 1)
		return misused(verb, "one file at a time, not also \"%s\"", argv[1]);
	if (script + json + ini > 1)
		return misused(verb, "one of --script, --ini and --json");
	load_file(argc ? argv[0] : DEFAULT_FILE, arena, &loaded);
	faults_print(&loaded.faults);
	if (!loaded.topology)
		return load_status(&loaded);
	if (ini) {
		topology_write(loaded.topology, stdout);
		return STATUS_DONE;
	}
	plan = plan_make(loaded.topology, arena);
	if (json)
		print_json(plan);
	else if (script)
		plan_script(plan, stdout);
	else
		plan_print(plan, stdout);
	return STATUS_DONE;
}
