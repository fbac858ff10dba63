// SPDX-License-Identifier: MIT
// Programs that a topology is known to run, and that may not be on this machine.
#include "topology/programs.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "topology/daemon.h"
#include "topology/model.h"
#include "topology/start.h"

/* A program, who runs it first, and how many others do. */
struct program {
	const struct command *command;
	const struct node *first;
	size_t others;
	struct program *next; /* of those that are not there */
};

static void say_missing(const struct program *program, struct faults *faults,
			enum severity severity)
{
	const struct command *command = program->command;
	const char *name = strrchr(command->program, '/') + 1, *wants = " wants";

	if (program->others)
		wants = arena_printf(faults->arena, " and %zu other%s want", program->others,
				     program->others == 1 ? "" : "s");
	(severity == SEVERITY_FAULT ? fault_add : warning_add)(
		faults, command->place, "%s%s %s, which is not on this machine: install %s",
		program->first->name, wants, name, command->package);
}

/* One more node that runs it. Returns the program if it is the first. */
static struct program *note(struct map *programs, const struct command *command,
			    const struct node *node, struct arena *arena)
{
	struct program *program = map_get(programs, command->program);

	if (program) {
		program->others++;
		return NULL;
	}
	program = arena_alloc(arena, sizeof(*program));
	*program = (struct program){command, node, 0, NULL};
	map_add(programs, command->program, program);
	return program;
}

bool programs_there(const struct topology *topology, struct faults *faults, enum severity severity)
{
	struct map *programs = map_new(faults->arena);
	struct program *missing = NULL, **end = &missing;

	for (size_t i = 0; i < topology->node_count; i++) {
		const struct node *node = &topology->nodes[i];

		for (size_t k = 0; k < node->command_count; k++) {
			const struct command *command = &node->commands[k];
			struct program *program =
				command->program ? note(programs, command, node, faults->arena)
						 : NULL;

			if (program && !daemon_is_there(command->program)) {
				*end = program;
				end = &program->next;
			}
		}
	}
	for (const struct program *program = missing; program; program = program->next)
		say_missing(program, faults, severity);
	return !missing;
}
