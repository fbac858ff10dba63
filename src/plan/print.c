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

/* A plan that is being printed, and the phase that it is in. */
struct print {
	FILE *out;
	int last;
};

static void print_op_of_phase(const struct op *op, void *data)
{
	static const char *const titles[] = {
		[PHASE_NODES] = "# the nodes",
		[PHASE_FILES] = "# the files of each node",
		[PHASE_PREPARE] = "# each node, before its cables",
		[PHASE_WIRING] = "# the cables",
		[PHASE_CONFIGURE] = "# each node, with its cables",
		[PHASE_FORWARD] = "# the switches, when all nodes are configured",
		[PHASE_START] =
			"# start-up commands, scripts and services, when all nodes are configured",
	};
	struct print *print = data;
	enum op_phase phase = op_phase(op);

	if ((int)phase != print->last)
		fprintf(print->out, "%s%s\n", print->last < 0 ? "" : "\n", titles[phase]);
	print->last = (int)phase;
	print_op(op, print->out);
}

void plan_print(const struct plan *plan, FILE *out)
{
	struct print print = {out, -1};

	plan_each(plan, print_op_of_phase, &print);
}
