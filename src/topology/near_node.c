// SPDX-License-Identifier: MIT
// The node that a name which is none may mean.
#include "base/text.h"
#include "topology/build.h"

const char *near_node(struct build *build, struct place place, const char *name,
		      const struct node *except)
{
	const struct topology *topology = build->topology;
	struct near near = {.word = name};

	if (report_full(&build->report) || report_repeats(&build->report, place))
		return NULL;
	for (size_t i = 0; i < topology->node_count; i++) {
		const struct node *node = &topology->nodes[i];

		if (node->kind != NODE_STUBS && node != except &&
		    !report_offer(&build->report, &near, node->name))
			break;
	}
	return near_best(&near);
}
