// SPDX-License-Identifier: MIT
// The verb save: files out of a running node, in a folder that can be laid over it again.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

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

static int open_target(const char *path)
{
	int fd;

	if (mkdir(path, 0777) < 0 && errno != EEXIST) {
		complain("cannot make the folder %s: %s", path, strerror(errno));
		return -1;
	}
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		complain("cannot open the folder %s: %s", path, strerror(errno));
	return fd;
}

static int save(const struct request *request, struct arena *arena)
{
	AUTO_CLOSE int target = -1;
	int status = STATUS_DONE;
	struct lab lab;
	struct lab_node node;
	struct error err;

	if (lab_find(request->lab, arena, &lab, &err) < 0 ||
	    lab_node(&lab, request->node, arena, &node, &err) < 0)
		return failed(&err);
	target = open_target(request->folder ? request->folder : node.name);
	if (target < 0)
		return STATUS_FAILED;
	/* Root in the lab is the caller on disk: what is written there is the caller's. */
	if (lab_enter(&lab, &node, ENTER_ALL, &err) < 0)
		return failed(&err);
	for (int i = 0; i < request->path_count; i++)
		if (save_path(request->paths[i], target, request->replace, &err) < 0) {
			error_prefix(&err, "node %s: ", node.name);
			status = failed(&err);
		}
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
