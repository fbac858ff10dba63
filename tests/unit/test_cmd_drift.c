// SPDX-License-Identifier: MIT
// Where a node differs from its file: each kind of difference, and nothing where there is none.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "cmd/drift.h"
#include "kernel/observe.h"
#include "topology/device.h"
#include "topology/model.h"

#define TEST cmocka_unit_test

#define V4(last)                                                                                   \
	{                                                                                          \
		AF_INET, 24,                                                                       \
		{                                                                                  \
			10, 0, 0, (last)                                                           \
		}                                                                                  \
	}
#define V6(first)                                                                                  \
	{                                                                                          \
		AF_INET6, 64,                                                                      \
		{                                                                                  \
			(first), (first) == 0xfe ? 0x80 : 0, [15] = 1                              \
		}                                                                                  \
	}

/* A host with eth0 and what the kernel has of it: alike, until a test changes something. */
struct fixture {
	struct arena *arena;
	struct address file_addresses[2], kernel_addresses[4], lo_addresses[2];
	struct interface interfaces[2];
	struct node node;
	struct observed_interface kernel[3];
	size_t kernel_count;
	struct interface_view *views;
	size_t count;
};

static void alike(struct fixture *f, struct arena *arena)
{
	*f = (struct fixture){
		.arena = arena,
		.file_addresses = {V4(1), V6(0xfd)},
		.kernel_addresses = {V4(1), V6(0xfd), V6(0xfe), V4(9)},
		.lo_addresses = {{AF_INET, 8, {127, 0, 0, 1}}, {AF_INET6, 128, {[15] = 1}}},
		.kernel_count = 2,
	};
	f->interfaces[0] = (struct interface){
		.kind = INTERFACE_LOOPBACK, .name = "lo", .node = &f->node, .index = 1};
	f->interfaces[1] = (struct interface){.kind = INTERFACE_VETH,
					      .name = "eth0",
					      .node = &f->node,
					      .addresses = f->file_addresses,
					      .address_count = 2,
					      .mac = {2, 0, 0, 0, 0, 1},
					      .index = 2};
	f->node = (struct node){
		.kind = NODE_HOST, .name = "h1", .interfaces = f->interfaces, .interface_count = 2};
	f->kernel[0] = (struct observed_interface){.name = "lo",
						   .kind = "",
						   .qdisc = "noqueue",
						   .index = 1,
						   .mtu = 65536,
						   .up = true,
						   .carrier = true,
						   .addresses = f->lo_addresses,
						   .address_count = 2};
	f->kernel[1] = (struct observed_interface){.name = "eth0",
						   .kind = "veth",
						   .qdisc = "noqueue",
						   .index = 2,
						   .mac = {2, 0, 0, 0, 0, 1},
						   .mtu = 1500,
						   .up = true,
						   .carrier = true,
						   .addresses = f->kernel_addresses,
						   .address_count = 3};
}

static void compare(struct fixture *f)
{
	f->views = drift_compare(&f->node, f->kernel, f->kernel_count, f->arena, &f->count);
}

/* The only difference in view number `view`. */
static void check_one(const struct fixture *f, size_t view, enum drift_kind kind, const char *file,
		      const char *kernel)
{
	const struct drift *drift = f->views[view].drifts;

	assert_true(view < f->count);
	for (size_t i = 0; i < f->count; i++)
		assert_int_equal(f->views[i].drift_count, i == view);
	assert_int_equal(drift->kind, kind);
	if (file)
		assert_string_equal(drift->file, file);
	else
		assert_null(drift->file);
	if (kernel)
		assert_string_equal(drift->kernel, kernel);
	else
		assert_null(drift->kernel);
}

static void nothing_differs_where_all_is_as_in_the_file(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct fixture f;

	(void)state;
	alike(&f, arena);
	compare(&f);
	assert_int_equal(f.count, 2);
	assert_int_equal(f.views[0].drift_count + f.views[1].drift_count, 0);
	assert_true(f.views[0].quiet);
	assert_false(f.views[1].quiet);
}

static void addresses_missing_and_extra_are_told(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct fixture f;

	(void)state;
	alike(&f, arena);
	f.kernel[1].address_count = 1;
	compare(&f);
	check_one(&f, 1, DRIFT_ADDRESS, "fd00::1/64", NULL);
	f.kernel[1].address_count = 4;
	compare(&f);
	check_one(&f, 1, DRIFT_ADDRESS, NULL, "10.0.0.9/24");
}

static void impairments_are_compared_as_far_as_the_kernel_tells_them(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct impaired file = {0};
	struct fixture f;

	(void)state;
	alike(&f, arena);
	impair_parse(IMPAIR_DELAY, "40ms", &f.kernel[1].impairment);
	f.kernel[1].qdisc = "netem";
	compare(&f);
	check_one(&f, 1, DRIFT_IMPAIRMENT, NULL, "delay=40ms");
	impair_parse(IMPAIR_DELAY, "40ms", &file.values);
	impair_parse(IMPAIR_JITTER, "1ms", &file.values);
	f.interfaces[1].impaired = &file;
	compare(&f);
	check_one(&f, 1, DRIFT_IMPAIRMENT, "delay=40ms jitter=1ms", "delay=40ms");
	impair_parse(IMPAIR_JITTER, "1ms", &f.kernel[1].impairment);
	impair_parse(IMPAIR_DISTRIBUTION, "pareto", &file.values);
	impair_parse(IMPAIR_SEED, "7", &f.kernel[1].impairment);
	compare(&f);
	assert_int_equal(f.views[1].drift_count, 0);
	impair_parse(IMPAIR_SEED, "8", &file.values);
	compare(&f);
	check_one(&f, 1, DRIFT_IMPAIRMENT, "delay=40ms jitter=1ms seed=8",
		  "delay=40ms jitter=1ms seed=7");
	f.kernel[1].qdisc = "htb";
	f.kernel[1].impairment = (struct impairment){0};
	compare(&f);
	check_one(&f, 1, DRIFT_IMPAIRMENT, "delay=40ms jitter=1ms", "htb");
}

static void another_prefix_length_is_another_address(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct fixture f;

	(void)state;
	alike(&f, arena);
	f.kernel_addresses[0].length = 25;
	compare(&f);
	assert_int_equal(f.views[1].drift_count, 2);
	assert_string_equal(f.views[1].drifts[0].file, "10.0.0.1/24");
	assert_string_equal(f.views[1].drifts[1].kernel, "10.0.0.1/25");
}

static void a_link_local_address_of_the_file_is_missed_like_any_other(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct fixture f;

	(void)state;
	alike(&f, arena);
	f.file_addresses[1] = (struct address)V6(0xfe);
	f.kernel_addresses[1] = (struct address)V6(0xfe);
	f.kernel[1].address_count = 1;
	compare(&f);
	check_one(&f, 1, DRIFT_ADDRESS, "fe80::1/64", NULL);
}

static void state_mac_and_mtu_are_compared(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct fixture f;

	(void)state;
	alike(&f, arena);
	f.kernel[1].up = false;
	compare(&f);
	check_one(&f, 1, DRIFT_STATE, "up", "down");
	alike(&f, arena);
	f.kernel[1].mac[5] = 2;
	compare(&f);
	check_one(&f, 1, DRIFT_MAC, "02:00:00:00:00:01", "02:00:00:00:00:02");
	alike(&f, arena);
	f.kernel[1].mtu = 1400;
	compare(&f);
	check_one(&f, 1, DRIFT_MTU, "1500", "1400");
	f.interfaces[1].mtu = 1400;
	compare(&f);
	assert_int_equal(f.views[1].drift_count, 0);
}

static void no_carrier_is_the_far_ends_affair(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct fixture f;

	(void)state;
	alike(&f, arena);
	f.kernel[1].carrier = false;
	compare(&f);
	assert_int_equal(f.views[1].drift_count, 0);
}

static void interfaces_missing_and_extra_are_told(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct fixture f;

	(void)state;
	alike(&f, arena);
	f.kernel_count = 1;
	compare(&f);
	assert_null(f.views[1].kernel);
	check_one(&f, 1, DRIFT_INTERFACE, "eth0", NULL);
	alike(&f, arena);
	f.kernel[2] = (struct observed_interface){.name = "dummy0", .kind = "dummy", .index = 3};
	f.kernel_count = 3;
	compare(&f);
	check_one(&f, 2, DRIFT_INTERFACE, NULL, "dummy0");
}

static void tunnels_that_the_kernel_makes_by_itself_are_quiet_until_used(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct fixture f;

	(void)state;
	alike(&f, arena);
	f.kernel[2] = (struct observed_interface){.name = "sit0", .kind = "sit", .index = 3};
	f.kernel_count = 3;
	compare(&f);
	assert_true(f.views[2].quiet);
	assert_int_equal(f.views[2].drift_count, 0);
	f.kernel[2].up = true;
	compare(&f);
	check_one(&f, 2, DRIFT_INTERFACE, NULL, "sit0");
}

static void the_bridge_of_a_switch_belongs_to_it(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct fixture f;

	(void)state;
	alike(&f, arena);
	f.node.kind = NODE_SWITCH;
	f.node.bridge = (struct bridge){.index = 3, .mac = {2, 9}};
	compare(&f);
	assert_int_equal(f.views[2].drift_count, 1);
	assert_int_equal(f.views[2].drifts[0].kind, DRIFT_INTERFACE);
	assert_string_equal(f.views[2].drifts[0].file, "br0");
	f.kernel[2] = (struct observed_interface){.name = "br0",
						  .kind = "bridge",
						  .index = 3,
						  .mac = {2, 9},
						  .mtu = 9000,
						  .up = true};
	f.kernel_count = 3;
	compare(&f);
	assert_int_equal(f.count, 3);
	check_one(&f, 1, DRIFT_MASTER, "br0", NULL);
	f.kernel[1].master = 3;
	compare(&f);
	assert_int_equal(f.views[1].drift_count, 0);
}

static void a_port_in_other_vlans_differs(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct vlan_range tagged[] = {{20, 20}, {30, 39}};
	struct port port = {.native = 10, .tagged = tagged, .tagged_count = 2};
	struct vlan_set kernel;
	struct fixture f;

	(void)state;
	alike(&f, arena);
	f.node.bridge.vlans = true;
	f.interfaces[1].port = &port;
	port_vlans(&port, &kernel);
	f.kernel[1].vlans = &kernel;
	compare(&f);
	assert_int_equal(f.views[1].drift_count, 0);
	kernel.native = 0;
	kernel.members[31 / 32] &= ~(1U << 31 % 32);
	compare(&f);
	check_one(&f, 1, DRIFT_VLANS, "10u,20,30-39", "10,20,30,32-39");
	f.kernel[1].vlans = NULL;
	compare(&f);
	check_one(&f, 1, DRIFT_VLANS, "10u,20,30-39", "none");
}

static void a_device_of_another_kind_differs(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct device device = {.kind = DEVICE_DUMMY};
	struct fixture f;

	(void)state;
	alike(&f, arena);
	f.interfaces[1].kind = INTERFACE_DEVICE;
	f.interfaces[1].device = &device;
	compare(&f);
	check_one(&f, 1, DRIFT_KIND, "dummy", "veth");
	device.kind = DEVICE_TAP;
	f.kernel[1].kind = "tun";
	compare(&f);
	assert_int_equal(f.views[1].drift_count, 0);
}

static void a_port_of_a_bond_has_the_mac_of_the_bond(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct device device = {.kind = DEVICE_BOND};
	struct interface bond = {.name = "bond1", .device = &device, .mac = {2, 7}};
	struct fixture f;

	(void)state;
	alike(&f, arena);
	f.interfaces[1].master = &bond;
	f.kernel[2] = (struct observed_interface){
		.name = "bond1", .kind = "bond", .index = 9, .up = true};
	f.kernel_count = 3;
	f.kernel[1].master = 9;
	compare(&f);
	assert_int_equal(f.views[1].drift_count, 1);
	assert_int_equal(f.views[1].drifts[0].kind, DRIFT_MAC);
	assert_string_equal(f.views[1].drifts[0].file, "02:07:00:00:00:00");
	memcpy(f.kernel[1].mac, bond.mac, 6);
	compare(&f);
	assert_int_equal(f.views[1].drift_count, 0);
}

static void without_a_file_nothing_differs(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct fixture f;

	(void)state;
	alike(&f, arena);
	f.views = drift_compare(NULL, f.kernel, f.kernel_count, f.arena, &f.count);
	assert_int_equal(f.count, 2);
	assert_int_equal(f.views[0].drift_count + f.views[1].drift_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_differs_where_all_is_as_in_the_file),
		TEST(addresses_missing_and_extra_are_told),
		TEST(impairments_are_compared_as_far_as_the_kernel_tells_them),
		TEST(another_prefix_length_is_another_address),
		TEST(a_link_local_address_of_the_file_is_missed_like_any_other),
		TEST(state_mac_and_mtu_are_compared),
		TEST(no_carrier_is_the_far_ends_affair),
		TEST(interfaces_missing_and_extra_are_told),
		TEST(tunnels_that_the_kernel_makes_by_itself_are_quiet_until_used),
		TEST(the_bridge_of_a_switch_belongs_to_it),
		TEST(a_port_in_other_vlans_differs),
		TEST(a_device_of_another_kind_differs),
		TEST(a_port_of_a_bond_has_the_mac_of_the_bond),
		TEST(without_a_file_nothing_differs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
