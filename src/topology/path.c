// SPDX-License-Identifier: MIT
// Absolute paths of nodes, as users write them.
#include "topology/path.h"

#include <string.h>

#include "base/arena.h"

const char *path_tidy(struct arena *arena, const char *path)
{
	char *result = arena_alloc(arena, strlen(path) + 2), *end = result;

	if (*path != '/')
		return path;
	while (*path) {
		size_t length;

		path += strspn(path, "/");
		length = strcspn(path, "/");
		if (length == 2 && path[0] == '.' && path[1] == '.')
			return NULL;
		if (length && !(length == 1 && *path == '.')) {
			*end++ = '/';
			memcpy(end, path, length);
			end += length;
		}
		path += length;
	}
	if (end == result)
		*end = '/';
	return result;
}

const char *path_of_kernel(const char *path)
{
	static const char *const kernels[] = {"/proc", "/sys", "/dev"};

	for (size_t i = 0; i < sizeof(kernels) / sizeof(*kernels); i++) {
		size_t length = strlen(kernels[i]);

		if (!strncmp(path, kernels[i], length) && (!path[length] || path[length] == '/'))
			return kernels[i];
	}
	return NULL;
}
