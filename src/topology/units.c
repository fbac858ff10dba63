// SPDX-License-Identifier: MIT
// Numbers with the units of tc(8), from text and as text.
#include "topology/units.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

#define DIGITS	  9 /* behind the point */
#define BILLION	  1000000000ULL
#define HUNDRED	  100000000000ULL  /* in billionths */
#define TIME_MOST 3600000000000ULL /* an hour */
#define RATE_MOST 125000000000ULL  /* a terabit a second */

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

#define NEGATIVE "is less than nothing"

static bool is_negative(const char *word)
{
	return word && *word == '-' && (isdigit((unsigned char)word[1]) || word[1] == '.');
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
const char *time_read(const char *word, int64_t *nanoseconds)
{
	uint64_t billionths;
	const char *unit = word ? read_decimal(word, &billionths) : NULL;

	if (!unit && is_negative(word))
		return NEGATIVE;
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
		if (time / BILLION > (unsigned __int128)TIME_MOST)
			return "is more than an hour";
		*nanoseconds = (int64_t)(time / BILLION);
		return NULL;
	}
	return "has a unit that is none of s, ms, us and ns";
}

/* As tc(8) rounds: to the nearest part of UINT32_MAX. */
const char *percent_read(const char *word, uint32_t *part)
{
	uint64_t billionths;
	const char *unit = word ? read_decimal(word, &billionths) : NULL;
	unsigned __int128 parts;

	if (!unit && is_negative(word))
		return NEGATIVE;
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

const char *rate_read(const char *word, uint64_t *rate)
{
	uint64_t billionths, factor;
	const char *unit = word ? read_decimal(word, &billionths) : NULL;
	unsigned __int128 value;
	bool bytes;

	if (!unit && is_negative(word))
		return NEGATIVE;
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
		if (!percent_read(buffer, &again) && again == part)
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

/* As tmpfs(5) and most others have it: of 1,024 each, whatever the letters behind. */
static const struct {
	const char *word;
	unsigned shift;
} sizes[] = {
	{"", 0},     {"b", 0},	{"k", 10},  {"kb", 10},	 {"kib", 10}, {"m", 20},  {"mb", 20},
	{"mib", 20}, {"g", 30}, {"gb", 30}, {"gib", 30}, {"t", 40},   {"tb", 40}, {"tib", 40},
};

const char *size_read(const char *word, uint64_t *bytes)
{
	uint64_t billionths;
	const char *unit = word ? read_decimal(word, &billionths) : NULL;

	if (!unit)
		return "is not a size such as 64M or 1.5G";
	for (size_t i = 0; i < COUNT(sizes); i++) {
		unsigned __int128 size =
			((unsigned __int128)billionths << sizes[i].shift) / BILLION;

		if (strcasecmp(unit, sizes[i].word) != 0)
			continue;
		if (size > UINT64_MAX)
			return "is more than there is";
		*bytes = (uint64_t)size;
		return NULL;
	}
	return "has a unit that is none of K, M, G and T";
}
