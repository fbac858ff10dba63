// SPDX-License-Identifier: MIT
// Ranges in names, "leaf{1..8}-{x=1..4}": what they stand for, one name after the other.
#include "topology/range.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "topology/report.h"

#define LETTERS	     "abcdefghijklmnopqrstuvwxyz"
#define DIGITS	     "0123456789"
#define DIGITS_MOST  9 /* of a number in a range */
#define LETTERS_MOST 15

/* What ranges without a name are called, in their order. */
static const char *const unnamed[] = {"n", "m"};

struct range_reader {
	struct report *report;
	struct place place;
	const struct loops *around;
	struct pattern *pattern;
};

bool pattern_possible(const char *text)
{
	return strchr(text, '{') != NULL;
}

/* Say what is wrong with what stands in braces. */
static bool say(struct range_reader *reader, const char *inner, size_t length, const char *wrong,
		const char *remedy)
{
	struct report *report = reader->report;
	const char *text = arena_printf(report->arena, "{%.*s}", (int)length, inner);

	report_fault(report, reader->place, "%s: \"%s\" %s%s", shown(report, reader->pattern->text),
		     shown(report, text), wrong, remedy);
	return false;
}

/* "{1-10}", "{1...10}": the range between the two numbers, if that is what there is. */
static const char *range_meant(struct report *report, const char *inner, size_t length)
{
	char text[64];
	size_t first, apart, last;

	if (length >= sizeof(text))
		return NULL;
	memcpy(text, inner, length);
	text[length] = '\0';
	first = strspn(text, DIGITS);
	apart = strcspn(text + first, DIGITS);
	last = strspn(text + first + apart, DIGITS);
	if (!first || !apart || !last || text[first + apart + last])
		return NULL;
	return arena_printf(report->arena, "{%.*s..%s}", (int)first, text, text + first + apart);
}

/* The digits at *text as a number; false where there are none, or too many. */
static bool take_number(const char **text, const char *end, int64_t *number, int *width)
{
	const char *start = *text;
	int digits;

	for (*number = 0; *text < end && strchr(DIGITS, **text); ++*text)
		if (*text - start < DIGITS_MOST)
			*number = *number * 10 + (**text - '0');
	digits = (int)(*text - start);
	if (digits > 1 && *start == '0' && digits > *width)
		*width = digits;
	return digits && digits <= DIGITS_MOST;
}

static bool has_long_number(const char *inner, size_t length)
{
	size_t digits = 0;

	for (size_t i = 0; i < length && digits <= DIGITS_MOST; i++)
		digits = strchr(DIGITS, inner[i]) ? digits + 1 : 0;
	return digits > DIGITS_MOST;
}

static bool take_dots(const char **text, const char *end)
{
	bool there = end - *text >= 2 && !memcmp(*text, "..", 2);

	*text += there ? 2 : 0;
	return there;
}

static bool is_taken(const struct range_reader *reader, const char *name)
{
	for (size_t i = 0; i < reader->pattern->count; i++)
		if (!strcmp(reader->pattern->ranges[i].name, name))
			return true;
	return loops_find(reader->around, name, strlen(name)) != NULL;
}

/* The name in front of "=", or the first that is free. */
static bool name_range(struct range_reader *reader, const char *inner, size_t length,
		       size_t letters, struct range *range)
{
	if (letters) {
		range->name = arena_strndup(reader->report->arena, inner, letters);
		if (!is_taken(reader, range->name))
			return true;
		return say(reader, inner, length, "has the name of another range", "");
	}
	for (size_t i = 0; i < sizeof(unnamed) / sizeof(*unnamed); i++) {
		range->name = unnamed[i];
		if (!is_taken(reader, range->name))
			return true;
	}
	return say(reader, inner, length,
		   "needs a name, as in {x=1..4}: those without one are called n and m", "");
}

/* [NAME=]FIRST[..LAST[..STEP]], of which something must make it a range. */
static bool read_range(struct range_reader *reader, const char *inner, size_t length,
		       struct range *range)
{
	struct report *report = reader->report;
	const char *next = inner, *end = inner + length;
	size_t letters = 0;
	bool good;

	while (letters < length && letters < LETTERS_MOST && strchr(LETTERS, inner[letters]))
		letters++;
	letters = letters < length && inner[letters] == '=' ? letters : 0;
	next += letters ? letters + 1 : 0;
	range->step = 1;
	good = take_number(&next, end, &range->first, &range->width);
	range->last = range->first;
	if (good && (!letters || next < end))
		good = take_dots(&next, end) &&
		       take_number(&next, end, &range->last, &range->width);
	if (good && next < end)
		good = take_dots(&next, end) && take_number(&next, end, &range->step, &(int){0});
	if (!good && has_long_number(inner, length))
		return say(reader, inner, length, "has a number that is too large", "");
	if (!good || next < end)
		return say(reader, inner, length,
			   "is not a range, such as {1..10}, {0..10..2} or {x=1..10}",
			   did_you_mean(report, range_meant(report, inner, length)));
	if (!range->step)
		return say(reader, inner, length, "goes on by 0", "");
	if (range->last < range->first)
		return say(reader, inner, length, "has its greater number first", "");
	return name_range(reader, inner, length, letters, range);
}

static size_t range_count(const struct range *range)
{
	return (size_t)((range->last - range->first) / range->step) + 1;
}

static bool is_range(const char *inner, size_t length)
{
	return memmem(inner, length, "..", 2) || memchr(inner, '=', length);
}

static bool add_range(struct range_reader *reader, const char *inner, size_t length)
{
	struct pattern *pattern = reader->pattern;
	struct range range = {0};

	if (pattern->count + reader->around->count == LOOPS_MOST)
		return say(reader, inner, length, "is one range too many", "");
	if (!read_range(reader, inner, length, &range))
		return false;
	*array_push(reader->report->arena, pattern->ranges, pattern->count) = range;
	if (__builtin_mul_overflow(pattern->total, range_count(&range), &pattern->total))
		pattern->total = SIZE_MAX;
	return true;
}

bool pattern_read(struct report *report, struct place place, const char *text,
		  const struct loops *around, bool formulas, struct pattern *pattern)
{
	struct range_reader reader = {report, place, around, pattern};
	const char *piece = text, *open = text;
	size_t pieces = 0;

	*pattern = (struct pattern){.text = text, .total = 1};
	while ((open = strchr(open, '{'))) {
		const char *close = strchr(open, '}');
		size_t length = close ? (size_t)(close - open - 1) : strlen(open + 1);

		if (!close) {
			report_fault(report, place, "%s: the brace { is not closed",
				     shown(report, text));
			return false;
		}
		if (!formulas || is_range(open + 1, length)) {
			if (!add_range(&reader, open + 1, length))
				return false;
			*array_push(report->arena, pattern->piece, pieces) =
				arena_strndup(report->arena, piece, (size_t)(open - piece));
			piece = close + 1;
		}
		open = close + 1;
	}
	*array_push(report->arena, pattern->piece, pieces) = piece;
	return true;
}

const char *pattern_at(const struct pattern *pattern, size_t at, struct loops *loops,
		       struct arena *arena)
{
	struct loop *mine = &loops->list[loops->count];
	size_t room = strlen(pattern->text) + pattern->count * (DIGITS_MOST + 1) + 1;
	char *text = arena_alloc(arena, room), *next = text;

	for (size_t i = pattern->count; i-- > 0;) {
		const struct range *range = &pattern->ranges[i];
		size_t count = range_count(range);

		mine[i] = (struct loop){range->name,
					range->first + (int64_t)(at % count) * range->step};
		at /= count;
	}
	loops->count += pattern->count;
	for (size_t i = 0; i < pattern->count; i++)
		next += sprintf(next, "%s%0*" PRId64, pattern->piece[i], pattern->ranges[i].width,
				mine[i].value);
	sprintf(next, "%s", pattern->piece[pattern->count]);
	return text;
}
