// SPDX-License-Identifier: MIT
// From the model to the list of operations that builds it.
#include "plan/plan.h"

#include <sys/socket.h>

#include "base/arena.h"
#include "plan/hosts.h"
#include "plan/resolver.h"
#include "topology/device.h"
#include "topology/srv6.h"
#include "topology/start.h"
#include "topology/sysctl.h"
#include "topology/impairment.h"

/* A plan that is being written. */
struct draft {
	struct arena *arena;
	struct plan *plan;
};

static struct op *add(struct draft *draft, enum op_kind kind, const struct node *node)
{
	struct op *op = array_push(draft->arena, draft->plan->ops, draft->plan->count);

	op->kind = kind;
	op->node = node;
	return op;
}

static void add_interface(struct draft *draft, enum op_kind kind, const struct interface *interface)
{
	add(draft, kind, interface->node)->interface = interface;
}

static bool speaks(const struct node *node)
{
	return node->kind == NODE_HOST;
}

static bool speaks_ipv6(const struct node *node)
{
	return speaks(node) && node->ipv6;
}

static bool lacks_ipv6(const struct node *node)
{
	return !speaks_ipv6(node);
}

static bool host_lacks_ipv6(const struct node *node)
{
	return speaks(node) && !node->ipv6;
}

static bool routes(const struct node *node)
{
	return speaks(node) && node->forward;
}

static bool routes_not(const struct node *node)
{
	return speaks(node) && !node->forward;
}

static bool routes_ipv6(const struct node *node)
{
	return routes(node) && node->ipv6;
}

static bool routes_ipv6_not(const struct node *node)
{
	return routes_not(node) && node->ipv6;
}

static bool speaks_mpls(const struct node *node)
{
	bool speaks_it = node->label_count > 0;

	for (size_t i = 0; i < node->interface_count; i++)
		speaks_it |= node->interfaces[i].mpls;
	return speaks_it;
}

static bool takes_segments(const struct node *node)
{
	for (size_t i = 0; i < node->interface_count; i++)
		if (node->interfaces[i].srv6)
			return true;
	return false;
}

static bool decapsulates_into_vrfs(const struct node *node)
{
	for (size_t i = 0; i < node->sid_count; i++)
		if (node->sids[i].vrf)
			return true;
	return false;
}

static bool switches(const struct node *node)
{
	return node->kind == NODE_SWITCH;
}

/*
 * What nslab itself sets, before any cable is there, so that cables inherit it. Kept few: each
 * costs 10 us, and some take the lock of all network configuration.
 */
static const struct {
	const char *path, *value;
	bool (*applies)(const struct node *node);
	bool optional; /* the kernel may lack it: IPv6 or br_netfilter */
} own_sysctls[] = {
	/* A new namespace copies the IPv4 settings of the host (inetdev.c, devinet_init_net), where
	   Docker switches forwarding on and systemd reverse path filters. */
	{"net/ipv4/ip_forward", "0", routes_not, false},
	{"net/ipv4/ip_forward", "1", routes, false},
	{"net/ipv4/conf/all/rp_filter", "0", speaks, false},
	{"net/ipv4/conf/default/rp_filter", "0", speaks, false},
	/* IPv6 settings are the kernel's own, but with net.core.devconf_inherit_init_net = 1. */
	{"net/ipv6/conf/all/forwarding", "0", routes_ipv6_not, true},
	{"net/ipv6/conf/all/forwarding", "1", routes_ipv6, true},
	/* Link-local addresses too are usable at once; the others say so themselves (nodad). */
	{"net/ipv6/conf/default/accept_dad", "0", speaks_ipv6, true},
	/* As IPv4 ones do, IPv6 addresses outlive an interface that is set down. */
	{"net/ipv6/conf/all/keep_addr_on_down", "1", speaks_ipv6, true},
	/* There are no labels at all unless their number is set. */
	{"net/mpls/platform_labels", "1048575", speaks_mpls, false},
	/* The lesser of this and the interface's own counts. */
	{"net/ipv6/conf/all/seg6_enabled", "1", takes_segments, false},
	/* A segment finds its vrf by the table: the kernel asks that each has another one. */
	{"net/vrf/strict_mode", "1", decapsulates_into_vrfs, false},
	/* The ports of switches and the far ends of stubs stay silent; `ipv6 = no`. `all` is for
	   lo, `default` for what is yet to come. */
	{"net/ipv6/conf/all/disable_ipv6", "1", host_lacks_ipv6, true},
	{"net/ipv6/conf/default/disable_ipv6", "1", lacks_ipv6, true},
	/* With br_netfilter a bridge parses IP and drops what it holds for malformed. */
	{"net/bridge/bridge-nf-call-iptables", "0", switches, true},
	{"net/bridge/bridge-nf-call-ip6tables", "0", switches, true},
	{"net/bridge/bridge-nf-call-arptables", "0", switches, true},
};

static void plan_own_sysctls(struct draft *draft, const struct node *node)
{
	for (size_t i = 0; i < sizeof(own_sysctls) / sizeof(*own_sysctls); i++) {
		struct op *op;

		if (!own_sysctls[i].applies(node))
			continue;
		op = add(draft, OP_SYSCTL, node);
		op->sysctl.path = own_sysctls[i].path;
		op->sysctl.value = own_sysctls[i].value;
		op->sysctl.optional = own_sysctls[i].optional;
	}
}

/* The file's sysctls: those that exist only with an interface, or all others. */
static void plan_file_sysctls(struct draft *draft, const struct node *node, bool of_interfaces)
{
	for (size_t i = 0; i < node->sysctl_count; i++) {
		const struct sysctl *sysctl = &node->sysctls[i];
		struct op *op;

		if (sysctl_names_interface(sysctl->path) != of_interfaces)
			continue;
		op = add(draft, OP_SYSCTL, node);
		op->sysctl.path = sysctl->path;
		op->sysctl.value = sysctl->value;
		op->sysctl.place = sysctl->place;
	}
}

/* Keys are made before any node is configured, so that each knows those of its peers then. */
static void plan_keys(struct draft *draft, const struct node *node)
{
	for (size_t i = 0; i < node->device_count; i++) {
		if (!device_is(node->devices[i], DEVICE_WIREGUARD))
			continue;
		add_interface(draft, OP_DEVICE, node->devices[i]);
		add_interface(draft, OP_KEY, node->devices[i]);
	}
}

static void plan_prepare(struct draft *draft, const struct node *node)
{
	plan_own_sysctls(draft, node);
	plan_file_sysctls(draft, node, false);
	if (switches(node))
		add(draft, OP_BRIDGE, node)->bridge = &node->bridge;
	plan_keys(draft, node);
}

static void plan_cable(struct draft *draft, const struct interface *end)
{
	struct op *op = add(draft, OP_VETH, end->node);

	op->veth.ends[0] = end;
	op->veth.ends[1] = end->peer;
}

static void plan_wiring(struct draft *draft, const struct segment *segment)
{
	/* Both ends of a link are in its list, of a switch or a stub only the one plugged in. */
	size_t cables = segment->kind == SEGMENT_LINK ? 1 : segment->end_count;

	for (size_t i = 0; i < cables; i++)
		plan_cable(draft, segment->ends[i]);
}

static void plan_ports(struct draft *draft, const struct node *node)
{
	for (size_t i = 0; i < node->interface_count; i++)
		if (node->interfaces[i].kind == INTERFACE_VETH)
			add_interface(draft, OP_PORT, &node->interfaces[i]);
}

/* What is set of ports of bridges, of a switch or a node. */
static void plan_settings(struct draft *draft, const struct node *node)
{
	for (size_t i = 0; i < node->interface_count; i++)
		if (node->interfaces[i].port)
			add_interface(draft, OP_SETTING, &node->interfaces[i]);
}

/* A vxlan with one far end has it from birth. */
static void plan_floods(struct draft *draft, const struct device *device)
{
	for (size_t i = 0; device->remote_count > 1 && i < device->remote_count; i++) {
		struct op *op = add(draft, OP_FLOOD, device->interface->node);

		op->flood.interface = device->interface;
		op->flood.remote = &device->remotes[i].address;
	}
}

static void plan_peers(struct draft *draft, const struct device *device)
{
	for (size_t i = 0; i < device->peer_count; i++) {
		struct op *op = add(draft, OP_PEER, device->interface->node);

		op->peer.interface = device->interface;
		op->peer.peer = &device->peers[i];
	}
}

static void plan_up_below(struct draft *draft, const struct interface *port)
{
	const struct interface *carrier;

	if (!device_is(port, DEVICE_VLAN))
		return;
	carrier = port->device->lower[0];
	plan_up_below(draft, carrier);
	add_interface(draft, OP_UP, carrier);
}

/*
 * A bond takes what is down and opens it, but a VLAN can be opened only while what carries it is
 * up; and that, coming up, brings its VLANs up (vlan_device_event() in net/8021q/vlan.c).
 */
static void plan_plug(struct draft *draft, const struct interface *port)
{
	if (device_is(port->master, DEVICE_BOND) && device_is(port, DEVICE_VLAN)) {
		plan_up_below(draft, port);
		add_interface(draft, OP_DOWN, port);
	}
	add_interface(draft, OP_PORT, port);
}

/* Each with its ports before the next, which may sit on it. A bond takes only what is down. */
static void plan_devices(struct draft *draft, const struct node *node)
{
	for (size_t i = 0; i < node->device_count; i++) {
		const struct interface *interface = node->devices[i];

		if (interface->device->kind != DEVICE_WIREGUARD)
			add_interface(draft, OP_DEVICE, interface);
		plan_peers(draft, interface->device);
		plan_floods(draft, interface->device);
		for (size_t k = 0; k < interface->device->lower_count; k++)
			if (interface->device->lower[k]->master == interface)
				plan_plug(draft, interface->device->lower[k]);
	}
}

static void plan_altnames(struct draft *draft, const struct node *node)
{
	for (size_t i = 0; i < node->interface_count; i++)
		if (node->interfaces[i].long_name)
			add_interface(draft, OP_ALTNAME, &node->interfaces[i]);
}

static void plan_qdiscs(struct draft *draft, const struct interface *interface)
{
	enum qdisc_kind kinds[QDISC_MOST];
	size_t count = interface->impaired ? qdiscs_of(&interface->impaired->values, kinds) : 0;

	for (size_t i = 0; i < count; i++) {
		struct op *op = add(draft, OP_QDISC, interface->node);

		op->qdisc.interface = interface;
		op->qdisc.impairment = &interface->impaired->values;
		op->qdisc.kind = kinds[i];
	}
}

static void plan_addresses(struct draft *draft, const struct interface *interface, int family)
{
	for (size_t i = 0; i < interface->address_count; i++) {
		struct op *op;

		if (interface->addresses[i].family != family)
			continue;
		op = add(draft, OP_ADDRESS, interface->node);
		op->address.interface = interface;
		op->address.address = &interface->addresses[i];
	}
}

/*
 * lo comes up before it gets addresses, for the kernel gives it 127.0.0.1 only while it has none
 * (devinet.c, inetdev_event); all others get those of IPv4 first, so that nothing is sent without
 * one. Those of IPv6 come when interfaces are up: given before, the kernel adds the route of their
 * subnet as it sets the interface up, where it cannot wait for memory, and drops an address for
 * which there is none at once (addrconf_permanent_addr() in net/ipv6/addrconf.c).
 */
static void plan_interfaces(struct draft *draft, const struct node *node)
{
	for (size_t i = 0; i < node->interface_count; i++)
		if (node->interfaces[i].kind == INTERFACE_LOOPBACK && node->kind != NODE_STUBS)
			add_interface(draft, OP_UP, &node->interfaces[i]);
	for (size_t i = 0; i < node->interface_count; i++)
		plan_addresses(draft, &node->interfaces[i], AF_INET);
	for (size_t i = 0; i < node->interface_count; i++)
		if (node->interfaces[i].kind == INTERFACE_VETH)
			add_interface(draft, OP_UP, &node->interfaces[i]);
	/* A device cannot be up before what it sits on. */
	for (size_t i = 0; i < node->device_count; i++)
		add_interface(draft, OP_UP, node->devices[i]);
	for (size_t i = 0; i < node->interface_count; i++)
		plan_addresses(draft, &node->interfaces[i], AF_INET6);
}

static bool has_gateway(const struct route *route)
{
	for (size_t i = 0; i < route->hop_count; i++)
		if (route->hops[i].via.family)
			return true;
	return false;
}

/* The kernel takes a gateway only when it is reached: routes of an interface come first. */
static void plan_routes(struct draft *draft, const struct node *node, bool by_gateways)
{
	for (size_t i = 0; i < node->route_count; i++)
		if (has_gateway(&node->routes[i]) == by_gateways)
			add(draft, OP_ROUTE, node)->route = &node->routes[i];
}

/* Settings of one interface: what it takes beside plain IP. */
static void plan_switch_on(struct draft *draft, const struct interface *interface,
			   const char *folder, const char *setting)
{
	struct op *op = add(draft, OP_SYSCTL, interface->node);

	op->sysctl.path = arena_printf(draft->arena, "%s/%s/%s", folder, interface->name, setting);
	op->sysctl.value = "1";
	op->sysctl.place = interface->place;
}

static void plan_protocols(struct draft *draft, const struct node *node)
{
	for (size_t i = 0; i < node->interface_count; i++) {
		const struct interface *interface = &node->interfaces[i];

		if (interface->mpls)
			plan_switch_on(draft, interface, "net/mpls/conf", "input");
		if (interface->srv6)
			plan_switch_on(draft, interface, "net/ipv6/conf", "seg6_enabled");
	}
}

static void plan_labels(struct draft *draft, const struct node *node)
{
	for (size_t i = 0; i < node->label_count; i++)
		add(draft, OP_LABEL, node)->label = &node->labels[i];
	for (size_t i = 0; i < node->sid_count; i++)
		add(draft, OP_SID, node)->sid = &node->sids[i];
}

static void plan_configure(struct draft *draft, const struct node *node)
{
	plan_devices(draft, node);
	plan_file_sysctls(draft, node, true);
	plan_protocols(draft, node);
	plan_altnames(draft, node);
	if (switches(node))
		plan_ports(draft, node);
	plan_settings(draft, node);
	for (size_t i = 0; i < node->interface_count; i++)
		plan_qdiscs(draft, &node->interfaces[i]);
	plan_interfaces(draft, node);
	plan_routes(draft, node, false);
	plan_routes(draft, node, true);
	plan_labels(draft, node);
}

/*
 * Last of all, as each host tells all others of itself when its interface comes up: a thousand of
 * them on one LAN would keep the machine busy for longer than all else takes.
 */
static void plan_forward(struct draft *draft, const struct node *node)
{
	if (switches(node))
		add(draft, OP_FORWARD, node)->bridge = &node->bridge;
}

static void plan_start(struct draft *draft, const struct node *node)
{
	static const enum op_kind kinds[] = {[COMMAND_RUN] = OP_RUN,
					     [COMMAND_SCRIPT] = OP_SCRIPT,
					     [COMMAND_SERVICE] = OP_SERVICE};

	for (size_t i = 0; i < node->config_count; i++)
		add(draft, OP_CONFIG, node)->config = &node->configs[i];
	/* First: while it waits, a node looks after nothing else. */
	for (size_t i = 0; i < node->after_count; i++)
		add(draft, OP_AWAIT, node)->after = &node->afters[i];
	for (size_t i = 0; i < node->command_count; i++)
		add(draft, kinds[node->commands[i].kind], node)->command = &node->commands[i];
}

/* One phase of every node; the spans in the model's order. */
static struct span *plan_nodes(struct draft *draft,
			       void (*phase)(struct draft *, const struct node *))
{
	const struct topology *topology = draft->plan->topology;
	struct span *spans = arena_alloc(draft->arena, topology->node_count * sizeof(*spans));

	for (size_t i = 0; i < topology->node_count; i++) {
		spans[i].first = draft->plan->count;
		phase(draft, &topology->nodes[i]);
		spans[i].count = draft->plan->count - spans[i].first;
	}
	return spans;
}

static void plan_files(struct draft *draft, const struct node *node)
{
	const struct topology *topology = draft->plan->topology;

	if (!(node->isolate & ISOLATE_MOUNT))
		return;
	for (size_t i = 0; i < node->privates.count; i++)
		add(draft, OP_PRIVATE, node)->path = node->privates.list[i];
	if (topology->files.folder)
		add(draft, OP_FILES, node)->path = topology->files.folder;
	if (node->files.folder)
		add(draft, OP_FILES, node)->path = node->files.folder;
}

static void plan_own_hosts(struct plan *plan, struct arena *arena)
{
	const struct topology *topology = plan->topology;

	plan->own_hosts = arena_alloc(arena, (topology->node_count + 1) * sizeof(char *));
	for (size_t i = 0; i < topology->node_count; i++)
		plan->own_hosts[i] = hosts_own(topology, &topology->nodes[i], arena);
}

static void plan_resolvers(struct plan *plan, struct arena *arena)
{
	const struct topology *topology = plan->topology;

	plan->resolver = resolver_default(topology, arena);
	plan->resolvers = arena_alloc(arena, (topology->node_count + 1) * sizeof(char *));
	for (size_t i = 0; i < topology->node_count; i++)
		if (topology->nodes[i].server_count)
			plan->resolvers[i] = resolver_text(topology, &topology->nodes[i], arena);
}

const struct plan *plan_make(const struct topology *topology, struct arena *arena)
{
	struct plan *plan = arena_alloc(arena, sizeof(*plan));
	struct draft draft = {.arena = arena, .plan = plan};
	size_t before_start;

	plan->topology = topology;
	for (size_t i = 0; i < topology->node_count; i++)
		add(&draft, OP_NODE, &topology->nodes[i]);
	plan->nodes.count = plan->count;
	plan_nodes(&draft, plan_files);
	plan->prepare = plan_nodes(&draft, plan_prepare);
	plan->wiring.first = plan->count;
	for (size_t i = 0; i < topology->segment_count; i++)
		plan_wiring(&draft, &topology->segments[i]);
	plan->wiring.count = plan->count - plan->wiring.first;
	plan->configure = plan_nodes(&draft, plan_configure);
	plan->forward = plan_nodes(&draft, plan_forward);
	before_start = plan->count;
	plan->start = plan_nodes(&draft, plan_start);
	plan->start_count = plan->count - before_start;
	plan->hosts = hosts_text(topology, arena);
	plan_own_hosts(plan, arena);
	plan_resolvers(plan, arena);
	return plan;
}
