// SPDX-License-Identifier: MIT
// Which routing daemons a configuration asks for.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "topology/daemon.h"

#define TEST cmocka_unit_test

/* The names of a set, each with a blank in front. */
static const char *names(struct arena *arena, daemon_set set)
{
	const char *text = "";

	for (size_t i = 0; i < frr_daemon_count; i++)
		if (set >> i & 1)
			text = arena_printf(arena, "%s %s", text, frr_daemons[i].name);
	return text;
}

static void each_statement_asks_for_its_daemon(void **state)
{
	static const struct {
		const char *text, *daemons;
	} rows[] = {
		{"router ospf", " ospfd"},
		{"router ospf 2 vrf red", " ospfd"},
		{"router ospf6", " ospf6d"},
		{"interface eth0\n ipv6 ospf6 area 0", " ospf6d"},
		{"interface eth0\n\tip ospf area 0\r\n", " ospfd"},
		{"router bgp 65000", " bgpd"},
		{"router isis lab", " isisd"},
		{" ip router isis lab", " isisd"},
		{" ip router openfabric lab", " fabricd"},
		{"router rip", " ripd"},
		{"router ripng", " ripngd"},
		{"router babel", " babeld"},
		{"router eigrp 1", " eigrpd"},
		{" ip pim", " pimd"},
		{" ip igmp join 239.1.1.1", " pimd"},
		{" ipv6 mld", " pim6d"},
		{"mpls ldp", " ldpd"},
		{" ip nhrp network-id 1", " nhrpd"},
		{"pbr-map x seq 1", " pbrd"},
		{" vrrp 5", " vrrpd"},
		{"segment-routing\n traffic-eng", " pathd"},
		{"ip route 10.0.0.0/8 blackhole", " staticd"},
		{"ipv6 route ::/0 fe80::1 eth0", " staticd"},
		{"bfd\n peer 10.0.0.1", " bfdd"},
		{" neighbor 10.0.0.1 bfd", " bfdd"},
		{" ip ospf bfd", " ospfd bfdd"},
		{" isis bfd", " bfdd"},
		{"  router   bgp\t65000", " bgpd"},
		{"router ospf\nrouter bgp 1\nip route ::/0 Null0", " bgpd ospfd staticd"},
	};
	AUTO_ARENA struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(names(arena, daemons_asked(rows[i].text)), rows[i].daemons);
}

static void what_only_looks_like_a_statement_asks_for_nothing(void **state)
{
	static const char *const texts[] = {
		"",
		"! router ospf",
		"# router ospf",
		" !router ospf",
		"no router ospf",
		" no ip pim",
		"interface eth0\n description ip ospf and bfd",
		" neighbor 10.0.0.1 description the bfd one",
		"banner motd line router bgp 1",
		"router",
		"router ospfx",
		"hostname bfd-router",
		"ip routes 10.0.0.0/8",
		"interface eth0\n ip address 10.0.0.1/24",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_int_equal(daemons_asked(texts[i]), 0);
}

static const char daemons_file[] = "# bgpd=yes\n"
				   "zebra=yes\n"
				   "bgpd=no\n"
				   "ospfd=yes # the one\r\n"
				   "isisd='yes'\n"
				   "ripd=no\n"
				   "ripd=yes\n"
				   "ospf6d=maybe\n"
				   "ospfd_options=\"  -A 127.0.0.1 -M snmp\"\n"
				   "frr_profile=datacenter\n";

static void a_file_daemons_switches_them_on(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(names(arena, daemons_enabled(daemons_file, arena)),
			    " zebra ripd ospfd isisd");
	assert_int_equal(daemons_enabled("", arena), 0);
}

static void its_variables_are_read_without_quotes(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(daemons_variable(daemons_file, "ospfd_options", arena),
			    "  -A 127.0.0.1 -M snmp");
	assert_string_equal(daemons_variable(daemons_file, "frr_profile", arena), "datacenter");
	assert_null(daemons_variable(daemons_file, "bgpd_options", arena));
	assert_null(daemons_variable(daemons_file, "ospfd_option", arena));
	assert_string_equal(daemons_variable("a=\"open\nb=1", "a", arena), "open");
	assert_string_equal(daemons_variable("a=", "a", arena), "");
}

static void zebra_is_first_and_names_are_unique(void **state)
{
	(void)state;
	assert_string_equal(frr_daemons[0].name, "zebra");
	assert_true(frr_daemon_count <= sizeof(daemon_set) * 8);
	for (size_t i = 0; i < frr_daemon_count; i++)
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(frr_daemons[i].name, frr_daemons[k].name);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(each_statement_asks_for_its_daemon),
		TEST(what_only_looks_like_a_statement_asks_for_nothing),
		TEST(a_file_daemons_switches_them_on),
		TEST(its_variables_are_read_without_quotes),
		TEST(zebra_is_first_and_names_are_unique),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
