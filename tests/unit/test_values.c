// SPDX-License-Identifier: MIT
// Values of keys: what is taken, what is refused and in which words.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "topology/model.h"
#include "topology/values.h"

#define TEST cmocka_unit_test

static void yes_and_no_have_four_words_each_in_any_case(void **state)
{
	static const char *const yes[] = {"yes", "true", "on", "1", "YES", "On"};
	static const char *const no[] = {"no", "false", "off", "0", "No", "FALSE"};
	bool value;

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++) {
		value = false;
		assert_true(value_yes_no(yes[i], &value));
		assert_true(value);
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++) {
		value = true;
		assert_true(value_yes_no(no[i], &value));
		assert_false(value);
	}
}

static void what_is_neither_yes_nor_no_is_refused(void **state)
{
	static const char *const bad[] = {"", "y", "maybe", "yes ", " no", "2", "01"};
	bool value;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(value_yes_no(bad[i], &value));
}

static void seconds_may_have_a_unit(void **state)
{
	static const struct {
		const char *text;
		uint32_t seconds;
	} rows[] = {{"0", 0},	   {"300", 300}, {"300s", 300}, {"5m", 300},
		    {"5min", 300}, {"1h", 3600}, {"007", 7}};
	uint32_t seconds;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_true(value_seconds(rows[i].text, 86400, &seconds));
		assert_int_equal(seconds, rows[i].seconds);
	}
}

static void seconds_beyond_the_bound_are_refused_in_every_unit(void **state)
{
	static const char *const bad[] = {
		"3601", "3601s", "61m", "61min", "2h", "18446744073709551615", "99999999999999h"};
	uint32_t seconds;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(value_seconds(bad[i], 3600, &seconds));
	assert_true(value_seconds("60m", 3600, &seconds));
	assert_int_equal(seconds, 3600);
}

static void seconds_without_digits_or_of_an_unknown_unit_are_refused(void **state)
{
	static const char *const bad[] = {"", "s", "-1", "+1", "1.5", "5 m", "5d", "5M", "1ms"};
	uint32_t seconds;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(value_seconds(bad[i], 3600, &seconds));
}

static void check_address(const char *text, enum address_form form, int family, unsigned length)
{
	struct address address;
	char shown[ADDRESS_TEXT_SIZE];
	size_t bare = strcspn(text, "/");

	assert_null(value_address(text, form, &address));
	assert_int_equal(address.family, family);
	assert_int_equal(address.length, length);
	assert_int_equal(strlen(address_text(&address, true, shown)), bare);
	assert_memory_equal(shown, text, bare);
}

static void addresses_of_both_families_are_read_in_each_form(void **state)
{
	(void)state;
	check_address("10.0.0.1", ADDRESS_BARE, AF_INET, 32);
	check_address("fd00::1", ADDRESS_BARE, AF_INET6, 128);
	check_address("10.0.0.1/24", ADDRESS_NETWORK, AF_INET, 24);
	check_address("fd00::1/64", ADDRESS_NETWORK, AF_INET6, 64);
	check_address("10.0.0.1", ADDRESS_HOST, AF_INET, 32);
	check_address("10.0.0.1/8", ADDRESS_HOST, AF_INET, 8);
	check_address("10.0.0.0/24", ADDRESS_PREFIX, AF_INET, 24);
	check_address("0.0.0.0/0", ADDRESS_PREFIX, AF_INET, 0);
	check_address("::/0", ADDRESS_PREFIX, AF_INET6, 0);
}

static void check_refused(const char *text, enum address_form form, const char *words)
{
	struct address address;
	const char *wrong = value_address(text, form, &address);

	assert_non_null(wrong);
	assert_string_equal(wrong, words);
}

static void what_is_no_address_is_called_so(void **state)
{
	static const char *const bad[] = {
		"",	     "10.0.0",	   "10.0.0.256", "10.0.0.1.1", "010.0.0.1",
		" 10.0.0.1", "fd00::1::2", "h1",	 "/24",	       "::ffff:1.2.3.4.5"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		check_refused(bad[i], ADDRESS_HOST, "is not an address");
}

static void an_address_longer_than_any_is_refused(void **state)
{
	char text[4096];

	(void)state;
	memset(text, '1', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	check_refused(text, ADDRESS_HOST, "is not an address");
}

static void the_length_of_an_address_is_checked_by_form_and_family(void **state)
{
	(void)state;
	check_refused("10.0.0.1", ADDRESS_NETWORK, "has no length, such as /24");
	check_refused("10.0.0.1/24", ADDRESS_BARE, "has a length; the address alone is meant here");
	check_refused("10.0.0.1/33", ADDRESS_NETWORK, "has a length that is not 0 to 32");
	check_refused("10.0.0.1/", ADDRESS_NETWORK, "has a length that is not 0 to 32");
	check_refused("10.0.0.1/24/8", ADDRESS_NETWORK, "has a length that is not 0 to 32");
	check_refused("10.0.0.1/-1", ADDRESS_NETWORK, "has a length that is not 0 to 32");
	check_refused("fd00::1/129", ADDRESS_NETWORK, "has a length that is not 0 to 128");
}

static void a_prefix_with_bits_behind_its_length_is_refused_but_read(void **state)
{
	struct address address;

	(void)state;
	assert_string_equal(value_address("10.0.0.1/24", ADDRESS_PREFIX, &address),
			    ADDRESS_HAS_HOST_BITS);
	assert_int_equal(address.length, 24);
	assert_string_equal(value_address("fd00::1/127", ADDRESS_PREFIX, &address),
			    ADDRESS_HAS_HOST_BITS);
}

static void a_mask_clears_what_is_behind_the_length_at_any_bit(void **state)
{
	static const struct {
		const char *text, *masked;
	} rows[] = {
		{"255.255.255.255/0", "0.0.0.0/0"},
		{"255.255.255.255/1", "128.0.0.0/1"},
		{"255.255.255.255/9", "255.128.0.0/9"},
		{"255.255.255.255/24", "255.255.255.0/24"},
		{"255.255.255.255/31", "255.255.255.254/31"},
		{"10.1.2.3/32", "10.1.2.3/32"},
		{"fd00:ffff::1/20", "fd00:f000::/20"},
		{"fd00::1/128", "fd00::1/128"},
	};
	struct address address;
	char text[ADDRESS_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_null(value_address(rows[i].text, ADDRESS_NETWORK, &address));
		address_mask(&address);
		assert_string_equal(address_text(&address, false, text), rows[i].masked);
	}
}

static void link_local_is_where_the_standards_put_it(void **state)
{
	static const char *const yes[] = {"169.254.0.0", "169.254.255.255", "fe80::1", "febf::1"};
	static const char *const no[] = {"169.253.255.255", "169.255.0.0", "fec0::1", "fe7f::1",
					 "::1"};
	struct address address;

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++) {
		assert_null(value_address(yes[i], ADDRESS_BARE, &address));
		assert_true(address_is_link_local(&address));
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++) {
		assert_null(value_address(no[i], ADDRESS_BARE, &address));
		assert_false(address_is_link_local(&address));
	}
}

static void a_mac_address_is_six_bytes_in_either_case(void **state)
{
	static const uint8_t expected[6] = {0x02, 0xab, 0xcd, 0xef, 0x00, 0x19};
	uint8_t mac[6];

	(void)state;
	assert_null(value_mac("02:ab:cd:EF:00:19", mac));
	assert_memory_equal(mac, expected, sizeof(mac));
}

static void what_no_interface_can_have_as_mac_is_refused(void **state)
{
	static const char form[] = "is not a MAC address such as 02:00:00:00:00:01";
	static const char *const bad[] = {"",
					  "02",
					  "02:00:00:00:00",
					  "02:00:00:00:00:0",
					  "02:00:00:00:00:01:02",
					  "02-00-00-00-00-01",
					  "2:0:0:0:0:1",
					  "0g:00:00:00:00:01",
					  "02:00:00:00:00:01 "};
	uint8_t mac[6];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_string_equal(value_mac(bad[i], mac), form);
	assert_string_equal(value_mac("01:00:5e:00:00:01", mac),
			    "is a group address, which no interface can have");
	assert_string_equal(value_mac("ff:ff:ff:ff:ff:ff", mac),
			    "is a group address, which no interface can have");
	assert_string_equal(value_mac("00:00:00:00:00:00", mac),
			    "is zero, which no interface can have");
}

static void a_sysctl_is_a_path_in_either_of_its_forms(void **state)
{
	static const struct {
		const char *text, *path;
	} rows[] = {
		{"net.ipv4.tcp_ecn", "net/ipv4/tcp_ecn"},
		{"net/ipv4/tcp_ecn", "net/ipv4/tcp_ecn"},
		{"net.ipv4.conf.eth0/100.forwarding", "net/ipv4/conf/eth0.100/forwarding"},
		{"net/ipv4/conf/eth0.100/forwarding", "net/ipv4/conf/eth0.100/forwarding"},
	};
	AUTO_ARENA struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(value_sysctl_path(arena, rows[i].text), rows[i].path);
}

static void a_sysctl_that_leads_elsewhere_is_refused(void **state)
{
	static const char *const bad[] = {"",
					  "tcp_ecn",
					  "../etc/passwd",
					  "net/../../etc",
					  "net/./ipv4",
					  "/net/ipv4",
					  "net/ipv4/",
					  "net..ipv4",
					  ".net.ipv4",
					  "net.ipv4.",
					  "net/ipv4/a b",
					  "net/ipv4/$(reboot)",
					  "net.ipv4.//.x",
					  "net/...",
					  "net//ipv4"};
	AUTO_ARENA struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_null(value_sysctl_path(arena, bad[i]));
}

static void words_are_what_is_between_blanks_and_tabs(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	size_t count = 9;
	char **words = value_words(arena, " \tlan1  10.0.0.1/24\tfd00::1/64 ", &count);

	(void)state;
	assert_int_equal(count, 3);
	assert_string_equal(words[0], "lan1");
	assert_string_equal(words[1], "10.0.0.1/24");
	assert_string_equal(words[2], "fd00::1/64");
	assert_null(words[3]);
}

static void blanks_and_commas_stand_between_words(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	size_t count;
	char **words = value_words(arena, "eth0,eth1 , eth2\teth3,", &count);

	(void)state;
	assert_int_equal(count, 4);
	assert_string_equal(words[0], "eth0");
	assert_string_equal(words[1], "eth1");
	assert_string_equal(words[2], "eth2");
	assert_string_equal(words[3], "eth3");
	assert_null(words[4]);
}

static void an_empty_value_has_no_words_and_is_closed_all_the_same(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	size_t count = 9;
	char **words = value_words(arena, "", &count);

	(void)state;
	assert_int_equal(count, 0);
	assert_null(words[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(yes_and_no_have_four_words_each_in_any_case),
		TEST(what_is_neither_yes_nor_no_is_refused),
		TEST(seconds_may_have_a_unit),
		TEST(seconds_beyond_the_bound_are_refused_in_every_unit),
		TEST(seconds_without_digits_or_of_an_unknown_unit_are_refused),
		TEST(addresses_of_both_families_are_read_in_each_form),
		TEST(what_is_no_address_is_called_so),
		TEST(an_address_longer_than_any_is_refused),
		TEST(the_length_of_an_address_is_checked_by_form_and_family),
		TEST(a_prefix_with_bits_behind_its_length_is_refused_but_read),
		TEST(a_mask_clears_what_is_behind_the_length_at_any_bit),
		TEST(link_local_is_where_the_standards_put_it),
		TEST(a_mac_address_is_six_bytes_in_either_case),
		TEST(what_no_interface_can_have_as_mac_is_refused),
		TEST(a_sysctl_is_a_path_in_either_of_its_forms),
		TEST(a_sysctl_that_leads_elsewhere_is_refused),
		TEST(words_are_what_is_between_blanks_and_tabs),
		TEST(blanks_and_commas_stand_between_words),
		TEST(an_empty_value_has_no_words_and_is_closed_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
