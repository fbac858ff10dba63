// SPDX-License-Identifier: MIT
// What is behind a missing route that daemons would make: a cable, a daemon, or their neighbours.
#include "lab/blame.h"
#include "lab/consult.h"
#include "lab/path_obstacle.h"

static int weight(const struct finding *finding)
{
	return (finding->weak	 ? 0
		: finding->vague ? 8
				 : 16) +
	       (finding->border ? 4 : 0) + (finding->native ? 2 : 0) + finding->on_way;
}

/* A missing route is a symptom where daemons make routes: what do they say? */
void blame_routing(struct blame *blame)
{
	struct explanation *result = blame->result;
	bool there = !result->there.arrived;
	const struct explain_way *way = there ? &result->there : &result->back;
	struct path_node *goal = there ? blame->to : blame->from, *at;
	const struct finding *list, *best = NULL;
	struct obstacle obstacle;
	size_t count;

	if (result->cause != CAUSE_NO_ROUTE || !goal)
		return;
	at = &blame->path->nodes[way->steps[way->count - 1].number - 1];
	if (path_obstacle(blame->path, at, goal, &obstacle)) {
		blame_on(blame, obstacle.cause, obstacle.node, "%s%s%s", result->verdict,
			 obstacle.cause == CAUSE_SERVICE ? ": " : ", as ", obstacle.text);
		return;
	}
	list = consult(blame->path, at, goal, there ? &result->destination : &result->source,
		       &count);
	for (size_t i = 0; i < count; i++)
		if (!best || weight(&list[i]) > weight(best))
			best = &list[i];
	if (!best)
		return;
	for (size_t i = 0; i < count; i++)
		if (&list[i] != best)
			blame_note(blame, "%s", list[i].text);
	blame_on(blame, CAUSE_ROUTING, best->node, "%s: %s", result->verdict, best->text);
}
