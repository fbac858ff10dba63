// SPDX-License-Identifier: MIT
// Faults of the files of nodes: trees that cannot be laid, folders that are not there.
#include <errno.h>
#include <fts.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/map.h"
#include "topology/build.h"
#include "topology/check.h"
#include "topology/files.h"
#include "topology/path.h"

#define PAGE 4096 /* what a node's memory is given out in; a tmpfs has an inode for each */

/* What was found out about a tree, once for all nodes that have it. */
struct weight {
	uint64_t bytes;
	size_t entries;
	const char *kernels;	/* the first that would lie in /proc, /sys or /dev */
	const char *unreadable; /* the first that is; and why */
	int number;
	const char *odd; /* the first that is no file, folder or link */
	size_t odd_count;
	bool resolver; /* it has an etc/resolv.conf */
};

static void weigh_file(struct build *build, struct weight *weight, const FTSENT *entry,
		       const char *path)
{
	uint64_t size = (uint64_t)entry->fts_statp->st_size;

	weight->bytes += (size + PAGE - 1) / PAGE * PAGE;
	if (weight->unreadable || access(entry->fts_path, R_OK) == 0)
		return;
	weight->number = errno;
	weight->unreadable = arena_strdup(build->arena, path);
}

/* `path` is where it goes in the node. */
static void weigh_entry(struct build *build, struct weight *weight, const FTSENT *entry,
			const char *path)
{
	weight->entries++;
	weight->resolver |= !strcmp(path, "/etc/resolv.conf");
	if (!weight->kernels && path_of_kernel(path))
		weight->kernels = arena_strdup(build->arena, path);
	switch (entry->fts_info) {
	case FTS_F: weigh_file(build, weight, entry, path); break;
	case FTS_DEFAULT:
		if (!weight->odd_count++)
			weight->odd = arena_strdup(build->arena, path);
		break;
	case FTS_DNR:
	case FTS_NS:
	case FTS_ERR:
		if (!weight->unreadable) {
			weight->unreadable = arena_strdup(build->arena, path);
			weight->number = entry->fts_errno;
		}
		break;
	default: break; /* links, and folders on the way down */
	}
}

/* A folder of the kernel's that is there anyway does no harm, as in the tree of a whole system. */
static bool is_passed_by(const FTSENT *entry, const char *path)
{
	struct stat st;

	return entry->fts_info == FTS_DP || entry->fts_level == 0 ||
	       (entry->fts_info == FTS_D && path_of_kernel(path) && stat(path, &st) == 0 &&
		S_ISDIR(st.st_mode));
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static char *without_slash(struct build *build, const char *path)
{
	size_t length = strlen(path);

	while (length > 1 && path[length - 1] == '/')
		length--;
	return arena_strndup(build->arena, path, length);
}

static const struct weight *weigh(struct build *build, struct map *weights, const char *folder)
{
	const char *whole = build_beside(build, folder);
	char *const roots[] = {without_slash(build, whole), NULL};
	struct weight *weight = map_get(weights, folder);
	FTSENT *entry;
	FTS *walk;

	if (weight)
		return weight;
	weight = arena_alloc(build->arena, sizeof(*weight));
	map_add(weights, folder, weight);
	walk = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);
	while (walk && weight->entries < FILES_MOST && (entry = fts_read(walk))) {
		const char *path = entry->fts_path + strlen(roots[0]);

		if (!is_passed_by(entry, path) || entry->fts_info == FTS_DNR)
			weigh_entry(build, weight, entry, path);
	}
	if (walk)
		fts_close(walk);
	return weight;
}

static void check_weight(struct build *build, const struct files *files,
			 const struct weight *weight)
{
	struct report *report = &build->report;

	if (weight->kernels)
		report_fault(report, files->place,
			     "files: %s%s cannot be laid over %s, which is the kernel's",
			     shown(report, files->folder), shown(report, weight->kernels),
			     path_of_kernel(weight->kernels));
	if (weight->unreadable)
		report_fault(report, files->place, "files: cannot read %s%s: %s",
			     shown(report, files->folder), shown(report, weight->unreadable),
			     strerror(weight->number));
	if (weight->entries == FILES_MOST)
		report_fault(report, files->place, "files: %s has %s files and folders, or more",
			     shown(report, files->folder), grouped(report, FILES_MOST));
	if (weight->odd_count == 1)
		report_warning(report, files->place,
			       "files: %s%s is left out, as it is no file, folder or link",
			       shown(report, files->folder), shown(report, weight->odd));
	if (weight->odd_count > 1)
		report_warning(
			report, files->place,
			"files: %s%s and %zu more are left out, as they are no files, folders "
			"or links",
			shown(report, files->folder), shown(report, weight->odd),
			weight->odd_count - 1);
}

/* In whole units, as `disk` takes it. */
static const char *size_text(struct build *build, uint64_t bytes)
{
	uint64_t kib = (bytes + 1023) / 1024, mib = (kib + 1023) / 1024;

	return mib > 1 ? arena_printf(build->arena, "%" PRIu64 "M", mib)
		       : arena_printf(build->arena, "%" PRIu64 "K", kib);
}

/* Nothing is said of files that have been faulted by themselves. */
static void check_room(struct build *build, const struct node *node, const struct weight *common,
		       const struct weight *own)
{
	uint64_t disk = node->disk ? node->disk : DISK_DEFAULT;
	struct place place = own->entries ? node->files.place : build->topology->files.place;
	size_t entries = common->entries + own->entries;
	uint64_t bytes = common->bytes + own->bytes;
	struct report *report = &build->report;
	const char *whose = own->entries && common->entries ? "those of the lab and the node"
			    : own->entries		    ? "those of the node"
							    : "those of the lab";

	if (common->entries == FILES_MOST || own->entries == FILES_MOST)
		return;
	if (node->disk)
		place = node->disk_place;
	if (bytes > disk)
		report_fault(report, place,
			     "files: %s take %s, and its disk holds %s; make that larger, as with "
			     "disk = %s",
			     whose, size_text(build, bytes), size_text(build, disk),
			     size_text(build, bytes + bytes / 2));
	else if (entries > disk / PAGE)
		report_fault(report, place,
			     "files: %s are %s, and its disk holds %s; make that larger, as with "
			     "disk = %s",
			     whose, grouped(report, entries), grouped(report, disk / PAGE),
			     size_text(build, entries * 2 * PAGE));
}

static void check_private(struct build *build, const struct node *node)
{
	struct report *report = &build->report;
	struct stat st;

	for (size_t i = 0; i < node->privates.count && !report_full(report); i++) {
		const char *path = node->privates.list[i];

		if (stat(path, &st) < 0)
			report_fault(report, node->privates.place,
				     "private: cannot use \"%s\": %s%s", shown(report, path),
				     strerror(errno),
				     did_you_mean(report, build_near_folder(build, path)));
		else if (!S_ISDIR(st.st_mode))
			report_fault(report, node->privates.place, "private: \"%s\" is no folder",
				     shown(report, path));
	}
}

static void check_node(struct build *build, const struct node *node, struct map *weights,
		       const struct weight *common)
{
	static const struct weight none;
	const struct weight *own = &none;

	if (!(node->isolate & ISOLATE_MOUNT))
		return;
	check_private(build, node);
	if (node->files.folder) {
		own = weigh(build, weights, node->files.folder);
		check_weight(build, &node->files, own);
	}
	if (common->entries || own->entries)
		check_room(build, node, common, own);
	if (node->server_count && (common->resolver || own->resolver))
		report_warning(&build->report, node->servers[0].place,
			       "dns: the files of %s bring an etc/resolv.conf, which wins",
			       own->resolver ? "the node" : "the lab");
}

void check_files(struct build *build)
{
	static const struct weight none;
	const struct files *files = &build->topology->files;
	struct map *weights = map_new(build->arena);
	const struct weight *common = &none;

	if (files->folder) {
		common = weigh(build, weights, files->folder);
		check_weight(build, files, common);
	}
	for (size_t i = 0; i < build->topology->node_count && !report_full(&build->report); i++)
		check_node(build, &build->topology->nodes[i], weights, common);
}
