// SPDX-License-Identifier: MIT
// Routes that are computed for the routers of a lab: they lead there, and nothing circles.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "topology/load.h"
#include "topology/static_routing.h"
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

/* "DESTINATION via ADDRESS ..., ..." of the computed routes of a node. */
static const char *routes_text(struct arena *arena, const struct topology *topology,
			       const char *name)
{
	const char *text = "";
	size_t count;
	struct route *routes =
		static_routes(topology, topology_node(topology, name), arena, &count);

	for (size_t i = 0; i < count; i++) {
		char buffer[ADDRESS_TEXT_SIZE];

		text = arena_printf(arena, "%s%s%s", text, *text ? ", " : "",
				    address_text(&routes[i].destination, false, buffer));
		for (size_t k = 0; k < routes[i].hop_count; k++)
			text = arena_printf(arena, "%s via %s", text,
					    address_text(&routes[i].hops[k].via, true, buffer));
	}
	return text;
}

#define ROUTER "forward = yes\n"

static void a_router_with_one_way_out_has_a_default_route_and_its_neighbour_has_none(void **state)
{
	const struct topology *topology = load(
		*state, "[lab]\nrouting = static\n"
			"[node r1]\n" ROUTER "eth0 = a 10.0.1.1/30\nlo = 10.9.0.1\n"
			"[node r2]\n" ROUTER "eth0 = a 10.0.1.2/30\neth1 = b 10.0.2.1/30\n"
			"[node r3]\n" ROUTER "eth0 = b 10.0.2.2/30\neth1 = stub 10.0.3.1/24\n");

	assert_string_equal(routes_text(*state, topology, "r1"), "0.0.0.0/0 via 10.0.1.2");
	assert_string_equal(routes_text(*state, topology, "r2"),
			    "10.0.3.0/24 via 10.0.2.2, 10.9.0.1/32 via 10.0.1.1");
	assert_string_equal(routes_text(*state, topology, "r3"), "0.0.0.0/0 via 10.0.2.1");
}

static void of_two_routers_that_have_nobody_else_one_has_a_default_route(void **state)
{
	const struct topology *topology =
		load(*state, "[lab]\nrouting = static\n"
			     "[node r1]\n" ROUTER "eth0 = a 10.0.1.1/30\n"
			     "eth1 = stub 10.1.1.1/24\neth2 = stub 10.1.3.1/24\n"
			     "[node r2]\n" ROUTER "eth0 = a 10.0.1.2/30\n"
			     "eth1 = stub 10.2.1.1/24\neth2 = stub 10.2.3.1/24\n");

	assert_string_equal(routes_text(*state, topology, "r1"), "0.0.0.0/0 via 10.0.1.2");
	assert_string_equal(routes_text(*state, topology, "r2"),
			    "10.1.1.0/24 via 10.0.1.1, 10.1.3.0/24 via 10.0.1.1");
}

static void a_route_of_the_file_is_left_as_it_is(void **state)
{
	const struct topology *topology =
		load(*state, "[lab]\nrouting = static\n"
			     "[node r1]\n" ROUTER "eth0 = a 10.0.1.1/30\neth1 = b 10.0.2.1/30\n"
			     "route.long = 10.0.3.0/24 via 10.0.2.2\n"
			     "route.all = blackhole 10.0.4.0/23\n"
			     "[node r2]\n" ROUTER "eth0 = a 10.0.1.2/30\neth1 = stub 10.0.3.1/24\n"
			     "eth2 = stub 10.0.4.1/24\neth3 = stub 10.0.5.1/24\n"
			     "[node r3]\n" ROUTER "eth0 = b 10.0.2.2/30\n");

	assert_string_equal(routes_text(*state, topology, "r1"),
			    "10.0.4.0/24 via 10.0.1.2, 10.0.5.0/24 via 10.0.1.2");
}

#define SQUARE(more)                                                                               \
	"[lab]\nrouting = static\n"                                                                \
	"[node r1]\n" ROUTER "eth0 = a 10.0.1.1/30\neth1 = b 10.0.2.1/30\n" more                   \
	"[node r2]\n" ROUTER "eth0 = a 10.0.1.2/30\neth1 = c 10.0.3.1/30\n"                        \
	"[node r3]\n" ROUTER "eth0 = b 10.0.2.2/30\neth1 = d 10.0.4.1/30\n"                        \
	"[node r4]\n" ROUTER "eth0 = c 10.0.3.2/30\neth1 = d 10.0.4.2/30\nlo = 10.9.0.4\n"

static void metrics_decide_between_ways_and_equal_ones_are_all_taken(void **state)
{
	assert_string_equal(routes_text(*state, load(*state, SQUARE("")), "r1"),
			    "10.0.3.0/30 via 10.0.1.2, 10.0.4.0/30 via 10.0.2.2, "
			    "10.9.0.4/32 via 10.0.1.2 via 10.0.2.2");
	assert_string_equal(routes_text(*state, load(*state, SQUARE("eth1.metric = 2\n")), "r1"),
			    "10.0.3.0/30 via 10.0.1.2, 10.0.4.0/30 via 10.0.1.2 via 10.0.2.2, "
			    "10.9.0.4/32 via 10.0.1.2");
}

static void an_address_of_a_host_is_reached_through_its_segment(void **state)
{
	const struct topology *topology =
		load(*state, "[lab]\nrouting = static\n"
			     "[switch lan1]\nup1 = lan2\n[switch lan2]\n"
			     "[node r1]\n" ROUTER "eth0 = lan1 10.0.1.1/24\n"
			     "eth1 = a 10.0.2.1/30\n"
			     "[node r2]\n" ROUTER "eth0 = a 10.0.2.2/30\n"
			     "[node h1]\neth0 = lan2 10.0.1.9/24\nlo = 10.9.0.9\n");
	const struct node *host = topology_node(topology, "h1");

	assert_string_equal(routes_text(*state, topology, "r1"), "10.9.0.9/32 via 10.0.1.9");
	assert_string_equal(routes_text(*state, topology, "h1"), "");
	assert_int_equal(host->route_count, 1);
	assert_int_equal(host->routes[0].destination.length, 0);
	assert_int_equal(host->routes[0].hops[0].via.bytes[3], 1);
}

static void what_no_way_leads_to_has_no_route(void **state)
{
	const struct topology *topology =
		load(*state, "[lab]\nrouting = static\n"
			     "[node r1]\n" ROUTER "eth0 = a 10.0.1.1/30\n"
			     "[node r2]\n" ROUTER "eth0 = a 10.0.1.2/30\n"
			     "[node r3]\n" ROUTER "eth0 = b 10.0.2.1/30\n"
			     "[node r4]\n" ROUTER "eth0 = b 10.0.2.2/30\nlo = fd00::4\n");

	assert_string_equal(routes_text(*state, topology, "r1"), "");
	assert_string_equal(routes_text(*state, topology, "r3"), "");
}

/* --- every packet of a lab that is drawn at random -------------------------------------------- */

#define ROUTERS 14
#define ROUNDS	12
#define HOPS	64 /* more than a packet can need here */

/* The same numbers in each run. */
static uint32_t seed;

static uint32_t below(uint32_t limit)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % limit;
}

/* A tree of routers, which joins all, and more cables beside it; metrics; stubs, some with
 * addresses. */
static const char *draw(struct arena *arena)
{
	const char *text = "[lab]\naddresses = 10.0.0.0/8 fd00::/32\nrouting = static\n";
	const char *nodes[ROUTERS];
	unsigned interfaces[ROUTERS] = {0};

	for (unsigned i = 0; i < ROUTERS; i++)
		nodes[i] = arena_printf(arena, "[node r%u]\nforward = yes\n%s", i,
					below(2) ? "lo = auto\n" : "");
	for (unsigned i = 1; i < ROUTERS + ROUTERS / 2; i++) {
		unsigned a = i < ROUTERS ? i : below(ROUTERS), b = below(i < ROUTERS ? i : ROUTERS);
		unsigned metric = 1 + below(3);

		if (a == b)
			continue;
		nodes[a] = arena_printf(arena, "%seth%u = c%u\neth%u.metric = %u\n", nodes[a],
					interfaces[a], i, interfaces[a], metric);
		nodes[b] = arena_printf(arena, "%seth%u = c%u\neth%u.metric = %u\n", nodes[b],
					interfaces[b], i, interfaces[b], metric);
		interfaces[a]++;
		interfaces[b]++;
	}
	for (unsigned i = 0; i < ROUTERS; i++)
		text = arena_printf(arena, "%s%seth%u = stub %s\n", text, nodes[i], interfaces[i],
				    below(2) ? "auto" : "none");
	return text;
}

/* The computed routes of each router. */
struct routes {
	struct route *list;
	size_t count;
};

static bool is_own(const struct node *node, const struct address *to)
{
	for (size_t i = 0; i < node->interface_count; i++)
		for (size_t k = 0; k < node->interfaces[i].address_count; k++) {
			const struct address *own = &node->interfaces[i].addresses[k];

			if (own->family == to->family &&
			    !memcmp(own->bytes, to->bytes, sizeof(own->bytes)))
				return true;
		}
	return false;
}

/* The interface in whose subnet the address is, of a longer prefix than any route to it; or NULL.
 */
static const struct interface *next_to(const struct node *node, const struct address *to,
				       int longest)
{
	for (size_t i = 1; i < node->interface_count; i++)
		for (size_t k = 0; k < node->interfaces[i].address_count; k++)
			if (address_in(to, &node->interfaces[i].addresses[k]) &&
			    node->interfaces[i].addresses[k].length > longest)
				return &node->interfaces[i];
	return NULL;
}

static const struct route *find_route(const struct routes *routes, const struct address *to)
{
	const struct route *best = NULL;

	for (size_t i = 0; i < routes->count; i++) {
		const struct route *route = &routes->list[i];

		if (address_in(to, &route->destination) &&
		    (!best || route->destination.length > best->destination.length))
			best = route;
	}
	return best;
}

/* Follow all ways of the packet. Returns the most hops of one; `arrived` unless one ends elsewhere.
 */
static int follow(const struct routes *routes, const struct node *node, const struct address *to,
		  int hops, bool *arrived)
{
	const struct route *route = find_route(&routes[node->number], to);
	const struct interface *near = next_to(node, to, route ? route->destination.length : -1);
	int most = hops;

	assert_true(hops < HOPS);
	if (is_own(node, to))
		return hops;
	if (near && is_own(near->peer->node, to))
		return hops + 1;
	if (near || !route) {
		*arrived = false;
		return hops;
	}
	for (size_t i = 0; i < route->hop_count; i++) {
		int found =
			follow(routes, route->hops[i].interface->peer->node, to, hops + 1, arrived);

		most = found > most ? found : most;
	}
	return most;
}

static void check_from_all(const struct topology *topology, const struct routes *routes,
			   const struct address *to, bool known)
{
	for (size_t i = 0; i < topology->node_count; i++) {
		bool arrived = true;

		if (topology->nodes[i].kind != NODE_HOST)
			continue;
		follow(routes, &topology->nodes[i], to, 0, &arrived);
		assert_int_equal(arrived, known);
	}
}

static void every_address_is_reached_by_every_way_and_what_nobody_has_goes_nowhere(void **state)
{
	for (int round = 0; round < ROUNDS; round++) {
		const struct topology *topology = load(*state, draw(*state));
		struct routes routes[ROUTERS + 2];
		struct address nobody;

		for (size_t i = 0; i < topology->node_count; i++)
			routes[i + 1].list = static_routes(topology, &topology->nodes[i], *state,
							   &routes[i + 1].count);
		for (size_t i = 0; i < topology->node_count; i++)
			for (size_t k = 0; k < topology->nodes[i].interface_count; k++) {
				const struct interface *interface =
					&topology->nodes[i].interfaces[k];

				for (size_t a = 0; a < interface->address_count; a++)
					check_from_all(topology, routes, &interface->addresses[a],
						       true);
			}
		assert_null(value_address("10.200.0.1", ADDRESS_BARE, &nobody));
		check_from_all(topology, routes, &nobody, false);
		assert_null(value_address("2001:db8::1", ADDRESS_BARE, &nobody));
		check_from_all(topology, routes, &nobody, false);
	}
}

int main(void)
{
#define IN_ARENA(test) cmocka_unit_test_setup_teardown(test, begin, end)
	const struct CMUnitTest tests[] = {
		IN_ARENA(a_router_with_one_way_out_has_a_default_route_and_its_neighbour_has_none),
		IN_ARENA(of_two_routers_that_have_nobody_else_one_has_a_default_route),
		IN_ARENA(a_route_of_the_file_is_left_as_it_is),
		IN_ARENA(metrics_decide_between_ways_and_equal_ones_are_all_taken),
		IN_ARENA(an_address_of_a_host_is_reached_through_its_segment),
		IN_ARENA(what_no_way_leads_to_has_no_route),
		IN_ARENA(every_address_is_reached_by_every_way_and_what_nobody_has_goes_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
