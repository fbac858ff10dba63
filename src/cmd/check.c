// SPDX-License-Identifier: MIT
// The verb check: all faults of topology files, and nothing where there is none.
#include <stdio.h>

#include "base/arena.h"
#include "cmd/cmd.h"
#include "cmd/faults.h"
#include "cmd/json.h"
#include "cmd/options.h"
#include "topology/programs.h"

static const char examples[] = "  nslab check                   the faults of lab.ini\n"
			       "  nslab check --json a.ini b.ini\n";

/* One document for one file, an array of them for several. */
static bool check_file(const char *path, struct json *json)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct loaded loaded;

	load_file(path, arena, &loaded);
	if (loaded.topology && !programs_there(loaded.topology, &loaded.faults, SEVERITY_WARNING))
		faults_sort(&loaded.faults);
	if (json) {
		json_object(json, NULL);
		json_string(json, "file", path);
		faults_json(&loaded.faults, json);
		json_end(json);
	} else {
		faults_print(&loaded.faults);
	}
	return loaded.topology != NULL;
}

int cmd_check(const struct verb *verb, int argc, char **argv)
{
	bool as_json = false, right = true;
	const struct option_row options[] = {OPTION_JSON(&as_json), {0}};
	struct json json = {.out = stdout};
	int status = options_read(verb, options, examples, &argc, &argv);

	if (status != OPTIONS_READ)
		return status;
	if (argc == 0)
		return check_file(DEFAULT_FILE, as_json ? &json : NULL) ? STATUS_DONE
									: STATUS_WRONG;
	if (as_json && argc > 1)
		json_array(&json, NULL);
	for (int i = 0; i < argc; i++)
		right &= check_file(argv[i], as_json ? &json : NULL);
	if (as_json && argc > 1)
		json_end(&json);
	return right ? STATUS_DONE : STATUS_WRONG;
}
