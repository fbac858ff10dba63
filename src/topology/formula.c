// SPDX-License-Identifier: MIT
// Formulas of whole numbers and of the loops around them, computed.
#include "topology/formula.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define DIGITS	"0123456789"
/* Of brackets within brackets: no honest formula has more, and each takes some of the stack. */
#define DEPTH_LIMIT 32

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
	if (formula->next == formula->end)
		return '\0';
	return *formula->next;
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
