// SPDX-License-Identifier: MIT
// Ranges in names of sections and keys: what they stand for in the model.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "topology/load.h"
#include "topology/start.h"

#define TEST cmocka_unit_test

static const struct topology *load(const char *text, struct arena *arena)
{
	struct faults faults = {.arena = arena};
	const struct topology *topology =
		topology_parse("lab.ini", text, strlen(text), arena, &faults);

	for (size_t i = 0; i < faults.count; i++)
		print_error("%d: %s\n", faults.list[i].place.line, faults.list[i].text);
	assert_non_null(topology);
	return topology;
}

/* The names of all nodes, each with a blank behind it. */
static void check_names(const char *text, const char *wanted)
{
	AUTO_ARENA struct arena *arena = arena_new();
	const struct topology *topology = load(text, arena);
	const char *names = "";

	for (size_t i = 0; i < topology->node_count; i++)
		if (topology->nodes[i].kind != NODE_STUBS)
			names = arena_printf(arena, "%s%s ", names, topology->nodes[i].name);
	assert_string_equal(names, wanted);
}

static const struct interface *interface_of(const struct topology *topology, const char *node,
					    const char *name)
{
	const struct node *found = topology_node(topology, node);

	assert_non_null(found);
	assert_non_null(node_interface(found, name));
	return node_interface(found, name);
}

static void check_address(const struct interface *interface, const char *wanted)
{
	char text[ADDRESS_TEXT_SIZE];

	assert_int_equal(interface->address_count, 1);
	assert_string_equal(address_text(&interface->addresses[0], false, text), wanted);
}

static void a_range_is_many_sections(void **state)
{
	(void)state;
	check_names("[node h{1..3}]\n[switch s{0..4..2}]\n", "h1 h2 h3 s0 s2 s4 ");
	check_names("[node h{08..10}]\n[node x{y=5}]\n", "h08 h09 h10 x5 ");
	check_names("[node l{1..2}-{1..3}]\n", "l1-1 l1-2 l1-3 l2-1 l2-2 l2-3 ");
}

static void a_ring_closes(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	const struct topology *topology =
		load("[node r{1..300}]\n"
		     "eth0 = c{n} 10.{n/256}.{n%256}.1/30\n"
		     "eth1 = c{n%300+1} 10.{(n%300+1)/256}.{(n%300+1)%256}.2/30\n",
		     arena);

	(void)state;
	assert_int_equal(topology->link_count, 300);
	assert_ptr_equal(interface_of(topology, "r300", "eth1")->peer,
			 interface_of(topology, "r1", "eth0"));
	check_address(interface_of(topology, "r257", "eth0"), "10.1.1.1/30");
	check_address(interface_of(topology, "r256", "eth1"), "10.1.1.2/30");
}

static void the_keys_of_a_template_have_the_numbers_of_who_is_like_it(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	const struct topology *topology = load("[template t]\n"
					       "lo = 10.0.{x}.{y}/32\n"
					       "eth{1..2} = stub\n"
					       "[node a{x=1..2}-{y=3..4}]\n"
					       "like = t\n"
					       "eth2 = stub 10.9.{x}.{y}/24\n"
					       "[node b]\n"
					       "like = t\n"
					       "lo = 10.1.0.1/32\n",
					       arena);

	(void)state;
	check_address(interface_of(topology, "a2-3", "lo"), "10.0.2.3/32");
	check_address(interface_of(topology, "a1-4", "eth2"), "10.9.1.4/24");
	assert_int_equal(interface_of(topology, "a1-4", "eth1")->address_count, 0);
	assert_int_equal(topology_node(topology, "b")->interface_count, 3);
}

static void a_key_has_a_range_of_its_own(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	const struct topology *topology = load("[node hub{1..2}]\n"
					       "eth{1..3} = c{n}-{m} 10.{n}.{m}.1/24\n"
					       "[node h{1..2}-{1..3}]\n"
					       "eth0 = c{n}-{m} 10.{n}.{m}.2/24\n",
					       arena);

	(void)state;
	assert_ptr_equal(interface_of(topology, "hub2", "eth3")->peer,
			 interface_of(topology, "h2-3", "eth0"));
	check_address(interface_of(topology, "hub2", "eth3"), "10.2.3.1/24");
}

static void names_in_keys_are_computed(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	const struct topology *topology = load("[node r{1..3}]\n"
					       "eth0 = l{n}\n"
					       "eth1 = l{(n-2)%3+1}\n"
					       "[link l{1..3}]\n"
					       "r{n}.rate = {n}mbit\n",
					       arena);

	(void)state;
	assert_int_equal(topology->segment_count, 3);
	for (size_t i = 0; i < topology->segment_count; i++) {
		const struct segment *segment = &topology->segments[i];

		assert_int_equal(segment->direction_count, 1);
		/* r2 is at an end of l2, and so on. */
		assert_string_equal(segment->directions[0].node + 1, segment->name + 1);
	}
}

static void without_a_range_braces_mean_nothing(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	const struct topology *topology = load("[node h]\n"
					       "run.x = echo {n} {{n}} {1..4}\n"
					       "[node r{1..1}]\n"
					       "run.x = echo {n} {{n}}\n",
					       arena);

	(void)state;
	assert_string_equal(topology_node(topology, "h")->commands[0].text,
			    "echo {n} {{n}} {1..4}");
	assert_string_equal(topology_node(topology, "r1")->commands[0].text, "echo 1 {n}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_range_is_many_sections),
		TEST(a_ring_closes),
		TEST(the_keys_of_a_template_have_the_numbers_of_who_is_like_it),
		TEST(a_key_has_a_range_of_its_own),
		TEST(names_in_keys_are_computed),
		TEST(without_a_range_braces_mean_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
