// SPDX-License-Identifier: MIT
// The verb doctor: what this kernel, user and machine allow, and the remedy for what they do not.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "cmd/cmd.h"
#include "cmd/json.h"
#include "cmd/options.h"
#include "kernel/feature.h"
#include "kernel/probe.h"
#include "lab/folder.h"

static const char examples[] = "  nslab doctor\n"
			       "  nslab doctor --json\n";

static const char *const result_names[] = {
	[PROBE_OK] = "ok",
	[PROBE_LIMITED] = "limited",
	[PROBE_MISSING] = "missing",
	[PROBE_UNTRIED] = "untried",
};

static void probe_run_folder(const struct probe *probe, struct finding *finding)
{
	AUTO_ARENA struct arena *arena = arena_new();
	const char *path = run_folder(arena);
	struct error err;
	AUTO_CLOSE int run = run_folder_lock(path, true, &err);

	(void)probe;
	if (run < 0)
		finding_set(finding, PROBE_MISSING, err.text, "name another in NSLAB_RUNDIR");
	else
		run_folder_tidy(path);
}

/* The one row that is above the layer of the others. */
static const struct probe run_folder_probe = {
	.name = "run folder",
	.use = "the record of labs",
	.needed = true,
	.run = probe_run_folder,
};

static void print_finding(const struct probe *probe, const struct finding *finding)
{
	static const char *const colours[] = {[PROBE_OK] = "\033[32m",
					      [PROBE_LIMITED] = "\033[33m",
					      [PROBE_MISSING] = "\033[31m",
					      [PROBE_UNTRIED] = ""};
	bool coloured = output_coloured();

	printf("%s%-8s%s %-19s %s\n", coloured ? colours[finding->result] : "",
	       result_names[finding->result], coloured ? "\033[0m" : "", probe->name, probe->use);
	if (finding->result == PROBE_LIMITED || finding->result == PROBE_MISSING)
		printf("         cause:  %s\n", finding->cause);
	if (finding->remedy[0])
		printf("         remedy: %s\n", finding->remedy);
}

static void finding_json(const struct probe *probe, const struct finding *finding,
			 struct json *json)
{
	json_object(json, NULL);
	json_string(json, "name", probe->name);
	json_string(json, "use", probe->use);
	json_bool(json, "needed", probe->needed);
	json_string(json, "result", result_names[finding->result]);
	json_string(json, "cause", finding->cause[0] ? finding->cause : NULL);
	json_string(json, "remedy", finding->remedy[0] ? finding->remedy : NULL);
	json_end(json);
}

/* What was found so far, and where it goes. */
struct examination {
	struct json *json; /* NULL: text */
	bool fit;	   /* labs can run */
	bool whole;	   /* with every key that a file may have */
};

static void conclude(struct examination *examination, const struct probe *probe,
		     const struct finding *finding)
{
	bool works = finding->result == PROBE_OK || finding->result == PROBE_LIMITED;

	examination->fit &= works || !probe->needed;
	examination->whole &= works;
	if (examination->json)
		finding_json(probe, finding, examination->json);
	else
		print_finding(probe, finding);
}

static void examine(struct examination *examination, const struct probe *probe)
{
	struct finding finding = {0};

	probe->run(probe, &finding);
	conclude(examination, probe, &finding);
}

static void examine_feature(struct examination *examination, enum feature feature, int missing)
{
	const struct probe probe = {
		.name = features[feature].name,
		.use = features[feature].use,
		.needed = feature == FEATURE_VETH,
	};
	struct finding finding = {0};
	char cause[FEATURE_CAUSE_SIZE], remedy[FEATURE_REMEDY_SIZE];

	if (missing)
		finding_set(&finding, PROBE_MISSING, feature_cause(feature, missing, cause),
			    feature_remedy(feature, missing, remedy));
	conclude(examination, &probe, &finding);
}

/* No features, as they could not be tried. */
static void no_features(struct examination *examination, const struct error *err)
{
	static const struct probe probe = {.name = "kernel features", .use = "links, devices"};
	struct finding finding = {0};

	finding_set(&finding, PROBE_UNTRIED, err->text, "");
	conclude(examination, &probe, &finding);
}

static void examine_features(struct examination *examination)
{
	bool wanted[FEATURE_COUNT];
	int missing[FEATURE_COUNT];
	struct error err;

	memset(wanted, true, sizeof(wanted));
	/* A matter of the kernel's age, and of one key: `up` tells of it where a file asks. */
	wanted[FEATURE_NETEM_SEED] = false;
	if (feature_missing(wanted, missing, &err)) {
		no_features(examination, &err);
		return;
	}
	for (enum feature i = 0; i < FEATURE_COUNT; i++)
		if (wanted[i])
			examine_feature(examination, i, missing[i]);
}

static void print_verdict(const struct examination *examination)
{
	putchar('\n');
	if (examination->fit && !examination->whole)
		puts("What is missing matters only to labs that need it.");
	puts(examination->fit ? "Labs can run here." : "Labs cannot run here.");
}

int cmd_doctor(const struct verb *verb, int argc, char **argv)
{
	bool as_json = false;
	const struct option_row options[] = {OPTION_JSON(&as_json), {0}};
	struct json json = {.out = stdout};
	struct examination examination = {NULL, true, true};
	int status = options_read(verb, options, examples, &argc, &argv);

	if (status != OPTIONS_READ)
		return status;
	if (argc)
		return misused(verb, "unexpected argument \"%s\"", argv[0]);
	if (as_json) {
		examination.json = &json;
		json_array(&json, NULL);
	}
	examine(&examination, &run_folder_probe);
	for (size_t i = 0; i < probe_count; i++)
		examine(&examination, &probes[i]);
	examine_features(&examination);
	if (as_json)
		json_end(&json);
	else
		print_verdict(&examination);
	return examination.fit ? STATUS_DONE : STATUS_FAILED;
}
