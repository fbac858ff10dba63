// SPDX-License-Identifier: MIT
// Results as one JSON document.
#include <string.h>

#include "base/arena.h"
#include "cmd/json.h"
#include "cmd/test_output.h"

static const char *const verdicts[] = {
	[VERDICT_HELD] = "held",
	[VERDICT_FAILED] = "failed",
	[VERDICT_HINDERED] = "hindered",
};

static void put_why(struct json *json, const char *why, struct arena *arena)
{
	json_array(json, "why");
	while (*why) {
		size_t length = strcspn(why, "\n");

		json_string(json, NULL, arena_strndup(arena, why, length));
		why += length + (why[length] == '\n');
	}
	json_end(json);
}

static void put_step(struct json *json, const struct step *step, const struct result *result,
		     struct arena *arena)
{
	json_object(json, NULL);
	json_number(json, "number", step->number);
	json_string(json, "sentence", step->text);
	json_number(json, "line", step->place.line);
	json_string(json, "verdict", result->done ? verdicts[result->outcome.verdict] : "not done");
	if (result->done) {
		json_number(json, "took_ns", result->outcome.took);
		if (result->outcome.verdict == VERDICT_HELD)
			json_number(json, "became_true_ns", result->outcome.became);
		put_why(json, result->outcome.why, arena);
	}
	json_end(json);
}

static void put_test(struct json *json, const struct job *job, size_t number, struct arena *arena)
{
	const struct test *test = &job->topology->tests[number];

	json_object(json, NULL);
	json_string(json, "name", test->name);
	json_bool(json, "held", test_held(job, number));
	json_array(json, "steps");
	for (size_t i = 0; i < test->count; i++)
		put_step(json, &test->steps[i], &job->results[number][i], arena);
	json_end(json);
	json_end(json);
}

static void put_job(struct json *json, const struct job *job, struct arena *arena)
{
	json_object(json, NULL);
	json_string(json, "title", job->title);
	json_string(json, "lab", job->name);
	json_string(json, "file", job->topology->file);
	json_bool(json, "held", job_held(job));
	json_bool(json, "kept", job->kept);
	put_why(json, job->hindered ? job->hindered : "", arena);
	json_array(json, "tests");
	for (size_t i = 0; i < job->topology->test_count; i++)
		if (job->chosen[i])
			put_test(json, job, i, arena);
	json_end(json);
	json_end(json);
}

void test_json(const struct job *jobs, size_t count, struct arena *arena, FILE *out)
{
	struct json json = {.out = out};
	bool held = true;

	for (size_t i = 0; i < count; i++)
		held &= job_held(&jobs[i]);
	json_object(&json, NULL);
	json_bool(&json, "held", held);
	json_array(&json, "labs");
	for (size_t i = 0; i < count; i++)
		put_job(&json, &jobs[i], arena);
	json_end(&json);
	json_end(&json);
}
