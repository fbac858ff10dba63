// SPDX-License-Identifier: MIT
// An explanation of a way, as text and as JSON.
#include "cmd/explain_show.h"

#include <netinet/in.h>

#include "base/arena.h"
#include "cmd/cmd.h"
#include "cmd/json.h"
#include "cmd/table.h"
#include "lab/explain.h"
#include "topology/model.h"

/* What the node used, one below the other. */
static size_t uses_of(const struct explain_step *step, const char *uses[4])
{
	const char *all[] = {step->route, step->neighbour, step->bridge, step->remark};
	size_t count = 0;

	for (size_t i = 0; i < 4; i++)
		if (all[i])
			uses[count++] = all[i];
	return count;
}

static const char *ports_of(const struct explain_step *step, struct arena *arena)
{
	return arena_printf(arena, "%s%s%s", step->in ? step->in : "",
			    step->in && step->out ? " > "
			    : step->out		  ? "> "
						  : "",
			    step->out  ? step->out
			    : step->in ? " >"
				       : "");
}

static void put_step(struct table *table, const struct explain_step *step, const char *mark,
		     struct arena *arena)
{
	const char *uses[4] = {0};
	size_t count = uses_of(step, uses);

	for (size_t i = 0; i < (count ? count : 1); i++) {
		const char **row = table_row(table);

		row[0] = i ? "" : mark;
		row[1] = i ? "" : step->node;
		row[2] = i ? "" : ports_of(step, arena);
		row[3] = uses[i];
	}
}

static void print_way(const struct explain_way *way, struct arena *arena, FILE *out)
{
	struct table table = {.arena = arena, .columns = 4};

	for (size_t i = 0; i < way->count; i++) {
		bool ends = i + 1 == way->count && !way->arrived;

		put_step(&table, &way->steps[i], ends ? "  " TABLE_MARK "x" TABLE_UNMARK : "   ",
			 arena);
	}
	table_print(&table, out);
}

static const char *ends_of(const struct address *from, const struct address *to,
			   struct arena *arena)
{
	char a[ADDRESS_TEXT_SIZE], b[ADDRESS_TEXT_SIZE];

	return arena_printf(arena, "%s -> %s",
			    from->family == AF_UNSPEC ? "?" : address_text(from, true, a),
			    address_text(to, true, b));
}

void explain_print(const struct explanation *explanation, struct arena *arena, FILE *out)
{
	bool coloured = output_coloured();

	fprintf(out, "there: %s\n",
		ends_of(&explanation->source, &explanation->destination, arena));
	print_way(&explanation->there, arena, out);
	if (explanation->back.count) {
		fprintf(out, "back: %s\n",
			ends_of(&explanation->destination, &explanation->source, arena));
		print_way(&explanation->back, arena, out);
	}
	if (coloured)
		fputs(explanation->works ? "\033[32m" : "\033[31m", out);
	put_printable(out, explanation->verdict);
	fputs(coloured ? "\033[0m\n" : "\n", out);
	for (size_t i = 0; i < explanation->note_count; i++) {
		fputs("  ", out);
		put_printable(out, explanation->notes[i]);
		fputc('\n', out);
	}
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void way_json(const struct explain_way *way, const char *key, struct json *json)
{
	json_object(json, key);
	json_bool(json, "arrives", way->arrived);
	json_string(json, "cause", explain_cause_word(way->cause));
	json_string(json, "node", way->node);
	json_string(json, "text", way->text);
	json_array(json, "hops");
	for (size_t i = 0; i < way->count; i++) {
		const struct explain_step *step = &way->steps[i];

		json_object(json, NULL);
		json_string(json, "node", step->node);
		json_bool(json, "switch", step->is_switch);
		json_string(json, "in", step->in);
		json_string(json, "out", step->out);
		json_string(json, "segment", step->segment);
		json_string(json, "route", step->route);
		json_string(json, "neighbour", step->neighbour);
		json_string(json, "bridge", step->bridge);
		json_string(json, "remark", step->remark);
		json_bool(json, "seen-in", step->seen_in);
		json_bool(json, "seen-out", step->seen_out);
		json_end(json);
	}
	json_end(json);
	json_end(json);
}

static void address_json(const struct address *address, const char *key, struct json *json)
{
	char text[ADDRESS_TEXT_SIZE];

	json_string(json, key,
		    address->family == AF_UNSPEC ? NULL : address_text(address, true, text));
}

void explain_json(const struct explanation *explanation, struct arena *arena, FILE *out)
{
	struct json json = {.out = out};

	json_object(&json, NULL);
	json_string(&json, "from", explanation->from);
	json_string(&json, "to", explanation->to);
	address_json(&explanation->source, "source", &json);
	address_json(&explanation->destination, "destination", &json);
	json_bool(&json, "works", explanation->works);
	json_string(&json, "cause", explain_cause_word(explanation->cause));
	json_string(&json, "node", explanation->node);
	json_string(&json, "verdict", explanation->verdict);
	json_string(&json, "probe", reach_words(&explanation->probe, arena));
	json_array(&json, "notes");
	for (size_t i = 0; i < explanation->note_count; i++)
		json_string(&json, NULL, explanation->notes[i]);
	json_end(&json);
	way_json(&explanation->there, "there", &json);
	way_json(&explanation->back, "back", &json);
	json_end(&json);
}
