// SPDX-License-Identifier: MIT
// Features of the kernel: each is tried, none leaves a trace, and what lacks has a remedy.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <net/if.h>

#include "base/error.h"
#include "kernel/feature.h"
#include "netns.h"

#define TEST cmocka_unit_test

static void try_features(const bool wanted[FEATURE_COUNT], int missing[FEATURE_COUNT])
{
	struct error err;

	if (feature_missing(wanted, missing, &err) == 0)
		return;
	print_message("%s\n", err.text);
	if (getenv("MUST_WORK"))
		fail();
	skip();
}

static void every_feature_has_its_row(void **state)
{
	(void)state;
	for (int i = 0; i < FEATURE_COUNT; i++) {
		assert_non_null(features[i].name);
		assert_non_null(features[i].use);
		assert_int_equal(strncmp(features[i].option, "CONFIG_", 7), 0);
		assert_true(!!features[i].call != !!features[i].messages[0]);
	}
}

static void links_and_switches_work(void **state)
{
	bool wanted[FEATURE_COUNT] = {[FEATURE_VETH] = true, [FEATURE_BRIDGE] = true};
	int missing[FEATURE_COUNT];

	(void)state;
	try_features(wanted, missing);
	assert_int_equal(missing[FEATURE_VETH], 0);
	assert_int_equal(missing[FEATURE_BRIDGE], 0);
}

/* Debian's kernel has them all but for what is younger; on another it is for doctor to say. */
static void no_feature_is_refused_for_a_bad_message(void **state)
{
	bool wanted[FEATURE_COUNT];
	int missing[FEATURE_COUNT];

	(void)state;
	memset(wanted, true, sizeof(wanted));
	try_features(wanted, missing);
	for (int i = 0; i < FEATURE_COUNT; i++) {
		if (missing[i])
			print_message("%s: %s\n", features[i].name, strerror(missing[i]));
		assert_true(missing[i] == 0 || missing[i] == EOPNOTSUPP || missing[i] == ENOENT);
		if (getenv("FULL_KERNEL") && i != FEATURE_NETEM_SEED)
			assert_int_equal(missing[i], 0);
	}
}

static void only_what_is_wanted_is_tried(void **state)
{
	bool wanted[FEATURE_COUNT] = {0};
	int missing[FEATURE_COUNT];

	(void)state;
	memset(missing, 0x55, sizeof(missing));
	try_features(wanted, missing);
	for (int i = 0; i < FEATURE_COUNT; i++)
		assert_int_equal(missing[i], 0);
}

static void a_trial_leaves_nothing_where_it_is_called(void **state)
{
	bool wanted[FEATURE_COUNT] = {[FEATURE_VETH] = true, [FEATURE_VLAN_FILTERING] = true};
	int missing[FEATURE_COUNT];

	(void)state;
	netns_enter();
	try_features(wanted, missing);
	assert_int_equal(if_nametoindex("veth0"), 0);
	assert_int_equal(if_nametoindex("br0"), 0);
	assert_int_equal(if_nametoindex("bridge0"), 0);
}

static void what_is_missing_has_a_cause_and_a_remedy(void **state)
{
	char cause[FEATURE_CAUSE_SIZE], remedy[FEATURE_REMEDY_SIZE];

	(void)state;
	assert_string_equal(feature_cause(FEATURE_NETEM, ENOENT, cause),
			    "this kernel lacks it (CONFIG_NET_SCH_NETEM, module sch_netem)");
	assert_string_equal(feature_cause(FEATURE_SEG6, EPERM, cause),
			    "Operation not permitted (CONFIG_IPV6_SEG6_LWTUNNEL)");
	assert_string_equal(feature_cause(FEATURE_TUN, EACCES, cause),
			    "/dev/net/tun is not for this user");
	assert_string_equal(feature_remedy(FEATURE_TUN, EACCES, remedy),
			    "as root: chmod 0666 /dev/net/tun");
	for (int i = 0; i < FEATURE_COUNT; i++) {
		const char *text = feature_remedy((enum feature)i, ENODEV, remedy);

		assert_true(strstr(text, features[i].option) ||
			    (features[i].module && strstr(text, features[i].module)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_feature_has_its_row),
		TEST(links_and_switches_work),
		TEST(no_feature_is_refused_for_a_bad_message),
		TEST(only_what_is_wanted_is_tried),
		TEST(what_is_missing_has_a_cause_and_a_remedy),
		TEST(a_trial_leaves_nothing_where_it_is_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
