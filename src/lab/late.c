// SPDX-License-Identifier: MIT
// What an `up` is still waiting for, in words: when it is interrupted, and when time is over.
#include "lab/late.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "lab/build.h"
#include "topology/routing.h"
#include "topology/start.h"

#define NAMED_MOST 5  /* nodes in one line */
#define LINES_MOST 16 /* nodes in a list */
#define TAIL_LEAST 80 /* bytes: less is not worth showing */

void late_add(struct late *late, uint32_t node, const char *text)
{
	*array_push(late->arena, late->list, late->count) =
		(struct late_node){node, arena_strdup(late->arena, text)};
}

/* What a node is at; NULL: nothing any more, or nothing at all. */
static const struct op *operation(const struct build *build, size_t node)
{
	const struct span *span = &build->plan->start[node];
	const struct progress *progress = &build->progress[node];
	uint32_t at = __atomic_load_n(&progress->at, __ATOMIC_RELAXED);

	if (!span->count || gate_is_open(&progress->ready))
		return NULL;
	return &build->plan->ops[span->first + (at ? at - 1 : 0)];
}

static const char *operation_text(const struct op *op, char text[128])
{
	if (op->kind == OP_AWAIT)
		snprintf(text, 128, "%s", op->after->node->name);
	else if (op->kind == OP_CONFIG)
		snprintf(text, 128, "%.100s to be written", op->config->path);
	else
		snprintf(text, 128, "%s (%.60s:%d)", op->command->key, op->command->place.file,
			 op->command->place.line);
	return text;
}

void late_waiting(const struct build *build, char text[LATE_TEXT_SIZE])
{
	size_t named = 0, more = 0, used;
	char what[128];

	used = (size_t)snprintf(text, LATE_TEXT_SIZE, "while");
	for (size_t i = 0; i < build->plan->topology->node_count; i++) {
		const struct op *op = operation(build, i);

		if (!op)
			continue;
		if (named == NAMED_MOST) {
			more++;
			continue;
		}
		used += (size_t)snprintf(text + used, LATE_TEXT_SIZE - used,
					 "%s node %.63s was waiting for %s", named ? "," : "",
					 op->node->name, operation_text(op, what));
		named++;
	}
	if (!named)
		snprintf(text, LATE_TEXT_SIZE, "while it was being finished");
	else if (more)
		snprintf(text + used, LATE_TEXT_SIZE - used, ", and %zu more", more);
}

/* The text of a node with no more of what was printed than there is room for: its end. */
static const char *shortened(const struct late *late, const char *text, size_t room)
{
	size_t head = strcspn(text, "\n"), length = strlen(text);

	if (length <= room)
		return text;
	if (room < head + TAIL_LEAST)
		return arena_printf(late->arena, "%.*s%s", (int)head, text,
				    text[head] ? " ..." : "");
	return arena_printf(late->arena, "%.*s\n...%s", (int)head, text,
			    text + length - (room - head - 4));
}

int late_error(const struct late *late, const struct build *build, struct error *err)
{
	size_t count = late->count < LINES_MOST ? late->count : LINES_MOST;
	const char *all = "";
	char waiting[LATE_TEXT_SIZE];

	for (size_t i = 0; i < count; i++) {
		const struct late_node *node = &late->list[i];
		size_t used = strlen(all), room = ERROR_TEXT_SIZE - 300;

		room = room > used ? (room - used) / (count - i) : 0;
		all = arena_printf(late->arena, "%s\nnode %s: %s", all,
				   build->plan->topology->nodes[node->node].name,
				   shortened(late, node->text, room));
	}
	if (late->count > count)
		all = arena_printf(late->arena, "%s\nand %zu more nodes", all, late->count - count);
	if (!count) {
		late_waiting(build, waiting);
		all = arena_printf(late->arena, " %s", waiting);
	}
	return error_set(err, 0,
			 "lab %s: not all was ready within %u s ([lab] timeout); nothing is left "
			 "of it:%s",
			 build->plan->topology->name, build->plan->topology->timeout, all);
}
