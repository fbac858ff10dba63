// SPDX-License-Identifier: MIT
// From text to the model: names, wiring, indexes, MACs, and the questions that a model answers.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "topology/build.h"
#include "topology/load.h"
#include "topology/names.h"
#include "topology/start.h"
#include "topology/values.h"

#define TEST cmocka_unit_test

struct loaded {
	struct arena *arena;
	struct faults faults;
	const struct topology *topology;
};

static void load(struct loaded *loaded, const char *text)
{
	*loaded = (struct loaded){.arena = arena_new()};
	loaded->faults.arena = loaded->arena;
	loaded->topology = topology_parse("dir/sample.ini", text, strlen(text), loaded->arena,
					  &loaded->faults);
	if (!loaded->topology)
		for (size_t i = 0; i < loaded->faults.count; i++)
			print_message("%s\n", loaded->faults.list[i].text);
}

static void load_good(struct loaded *loaded, const char *text)
{
	load(loaded, text);
	assert_non_null(loaded->topology);
}

static void end(struct loaded *loaded)
{
	arena_free(loaded->arena);
}

static struct interface *interface_of(const struct loaded *loaded, const char *node,
				      const char *name)
{
	struct node *found = topology_node(loaded->topology, node);
	struct interface *interface;

	assert_non_null(found);
	interface = node_interface(found, name);
	assert_non_null(interface);
	return interface;
}

static void a_lab_without_a_name_has_that_of_its_file(void **state)
{
	struct loaded loaded;

	(void)state;
	load_good(&loaded, "[node r1]\n");
	assert_string_equal(loaded.topology->name, "sample");
	assert_string_equal(loaded.topology->file, "dir/sample.ini");
	end(&loaded);
	load_good(&loaded, "[lab]\nname = Campus.2\n[node r1]\n");
	assert_string_equal(loaded.topology->name, "Campus.2");
	end(&loaded);
}

static void assert_need(const struct loaded *loaded, size_t i, enum feature feature,
			const char *key, int line)
{
	const struct need *need = &loaded->topology->needs[i];

	assert_true(i < loaded->topology->need_count);
	assert_int_equal(need->feature, feature);
	assert_string_equal(need->key, key);
	assert_string_equal(need->place.file, "dir/sample.ini");
	assert_int_equal(need->place.line, line);
}

static void what_a_file_needs_of_the_kernel_has_its_place(void **state)
{
	struct loaded loaded;

	(void)state;
	load_good(&loaded, "[switch lan1]\nstp = yes\n"
			   "[template ler]\nsysctl.net.mpls.platform_labels = 100\n"
			   "[node r1]\nlike = ler\n[node r2]\nlike = ler\n"
			   "[node r3]\nsysctl.net.vrf.strict_mode = 1\n");
	assert_int_equal(loaded.topology->need_count, 3);
	assert_need(&loaded, 0, FEATURE_BRIDGE, "[switch lan1]", 1);
	assert_need(&loaded, 1, FEATURE_MPLS, "sysctl.net.mpls.platform_labels", 4);
	assert_need(&loaded, 2, FEATURE_VRF, "sysctl.net.vrf.strict_mode", 10);
	end(&loaded);
}

static void a_plain_file_needs_nothing_of_the_kernel(void **state)
{
	struct loaded loaded;

	(void)state;
	load_good(&loaded, "[node a]\neth0 = l 10.0.0.1/24\nsysctl.net.ipv4.tcp_ecn = 1\n"
			   "[node b]\neth0 = l 10.0.0.2/24\n");
	assert_int_equal(loaded.topology->need_count, 0);
	end(&loaded);
}

static void nodes_are_numbered_in_the_order_of_the_file(void **state)
{
	struct loaded loaded;

	(void)state;
	load_good(&loaded, "[node z]\n[switch m]\n[node a]\n");
	assert_int_equal(loaded.topology->node_count, 3);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(loaded.topology->nodes[i].number, i + 1);
	assert_ptr_equal(topology_node(loaded.topology, "a"), &loaded.topology->nodes[2]);
	assert_int_equal(topology_node(loaded.topology, "m")->kind, NODE_SWITCH);
	assert_null(topology_node(loaded.topology, "b"));
	end(&loaded);
}

static void a_cable_joins_its_two_ends(void **state)
{
	struct loaded loaded;
	struct interface *a, *b;

	(void)state;
	load_good(&loaded,
		  "[node r1]\neth0 = core 10.0.0.1/30\n[node r2]\neth7 = core 10.0.0.2/30\n");
	a = interface_of(&loaded, "r1", "eth0");
	b = interface_of(&loaded, "r2", "eth7");
	assert_ptr_equal(a->peer, b);
	assert_ptr_equal(b->peer, a);
	assert_ptr_equal(a->segment, b->segment);
	assert_int_equal(a->segment->kind, SEGMENT_LINK);
	assert_int_equal(a->segment->end_count, 2);
	assert_int_equal(loaded.topology->link_count, 1);
	end(&loaded);
}

static void a_node_may_be_at_both_ends_of_a_cable(void **state)
{
	struct loaded loaded;

	(void)state;
	load_good(&loaded, "[node r1]\neth0 = loop\neth1 = loop\n");
	assert_ptr_equal(interface_of(&loaded, "r1", "eth0")->peer,
			 interface_of(&loaded, "r1", "eth1"));
	end(&loaded);
}

static void ports_of_a_switch_are_named_after_what_is_plugged_in(void **state)
{
	struct loaded loaded;
	const struct interface *port;

	(void)state;
	load_good(&loaded, "[switch lan1]\n"
			   "[node h1]\neth0 = lan1\n"
			   "[node host-of-long-name]\neth0 = lan1\n");
	port = interface_of(&loaded, "lan1", "h1-eth0");
	assert_null(port->long_name);
	assert_ptr_equal(port->peer, interface_of(&loaded, "h1", "eth0"));
	port = interface_of(&loaded, "lan1", "host-of-long-name-eth0");
	assert_string_equal(port->name, "p2");
	assert_ptr_equal(port, interface_of(&loaded, "lan1", "p2"));
	assert_int_equal(loaded.topology->link_count, 2);
	end(&loaded);
}

static void no_two_ports_of_a_switch_have_one_name(void **state)
{
	struct loaded loaded;
	const struct interface *port;

	(void)state;
	load_good(&loaded, "[switch lan1]\n"
			   "[switch lan2]\n"
			   "[node a]\nb-c0 = lan1\n"
			   "[node a-b]\nc0 = lan1\nd0 = lan2\n"
			   "[node a-b-c-d-e-f-g]\nh-long0 = lan2\n"
			   "[node a-b-c-d-e-f-g-h]\nlong0 = lan2\n"
			   "[node b]\nb-d0 = lan1\n");
	port = interface_of(&loaded, "lan1", "a-b-c0");
	assert_ptr_equal(port->peer, interface_of(&loaded, "a", "b-c0"));
	port = interface_of(&loaded, "a-b", "c0")->peer;
	assert_string_equal(port->name, "p2");
	assert_null(port->long_name);
	assert_string_equal(interface_of(&loaded, "a-b", "d0")->peer->name, "a-b-d0");
	assert_string_equal(interface_of(&loaded, "a-b-c-d-e-f-g", "h-long0")->peer->long_name,
			    "a-b-c-d-e-f-g-h-long0");
	assert_null(interface_of(&loaded, "a-b-c-d-e-f-g-h", "long0")->peer->long_name);
	end(&loaded);
}

static void a_port_is_as_wide_as_what_is_plugged_in(void **state)
{
	struct loaded loaded;

	(void)state;
	load_good(&loaded, "[switch lan1]\n[node h1]\neth0 = lan1\neth0.mtu = 9000\n");
	assert_int_equal(interface_of(&loaded, "lan1", "h1-eth0")->mtu, 9000);
	end(&loaded);
}

static void ends_of_a_link_have_its_mtu_but_for_those_with_their_own(void **state)
{
	struct loaded loaded;

	(void)state;
	load_good(&loaded, "[link core]\nmtu = 1400\n"
			   "[node a]\neth0 = core\n"
			   "[node b]\neth0 = core\neth0.mtu = 1300\n");
	assert_int_equal(interface_of(&loaded, "a", "eth0")->mtu, 1400);
	assert_int_equal(interface_of(&loaded, "b", "eth0")->mtu, 1300);
	end(&loaded);
}

static void each_stub_has_a_far_end_of_its_own_in_the_last_node(void **state)
{
	struct loaded loaded;
	const struct node *stubs;

	(void)state;
	load_good(&loaded, "[node a]\neth0 = stub\neth1 = stub\n[node b]\neth0 = stub\n");
	assert_int_equal(loaded.topology->node_count, 3);
	stubs = &loaded.topology->nodes[2];
	assert_int_equal(stubs->kind, NODE_STUBS);
	assert_int_equal(stubs->interface_count, 4);
	assert_ptr_equal(interface_of(&loaded, "b", "eth0")->peer->node, stubs);
	assert_ptr_not_equal(interface_of(&loaded, "a", "eth0")->peer,
			     interface_of(&loaded, "a", "eth1")->peer);
	assert_null(topology_node(loaded.topology, "stub"));
	assert_int_equal(loaded.topology->link_count, 0);
	end(&loaded);
}

static const char all_kinds[] = "[switch lan1]\neth0 = lan2\n"
				"[switch lan2]\n"
				"[node a]\neth0 = lan1\neth1 = core\neth2 = loop\neth3 = loop\n"
				"[node b]\neth9 = stub\neth0 = core\neth1 = lan2\neth2 = lan1\n";

static void indexes_rise_and_the_ends_of_a_cable_have_different_ones(void **state)
{
	struct loaded loaded;

	(void)state;
	load_good(&loaded, all_kinds);
	for (size_t i = 0; i < loaded.topology->node_count; i++) {
		const struct node *node = &loaded.topology->nodes[i];

		assert_int_equal(node->interfaces[0].index, 1);
		if (node->kind == NODE_SWITCH)
			assert_int_equal(node->bridge.index, 16);
		for (size_t k = 1; k < node->interface_count; k++) {
			const struct interface *interface = &node->interfaces[k];

			assert_true(interface->index >= 16); /* above the kernel's own */
			assert_true(interface->index > interface[-1].index);
			assert_true(interface->index > node->bridge.index);
			assert_int_not_equal(interface->index, interface->peer->index);
			assert_ptr_equal(interface->peer->peer, interface);
		}
	}
	end(&loaded);
}

static void no_two_interfaces_of_a_lab_have_the_same_mac(void **state)
{
	struct loaded loaded;
	uint8_t macs[64][6];
	size_t count = 0;

	(void)state;
	load_good(&loaded, all_kinds);
	for (size_t i = 0; i < loaded.topology->node_count; i++) {
		const struct node *node = &loaded.topology->nodes[i];

		for (size_t k = 1; k < node->interface_count; k++)
			memcpy(macs[count++], node->interfaces[k].mac, 6);
		if (node->kind == NODE_SWITCH)
			memcpy(macs[count++], node->bridge.mac, 6);
	}
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(macs[i][0], 2);
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(macs[i], macs[k], 6);
	}
	end(&loaded);
}

static void the_same_text_gives_the_same_model(void **state)
{
	struct loaded one, two;

	(void)state;
	load_good(&one, all_kinds);
	load_good(&two, all_kinds);
	assert_int_equal(one.topology->node_count, two.topology->node_count);
	for (size_t i = 0; i < one.topology->node_count; i++) {
		const struct node *a = &one.topology->nodes[i], *b = &two.topology->nodes[i];

		assert_string_equal(a->name, b->name);
		assert_int_equal(a->interface_count, b->interface_count);
		for (size_t k = 0; k < a->interface_count; k++) {
			assert_string_equal(a->interfaces[k].name, b->interfaces[k].name);
			assert_int_equal(a->interfaces[k].index, b->interfaces[k].index);
			assert_memory_equal(a->interfaces[k].mac, b->interfaces[k].mac, 6);
		}
	}
	end(&one);
	end(&two);
}

/* Indexes lie two apart, and a MAC address has room for 16 bits of them. */
static void as_many_interfaces_as_a_node_may_have_have_different_macs(void **state)
{
	char *text = test_malloc((size_t)NODE_INTERFACE_LIMIT * 24);
	struct loaded loaded;
	const struct node *node;
	size_t used = (size_t)sprintf(text, "[node a]\n");

	(void)state;
	for (int i = 0; i < NODE_INTERFACE_LIMIT; i++)
		used += (size_t)sprintf(text + used, "eth%d = stub\n", i);
	load_good(&loaded, text);
	node = topology_node(loaded.topology, "a");
	assert_int_equal(node->interface_count, NODE_INTERFACE_LIMIT + 1);
	assert_true(node->interfaces[NODE_INTERFACE_LIMIT].index <= UINT16_MAX);
	end(&loaded);
	test_free(text);
}

static void a_template_gives_what_the_node_does_not_say(void **state)
{
	struct loaded loaded;

	(void)state;
	load_good(&loaded,
		  "[template router]\nforward = yes\nipv6 = no\n"
		  "[node a]\nlike = router\n[node b]\nlike = router\nipv6 = yes\n[node c]\n");
	assert_true(topology_node(loaded.topology, "a")->forward);
	assert_false(topology_node(loaded.topology, "a")->ipv6);
	assert_true(topology_node(loaded.topology, "b")->forward);
	assert_true(topology_node(loaded.topology, "b")->ipv6);
	assert_false(topology_node(loaded.topology, "c")->forward);
	end(&loaded);
}

static void gateways_are_routes_before_all_others(void **state)
{
	struct loaded loaded;
	const struct node *node;

	(void)state;
	load_good(&loaded, "[node a]\neth0 = x 10.0.0.2/24 fd00::2/64\n"
			   "route.far = 10.9.0.0/16 via 10.0.0.1\n"
			   "gateway = 10.0.0.1 fd00::1\n"
			   "[node b]\neth0 = x 10.0.0.1/24 fd00::1/64\n");
	node = topology_node(loaded.topology, "a");
	assert_int_equal(node->route_count, 3);
	assert_string_equal(node->routes[0].name, "gateway");
	assert_int_equal(node->routes[0].destination.family, AF_INET);
	assert_int_equal(node->routes[0].destination.length, 0);
	assert_int_equal(node->routes[1].destination.family, AF_INET6);
	assert_string_equal(node->routes[2].name, "far");
	assert_int_equal(node->routes[2].destination.length, 16);
	assert_int_equal(node->routes[2].hop_count, 1);
	end(&loaded);
}

static void a_warning_alone_prevents_no_model(void **state)
{
	struct loaded loaded;

	(void)state;
	load_good(&loaded, "[node a]\nrun.x = echo; echo\n");
	assert_int_equal(loaded.faults.count, 1);
	assert_int_equal(loaded.faults.warnings, 1);
	assert_int_equal(faults_real(&loaded.faults), 0);
	end(&loaded);
}

static void services_have_what_is_said_of_them_wherever_it_stands(void **state)
{
	struct loaded loaded;
	struct node *node;
	char text[READY_TEXT_SIZE];

	(void)state;
	load_good(&loaded,
		  "[template server]\nservice.web.ready = port 8080\nservice.web = httpd\n"
		  "[node a]\nlike = server\nservice.web.ready = file /run/x y\n"
		  "run.first = true\nservice.dns.restart = on-failure\nscript = -/dev/null\n"
		  "service.dns = dnsmasq -k\nservice.dns.ready = port 53/udp\nscript.b = b\n"
		  "service.ntp = ntpd\nservice.ntp.ready = 500ms\nservice.ntp.restart = yes\n"
		  "service.ssh = sshd\nservice.ssh.ready = portal\n"
		  "env.A_1 = \"x; y\"\n");
	node = topology_node(loaded.topology, "a");
	assert_int_equal(node->command_count, 7);
	assert_string_equal(node->commands[0].key, "service.web");
	assert_string_equal(node->commands[1].key, "run.first");
	assert_int_equal(node->commands[2].kind, COMMAND_SCRIPT);
	assert_string_equal(node->commands[2].text, "/dev/null");
	assert_true(node->commands[2].may_fail);
	assert_int_equal(node_service(node, "web")->ready.kind, READY_FILE);
	assert_string_equal(node_service(node, "web")->ready.text, "/run/x y");
	assert_string_equal(ready_text(&node_service(node, "web")->ready, text), "file /run/x y");
	assert_int_equal(node_service(node, "web")->restart, RESTART_NO);
	assert_int_equal(node_service(node, "dns")->restart, RESTART_ON_FAILURE);
	assert_int_equal(node_service(node, "dns")->ready.kind, READY_UDP);
	assert_int_equal(node_service(node, "dns")->ready.port, 53);
	assert_int_equal(node_service(node, "ntp")->restart, RESTART_ALWAYS);
	assert_int_equal(node_service(node, "ntp")->ready.time, 500000000);
	assert_int_equal(node_service(node, "ssh")->ready.kind, READY_COMMAND);
	assert_null(node_service(node, "first"));
	assert_int_equal(node->variable_count, 1);
	assert_string_equal(node->variables[0].name, "A_1");
	assert_string_equal(node->variables[0].value, "x; y");
	end(&loaded);
}

static void nodes_may_wait_for_each_other_but_not_in_a_circle(void **state)
{
	struct loaded loaded;

	(void)state;
	load_good(&loaded, "[lab]\ntimeout = 2m\n[node a]\nafter = b c\n[node b]\nafter = c\n"
			   "[switch c]\n[node d]\nafter = a b\n");
	assert_int_equal(loaded.topology->timeout, 120);
	assert_int_equal(topology_node(loaded.topology, "a")->after_count, 2);
	assert_string_equal(topology_node(loaded.topology, "d")->afters[1].node->name, "b");
	end(&loaded);
	load(&loaded, "[node a]\nafter = b\n[node b]\nafter = a\n");
	assert_null(loaded.topology);
	assert_string_equal(loaded.faults.list[0].text,
			    "after: these wait for each other in a circle: a, b");
	end(&loaded);
}

static void an_address_is_in_the_network_of_another(void **state)
{
	static const struct {
		const char *inner, *network;
		bool in;
	} rows[] = {
		{"10.0.0.1/32", "10.0.0.9/24", true},	    {"10.0.1.1/32", "10.0.0.9/24", false},
		{"10.0.0.127/32", "10.0.0.1/25", true},	    {"10.0.0.128/32", "10.0.0.1/25", false},
		{"192.0.2.1/32", "0.0.0.0/0", true},	    {"fd00::1/128", "fd00::2/64", true},
		{"fd00:0:0:1::1/128", "fd00::2/64", false}, {"::/128", "0.0.0.0/0", false},
	};
	struct address inner, network;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_null(value_address(rows[i].inner, ADDRESS_NETWORK, &inner));
		assert_null(value_address(rows[i].network, ADDRESS_NETWORK, &network));
		assert_int_equal(address_in(&inner, &network), rows[i].in);
	}
}

static void addresses_and_macs_are_written_as_people_do(void **state)
{
	static const uint8_t mac[6] = {2, 0, 0, 0xab, 0, 9};
	char text[ADDRESS_TEXT_SIZE];
	struct address address;

	(void)state;
	assert_null(value_address("fd00:0:0:0::1/64", ADDRESS_NETWORK, &address));
	assert_string_equal(address_text(&address, false, text), "fd00::1/64");
	assert_string_equal(address_text(&address, true, text), "fd00::1");
	assert_string_equal(mac_text(mac, text), "02:00:00:ab:00:09");
}

static void names_have_their_form(void **state)
{
	char longest[NAME_LIMIT + 2];

	(void)state;
	memset(longest, 'a', sizeof(longest));
	longest[NAME_LIMIT] = '\0';
	assert_true(name_fits(NAME_NODE, longest));
	longest[NAME_LIMIT] = 'a';
	longest[NAME_LIMIT + 1] = '\0';
	assert_false(name_fits(NAME_NODE, longest));
	assert_true(name_fits(NAME_NODE, "h1-left_2"));
	assert_true(name_fits(NAME_NODE, "1a"));
	assert_false(name_fits(NAME_NODE, ""));
	assert_false(name_fits(NAME_NODE, "-a"));
	assert_false(name_fits(NAME_NODE, "H1"));
	assert_false(name_fits(NAME_NODE, "a.b"));
	assert_false(name_fits(NAME_NODE, "a/b"));
	assert_true(name_fits(NAME_LAB, "Campus.2"));
	assert_false(name_fits(NAME_LAB, ".."));
	assert_false(name_fits(NAME_LAB, ".hidden"));
	assert_false(name_fits(NAME_LAB, "a/b"));
}

static void an_interface_has_a_digit(void **state)
{
	(void)state;
	assert_true(name_is_interface("eth0"));
	assert_true(name_is_interface("wan12"));
	assert_true(name_is_interface("r1-eth0"));
	assert_true(name_is_interface("to_r2-1"));
	assert_false(name_is_interface("lo"));
	assert_false(name_is_interface("0"));
	assert_true(name_is_interface("enp3s0f1np1"));
	assert_true(name_is_interface("r1-lan"));
	assert_false(name_is_interface("port-priority"));
	assert_false(name_is_interface("Eth0"));
	assert_false(name_is_interface("eth0.5"));
	assert_false(name_is_interface("-eth0"));
	assert_false(name_is_interface(""));
	assert_true(name_is_subinterface("r1-eth0.5.7"));
	assert_false(name_is_subinterface("r1-eth0"));
	assert_false(name_is_subinterface("r1-eth0.5-7"));
	assert_false(name_is_subinterface("eth.5"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_lab_without_a_name_has_that_of_its_file),
		TEST(nodes_are_numbered_in_the_order_of_the_file),
		TEST(what_a_file_needs_of_the_kernel_has_its_place),
		TEST(a_plain_file_needs_nothing_of_the_kernel),
		TEST(a_cable_joins_its_two_ends),
		TEST(a_node_may_be_at_both_ends_of_a_cable),
		TEST(ports_of_a_switch_are_named_after_what_is_plugged_in),
		TEST(no_two_ports_of_a_switch_have_one_name),
		TEST(a_port_is_as_wide_as_what_is_plugged_in),
		TEST(ends_of_a_link_have_its_mtu_but_for_those_with_their_own),
		TEST(each_stub_has_a_far_end_of_its_own_in_the_last_node),
		TEST(indexes_rise_and_the_ends_of_a_cable_have_different_ones),
		TEST(no_two_interfaces_of_a_lab_have_the_same_mac),
		TEST(the_same_text_gives_the_same_model),
		TEST(as_many_interfaces_as_a_node_may_have_have_different_macs),
		TEST(a_template_gives_what_the_node_does_not_say),
		TEST(gateways_are_routes_before_all_others),
		TEST(a_warning_alone_prevents_no_model),
		TEST(services_have_what_is_said_of_them_wherever_it_stands),
		TEST(nodes_may_wait_for_each_other_but_not_in_a_circle),
		TEST(an_address_is_in_the_network_of_another),
		TEST(addresses_and_macs_are_written_as_people_do),
		TEST(names_have_their_form),
		TEST(an_interface_has_a_digit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
