// SPDX-License-Identifier: MIT
// Devices: far ends, order, ports of switches, what the kernel is told, what the script says.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "base/arena.h"
#include "kernel/message.h"
#include "plan/attribute.h"
#include "plan/plan.h"
#include "topology/device.h"
#include "topology/load.h"

#define TEST cmocka_unit_test

struct lab {
	struct arena *arena;
	const struct topology *topology;
	const struct plan *plan;
};

static void load(struct lab *lab, const char *text)
{
	struct faults faults = {.arena = lab->arena = arena_new()};

	faults.arena = lab->arena;
	lab->topology = topology_parse("lab.ini", text, strlen(text), lab->arena, &faults);
	for (size_t i = 0; i < faults.count; i++)
		print_message("%s\n", faults.list[i].text);
	assert_non_null(lab->topology);
	lab->plan = plan_make(lab->topology, lab->arena);
}

static struct interface *interface_of(const struct lab *lab, const char *node, const char *name)
{
	struct interface *interface = node_interface(topology_node(lab->topology, node), name);

	assert_non_null(interface);
	return interface;
}

static void assert_is(const struct address *address, const char *text)
{
	char buffer[ADDRESS_TEXT_SIZE];

	assert_string_equal(address_text(address, true, buffer), text);
}

static void assert_ends(const struct lab *lab, const char *node, const char *name,
			const char *local, const char *remote)
{
	const struct device *device = interface_of(lab, node, name)->device;

	assert_non_null(device);
	assert_is(&device->local.address, local);
	assert_is(&device->remotes[0].address, remote);
}

static void both_ends_of_a_tunnel_choose_addresses_that_fit(void **state)
{
	struct lab lab;

	(void)state;
	load(&lab, "[node a]\nlo = 10.255.0.1\neth0 = stub 10.9.0.1/24\neth1 = c 10.0.0.1/30\n"
		   "g1 = gre\ng1.remote = b\nv1 = vxlan\nv1.id = 1\nv1.remote = c\n"
		   "[node b]\nlo = 10.255.0.2\neth0 = c 10.0.0.2/30\neth1 = d 10.0.1.1/30\n"
		   "g1 = gre\ng1.remote = a\n"
		   "[node c]\neth5 = d 10.0.1.2/30\nlo = 10.255.0.3\nv1 = vxlan\nv1.id = 1\n"
		   "v1.remote = a:lo\n");
	assert_ends(&lab, "a", "g1", "10.0.0.1", "10.0.0.2");
	assert_ends(&lab, "b", "g1", "10.0.0.2", "10.0.0.1");
	assert_ends(&lab, "a", "v1", "10.255.0.1", "10.255.0.3");
	assert_ends(&lab, "c", "v1", "10.255.0.3", "10.255.0.1");
	arena_free(lab.arena);
}

static void addresses_of_tunnels_carry_no_others(void **state)
{
	struct lab lab;

	(void)state;
	load(&lab, "[node a]\nt1 = gre 10.1.0.1/30\nt1.remote = b\neth0 = c 10.0.0.1/30\n"
		   "[node b]\nt1 = gre 10.1.0.2/30\nt1.remote = a\neth0 = c 10.0.0.2/30\n");
	assert_ends(&lab, "a", "t1", "10.0.0.1", "10.0.0.2");
	assert_ends(&lab, "b", "t1", "10.0.0.2", "10.0.0.1");
	arena_free(lab.arena);
}

static void peers_find_each_other_and_allow_what_is_theirs(void **state)
{
	const struct peer *peer;
	struct lab lab;

	(void)state;
	load(&lab, "[node a]\neth0 = c 10.0.0.1/30\nwg1 = wireguard 10.9.0.1/24\n"
		   "wg1.peer.b = 10.2.0.0/16 keepalive 25\n"
		   "[node b]\neth0 = c 10.0.0.2/30\nwg7 = wireguard 10.8.0.1/24\n"
		   "wg1 = wireguard 10.9.0.2/24\nwg1.peers = a\n");
	peer = &interface_of(&lab, "a", "wg1")->device->peers[0];
	assert_ptr_equal(peer->interface, interface_of(&lab, "b", "wg1"));
	assert_is(&peer->endpoint, "10.0.0.2");
	assert_int_equal(peer->keepalive, 25);
	assert_int_equal(peer->allowed_count, 2);
	assert_is(&peer->allowed[0], "10.2.0.0");
	assert_is(&peer->allowed[1], "10.9.0.2");
	assert_int_equal(peer->allowed[1].length, 32);
	assert_int_equal(interface_of(&lab, "b", "wg7")->device->port, 51820);
	assert_int_equal(interface_of(&lab, "b", "wg1")->device->port, 51821);
	assert_int_equal(lab.topology->wireguard_count, 3);
	arena_free(lab.arena);
}

static size_t place_of(const struct node *node, const char *name)
{
	size_t i = 0;

	while (strcmp(node->devices[i]->name, name) != 0)
		assert_true(++i < node->device_count);
	return i;
}

static void devices_come_behind_what_they_sit_on(void **state)
{
	const struct node *node;
	struct lab lab;

	(void)state;
	load(&lab, "[node a]\nbr1 = bridge bond1.10 eth2\nbond1.10 = vlan\nbond1 = bond eth0 eth1\n"
		   "eth0 = stub\neth1 = stub\neth2 = stub\nmac1 = macvlan br1\n");
	node = topology_node(lab.topology, "a");
	assert_int_equal(node->device_count, 4);
	assert_true(place_of(node, "bond1") < place_of(node, "bond1.10"));
	assert_true(place_of(node, "bond1.10") < place_of(node, "br1"));
	assert_true(place_of(node, "br1") < place_of(node, "mac1"));
	assert_int_equal(interface_of(&lab, "a", "bond1.10")->device->id, 10);
	assert_ptr_equal(interface_of(&lab, "a", "eth0")->master, interface_of(&lab, "a", "bond1"));
	arena_free(lab.arena);
}

static void vlans_are_set_where_the_cable_ends(void **state)
{
	const struct interface *port;
	struct lab lab;

	(void)state;
	load(&lab, "[switch s1]\nup1 = s2\nup1.trunk = 10 20-29\nup1.native = 5\nup1.cost = 7\n"
		   "[switch s2]\n"
		   "[switch s3]\n"
		   "[node a]\neth0 = s1 10.0.0.1/24\neth0.vlan = 10\n"
		   "[node b]\neth0 = s2 10.0.0.2/24\neth1 = s3\n"
		   "[node c]\neth0 = s3\n");
	assert_true(topology_node(lab.topology, "s1")->bridge.vlans);
	assert_true(topology_node(lab.topology, "s2")->bridge.vlans);
	assert_false(topology_node(lab.topology, "s3")->bridge.vlans);
	assert_null(interface_of(&lab, "a", "eth0")->port);
	assert_int_equal(interface_of(&lab, "s1", "a-eth0")->port->native, 10);
	assert_int_equal(interface_of(&lab, "s2", "b-eth0")->port->native, VLAN_DEFAULT);
	assert_null(interface_of(&lab, "s3", "b-eth1")->port);
	port = interface_of(&lab, "s1", "up1");
	assert_int_equal(port->port->cost, 7);
	port = interface_of(&lab, "s2", "s1-up1");
	assert_int_equal(port->port->native, 5);
	assert_int_equal(port->port->tagged_count, 2);
	assert_int_equal(port->port->tagged[1].last, 29);
	assert_int_equal(port->port->cost, 0);
	arena_free(lab.arena);
}

static void every_kind_has_a_word_of_its_own_and_an_encoder(void **state)
{
	struct address ends[2] = {{AF_INET, 32, {10, 0, 0, 1}}, {AF_INET, 32, {10, 0, 0, 2}}};
	struct interface lower = {.name = "eth0", .index = 16}, *list[] = {&lower};

	(void)state;
	for (int kind = 0; kind < DEVICE_KINDS; kind++) {
		struct endpoint remote = {.address = ends[1]};
		struct attributes attributes;
		struct device device = {
			.kind = (enum device_kind)kind,
			.lower = list,
			.lower_count = 1,
			.mode = device_default("mode", (enum device_kind)kind),
			.hash = device_default("hash", (enum device_kind)kind),
			.lacp = device_default("lacp", (enum device_kind)kind),
			.protocol = device_default("protocol", (enum device_kind)kind),
			.primary = &lower,
			.key = 7,
			.local = {.address = ends[0]},
			.remotes = &remote,
			.remote_count = 1,
		};

		assert_int_equal(device_kind_of(device_rows[kind].word), kind);
		device_attributes(&device, &attributes);
		assert_true(attributes.count < ATTRIBUTES_MOST);
	}
	assert_int_equal(device_kind_of("lan1"), DEVICE_KINDS);
}

/* The message of the node's operation of that kind on the interface, and its attributes by type. */
static struct nl_msg *encode(const struct lab *lab, enum op_kind kind, const char *name,
			     size_t header, struct nlattr **attrs, int max)
{
	struct nl_msg *msg = NULL;

	for (size_t i = 0; i < lab->plan->count && !msg; i++) {
		const struct op *op = &lab->plan->ops[i];

		if (op->kind == kind && !strcmp(op->interface->name, name))
			msg = message_encode(op, 1, NULL);
	}
	assert_non_null(msg);
	assert_int_equal(nlmsg_parse(nlmsg_hdr(msg), (int)header, attrs, max, NULL), 0);
	return msg;
}

static void a_vlan_names_its_interface_and_its_number(void **state)
{
	struct nlattr *attrs[IFLA_MAX + 1], *info[IFLA_INFO_MAX + 1], *data[IFLA_VLAN_MAX + 1];
	struct nl_msg *msg;
	struct lab lab;

	(void)state;
	load(&lab, "[node a]\neth0 = stub\neth0.10 = 10.0.0.1/24\neth0.10.mtu = 1400\n");
	msg = encode(&lab, OP_DEVICE, "eth0.10", sizeof(struct ifinfomsg), attrs, IFLA_MAX);
	assert_int_equal(nlmsg_hdr(msg)->nlmsg_type, RTM_NEWLINK);
	assert_string_equal(nla_get_string(attrs[IFLA_IFNAME]), "eth0.10");
	assert_int_equal(nla_get_u32(attrs[IFLA_LINK]), interface_of(&lab, "a", "eth0")->index);
	assert_int_equal(nla_get_u32(attrs[IFLA_MTU]), 1400);
	assert_null(attrs[IFLA_ADDRESS]); /* it has that of eth0 */
	assert_int_equal(nla_parse_nested(info, IFLA_INFO_MAX, attrs[IFLA_LINKINFO], NULL), 0);
	assert_string_equal(nla_get_string(info[IFLA_INFO_KIND]), "vlan");
	assert_int_equal(nla_parse_nested(data, IFLA_VLAN_MAX, info[IFLA_INFO_DATA], NULL), 0);
	assert_int_equal(nla_get_u16(data[IFLA_VLAN_ID]), 10);
	assert_int_equal(ntohs(nla_get_u16(data[IFLA_VLAN_PROTOCOL])), 0x8100);
	nlmsg_free(msg);
	arena_free(lab.arena);
}

static void the_setting_of_a_port_lists_its_vlans(void **state)
{
	static const struct bridge_vlan_info wanted[] = {
		{0, 10},
		{BRIDGE_VLAN_INFO_RANGE_BEGIN, 20},
		{BRIDGE_VLAN_INFO_RANGE_END, 29},
		{BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED, 5},
	};
	struct nlattr *attrs[IFLA_MAX + 1], *attr;
	struct nl_msg *msg;
	struct lab lab;
	size_t count = 0;
	int left;

	(void)state;
	load(&lab, "[switch s]\n[node a]\neth0 = s\neth0.trunk = 10 20-29\neth0.native = 5\n");
	msg = encode(&lab, OP_SETTING, "a-eth0", sizeof(struct ifinfomsg), attrs, IFLA_MAX);
	assert_int_equal(((struct ifinfomsg *)nlmsg_data(nlmsg_hdr(msg)))->ifi_family, AF_BRIDGE);
	nla_for_each_nested(attr, attrs[IFLA_AF_SPEC], left)
	{
		assert_int_equal(nla_type(attr), IFLA_BRIDGE_VLAN_INFO);
		assert_memory_equal(nla_data(attr), &wanted[count++], sizeof(*wanted));
	}
	assert_int_equal(count, 4);
	nlmsg_free(msg);
	arena_free(lab.arena);
}

static void names_of_tunnels_are_told_last(void **state)
{
	struct lab lab;

	(void)state;
	load(&lab, "[node a]\nt1 = gre 10.1.0.1/30\nt1.remote = b\nlo = 10.255.0.1\n"
		   "eth0 = c 10.0.0.1/30\neth0.5 = 10.5.0.1/24\n"
		   "[node b]\neth0 = c 10.0.0.2/30\n");
	assert_non_null(
		strstr(lab.plan->hosts, "10.0.0.1 a\n10.5.0.1 a\n10.255.0.1 a\n10.1.0.1 a\n"));
	arena_free(lab.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(both_ends_of_a_tunnel_choose_addresses_that_fit),
		TEST(addresses_of_tunnels_carry_no_others),
		TEST(peers_find_each_other_and_allow_what_is_theirs),
		TEST(devices_come_behind_what_they_sit_on),
		TEST(vlans_are_set_where_the_cable_ends),
		TEST(every_kind_has_a_word_of_its_own_and_an_encoder),
		TEST(a_vlan_names_its_interface_and_its_number),
		TEST(the_setting_of_a_port_lists_its_vlans),
		TEST(names_of_tunnels_are_told_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
