// SPDX-License-Identifier: MIT
// The topology file of a running lab, as it was when the lab was built.
#include "lab/lab_topology.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/file.h"
#include "lab/lab.h"
#include "topology/load.h"

#define FILE_LIMIT ((size_t)64 << 20)

const struct topology *kept_topology(const struct lab *lab, struct arena *arena, struct error *err)
{
	struct faults faults = {.arena = arena};
	const struct topology *topology;
	size_t size;
	char *text;

	if (file_read(arena_printf(arena, "%s/topology", lab->folder), FILE_LIMIT, arena, &text,
		      &size, err) < 0)
		return NULL;
	topology = topology_parse(
		strcmp(lab->file, "-") != 0 ? lab->file : arena_printf(arena, "%s.ini", lab->name),
		text, size, arena, &faults);
	if (!topology)
		error_set(err, 0, "the copy of the file in %s is damaged", lab->folder);
	return topology;
}
