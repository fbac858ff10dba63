// SPDX-License-Identifier: MIT
// Results as the XML that JUnit's readers take: a suite a lab, a case a step.
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cmd/test_output.h"

#define BILLION	    1000000000
#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

struct sums {
	size_t tests, failures, errors, skipped;
	int64_t took;
};

/* XML has no control characters but blanks, not even escaped. */
static void put_part(FILE *out, const char *text, size_t left)
{
	for (size_t size; left; text += size, left -= size) {
		size = text_character(text, left);
		if (*text == '<' || *text == '&' || *text == '"' || *text == '>' || *text == '\n')
			fprintf(out, "&#%d;", *text);
		else if (size)
			fwrite(text, 1, size, out);
		else
			fputs(*text == '\t' ? " " : REPLACEMENT, out);
		size = size ? size : 1;
	}
}

static void put(FILE *out, const char *text)
{
	put_part(out, text, strlen(text));
}

static void put_attribute(FILE *out, const char *name, const char *text)
{
	fprintf(out, " %s=\"", name);
	put(out, text);
	fputc('"', out);
}

static void put_time(FILE *out, int64_t time)
{
	fprintf(out, " time=\"%" PRId64 ".%06" PRId64 "\"", time / BILLION, time % BILLION / 1000);
}

static void add(struct sums *sums, const struct result *result)
{
	sums->tests++;
	sums->skipped += !result->done;
	sums->failures += result->done && result->outcome.verdict == VERDICT_FAILED;
	sums->errors += result->done && result->outcome.verdict == VERDICT_HINDERED;
	sums->took += result->done ? result->outcome.took : 0;
}

static struct sums sums_of(const struct job *job)
{
	struct sums sums = {.tests = job->up, .errors = job->up && !job->is_up};

	for (size_t i = 0; i < job->topology->test_count; i++)
		for (size_t k = 0; job->chosen[i] && k < job->topology->tests[i].count; k++)
			add(&sums, &job->results[i][k]);
	return sums;
}

static void put_sums(FILE *out, const struct sums *sums)
{
	fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", sums->tests,
		sums->failures, sums->errors, sums->skipped);
	put_time(out, sums->took);
}

/* The first line is what is shown in a list, and all of it behind. */
static void put_fault(FILE *out, const char *element, const char *why)
{
	fprintf(out, "      <%s message=\"", element);
	put_part(out, why, strcspn(why, "\n"));
	fputs("\">", out);
	put(out, why);
	fprintf(out, "</%s>\n", element);
}

static void put_case(FILE *out, const struct job *job, const struct test *test,
		     const struct step *step, const struct result *result, struct arena *arena)
{
	fputs("    <testcase", out);
	put_attribute(out, "classname", arena_printf(arena, "%s.%s", job->title, test->name));
	put_attribute(out, "name", arena_printf(arena, "step.%u %s", step->number, step->text));
	put_attribute(out, "file", step->place.file);
	fprintf(out, " line=\"%d\"", step->place.line);
	put_time(out, result->done ? result->outcome.took : 0);
	if (result->done && result->outcome.verdict == VERDICT_HELD) {
		fputs("/>\n", out);
		return;
	}
	fputs(">\n", out);
	if (!result->done)
		fputs("      <skipped/>\n", out);
	else
		put_fault(out, result->outcome.verdict == VERDICT_FAILED ? "failure" : "error",
			  result->outcome.why);
	fputs("    </testcase>\n", out);
}

static void put_up(FILE *out, const struct job *job)
{
	fputs("    <testcase", out);
	put_attribute(out, "classname", job->title);
	put_attribute(out, "name", "comes up");
	put_time(out, 0);
	fputs(job->is_up ? "/>\n" : ">\n", out);
	if (job->is_up)
		return;
	put_fault(out, "error", job->hindered ? job->hindered : "it did not");
	fputs("    </testcase>\n", out);
}

static void put_suite(FILE *out, const struct job *job, struct arena *arena)
{
	struct sums sums = sums_of(job);

	fputs("  <testsuite", out);
	put_attribute(out, "name", job->title);
	put_sums(out, &sums);
	fputs(">\n", out);
	if (job->up)
		put_up(out, job);
	for (size_t i = 0; i < job->topology->test_count; i++) {
		const struct test *test = &job->topology->tests[i];

		for (size_t k = 0; job->chosen[i] && k < test->count; k++)
			put_case(out, job, test, &test->steps[k], &job->results[i][k], arena);
	}
	fputs("  </testsuite>\n", out);
}

static void put_all(FILE *out, const struct job *jobs, size_t count, struct arena *arena)
{
	struct sums all = {0};

	for (size_t i = 0; i < count; i++) {
		struct sums sums = sums_of(&jobs[i]);

		all.tests += sums.tests;
		all.failures += sums.failures;
		all.errors += sums.errors;
		all.skipped += sums.skipped;
		all.took += sums.took;
	}
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", out);
	put_sums(out, &all);
	fputs(">\n", out);
	for (size_t i = 0; i < count; i++)
		put_suite(out, &jobs[i], arena);
	fputs("</testsuites>\n", out);
}

/* What is no plain file, such as /dev/stderr, cannot be replaced: it is written to. */
static int write_to(const char *path, const char *data, size_t size, struct arena *arena,
		    struct error *err)
{
	AUTO_CLOSE int folder = -1;
	int failed;

	if (!strncmp(path, "/dev/", 5)) {
		folder = open(path, O_WRONLY | O_CLOEXEC);
		failed = folder < 0 ? -errno : write_all(folder, data, size);
		return failed ? error_set(err, -failed, "cannot write %s", path) : 0;
	}
	folder = open(dirname(arena_strdup(arena, path)), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return error_set(err, errno, "cannot write %s", path);
	failed = file_replace(folder, basename(arena_strdup(arena, path)), data, size, err);
	return failed < 0 ? error_set(err, -failed, "cannot write %s", path) : 0;
}

int junit_write(const char *path, const struct job *jobs, size_t count, struct arena *arena,
		struct error *err)
{
	AUTO_FREE char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return error_set(err, errno, "cannot write %s", path);
	put_all(out, jobs, count, arena);
	fclose(out);
	return write_to(path, text, size, arena, err);
}
