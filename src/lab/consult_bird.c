// SPDX-License-Identifier: MIT
// BIRD asked about each of its protocols of a kind: where there are several, it wants their names.
#include <string.h>

#include "base/arena.h"
#include "lab/consult_run.h"

/* "o4       OSPF       master4    up ...": the name, where it is one of that kind. */
static const char *name_of(const char *line, const char *kind_wanted, struct arena *arena)
{
	size_t length = strcspn(line, " \n");
	const char *kind = line + length + strspn(line + length, " ");

	return length && strcspn(kind, " ") == strlen(kind_wanted) &&
			       !strncmp(kind, kind_wanted, strlen(kind_wanted))
		       ? arena_strndup(arena, line, length)
		       : NULL;
}

const char *consult_ask_bird(struct path *path, const struct path_node *node,
			     const struct consultant *row, const char *const command[])
{
	const char *const list[] = {command[0], "show protocols all", NULL};
	const char *line = consult_ask(path, node, row->socket, list), *name = NULL, *all = NULL;

	for (; line && *line; line += strcspn(line, "\n"), line += *line != 0) {
		const char *channel, *said;

		if (*line != ' ')
			name = name_of(line, row->kind, path->arena);
		channel = name ? strstr(line, row->channel) : NULL;
		if (!channel || channel > line + strcspn(line, "\n"))
			continue;
		said = consult_ask(
			path, node, row->socket,
			(const char *const[]){command[0],
					      arena_printf(path->arena, "%s %s", command[1], name),
					      NULL});
		all = arena_printf(path->arena, "%s%s", all ? all : "", said ? said : "");
	}
	return all;
}
