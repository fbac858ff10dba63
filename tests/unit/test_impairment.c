// SPDX-License-Identifier: MIT
// Delay, loss, rate and the like: read from text, printed again, joined, and as netlink attributes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "kernel/distribution.h"
#include "kernel/message.h"
#include "kernel/qdisc.h"
#include "plan/qdisc.h"
#include "sample.h"
#include "topology/impairment.h"
#include "topology/load.h"
#include "topology/preset.h"
#include "topology/units.h"

#define TEST cmocka_unit_test

static struct impairment parsed(enum impair which, const char *text)
{
	struct impairment impairment = {0};
	const char *wrong = impair_parse(which, text, &impairment);

	if (wrong)
		fail_msg("%s = %s %s", impair_word(which), text, wrong);
	assert_int_equal(impairment.given, 1U << which);
	return impairment;
}

static void times_have_units(void **state)
{
	static const struct {
		const char *text;
		int64_t nanoseconds;
	} rows[] = {
		{"40ms", 40000000},
		{"2.5ms", 2500000},
		{"1s", 1000000000},
		{"500us", 500000},
		{"7ns", 7},
		{"1SEC", 1000000000},
		{"3msec", 3000000},
		{".5ms", 500000},
		{"0", 0},
		{"0ms", 0},
		{"3600s", 3600000000000},
		{"1.000000001s", 1000000001},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(parsed(IMPAIR_DELAY, rows[i].text).delay, rows[i].nanoseconds);
}

static void rates_are_of_bits_or_bytes_in_thousands_or_1024s(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} rows[] = {
		{"20mbit", 2500000}, {"8bit", 1},     {"1.5Mbit", 187500}, {"1gbit", 125000000},
		{"1kibit", 128},     {"1kbps", 1000}, {"2mbps", 2000000},  {"1tbit", 125000000000},
		{"1mibps", 1048576},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(parsed(IMPAIR_RATE, rows[i].text).rate, rows[i].bytes);
}

static void percentages_round_as_those_of_tc(void **state)
{
	struct impairment loss = parsed(IMPAIR_LOSS, "100%");

	(void)state;
	assert_int_equal(loss.loss.parameters[0], UINT32_MAX);
	assert_int_equal(parsed(IMPAIR_LOSS, "10").loss.parameters[0], 429496730);
	assert_int_equal(parsed(IMPAIR_LOSS, "0.1%").loss.parameters[0], 4294967);
	assert_int_equal(parsed(IMPAIR_LOSS, "0%").loss.model, LOSS_NONE);
}

static void models_of_loss_have_the_defaults_of_tc(void **state)
{
	struct loss loss = parsed(IMPAIR_LOSS, "gemodel 1%").loss;

	(void)state;
	assert_int_equal(loss.model, LOSS_GEMODEL);
	assert_int_equal(loss.parameters[1], UINT32_MAX - loss.parameters[0]);
	assert_int_equal(loss.parameters[2], UINT32_MAX);
	assert_int_equal(loss.parameters[3], 0);
	loss = parsed(IMPAIR_LOSS, "state,1%,50%").loss;
	assert_int_equal(loss.model, LOSS_STATE);
	assert_int_equal(loss.parameters[2], 0);
	assert_int_equal(loss.parameters[3], UINT32_MAX);
	assert_int_equal(loss.parameters[4], 0);
}

static void what_is_printed_is_read_as_the_same(void **state)
{
	static const struct {
		enum impair which;
		const char *text;
	} rows[] = {
		{IMPAIR_DELAY, "40ms"},
		{IMPAIR_DELAY, "2.5ms"},
		{IMPAIR_DELAY, "1.000000001s"},
		{IMPAIR_JITTER, "500us 25%"},
		{IMPAIR_JITTER, "1ms"},
		{IMPAIR_DISTRIBUTION, "paretonormal"},
		{IMPAIR_LOSS, "1%"},
		{IMPAIR_LOSS, "0.01% 33.3%"},
		{IMPAIR_LOSS, "gemodel 1% 10% 70% 0.1%"},
		{IMPAIR_LOSS, "state 1% 2% 3% 4% 5%"},
		{IMPAIR_DUPLICATE, "1% 50%"},
		{IMPAIR_CORRUPT, "0.0001%"},
		{IMPAIR_REORDER, "25% 50% gap 5"},
		{IMPAIR_REORDER, "25%"},
		{IMPAIR_RATE, "20mbit"},
		{IMPAIR_RATE, "1500kbit"},
		{IMPAIR_RATE, "1024bit"},
		{IMPAIR_LIMIT, "1000"},
		{IMPAIR_SEED, "18446744073709551615"},
	};
	char text[IMPAIR_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct impairment impairment = parsed(rows[i].which, rows[i].text);

		assert_string_equal(impair_text(&impairment, rows[i].which, text), rows[i].text);
	}
}

/* Any part of UINT32_MAX that the kernel can have is printed so that it is the same again. */
static void every_part_survives_being_text(void **state)
{
	char text[UNIT_TEXT_SIZE];

	(void)state;
	for (uint64_t part = 0; part <= UINT32_MAX; part += 999983)
		assert_int_equal(parsed(IMPAIR_CORRUPT, percent_text((uint32_t)part, text))
					 .corrupt.probability,
				 part);
}

static void none_takes_away(void **state)
{
	struct impairment impairment = parsed(IMPAIR_DELAY, "40ms");
	char text[IMPAIRMENT_TEXT_SIZE];

	(void)state;
	for (int i = 0; i < IMPAIR_COUNT; i++) {
		assert_null(impair_parse((enum impair)i, "none", &impairment));
		assert_true(impairment.given & 1U << i);
	}
	assert_string_equal(impairment_text(&impairment, text), "");
	assert_false(impairment_acts(&impairment));
}

static void a_merge_changes_what_is_given_and_keeps_the_rest(void **state)
{
	struct impairment to = {0}, over = {0};
	char text[IMPAIRMENT_TEXT_SIZE];

	(void)state;
	impair_parse(IMPAIR_DELAY, "40ms", &to);
	impair_parse(IMPAIR_JITTER, "2ms 10%", &to);
	impair_parse(IMPAIR_LOSS, "gemodel 1% 10%", &to);
	impair_parse(IMPAIR_RATE, "20mbit", &to);
	impair_parse(IMPAIR_LOSS, "5%", &over);
	impair_parse(IMPAIR_RATE, "none", &over);
	over.delay = 7; /* not given */
	impairment_merge(&to, &over);
	assert_string_equal(impairment_text(&to, text), "delay=40ms jitter=2ms,10% loss=5%");
}

static void the_rate_alone_takes_tbf_and_all_else_netem_above_it(void **state)
{
	struct impairment impairment = parsed(IMPAIR_RATE, "20mbit");
	enum qdisc_kind kinds[QDISC_MOST];

	(void)state;
	assert_int_equal(qdiscs_of(&impairment, kinds), 1);
	assert_int_equal(kinds[0], QDISC_TBF);
	impair_parse(IMPAIR_DELAY, "1ms", &impairment);
	assert_int_equal(qdiscs_of(&impairment, kinds), 2);
	assert_int_equal(kinds[0], QDISC_NETEM);
	assert_int_equal(kinds[1], QDISC_NETEM_TBF);
	impair_parse(IMPAIR_RATE, "none", &impairment);
	assert_int_equal(qdiscs_of(&impairment, kinds), 1);
	impair_parse(IMPAIR_DELAY, "none", &impairment);
	assert_int_equal(qdiscs_of(&impairment, kinds), 0);
}

static void a_queue_is_50_ms_of_the_rate_but_at_least_16_packets(void **state)
{
	struct impairment fast = parsed(IMPAIR_RATE, "20mbit");
	struct impairment slow = parsed(IMPAIR_RATE, "100kbit");
	struct interface interface = {0}, jumbo = {.mtu = 9000};

	(void)state;
	assert_int_equal(tbf_limit(&fast, &interface), 125000);
	assert_int_equal(tbf_burst(&fast, &interface), 25000);
	assert_int_equal(tbf_limit(&slow, &interface), 16 * 1518);
	assert_int_equal(tbf_burst(&slow, &interface), 2 * 1518);
	assert_int_equal(tbf_burst(&slow, &jumbo), 2 * 9018);
	impair_parse(IMPAIR_LIMIT, "100", &fast);
	assert_int_equal(tbf_limit(&fast, &interface), 100 * 1518);
	assert_int_equal(tbf_packets(100 * 1518, &fast, 0), 100);
	assert_int_equal(tbf_packets(125000, &fast, 0), 0);
}

/* Encode the operations of an impairment, and decode them as a dump of the kernel's would be. */
static struct impairment there_and_back(const struct impairment *impairment)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct interface *eth0 = &sample_topology(arena)->nodes[R1].interfaces[1];
	struct op op = {.kind = OP_QDISC, .node = eth0->node, .qdisc = {eth0, impairment, 0}};
	struct nlattr *attrs[TCA_MAX + 1];
	enum qdisc_kind kinds[QDISC_MOST];
	size_t count = qdiscs_of(impairment, kinds);
	struct impairment back = {0};

	for (size_t i = 0; i < count; i++) {
		struct nl_msg *msg;
		struct tcmsg *header;

		op.qdisc.kind = kinds[i];
		msg = message_encode(&op, 1, NULL);
		assert_non_null(msg);
		assert_int_equal(nlmsg_hdr(msg)->nlmsg_type, RTM_NEWQDISC);
		header = nlmsg_data(nlmsg_hdr(msg));
		assert_int_equal(header->tcm_ifindex, eth0->index);
		assert_int_equal(header->tcm_parent, qdisc_parent(kinds[i]));
		assert_int_equal(nlmsg_parse(nlmsg_hdr(msg), sizeof(*header), attrs, TCA_MAX, NULL),
				 0);
		assert_true(qdisc_decode(nla_get_string(attrs[TCA_KIND]), attrs[TCA_OPTIONS],
					 eth0->mtu, &back));
		nlmsg_free(msg);
	}
	return back;
}

static void the_kernel_is_told_all_of_it(void **state)
{
	static const char *const rows[] = {
		"delay=40ms",
		"delay=40ms jitter=2ms,25%",
		"delay=1ms loss=1%,25% duplicate=2%,3% corrupt=4%,5% reorder=25%,50% rate=20mbit",
		"loss=gemodel,1%,10%,70%,0.1%",
		"loss=state,1%,2%,3%,4%,5% limit=77",
		"delay=30s reorder=1%,2% seed=12345678901234",
		"rate=20mbit limit=100",
		"delay=1ms rate=100gbit limit=3000",
		"rate=8bit",
	};
	char text[IMPAIRMENT_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct impairment impairment = {0}, back;
		char *copy = strdup(rows[i]), *rest = copy;

		for (char *word; (word = strsep(&rest, " "));) {
			char *value = strchr(word, '=');

			*value++ = '\0';
			assert_null(impair_parse(impair_find(word), value, &impairment));
		}
		back = there_and_back(&impairment);
		assert_string_equal(impairment_text(&back, text), rows[i]);
		free(copy);
	}
}

static void what_is_neither_netem_nor_tbf_is_told_apart(void **state)
{
	struct impairment impairment = {0};

	(void)state;
	assert_false(qdisc_decode("htb", NULL, 1500, &impairment));
	assert_true(qdisc_decode("netem", NULL, 1500, &impairment));
}

/* Every dump of netem has an attribute of its rate, which is 0 where tbf's counts. */
static void the_rate_of_netem_counts_where_it_has_one(void **state)
{
	static const uint64_t of_tbf = 5000;
	struct tc_netem_qopt options = {0};
	struct tc_netem_rate rates[] = {{.rate = 0}, {.rate = 250000}};
	const uint64_t expected[] = {of_tbf, 250000};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWQDISC, 0);
		struct nlattr *nest = nla_nest_start(msg, TCA_OPTIONS);
		struct impairment impairment = {.rate = of_tbf};

		assert_non_null(nest);
		assert_int_equal(nlmsg_append(msg, &options, sizeof(options), NLMSG_ALIGNTO), 0);
		assert_int_equal(nla_put(msg, TCA_NETEM_RATE, sizeof(rates[i]), &rates[i]), 0);
		nla_nest_end(msg, nest);
		assert_true(qdisc_decode("netem", nest, 1500, &impairment));
		assert_int_equal(impairment.rate, expected[i]);
		nlmsg_free(msg);
	}
}

static double mean(const int16_t *table)
{
	double sum = 0;

	for (int i = 0; i < DISTRIBUTION_SIZE; i++)
		sum += table[i];
	return sum / DISTRIBUTION_SIZE / NETEM_DIST_SCALE;
}

static void distributions_rise_and_have_no_mean(void **state)
{
	(void)state;
	for (int i = 0; i < DISTRIBUTION_COUNT; i++) {
		const int16_t *table = distribution_table((enum distribution)i);

		for (int k = 1; k < DISTRIBUTION_SIZE; k++)
			assert_true(table[k - 1] <= table[k]);
		/* The tail of a Pareto distribution ends where 16 bits do. */
		assert_true(mean(table) > -0.05 && mean(table) < 0.05);
	}
	assert_in_range(distribution_table(DISTRIBUTION_NORMAL)[DISTRIBUTION_SIZE * 841 / 1000],
			8100, 8300);
	assert_int_equal(distribution_table(DISTRIBUTION_UNIFORM)[DISTRIBUTION_SIZE - 1], 8190);
}

/* Each preset says the same in a lab: it has no fault, and acts. */
static void every_preset_is_a_template_of_links(void **state)
{
	(void)state;
	for (size_t i = 0; i < preset_count; i++) {
		AUTO_ARENA struct arena *arena = arena_new();
		const char *text = arena_printf(arena,
						"[node a]\neth0 = x\n[node b]\neth0 = x\n"
						"[link x]\nlike = %s\n",
						presets[i].name);
		struct faults faults = {.arena = arena};
		const struct topology *topology =
			topology_parse("x.ini", text, strlen(text), arena, &faults);

		assert_int_equal(faults.count, 0);
		assert_non_null(topology);
		assert_non_null(topology->nodes[0].interfaces[1].impaired);
		assert_true(impairment_acts(&topology->nodes[0].interfaces[1].impaired->values));
	}
}

/* The text of a preset is in the manual, to the letter. */
static void the_manual_shows_every_preset(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	FILE *file = fopen("docs/nslab-topology.5", "re");
	char *manual = arena_alloc(arena, 1 << 20);

	(void)state;
	assert_non_null(file);
	assert_true(fread(manual, 1, (1 << 20) - 1, file) > 0);
	fclose(file);
	for (size_t i = 0; i < preset_count; i++)
		assert_non_null(strstr(manual, presets[i].text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(times_have_units),
		TEST(rates_are_of_bits_or_bytes_in_thousands_or_1024s),
		TEST(percentages_round_as_those_of_tc),
		TEST(models_of_loss_have_the_defaults_of_tc),
		TEST(what_is_printed_is_read_as_the_same),
		TEST(every_part_survives_being_text),
		TEST(none_takes_away),
		TEST(a_merge_changes_what_is_given_and_keeps_the_rest),
		TEST(the_rate_alone_takes_tbf_and_all_else_netem_above_it),
		TEST(a_queue_is_50_ms_of_the_rate_but_at_least_16_packets),
		TEST(the_kernel_is_told_all_of_it),
		TEST(what_is_neither_netem_nor_tbf_is_told_apart),
		TEST(the_rate_of_netem_counts_where_it_has_one),
		TEST(distributions_rise_and_have_no_mean),
		TEST(every_preset_is_a_template_of_links),
		TEST(the_manual_shows_every_preset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
