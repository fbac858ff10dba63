// SPDX-License-Identifier: MIT
// What a node runs when its network is complete: looked up, and in the words of the file.
#include "topology/start.h"

#include <stdio.h>
#include <string.h>

#include "topology/model.h"

struct command *node_service(const struct node *node, const char *name)
{
	for (size_t i = 0; i < node->command_count; i++)
		if (node->commands[i].kind == COMMAND_SERVICE &&
		    !strcmp(node->commands[i].name, name))
			return &node->commands[i];
	return NULL;
}

const char *ready_text(const struct ready *ready, char buffer[READY_TEXT_SIZE])
{
	const char *before = ready->kind == READY_FILE ? "file " : "";

	snprintf(buffer, READY_TEXT_SIZE, "%s%s", before, ready->text ? ready->text : "");
	return buffer;
}

const char *restart_word(enum restart restart)
{
	static const char *const words[] = {
		[RESTART_NO] = "no", [RESTART_ALWAYS] = "yes", [RESTART_ON_FAILURE] = "on-failure"};

	return words[restart];
}
