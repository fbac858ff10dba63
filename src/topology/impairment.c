// SPDX-License-Identifier: MIT
// What a link does to packets, from text and as text: pure functions that know no places.
#include "topology/impairment.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "topology/units.h"
#include "topology/values.h"

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

#define LIMIT_MOST 10000000

/* The words of a value while they are read. */
#define WORDS_MOST 8
struct words {
	char text[IMPAIR_TEXT_SIZE];
	const char *list[WORDS_MOST];
	size_t count, next;
};

static bool split(struct words *words, const char *text)
{
	size_t length = strlen(text);
	char *rest = words->text;

	*words = (struct words){0};
	if (length >= sizeof(words->text))
		return false;
	memcpy(words->text, text, length + 1);
	for (char *word; (word = strsep(&rest, WORDS_APART));) {
		if (!*word)
			continue;
		if (words->count == WORDS_MOST)
			return false;
		words->list[words->count++] = word;
	}
	return words->count > 0;
}

static const char *take(struct words *words)
{
	return words->next < words->count ? words->list[words->next++] : NULL;
}

static bool take_word(struct words *words, const char *word)
{
	bool there = words->next < words->count && !strcmp(words->list[words->next], word);

	words->next += there;
	return there;
}

static const char *parse_delay(struct words *words, struct impairment *to)
{
	return time_read(take(words), &to->delay);
}

static const char *parse_jitter(struct words *words, struct impairment *to)
{
	const char *wrong = time_read(take(words), &to->jitter), *next = take(words);

	to->jitter_correlation = 0;
	return wrong || !next ? wrong : percent_read(next, &to->jitter_correlation);
}

static const char *const distributions[DISTRIBUTION_COUNT + 1] = {
	[DISTRIBUTION_UNIFORM] = "uniform",
	[DISTRIBUTION_NORMAL] = "normal",
	[DISTRIBUTION_PARETO] = "pareto",
	[DISTRIBUTION_PARETONORMAL] = "paretonormal",
};

const char *distribution_word(enum distribution distribution)
{
	return distributions[distribution];
}

static const char *parse_distribution(struct words *words, struct impairment *to)
{
	const char *word = take(words);

	for (int i = 0; i < DISTRIBUTION_COUNT; i++) {
		if (strcmp(word, distributions[i]) != 0)
			continue;
		to->distribution = (enum distribution)i;
		return NULL;
	}
	return "is none of uniform, normal, pareto and paretonormal";
}

/* What is left out of a model's parameters, as tc-netem(8) has it. */
static void default_parameters(struct loss *loss, size_t given)
{
	static const uint32_t state[LOSS_PARAMETERS] = {[3] = UINT32_MAX};
	static const uint32_t gemodel[LOSS_PARAMETERS] = {[2] = UINT32_MAX};

	for (size_t i = given; i < LOSS_PARAMETERS; i++) {
		if (loss->model == LOSS_RANDOM)
			loss->parameters[i] = 0;
		else if (i == 1)
			loss->parameters[i] = UINT32_MAX - loss->parameters[0];
		else
			loss->parameters[i] = loss->model == LOSS_STATE ? state[i] : gemodel[i];
	}
}

static const struct {
	const char *word;
	enum loss_model model;
	size_t parameters;
} models[] = {
	{"random", LOSS_RANDOM, 2},
	{"state", LOSS_STATE, 5},
	{"gemodel", LOSS_GEMODEL, 4},
};

static const char *parse_loss(struct words *words, struct impairment *to)
{
	struct loss loss = {.model = LOSS_RANDOM};
	size_t most = models[0].parameters, given = 0;
	const char *wrong = NULL, *word;

	for (size_t i = 0; i < COUNT(models); i++) {
		if (!take_word(words, models[i].word))
			continue;
		loss.model = models[i].model;
		most = models[i].parameters;
		break;
	}
	while (!wrong && given < most && (word = take(words)))
		wrong = percent_read(word, &loss.parameters[given++]);
	if (wrong)
		return wrong;
	if (!given)
		return "has no percentage";
	default_parameters(&loss, given);
	if (loss.model == LOSS_RANDOM && !loss.parameters[0])
		loss = (struct loss){0};
	to->loss = loss;
	return NULL;
}

static const char *read_chance(struct words *words, struct chance *chance)
{
	const char *wrong = percent_read(take(words), &chance->probability), *next;

	chance->correlation = 0;
	if (wrong || words->next == words->count || !strcmp(words->list[words->next], "gap"))
		return wrong;
	next = take(words);
	return percent_read(next, &chance->correlation);
}

static const char *parse_duplicate(struct words *words, struct impairment *to)
{
	return read_chance(words, &to->duplicate);
}

static const char *parse_corrupt(struct words *words, struct impairment *to)
{
	return read_chance(words, &to->corrupt);
}

static const char *parse_reorder(struct words *words, struct impairment *to)
{
	const char *wrong = read_chance(words, &to->reorder);
	uint64_t gap = to->reorder.probability ? 1 : 0;

	if (wrong)
		return wrong;
	if (take_word(words, "gap") &&
	    (words->next == words->count || !text_number(take(words), 1, UINT32_MAX, &gap)))
		return "has no number of packets behind \"gap\"";
	to->gap = to->reorder.probability ? (uint32_t)gap : 0;
	return NULL;
}

static const char *parse_rate(struct words *words, struct impairment *to)
{
	return rate_read(take(words), &to->rate);
}

static const char *parse_limit(struct words *words, struct impairment *to)
{
	uint64_t limit;

	if (!text_number(take(words), 1, LIMIT_MOST, &limit))
		return "is not a number of packets from 1 to 10,000,000";
	to->limit = (uint32_t)limit;
	return NULL;
}

static const char *parse_seed(struct words *words, struct impairment *to)
{
	if (!text_number(take(words), 0, UINT64_MAX, &to->seed))
		return "is not a number";
	to->seeded = true;
	return NULL;
}

static void print_chance(const struct chance *chance, char *buffer)
{
	char first[UNIT_TEXT_SIZE], second[UNIT_TEXT_SIZE];

	if (!chance->probability)
		return;
	percent_text(chance->probability, first);
	percent_text(chance->correlation, second);
	snprintf(buffer, IMPAIR_TEXT_SIZE, chance->correlation ? "%s %s" : "%s", first, second);
}

static void print_delay(const struct impairment *of, char *buffer)
{
	if (of->delay)
		time_text(of->delay, buffer);
}

static void print_jitter(const struct impairment *of, char *buffer)
{
	char jitter[UNIT_TEXT_SIZE], correlation[UNIT_TEXT_SIZE];

	if (!of->jitter)
		return;
	time_text(of->jitter, jitter);
	percent_text(of->jitter_correlation, correlation);
	snprintf(buffer, IMPAIR_TEXT_SIZE, of->jitter_correlation ? "%s %s" : "%s", jitter,
		 correlation);
}

static void print_distribution(const struct impairment *of, char *buffer)
{
	if (of->distribution != DISTRIBUTION_UNIFORM)
		snprintf(buffer, IMPAIR_TEXT_SIZE, "%s", distributions[of->distribution]);
}

static void print_loss(const struct impairment *of, char *buffer)
{
	char part[UNIT_TEXT_SIZE];
	size_t used = 0, count = 0;

	for (size_t i = 0; i < COUNT(models); i++) {
		if (of->loss.model != models[i].model)
			continue;
		count = models[i].parameters;
		if (of->loss.model != LOSS_RANDOM)
			used = (size_t)sprintf(buffer, "%s ", models[i].word);
		else if (!of->loss.parameters[1])
			count = 1;
	}
	for (size_t i = 0; i < count; i++)
		used += (size_t)snprintf(buffer + used, IMPAIR_TEXT_SIZE - used, "%s%s",
					 i ? " " : "", percent_text(of->loss.parameters[i], part));
}

static void print_duplicate(const struct impairment *of, char *buffer)
{
	print_chance(&of->duplicate, buffer);
}

static void print_corrupt(const struct impairment *of, char *buffer)
{
	print_chance(&of->corrupt, buffer);
}

static void print_reorder(const struct impairment *of, char *buffer)
{
	size_t used;

	print_chance(&of->reorder, buffer);
	used = strlen(buffer);
	if (of->gap > 1)
		snprintf(buffer + used, IMPAIR_TEXT_SIZE - used, " gap %u", of->gap);
}

static void print_rate(const struct impairment *of, char *buffer)
{
	if (of->rate)
		rate_text(of->rate, buffer);
}

static void print_limit(const struct impairment *of, char *buffer)
{
	if (of->limit)
		snprintf(buffer, IMPAIR_TEXT_SIZE, "%u", of->limit);
}

static void print_seed(const struct impairment *of, char *buffer)
{
	if (of->seeded)
		snprintf(buffer, IMPAIR_TEXT_SIZE, "%" PRIu64, of->seed);
}

/* The part of a struct impairment that a row is about. */
#define PART(first, last)                                                                          \
	offsetof(struct impairment, first), offsetof(struct impairment, last) +                    \
						    sizeof(((struct impairment *)0)->last) -       \
						    offsetof(struct impairment, first)

static const struct {
	const char *word, *takes;
	const char *(*parse)(struct words *words, struct impairment *to);
	void (*print)(const struct impairment *of, char *buffer);
	size_t offset, size;
} rows[IMPAIR_COUNT] = {
	[IMPAIR_DELAY] = {"delay", "a time, such as 40ms", parse_delay, print_delay,
			  PART(delay, delay)},
	[IMPAIR_JITTER] = {"jitter", "a time, such as 5ms, then a correlation such as 25%",
			   parse_jitter, print_jitter, PART(jitter, jitter_correlation)},
	[IMPAIR_DISTRIBUTION] = {"distribution", "uniform, normal, pareto or paretonormal",
				 parse_distribution, print_distribution,
				 PART(distribution, distribution)},
	[IMPAIR_LOSS] = {"loss",
			 "a percentage, such as 1%, then a correlation; or gemodel P R 1-H 1-K; or "
			 "state P13 P31 P32 P23 P14",
			 parse_loss, print_loss, PART(loss, loss)},
	[IMPAIR_DUPLICATE] = {"duplicate", "a percentage, then a correlation", parse_duplicate,
			      print_duplicate, PART(duplicate, duplicate)},
	[IMPAIR_CORRUPT] = {"corrupt", "a percentage, then a correlation", parse_corrupt,
			    print_corrupt, PART(corrupt, corrupt)},
	[IMPAIR_REORDER] = {"reorder", "a percentage, then a correlation, then gap N",
			    parse_reorder, print_reorder, PART(reorder, gap)},
	[IMPAIR_RATE] = {"rate", "a rate, such as 20mbit", parse_rate, print_rate,
			 PART(rate, rate)},
	[IMPAIR_LIMIT] = {"limit", "a number of packets", parse_limit, print_limit,
			  PART(limit, limit)},
	[IMPAIR_SEED] = {"seed", "a number", parse_seed, print_seed, PART(seeded, seed)},
};

const char *impair_word(enum impair which)
{
	return rows[which].word;
}

const char *impair_takes(enum impair which)
{
	return rows[which].takes;
}

const char *const *impair_words(enum impair which)
{
	static const char *const none[] = {NULL};
	static const char *const units[] = {"s", "ms", "us", "ns", NULL};
	static const char *const losses[] = {"random", "state", "gemodel", "none", NULL};
	static const char *const rates[] = {"bit", "kbit", "mbit", "gbit", "tbit", NULL};
	static const char *const gaps[] = {"gap", NULL};

	switch (which) {
	case IMPAIR_DELAY:
	case IMPAIR_JITTER: return units;
	case IMPAIR_DISTRIBUTION: return distributions;
	case IMPAIR_LOSS: return losses;
	case IMPAIR_REORDER: return gaps;
	case IMPAIR_RATE: return rates;
	case IMPAIR_DUPLICATE:
	case IMPAIR_CORRUPT:
	case IMPAIR_LIMIT:
	case IMPAIR_SEED:
	case IMPAIR_COUNT: break;
	}
	return none;
}

enum impair impair_find(const char *word)
{
	int i = 0;

	while (i < IMPAIR_COUNT && strcmp(rows[i].word, word) != 0)
		i++;
	return (enum impair)i;
}

static void take_part(struct impairment *to, const struct impairment *from, int which)
{
	memcpy((char *)to + rows[which].offset, (const char *)from + rows[which].offset,
	       rows[which].size);
	to->given |= 1U << which;
}

static bool is_unit(const char *word, enum impair which)
{
	for (const char *const *unit = impair_words(which); *unit; unit++)
		if (!strcasecmp(word, *unit))
			return true;
	return !strcmp(word, "%");
}

/* "5 mbit": a number alone, and behind it a unit. */
static bool has_lonely_unit(const struct words *words, enum impair which)
{
	for (size_t i = 0; i + 1 < words->count; i++) {
		const char *number = words->list[i];

		if (!number[strspn(number, "0123456789.")] && is_unit(words->list[i + 1], which))
			return true;
	}
	return false;
}

const char *impair_parse(enum impair which, const char *text, struct impairment *to)
{
	struct impairment read = {0};
	struct words words;
	const char *wrong;

	if (!split(&words, text))
		return "is no value that it takes";
	if (has_lonely_unit(&words, which))
		return "has a blank between a number and its unit";
	if (words.count > 1 || strcmp(words.list[0], "none") != 0) {
		wrong = rows[which].parse(&words, &read);
		if (wrong) {
			/* cppcheck-suppress returnDanglingLifetime ; it is a literal */
			return wrong;
		}
		if (words.next < words.count)
			return "has more words than it takes";
	}
	take_part(to, &read, (int)which);
	return NULL;
}

void impairment_merge(struct impairment *to, const struct impairment *over)
{
	for (int i = 0; i < IMPAIR_COUNT; i++)
		if (over->given & 1U << i)
			take_part(to, over, i);
}

void impaired_merge(struct impaired *to, const struct impaired *over)
{
	impairment_merge(&to->values, &over->values);
	for (int i = 0; i < IMPAIR_COUNT; i++)
		if (over->values.given & 1U << i)
			to->places[i] = over->places[i];
}

bool impairment_takes_netem(const struct impairment *impairment)
{
	return impairment->delay || impairment->jitter || impairment->loss.model ||
	       impairment->duplicate.probability || impairment->corrupt.probability ||
	       impairment->reorder.probability;
}

bool impairment_acts(const struct impairment *impairment)
{
	return impairment_takes_netem(impairment) || impairment->rate;
}

bool impairment_is_random(const struct impairment *impairment)
{
	return impairment->jitter || impairment->loss.model || impairment->duplicate.probability ||
	       impairment->corrupt.probability || impairment->reorder.probability;
}

const char *impairment_wrong(const struct impairment *impairment, enum impair which)
{
	const struct {
		bool wrong;
		const char *why;
	} rules[IMPAIR_COUNT] = {
		[IMPAIR_JITTER] = {impairment->jitter && !impairment->delay,
				   "jitter varies a delay, and there is none"},
		[IMPAIR_DISTRIBUTION] = {impairment->distribution && !impairment->jitter,
					 "distribution is that of the jitter, and there is none"},
		[IMPAIR_REORDER] = {impairment->reorder.probability && !impairment->delay,
				    "reorder sends packets ahead of delayed ones, and there is no "
				    "delay"},
		[IMPAIR_LIMIT] = {impairment->limit && !impairment_acts(impairment),
				  "limit is that of a queue, and there is none without delay, "
				  "loss, rate or the like"},
		[IMPAIR_SEED] = {impairment->seeded && !impairment_is_random(impairment),
				 "seed is that of random numbers, and nothing here is random"},
	};

	return rules[which].wrong ? rules[which].why : NULL;
}

const char *impair_text(const struct impairment *impairment, enum impair which,
			char buffer[IMPAIR_TEXT_SIZE])
{
	buffer[0] = '\0';
	rows[which].print(impairment, buffer);
	return buffer;
}

const char *impairment_text(const struct impairment *impairment, char buffer[IMPAIRMENT_TEXT_SIZE])
{
	char text[IMPAIR_TEXT_SIZE];
	size_t used = 0;

	buffer[0] = '\0';
	for (int i = 0; i < IMPAIR_COUNT; i++) {
		if (!*impair_text(impairment, (enum impair)i, text))
			continue;
		for (char *c = text; (c = strchr(c, ' '));)
			*c = ',';
		used += (size_t)snprintf(buffer + used, IMPAIRMENT_TEXT_SIZE - used, "%s%s=%s",
					 used ? " " : "", rows[i].word, text);
	}
	return buffer;
}
