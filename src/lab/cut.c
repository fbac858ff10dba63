// SPDX-License-Identifier: MIT
// Interfaces set down and up again, with the routes that the kernel forgets meanwhile.
#include "lab/cut.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "kernel/apply.h"
#include "kernel/static_route.h"
#include "lab/folder.h"
#include "lab/lab.h"

#define KEPT_LIMIT ((size_t)64 << 20)

static int open_folder(const struct lab *lab, struct arena *arena, struct error *err)
{
	const char *path = arena_printf(arena, "%s/" FOLDER_CUT, lab->folder);
	int fd;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return error_set(err, errno, "cannot make the folder %s", path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? error_set(err, errno, "cannot open the folder %s", path) : fd;
}

/* The routes that the node has lost; none where there is no such file. */
static int read_kept(const struct lab *lab, const struct lab_node *node, struct arena *arena,
		     struct static_routes *kept, struct error *err)
{
	const char *path = arena_printf(arena, "%s/" FOLDER_CUT "/%s", lab->folder, node->name);
	int failed;

	*kept = (struct static_routes){0};
	failed = file_read(path, KEPT_LIMIT, arena, &kept->data, &kept->size, err);
	return failed < 0 && err->number == ENOENT ? 0 : failed;
}

static int write_kept(const struct lab *lab, const struct lab_node *node,
		      const struct static_routes *routes, struct arena *arena, struct error *err)
{
	AUTO_CLOSE int folder = open_folder(lab, arena, err);

	if (folder < 0)
		return folder;
	if (routes->size)
		return file_replace(folder, node->name, routes->data, routes->size, err);
	if (unlinkat(folder, node->name, 0) < 0 && errno != ENOENT)
		return error_set(err, errno, "cannot remove %s/" FOLDER_CUT "/%s", lab->folder,
				 node->name);
	return 0;
}

/* Write what was kept already, and `lost` behind it. */
static int keep(const struct lab *lab, const struct lab_node *node,
		const struct static_routes *kept, const struct static_routes *lost,
		struct arena *arena, struct error *err)
{
	struct static_routes all = {.size = kept->size + lost->size};

	all.data = arena_alloc(arena, all.size + 1);
	if (kept->size)
		memcpy(all.data, kept->data, kept->size);
	memcpy(all.data + kept->size, lost->data, lost->size);
	if (write_kept(lab, node, &all, arena, err) < 0)
		return error_prefix(err, "cannot keep the routes of node %s: ", node->name);
	return 0;
}

static int give_back(const struct lab *lab, const struct lab_node *node, struct arena *arena,
		     struct error *err)
{
	struct static_routes kept, left;
	int failed = read_kept(lab, node, arena, &kept, err);

	if (failed < 0 || !kept.size)
		return failed;
	failed = static_routes_put(&kept, arena, &left, err);
	return failed < 0 ? failed : write_kept(lab, node, &left, arena, err);
}

static bool has(const struct op *ops, size_t count, enum op_kind kind)
{
	for (size_t i = 0; i < count; i++)
		if (ops[i].kind == kind)
			return true;
	return false;
}

/*
 * Kept first, all of them, and then only what is really lost: so nothing is lost for good should we
 * be killed meanwhile, and nothing is changed should there be no room. One that is put back though
 * it is there is none the worse for it. A switch has no routes.
 */
static int set_down(const struct lab *lab, const struct lab_node *node, const struct op *ops,
		    size_t count, struct arena *arena, struct error *err)
{
	struct static_routes kept, before, after, lost;
	struct error later;
	int failed = read_kept(lab, node, arena, &kept, err);

	if (failed >= 0)
		failed = static_routes_read(arena, &before, err);
	if (failed >= 0)
		failed = keep(lab, node, &kept, &before, arena, err);
	if (failed < 0)
		return failed;
	failed = apply_ops(ops, count, NULL, err);
	if (static_routes_read(arena, &after, &later) < 0)
		return failed;
	lost = static_routes_lost(&before, &after, arena);
	if (keep(lab, node, &kept, &lost, arena, &later) < 0 && failed >= 0) {
		*err = later;
		return -1;
	}
	return failed;
}

int cut_apply(const struct lab *lab, const struct lab_node *node, const struct op *ops,
	      size_t count, struct arena *arena, struct error *err)
{
	int failed;

	if (node->kind == NODE_HOST && has(ops, count, OP_DOWN))
		return set_down(lab, node, ops, count, arena, err);
	failed = apply_ops(ops, count, NULL, err);
	if (failed >= 0 && node->kind == NODE_HOST && has(ops, count, OP_UP))
		failed = give_back(lab, node, arena, err);
	return failed;
}
