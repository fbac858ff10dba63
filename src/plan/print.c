// SPDX-License-Identifier: MIT
// A plan for people: its operations one a line, in groups.
#include "plan/plan.h"

static void print_op(const struct op *op, FILE *out)
{
	char text[OP_TEXT_SIZE];

	if (op->kind == OP_NODE || op->kind == OP_VETH)
		fprintf(out, "%s\n", op_text(op, text));
	else
		fprintf(out, "%s: %s\n", op->node->name, op_text_inside(op, text));
}

void plan_print(const struct plan *plan, FILE *out)
{
	static const char *const titles[] = {
		[PHASE_NODES] = "# the nodes",
		[PHASE_FILES] = "# the files of each node",
		[PHASE_PREPARE] = "# each node, before its cables",
		[PHASE_WIRING] = "# the cables",
		[PHASE_CONFIGURE] = "# each node, with its cables",
		[PHASE_START] =
			"# start-up commands, scripts and services, when all nodes are configured",
	};
	int last = -1;

	for (size_t i = 0; i < plan->count; i++) {
		enum op_phase phase = op_phase(&plan->ops[i]);

		if ((int)phase != last)
			fprintf(out, "%s%s\n", i ? "\n" : "", titles[phase]);
		last = (int)phase;
		print_op(&plan->ops[i], out);
	}
}
