// SPDX-License-Identifier: MIT
// Texts with formulas in braces: what is computed in them, and what is left alone.
#include "topology/braces.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "topology/formula.h"

#define LETTERS	    "abcdefghijklmnopqrstuvwxyz"
#define DIGITS	    "0123456789"
#define WIDTH_LIMIT 20 /* digits */

/* Can it be meant as a formula: is it words, numbers, operators, brackets alone? */
static bool is_meant(const char *text, size_t length)
{
	static const char allowed[] = LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ" DIGITS "_ +-*/%().:=";
	bool any = false;

	for (size_t i = 0; i < length; i++) {
		if (!strchr(allowed, text[i]))
			return false;
		any |= text[i] != ' ';
	}
	return any;
}

/* How a number is written: behind the colon of {n:04x}. */
struct form {
	int width; /* with zeros in front */
	bool hexadecimal;
};

static const char *read_form(const char *text, const char *end, struct form *form)
{
	*form = (struct form){0};
	if (text < end && *text == '0')
		for (text++; text < end && strchr(DIGITS, *text); text++) {
			form->width = form->width * 10 + (*text - '0');
			if (form->width > WIDTH_LIMIT)
				return "asks for too many digits";
		}
	if (text < end && *text == 'x') {
		form->hexadecimal = true;
		text++;
	}
	return text == end && (form->width || form->hexadecimal)
		       ? NULL
		       : "has no form behind the colon that is known, such as :02 or :x";
}

/* {FORMULA} or {FORMULA:FORM}, computed and written to `out`. Returns NULL or what is wrong. */
static const char *compute(const char *text, size_t length, const struct loops *loops,
			   struct arena *arena, FILE *out)
{
	const char *colon = memchr(text, ':', length), *wrong;
	struct form form = {0};
	int64_t value;

	wrong = colon ? read_form(colon + 1, text + length, &form) : NULL;
	if (memmem(text, length, "..", 2))
		wrong = "is a range; in a value there are only formulas, such as {n+1}";
	if (!wrong)
		wrong = formula_value(text, colon ? (size_t)(colon - text) : length, loops, arena,
				      &value);
	if (wrong)
		return wrong;
	if (form.hexadecimal && value < 0)
		return "is negative, and hexadecimal";
	if (form.hexadecimal)
		fprintf(out, "%0*llx", form.width, (unsigned long long)value);
	else
		fprintf(out, "%0*lld", form.width, (long long)value);
	return NULL;
}

/* Are the braces around the text at `open` doubled: {{n}}? */
static bool is_doubled(const char *start, const char *open, const char *close)
{
	return open > start && open[-1] == '{' && close[1] == '}';
}

const char *formulas_computed(const char *text, const struct loops *loops, struct arena *arena,
			      struct bad_formula *bad)
{
	char *result = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&result, &size);
	const char *copied = text, *open = text, *kept = NULL;

	*bad = (struct bad_formula){0};
	while (out && !bad->wrong && (open = strchr(open, '{'))) {
		const char *close = open + 1 + strcspn(open + 1, "{}");
		size_t length = (size_t)(close - open - 1);

		if (*close != '}' || !is_meant(open + 1, length) ||
		    (open > text && open[-1] == '$')) {
			open++;
			continue;
		}
		if (is_doubled(copied, open, close)) {
			fprintf(out, "%.*s%.*s}", (int)(open - 1 - copied), copied,
				(int)(length + 1), open);
			copied = open = close + 2;
			continue;
		}
		fwrite(copied, 1, (size_t)(open - copied), out);
		bad->wrong = compute(open + 1, length, loops, arena, out);
		bad->text = open + 1;
		bad->length = length;
		copied = open = close + 1;
	}
	if (out)
		fputs(copied, out);
	if (out && fclose(out) == 0 && !bad->wrong)
		kept = arena_strdup(arena, result);
	if (!kept && !bad->wrong)
		bad->wrong = "takes more memory than there is";
	free(result);
	return kept;
}
