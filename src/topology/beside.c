// SPDX-License-Identifier: MIT
// Paths in a file are relative to its folder.
#include "base/arena.h"
#include "topology/build.h"

const char *build_beside(struct build *build, const char *path)
{
	if (*path == '/' || !build->folder)
		return path;
	return arena_printf(build->arena, "%s/%s", build->folder, path);
}
