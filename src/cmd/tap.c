// SPDX-License-Identifier: MIT
// Results as the Test Anything Protocol, version 14: a point a test, its steps below it.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "cmd/cmd.h"
#include "cmd/table.h"
#include "cmd/test_output.h"
#include "topology/units.h"

#define MILLION 1000000

/* prove(1) says in the environment which version it takes; 13 has all that we need. */
static const char *version(void)
{
	const char *asked = getenv("TAP_VERSION");

	return asked && !strcmp(asked, "13") ? "13" : "14";
}

static size_t points(const struct job *job)
{
	size_t count = job->up;

	for (size_t i = 0; i < job->topology->test_count; i++)
		count += job->chosen[i];
	return count;
}

void tap_begin(const struct tap *tap)
{
	size_t count = 0;

	for (size_t i = 0; i < tap->count; i++)
		count += points(&tap->jobs[i]);
	fprintf(tap->out, "TAP version %s\n1..%zu\n", version(), count);
}

/* In a description, "#" would begin a directive; in both, a line ends what is said. */
static void put_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '#' || *text == '\\')
			fputc('\\', out);
		fputc((unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text, out);
	}
}

/* In double quotes, the one form that Perl's reader takes everywhere. */
static void put_yaml(FILE *out, const char *text, size_t length)
{
	fputc('"', out);
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '"' || text[i] == '\\')
			fputc('\\', out);
		fputc((unsigned char)text[i] < 0x20 || text[i] == 0x7f ? ' ' : text[i], out);
	}
	fputc('"', out);
}

/* A literal block: lines as they are. */
static void put_lines(FILE *out, const char *indent, const char *text)
{
	fprintf(out, "%s  why: |\n%s    ", indent, indent);
	for (; *text; text++) {
		if (*text == '\n')
			fprintf(out, "\n%s    ", indent);
		else
			fputc((unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text, out);
	}
	fputc('\n', out);
}

static void put_time(FILE *out, const char *indent, const char *key, int64_t time)
{
	fprintf(out, "%s  %s: %" PRId64 ".%03" PRId64 "\n", indent, key, time / MILLION,
		time % MILLION / 1000);
}

static void put_point(const struct tap *tap, const char *indent, bool held, size_t number,
		      const char *first, const char *text)
{
	fprintf(tap->out, "%s%s %zu - ", indent, held ? "ok" : "not ok", number);
	put_text(tap->out, first);
	put_text(tap->out, text);
	fputc('\n', tap->out);
}

static void put_step(const struct tap *tap, const struct step *step, const struct result *result)
{
	static const char indent[] = "    ";
	const struct outcome *outcome = &result->outcome;
	bool held = outcome->verdict == VERDICT_HELD;

	put_point(tap, indent, held, tap->step + 1, "", step->text);
	fprintf(tap->out, "%s  ---\n", indent);
	if (!held) {
		fprintf(tap->out, "%s  message: \"%s\"\n", indent,
			outcome->verdict == VERDICT_FAILED ? "it does not hold"
							   : "it could not be done");
		fprintf(tap->out, "%s  at:\n%s    file: ", indent, indent);
		put_yaml(tap->out, step->place.file, strlen(step->place.file));
		fprintf(tap->out, "\n%s    line: %d\n", indent, step->place.line);
		put_lines(tap->out, indent, outcome->why);
	}
	put_time(tap->out, indent, "duration_ms", outcome->took);
	if (held && outcome->took - outcome->became >= MILLION)
		put_time(tap->out, indent, "became_true_ms", outcome->became);
	fprintf(tap->out, "%s  ...\n", indent);
}

static void put_hindered(const struct tap *tap, const char *why)
{
	fputs("  ---\n  message: \"it could not be done\"\n", tap->out);
	put_lines(tap->out, "", why);
	fputs("  ...\n", tap->out);
}

static const char *prefix_of(const struct tap *tap, const struct job *job, char buffer[256])
{
	if (!job->up && tap->count == 1)
		return "";
	snprintf(buffer, 256, "%.250s: ", job->title);
	return buffer;
}

/* The point of the lab itself, once that is known. */
static bool put_up(struct tap *tap, const struct job *job)
{
	char buffer[256];

	if (tap->begun || !job->up)
		return true;
	if (!job->is_up && job->state != JOB_DONE)
		return false;
	put_point(tap, "", job->is_up, ++tap->number, prefix_of(tap, job, buffer), "comes up");
	if (!job->is_up)
		put_hindered(tap, job->hindered ? job->hindered : "it did not");
	tap->begun = true;
	return true;
}

/* Steps of the test at which we are, as far as they are done. Returns whether the test is. */
static bool put_steps(struct tap *tap, const struct job *job)
{
	const struct test *test = &job->topology->tests[tap->test];
	const struct result *results = job->results[tap->test];
	char buffer[256];

	if (tap->step == 0 && (!test->count || results[0].done)) {
		fprintf(tap->out, "# Subtest: %s", prefix_of(tap, job, buffer));
		fprintf(tap->out, "%s\n    1..%zu\n", test->name, test->count);
	}
	for (; tap->step < test->count && results[tap->step].done; tap->step++)
		put_step(tap, &test->steps[tap->step], &results[tap->step]);
	if (tap->step < test->count && job->state != JOB_DONE)
		return false;
	put_point(tap, "", test_held(job, tap->test), ++tap->number, prefix_of(tap, job, buffer),
		  test->name);
	if (tap->step < test->count)
		put_hindered(tap, job->hindered ? job->hindered : "the tests ended before it");
	tap->step = 0;
	return true;
}

/* Returns whether all of the job was printed. */
static bool put_job(struct tap *tap, const struct job *job)
{
	if (!put_up(tap, job))
		return false;
	for (; tap->test < job->topology->test_count; tap->test++)
		if (job->chosen[tap->test] && !put_steps(tap, job))
			return false;
	if (job->state != JOB_DONE)
		return false;
	if (job->kept)
		fprintf(tap->out, "# %s is left running as lab %s\n", job->title, job->name);
	return true;
}

bool tap_go_on(struct tap *tap)
{
	struct tap before = *tap;

	while (tap->job < tap->count && put_job(tap, &tap->jobs[tap->job])) {
		tap->job++;
		tap->test = tap->step = 0;
		tap->begun = false;
	}
	return before.job != tap->job || before.number != tap->number || before.step != tap->step;
}

void tap_bail_out(const struct tap *tap, const char *why)
{
	fprintf(tap->out, "Bail out! %s\n", why);
}

static void add_times(struct table *table, const struct job *job, size_t number,
		      struct arena *arena)
{
	const struct test *test = &job->topology->tests[number];

	for (size_t i = 0; i < test->count; i++) {
		const struct outcome *outcome = &job->results[number][i].outcome;
		char text[UNIT_TEXT_SIZE];
		const char **row;

		if (!job->results[number][i].done)
			continue;
		time_text(outcome->became / 1000 * 1000, text);
		row = table_row(table);
		row[0] = arena_printf(arena, "# %s", job->title);
		row[1] = test->name;
		row[2] = arena_printf(arena, "%u", test->steps[i].number);
		row[3] = outcome->verdict == VERDICT_HELD ? arena_strdup(arena, text) : "never";
		row[4] = test->steps[i].text;
	}
}

void tap_times(const struct job *jobs, size_t count, struct arena *arena, FILE *out)
{
	struct table table = {.arena = arena, .columns = 5};
	const char **row = table_row(&table);

	row[0] = "# LAB";
	row[1] = "TEST";
	row[2] = "STEP";
	row[3] = "TRUE AFTER";
	row[4] = "SENTENCE";
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < jobs[i].topology->test_count; k++)
			if (jobs[i].chosen[k])
				add_times(&table, &jobs[i], k, arena);
	table_print(&table, out);
}
