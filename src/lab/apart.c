// SPDX-License-Identifier: MIT
// Two routers beside each other, of which one does not send to the other: what is between them?
#include "lab/apart.h"

#include "base/error.h"
#include "lab/consult.h"
#include "lab/path_obstacle.h"

static const char *find(struct path *path, struct path_node *from, struct path_node *to)
{
	struct obstacle obstacle;
	struct finding *list;
	size_t count;

	if (path_cut_beside(path, from, to, &obstacle) || path_obstacle(path, from, to, &obstacle))
		return obstacle.text;
	list = consult(path, from, to, NULL, &count);
	for (size_t i = 0; i < count; i++)
		if (list[i].on_way && !list[i].weak)
			return list[i].text;
	return NULL;
}

int explain_apart(const struct explain_request *request, struct arena *arena, const char **text,
		  struct error *err)
{
	const struct node *from = topology_node(request->topology, request->from);
	const struct node *to = topology_node(request->topology, request->to);
	struct path path;
	int failed = path_open(&path, request, arena, err);

	*text = NULL;
	if (failed < 0)
		return failed;
	if (from && to && path_look(&path, path_node_of(&path, from)) &&
	    path_look(&path, path_node_of(&path, to)))
		*text = find(&path, path_node_of(&path, from), path_node_of(&path, to));
	path_close(&path);
	return 0;
}
