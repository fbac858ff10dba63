// SPDX-License-Identifier: MIT
// What status found out about nodes, as a table and as JSON.
#include "cmd/report.h"

#include <string.h>

#include "base/arena.h"
#include "cmd/cmd.h"
#include "cmd/drift.h"
#include "cmd/json.h"
#include "cmd/report_services.h"
#include "cmd/table.h"
#include "kernel/observe.h"
#include "lab/lab.h"

static const char *link_state(const struct observed_interface *interface)
{
	if (!interface->up)
		return "down";
	return interface->carrier ? "up" : "no-carrier";
}

static const struct drift *find(const struct interface_view *view, enum drift_kind kind)
{
	for (size_t i = 0; i < view->drift_count; i++)
		if (view->drifts[i].kind == kind)
			return &view->drifts[i];
	return NULL;
}

/* The text, marked by the character where that is not 0. */
static const char *marked(struct arena *arena, char mark, const char *text)
{
	if (!mark)
		return text;
	return arena_printf(arena, TABLE_MARK "%c%s" TABLE_UNMARK, mark, text);
}

static char mark_of(const struct drift *drift)
{
	if (!drift)
		return 0;
	if (!drift->kernel)
		return '-';
	return drift->file ? '*' : '+';
}

/* Words of a cell, with a blank between them; grows by doubling, as there may be 5,000 addresses.
 */
struct cell {
	struct arena *arena;
	char *text;
	size_t used, room;
};

static void cell_add(struct cell *cell, const char *word)
{
	size_t length = strlen(word);

	if (cell->used + length + 2 > cell->room) {
		char *old = cell->text;

		cell->room = 2 * cell->room + length + 64;
		cell->text = arena_alloc(cell->arena, cell->room);
		if (cell->used)
			memcpy(cell->text, old, cell->used);
	}
	if (cell->used)
		cell->text[cell->used++] = ' ';
	memcpy(cell->text + cell->used, word, length + 1);
	cell->used += length;
}

static bool is_extra(const struct interface_view *view, const char *address)
{
	for (size_t i = 0; i < view->drift_count; i++)
		if (view->drifts[i].kind == DRIFT_ADDRESS && !view->drifts[i].file &&
		    !strcmp(view->drifts[i].kernel, address))
			return true;
	return false;
}

static const char *const drift_names[] = {
	[DRIFT_INTERFACE] = "interface",
	[DRIFT_STATE] = "state",
	[DRIFT_MAC] = "mac",
	[DRIFT_MTU] = "mtu",
	[DRIFT_ADDRESS] = "address",
	[DRIFT_KIND] = "kind",
	[DRIFT_MASTER] = "master",
	[DRIFT_VLANS] = "vlans",
	[DRIFT_IMPAIRMENT] = "impairment",
};

/* What is shown as NAME=VALUE beside the addresses; NULL: it has a place of its own. */
static const char *setting_of(enum drift_kind kind)
{
	bool has_place = kind == DRIFT_INTERFACE || kind == DRIFT_STATE || kind == DRIFT_ADDRESS ||
			 kind == DRIFT_IMPAIRMENT;

	return has_place ? NULL : drift_names[kind];
}

static const char *addresses_cell(const struct interface_view *view, bool verbose,
				  struct arena *arena)
{
	const struct observed_interface *kernel = view->kernel;
	struct cell cell = {.arena = arena};
	char text[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; kernel && i < kernel->address_count; i++) {
		const struct address *address = &kernel->addresses[i];

		if (address_is_own(kernel, address) && !verbose)
			continue;
		address_text(address, false, text);
		cell_add(&cell, marked(arena, is_extra(view, text) ? '+' : 0, text));
	}
	for (size_t i = 0; i < view->drift_count; i++) {
		const struct drift *drift = &view->drifts[i];

		if (drift->kind == DRIFT_ADDRESS && !drift->kernel)
			cell_add(&cell, marked(arena, '-', drift->file));
		if (setting_of(drift->kind))
			cell_add(&cell,
				 marked(arena, '*',
					arena_printf(arena, "%s=%s", setting_of(drift->kind),
						     drift->kernel ? drift->kernel : "none")));
		if (drift->kind == DRIFT_IMPAIRMENT)
			cell_add(&cell, marked(arena, mark_of(drift),
					       drift->kernel ? drift->kernel : drift->file));
	}
	return cell.text;
}

enum column { NODE, PID, STATE, INTERFACE, LINK, MAC, MTU, ADDRESSES, COLUMNS };

static void interface_cells(const struct interface_view *view, bool verbose, struct arena *arena,
			    const char **row)
{
	char mac[MAC_TEXT_SIZE];

	row[INTERFACE] = marked(arena, mark_of(find(view, DRIFT_INTERFACE)), view->name);
	row[ADDRESSES] = addresses_cell(view, verbose, arena);
	if (!view->kernel)
		return;
	row[LINK] = marked(arena, mark_of(find(view, DRIFT_STATE)), link_state(view->kernel));
	if (!verbose)
		return;
	row[MAC] = arena_strdup(arena, mac_text(view->kernel->mac, mac));
	row[MTU] = arena_printf(arena, "%u", view->kernel->mtu);
}

static bool report_is_dead(const struct node_report *report)
{
	return report->node->process.pid && !report->runs;
}

static const char *state_of(const struct node_report *report)
{
	if (!report->node->process.pid)
		return "starting";
	return report->runs ? "running" : "dead";
}

/* The node's own cells stand in the first of its rows. Returns whether anything is marked. */
static bool node_rows(const struct node_report *report, bool verbose, struct table *table)
{
	const char **row = table_row(table);
	bool first = true, differs = false;

	row[NODE] = report->node->name;
	if (report->node->process.pid)
		row[PID] = arena_printf(table->arena, "%d", (int)report->node->process.pid);
	row[STATE] = report_is_dead(report) ? TABLE_MARK "dead" TABLE_UNMARK : state_of(report);
	for (size_t i = 0; i < report->view_count; i++) {
		const struct interface_view *view = &report->views[i];

		differs |= view->drift_count > 0;
		if (view->quiet && !verbose)
			continue;
		if (!first)
			row = table_row(table);
		first = false;
		interface_cells(view, verbose, table->arena, row);
	}
	return differs;
}

void report_print(const struct lab_report *report, bool verbose, struct arena *arena, FILE *out)
{
	static const char *const titles[COLUMNS] = {"NODE", "PID", "STATE", "INTERFACE",
						    "LINK", "MAC", "MTU",   "ADDRESSES"};
	struct table table = {.arena = arena, .columns = COLUMNS};
	const char **row = table_row(&table);
	bool differs = false;

	for (int i = 0; i < COLUMNS; i++)
		row[i] = verbose || (i != MAC && i != MTU) ? titles[i] : NULL;
	for (size_t i = 0; i < report->count; i++)
		differs |= node_rows(&report->nodes[i], verbose, &table);
	if (report->lab->state == LAB_STARTING)
		fprintf(out, "lab %s is starting\n\n", report->lab->name);
	table_print(&table, out);
	report_services_print(report, arena, out);
	if (differs)
		fputs("\n- only in the file   + only in the kernel   * not as in the file\n", out);
}

static void drifts_json(const struct interface_view *view, struct json *json)
{
	json_array(json, "differences");
	for (size_t i = 0; i < view->drift_count; i++) {
		json_object(json, NULL);
		json_string(json, "what", drift_names[view->drifts[i].kind]);
		json_string(json, "file", view->drifts[i].file);
		json_string(json, "kernel", view->drifts[i].kernel);
		json_end(json);
	}
	json_end(json);
}

static void interface_json(const struct interface_view *view, struct json *json)
{
	const struct observed_interface *kernel = view->kernel;
	char text[ADDRESS_TEXT_SIZE];

	json_object(json, NULL);
	json_string(json, "name", view->name);
	json_string(json, "state", kernel ? link_state(kernel) : "missing");
	if (kernel) {
		json_string(json, "kind", *kernel->kind ? kernel->kind : NULL);
		json_number(json, "index", kernel->index);
		json_string(json, "mac", mac_text(kernel->mac, text));
		json_number(json, "mtu", kernel->mtu);
		json_array(json, "addresses");
		for (size_t i = 0; i < kernel->address_count; i++)
			json_string(json, NULL, address_text(&kernel->addresses[i], false, text));
		json_end(json);
	}
	drifts_json(view, json);
	json_end(json);
}

static void node_json(const struct node_report *report, struct json *json)
{
	json_object(json, NULL);
	json_string(json, "name", report->node->name);
	json_string(json, "kind", report->node->kind == NODE_SWITCH ? "switch" : "host");
	json_number(json, "pid", report->node->process.pid);
	json_string(json, "state", state_of(report));
	json_array(json, "interfaces");
	for (size_t i = 0; i < report->view_count; i++)
		interface_json(&report->views[i], json);
	json_end(json);
	report_services_json(report, json);
	json_end(json);
}

void report_json(const struct lab_report *report, FILE *out)
{
	struct json json = {.out = out};

	json_object(&json, NULL);
	json_string(&json, "lab", report->lab->name);
	json_string(&json, "file", report->lab->file);
	json_string(&json, "state", report->lab->state == LAB_STARTING ? "starting" : "running");
	json_array(&json, "nodes");
	for (size_t i = 0; i < report->count; i++)
		node_json(&report->nodes[i], &json);
	json_end(&json);
	json_end(&json);
}
