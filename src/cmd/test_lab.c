// SPDX-License-Identifier: MIT
// Which lab is tested, and by which tests.
#include "cmd/test_lab.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "cmd/cmd.h"
#include "cmd/faults.h"
#include "lab/lab_topology.h"
#include "lab/lab.h"
#include "plan/plan.h"
#include "topology/names.h"

#define FILE_LIMIT ((size_t)64 << 20)

static void print_op(const struct op *op, void *out)
{
	enum op_phase phase = op_phase(op);
	char line[OP_TEXT_SIZE];

	if (phase != PHASE_FILES && phase != PHASE_START)
		fprintf(out, "%s\n", op_text(op, line));
}

/* The operations that build it say what a network is: not those about files and daemons in nodes.
 */
static char *plan_text(const struct topology *topology, struct arena *arena)
{
	const struct plan *plan = plan_make(topology, arena);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	plan_each(plan, print_op, out);
	fclose(out);
	return text;
}

static bool same_network(const struct topology *a, const struct topology *b, struct arena *arena)
{
	AUTO_FREE char *text_a = plan_text(a, arena), *text_b = plan_text(b, arena);

	return text_a && text_b && !strcmp(text_a, text_b);
}

/* Has the lab's file been edited since `up`? What cannot be read has not. */
static bool is_edited(const struct lab *lab, struct arena *arena)
{
	char *now, *then;
	size_t now_size, then_size;
	struct error err;

	if (!strcmp(lab->file, "-") ||
	    file_read(lab->file, FILE_LIMIT, arena, &now, &now_size, &err) < 0 ||
	    file_read(arena_printf(arena, "%s/topology", lab->folder), FILE_LIMIT, arena, &then,
		      &then_size, &err) < 0)
		return false;
	return now_size != then_size || memcmp(now, then, now_size) != 0;
}

int test_lab(const char *wanted, struct arena *arena, const char **name,
	     const struct topology **topology)
{
	struct loaded edited;
	struct error err;
	struct lab lab;

	if (lab_find(wanted, arena, &lab, &err) < 0)
		return failed(&err);
	*name = lab.name;
	*topology = kept_topology(&lab, arena, &err);
	if (!*topology) {
		error_prefix(&err, "cannot know the tests of lab %s: ", lab.name);
		return failed(&err);
	}
	if (!is_edited(&lab, arena))
		return STATUS_DONE;
	load_file(lab.file, arena, &edited);
	faults_print(&edited.faults);
	if (!edited.topology)
		return load_status(&edited);
	if (same_network(*topology, edited.topology, arena)) {
		*topology = edited.topology;
		return STATUS_DONE;
	}
	complain("warning: %s is of another network by now than lab %s: its tests are done as they "
		 "were at up",
		 lab.file, lab.name);
	return STATUS_DONE;
}

const char *test_lab_name(const char *name, size_t number, struct arena *arena)
{
	const char *tail = arena_printf(arena, "-test%ld-%zu", (long)getpid(), number);

	return arena_printf(arena, "%.*s%s", (int)(NAME_LIMIT - strlen(tail)), name, tail);
}
