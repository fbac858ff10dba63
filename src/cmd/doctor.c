// SPDX-License-Identifier: MIT
// The verb doctor: what this kernel, user and machine allow, and the remedy for what they do not.
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "cmd/cmd.h"
#include "cmd/json.h"
#include "cmd/options.h"
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

/* Returns whether labs can run as far as this is concerned. */
static bool examine(const struct probe *probe, struct json *json)
{
	struct finding finding = {0};

	probe->run(probe, &finding);
	if (json)
		finding_json(probe, &finding, json);
	else
		print_finding(probe, &finding);
	return finding.result == PROBE_OK || finding.result == PROBE_LIMITED || !probe->needed;
}

int cmd_doctor(const struct verb *verb, int argc, char **argv)
{
	bool as_json = false, fit;
	const struct option_row options[] = {OPTION_JSON(&as_json), {0}};
	struct json json = {.out = stdout};
	int status = options_read(verb, options, examples, &argc, &argv);

	if (status != OPTIONS_READ)
		return status;
	if (argc)
		return misused(verb, "unexpected argument \"%s\"", argv[0]);
	if (as_json)
		json_array(&json, NULL);
	fit = examine(&run_folder_probe, as_json ? &json : NULL);
	for (size_t i = 0; i < probe_count; i++)
		fit &= examine(&probes[i], as_json ? &json : NULL);
	if (as_json)
		json_end(&json);
	else
		puts(fit ? "\nLabs can run here." : "\nLabs cannot run here.");
	return fit ? STATUS_DONE : STATUS_FAILED;
}
