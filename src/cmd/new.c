// SPDX-License-Identifier: MIT
// The verb new: a topology file of a kind and size, to be read, changed and built.
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/faults.h"
#include "cmd/options.h"
#include "generate/frr.h"
#include "generate/generate.h"
#include "generate/shape.h"

static const char examples[] =
	"  nslab new --names                          the kinds and their sizes\n"
	"  nslab new ring 10 | nslab up -             without a file\n"
	"  nslab new grid 4x4 --hosts 2 -o grid.ini\n"
	"  nslab new tree 2 32 -o tree.ini            33 switches, 1,024 hosts\n"
	"  nslab new fat-tree 6 --routing bgp -o dc.ini\n";

struct request {
	const char *hosts, *routing, *seed, *path;
	bool force, names;
};

static void print_kinds(void)
{
	for (size_t i = 0; i < kind_count; i++)
		printf("%-11s %-16s %s\n", kinds[i].name, kinds[i].sizes, kinds[i].summary);
}

static int unknown_kind(const struct verb *verb, const char *name)
{
	struct near near = {.word = name};

	for (size_t i = 0; i < kind_count; i++)
		near_offer(&near, kinds[i].name);
	if (near_best(&near))
		return misused(verb, "no kind of topology is called \"%s\"; did you mean \"%s\"?",
			       name, near_best(&near));
	return misused(verb, "no kind of topology is called \"%s\"; nslab new --names shows them",
		       name);
}

/* One size; true where it is good. */
static bool read_size(const struct verb *verb, const struct shape *shape, size_t index,
		      const char *word, uint32_t *size)
{
	const struct size_row *row = &shape->kind->size[index];
	uint64_t number;

	if (!row->what) {
		misused(verb, "%s takes %s, and not also \"%s\"", shape->kind->name,
			shape->kind->sizes, word);
		return false;
	}
	if (!text_number(word, row->low, row->high, &number)) {
		misused(verb, "%s: \"%s\" is not a number of %s, %" PRIu32 " to %" PRIu32,
			shape->kind->name, word, row->what, row->low, row->high);
		return false;
	}
	*size = (uint32_t)number;
	return true;
}

/* "32x32", "32 32" or "2 32". */
static bool read_sizes(const struct verb *verb, struct shape *shape, int argc, char **argv)
{
	size_t count = 0;

	for (int i = 0; i < argc; i++) {
		char *rest, *word = arena_strdup(shape->arena, argv[i]);

		for (word = strtok_r(word, "x", &rest); word; word = strtok_r(NULL, "x", &rest)) {
			if (count == SIZES_MOST) {
				misused(verb, "%s takes %s, and not also \"%s\"", shape->kind->name,
					shape->kind->sizes, word);
				return false;
			}
			if (!read_size(verb, shape, count, word, &shape->size[count]))
				return false;
			count++;
		}
	}
	for (; count < SIZES_MOST && shape->kind->size[count].what; count++) {
		shape->size[count] = shape->kind->size[count].by_default;
		if (shape->size[count])
			continue;
		misused(verb, "how many %s? nslab new %s %s", shape->kind->size[count].what,
			shape->kind->name, shape->kind->sizes);
		return false;
	}
	return true;
}

static bool read_ways(const struct verb *verb, const char *word, enum ways *ways)
{
	for (int i = 0; i < WAYS_COUNT; i++)
		if (!strcmp(word, ways_names[i])) {
			*ways = (enum ways)i;
			return true;
		}
	misused(verb, "--routing: \"%s\" is none of none, static, ospf and bgp", word);
	return false;
}

/* All but what the sizes say. */
static bool read_rest(const struct verb *verb, const struct request *request, struct shape *shape)
{
	bool switches = !strcmp(shape->kind->name, "tree");
	uint64_t number = 1;

	shape->ways = shape->kind->ways;
	if (request->routing && !read_ways(verb, request->routing, &shape->ways))
		return false;
	switches &= shape->ways == WAYS_NONE;
	if (request->seed && !text_number(request->seed, 0, UINT64_MAX, &number)) {
		misused(verb, "--seed: \"%s\" is not a number", request->seed);
		return false;
	}
	shape->seed = number;
	shape->hosts = shape->kind->hosts ? shape->kind->hosts(shape) : 0;
	if (!request->hosts)
		return true;
	if (!text_number(request->hosts, 0, switches ? UINT16_MAX : HOSTS_MOST, &number)) {
		misused(verb, "--hosts: \"%s\" is not a number of hosts, 0 to %d", request->hosts,
			switches ? UINT16_MAX : HOSTS_MOST);
		return false;
	}
	shape->hosts = (uint32_t)number;
	return true;
}

/* "grid" of "labs/grid.ini": what is beside it is called after that. */
static const char *stem_of(const char *path, struct arena *arena)
{
	size_t length = strlen(path);

	if (length > 4 && !strcmp(path + length - 4, ".ini"))
		length -= 4;
	return arena_strndup(arena, path, length);
}

/* FRR's files are in a folder beside the topology file, which so has to be one. */
static bool place_configs(const struct verb *verb, const struct request *request,
			  struct shape *shape)
{
	const char *stem, *slash;

	if (shape->ways != WAYS_OSPF && shape->ways != WAYS_BGP)
		return true;
	if (!request->path) {
		misused(verb,
			"--routing %s needs files beside the topology file: say where with "
			"-o FILE",
			ways_names[shape->ways]);
		return false;
	}
	stem = stem_of(request->path, shape->arena);
	slash = strrchr(stem, '/');
	shape->folder = arena_printf(shape->arena, "%s.d", slash ? slash + 1 : stem);
	return true;
}

/* The command that makes the same again. */
static const char *command_of(const struct shape *shape)
{
	struct arena *arena = shape->arena;
	const char *text = arena_printf(arena, "nslab new %s", shape->kind->name);

	for (size_t i = 0; i < SIZES_MOST && shape->kind->size[i].what; i++)
		if (shape->size[i] != UINT32_MAX)
			text = arena_printf(arena, "%s %" PRIu32, text, shape->size[i]);
	text = arena_printf(arena, "%s --hosts %" PRIu32 " --routing %s", text, shape->hosts,
			    ways_names[shape->ways]);
	if (!strcmp(shape->kind->name, "random"))
		text = arena_printf(arena, "%s --seed %" PRIu64, text, shape->seed);
	return text;
}

static int write_failed(const char *path, int number)
{
	if (number == EEXIST)
		complain("%s is there already; -f replaces it", path);
	else
		complain("cannot write %s: %s", path, strerror(number));
	return STATUS_FAILED;
}

/* What is no file, as a terminal, is written to. */
static int write_into(const char *path, const char *text)
{
	AUTO_CLOSE int fd = open(path, O_WRONLY | O_CLOEXEC);
	int failure = fd < 0 ? -errno : write_all(fd, text, strlen(text));

	return failure ? write_failed(path, -failure) : STATUS_DONE;
}

/* A new file, whole or not at all: what is there stays until the new one is complete. */
static int write_file(const char *path, const char *text, bool force, struct arena *arena)
{
	const char *fresh = force ? arena_printf(arena, "%s.new", path) : path;
	AUTO_CLOSE int fd = -1;
	struct stat st;
	int failure;

	if (force && stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return write_into(path, text);
	fd = open(fresh, O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL), 0666);
	if (fd < 0)
		return write_failed(fresh, errno);
	failure = write_all(fd, text, strlen(text));
	if (!failure && force && rename(fresh, path) < 0)
		failure = -errno;
	if (!failure)
		return STATUS_DONE;
	unlink(fresh);
	return write_failed(path, -failure);
}

/* The topology file last: where it is, all that it names is there. */
static int write_files(const struct request *request, const struct shape *shape,
		       const struct generated *generated)
{
	const char *folder =
		arena_printf(shape->arena, "%s.d", stem_of(request->path, shape->arena));
	int status = STATUS_DONE;

	if (!request->force && access(request->path, F_OK) == 0) {
		complain("%s is there already; -f replaces it", request->path);
		return STATUS_FAILED;
	}
	if (generated->config_count && mkdir(folder, 0777) < 0 && errno != EEXIST) {
		complain("cannot make the folder %s: %s", folder, strerror(errno));
		return STATUS_FAILED;
	}
	for (size_t i = 0; i < generated->config_count && status == STATUS_DONE; i++) {
		const struct config_file *config = &generated->configs[i];

		status = write_file(arena_printf(shape->arena, "%s/%s", folder, config->name),
				    config->text, request->force, shape->arena);
	}
	return status == STATUS_DONE
		       ? write_file(request->path, generated->text, request->force, shape->arena)
		       : status;
}

static int make(const struct request *request, const struct shape *shape)
{
	struct faults faults = {.arena = shape->arena};
	struct generated generated;

	if (!generate(shape, command_of(shape), &faults, &generated)) {
		faults_print(&faults);
		return STATUS_FAILED;
	}
	if (request->path)
		return write_files(request, shape, &generated);
	fputs(generated.text, stdout);
	return STATUS_DONE;
}

int cmd_new(const struct verb *verb, int argc, char **argv)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct request request = {0};
	struct shape shape = {.arena = arena};
	const char *wrong;
	const struct option_row options[] = {
		{.name = "hosts",
		 .value = "N",
		 .help = "hosts at each router",
		 .text = &request.hosts},
		{.name = "routing",
		 .value = "HOW",
		 .help = "static, ospf, bgp or none",
		 .text = &request.routing},
		{.name = "seed",
		 .value = "N",
		 .help = "of what is random (1)",
		 .text = &request.seed},
		{'o', "output", "FILE", "write FILE, and what it needs to FILE.d", NULL,
		 &request.path},
		{'f', "force", NULL, "replace what is there", &request.force, NULL},
		{.name = "names", .help = "print the kinds", .flag = &request.names},
		{0}};
	int status = options_read(verb, options, examples, &argc, &argv);

	if (status != OPTIONS_READ)
		return status;
	if (request.path && !strcmp(request.path, "-"))
		request.path = NULL; /* standard output, as without -o */
	if (request.names) {
		print_kinds();
		return STATUS_DONE;
	}
	if (argc == 0)
		return misused(verb, "a topology of which kind? nslab new --names shows them");
	shape.kind = kind_find(argv[0]);
	if (!shape.kind)
		return unknown_kind(verb, argv[0]);
	if (!read_sizes(verb, &shape, argc - 1, argv + 1) || !read_rest(verb, &request, &shape) ||
	    !place_configs(verb, &request, &shape))
		return STATUS_WRONG;
	wrong = shape.kind->refuse ? shape.kind->refuse(&shape) : NULL;
	if (wrong)
		return misused(verb, "%s %s", shape.kind->name, wrong);
	return make(&request, &shape);
}
