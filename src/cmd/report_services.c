// SPDX-License-Identifier: MIT
// What status found out about services, as a table and as JSON.
#include "cmd/report_services.h"

#include <string.h>
#include <sys/wait.h>

#include "base/arena.h"
#include "cmd/json.h"
#include "cmd/report.h"
#include "cmd/table.h"
#include "lab/lab.h"

static const char *const states[] = {
	[SERVICE_WAITING] = "waiting", [SERVICE_STARTING] = "starting",
	[SERVICE_READY] = "ready",     [SERVICE_ENDED] = "ended",
	[SERVICE_GONE] = "gone",       [SERVICE_RESTARTING] = "restarting",
};

/* Has it ended at least once, so that its status tells something? */
static bool has_ended(const struct lab_service *service)
{
	return service->state == SERVICE_ENDED || service->state == SERVICE_RESTARTING ||
	       service->restarts > 0;
}

static const char *state_cell(const struct lab_service *service, struct arena *arena)
{
	const char *state = states[service->state];

	switch (service->state) {
	case SERVICE_WAITING:
	case SERVICE_STARTING:
	case SERVICE_READY: return state;
	case SERVICE_ENDED:
	case SERVICE_RESTARTING: break;
	case SERVICE_GONE: return arena_printf(arena, TABLE_MARK "%s" TABLE_UNMARK, state);
	}
	if (WIFSIGNALED(service->status))
		state = arena_printf(arena, "%s (%s)", state, strsignal(WTERMSIG(service->status)));
	else
		state = arena_printf(arena, "%s (status %d)", state, WEXITSTATUS(service->status));
	return service->status ? arena_printf(arena, TABLE_MARK "%s" TABLE_UNMARK, state) : state;
}

enum column { NODE, SERVICE, PID, STATE, RESTARTS, COLUMNS };

static void service_row(const struct lab_service *service, struct table *table, const char **row)
{
	row[SERVICE] = service->name;
	row[STATE] = state_cell(service, table->arena);
	if (service->pid)
		row[PID] = arena_printf(table->arena, "%d", (int)service->pid);
	if (service->restarts)
		row[RESTARTS] = arena_printf(table->arena, "%u", service->restarts);
}

void report_services_print(const struct lab_report *report, struct arena *arena, FILE *out)
{
	static const char *const titles[COLUMNS] = {"NODE", "SERVICE", "PID", "STATE", "RESTARTS"};
	struct table table = {.arena = arena, .columns = COLUMNS};
	size_t count = 0;

	memcpy(table_row(&table), titles, sizeof(titles));
	for (size_t i = 0; i < report->count; i++) {
		const struct node_report *node = &report->nodes[i];

		for (size_t k = 0; k < node->service_count; k++, count++) {
			const char **row = table_row(&table);

			row[NODE] = k ? NULL : node->node->name;
			service_row(&node->services[k], &table, row);
		}
	}
	if (!count)
		return;
	fputc('\n', out);
	table_print(&table, out);
}

static void service_json(const struct lab_service *service, struct json *json)
{
	bool ended = has_ended(service), killed = ended && WIFSIGNALED(service->status);

	json_object(json, NULL);
	json_string(json, "name", service->name);
	json_string(json, "state", states[service->state]);
	json_number(json, "pid", service->pid);
	json_number(json, "restarts", service->restarts);
	json_number(json, "since", (int64_t)service->since);
	if (killed)
		json_number(json, "signal", WTERMSIG(service->status));
	else if (ended)
		json_number(json, "status", WEXITSTATUS(service->status));
	json_end(json);
}

void report_services_json(const struct node_report *report, struct json *json)
{
	json_array(json, "services");
	for (size_t i = 0; i < report->service_count; i++)
		service_json(&report->services[i], json);
	json_end(json);
}
