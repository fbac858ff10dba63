// SPDX-License-Identifier: MIT
// Operations that are not kept in a plan, but found when they are needed: computed routes.
#include "plan/plan.h"

#include "base/arena.h"
#include "topology/static_routing.h"

const struct op *plan_computed(const struct plan *plan, const struct node *node,
			       struct arena *arena, size_t *count)
{
	struct route *routes = static_routes(plan->topology, node, arena, count);
	struct op *ops = arena_alloc(arena, (*count + 1) * sizeof(*ops));

	for (size_t i = 0; i < *count; i++)
		ops[i] = (struct op){.kind = OP_ROUTE, .node = node, .route = &routes[i]};
	return ops;
}

typedef void op_visit(const struct op *op, void *data);

static void visit_run(const struct op *ops, size_t count, op_visit *visit, void *data)
{
	for (size_t i = 0; i < count; i++)
		visit(&ops[i], data);
}

void plan_each(const struct plan *plan, op_visit *visit, void *data)
{
	AUTO_ARENA struct arena *arena = arena_new();
	size_t done = plan->wiring.first + plan->wiring.count;

	visit_run(plan->ops, done, visit, data);
	for (size_t i = 0; i < plan->topology->node_count; i++) {
		const struct span *span = &plan->configure[i];
		const struct op *computed;
		size_t count;

		visit_run(plan->ops + span->first, span->count, visit, data);
		computed = plan_computed(plan, &plan->topology->nodes[i], arena, &count);
		visit_run(computed, count, visit, data);
		arena_clear(arena);
		done = span->first + span->count;
	}
	visit_run(plan->ops + done, plan->count - done, visit, data);
}
