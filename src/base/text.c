// SPDX-License-Identifier: MIT
// Small questions about strings.
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NEAR_MAX 64 /* longer words are not compared */

bool text_number(const char *text, uint64_t low, uint64_t high, uint64_t *number)
{
	unsigned long long value;
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || *end || value < low || value > high)
		return false;
	*number = value;
	return true;
}

/* RFC 3629: what the lead byte says, the least code point of that length, no surrogates. */
static size_t decode(const char *text, size_t size, uint32_t *code_point)
{
	static const uint32_t least_of[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char lead = (unsigned char)text[0];
	size_t length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
	uint32_t code = length == 1 ? lead : lead & (0xffU >> (length + 1));

	if (length > size || (length == 1 && lead >= 0x80) || lead >= 0xf8)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | ((unsigned char)text[i] & 0x3f);
	}
	if (code < least_of[length] || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff)
		return 0;
	*code_point = code;
	return length;
}

size_t text_sequence(const char *text, size_t size)
{
	uint32_t code;

	return decode(text, size, &code);
}

size_t text_character(const char *text, size_t size)
{
	uint32_t code = 0;
	size_t length = decode(text, size, &code);

	return code < 0x20 || (code >= 0x7f && code < 0xa0) ? 0 : length;
}

static size_t least(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Edits between two words, a swap of neighbours being one (optimal string alignment). */
static size_t distance(const char *a, size_t m, const char *b, size_t n)
{
	size_t rows[3][NEAR_MAX + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= n; j++)
		above[j] = j;
	for (size_t i = 1; i <= m; i++) {
		size_t *spare = before;

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			row[j] = least(above[j] + 1, row[j - 1] + 1,
				       above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
		before = above;
		above = row;
		row = spare;
	}
	return above[n];
}

void near_offer(struct near *near, const char *candidate)
{
	size_t m = strlen(near->word), n = strlen(candidate), d;

	if (m > NEAR_MAX || n > NEAR_MAX)
		return;
	if ((m > n ? m - n : n - m) > (m + 2) / 3)
		return;
	d = distance(near->word, m, candidate, n);
	if (!near->best || d < near->distance) {
		near->best = candidate;
		near->distance = d;
	}
}

const char *near_best(const struct near *near)
{
	size_t limit = (strlen(near->word) + 2) / 3;

	return near->best && near->distance > 0 && near->distance <= limit ? near->best : NULL;
}
