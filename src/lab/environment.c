// SPDX-License-Identifier: MIT
// What a node's programs have in their environment through env.NAME.
#include "lab/environment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "lab/folder.h"
#include "lab/lab.h"
#include "topology/start.h"

#define ENVIRONMENT_LIMIT ((size_t)4 << 20) /* bytes: of a file that has lines of 1,000 */

void environment_set(const struct node *node)
{
	for (size_t i = 0; i < node->variable_count; i++)
		setenv(node->variables[i].name, node->variables[i].value, 1);
}

/* NAME=VALUE, each with a NUL behind it. */
static int print(const struct node *node, char **text, size_t *size)
{
	FILE *out = open_memstream(text, size);

	if (!out)
		return -ENOMEM;
	for (size_t i = 0; i < node->variable_count; i++)
		fprintf(out, "%s=%s%c", node->variables[i].name, node->variables[i].value, '\0');
	return fclose(out) == 0 ? 0 : -ENOMEM;
}

int environment_keep(int folder, const struct node *node, struct error *err)
{
	AUTO_CLOSE int inner = -1;
	AUTO_FREE char *text = NULL;
	size_t size;

	if (!node->variable_count)
		return 0;
	if (mkdirat(folder, FOLDER_ENV, 0700) < 0 && errno != EEXIST)
		return error_set(err, errno, "cannot make the folder of its environment");
	inner = openat(folder, FOLDER_ENV, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (inner < 0)
		return error_set(err, errno, "cannot open the folder of its environment");
	if (print(node, &text, &size) < 0)
		return error_set(err, ENOMEM, "cannot keep its environment");
	return file_replace(inner, node->name, text, size, err);
}

int lab_environment(const struct lab *lab, const struct lab_node *node, struct error *err)
{
	AUTO_ARENA struct arena *arena = arena_new();
	const char *path = arena_printf(arena, "%s/" FOLDER_ENV "/%s", lab->folder, node->name);
	char *text;
	size_t size;
	int failed = file_read(path, ENVIRONMENT_LIMIT, arena, &text, &size, err);

	if (failed)
		return failed == -ENOENT
			       ? 0
			       : error_prefix(err, "cannot read the environment of node %s: ",
					      node->name);
	for (char *next = text; next < text + size; next += strlen(next) + 1) {
		char *equal = strchr(next, '=');

		if (!equal)
			break;
		*equal = '\0';
		setenv(next, equal + 1, 1);
		*equal = '=';
	}
	return 0;
}
