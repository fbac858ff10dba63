// SPDX-License-Identifier: MIT
// Addresses and gateways that the file leaves open: which, from where, and that they stay.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "topology/load.h"
#include "topology/model.h"
#include "topology/space.h"
#include "topology/values.h"

static int begin(void **state)
{
	*state = arena_new();
	return 0;
}

static int end(void **state)
{
	arena_free(*state);
	return 0;
}

static const struct topology *load(struct arena *arena, const char *text)
{
	struct faults faults = {.arena = arena};
	const struct topology *topology =
		topology_parse("dir/sample.ini", text, strlen(text), arena, &faults);

	for (size_t i = 0; !topology && i < faults.count; i++)
		print_message("%s\n", faults.list[i].text);
	assert_non_null(topology);
	return topology;
}

/* "10.0.0.1/24 fd00::1/64" of "h1:eth0" */
static const char *addresses(struct arena *arena, const struct topology *topology, const char *name)
{
	const char *colon = strchr(name, ':'), *text = "";
	const struct node *node =
		topology_node(topology, arena_strndup(arena, name, (size_t)(colon - name)));
	const struct interface *interface;

	assert_non_null(node);
	interface = node_interface(node, colon + 1);
	assert_non_null(interface);
	for (size_t i = 0; i < interface->address_count; i++) {
		char buffer[ADDRESS_TEXT_SIZE];

		text = arena_printf(arena, "%s%s%s", text, i ? " " : "",
				    address_text(&interface->addresses[i], false, buffer));
	}
	return text;
}

/* The same of all interfaces, each in a line: "h1:eth0 10.0.0.1/24" */
static const char *all_addresses(struct arena *arena, const struct topology *topology)
{
	const char *text = "";

	for (size_t i = 0; i < topology->node_count; i++)
		for (size_t k = 0; k < topology->nodes[i].interface_count; k++) {
			const char *name = arena_printf(arena, "%s:%s", topology->nodes[i].name,
							topology->nodes[i].interfaces[k].name);

			if (topology->nodes[i].kind == NODE_HOST)
				text = arena_printf(arena, "%s%s %s\n", text, name,
						    addresses(arena, topology, name));
		}
	return text;
}

static const char *gateways(struct arena *arena, const struct topology *topology, const char *name)
{
	const struct node *node = topology_node(topology, name);
	const char *text = "";

	assert_non_null(node);
	for (size_t i = 0; i < node->route_count; i++) {
		char buffer[ADDRESS_TEXT_SIZE];

		assert_int_equal(node->routes[i].destination.length, 0);
		text = arena_printf(arena, "%s%s%s", text, i ? " " : "",
				    address_text(&node->routes[i].hops[0].via, true, buffer));
	}
	return text;
}

static struct address prefix(const char *text)
{
	struct address address;

	assert_null(value_address(text, ADDRESS_PREFIX, &address));
	return address;
}

/* Every free /28 of a /22, lowest first, beside those that are used: by trying all. */
static void space_is_taken_from_below_and_never_twice(void **state)
{
	static const char *const used[] = {"10.0.0.16/28", "10.0.0.128/25", "10.0.2.0/27",
					   "10.0.3.255/32", "10.0.8.0/24"};
	struct address whole = prefix("10.0.0.0/22"), taken;
	struct space space;

	space_start(&space, &whole, *state);
	for (size_t i = 0; i < sizeof(used) / sizeof(*used); i++) {
		struct address one = prefix(used[i]);

		space_use(&space, &one);
	}
	for (uint32_t offset = 0; offset < 1024; offset += 16) {
		struct address next = whole;
		bool is_free = true;

		next.length = 28;
		next.bytes[2] |= (uint8_t)(offset >> 8);
		next.bytes[3] = (uint8_t)offset;
		for (size_t i = 0; i < sizeof(used) / sizeof(*used); i++) {
			struct address one = prefix(used[i]);

			is_free &= !address_in(&one, &next) && !address_in(&next, &one);
		}
		if (!is_free)
			continue;
		assert_true(space_take(&space, 28, &taken));
		assert_memory_equal(&taken, &next, sizeof(next));
	}
	assert_false(space_take(&space, 28, &taken));
	assert_true(space_take(&space, 29, &taken));
	assert_false(space_take(&space, 21, &taken));
}

#define POOLS "[lab]\naddresses = 10.0.0.0/8 fd00::/32\n"

static void cables_switches_and_lo_get_addresses_from_the_lab_s_prefixes(void **state)
{
	const struct topology *topology =
		load(*state, POOLS "[node r1]\nlo = auto\neth0 = a\neth1 = lan1\n"
				   "[node r2]\neth0 = a\neth1 = stub\n[switch lan1]\n"
				   "[node h1]\neth0 = lan1\ndum1 = dummy auto\n");

	assert_string_equal(all_addresses(*state, topology),
			    "r1:lo 10.255.0.1/32 fd00:0:ff00::1/128\n"
			    "r1:eth0 10.0.0.1/30 fd00::1/64\n"
			    "r1:eth1 10.0.1.1/24 fd00:0:0:1::1/64\n"
			    "r2:lo \n"
			    "r2:eth0 10.0.0.2/30 fd00::2/64\n"
			    "r2:eth1 \n"
			    "h1:lo \n"
			    "h1:eth0 10.0.1.2/24 fd00:0:0:1::2/64\n"
			    "h1:dum1 10.255.0.2/32 fd00:0:ff00::2/128\n");
}

/* What is there keeps its addresses, whatever comes behind it. */
static void a_node_at_the_end_of_the_file_renumbers_nothing(void **state)
{
	static const char before[] = POOLS "[node r1]\nlo = auto\neth0 = a\neth1 = lan1\neth2 = c\n"
					   "[node r2]\nlo = auto\neth0 = a\neth1 = b\n"
					   "[switch lan1]\n[node h1]\neth0 = lan1\n"
					   "[node r3]\neth0 = b\neth1 = c\n";
	static const char *const more[] = {
		"[node h2]\neth0 = lan1\n",
		"[node r9]\nlo = auto\neth0 = lan1\neth1 = lan2\n[switch lan2]\n",
		"[node r8]\neth0 = x\n[node r9]\neth0 = x\nlo = auto\n",
	};
	const char *kept = all_addresses(*state, load(*state, before));

	for (size_t i = 0; i < sizeof(more) / sizeof(*more); i++) {
		const char *text = arena_printf(*state, "%s%s", before, more[i]);
		const char *now = all_addresses(*state, load(*state, text));

		assert_int_equal(strncmp(now, kept, strlen(kept)), 0);
		assert_true(strlen(now) > strlen(kept));
	}
}

/* A cable to a new node takes an interface of one that is there: it is the last one all the same.
 */
static void a_cable_to_a_node_at_the_end_renumbers_no_other(void **state)
{
	static const char without[] = POOLS "[node r1]\neth0 = a\n[node r2]\neth0 = a\neth1 = b\n"
					    "[node r3]\neth0 = b\n";
	static const char with[] = POOLS "[node r1]\neth0 = a\neth1 = new\n"
					 "[node r2]\neth0 = a\neth1 = b\n[node r3]\neth0 = b\n"
					 "[node r4]\neth0 = new\n";
	const struct topology *before = load(*state, without), *after = load(*state, with);

	assert_string_equal(addresses(*state, before, "r3:eth0"), "10.0.0.6/30 fd00:0:0:1::2/64");
	assert_string_equal(addresses(*state, after, "r3:eth0"), "10.0.0.6/30 fd00:0:0:1::2/64");
	assert_string_equal(addresses(*state, after, "r4:eth0"), "10.0.0.10/30 fd00:0:0:2::2/64");
}

static void what_the_file_gives_is_skipped_wherever_it_is(void **state)
{
	const struct topology *topology =
		load(*state, POOLS "[node r1]\neth0 = a\neth1 = b\n"
				   "[node r2]\neth0 = a\neth1 = b\nlo = 10.0.0.9 fd00::9\n"
				   "[node r3]\neth0 = stub 10.0.0.5/30\n");

	assert_string_equal(addresses(*state, topology, "r1:eth0"), "10.0.0.1/30 fd00:0:0:1::1/64");
	assert_string_equal(addresses(*state, topology, "r1:eth1"),
			    "10.0.0.13/30 fd00:0:0:2::1/64");
}

static void an_address_of_the_file_decides_on_the_subnet_of_its_segment(void **state)
{
	const struct topology *topology =
		load(*state, POOLS "[switch lan1]\n[node h1]\neth0 = lan1\n"
				   "[node h2]\neth0 = lan1 192.168.7.2/28 fe80::2/64\n"
				   "[node h3]\neth0 = lan1\n[node h4]\neth0 = lan1 none\n"
				   "[node h5]\nipv6 = no\neth0 = lan1\n");

	assert_string_equal(all_addresses(*state, topology),
			    "h1:lo \nh1:eth0 192.168.7.1/28 fd00::1/64\n"
			    "h2:lo \nh2:eth0 192.168.7.2/28 fe80::2/64 fd00::2/64\n"
			    "h3:lo \nh3:eth0 192.168.7.3/28 fd00::3/64\n"
			    "h4:lo \nh4:eth0 \n"
			    "h5:lo \nh5:eth0 192.168.7.4/28\n");
}

static void a_segment_has_its_own_subnet_without_any_of_the_lab(void **state)
{
	const struct topology *topology =
		load(*state, "[switch lan1]\nsubnet = 192.168.1.0/29 fd01::/64\nup1 = lan2\n"
			     "[switch lan2]\n[link a]\nsubnet = 192.0.2.0/31\n"
			     "[node h1]\neth0 = lan1\neth1 = a\n[node h2]\neth0 = lan2\n"
			     "eth1 = a\neth2 = b\n[node h3]\neth0 = b\n");

	assert_string_equal(all_addresses(*state, topology),
			    "h1:lo \nh1:eth0 192.168.1.1/29 fd01::1/64\nh1:eth1 192.0.2.0/31\n"
			    "h2:lo \nh2:eth0 192.168.1.2/29 fd01::2/64\nh2:eth1 192.0.2.1/31\n"
			    "h2:eth2 \nh3:lo \nh3:eth0 \n");
}

/* Those without a subnet, too. */
static void single_addresses_of_the_file_are_stepped_over(void **state)
{
	static const char text[] = "[switch lan]\nsubnet = 10.0.9.0/24\n"
				   "[node h1]\neth0 = lan\n"
				   "[node h2]\neth0 = lan 10.0.9.3/32 10.0.9.1/32\n"
				   "[node h3]\neth0 = lan\n";
	const struct topology *topology = load(*state, text);

	assert_string_equal(addresses(*state, topology, "h1:eth0"), "10.0.9.2/24");
	assert_string_equal(addresses(*state, topology, "h3:eth0"), "10.0.9.4/24");
}

/* The port of a trunk has no network; each VLAN is one, across switches. */
static void vlans_are_segments_of_their_own(void **state)
{
	const struct topology *topology =
		load(*state,
		     "[lab]\naddresses = 10.0.0.0/8\n"
		     "[switch sw1]\nsubnet.20 = 192.168.20.0/24\nup1 = sw2\nup1.trunk = 10 20\n"
		     "[switch sw2]\n"
		     "[node r1]\neth0 = sw1\neth0.trunk = 10 20\neth0.10 = auto\neth0.20 = auto\n"
		     "[node h1]\neth0 = sw1\neth0.vlan = 10\n"
		     "[node h2]\neth0 = sw2\neth0.vlan = 20\n");

	assert_string_equal(all_addresses(*state, topology),
			    "r1:lo \nr1:eth0 \nr1:eth0.10 10.0.0.1/24\nr1:eth0.20 192.168.20.1/24\n"
			    "h1:lo \nh1:eth0 10.0.0.2/24\nh2:lo \nh2:eth0 192.168.20.2/24\n");
}

static void a_bridge_or_a_bond_has_the_address_and_not_its_ports(void **state)
{
	const struct topology *topology =
		load(*state, "[lab]\naddresses = 10.0.0.0/8\n"
			     "[node r1]\neth0 = a\neth1 = b\nbr1 = bridge eth0 eth1\n"
			     "[node h1]\neth0 = a\n[node h2]\neth0 = b\n");

	assert_string_equal(all_addresses(*state, topology),
			    "r1:lo \nr1:eth0 \nr1:eth1 \nr1:br1 10.0.0.1/29\n"
			    "h1:lo \nh1:eth0 10.0.0.2/29\nh2:lo \nh2:eth0 10.0.0.3/29\n");
}

static void small_prefixes_are_cut_to_fit_and_the_next_one_follows(void **state)
{
	const struct topology *topology =
		load(*state, "[lab]\naddresses = 192.0.2.0/29 198.51.100.0/24\n[switch lan1]\n"
			     "[node h1]\neth0 = lan1\neth1 = a\n[node h2]\neth0 = lan1\neth1 = a\n"
			     "[node h3]\neth0 = lan1\n");

	assert_string_equal(addresses(*state, topology, "h1:eth0"), "192.0.2.1/29");
	assert_string_equal(addresses(*state, topology, "h1:eth1"), "198.51.100.1/30");
}

static void the_gateway_is_the_first_router_of_the_file_on_the_first_segment(void **state)
{
	const struct topology *topology =
		load(*state, POOLS "[switch lan1]\n[switch lan2]\n"
				   "[node h1]\ngateway = auto\neth0 = lan2\neth1 = lan1\n"
				   "[node h2]\ngateway = auto 10.0.1.5\neth0 = lan1\n"
				   "[node r1]\neth0 = lan1\n"
				   "[node r2]\nforward = yes\neth0 = lan1 none\n"
				   "[node r3]\nforward = yes\neth0 = lan1\n"
				   "[node r4]\nforward = yes\neth0 = lan1\n"
				   "[node h3]\neth0 = lan1\n");

	assert_string_equal(addresses(*state, topology, "r3:eth0"), "10.0.1.4/24 fd00:0:0:1::4/64");
	assert_string_equal(gateways(*state, topology, "h1"), "10.0.1.4 fd00:0:0:1::4");
	assert_string_equal(gateways(*state, topology, "h2"), "10.0.1.5 fd00:0:0:1::4");
	assert_string_equal(gateways(*state, topology, "h3"), "");
}

int main(void)
{
#define IN_ARENA(test) cmocka_unit_test_setup_teardown(test, begin, end)
	const struct CMUnitTest tests[] = {
		IN_ARENA(space_is_taken_from_below_and_never_twice),
		IN_ARENA(cables_switches_and_lo_get_addresses_from_the_lab_s_prefixes),
		IN_ARENA(a_node_at_the_end_of_the_file_renumbers_nothing),
		IN_ARENA(a_cable_to_a_node_at_the_end_renumbers_no_other),
		IN_ARENA(what_the_file_gives_is_skipped_wherever_it_is),
		IN_ARENA(an_address_of_the_file_decides_on_the_subnet_of_its_segment),
		IN_ARENA(a_segment_has_its_own_subnet_without_any_of_the_lab),
		IN_ARENA(single_addresses_of_the_file_are_stepped_over),
		IN_ARENA(vlans_are_segments_of_their_own),
		IN_ARENA(a_bridge_or_a_bond_has_the_address_and_not_its_ports),
		IN_ARENA(small_prefixes_are_cut_to_fit_and_the_next_one_follows),
		IN_ARENA(the_gateway_is_the_first_router_of_the_file_on_the_first_segment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
