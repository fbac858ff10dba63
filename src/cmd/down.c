// SPDX-License-Identifier: MIT
// The verb down: end labs, running or starting.
#include "base/arena.h"
#include "base/error.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "lab/lab.h"

static const char examples[] =
	"  nslab down                    the lab of lab.ini, or the only one\n"
	"  nslab down campus ring\n"
	"  nslab down --all\n";

static int end(const struct lab *lab)
{
	struct error err;

	return lab_down(lab, &err) < 0 ? failed(&err) : STATUS_DONE;
}

static int end_all(const struct lab *labs, size_t count)
{
	int status = STATUS_DONE;

	if (!count) {
		complain("no lab is running");
		return STATUS_FAILED;
	}
	for (size_t i = 0; i < count; i++)
		status |= end(&labs[i]);
	return status;
}

static int end_chosen(const struct lab *labs, size_t count, const char *wanted, struct arena *arena)
{
	struct error err;
	struct lab lab;

	return lab_select(wanted, labs, count, arena, &lab, &err) < 0 ? failed(&err) : end(&lab);
}

int cmd_down(const struct verb *verb, int argc, char **argv)
{
	AUTO_ARENA struct arena *arena = arena_new();
	bool all = false;
	const char *wanted = NULL;
	const struct option_row options[] = {
		{'a', "all", NULL, "every lab of yours", &all, NULL}, OPTION_LAB(&wanted), {0}};
	struct lab *labs;
	struct error err;
	size_t count;
	int status = options_read(verb, options, examples, &argc, &argv);

	if (status != OPTIONS_READ)
		return status;
	if (all && (argc || wanted))
		return misused(verb, "--all or a lab's name, not both");
	if (lab_list(arena, &labs, &count, &err) < 0)
		return failed(&err);
	if (all)
		return end_all(labs, count);
	if (wanted || !argc)
		status = end_chosen(labs, count, wanted, arena);
	else
		status = STATUS_DONE;
	for (int i = 0; i < argc; i++)
		status |= end_chosen(labs, count, argv[i], arena);
	return status;
}
