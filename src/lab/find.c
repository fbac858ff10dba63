// SPDX-License-Identifier: MIT
// Which labs there are, and which one the user means.
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "lab/folder.h"
#include "lab/lab.h"
#include "lab/lab_topology.h"
#include "lab/record.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct lab *)a)->name, ((const struct lab *)b)->name);
}

/*
 * What killed processes left is swept: a lab's folder whose record is ours and whose process is
 * gone, and partial ones, as we hold the lock and so nobody is at work on them. All else in the run
 * folder is not ours, and is left alone.
 */
static void read_or_sweep(int run, const char *path, const char *name, struct arena *arena,
			  struct lab **labs, size_t *count)
{
	const size_t prefix = strlen(FOLDER_PARTIAL);
	struct lab lab;

	if (!strncmp(name, FOLDER_PARTIAL, prefix))
		partial_folder_remove(run, name + prefix);
	else if (name[0] == '.' || record_read(run, path, name, arena, &lab) < 0)
		return;
	else if (process_alive(&lab.keeper))
		*array_push(arena, *labs, *count) = lab;
	else
		lab_folder_remove(run, name);
}

int lab_list(struct arena *arena, struct lab **labs, size_t *count, struct error *err)
{
	const char *path = run_folder(arena);
	AUTO_CLOSE int run = run_folder_lock(path, false, err);
	struct dirent *entry;
	DIR *folder;

	*labs = NULL;
	*count = 0;
	if (run == -ENOENT)
		return 0;
	if (run < 0)
		return run;
	folder = opendir(path);
	if (!folder)
		return error_set(err, errno, "cannot read the run folder %s", path);
	while ((entry = readdir(folder)))
		read_or_sweep(run, path, entry->d_name, arena, labs, count);
	closedir(folder);
	if (*count)
		qsort(*labs, *count, sizeof(**labs), by_name);
	else
		run_folder_tidy(path);
	return 0;
}

static const char *names_of(const struct lab *labs, size_t count, struct arena *arena)
{
	const char *names = "";

	if (count == 0)
		return "none is running";
	for (size_t i = 0; i < count; i++)
		names = arena_printf(arena, "%s%s%s", names, i ? ", " : "", labs[i].name);
	return arena_printf(arena, "running: %s", names);
}

/* The absolute path of a file that may be gone by now, though not its folder. False: there is none.
 */
static bool absolute_path(const char *file, char path[PATH_MAX])
{
	const char *slash = strrchr(file, '/');
	const char *last = slash ? slash + 1 : file;
	size_t folder = (size_t)(last - file), length;
	char copy[PATH_MAX];

	if (realpath(file, path))
		return true;
	if (errno != ENOENT)
		return false;
	snprintf(copy, sizeof(copy), "%.*s", (int)folder, file);
	if (!realpath(folder ? copy : ".", path))
		return false;
	length = strlen(path);
	return snprintf(path + length, PATH_MAX - length, "%s%s", length > 1 ? "/" : "", last) <
	       (int)(PATH_MAX - length);
}

/* The lab built from that topology file, or NULL. */
static const struct lab *from_file(const struct lab *labs, size_t count, const char *file)
{
	char path[PATH_MAX];

	if (!absolute_path(file, path))
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(labs[i].file, path))
			return &labs[i];
	return NULL;
}

static int not_running(const char *what, const struct lab *labs, size_t count, struct arena *arena,
		       struct error *err)
{
	struct near near = {.word = what};
	const char *best;

	for (size_t i = 0; i < count; i++)
		near_offer(&near, labs[i].name);
	best = near_best(&near);
	if (best)
		return error_set(err, 0, "no lab %s is running; did you mean \"%s\"? (%s)", what,
				 best, names_of(labs, count, arena));
	return error_set(err, 0, "no lab %s is running (%s)", what, names_of(labs, count, arena));
}

static const struct lab *select_named(const char *wanted, const struct lab *labs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(labs[i].name, wanted))
			return &labs[i];
	return from_file(labs, count, wanted);
}

int lab_select(const char *wanted, const struct lab *labs, size_t count, struct arena *arena,
	       struct lab *lab, struct error *err)
{
	const struct lab *found = NULL;

	if (wanted) {
		found = select_named(wanted, labs, count);
		if (!found)
			return not_running(wanted, labs, count, arena, err);
	} else if (access("lab.ini", F_OK) == 0) {
		found = from_file(labs, count, "lab.ini");
		if (!found)
			return error_set(err, 0, "the lab of lab.ini is not running (%s)",
					 names_of(labs, count, arena));
	} else if (count == 1) {
		found = &labs[0];
	} else {
		return count ? error_set(err, 0, "which lab? name one with -l (%s)",
					 names_of(labs, count, arena))
			     : error_set(err, 0, "no lab is running");
	}
	*lab = *found;
	return 0;
}

static size_t only_running(const struct lab *labs, size_t count, struct lab *running)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (labs[i].state == LAB_RUNNING)
			running[kept++] = labs[i];
	return kept;
}

int lab_find(const char *wanted, struct arena *arena, struct lab *lab, struct error *err)
{
	struct lab *labs, *running;
	struct error ignored;
	size_t count;
	int failed = lab_list(arena, &labs, &count, err);

	if (failed)
		return failed;
	running = arena_alloc(arena, (count + 1) * sizeof(*running));
	failed = lab_select(wanted, running, only_running(labs, count, running), arena, lab, err);
	if (failed && !lab_select(wanted, labs, count, arena, lab, &ignored))
		return error_set(err, 0,
				 "lab %s is still starting (nslab status shows how far it is)",
				 lab->name);
	return failed;
}

int lab_find_starting(const char *wanted, struct arena *arena, struct lab *lab, struct error *err)
{
	struct lab *labs, *running;
	size_t count;
	int failed = lab_list(arena, &labs, &count, err);

	if (failed)
		return failed;
	running = arena_alloc(arena, (count + 1) * sizeof(*running));
	if (!lab_select(wanted, running, only_running(labs, count, running), arena, lab, err))
		return 0;
	return lab_select(wanted, labs, count, arena, lab, err);
}

int lab_node(const struct lab *lab, const char *name, struct arena *arena, struct lab_node *node,
	     struct error *err)
{
	struct near near = {.word = name};
	struct lab_node *nodes;
	const char *best;
	size_t count;
	int failed = record_node(lab, name, arena, node);

	if (!failed && node->kind != NODE_STUBS)
		return 0;
	failed = lab_nodes(lab, arena, &nodes, &count, err);
	if (failed)
		return failed;
	for (size_t i = 0; i < count; i++) {
		near_offer(&near, nodes[i].name);
		if (strcmp(nodes[i].name, name) != 0)
			continue;
		*node = nodes[i]; /* of a lab that has no record of it yet */
		return 0;
	}
	best = near_best(&near);
	if (best)
		return error_set(err, 0, "lab %s has no node \"%s\"; did you mean \"%s\"?",
				 lab->name, name, best);
	return error_set(err, 0, "lab %s has no node \"%s\" (nslab status lists them)", lab->name,
			 name);
}

/* Those of the file: what it is built from stands in its folder from the start. */
static int nodes_of_file(const struct lab *lab, struct arena *arena, struct lab_node **nodes,
			 size_t *count, struct error *err)
{
	const struct topology *topology = kept_topology(lab, arena, err);

	if (!topology)
		return -1;
	*count = topology->node_count;
	*nodes = arena_alloc(arena, (*count + 1) * sizeof(**nodes));
	for (size_t i = 0; i < *count; i++) {
		const struct node *node = &topology->nodes[i];

		(*nodes)[i] = (struct lab_node){node->name, node->kind, node->isolate, {0}};
	}
	return 0;
}

int lab_nodes(const struct lab *lab, struct arena *arena, struct lab_node **nodes, size_t *count,
	      struct error *err)
{
	int failed;

	if (record_nodes(lab, arena, nodes, count) < 0)
		return error_set(err, 0, "the record of lab %s in %s is damaged", lab->name,
				 lab->folder);
	if (!*count && lab->state == LAB_STARTING) {
		failed = nodes_of_file(lab, arena, nodes, count, err);
		if (failed)
			return failed;
	}
	while (*count && (*nodes)[*count - 1].kind == NODE_STUBS)
		--*count;
	return 0;
}
