// SPDX-License-Identifier: MIT
// The plan of a model: its order, its words, its script, its host names.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "sample.h"
#include "topology/sysctl.h"

/* The model of a test and its plan. */
struct fixture {
	struct arena *arena;
	struct topology *topology;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture)
		return -1;
	fixture->arena = arena_new();
	fixture->topology = sample_topology(fixture->arena);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	arena_free(fixture->arena);
	free(fixture);
	return 0;
}

/* What `print` writes of the plan; freed by the caller. */
static char *printed(const struct fixture *fixture, void (*print)(const struct plan *, FILE *))
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	print(plan_make(fixture->topology, fixture->arena), out);
	fclose(out);
	return text;
}

/* `before` stands in the text, and `after` behind it. */
static void assert_order(const char *text, const char *before, const char *after)
{
	const char *first = strstr(text, before);

	if (!first)
		fail_msg("\"%s\" is missing in:\n%s", before, text);
	else if (!strstr(first, after))
		fail_msg("\"%s\" does not follow \"%s\" in:\n%s", after, before, text);
}

static void assert_text(const char *text, const char *part)
{
	assert_order(text, part, part);
}

static void phases_come_in_order_and_spans_cover_every_operation_once(void **state)
{
	struct fixture *fixture = *state;
	const struct plan *plan = plan_make(fixture->topology, fixture->arena);
	size_t next = plan->nodes.count;

	assert_int_equal(plan->nodes.first, 0);
	assert_int_equal(plan->nodes.count, SAMPLE_NODES);
	for (size_t i = 0; i < SAMPLE_NODES; i++) {
		assert_int_equal(plan->prepare[i].first, next);
		next += plan->prepare[i].count;
	}
	assert_int_equal(plan->wiring.first, next);
	assert_int_equal(plan->wiring.count, 4);
	next += plan->wiring.count;
	for (size_t i = 0; i < SAMPLE_NODES; i++) {
		assert_int_equal(plan->configure[i].first, next);
		next += plan->configure[i].count;
	}
	for (size_t i = 0; i < SAMPLE_NODES; i++) {
		assert_int_equal(plan->forward[i].first, next);
		next += plan->forward[i].count;
	}
	for (size_t i = 0; i < SAMPLE_NODES; i++) {
		assert_int_equal(plan->start[i].first, next);
		next += plan->start[i].count;
	}
	assert_int_equal(plan->count, next);
	assert_int_equal(plan->start_count, 1);
	for (size_t i = 1; i < plan->count; i++)
		assert_true(op_phase(&plan->ops[i - 1]) <= op_phase(&plan->ops[i]));
}

static void operations_of_a_span_are_of_its_node_and_phase(void **state)
{
	struct fixture *fixture = *state;
	const struct plan *plan = plan_make(fixture->topology, fixture->arena);

	for (size_t i = 0; i < SAMPLE_NODES; i++) {
		const struct span *spans[] = {&plan->prepare[i], &plan->configure[i],
					      &plan->forward[i], &plan->start[i]};
		const enum op_phase phases[] = {PHASE_PREPARE, PHASE_CONFIGURE, PHASE_FORWARD,
						PHASE_START};

		for (size_t s = 0; s < sizeof(phases) / sizeof(*phases); s++)
			for (size_t j = 0; j < spans[s]->count; j++) {
				const struct op *op = &plan->ops[spans[s]->first + j];

				assert_ptr_equal(op->node, &fixture->topology->nodes[i]);
				assert_int_equal(op_phase(op), phases[s]);
			}
	}
}

static void every_cable_is_laid_once_and_switch_ports_are_its_second_end(void **state)
{
	char *text = printed(*state, plan_print);

	assert_order(text, "create link lan1 (r1:eth0 - lan1:r1-eth0)\n",
		     "create link lan1 (h1:eth0 - lan1:p2)\n");
	assert_order(text, "create link lan1 (h1:eth0 - lan1:p2)\n",
		     "create link core (r1:eth1 - r2:eth0)\n");
	assert_order(text, "create link core (r1:eth1 - r2:eth0)\n",
		     "create link stub (h1:eth1 - stubs:eth0)\n");
	assert_null(strstr(text, "(r2:eth0"));
	free(text);
}

static void lo_and_what_has_ipv6_are_up_before_they_get_addresses_and_ipv4_after(void **state)
{
	char *text = printed(*state, plan_print);

	assert_order(text, "r1: set lo up\n", "r1: add address 10.255.0.1/32 to lo\n");
	assert_order(text, "r1: add address 10.0.1.1/24 to eth0\n", "r1: set eth0 up\n");
	assert_order(text, "r1: set eth0 up\n", "r1: add address fd00:1::1/64 to eth0\n");
	assert_order(text, "h1: set eth1 up\n", "h1: add route default via 10.0.1.1\n");
	free(text);
}

static void
a_switch_has_its_bridge_before_cables_and_plugs_ports_in_before_they_are_up(void **state)
{
	char *text = printed(*state, plan_print);

	assert_order(text, "lan1: create bridge br0\n", "# the cables\n");
	assert_order(text, "# each node, with its cables\n",
		     "lan1: name p2 also h1-with-a-very-long-name-eth0\n");
	assert_order(text, "lan1: plug p2 into br0\n", "lan1: set p2 up\n");
	assert_order(text, "h1: set eth1 up\n", "# the switches, when all nodes are configured\n");
	assert_order(text, "# the switches, when all nodes are configured\n", "lan1: set br0 up\n");
	free(text);
}

static void
settings_that_cables_inherit_come_before_them_and_those_of_interfaces_after(void **state)
{
	char *text = printed(*state, plan_print);

	assert_order(text, "h1: set net/ipv4/ip_forward to 0\n",
		     "h1: set net/ipv4/tcp_rmem to 4096 100000 600000\n");
	assert_order(text, "h1: set net/ipv4/tcp_rmem to", "# the cables\n");
	assert_order(text, "# each node, with its cables\n",
		     "h1: set net/ipv4/conf/eth0/arp_ignore to 1\n");
	free(text);
}

static void forwarding_is_set_explicitly_either_way(void **state)
{
	char *text = printed(*state, plan_print);

	assert_text(text, "r1: set net/ipv4/ip_forward to 1\n");
	assert_text(text, "r1: set net/ipv6/conf/all/forwarding to 1\n");
	assert_text(text, "r2: set net/ipv4/ip_forward to 0\n");
	assert_text(text, "r2: set net/ipv6/conf/all/forwarding to 0\n");
	assert_null(strstr(text, "lan1: set net/ipv4"));
	free(text);
}

static void a_node_without_ipv6_gets_no_other_setting_of_ipv6(void **state)
{
	struct fixture *fixture = *state;
	char *text;

	fixture->topology->nodes[R2].ipv6 = false;
	text = printed(fixture, plan_print);
	assert_text(text, "r2: set net/ipv6/conf/all/disable_ipv6 to 1\n"
			  "r2: set net/ipv6/conf/default/disable_ipv6 to 1\n");
	assert_null(strstr(text, "r2: set net/ipv6/conf/all/forwarding"));
	assert_null(strstr(text, "r2: set net/ipv6/conf/all/keep_addr_on_down"));
	assert_null(strstr(text, "r1: set net/ipv6/conf/all/disable_ipv6"));
	free(text);
}

static void the_paths_of_interfaces_are_told_from_those_of_all(void **state)
{
	(void)state;
	assert_true(sysctl_names_interface("net/ipv4/conf/eth0/rp_filter"));
	assert_true(sysctl_names_interface("net/ipv6/neigh/eth0/gc_stale_time"));
	assert_true(sysctl_names_interface("net/ipv4/conf/all2/rp_filter"));
	assert_true(sysctl_names_interface("net/mpls/conf/eth0/input"));
	assert_false(sysctl_names_interface("net/ipv4/conf/all/rp_filter"));
	assert_false(sysctl_names_interface("net/ipv6/conf/default/accept_ra"));
	assert_false(sysctl_names_interface("net/ipv4/conf/lo/rp_filter"));
	assert_false(sysctl_names_interface("net/ipv4/ip_forward"));
	assert_false(sysctl_names_interface("kernel/conf/eth0/x"));
}

static void a_setting_of_the_file_keeps_its_line_and_must_exist(void **state)
{
	struct fixture *fixture = *state;
	const struct plan *plan = plan_make(fixture->topology, fixture->arena);
	const struct op *op = &plan->ops[plan->configure[H1].first];

	assert_string_equal(op->sysctl.path, "net/ipv4/conf/eth0/arp_ignore");
	assert_int_equal(op->sysctl.place.line, 9);
	assert_false(op->sysctl.optional);
}

static void a_text_names_the_node_where_its_line_does_not(void **state)
{
	struct fixture *fixture = *state;
	const struct plan *plan = plan_make(fixture->topology, fixture->arena);
	const struct op *op = &plan->ops[plan->configure[R1].first + 2];
	char text[OP_TEXT_SIZE];

	assert_string_equal(op_text(op, text), "add address 10.0.1.1/24 to r1:eth0");
	assert_string_equal(op_text_inside(op, text), "add address 10.0.1.1/24 to eth0");
	op = &plan->ops[plan->prepare[LAN1].first + plan->prepare[LAN1].count - 1];
	assert_string_equal(op_text(op, text), "create bridge br0 in lan1");
}

static void routes_are_told_with_all_their_ways_type_and_metric(void **state)
{
	struct fixture *fixture = *state;
	struct node *r1 = &fixture->topology->nodes[R1];
	struct route *route =
		sample_route(fixture->arena, r1, "both", sample_address("10.9.0.0", 16));
	char *text;

	sample_hop(fixture->arena, route, "10.0.1.10", NULL);
	sample_hop(fixture->arena, route, "10.0.12.2", &r1->interfaces[2]);
	route->metric = 50;
	route = sample_route(fixture->arena, r1, "none", sample_address("fd09::", 16));
	route->type = ROUTE_BLACKHOLE;
	text = printed(fixture, plan_print);
	assert_text(text, "r1: add route 10.9.0.0/16 via 10.0.1.10 and via 10.0.12.2 dev eth1 "
			  "metric 50\n");
	assert_text(text, "r1: add route fd09::/16 blackhole\n");
	free(text);
	text = printed(fixture, plan_script);
	assert_text(text, "ip -n r1 route add 10.9.0.0/16 proto static metric 50 "
			  "nexthop via 10.0.1.10 nexthop via 10.0.12.2 dev eth1\n");
	assert_text(text, "ip -n r1 -6 route add blackhole fd09::/16 proto static\n");
	free(text);
}

static void routes_of_an_interface_come_before_gateways_that_need_them(void **state)
{
	struct fixture *fixture = *state;
	struct node *h1 = &fixture->topology->nodes[H1];
	struct route *route =
		sample_route(fixture->arena, h1, "x", sample_address("203.0.113.1", 32));
	char *text;

	sample_hop(fixture->arena, route, NULL, &h1->interfaces[2]);
	text = printed(fixture, plan_print);
	assert_order(text, "h1: add route 203.0.113.1/32 dev eth1\n",
		     "h1: add route default via 10.0.1.1\n");
	free(text);
}

static void a_text_is_one_line_and_cut_where_it_is_too_long(void **state)
{
	struct fixture *fixture = *state;
	char *value = arena_alloc(fixture->arena, (size_t)2 * OP_TEXT_SIZE);
	struct command command = {.name = "long",
				  .text = memset(value, 'x', (size_t)2 * OP_TEXT_SIZE - 1)};
	struct op op = {.kind = OP_RUN, .node = &fixture->topology->nodes[R1], .command = &command};
	char text[OP_TEXT_SIZE];

	value[3] = '\n';
	value[4] = '\033';
	op_text(&op, text);
	assert_int_equal(strlen(text), OP_TEXT_SIZE - 1);
	assert_string_equal(text + OP_TEXT_SIZE - 4, "...");
	assert_null(strpbrk(text, "\n\033"));
}

/* The shell itself says what a word of the script means. */
static void the_shell_reads_back_any_command_of_the_script_unchanged(void **state)
{
	static const char hostile[] = "a'b\"c $(touch /never) `id` \\ \n;|& > x # ! * ~ \t''";
	struct fixture *fixture = *state;
	char *text, *start, *end, *command, got[sizeof(hostile) + 1] = "";
	FILE *out;

	fixture->topology->nodes[H1].commands[0].text = hostile;
	text = printed(fixture, plan_script);
	start = strstr(text, "ip netns exec h1 env NSLAB_NODE=h1 sh -c ");
	assert_non_null(start);
	start += strlen("ip netns exec h1 env NSLAB_NODE=h1 sh -c ");
	end = strstr(start, "\n\n# The names");
	assert_non_null(end);
	*end = '\0';
	assert_true(asprintf(&command, "printf %%s %s", start) > 0);
	out = popen(command, "re");
	assert_non_null(out);
	assert_int_equal(fread(got, 1, sizeof(got), out), sizeof(hostile) - 1);
	assert_int_equal(pclose(out), 0);
	assert_string_equal(got, hostile);
	free(command);
	free(text);
}

static void a_comment_of_the_script_cannot_be_left(void **state)
{
	struct fixture *fixture = *state;
	char *text;

	fixture->topology->file = "x\nreboot\n.ini";
	text = printed(fixture, plan_script);
	assert_text(text, "file x?reboot?.ini as commands");
	free(text);
}

static void the_script_has_a_command_for_each_kind_of_operation(void **state)
{
	static const char *const wanted[] = {
		"ip netns add stubs\n",
		"ip netns exec r1 sysctl -q -w net/ipv4/ip_forward=1\n",
		"ip netns exec r1 sysctl -q -e -w net/ipv6/conf/all/forwarding=1\n",
		"ip netns exec h1 sysctl -q -w net/ipv4/tcp_rmem='4096 100000 600000'\n",
		("ip -n lan1 link add name br0 index 4 address 02:00:00:04:00:04 type bridge "
		 "forward_delay 200 hello_time 100 max_age 600 ageing_time 30000 stp_state 1 "
		 "mcast_snooping 0\n"),
		"ip -n lan1 link set dev br0 up\n",
		("ip link add name eth1 netns r1 index 3 address 02:00:00:01:00:03 mtu 1400 "
		 "numtxqueues 1 numrxqueues 1 type veth peer name eth0 netns r2 index 2 "
		 "address 02:00:00:02:00:02 mtu 1400 numtxqueues 1 numrxqueues 1\n"),
		"ip -n r1 address add 10.255.0.1/32 dev lo\n",
		"ip -n r1 address add 10.0.1.1/24 broadcast + dev eth0\n",
		"ip -n h1 address add 192.0.2.1/31 dev eth1\n",
		"ip -n h1 address add fd00:1::10/64 nodad dev eth0\n",
		"ip -n h1 link set dev eth0 up\n",
		"ip -n h1 -6 route add default proto static via fd00:1::1\n",
		"ip -n lan1 link property add dev p2 altname h1-with-a-very-long-name-eth0\n",
		"ip -n lan1 link set dev p2 master br0\n",
	};
	char *text = printed(*state, plan_script);

	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		assert_text(text, wanted[i]);
	free(text);
}

static void a_command_that_may_fail_does_not_end_the_script(void **state)
{
	struct fixture *fixture = *state;
	char *text;

	fixture->topology->nodes[H1].commands[0] =
		(struct command){.name = "x", .text = "false", .may_fail = true};
	text = printed(fixture, plan_script);
	assert_text(text, "ip netns exec h1 env NSLAB_NODE=h1 sh -c false || true\n");
	free(text);
}

static void what_a_node_starts_is_in_the_order_of_the_file_behind_what_it_waits_for(void **state)
{
	struct fixture *fixture = *state;
	struct node *r1 = &fixture->topology->nodes[R1];
	struct after after = {.node = &fixture->topology->nodes[H1]};
	struct variable variable = {"WORD", "two words"};
	struct command commands[] = {
		{.kind = COMMAND_SERVICE,
		 .key = "service.web",
		 .name = "web",
		 .text = "httpd -n",
		 .restart = RESTART_ALWAYS,
		 .ready = {.kind = READY_TCP, .port = 80, .text = "port 80"}},
		{.kind = COMMAND_SCRIPT, .key = "script", .name = "script", .text = "r1.sh"},
	};
	char *text;

	r1->commands = commands;
	r1->command_count = 2;
	r1->afters = &after;
	r1->after_count = 1;
	r1->variables = &variable;
	r1->variable_count = 1;
	text = printed(fixture, plan_print);
	assert_text(text, "r1: wait for h1\n"
			  "r1: start web: httpd -n; ready: port 80; restart: yes\n"
			  "r1: run script: r1.sh\n");
	free(text);
	text = printed(fixture, plan_script);
	assert_text(text, "# r1 begins when all of h1 is ready\n"
			  "# it is ready: port 80\n"
			  "ip netns exec r1 env WORD='two words' NSLAB_NODE=r1 sh -c 'httpd -n' "
			  ">/dev/null 2>&1 &\n"
			  "ip netns exec r1 env WORD='two words' NSLAB_NODE=r1 sh r1.sh\n");
	free(text);
}

static void a_hub_learns_nothing_and_knows_no_groups(void **state)
{
	struct fixture *fixture = *state;
	char *text;

	fixture->topology->nodes[LAN1].bridge.hub = true;
	text = printed(fixture, plan_script);
	assert_text(text, " ageing_time 0 stp_state 1 mcast_snooping 0\n");
	free(text);
}

static void hosts_name_every_node_with_its_interfaces_first_and_lo_last(void **state)
{
	struct fixture *fixture = *state;

	sample_put(fixture->arena, &fixture->topology->nodes[R2].interfaces[0], "127.0.0.5", 8);
	sample_put(fixture->arena, &fixture->topology->nodes[R2].interfaces[1], "fe80::5", 64);
	assert_string_equal(plan_make(fixture->topology, fixture->arena)->hosts,
			    "127.0.0.1 localhost\n"
			    "::1 localhost ip6-localhost ip6-loopback\n"
			    "10.0.1.1 r1\n"
			    "fd00:1::1 r1\n"
			    "10.0.12.1 r1\n"
			    "10.255.0.1 r1\n"
			    "10.0.12.2 r2\n"
			    "10.0.1.10 h1\n"
			    "fd00:1::10 h1\n"
			    "192.0.2.1 h1\n");
}

static void the_same_model_gives_the_same_text(void **state)
{
	char *first = printed(*state, plan_script), *second = printed(*state, plan_script);

	assert_string_equal(first, second);
	free(first);
	free(second);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(phases_come_in_order_and_spans_cover_every_operation_once),
		TEST(operations_of_a_span_are_of_its_node_and_phase),
		TEST(every_cable_is_laid_once_and_switch_ports_are_its_second_end),
		TEST(lo_and_what_has_ipv6_are_up_before_they_get_addresses_and_ipv4_after),
		TEST(a_switch_has_its_bridge_before_cables_and_plugs_ports_in_before_they_are_up),
		TEST(settings_that_cables_inherit_come_before_them_and_those_of_interfaces_after),
		TEST(forwarding_is_set_explicitly_either_way),
		TEST(a_node_without_ipv6_gets_no_other_setting_of_ipv6),
		TEST(the_paths_of_interfaces_are_told_from_those_of_all),
		TEST(a_setting_of_the_file_keeps_its_line_and_must_exist),
		TEST(a_text_names_the_node_where_its_line_does_not),
		TEST(routes_are_told_with_all_their_ways_type_and_metric),
		TEST(routes_of_an_interface_come_before_gateways_that_need_them),
		TEST(a_text_is_one_line_and_cut_where_it_is_too_long),
		TEST(the_shell_reads_back_any_command_of_the_script_unchanged),
		TEST(a_comment_of_the_script_cannot_be_left),
		TEST(the_script_has_a_command_for_each_kind_of_operation),
		TEST(a_command_that_may_fail_does_not_end_the_script),
		TEST(what_a_node_starts_is_in_the_order_of_the_file_behind_what_it_waits_for),
		TEST(a_hub_learns_nothing_and_knows_no_groups),
		TEST(hosts_name_every_node_with_its_interfaces_first_and_lo_last),
		TEST(the_same_model_gives_the_same_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
