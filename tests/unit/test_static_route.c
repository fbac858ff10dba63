// SPDX-License-Identifier: MIT
// Routes that a cut takes away: which are told apart, which are lost, and that they come back.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "kernel/static_route.h"
#include "netns.h"

#define TEST cmocka_unit_test

static void run(const char *command)
{
	assert_int_equal(system(command), 0);
}

static struct static_routes read_routes(struct arena *arena)
{
	struct static_routes routes;
	struct error err;

	if (static_routes_read(arena, &routes, &err) < 0)
		fail_msg("%s", err.text);
	return routes;
}

static void begin(void)
{
	netns_enter();
	run("ip link set lo up && ip link add v0 type veth peer name v1 && ip link set v0 up && "
	    "ip link set v1 up && ip address add 10.0.0.1/24 dev v0 && ip address add 10.0.1.1/24 "
	    "dev v1");
}

static void the_kernels_own_routes_and_those_of_daemons_are_left_out(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();

	(void)state;
	begin();
	assert_int_equal(read_routes(arena).size, 0);
	run("ip route add 10.5.0.0/16 via 10.0.0.2 proto ospf && "
	    "ip route add blackhole 10.6.0.0/16");
	assert_int_equal(read_routes(arena).size, 0);
	run("ip route add 10.7.0.0/16 via 10.0.0.2");
	assert_true(read_routes(arena).size > 0);
}

static void what_is_lost_comes_back_and_nothing_else_changes(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct static_routes before, after, lost, left, again;
	struct error err;

	(void)state;
	begin();
	run("ip route add 10.7.0.0/16 via 10.0.0.2 metric 5 && ip route add 10.7.0.0/16 dev v1 "
	    "metric 6 && ip route add 10.8.0.0/16 via 10.7.0.1 onlink dev v0 table 7 && "
	    "ip route add 10.9.0.0/16 nexthop via 10.0.0.2 nexthop via 10.0.0.3 && "
	    "ip route add 10.4.0.0/16 via 10.0.0.2 src 10.0.0.1 proto static && "
	    "ip route append 10.4.0.0/16 via 10.0.0.9");
	before = read_routes(arena);
	run("ip link set v0 down");
	after = read_routes(arena);
	lost = static_routes_lost(&before, &after, arena);
	assert_true(lost.size > 0 && lost.size < before.size);
	assert_int_equal(static_routes_put(&lost, arena, &left, &err), 0);
	assert_int_equal(left.size, lost.size); /* the interface is down */
	run("ip link set v0 up");
	assert_int_equal(static_routes_put(&left, arena, &left, &err), 0);
	assert_int_equal(left.size, 0);
	again = read_routes(arena);
	assert_int_equal(again.size, before.size);
	assert_memory_equal(again.data, before.data, before.size);
	assert_int_equal(static_routes_put(&lost, arena, &left, &err), 0);
	assert_int_equal(left.size, 0); /* they are there already */
}

/* A gateway may be reached by a route that comes after it in the list. */
static void routes_that_need_each_other_come_back(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct static_routes before, after, lost, left, again;
	struct error err;

	(void)state;
	begin();
	run("ip route add 10.99.0.0/16 dev v0 && ip route add 10.5.0.0/16 via 10.99.0.1");
	before = read_routes(arena);
	run("ip link set v0 down");
	after = read_routes(arena);
	lost = static_routes_lost(&before, &after, arena);
	run("ip link set v0 up");
	assert_int_equal(static_routes_put(&lost, arena, &left, &err), 0);
	again = read_routes(arena);
	assert_int_equal(again.size, before.size);
	assert_memory_equal(again.data, before.data, before.size);
}

static void what_is_no_list_of_routes_is_not_put(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	static char text[] = "this is not a list of netlink messages, whatever it may be";
	struct static_routes bad = {text, sizeof(text)}, cut, left;
	struct error err;

	(void)state;
	begin();
	assert_int_equal(static_routes_put(&bad, arena, &left, &err), 0);
	assert_int_equal(left.size, 0);
	run("ip route add 10.7.0.0/16 via 10.0.0.2");
	cut = read_routes(arena);
	run("ip route del 10.7.0.0/16");
	((struct nlmsghdr *)cut.data)->nlmsg_len = (uint32_t)cut.size - 1;
	cut.size -= 2; /* a last message that is said to end where its alignment does not */
	assert_int_equal(static_routes_put(&cut, arena, &left, &err), 0);
	assert_int_equal(left.size, 0);
	assert_int_equal(read_routes(arena).size, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_kernels_own_routes_and_those_of_daemons_are_left_out),
		TEST(what_is_lost_comes_back_and_nothing_else_changes),
		TEST(routes_that_need_each_other_come_back),
		TEST(what_is_no_list_of_routes_is_not_put),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
