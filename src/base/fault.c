// SPDX-License-Identifier: MIT
// What is wrong with a file, each fault with its place, all of them in one run.
#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static void __attribute__((format(printf, 4, 0)))
add(struct faults *faults, struct place place, enum severity severity, const char *format,
    va_list args)
{
	va_list again;
	struct fault *fault;
	char *text;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	text = arena_alloc(faults->arena, (size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, format, again);
	va_end(again);
	fault = array_push(faults->arena, faults->list, faults->count);
	*fault = (struct fault){.place = place, .severity = severity, .text = text};
	if (severity == SEVERITY_WARNING)
		faults->warnings++;
}

void fault_add(struct faults *faults, struct place place, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(faults, place, SEVERITY_FAULT, format, args);
	va_end(args);
}

void warning_add(struct faults *faults, struct place place, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(faults, place, SEVERITY_WARNING, format, args);
	va_end(args);
}

size_t faults_real(const struct faults *faults)
{
	return faults->count - faults->warnings;
}

struct ranked {
	struct fault fault;
	size_t found; /* qsort(3) is not stable: the order of finding decides within a line */
};

static int by_place(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	int order = strcmp(x->fault.place.file, y->fault.place.file);

	if (order)
		return order;
	if (x->fault.place.line != y->fault.place.line)
		return x->fault.place.line < y->fault.place.line ? -1 : 1;
	return x->found < y->found ? -1 : x->found > y->found;
}

static int same(const struct fault *a, const struct fault *b)
{
	return a->place.line == b->place.line && a->severity == b->severity &&
	       !strcmp(a->place.file, b->place.file) && !strcmp(a->text, b->text);
}

void faults_sort(struct faults *faults)
{
	struct ranked *ranked = arena_alloc(faults->arena, (faults->count + 1) * sizeof(*ranked));
	size_t kept = 0;

	for (size_t i = 0; i < faults->count; i++)
		ranked[i] = (struct ranked){faults->list[i], i};
	qsort(ranked, faults->count, sizeof(*ranked), by_place);
	for (size_t i = 0; i < faults->count; i++) {
		const struct fault *fault = &ranked[i].fault;

		if (kept && same(fault, &faults->list[kept - 1])) {
			faults->warnings -= fault->severity == SEVERITY_WARNING;
			continue;
		}
		faults->list[kept++] = *fault;
	}
	faults->count = kept;
}
