// SPDX-License-Identifier: MIT
// Sentences of tests: the one table, the manual's list of it, and steps as they are understood.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "test/look.h"
#include "topology/load.h"
#include "topology/phrase.h"
#include "topology/protocol.h"
#include "topology/step.h"

#define TEST   cmocka_unit_test
#define MANUAL "docs/nslab-topology.5"

/* The head of an item of the manual in the words of the table; "" where it is no sentence's. */
static void head_of(const char *line, char *head)
{
	char copy[256], *rest = copy, *word;
	bool open = false;

	head[0] = '\0';
	snprintf(copy, sizeof(copy), "%s", line);
	while ((word = strsep(&rest, " "))) {
		if (!strcmp(word, ".It") || !strcmp(word, "Cm") || !strcmp(word, "Ar"))
			continue;
		if (!strcmp(word, "Oc")) {
			strcat(head, "]");
			continue;
		}
		if (*head && !open)
			strcat(head, " ");
		open = !strcmp(word, "Oo");
		strcat(head, open ? "[" : word);
	}
}

/* Between "These are the sentences:" and the end of that list. */
static void the_manual_lists_the_sentences_of_the_table(void **state)
{
	struct arena *arena = arena_new();
	struct error err;
	char *text, *line, head[512];
	size_t size, found = 0;

	(void)state;
	assert_int_equal(file_read(MANUAL, 1 << 20, arena, &text, &size, &err), 0);
	text = strstr(text, "\nThese are the sentences:\n");
	assert_non_null(text);
	*strstr(text, "\n.El\n") = '\0';
	while ((line = strsep(&text, "\n"))) {
		if (strncmp(line, ".It Cm ", 7) != 0)
			continue;
		head_of(line, head);
		assert_in_range(found, 0, SENTENCE_COUNT - 1);
		assert_string_equal(head, sentence_usage(&sentences[found], arena));
		found++;
	}
	assert_int_equal(found, SENTENCE_COUNT);
	arena_free(arena);
}

static void each_sentence_is_looked_at_or_done_as_the_table_says(void **state)
{
	(void)state;
	for (int i = 0; i < SENTENCE_COUNT; i++) {
		const struct sentence *sentence = &sentences[i];
		const struct look *look = &looks[i];

		assert_non_null(sentence->word);
		assert_true((sentence->source == SOURCE_ACTION) == (look->act != NULL));
		assert_true((sentence->source == SOURCE_ACTION) == (look->look == NULL));
		assert_true((sentence->source == SOURCE_EVENTS) == (look->watched != 0));
	}
}

static void quotes_join_words_and_are_taken_off(void **state)
{
	static const char text[] = "run h1 \"a \\\"b\\\" c\" x'y z'  end";
	static const char *const expected[] = {"run", "h1", "a \"b\" c", "xy z", "end"};
	struct arena *arena = arena_new();
	struct word *words;
	size_t count;

	(void)state;
	assert_null(phrase_split(text, arena, &words, &count));
	assert_int_equal(count, sizeof(expected) / sizeof(*expected));
	for (size_t i = 0; i < count; i++)
		assert_string_equal(words[i].text, expected[i]);
	assert_true(words[2].quoted && words[3].quoted && !words[4].quoted);
	assert_memory_equal(text + words[3].start, "x'y z'", words[3].end - words[3].start);
	assert_non_null(phrase_split("run h1 \"a", arena, &words, &count));
	arena_free(arena);
}

static const char network[] = "[lab]\nwithin = 7s\n"
			      "[node h1]\neth0 = core 10.0.0.1/24\n"
			      "[node h2]\neth0 = core 10.0.0.2/24\n"
			      "[node r1]\neth0 = lan\n[switch lan]\n[test t]\n";

/* The first step of a test that has this sentence alone; NULL: it is not understood. */
static const struct step *step_of(struct arena *arena, const char *sentence)
{
	const char *text = arena_printf(arena, "%sstep.1 = %s\n", network, sentence);
	struct faults faults = {.arena = arena};
	const struct topology *topology =
		topology_parse("t.ini", text, strlen(text), arena, &faults);

	for (size_t i = 0; i < faults.count; i++)
		print_message("%s\n", faults.list[i].text);
	return topology ? &topology->tests[0].steps[0] : NULL;
}

static void a_step_has_the_patience_of_its_lab_unless_it_says_another(void **state)
{
	struct arena *arena = arena_new();
	const struct step *step = step_of(arena, "ping h1 h2");

	(void)state;
	assert_non_null(step);
	assert_ptr_equal(step->sentence, &sentences[SENTENCE_PING]);
	assert_true(step->patience == PATIENCE_WITHIN && step->time == 7000000000);
	assert_false(step->negated);
	assert_int_equal(step->families, FAMILIES);
	step = step_of(arena, "no ping -6 h1 h2 for 250ms");
	assert_true(step->patience == PATIENCE_FOR && step->time == 250000000);
	assert_true(step->negated);
	assert_int_equal(step->families, FAMILY_IPV6);
	arena_free(arena);
}

static void nodes_are_named_by_patterns_and_switches_in_full(void **state)
{
	struct arena *arena = arena_new();
	const struct step *step = step_of(arena, "ping h* all");

	(void)state;
	assert_int_equal(step->from.count, 2);
	assert_int_equal(step->to.count, 3);
	assert_true(step->from.many && step->to.many);
	step = step_of(arena, "interface lan,h1 br0 up");
	assert_int_equal(step->from.count, 2);
	assert_string_equal(step->from.nodes[0]->name, "lan");
	step = step_of(arena, "tcp h1 [fd00::1]:80");
	assert_int_equal(step->to.address.family, AF_INET6);
	assert_int_equal(step->port, 80);
	arena_free(arena);
}

static void a_node_in_a_url_is_spoken_to_as_any_other(void **state)
{
	static const char *const named[] = {"http://h2", "https://h2:8443/a", "http://h2/?a=h1",
					    "http://h1:secret@h2/"};
	static const char *const others[] = {"http://10.0.0.2/h2", "http://[fd00::2]/",
					     "http://www.example.org/", "http://h22/"};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++) {
		const struct step *step =
			step_of(arena, arena_printf(arena, "http h1 %s", named[i]));

		assert_non_null(step);
		assert_int_equal(step->to.count, 1);
		assert_string_equal(step->to.nodes[0]->name, "h2");
		assert_string_equal(step->url, named[i]);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		const struct step *step =
			step_of(arena, arena_printf(arena, "http h1 %s", others[i]));

		assert_non_null(step);
		assert_int_equal(step->to.count, 0);
	}
	arena_free(arena);
}

static void a_command_is_one_quoted_word_or_all_that_is_left(void **state)
{
	struct arena *arena = arena_new();
	const struct step *step =
		step_of(arena, "run h1 ip route show dev eth0 exit 2 prints 'a b'");

	(void)state;
	assert_string_equal(step->command, "ip route show dev eth0");
	assert_int_equal(step->status, 2);
	assert_string_equal(step->contains, "a b");
	step = step_of(arena, "run h1 \"exit 3\" exit 3");
	assert_string_equal(step->command, "exit 3");
	step = step_of(arena, "run h1 sh -c 'exit  3' matches ^x");
	assert_string_equal(step->command, "sh -c 'exit  3'");
	assert_string_equal(step->matches, "^x");
	arena_free(arena);
}

static void bounds_have_the_unit_of_what_is_measured(void **state)
{
	struct arena *arena = arena_new();
	const struct step *step = step_of(arena, "rtt h1 h2 40ms +-100%");

	(void)state;
	assert_int_equal(step->bound.kind, BOUND_ABOUT);
	assert_int_equal(step->bound.value, 40000000);
	assert_int_equal(step->bound.tolerance, UINT32_MAX);
	step = step_of(arena, "loss h1 h2 below 100%");
	assert_int_equal(step->bound.kind, BOUND_BELOW);
	assert_int_equal(step->bound.value, UINT32_MAX);
	step = step_of(arena, "rate h1 h2 above 90mbit");
	assert_int_equal(step->bound.kind, BOUND_ABOVE);
	assert_int_equal(step->bound.value, 90000000);
	arena_free(arena);
}

static void a_route_is_described_in_any_order(void **state)
{
	struct arena *arena = arena_new();
	const struct step *step =
		step_of(arena, "route h1 10.9.0.0/16 metric 20 proto ospf via h2 dev eth0");
	uint32_t ospf;

	(void)state;
	assert_true(protocol_number("ospf", &ospf));
	assert_string_equal(protocol_name(ospf), "ospf");
	assert_int_equal(step->protocol, ospf);
	assert_true(step->metric_given && step->metric == 20);
	assert_int_equal(step->gateway.count, 1);
	assert_string_equal(step->interface, "eth0");
	assert_true(step_of(arena, "route h1 default")->any_family);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_manual_lists_the_sentences_of_the_table),
		TEST(each_sentence_is_looked_at_or_done_as_the_table_says),
		TEST(quotes_join_words_and_are_taken_off),
		TEST(a_step_has_the_patience_of_its_lab_unless_it_says_another),
		TEST(nodes_are_named_by_patterns_and_switches_in_full),
		TEST(a_node_in_a_url_is_spoken_to_as_any_other),
		TEST(a_command_is_one_quoted_word_or_all_that_is_left),
		TEST(bounds_have_the_unit_of_what_is_measured),
		TEST(a_route_is_described_in_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
