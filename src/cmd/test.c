// SPDX-License-Identifier: MIT
// The verb test: the tests of a running lab, or of files whose labs it brings up for that.
#include <fnmatch.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/faults.h"
#include "cmd/options.h"
#include "cmd/progress.h"
#include "cmd/test_lab.h"
#include "cmd/test_output.h"
#include "lab/choose.h"
#include "test/trial.h"

#define REPEAT_MOST	  100000
#define SIDE_BY_SIDE_MOST 1000

static const char examples[] =
	"  nslab test                       all tests of the running lab\n"
	"  nslab test web 'ospf*'           these\n"
	"  nslab test --up                  bring up lab.ini, test, take down\n"
	"  nslab test --up -j 4 --junit results.xml labs/*.ini\n"
	"  nslab test --up --repeat 50 lab.ini\n";

/* What the user asks for. */
struct request {
	const char *lab, *junit, *repeat_text, *jobs_text;
	bool up, keep, json, times, names;
	uint64_t repeat, side_by_side;
	char **words;
	size_t count;
};

/* Who sees results come in. */
struct screen {
	struct tap tap;
	const struct request *request;
	int64_t begun;
};

static void show_progress(const struct screen *screen)
{
	int64_t seconds = (clock_now() - screen->begun) / SECOND;

	for (size_t i = screen->tap.job; i < screen->tap.count; i++) {
		const struct job *job = &screen->tap.jobs[i];
		const struct test *test;

		if (job->state != JOB_RUNNING)
			continue;
		if (job->up && !job->is_up) {
			progress_show("%s: coming up (%ld s)", job->title, (long)seconds);
			return;
		}
		if (!job->topology->test_count)
			continue;
		test = &job->topology->tests[job->at_test];
		if (job->at_step < test->count)
			progress_show("%s: %s, step %zu of %zu: %s (%ld s)", job->title, test->name,
				      job->at_step + 1, test->count, test->steps[job->at_step].text,
				      (long)seconds);
		return;
	}
}

static void hear(void *data, const struct job *job)
{
	struct screen *screen = data;

	if (job && !screen->request->json) {
		if (isatty(STDOUT_FILENO))
			progress_clear();
		tap_go_on(&screen->tap);
		output_flush();
	}
	if (!job || isatty(STDOUT_FILENO))
		show_progress(screen);
}

static void prepare(struct job *job, struct arena *arena)
{
	const struct topology *topology = job->topology;

	job->chosen = arena_alloc(arena, topology->test_count + 1);
	memset(job->chosen, true, topology->test_count);
	job->results = arena_alloc(arena, (topology->test_count + 1) * sizeof(struct result *));
	for (size_t i = 0; i < topology->test_count; i++)
		job->results[i] =
			arena_alloc(arena, (topology->tests[i].count + 1) * sizeof(**job->results));
}

/* Where the first word is a file, it was not meant for a test of a running lab. */
static void hint_at_up(const struct request *request)
{
	const char *word = request->count ? request->words[0] : NULL;

	if (word && access(word, F_OK) == 0)
		complain("to bring a file up, test it and take it down: nslab test --up %s", word);
}

static void unknown_test(const struct topology *topology, const char *lab, const char *word)
{
	struct near near = {.word = word};

	for (size_t i = 0; i < topology->test_count; i++)
		near_offer(&near, topology->tests[i].name);
	if (near_best(&near))
		complain("lab %s has no test \"%s\"; did you mean \"%s\"?", lab, word,
			 near_best(&near));
	else
		complain("lab %s has no test \"%s\"", lab, word);
}

/* Of a running lab: the tests that are named. */
static int choose(struct job *job, const struct request *request)
{
	const struct topology *topology = job->topology;

	if (!topology->test_count) {
		complain("lab %s has no tests: its file has no [test NAME]", job->name);
		return STATUS_FAILED;
	}
	if (request->count)
		memset(job->chosen, false, topology->test_count);
	for (size_t w = 0; w < request->count; w++) {
		const char *word = request->words[w];
		bool any = false;

		for (size_t i = 0; i < topology->test_count; i++) {
			const char *name = topology->tests[i].name;

			if (is_pattern(word) ? fnmatch(word, name, 0) == 0 : !strcmp(word, name))
				any = job->chosen[i] = true;
		}
		if (!any) {
			unknown_test(topology, job->name, word);
			hint_at_up(request);
			return STATUS_WRONG;
		}
	}
	return STATUS_DONE;
}

static int number_of(const struct verb *verb, const char *text, const char *option, uint64_t most,
		     uint64_t *number)
{
	*number = 1;
	if (text && !text_number(text, 1, most, number))
		return misused(verb, "%s: \"%s\" is not a number from 1 to %lu", option, text,
			       (unsigned long)most);
	return STATUS_DONE;
}

static const char *with_number(const char *title, uint64_t number, uint64_t of, struct arena *arena)
{
	return of > 1 ? arena_printf(arena, "%s (%lu of %lu)", title, (unsigned long)number,
				     (unsigned long)of)
		      : title;
}

/* The jobs of a running lab: one, or one a repetition. */
static int jobs_of_lab(const struct request *request, struct job **jobs, size_t *count,
		       struct arena *arena)
{
	struct job first = {0};
	int status = test_lab(request->lab, arena, &first.name, &first.topology);

	if (status != STATUS_DONE) {
		hint_at_up(request);
		return status;
	}
	for (uint64_t i = 1; i <= request->repeat; i++) {
		struct job *job = array_push(arena, *jobs, *count);

		*job = first;
		job->title = with_number(first.name, i, request->repeat, arena);
		prepare(job, arena);
		status = choose(job, request);
		if (status != STATUS_DONE)
			return status;
	}
	return STATUS_DONE;
}

/* All files are read before any lab is built: what is wrong with them is said at once. */
static int jobs_of_files(const struct request *request, struct job **jobs, size_t *count,
			 struct arena *arena)
{
	static char *standard[] = {(char *)DEFAULT_FILE};
	char **files = request->count ? request->words : standard;
	size_t file_count = request->count ? request->count : 1;
	int status = STATUS_DONE;

	for (size_t i = 0; i < file_count; i++) {
		struct loaded loaded;

		load_file(files[i], arena, &loaded);
		faults_print(&loaded.faults);
		if (!loaded.topology) {
			status = load_status(&loaded) > status ? load_status(&loaded) : status;
			continue;
		}
		/* Nothing that was looked at must not pass for all that was well. */
		if (!loaded.topology->test_count) {
			complain("%s has no tests: no [test NAME]", files[i]);
			status = status > STATUS_FAILED ? status : STATUS_FAILED;
		}
		for (uint64_t k = 1; k <= request->repeat; k++) {
			struct job *job = array_push(arena, *jobs, *count);

			job->topology = loaded.topology;
			job->title = with_number(files[i], k, request->repeat, arena);
			job->name = test_lab_name(loaded.topology->name, *count, arena);
			job->up = true;
			job->keep = request->keep;
			job->path = strcmp(files[i], "-") != 0 ? files[i] : NULL;
			job->text = loaded.text;
			job->size = loaded.size;
			prepare(job, arena);
		}
	}
	return status;
}

/* Die of the signal, as if it had not been caught, when all is in order. */
static int die_of(int number)
{
	output_flush();
	signal(number, SIG_DFL);
	raise(number);
	return STATUS_SIGNAL + number;
}

static int run(const struct request *request, struct job *jobs, size_t count, struct arena *arena)
{
	struct screen screen = {
		{.jobs = jobs, .count = count, .out = stdout}, request, clock_now()};
	struct error err;
	int number, status = STATUS_DONE;

	if (!request->json)
		tap_begin(&screen.tap);
	number = jobs_run(jobs, count, request->side_by_side, arena, hear, &screen);
	progress_clear();
	if (request->json)
		test_json(jobs, count, arena, stdout);
	else if (number)
		tap_bail_out(&screen.tap, "interrupted");
	else
		tap_go_on(&screen.tap);
	if (request->times && !request->json)
		tap_times(jobs, count, arena, stdout);
	for (size_t i = 0; i < count; i++)
		if (!job_held(&jobs[i]))
			status = STATUS_FAILED;
	if (request->junit && junit_write(request->junit, jobs, count, arena, &err) < 0)
		status = failed(&err);
	return number ? die_of(number) : status;
}

static int print_names(const struct job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < jobs[i].topology->test_count; k++)
			if (jobs[i].chosen[k])
				puts(jobs[i].topology->tests[k].name);
	return STATUS_DONE;
}

static int check(const struct verb *verb, struct request *request)
{
	int status =
		number_of(verb, request->repeat_text, "--repeat", REPEAT_MOST, &request->repeat);

	if (status == STATUS_DONE)
		status = number_of(verb, request->jobs_text, "-j", SIDE_BY_SIDE_MOST,
				   &request->side_by_side);
	if (status != STATUS_DONE)
		return status;
	if (request->up && request->lab)
		return misused(verb, "--up takes files, -l names a lab that runs");
	if (!request->up && request->keep)
		return misused(verb, "--keep goes with --up");
	if (!request->up && request->jobs_text)
		return misused(verb, "-j goes with --up: one lab has one test at a time");
	return STATUS_DONE;
}

int cmd_test(const struct verb *verb, int argc, char **argv)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct request request = {0};
	const struct option_row options[] = {
		OPTION_LAB(&request.lab),
		{0, "up", NULL, "bring up the lab of each FILE, test it, take it down", &request.up,
		 NULL},
		{'j', "jobs", "N", "with --up: so many labs side by side", NULL,
		 &request.jobs_text},
		{0, "repeat", "N", "all of it N times", NULL, &request.repeat_text},
		{0, "keep", NULL, "with --up: leave a lab running whose tests failed",
		 &request.keep, NULL},
		{0, "junit", "FILE", "write JUnit's XML too", NULL, &request.junit},
		{0, "time", NULL, "say after which time each step was true", &request.times, NULL},
		{0, "names", NULL, "only the names of the tests", &request.names, NULL},
		OPTION_JSON(&request.json),
		{0}};
	struct job *jobs = NULL;
	size_t count = 0;
	int status = options_read(verb, options, examples, &argc, &argv);

	if (status != OPTIONS_READ)
		return status;
	/* Labs put their titles where argv is. */
	for (int i = 0; i < argc; i++)
		*array_push(arena, request.words, request.count) = arena_strdup(arena, argv[i]);
	if (request.lab)
		request.lab = arena_strdup(arena, request.lab);
	if (request.junit)
		request.junit = arena_strdup(arena, request.junit);
	status = check(verb, &request);
	if (status == STATUS_DONE)
		status = (request.up ? jobs_of_files : jobs_of_lab)(&request, &jobs, &count, arena);
	if (status == STATUS_DONE && request.names)
		return print_names(jobs, count);
	return status == STATUS_DONE ? run(&request, jobs, count, arena) : status;
}
