// SPDX-License-Identifier: MIT
// Cables with their ends, states, impairments and counters, as a table and as JSON.
#include "cmd/link_show.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "lab/cable.h"
#include "cmd/drift.h"
#include "cmd/json.h"
#include "cmd/table.h"

static const char *state_of(const struct cable *cable)
{
	for (int i = 0; i < 2; i++)
		if (!cable->ends[i].kernel)
			return "missing";
	return cable_is_down(cable) ? "down" : "up";
}

enum column { LINK, STATE, FROM, TO, IMPAIRMENT, PACKETS, BYTES, DROPPED, COLUMNS };

/* One direction: what one end sends. Returns whether it is not as in the file. */
static bool direction_cells(const struct cable *cable, int from, struct arena *arena,
			    const char **row)
{
	const struct cable_end *end = &cable->ends[from];
	const char *wanted, *there;
	bool differs;

	row[FROM] = cable_end_title(end, arena);
	row[TO] = cable_end_title(&cable->ends[!from], arena);
	if (!end->kernel)
		return false;
	differs = drift_impairment(end->file, end->kernel, arena, &wanted, &there);
	row[IMPAIRMENT] = differs ? arena_printf(arena, TABLE_MARK "*%s" TABLE_UNMARK,
						 *there ? there : "none")
				  : there;
	row[PACKETS] = arena_printf(arena, "%" PRIu64, end->kernel->sent.packets);
	row[BYTES] = arena_printf(arena, "%" PRIu64, end->kernel->sent.bytes);
	row[DROPPED] = arena_printf(arena, "%" PRIu64, end->kernel->sent.dropped);
	return differs;
}

void link_print(const struct cables *cables, struct arena *arena, FILE *out)
{
	static const char *const titles[COLUMNS] = {"LINK",	  "STATE",   "FROM",  "TO",
						    "IMPAIRMENT", "PACKETS", "BYTES", "DROPPED"};
	struct table table = {.arena = arena, .columns = COLUMNS};
	bool differs = false;

	memcpy(table_row(&table), titles, sizeof(titles));
	for (size_t i = 0; i < cables->count; i++) {
		const struct cable *cable = &cables->list[i];
		const char **row = table_row(&table);
		const char *state = state_of(cable);

		row[LINK] = cable->segment->name;
		row[STATE] = strcmp(state, "up")
				     ? arena_printf(arena, TABLE_MARK "%s" TABLE_UNMARK, state)
				     : state;
		differs |= direction_cells(cable, 0, arena, row);
		differs |= direction_cells(cable, 1, arena, table_row(&table));
	}
	table_print(&table, out);
	if (differs)
		fputs("\n* not as in the file\n", out);
}

static void values_json(struct json *json, const char *key, const struct impairment *values)
{
	char text[IMPAIR_TEXT_SIZE];

	json_object(json, key);
	for (int i = 0; values && i < IMPAIR_COUNT; i++)
		if (*impair_text(values, (enum impair)i, text))
			json_string(json, impair_word((enum impair)i), text);
	json_end(json);
}

static void counters_json(struct json *json, const char *key, const struct counters *counters)
{
	json_object(json, key);
	json_number(json, "packets", (int64_t)counters->packets);
	json_number(json, "bytes", (int64_t)counters->bytes);
	json_number(json, "dropped", (int64_t)counters->dropped);
	json_end(json);
}

static void end_json(struct json *json, const struct cable_end *end, struct arena *arena)
{
	const struct observed_interface *kernel = end->kernel;
	const char *wanted, *there;

	json_object(json, NULL);
	json_string(json, "node", end->file->node->name);
	json_string(json, "interface", end->file->name);
	json_string(json, "state",
		    !kernel	      ? "missing"
		    : !kernel->up     ? "down"
		    : kernel->carrier ? "up"
				      : "no-carrier");
	values_json(json, "file", end->file->impaired ? &end->file->impaired->values : NULL);
	if (kernel) {
		struct impairment values = kernel->impairment;

		values.seeded &= end->file->impaired && end->file->impaired->values.seeded;
		values_json(json, "kernel", &values);
		json_bool(json, "differs",
			  drift_impairment(end->file, kernel, arena, &wanted, &there));
		counters_json(json, "sent", &kernel->sent);
		counters_json(json, "received", &kernel->received);
	}
	json_end(json);
}

void link_json(const struct cables *cables, struct arena *arena, FILE *out)
{
	struct json json = {.out = out};

	json_array(&json, NULL);
	for (size_t i = 0; i < cables->count; i++) {
		const struct cable *cable = &cables->list[i];

		json_object(&json, NULL);
		json_string(&json, "link", cable->segment->name);
		json_string(&json, "kind",
			    cable->segment->kind == SEGMENT_SWITCH ? "switch" : "link");
		json_string(&json, "state", state_of(cable));
		json_array(&json, "ends");
		end_json(&json, &cable->ends[0], arena);
		end_json(&json, &cable->ends[1], arena);
		json_end(&json);
		json_end(&json);
	}
	json_end(&json);
}

void link_names(const struct cables *cables, struct arena *arena, FILE *out)
{
	for (size_t i = 0; i < cables->count; i++) {
		const struct cable *cable = &cables->list[i];

		if (i == 0 || cables->list[i - 1].segment != cable->segment)
			fprintf(out, "%s\n", cable->segment->name);
		if (cable->segment->kind == SEGMENT_SWITCH)
			fprintf(out, "%s\n", cable_end_title(&cable->ends[0], arena));
	}
}
