// SPDX-License-Identifier: MIT
// What stands in braces is computed: formulas of whole numbers and of the loops around them.
#include "topology/formula.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define DIGITS	"0123456789"
/* Of brackets within brackets: no honest formula has more, and each takes some of the stack. */
#define DEPTH_LIMIT 32
#define WIDTH_LIMIT 20 /* digits */

static const char too_large[] = "comes to a number that is too large";

struct formula {
	const char *next, *end;
	const struct loops *loops;
	struct arena *arena;
	const char *wrong; /* the first thing that is */
	int depth;
};

const struct loop *loops_find(const struct loops *loops, const char *name, size_t length)
{
	for (size_t i = 0; i < loops->count; i++)
		if (strlen(loops->list[i].name) == length &&
		    !memcmp(loops->list[i].name, name, length))
			return &loops->list[i];
	return NULL;
}

static int64_t give_up(struct formula *formula, const char *wrong)
{
	if (!formula->wrong)
		formula->wrong = wrong;
	formula->next = formula->end;
	return 0;
}

/* The next character that is no blank; NUL at the end. */
static char peek(struct formula *formula)
{
	while (formula->next < formula->end && *formula->next == ' ')
		formula->next++;
	return formula->next < formula->end ? *formula->next : '\0';
}

static size_t span(const struct formula *formula, const char *set)
{
	size_t length = 0;

	while (formula->next + length < formula->end && strchr(set, formula->next[length]))
		length++;
	return length;
}

static int64_t read_number(struct formula *formula)
{
	int64_t value = 0;

	for (size_t left = span(formula, DIGITS); left; left--)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, *formula->next++ - '0', &value))
			return give_up(formula, "has a number that is too large");
	return value;
}

static const char *loop_names(const struct formula *formula)
{
	const char *names = "";

	for (size_t i = 0; i < formula->loops->count; i++)
		names = arena_printf(formula->arena, "%s%s%s", names, i ? ", " : "",
				     formula->loops->list[i].name);
	return names;
}

static int64_t read_loop(struct formula *formula)
{
	size_t length = span(formula, LETTERS);
	const struct loop *loop = loops_find(formula->loops, formula->next, length);

	if (!loop)
		return give_up(
			formula,
			arena_printf(formula->arena,
				     "speaks of \"%.*s\", but the ranges here are called %s; "
				     "double the braces to keep them",
				     (int)length, formula->next, loop_names(formula)));
	formula->next += length;
	return loop->value;
}

static int64_t read_sum(struct formula *formula);

static int64_t read_brackets(struct formula *formula)
{
	int64_t value;

	if (formula->depth == DEPTH_LIMIT)
		return give_up(formula, "has too many brackets");
	formula->depth++;
	formula->next++;
	value = read_sum(formula);
	formula->depth--;
	if (peek(formula) != ')')
		return give_up(formula, "has a bracket that is not closed");
	formula->next++;
	return value;
}

/* A number, a loop, brackets, or one of them with a sign. */
static int64_t read_operand(struct formula *formula)
{
	bool negative = false;
	int64_t value;
	char c;

	for (; (c = peek(formula)) == '-'; formula->next++)
		negative = !negative;
	if (c == '(')
		value = read_brackets(formula);
	else if (c && strchr(DIGITS, c))
		value = read_number(formula);
	else if (c && strchr(LETTERS, c))
		value = read_loop(formula);
	else if (c)
		return give_up(formula, arena_printf(formula->arena,
						     "has \"%c\" where a number should be", c));
	else
		return give_up(formula, "ends where a number should be");
	if (negative && __builtin_sub_overflow(0, value, &value))
		return give_up(formula, too_large);
	return value;
}

/* Rounds down: -1 / 10 is -1, and the rest 9. */
static int64_t divide(struct formula *formula, int64_t a, int64_t b, bool rest)
{
	int64_t quotient, remainder;

	if (!b)
		return give_up(formula, "divides by 0");
	if (b == -1) {
		if (__builtin_sub_overflow(0, a, &quotient))
			return give_up(formula, too_large);
		return rest ? 0 : quotient;
	}
	quotient = a / b;
	remainder = a % b;
	if (remainder && (remainder < 0) != (b < 0)) {
		quotient--;
		remainder += b;
	}
	return rest ? remainder : quotient;
}

static int64_t read_product(struct formula *formula)
{
	int64_t value = read_operand(formula);
	char c;

	while ((c = peek(formula)) == '*' || c == '/' || c == '%') {
		int64_t operand;

		formula->next++;
		operand = read_operand(formula);
		if (formula->wrong)
			return 0;
		if (c != '*')
			value = divide(formula, value, operand, c == '%');
		else if (__builtin_mul_overflow(value, operand, &value))
			return give_up(formula, too_large);
	}
	return value;
}

static int64_t read_sum(struct formula *formula)
{
	int64_t value = read_product(formula);
	char c;

	while ((c = peek(formula)) == '+' || c == '-') {
		int64_t operand;

		formula->next++;
		operand = read_product(formula);
		if (c == '+' ? __builtin_add_overflow(value, operand, &value)
			     : __builtin_sub_overflow(value, operand, &value))
			return give_up(formula, too_large);
	}
	return value;
}

const char *formula_value(const char *text, size_t length, const struct loops *loops,
			  struct arena *arena, int64_t *value)
{
	struct formula formula = {
		.next = text, .end = text + length, .loops = loops, .arena = arena};

	*value = read_sum(&formula);
	if (peek(&formula))
		give_up(&formula, arena_printf(arena, "has \"%c\" where an operator should be",
					       *formula.next));
	return formula.wrong;
}

bool formula_meant(const char *text, size_t length)
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

		if (*close != '}' || !formula_meant(open + 1, length) ||
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
