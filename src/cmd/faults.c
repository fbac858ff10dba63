// SPDX-License-Identifier: MIT
// Topology files as the verbs load them, and their faults as the user sees them.
#include "cmd/faults.h"

#include <stdio.h>

#include "cmd/cmd.h"
#include "cmd/json.h"
#include "topology/load.h"

static const char *const severity_names[] = {
	[SEVERITY_FAULT] = "fault",
	[SEVERITY_WARNING] = "warning",
};

void load_file(const char *path, struct arena *arena, struct loaded *loaded)
{
	*loaded = (struct loaded){.faults.arena = arena};
	loaded->topology =
		topology_load(path, arena, &loaded->text, &loaded->size, &loaded->faults);
	faults_sort(&loaded->faults);
}

int load_status(const struct loaded *loaded)
{
	return loaded->faults.machine ? STATUS_FAILED : STATUS_WRONG;
}

void faults_print(const struct faults *faults)
{
	for (size_t i = 0; i < faults->count; i++) {
		const struct fault *fault = &faults->list[i];

		put_printable(stderr, fault->place.file);
		if (fault->place.line)
			fprintf(stderr, ":%d", fault->place.line);
		fputs(fault->severity == SEVERITY_WARNING ? ": warning: " : ": ", stderr);
		put_printable(stderr, fault->text);
		fputc('\n', stderr);
	}
}

void faults_json(const struct faults *faults, struct json *json)
{
	json_array(json, "faults");
	for (size_t i = 0; i < faults->count; i++) {
		const struct fault *fault = &faults->list[i];

		json_object(json, NULL);
		json_string(json, "file", fault->place.file);
		json_number(json, "line", fault->place.line);
		json_string(json, "severity", severity_names[fault->severity]);
		json_string(json, "text", fault->text);
		json_end(json);
	}
	json_end(json);
}
