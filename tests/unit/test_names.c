// SPDX-License-Identifier: MIT
// Names that nodes know: /etc/hosts with a domain, /etc/resolv.conf; and what a file says of files.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "plan/hosts.h"
#include "plan/resolver.h"
#include "topology/files.h"
#include "topology/load.h"
#include "topology/model.h"
#include "topology/units.h"

#define TEST cmocka_unit_test

static const char text[] = "[lab]\n"
			   "domain = lab.example\n"
			   "[node ns_1]\n"
			   "lo = 10.9.9.9/32\n"
			   "eth0 = lan 10.0.0.53/24 fd00::53/64\n"
			   "[node ns2]\n"
			   "eth0 = lan 10.0.0.54/24\n"
			   "[node h1]\n"
			   "eth0 = lan 10.0.0.1/24\n"
			   "dns = ns2 ns_1 10.8.8.8\n"
			   "private = /srv//www/ /opt/./app\n"
			   "disk = 1.5G\n"
			   "[node h2]\n"
			   "eth0 = lan 10.0.0.2/24 fd00::2/64\n"
			   "dns = ns_1\n"
			   "[node bare]\n"
			   "eth0 = lan\n"
			   "[switch lan]\n";

static int load(void **state)
{
	struct arena *arena = arena_new();
	struct faults faults = {.arena = arena};
	const struct topology **topology = arena_alloc(arena, 2 * sizeof(*topology));

	*topology = topology_parse("dir/names.ini", text, strlen(text), arena, &faults);
	((void **)topology)[1] = arena;
	*state = topology;
	return *topology ? 0 : -1;
}

static int unload(void **state)
{
	arena_free(((struct arena **)*state)[1]);
	return 0;
}

static const struct topology *topology_of(void **state)
{
	return *(const struct topology **)*state;
}

static void a_node_without_an_address_knows_itself(void **state)
{
	const struct topology *topology = topology_of(state);
	struct arena *arena = arena_new();

	assert_string_equal(hosts_own(topology, topology_node(topology, "bare"), arena),
			    "127.0.1.1 bare.lab.example bare\n");
	assert_null(hosts_own(topology, topology_node(topology, "h2"), arena));
	assert_null(hosts_own(topology, topology_node(topology, "lan"), arena));
	arena_free(arena);
}

static void the_whole_name_comes_first_where_there_is_a_domain(void **state)
{
	struct arena *arena = arena_new();

	assert_string_equal(hosts_text(topology_of(state), arena),
			    "127.0.0.1 localhost\n"
			    "::1 localhost ip6-localhost ip6-loopback\n"
			    "10.0.0.53 ns_1.lab.example ns_1\n"
			    "fd00::53 ns_1.lab.example ns_1\n"
			    "10.9.9.9 ns_1.lab.example ns_1\n"
			    "10.0.0.54 ns2.lab.example ns2\n"
			    "10.0.0.1 h1.lab.example h1\n"
			    "10.0.0.2 h2.lab.example h2\n"
			    "fd00::2 h2.lab.example h2\n");
	arena_free(arena);
}

static void each_server_has_one_address_before_any_has_two(void **state)
{
	const struct topology *topology = topology_of(state);
	struct arena *arena = arena_new();

	assert_string_equal(resolver_text(topology, topology_node(topology, "h1"), arena),
			    "search lab.example\n"
			    "nameserver 10.0.0.54\n"
			    "nameserver 10.0.0.53\n"
			    "nameserver 10.8.8.8\n"
			    "nameserver 10.9.9.9\n");
	arena_free(arena);
}

static void a_node_with_both_families_asks_over_both(void **state)
{
	const struct topology *topology = topology_of(state);
	struct arena *arena = arena_new();

	assert_string_equal(resolver_text(topology, topology_node(topology, "h2"), arena),
			    "search lab.example\n"
			    "nameserver 10.0.0.53\n"
			    "nameserver fd00::53\n"
			    "nameserver 10.9.9.9\n");
	arena_free(arena);
}

static void private_paths_are_tidied(void **state)
{
	const struct node *node = topology_node(topology_of(state), "h1");

	assert_int_equal(node->privates.count, 2);
	assert_string_equal(node->privates.list[0], "/srv/www");
	assert_string_equal(node->privates.list[1], "/opt/app");
	assert_true(node->disk == (UINT64_C(3) << 29));
}

static void sizes_are_of_1024_each(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} rows[] = {
		{"0", 0},     {"4096", 4096},	      {"64M", 64ULL << 20}, {"64MiB", 64ULL << 20},
		{"1k", 1024}, {"0.5g", 512ULL << 20}, {"1T", 1ULL << 40}};
	static const char *const bad[] = {"", "M", "-1", "1 M", "1X", "0x10", "1e9"};
	uint64_t bytes;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_null(size_read(rows[i].text, &bytes));
		assert_true(bytes == rows[i].bytes);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_non_null(size_read(bad[i], &bytes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_node_without_an_address_knows_itself),
		TEST(the_whole_name_comes_first_where_there_is_a_domain),
		TEST(each_server_has_one_address_before_any_has_two),
		TEST(a_node_with_both_families_asks_over_both),
		TEST(private_paths_are_tidied),
		TEST(sizes_are_of_1024_each),
	};

	return cmocka_run_group_tests_name("names and files", tests, load, unload);
}
