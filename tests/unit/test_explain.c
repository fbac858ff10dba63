// SPDX-License-Identifier: MIT
// What other programs print, and packets that pass by, as explain reads them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <string.h>

#include "base/arena.h"
#include "kernel/filter.h"
#include "kernel/sighting.h"
#include "lab/consult.h"

static struct arena *arena;

static int begin(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* --- filters ---------------------------------------------------------------------------------- */

static const char ruleset[] = "table inet f {\n"
			      "\tchain bad {\n"
			      "\t\tip daddr 10.0.0.1 drop\n"
			      "\t}\n"
			      "\n"
			      "\tchain fwd {\n"
			      "\t\ttype filter hook forward priority filter; policy drop;\n"
			      "\t\tip saddr 10.0.0.2 accept\n"
			      "\t\ttcp dport 80 reject with tcp reset\n"
			      "\t\tlog prefix \"dropped \" accept\n"
			      "\t}\n"
			      "\n"
			      "\tchain in {\n"
			      "\t\ttype filter hook input priority filter; policy accept;\n"
			      "\t\ticmp type echo-request drop\n"
			      "\t}\n"
			      "}\n";

static void rules_that_drop_are_found_by_the_hook_of_their_chain(void **state)
{
	struct filter_drop *drops;
	size_t count;

	(void)state;
	drops = filter_parse_nft(ruleset, FILTER_FORWARD, arena, &count);
	assert_int_equal(count, 3);
	assert_string_equal(drops[0].chain, "inet f bad"); /* others may call it */
	assert_string_equal(drops[0].rule, "ip daddr 10.0.0.1 drop");
	assert_string_equal(drops[1].chain, "inet f fwd");
	assert_string_equal(drops[1].rule, "policy drop");
	assert_true(drops[1].is_policy);
	assert_int_equal(drops[1].accept_count, 2);
	assert_string_equal(drops[1].accepts[0], "ip saddr 10.0.0.2 accept");
	assert_false(drops[2].is_policy);
	assert_string_equal(drops[2].rule, "tcp dport 80 reject with tcp reset");
	drops = filter_parse_nft(ruleset, FILTER_INPUT, arena, &count);
	assert_int_equal(count, 2);
	assert_string_equal(drops[1].rule, "icmp type echo-request drop");
	drops = filter_parse_nft(ruleset, FILTER_OUTPUT, arena, &count);
	assert_int_equal(count, 1);
}

static const char saved[] = "*filter\n"
			    ":INPUT DROP [0:0]\n"
			    ":FORWARD ACCEPT [0:0]\n"
			    ":OUTPUT ACCEPT [0:0]\n"
			    ":own - [0:0]\n"
			    "-A INPUT -p tcp -m tcp --dport 170:180 -j ACCEPT\n"
			    "-A INPUT -p icmp -j DROP\n"
			    "-A FORWARD -p udp -j REJECT --reject-with icmp-port-unreachable\n"
			    "-A FORWARD -j own\n"
			    "-A own -p udp -j DROP\n"
			    "-A own -p tcp -j ACCEPT\n"
			    "COMMIT\n";

static void rules_of_iptables_are_found_likewise(void **state)
{
	struct filter_drop *drops;
	size_t count;

	(void)state;
	drops = filter_parse_iptables(saved, "ip6tables", FILTER_INPUT, arena, &count);
	assert_int_equal(count, 3);
	assert_string_equal(drops[0].chain, "ip6tables filter INPUT");
	assert_string_equal(drops[0].rule, "policy DROP");
	assert_true(drops[0].is_policy);
	assert_int_equal(drops[0].accept_count, 1); /* not that of a chain that it may call */
	assert_string_equal(drops[1].rule, "-A INPUT -p icmp -j DROP");
	assert_string_equal(drops[2].chain, "ip6tables filter own");
	assert_false(drops[2].is_policy);
	drops = filter_parse_iptables(saved, "iptables", FILTER_FORWARD, arena, &count);
	assert_int_equal(count, 2);
	assert_non_null(strstr(drops[0].rule, "REJECT"));
}

static void numbers_of_a_rule_are_found_alone_and_among_others(void **state)
{
	static const struct {
		const char *rule;
		bool has;
	} rules[] = {
		{"tcp dport 179 accept", true},
		{"tcp dport { 22, 170-180 } accept", true},
		{"tcp dport { 22, 180-190 } accept", false},
		{"tcp dport 1179 accept", false},
		{"tcp dport != 179 accept", false},
		{"tcp dport @own ip length 179 accept", false},
		{"-A INPUT -p tcp -m tcp --dport 170:180 -j ACCEPT", true},
		{"-A INPUT -p tcp -m multiport --dports 22,179 -j ACCEPT", true},
		{"-A INPUT -p tcp -m tcp ! --dport 179 -j ACCEPT", false},
		{"ip length 179 accept", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (filter_rule_has(rules[i].rule, "port", 179) != rules[i].has)
			fail_msg("%s", rules[i].rule);
}

static bool is_of_bgp(const char *rule, const void *port)
{
	return filter_rule_has(rule, "port", *(const unsigned *)port);
}

static void a_policy_spares_what_a_rule_accepts_from_all(void **state)
{
	const unsigned port = 179;
	const char *accepts[] = {"ip saddr 10.0.0.1 tcp dport 179 accept", "tcp dport 22 accept",
				 "tcp dport 179 ct state new accept"};
	struct filter_drop policy = {.is_policy = true, .accepts = accepts};

	(void)state;
	policy.accept_count = 2;
	assert_false(filter_accepts(&policy, is_of_bgp, &port));
	policy.accept_count = 3;
	assert_true(filter_accepts(&policy, is_of_bgp, &port));
}

/* --- routing daemons -------------------------------------------------------------------------- */

static const struct consultant *consultant_of(const char *protocol, const char *socket)
{
	for (size_t i = 0; i < consultant_count; i++)
		if (!strcmp(consultants[i].protocol, protocol) &&
		    strstr(consultants[i].socket, socket))
			return &consultants[i];
	fail();
	return NULL;
}

static const char *value_named(const struct consultant *consultant,
			       const struct consult_record *record, const char *name)
{
	for (size_t i = 0; i < FIELDS_MOST && consultant->fields[i].name; i++)
		if (!strcmp(consultant->fields[i].name, name))
			return record->values[i];
	fail();
	return NULL;
}

static const char ospf[] =
	"eth0 is up\n"
	"  ifindex 17, MTU 1500 bytes, BW 10000 Mbit <UP,BROADCAST,RUNNING,MULTICAST>\n"
	"  Internet Address 10.0.1.1/24, Broadcast 10.0.1.255, Area 0.0.0.0\n"
	"  Router ID 10.0.12.1, Network Type BROADCAST, Cost: 10\n"
	"  Timer intervals configured, Hello 10s, Dead 40s, Wait 40s, Retransmit 5\n"
	"    No Hellos (Passive interface)\n"
	"  Neighbor Count is 0, Adjacent neighbor count is 0\n"
	"eth1 is up\n"
	"  ifindex 18, MTU 1400 bytes, BW 10000 Mbit <UP,BROADCAST,RUNNING,MULTICAST>\n"
	"  Internet Address 10.0.12.1/30, Broadcast 10.0.12.3, Area 0.0.0.1 [Stub]\n"
	"  Router ID 10.0.12.1, Network Type POINTOPOINT, Cost: 10\n"
	"  Timer intervals configured, Hello 5s, Dead 20s, Wait 40s, Retransmit 5\n"
	"    Hello due in 7.349s\n"
	"  Neighbor Count is 1, Adjacent neighbor count is 1\n";

static void the_interfaces_of_ospf_are_told_apart(void **state)
{
	const char *const passive[] = {"yes", "0.0.0.0", "10", "40", "BROADCAST", "1500", "no"};
	const char *const active[] = {"no", "0.0.0.1", "5", "20", "POINTOPOINT", "1400", "no"};
	struct consult_record *list;
	size_t count;

	(void)state;
	list = consult_parse(consultant_of("OSPF", "frr"), ospf, arena, &count);
	assert_int_equal(count, 2);
	assert_string_equal(list[0].name, "eth0");
	assert_string_equal(list[1].name, "eth1");
	assert_int_equal(list[0].neighbours, 0);
	assert_int_equal(list[1].neighbours, 1);
	for (size_t i = 0; i < sizeof(passive) / sizeof(*passive); i++) {
		assert_string_equal(list[0].values[i], passive[i]);
		assert_string_equal(list[1].values[i], active[i]);
	}
	assert_string_equal(value_named(consultant_of("OSPF", "frr"), &list[0], "stub area"), "no");
	assert_string_equal(value_named(consultant_of("OSPF", "frr"), &list[1], "stub area"),
			    "yes");
}

static void sessions_of_bgp_are_read_of_both_daemons(void **state)
{
	static const char frr[] =
		"BGP neighbor is 10.0.12.2, remote AS 65009, local AS 65001, external link\n"
		"  BGP version 4, remote router ID 0.0.0.0, local router ID 10.0.12.1\n"
		"  BGP state = Active\n"
		"  Last reset 00:00:06,  Waiting for peer OPEN\n";
	static const char bird[] = "b1         BGP        ---        start  15:25:13.994  Active\n"
				   "  BGP state:          Active\n"
				   "    Neighbor address: 10.0.12.2\n"
				   "    Neighbor AS:      65009\n"
				   "    Local AS:         65001\n"
				   "  Channel ipv4\n"
				   "    State:          DOWN\n";
	const char *const texts[] = {frr, bird}, *const daemons[] = {"frr", "bird"};
	struct consult_record *list;
	size_t count;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		list = consult_parse(consultant_of("BGP", daemons[i]), texts[i], arena, &count);
		assert_int_equal(count, 1);
		assert_string_equal(list[0].name, "10.0.12.2");
		assert_string_equal(list[0].values[0], "65009");
		assert_string_equal(list[0].values[1], "65001");
		assert_string_equal(list[0].values[2], i ? "DOWN" : "Active");
	}
}

static const char rip[] = "  Default version control: send version 2, receive version 2 \n"
			  "    Interface        Send  Recv   Key-chain\n"
			  "    eth0             2     2      \n"
			  "    eth1             1     1 2    \n"
			  "  Routing for Networks:\n"
			  "    eth0\n"
			  "    eth1\n"
			  "  Passive Interface(s):\n"
			  "    eth1\n"
			  "  Routing Information Sources:\n"
			  "    Gateway          BadPackets BadRoutes  Distance Last Update\n"
			  "    10.0.12.2                7         0       120   00:00:03\n";

static void passive_interfaces_are_also_taken_from_a_list(void **state)
{
	struct consult_record *list;
	size_t count;

	(void)state;
	list = consult_parse(consultant_of("RIP", "frr"), rip, arena, &count);
	assert_int_equal(count, 5); /* with the tables' heads */
	assert_string_equal(list[1].name, "eth0");
	assert_string_equal(list[1].values[0], "no");
	assert_string_equal(list[2].name, "eth1");
	assert_string_equal(list[2].values[0], "yes");
}

static void numbers_in_the_tables_of_rip_are_read(void **state)
{
	const struct consultant *consultant = consultant_of("RIP", "frr");
	struct consult_record *list;
	size_t count;

	(void)state;
	list = consult_parse(consultant, rip, arena, &count);
	assert_int_equal(count, 5);
	assert_null(value_named(consultant, &list[0], "version sent"));
	assert_string_equal(value_named(consultant, &list[1], "version sent"), "2");
	assert_string_equal(value_named(consultant, &list[2], "version sent"), "1");
	assert_string_equal(list[4].name, "10.0.12.2");
	assert_string_equal(list[4].values[1], "7"); /* what was thrown away */
}

static void interfaces_of_rip_are_read_of_bird_too(void **state)
{
	static const char text[] = "BIRD 2.0.12 ready.\n"
				   "rip1:\n"
				   "Interface  State  Metric   Nbrs   Timer\n"
				   "eth0       Up          1      1   0.731\n";
	static const char neighbours[] =
		"rip1:\n"
		"IP address                Interface  Metric Routes    Seen\n"
		"10.0.34.1                 eth0            1      0   3.079\n";
	const struct consultant *consultant = consultant_of("RIP", "bird");
	struct consult_record *list;
	size_t count, last;

	(void)state;
	list = consult_parse(consultant, text, arena, &count);
	assert_true(count > 0);
	last = count - 1;
	assert_string_equal(list[last].name, "eth0");
	assert_int_equal(consult_count_lines(neighbours, consultant->neighbour_state, "eth0"), 1);
	assert_int_equal(consult_count_lines(neighbours, consultant->neighbour_state, "eth1"), 0);
}

static void neighbours_are_counted_by_their_lines(void **state)
{
	static const char text[] =
		"Router ID   \tPri\t     State     \tDTime\tInterface  Router IP\n"
		"10.255.0.2  \t  1\tFull/PtP  \t 3.962\teth1       10.0.12.2\n"
		"10.255.0.3  \t  1\tFull/PtP  \t 3.965\teth10      10.0.13.2\n"
		"10.255.0.4  \t  1\tInit/PtP  \t 3.965\teth1       10.0.12.3\n";

	(void)state;
	assert_int_equal(consult_count_lines(text, "Full/", "eth1"), 1);
	assert_int_equal(consult_count_lines(text, "Full/", "eth10"), 1);
	assert_int_equal(consult_count_lines(text, "Full/", "eth0"), 0);
}

static void rows_of_one_protocol_stand_together_and_have_the_same_fields(void **state)
{
	(void)state;
	for (size_t i = 1; i < consultant_count; i++) {
		const struct consultant *one = &consultants[i], *before = &consultants[i - 1];

		if (strcmp(one->protocol, before->protocol) != 0)
			continue;
		assert_true(one->by_address == before->by_address);
		for (size_t k = 0; k < FIELDS_MOST && one->fields[k].name; k++)
			assert_string_equal(one->fields[k].name, before->fields[k].name);
	}
}

/* --- packets ---------------------------------------------------------------------------------- */

static void a_packet_of_the_conversation_is_known_in_both_directions(void **state)
{
	struct watched watched = {{AF_INET, 32, {10, 0, 0, 2}}, IPPROTO_TCP, 80};
	unsigned char packet[44] = {4 /* bytes of an MPLS label */};
	unsigned char *ip = packet + 4;
	bool reply;

	(void)state;
	packet[2] = 1; /* the bottom of the stack */
	ip[0] = 0x45;
	ip[9] = IPPROTO_TCP;
	memcpy(ip + 12, "\x0a\x00\x00\x01\x0a\x00\x00\x02", 8);
	memcpy(ip + 20, "\x99\x99\x00\x50", 4);
	assert_true(sighting_matches(&watched, ETH_P_IP, ip, 40, &reply));
	assert_false(reply);
	assert_true(sighting_matches(&watched, ETH_P_MPLS_UC, packet, 44, &reply));
	assert_false(sighting_matches(&watched, ETH_P_IPV6, ip, 40, &reply));
	assert_false(sighting_matches(&watched, ETH_P_IP, ip, 19, &reply));
	memcpy(ip + 12, "\x0a\x00\x00\x02\x0a\x00\x00\x01", 8);
	assert_false(sighting_matches(&watched, ETH_P_IP, ip, 40, &reply)); /* from another port */
	memcpy(ip + 20, "\x00\x50\x99\x99", 4);
	assert_true(sighting_matches(&watched, ETH_P_IP, ip, 40, &reply));
	assert_true(reply);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			rules_that_drop_are_found_by_the_hook_of_their_chain, begin, end),
		cmocka_unit_test_setup_teardown(rules_of_iptables_are_found_likewise, begin, end),
		cmocka_unit_test(numbers_of_a_rule_are_found_alone_and_among_others),
		cmocka_unit_test(a_policy_spares_what_a_rule_accepts_from_all),
		cmocka_unit_test_setup_teardown(the_interfaces_of_ospf_are_told_apart, begin, end),
		cmocka_unit_test_setup_teardown(sessions_of_bgp_are_read_of_both_daemons, begin,
						end),
		cmocka_unit_test_setup_teardown(passive_interfaces_are_also_taken_from_a_list,
						begin, end),
		cmocka_unit_test_setup_teardown(numbers_in_the_tables_of_rip_are_read, begin, end),
		cmocka_unit_test_setup_teardown(interfaces_of_rip_are_read_of_bird_too, begin, end),
		cmocka_unit_test(neighbours_are_counted_by_their_lines),
		cmocka_unit_test(rows_of_one_protocol_stand_together_and_have_the_same_fields),
		cmocka_unit_test(a_packet_of_the_conversation_is_known_in_both_directions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
