// SPDX-License-Identifier: MIT
// What reads `within` and `step.N`, and understands the sentences when all nodes are there.
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/text.h"
#include "topology/arguments.h"
#include "topology/build.h"
#include "topology/parties.h"
#include "topology/readers.h"
#include "topology/settle.h"
#include "topology/step.h"
#include "topology/units.h"

#define STEP_LAST 1000000

void read_within(struct reading *reading, void *field)
{
	const char *wrong = time_read(reading->value, field);

	if (wrong)
		report_fault(reading->report, reading->place, "%s: \"%s\" %s",
			     shown(reading->report, reading->key),
			     shown(reading->report, reading->value), wrong);
}

void read_step(struct reading *reading, void *field)
{
	struct test *test = field;
	struct step *step;
	uint64_t number;

	if (!text_number(reading->name, 0, STEP_LAST, &number)) {
		report_fault(reading->report, reading->place,
			     "%s: \"%s\" is no number: steps are done in the order of their "
			     "numbers",
			     shown(reading->report, reading->key),
			     shown(reading->report, reading->name));
		return;
	}
	step = array_push(reading->build->arena, test->steps, test->count);
	step->text = reading->value;
	step->number = (uint32_t)number;
	step->place = reading->place;
}

static bool is_keyword(const struct word *word, const char *text)
{
	return !word->quoted && !strcmp(word->text, text);
}

/* "no", "-4" and "-6"; and then the word that says what it is. */
static bool read_head(struct speech *speech)
{
	struct report *report = &speech->build->report;
	struct near near = {.word = ""};

	if (speech->count && is_keyword(&speech->words[0], "no")) {
		speech->step->negated = true;
		speech->next++;
		speech->count--;
	}
	if (!speech->count) {
		speech_fault(speech, "there is no sentence behind \"no\"");
		return false;
	}
	near.word = speech->words[speech->next].text;
	for (size_t i = 0; i < SENTENCE_COUNT; i++) {
		if (!strcmp(sentences[i].word, near.word))
			speech->step->sentence = &sentences[i];
		near_offer(&near, sentences[i].word);
	}
	if (!speech->step->sentence) {
		speech_fault(speech, "no sentence begins with \"%s\"%s", shown(report, near.word),
			     did_you_mean(report, near_best(&near)));
		return false;
	}
	speech->next++;
	speech->count--;
	return true;
}

static void read_families(struct speech *speech)
{
	unsigned families = 0;

	while (speech->count && !speech->words[speech->next].quoted &&
	       (!strcmp(speech->words[speech->next].text, "-4") ||
		!strcmp(speech->words[speech->next].text, "-6"))) {
		families |= speech->words[speech->next].text[1] == '4' ? FAMILY_IPV4 : FAMILY_IPV6;
		speech->next++;
		speech->count--;
	}
	speech->step->families = families ? families : FAMILIES;
}

/* "within 5s" or "for 5s", the last two words. */
static bool read_patience(struct speech *speech)
{
	const struct word *words = &speech->words[speech->next];
	struct step *step = speech->step;
	const char *wrong;

	step->time = speech->build->topology->within;
	if (speech->count < 2)
		return true;
	words += speech->count - 2;
	if (!is_keyword(words, "within") && !is_keyword(words, "for"))
		return true;
	step->patience = is_keyword(words, "for") ? PATIENCE_FOR : PATIENCE_WITHIN;
	speech->count -= 2;
	wrong = time_read(words[1].text, &step->time);
	if (wrong)
		speech_wrong(speech, words[1].text, wrong);
	if (step->sentence->source != SOURCE_ACTION)
		return !wrong;
	speech_fault(speech, "%s is something to do, not to wait for: it takes no \"%s\"",
		     step->sentence->word, words->text);
	return false;
}

static size_t clause_count(const struct sentence *sentence)
{
	size_t count = 0;

	while (count < CLAUSES_MOST && sentence->clauses[count].argument)
		count++;
	return count;
}

/* The clause whose word that is; clause_count(): none. */
static size_t clause_of(const struct sentence *sentence, const struct word *word)
{
	size_t count = clause_count(sentence);

	for (size_t i = 0; i < count; i++)
		if (sentence->clauses[i].word && is_keyword(word, sentence->clauses[i].word))
			return i;
	return count;
}

static bool missing(struct speech *speech, const struct clause *clause)
{
	const struct sentence *sentence = speech->step->sentence;

	speech_fault(speech, "%s%s%s is missing; it is \"%s\"", clause->word ? clause->word : "",
		     clause->word ? " " : "", argument_title(clause->argument),
		     sentence_usage(sentence, speech->build->arena));
	return false;
}

/* How many of the words left belong to what is read next: those before the next clause's word. */
static size_t span(const struct speech *speech, const struct clause *clause)
{
	const struct sentence *sentence = speech->step->sentence;
	const struct word *words = &speech->words[speech->next];
	size_t count = speech->count, end = count;

	/* A command has words of its own: only what ends it is looked for, from behind. */
	if (clause->argument == ARGUMENT_COMMAND) {
		while (end > 2 && clause_of(sentence, &words[end - 2]) < clause_count(sentence))
			end -= 2;
		return end;
	}
	for (size_t i = 0; i < count; i++)
		if (clause_of(sentence, &words[i]) < clause_count(sentence))
			return i;
	return count;
}

static bool read_clause(struct speech *speech, const struct clause *clause)
{
	size_t count = span(speech, clause), rest = speech->count - count;
	bool well;

	if (!count)
		return missing(speech, clause);
	speech->count = count;
	well = argument_read(speech, clause->argument);
	speech->count += rest;
	return well;
}

/* "within=5s", as keys are written. */
static bool is_time_with_sign(const char *word)
{
	return !strncmp(word, "within=", strlen("within=")) ||
	       !strncmp(word, "for=", strlen("for="));
}

static bool read_clauses(struct speech *speech)
{
	const struct sentence *sentence = speech->step->sentence;
	size_t count = clause_count(sentence), i = 0;
	bool given[CLAUSES_MOST] = {false}, well = true;

	for (; i < count && !sentence->clauses[i].word; i++) {
		if (sentence->clauses[i].optional && !span(speech, &sentence->clauses[i]))
			continue;
		if (!read_clause(speech, &sentence->clauses[i]))
			well = false;
		if (!well && !speech->count)
			return false;
	}
	while (speech->count) {
		const struct word *word = &speech->words[speech->next];
		size_t which = clause_of(sentence, word);

		if (is_time_with_sign(word->text)) {
			speech_fault(speech,
				     "\"%s\" is not understood; a time stands at the end, "
				     "as in \"within 10s\"",
				     shown(&speech->build->report, word->text));
			return false;
		}
		if (which == count || given[which]) {
			speech_fault(speech, "\"%s\" %s; it is \"%s\"",
				     shown(&speech->build->report, word->text),
				     which == count ? "is not understood" : "is there twice",
				     sentence_usage(sentence, speech->build->arena));
			return false;
		}
		given[which] = true;
		speech->next++;
		speech->count--;
		well &= read_clause(speech, &sentence->clauses[which]);
	}
	for (i = 0; i < count && well; i++)
		if (sentence->clauses[i].word && !sentence->clauses[i].optional && !given[i])
			return missing(speech, &sentence->clauses[i]);
	return well;
}

/* "-6" and an address of IPv4 are together nothing to look for. */
static void check_family(struct speech *speech, const struct address *address)
{
	unsigned bit = address->family == AF_INET ? FAMILY_IPV4 : FAMILY_IPV6;

	if (address->family && !(speech->step->families & bit))
		speech_fault(speech, "%s is not an address of %s",
			     address_title(speech->build, address, true),
			     bit == FAMILY_IPV4 ? "IPv6" : "IPv4");
}

static void understand(struct build *build, struct step *step)
{
	struct speech speech = {.build = build, .step = step};
	const char *wrong = phrase_split(step->text, build->arena, (struct word **)&speech.words,
					 &speech.count);

	if (wrong) {
		speech_wrong(&speech, step->text, wrong);
		return;
	}
	if (!read_head(&speech))
		return;
	if (step->negated && step->sentence->source == SOURCE_ACTION) {
		speech_fault(&speech, "%s is something to do: there is no \"no %s\"",
			     step->sentence->word, step->sentence->word);
		return;
	}
	if (!read_patience(&speech))
		return;
	read_families(&speech);
	if (!read_clauses(&speech))
		return;
	check_family(&speech, &step->to.address);
	check_family(&speech, &step->address);
}

static int by_number(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static void understand_test(struct build *build, struct test *test)
{
	if (!test->count) {
		report_warning(&build->report, test->place, "[test %s] has no steps", test->name);
		return;
	}
	qsort(test->steps, test->count, sizeof(*test->steps), by_number);
	for (size_t i = 0; i < test->count && !report_full(&build->report); i++) {
		if (i && test->steps[i].number == test->steps[i - 1].number)
			report_fault(&build->report, test->steps[i].place,
				     "[test %s] has another step %u in line %d", test->name,
				     test->steps[i].number, test->steps[i - 1].place.line);
		understand(build, &test->steps[i]);
	}
}

void settle_tests(struct build *build)
{
	for (size_t i = 0; i < build->topology->test_count; i++)
		understand_test(build, &build->topology->tests[i]);
}

void check_step_services(struct build *build)
{
	for (size_t i = 0; i < build->topology->test_count; i++)
		for (size_t k = 0; k < build->topology->tests[i].count; k++) {
			struct speech speech = {.build = build,
						.step = &build->topology->tests[i].steps[k]};

			if (speech.step->service && !report_full(&build->report))
				party_check_service(&speech, &speech.step->from);
		}
}
