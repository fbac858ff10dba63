// SPDX-License-Identifier: MIT
// Paths in a file are relative to its folder; what is there in the place of one that is not.
#include <dirent.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "topology/build.h"

const char *build_beside(struct build *build, const char *path)
{
	if (*path == '/' || !build->folder)
		return path;
	return arena_printf(build->arena, "%s/%s", build->folder, path);
}

const char *build_near_folder(struct build *build, const char *path)
{
	const char *whole = build_beside(build, path), *slash = strrchr(whole, '/');
	const char *above =
		slash ? arena_strndup(build->arena, whole, (size_t)(slash - whole)) : ".";
	struct near near = {.word = slash ? slash + 1 : whole};
	size_t head = strlen(path) - strlen(near.word);
	DIR *listing = opendir(*above ? above : "/");
	struct dirent *entry;
	const char *best;

	if (strlen(near.word) > strlen(path))
		head = 0;
	while (listing && (entry = readdir(listing)))
		if (entry->d_name[0] != '.' && entry->d_type == DT_DIR &&
		    !report_offer(&build->report, &near, arena_strdup(build->arena, entry->d_name)))
			break;
	if (listing)
		closedir(listing);
	best = near_best(&near);
	return best ? arena_printf(build->arena, "%.*s%s", (int)head, path, best) : NULL;
}
