// SPDX-License-Identifier: MIT
// Files that the lab brings for a node: read, and which folders of the machine's receive them.
#include "lab/brought.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "lab/build.h"
#include "lab/private.h"

static int fail_at(struct error *err, struct place place)
{
	return error_prefix(err, "%s:%d: ", place.file, place.line);
}

static int read_source(struct brought *brought, struct source *source, struct error *err)
{
	const struct tree *tree = &source->tree;

	tree_start(&source->tree, source->path, brought->arena);
	tree_read(&source->tree, "", TREE_EVERYTHING);
	if (tree->count >= TREE_MOST)
		return error_set(err, E2BIG, "cannot lay the files of %s over /", source->path);
	for (size_t i = 0; i < tree->count; i++)
		if (tree->entries[i].closed)
			return error_set(err, EACCES, "cannot read the folder %s/%s", source->path,
					 tree->entries[i].path);
	return 0;
}

static int open_source(struct brought *brought, const struct files *files, struct error *err)
{
	struct source *source = &brought->sources[brought->count];
	int failed;

	if (!files->folder)
		return 0;
	source->path = *files->folder == '/' ? files->folder
					     : arena_printf(brought->arena, "%s/%s",
							    brought->build->work, files->folder);
	source->folder = open(source->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (source->folder < 0) {
		error_set(err, errno, "cannot open the folder %s", source->path);
		return fail_at(err, files->place);
	}
	brought->count++;
	failed = read_source(brought, source, err);
	return failed ? fail_at(err, files->place) : 0;
}

static void add_extra(struct brought *brought, struct private_files *files, const char *path)
{
	for (size_t i = 0; i < files->count; i++)
		if (!strcmp(files->extras[i].path, path))
			return;
	*array_push(brought->arena, files->extras, files->count) =
		(struct extra){arena_strdup(brought->arena, path), -1, false};
}

static int add_privates(struct brought *brought, struct private_files *files, struct error *err)
{
	const struct paths *paths = &brought->node->privates;

	for (size_t i = 0; i < paths->count; i++) {
		char real[PATH_MAX];

		if (!realpath(paths->list[i], real) || !real[1]) {
			error_set(err, errno, "private: cannot use %s", paths->list[i]);
			return fail_at(err, paths->place);
		}
		add_extra(brought, files, real);
	}
	return 0;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The deepest folder of the machine's that the entry goes into; "/" where it has no other. */
static const char *receiver_of(const struct tree_entry *entry, char path[PATH_MAX])
{
	char whole[PATH_MAX];
	int n = snprintf(whole, sizeof(whole), "/%s", entry->path);

	if (n >= PATH_MAX)
		return "/";
	do
		*strrchr(whole, '/') = '\0';
	while (*whole && !is_folder(whole));
	return *whole && realpath(whole, path) ? path : "/";
}

static void add_receivers(struct brought *brought, struct private_files *files,
			  const struct source *source)
{
	for (size_t i = 0; i < source->tree.count; i++) {
		const struct tree_entry *entry = &source->tree.entries[i];
		char path[PATH_MAX], whole[PATH_MAX];
		const char *receiver;

		snprintf(whole, sizeof(whole), "/%s", entry->path);
		if (S_ISDIR(entry->mode) && is_folder(whole))
			continue;
		receiver = receiver_of(entry, path);
		if (receiver[1])
			add_extra(brought, files, receiver);
		else if (strcmp(entry->path, TREE_PLACEHOLDER) != 0)
			brought->root = true;
	}
}

bool brought_in_root(void *data, const char *name)
{
	const struct brought *brought = data;

	for (size_t i = 0; i < brought->count; i++)
		for (size_t k = 0; k < brought->sources[i].tree.count; k++)
			if (!strcmp(brought->sources[i].tree.entries[k].path, name))
				return true;
	return false;
}

static int compare_extras(const void *a, const void *b)
{
	return strcmp(((const struct extra *)a)->path, ((const struct extra *)b)->path);
}

/*
 * Drop what is private already. An ordinary user cannot write to folders of the machine's that are
 * merely seen through one that is private, as their owner is unknown in the lab: there each stays.
 */
static void thin_out(const struct brought *brought, struct private_files *files)
{
	struct private_files kept = {.extras = files->extras};

	if (files->count)
		qsort(files->extras, files->count, sizeof(*files->extras), compare_extras);
	for (size_t i = 0; i < files->count; i++) {
		const struct private_files none = {0};
		struct extra extra = files->extras[i];

		if (!path_is_private(brought->build->foreign ? &none : &kept, extra.path))
			kept.extras[kept.count++] = extra;
	}
	*files = kept;
}

static int open_extras(struct private_files *files, struct error *err)
{
	for (size_t i = 0; i < files->count; i++) {
		struct extra *extra = &files->extras[i];

		extra->folder = open(extra->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (extra->folder < 0)
			return error_set(err, errno, "cannot open %s to make it private",
					 extra->path);
		extra->closed = access(extra->path, R_OK | X_OK) < 0;
	}
	return 0;
}

int brought_open(struct brought *brought, struct private_files *files, struct error *err)
{
	int failed = open_source(brought, &brought->build->plan->topology->files, err);

	if (!failed)
		failed = open_source(brought, &brought->node->files, err);
	if (!failed)
		failed = add_privates(brought, files, err);
	if (failed)
		return failed;
	for (size_t i = 0; i < brought->count; i++)
		add_receivers(brought, files, &brought->sources[i]);
	thin_out(brought, files);
	return open_extras(files, err);
}
