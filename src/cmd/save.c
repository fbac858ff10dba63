// SPDX-License-Identifier: MIT
// The verb save: files out of a running node, in a folder that can be laid over it again.
#include <errno.h>
#include <fcntl.h>
#include <libgen.h> /* whose basename() is the one that goes with dirname() */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "lab/choose.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "lab/lab.h"
#include "lab/save.h"
#include "topology/path.h"

static const char examples[] =
	"  nslab save r1 /etc/frr           to r1/etc/frr, which the next up lays over r1\n"
	"  nslab save -C /tmp/logs campus/r1 /var/log\n"
	"  nslab save -f r1 /etc/frr /etc/hosts\n";

struct request {
	const char *lab, *node;
	const char *folder; /* NULL: one that is named as the node */
	bool replace;
	const char **paths;
	int path_count;
};

/* Where files are saved to. All that is done there goes by descriptors: `/` will be the node's. */
struct target {
	int fd, above;	  /* the folder, and the one that it is in */
	const char *name; /* in that */
	bool made;	  /* by us */
};

static bool open_target(const char *path, struct arena *arena, struct target *target)
{
	target->name = basename(arena_strdup(arena, path));
	target->made = mkdir(path, 0777) == 0;
	if (!target->made && errno != EEXIST) {
		complain("cannot make the folder %s: %s", path, strerror(errno));
		return false;
	}
	target->above = open(dirname(arena_strdup(arena, path)), O_PATH | O_DIRECTORY | O_CLOEXEC);
	target->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (target->fd < 0)
		complain("cannot open the folder %s: %s", path, strerror(errno));
	return target->fd >= 0;
}

/* A folder that nothing was saved to was made for nothing; the kernel spares one with files. */
static void close_target(const struct target *target, bool failed)
{
	if (failed && target->made && target->above >= 0)
		unlinkat(target->above, target->name, AT_REMOVEDIR);
	if (target->above >= 0)
		close(target->above);
	if (target->fd >= 0)
		close(target->fd);
}

static int save_paths(const struct request *request, const struct lab *lab,
		      const struct lab_node *node, int target)
{
	int status = STATUS_DONE;
	struct error err;

	/* Root in the lab is the caller on disk: what is written there is the caller's. */
	if (lab_enter(lab, node, ENTER_ALL, &err) < 0)
		return failed(&err);
	for (int i = 0; i < request->path_count; i++)
		if (save_path(request->paths[i], target, request->replace, &err) < 0) {
			error_prefix(&err, "node %s: ", node->name);
			status = failed(&err);
		}
	return status;
}

static int save(const struct request *request, struct arena *arena)
{
	struct target target = {.fd = -1, .above = -1};
	int status = STATUS_FAILED;
	struct lab lab;
	struct lab_node node;
	struct error err;

	if (lab_find(request->lab, arena, &lab, &err) < 0 ||
	    lab_node(&lab, request->node, arena, &node, &err) < 0)
		return failed(&err);
	if (open_target(request->folder ? request->folder : node.name, arena, &target))
		status = save_paths(request, &lab, &node, target.fd);
	close_target(&target, status != STATUS_DONE);
	return status;
}

int cmd_save(const struct verb *verb, int argc, char **argv)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct request request = {0};
	const struct option_row options[] = {
		OPTION_LAB(&request.lab),
		{'C', "directory", "DIR", "the folder to save to (one named as the node)", NULL,
		 &request.folder},
		{'f', "force", NULL, "replace what is there and differs", &request.replace, NULL},
		{0}};
	struct words words = {0};
	int status = options_read(verb, options, examples, &argc, &argv);

	if (status != OPTIONS_READ)
		return status;
	if (argc == 0)
		return misused(verb, "from which node?");
	if (argc == 1)
		return misused(verb, "which of its files?");
	if (!words_add(&words, argv[0], &request.lab, arena))
		return misused(verb, "\"%s\" names more than one lab", argv[0]);
	if (words.count != 1 || is_pattern(words.list[0]))
		return misused(verb, "%s is not one node", argv[0]);
	request.node = words.list[0];
	request.path_count = argc - 1;
	request.paths = arena_alloc(arena, (size_t)argc * sizeof(*request.paths));
	for (int i = 0; i < request.path_count; i++) {
		const char *path = path_tidy(arena, argv[1 + i]);

		if (!path)
			return misused(verb, "%s goes up with \"..\"", argv[1 + i]);
		if (*path != '/')
			return misused(verb, "%s does not begin with /", path);
		request.paths[i] = path;
	}
	return save(&request, arena);
}
