// SPDX-License-Identifier: MIT
// What a file needs of the kernel: noted while its keys are read, for `up` to try beforehand.
#include "base/arena.h"
#include "topology/build.h"
#include "topology/readers.h"

static bool is_same(const struct need *need, enum feature feature, struct place place)
{
	return need->feature == feature && need->place.line == place.line &&
	       need->place.file == place.file;
}

/* A key of a template is read for each section that is like it, one after the other. */
void build_need(struct build *build, enum feature feature, const char *key, struct place place)
{
	struct topology *topology = build->topology;
	size_t count = topology->need_count;

	if (count && is_same(&topology->needs[count - 1], feature, place))
		return;
	*array_push(build->arena, topology->needs, topology->need_count) =
		(struct need){feature, key, place};
}

void reading_need(struct reading *reading, enum feature feature)
{
	build_need(reading->build, feature, reading->key, reading->place);
}
