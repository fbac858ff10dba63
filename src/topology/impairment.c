// SPDX-License-Identifier: MIT
// What a link does to packets, from text and as text: pure functions that know no places.
#include "topology/impairment.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

#define DIGITS	   9 /* behind the point */
#define BILLION	   1000000000ULL
#define HUNDRED	   100000000000ULL  /* in billionths */
#define DELAY_MOST 3600000000000ULL /* an hour */
#define RATE_MOST  125000000000ULL  /* a terabit a second */
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
	for (char *word; (word = strsep(&rest, " \t,"));) {
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

/* "2.5" -> 2,500,000,000 and what stands behind it. NULL: no number, or one of too many digits. */
static const char *read_decimal(const char *text, uint64_t *billionths)
{
	size_t whole = strspn(text, "0123456789"), part = 0;
	uint64_t value = 0, scale = BILLION;

	if (text[whole] == '.')
		part = strspn(text + whole + 1, "0123456789");
	if (whole + part == 0 || whole > DIGITS || part > DIGITS)
		return NULL;
	for (size_t i = 0; i < whole; i++)
		value = value * 10 + (uint64_t)(text[i] - '0');
	value *= BILLION;
	for (size_t i = 0; i < part; i++)
		value += (uint64_t)(text[whole + 1 + i] - '0') * (scale /= 10);
	*billionths = value;
	return text + whole + (text[whole] == '.' ? 1 + part : 0);
}

static const struct {
	const char *word;
	uint64_t nanoseconds;
} times[] = {
	{"s", BILLION},	   {"ms", 1000000},    {"us", 1000},	{"ns", 1},
	{"sec", BILLION},  {"msec", 1000000},  {"usec", 1000},	{"nsec", 1},
	{"secs", BILLION}, {"msecs", 1000000}, {"usecs", 1000}, {"nsecs", 1},
};

/* tc(8) takes a number alone for microseconds, which nobody expects: a unit is asked for. */
static const char *read_time(const char *word, int64_t *nanoseconds)
{
	uint64_t billionths;
	const char *unit = word ? read_decimal(word, &billionths) : NULL;

	if (!unit)
		return "is not a time such as 10ms, 2.5ms or 1s";
	if (!*unit && !billionths) {
		*nanoseconds = 0;
		return NULL;
	}
	if (!*unit)
		return "has no unit: ms, us or s";
	for (size_t i = 0; i < COUNT(times); i++) {
		unsigned __int128 time = (unsigned __int128)billionths * times[i].nanoseconds;

		if (strcasecmp(unit, times[i].word) != 0)
			continue;
		if (time / BILLION > (unsigned __int128)DELAY_MOST)
			return "is more than an hour";
		*nanoseconds = (int64_t)(time / BILLION);
		return NULL;
	}
	return "has a unit that is none of s, ms, us and ns";
}

/* As tc(8) rounds: to the nearest part of UINT32_MAX. */
static const char *read_percent(const char *word, uint32_t *part)
{
	uint64_t billionths;
	const char *unit = word ? read_decimal(word, &billionths) : NULL;
	unsigned __int128 parts;

	if (!unit || (*unit && strcmp(unit, "%") != 0))
		return "is not a percentage such as 1% or 0.1%";
	if (billionths > HUNDRED)
		return "is more than 100%";
	parts = (unsigned __int128)billionths * UINT32_MAX;
	*part = (uint32_t)((parts + HUNDRED / 2) / HUNDRED);
	return NULL;
}

/* In thousands as the field counts rates, "ki" in 1,024s; bit or bytes ("bps") a second. */
static const struct {
	const char *prefix;
	uint64_t factor;
} prefixes[] = {
	{"", 1},	 {"k", 1000},	  {"m", 1000000},  {"g", 1000000000},  {"t", 1000000000000},
	{"ki", 1 << 10}, {"mi", 1 << 20}, {"gi", 1 << 30}, {"ti", 1ULL << 40},
};

static bool read_rate_unit(const char *unit, uint64_t *factor, bool *bytes)
{
	for (size_t i = 0; i < COUNT(prefixes); i++) {
		size_t length = strlen(prefixes[i].prefix);

		if (strncasecmp(unit, prefixes[i].prefix, length) != 0)
			continue;
		*bytes = !strcasecmp(unit + length, "bps");
		*factor = prefixes[i].factor;
		if (*bytes || !strcasecmp(unit + length, "bit"))
			return true;
	}
	return false;
}

static const char *read_rate(const char *word, uint64_t *rate)
{
	uint64_t billionths, factor;
	const char *unit = word ? read_decimal(word, &billionths) : NULL;
	unsigned __int128 value;
	bool bytes;

	if (!unit)
		return "is not a rate such as 20mbit";
	if (!*unit)
		return "has no unit: kbit, mbit or gbit";
	if (!read_rate_unit(unit, &factor, &bytes))
		return "has a unit that is none of bit, kbit, mbit, gbit, tbit (and bps, kbps, ... "
		       "for bytes)";
	value = (unsigned __int128)billionths * factor / BILLION / (bytes ? 1 : 8);
	if (!value)
		return "is less than 8bit: nothing would ever pass (link down cuts a link)";
	if (value > RATE_MOST)
		return "is more than 1tbit";
	*rate = (uint64_t)value;
	return NULL;
}

static const char *parse_delay(struct words *words, struct impairment *to)
{
	return read_time(take(words), &to->delay);
}

static const char *parse_jitter(struct words *words, struct impairment *to)
{
	const char *wrong = read_time(take(words), &to->jitter), *next = take(words);

	to->jitter_correlation = 0;
	return wrong || !next ? wrong : read_percent(next, &to->jitter_correlation);
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
		wrong = read_percent(word, &loss.parameters[given++]);
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
	const char *wrong = read_percent(take(words), &chance->probability), *next;

	chance->correlation = 0;
	if (wrong || words->next == words->count || !strcmp(words->list[words->next], "gap"))
		return wrong;
	next = take(words);
	return read_percent(next, &chance->correlation);
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
	return read_rate(take(words), &to->rate);
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

const char *time_text(int64_t nanoseconds, char buffer[UNIT_TEXT_SIZE])
{
	uint64_t value = (uint64_t)nanoseconds, unit;
	size_t i = 0;
	int used;

	while (i < 3 && value < times[i].nanoseconds)
		i++;
	unit = times[i].nanoseconds;
	used = snprintf(buffer, UNIT_TEXT_SIZE, "%" PRIu64, value / unit);
	if (value % unit) {
		buffer[used++] = '.';
		for (value %= unit; value; value %= unit) {
			unit /= 10;
			buffer[used++] = (char)('0' + value / unit);
		}
	}
	snprintf(buffer + used, UNIT_TEXT_SIZE - (size_t)used, "%s", times[i].word);
	return buffer;
}

/* The shortest number that is read as the same again. */
const char *percent_text(uint32_t part, char buffer[UNIT_TEXT_SIZE])
{
	uint32_t again = 0;

	for (int digits = 0; digits <= DIGITS; digits++) {
		snprintf(buffer, UNIT_TEXT_SIZE, "%.*f%%", digits, 100.0 * part / UINT32_MAX);
		if (!read_percent(buffer, &again) && again == part)
			break;
	}
	return buffer;
}

const char *rate_text(uint64_t bytes, char buffer[UNIT_TEXT_SIZE])
{
	uint64_t bits = bytes * 8;
	size_t i = 0;

	while (i < 4 && bits && bits % prefixes[i + 1].factor == 0)
		i++;
	snprintf(buffer, UNIT_TEXT_SIZE, "%" PRIu64 "%sbit", bits / prefixes[i].factor,
		 prefixes[i].prefix);
	return buffer;
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

const char *impair_parse(enum impair which, const char *text, struct impairment *to)
{
	struct impairment read = {0};
	struct words words;
	const char *wrong;

	if (!split(&words, text))
		return "is no value that it takes";
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
