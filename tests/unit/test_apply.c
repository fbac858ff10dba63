// SPDX-License-Identifier: MIT
// Operations carried out in real network namespaces, and what is then to be seen there.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/error.h"
#include "kernel/apply.h"
#include "kernel/carrier.h"
#include "kernel/observe.h"
#include "kernel/sysctl.h"
#include "netns.h"
#include "plan/plan.h"
#include "sample.h"

/* The sample's nodes: a process and an open network namespace each. */
static struct {
	struct arena *arena;
	struct topology *topology;
	const struct plan *plan;
	pid_t pids[SAMPLE_NODES];
	int spaces[SAMPLE_NODES];
	int home;
	struct error err;
} lab;

static int open_space(pid_t pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

#define FIRST_INDEX 16

/* Above the fallback devices of tunnels, which a kernel with their modules puts into any network.
 */
static void keep_clear(struct topology *topology)
{
	for (size_t i = 0; i < topology->node_count; i++) {
		struct node *node = &topology->nodes[i];

		for (size_t k = 1; k < node->interface_count; k++)
			node->interfaces[k].index += FIRST_INDEX - 2;
		if (node->kind == NODE_SWITCH)
			node->bridge.index += FIRST_INDEX - 2;
	}
}

/* First of every test, for cmocka cannot skip from a set-up. */
static void begin(void)
{
	netns_enter();
	lab.arena = arena_new();
	lab.topology = sample_topology(lab.arena);
	keep_clear(lab.topology);
	lab.plan = plan_make(lab.topology, lab.arena);
	lab.home = open_space(getpid());
	for (int i = 0; i < SAMPLE_NODES; i++) {
		lab.pids[i] = netns_start();
		lab.spaces[i] = open_space(lab.pids[i]);
	}
}

static int teardown(void **state)
{
	(void)state;
	for (int i = 0; i < SAMPLE_NODES && lab.pids[i]; i++) {
		netns_end(lab.pids[i]);
		close(lab.spaces[i]);
	}
	if (lab.arena)
		close(lab.home);
	arena_free(lab.arena);
	memset(&lab, 0, sizeof(lab));
	return 0;
}

static void go(int space)
{
	assert_int_equal(setns(space, CLONE_NEWNET), 0);
}

static int apply(const struct span *span)
{
	return apply_ops(lab.plan->ops + span->first, span->count, lab.pids, &lab.err);
}

static void assert_applied(int result)
{
	if (result < 0)
		fail_msg("%s", lab.err.text);
	assert_int_equal(result, 0);
}

static void apply_everywhere(const struct span *spans)
{
	for (int i = 0; i < SAMPLE_NODES; i++) {
		go(lab.spaces[i]);
		assert_applied(apply(&spans[i]));
	}
	go(lab.home);
}

static void build(void)
{
	lab.plan = plan_make(lab.topology, lab.arena);
	apply_everywhere(lab.plan->prepare);
	assert_applied(apply(&lab.plan->wiring));
	apply_everywhere(lab.plan->configure);
	for (size_t i = 0; i < lab.topology->node_count; i++) {
		go(lab.spaces[i]);
		carriers_settle(&lab.topology->nodes[i]);
	}
	apply_everywhere(lab.plan->forward);
	go(lab.home);
}

/* What a lab is made of: the fallback devices, which are of the kernel's making, are left out. */
static size_t see_here(struct observed_interface **seen)
{
	size_t all, count = 0;

	assert_applied(observe_interfaces(lab.arena, seen, &all, &lab.err));
	for (size_t i = 0; i < all; i++)
		if (i == 0 || (*seen)[i].index >= FIRST_INDEX)
			(*seen)[count++] = (*seen)[i];
	return count;
}

/* What the kernel has in the node, and how many interfaces. */
static size_t see(enum sample_node node, struct observed_interface **seen)
{
	size_t count;

	go(lab.spaces[node]);
	count = see_here(seen);
	go(lab.home);
	return count;
}

static bool has_address(const struct observed_interface *seen, const struct address *wanted)
{
	for (size_t i = 0; i < seen->address_count; i++)
		if (memcmp(&seen->addresses[i], wanted, sizeof(*wanted)) == 0)
			return true;
	return false;
}

static void assert_interface(const struct observed_interface *seen, const struct interface *wanted)
{
	assert_string_equal(seen->name, wanted->name);
	assert_int_equal(seen->index, wanted->index);
	assert_true(seen->up);
	assert_memory_equal(seen->mac, wanted->mac, 6);
	for (size_t i = 0; i < wanted->address_count; i++)
		assert_true(has_address(seen, &wanted->addresses[i]));
	if (wanted->kind == INTERFACE_LOOPBACK)
		return;
	assert_string_equal(seen->kind, "veth");
	assert_int_equal(seen->mtu, wanted->mtu ? wanted->mtu : 1500);
}

static void every_interface_of_the_model_is_there_as_the_model_has_it(void **state)
{
	(void)state;
	begin();
	build();
	for (enum sample_node i = R1; i <= LAN1; i++) {
		const struct node *node = &lab.topology->nodes[i];
		struct observed_interface *seen;
		size_t count = see(i, &seen);

		assert_int_equal(count, node->interface_count + (i == LAN1));
		for (size_t j = 0; j < node->interface_count; j++)
			assert_interface(&seen[j], &node->interfaces[j]);
	}
}

static void the_ports_of_a_switch_are_in_its_bridge(void **state)
{
	struct observed_interface *seen;

	(void)state;
	begin();
	build();
	assert_int_equal(see(LAN1, &seen), 4);
	assert_int_equal(seen[0].master, 0);
	assert_int_equal(seen[1].master, (int)lab.topology->nodes[LAN1].bridge.index);
	assert_int_equal(seen[2].master, (int)lab.topology->nodes[LAN1].bridge.index);
	assert_string_equal(seen[3].name, "br0");
	assert_string_equal(seen[3].kind, "bridge");
	assert_true(seen[3].up);
	assert_memory_equal(seen[3].mac, lab.topology->nodes[LAN1].bridge.mac, 6);
}

static void lo_keeps_127_0_0_1_beside_the_addresses_of_the_file(void **state)
{
	struct address local = sample_address("127.0.0.1", 8);
	struct observed_interface *seen;

	(void)state;
	begin();
	build();
	see(R1, &seen);
	assert_string_equal(seen[0].name, "lo");
	assert_string_equal(seen[0].kind, "");
	assert_true(has_address(&seen[0], &local));
}

static void a_carrier_is_seen_only_while_the_far_end_is_up(void **state)
{
	struct observed_interface *seen;

	(void)state;
	begin();
	apply_everywhere(lab.plan->prepare);
	assert_applied(apply(&lab.plan->wiring));
	go(lab.spaces[R1]);
	assert_applied(apply(&lab.plan->configure[R1]));
	see(R1, &seen);
	assert_true(seen[2].up);
	assert_false(seen[2].carrier);
	go(lab.spaces[R2]);
	assert_applied(apply(&lab.plan->configure[R2]));
	see(R1, &seen);
	assert_true(seen[2].carrier);
}

static int ping(enum sample_node from, const char *address)
{
	char command[96];
	int status;

	snprintf(command, sizeof(command), "ping -c 1 -W 2 %s >/dev/null 2>&1", address);
	go(lab.spaces[from]);
	status = system(command);
	go(lab.home);
	return status;
}

static void traffic_flows_the_moment_a_lab_without_stp_is_built(void **state)
{
	(void)state;
	begin();
	lab.topology->nodes[LAN1].bridge.stp = false;
	build();
	assert_int_equal(ping(H1, "fd00:1::1"), 0);
	assert_int_equal(ping(H1, "10.0.1.1"), 0);
	assert_int_equal(ping(H1, "10.0.12.1"), 0);
	assert_int_equal(ping(H1, "10.255.0.1"), 0);
}

static void the_builders_own_namespace_stays_empty(void **state)
{
	struct observed_interface *seen;

	(void)state;
	begin();
	build();
	assert_int_equal(see_here(&seen), 1);
	assert_false(seen[0].up);
}

static void a_second_identical_link_exists_already_and_the_others_are_counted(void **state)
{
	(void)state;
	begin();
	apply_everywhere(lab.plan->prepare);
	assert_applied(apply(&lab.plan->wiring));
	assert_int_equal(apply(&lab.plan->wiring), -EEXIST);
	assert_int_equal(lab.err.number, EEXIST);
	assert_string_equal(lab.err.text, "cannot create link lan1 (r1:eth0 - lan1:r1-eth0): "
					  "File exists; 3 further operations failed");
}

static void one_that_fails_does_not_stop_the_rest_of_its_batch(void **state)
{
	struct observed_interface *seen;
	struct op ops[] = {{.kind = OP_UP}, {.kind = OP_UP}};

	(void)state;
	begin();
	for (size_t i = 0; i < 2; i++)
		ops[i].node = &lab.topology->nodes[R1];
	ops[0].interface = &ops[0].node->interfaces[2];
	ops[1].interface = &ops[1].node->interfaces[0];
	go(lab.spaces[R1]);
	assert_int_equal(apply_ops(ops, 2, NULL, &lab.err), -ENODEV);
	assert_string_equal(lab.err.text, "cannot set r1:eth1 up: No such device");
	see(R1, &seen);
	assert_true(seen[0].up);
}

static void a_dead_node_is_named_with_its_cable(void **state)
{
	(void)state;
	begin();
	netns_end(lab.pids[R2]);
	apply_everywhere(lab.plan->prepare);
	assert_int_equal(apply(&lab.plan->wiring), -ESRCH);
	assert_string_equal(lab.err.text,
			    "cannot create link core (r1:eth1 - r2:eth0): No such process");
	lab.pids[R2] = netns_start();
}

static void a_route_that_the_kernel_refuses_is_told_with_its_line_and_reason(void **state)
{
	struct op op = {.kind = OP_ROUTE};

	(void)state;
	begin();
	op.node = &lab.topology->nodes[H1];
	op.route = &op.node->routes[0];
	assert_int_equal(apply_ops(&op, 1, NULL, &lab.err), -ENETUNREACH);
	assert_string_equal(lab.err.text,
			    "cannot add route default via 10.0.1.1 to h1 (sample.ini:7): "
			    "Network is unreachable (Nexthop has invalid gateway)");
}

static struct op setting(const char *path, const char *value)
{
	return (struct op){
		.kind = OP_SYSCTL,
		.node = &lab.topology->nodes[R1],
		.sysctl = {.path = path,
			   .value = value,
			   .place = {.file = "sample.ini", .line = 3}},
	};
}

static void a_setting_that_the_kernel_lacks_fails_unless_it_is_optional(void **state)
{
	struct op op;

	(void)state;
	begin();
	op = setting("net/ipv4/no_such", "1");
	assert_int_equal(apply_ops(&op, 1, NULL, &lab.err), -ENOENT);
	assert_string_equal(lab.err.text,
			    "cannot set net/ipv4/no_such to 1 in r1 (sample.ini:3): "
			    "No such file or directory (this kernel has no such setting)");
	op.sysctl.optional = true;
	assert_applied(apply_ops(&op, 1, NULL, &lab.err));
}

static void a_setting_of_the_whole_machine_is_never_written(void **state)
{
	static const char *const paths[] = {"kernel/panic", "vm/swappiness", "fs/file-max",
					    "kernel/sem"};

	(void)state;
	begin();
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct op op = setting(paths[i], "1");

		assert_int_equal(apply_ops(&op, 1, NULL, &lab.err), -EPERM);
		assert_non_null(strstr(lab.err.text, "of the whole machine, not of the node"));
	}
}

static void a_setting_may_be_made_in_a_proc_of_its_own(void **state)
{
	(void)state;
	begin();
	assert_int_equal(sysctl_number("net/ipv4/ip_forward", -1), 0);
	sysctl_renew_own();
	assert_int_equal(sysctl_set("net/ipv4/ip_forward", "1"), 0);
	assert_int_equal(sysctl_set("net/ipv4/no_such", "1"), -ENOENT);
	assert_int_equal(sysctl_set("net/../../version", "1"), -EINVAL);
	assert_int_equal(sysctl_number("net/ipv4/ip_forward", -1), 1);
}

static void no_path_leads_out_of_proc_sys(void **state)
{
	(void)state;
	begin();
	assert_int_equal(sysctl_set("net/../../version", "1"), -EINVAL);
	assert_int_equal(sysctl_set("/net/ipv4/ip_forward", "1"), -EINVAL);
	assert_int_equal(sysctl_set("net//ipv4/ip_forward", "1"), -EINVAL);
	assert_int_equal(sysctl_set("", "1"), -EINVAL);
	assert_int_equal(sysctl_set("..", "1"), -EINVAL);
}

static void read_setting(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	assert_non_null(fgets(text, (int)size, file));
	fclose(file);
}

static void a_setting_is_written_where_it_differs(void **state)
{
	char text[64];

	(void)state;
	begin();
	assert_int_equal(sysctl_set("net/ipv4/tcp_rmem", "40960 100000 600000"), 0);
	read_setting("/proc/sys/net/ipv4/tcp_rmem", text, sizeof(text));
	assert_string_equal(text, "40960\t100000\t600000\n");
	assert_int_equal(sysctl_set("net/ipv4/tcp_rmem", "40960 100000 600001"), 0);
	read_setting("/proc/sys/net/ipv4/tcp_rmem", text, sizeof(text));
	assert_string_equal(text, "40960\t100000\t600001\n");
	/* The beginning of what is there, and no less than what some kernels take. */
	assert_int_equal(sysctl_set("net/ipv4/tcp_rmem", "4096"), 0);
	read_setting("/proc/sys/net/ipv4/tcp_rmem", text, sizeof(text));
	assert_string_equal(text, "4096\t100000\t600001\n");
	assert_int_equal(sysctl_set("net/ipv4/ip_forward", "a word"), -EINVAL);
}

/* IPv6: the kernel changes accept_dad of all interfaces to come, so they must come later. */
static void interfaces_inherit_what_was_set_before_them(void **state)
{
	char text[64];

	(void)state;
	begin();
	build();
	go(lab.spaces[R1]);
	read_setting("/proc/sys/net/ipv6/conf/eth0/accept_dad", text, sizeof(text));
	assert_string_equal(text, "0\n");
	go(lab.spaces[LAN1]);
	read_setting("/proc/sys/net/ipv6/conf/p2/disable_ipv6", text, sizeof(text));
	assert_string_equal(text, "1\n");
	go(lab.spaces[H1]);
	read_setting("/proc/sys/net/ipv4/conf/eth0/arp_ignore", text, sizeof(text));
	assert_string_equal(text, "1\n");
	go(lab.home);
}

static void routes_of_several_ways_work_in_both_families(void **state)
{
	struct node *r1;
	struct route *route;

	(void)state;
	begin();
	r1 = &lab.topology->nodes[R1];
	route = sample_route(lab.arena, r1, "v4", sample_address("10.9.0.0", 16));
	sample_hop(lab.arena, route, "10.0.1.10", NULL);
	sample_hop(lab.arena, route, "10.0.12.2", &r1->interfaces[2]);
	route = sample_route(lab.arena, r1, "v6", sample_address("fd09::", 32));
	sample_hop(lab.arena, route, "fd00:1::10", NULL);
	sample_hop(lab.arena, route, "fe80::2", &r1->interfaces[2]);
	route = sample_route(lab.arena, r1, "no", sample_address("fd0a::", 32));
	route->type = ROUTE_UNREACHABLE;
	build();
	go(lab.spaces[R1]);
	assert_int_equal(system("ip route show 10.9.0.0/16 | grep -c nexthop | grep -qx 2"), 0);
	assert_int_equal(system("ip -6 route show fd09::/32 | grep -c nexthop | grep -qx 2"), 0);
	assert_int_equal(system("ip -6 route show fd0a::/32 | grep -q ^unreachable"), 0);
	go(lab.home);
}

static int open_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int count = 0;

	assert_non_null(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static void neither_success_nor_failure_leaves_a_descriptor_open(void **state)
{
	struct observed_interface *seen;
	int before;

	(void)state;
	begin();
	before = open_descriptors();
	build();
	assert_true(apply(&lab.plan->wiring) < 0);
	see(R1, &seen);
	assert_int_equal(open_descriptors(), before);
}

static void without_a_socket_the_first_operation_is_named(void **state)
{
	struct rlimit few, many;

	(void)state;
	begin();
	go(lab.spaces[R1]);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &many), 0);
	few = many;
	few.rlim_cur = 3;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_int_equal(apply(&lab.plan->configure[R1]), -EMFILE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &many), 0);
	assert_string_equal(lab.err.text, "cannot set r1:lo up: cannot open a netlink socket: "
					  "Too many open files");
}

static void nothing_to_do_is_done_at_once(void **state)
{
	(void)state;
	begin();
	assert_int_equal(apply_ops(lab.plan->ops, 0, NULL, &lab.err), 0);
}

static void what_is_not_for_the_kernel_is_refused(void **state)
{
	(void)state;
	begin();
	assert_int_equal(apply(&lab.plan->nodes), -EOPNOTSUPP);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
	const struct CMUnitTest tests[] = {
		TEST(every_interface_of_the_model_is_there_as_the_model_has_it),
		TEST(the_ports_of_a_switch_are_in_its_bridge),
		TEST(lo_keeps_127_0_0_1_beside_the_addresses_of_the_file),
		TEST(a_carrier_is_seen_only_while_the_far_end_is_up),
		TEST(traffic_flows_the_moment_a_lab_without_stp_is_built),
		TEST(the_builders_own_namespace_stays_empty),
		TEST(a_second_identical_link_exists_already_and_the_others_are_counted),
		TEST(one_that_fails_does_not_stop_the_rest_of_its_batch),
		TEST(a_dead_node_is_named_with_its_cable),
		TEST(a_route_that_the_kernel_refuses_is_told_with_its_line_and_reason),
		TEST(a_setting_that_the_kernel_lacks_fails_unless_it_is_optional),
		TEST(a_setting_of_the_whole_machine_is_never_written),
		TEST(a_setting_may_be_made_in_a_proc_of_its_own),
		TEST(no_path_leads_out_of_proc_sys),
		TEST(a_setting_is_written_where_it_differs),
		TEST(interfaces_inherit_what_was_set_before_them),
		TEST(routes_of_several_ways_work_in_both_families),
		TEST(neither_success_nor_failure_leaves_a_descriptor_open),
		TEST(without_a_socket_the_first_operation_is_named),
		TEST(nothing_to_do_is_done_at_once),
		TEST(what_is_not_for_the_kernel_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
