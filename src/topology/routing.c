// SPDX-License-Identifier: MIT
// Routing daemons of a node: from `frr = FILE` and `bird = FILE` to services and configurations.
#include "topology/routing.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "topology/build.h"
#include "topology/daemon.h"
#include "topology/model.h"
#include "topology/readers.h"
#include "topology/start.h"

#define CONFIG_LIMIT (16UL << 20) /* bytes; the whole internet's prefixes fit */

/* What nodes have of a suite, whatever they configure. */
static const struct {
	const char *package;
	const char *folder, *config; /* of its configuration, in a node */
	const char *user;	     /* whom they belong to; the group is called so too */
} suites[SUITES] = {
	[SUITE_FRR] = {"frr", "/etc/frr", "/etc/frr/frr.conf", "frr"},
	[SUITE_BIRD] = {"bird2", "/etc/bird", "/etc/bird/bird.conf", "bird"},
};

#define FRR_RUN "/run/frr"
/* Without it vtysh complains whenever it is called. */
#define VTYSH_CONFIG "/etc/frr/vtysh.conf"

enum tree { TREE_NODE, TREE_LAB, TREES };

/* One suite of a node while it is expanded. */
struct expansion {
	struct build *build;
	struct report *report; /* the build's */
	struct node *node;
	const struct routing *routing;
	enum suite suite;
	const char *trees[TREES]; /* the suite's folder in trees of files; NULL: not there */
	struct command *commands;
	size_t command_count;
};

void read_routing(struct reading *reading, void *field)
{
	struct routing *routing = field;
	bool may_fail = *reading->value == '-';
	const char *value = reading->value + may_fail;

	value += strspn(value, " \t");
	if (!strcmp(value, "no"))
		return;
	if (!*value) {
		report_fault(reading->report, reading->place, "%s has no file behind the \"-\"",
			     shown(reading->report, reading->key));
		return;
	}
	*routing = (struct routing){reading->key, value, may_fail, reading->place};
	/* Keys that say otherwise are read later. */
	reading->node->forward = true;
}

/* The whole text of a file, or NULL, with *err set. */
static const char *text_of(struct expansion *expansion, const char *path, struct error *err)
{
	char *text;
	size_t size;

	return file_read(path, CONFIG_LIMIT, expansion->report->arena, &text, &size, err) < 0
		       ? NULL
		       : text;
}

/* The first of the trees that has the file, or NULL. */
static const char *find_in_trees(const struct expansion *expansion, const char *name)
{
	for (int i = 0; i < TREES; i++) {
		const char *path;

		if (!expansion->trees[i])
			continue;
		path = arena_printf(expansion->report->arena, "%s/%s", expansion->trees[i], name);
		if (access(path, F_OK) == 0)
			return path;
	}
	return NULL;
}

/* The whole text of a file that the trees bring; NULL where there is none, or it cannot be read. */
static const char *text_in_trees(struct expansion *expansion, const char *name)
{
	const char *path = find_in_trees(expansion, name), *text;
	struct error err;

	if (!path)
		return NULL;
	text = text_of(expansion, path, &err);
	if (!text)
		report_fault(expansion->report, expansion->routing->place, "%s: cannot read %s: %s",
			     expansion->routing->key, shown(expansion->report, path),
			     strerror(err.number));
	return text;
}

static bool brings_its_own(const struct expansion *expansion)
{
	return !strcmp(expansion->routing->value, "yes");
}

static bool has_tree(const struct expansion *expansion)
{
	return expansion->trees[TREE_NODE] || expansion->trees[TREE_LAB];
}

static void add_config(struct expansion *expansion, struct config config)
{
	struct node *node = expansion->node;

	config.user = config.group = suites[expansion->suite].user;
	config.place = expansion->routing->key ? expansion->routing->place : node->place;
	*array_push(expansion->report->arena, node->configs, node->config_count) = config;
}

/*
 * The configuration as one text: the file that the key names, which becomes the node's, or what its
 * tree of files brings; NULL where it brings none.
 */
static const char *read_config(struct expansion *expansion, bool *failed)
{
	const struct routing *routing = expansion->routing;
	const char *path = routing->value, *text;
	struct error err;

	if (brings_its_own(expansion))
		return text_in_trees(expansion, strrchr(suites[expansion->suite].config, '/') + 1);
	text = text_of(expansion, build_beside(expansion->build, path), &err);
	*failed = !text;
	if (text)
		add_config(expansion, (struct config){.path = suites[expansion->suite].config,
						      .source = routing->value,
						      .text = text,
						      .replaces = !has_tree(expansion)});
	else
		report_fault(expansion->report, routing->place, "%s: cannot read %s: %s",
			     routing->key, shown(expansion->report, routing->value),
			     strerror(err.number));
	return text;
}

static struct command *add_command(struct expansion *expansion, enum command_kind kind,
				   const char *name, const char *program)
{
	struct command *command =
		array_push(expansion->report->arena, expansion->commands, expansion->command_count);

	*command = (struct command){.kind = kind,
				    .key = expansion->routing->key,
				    .name = name,
				    .place = expansion->routing->place,
				    .program = program,
				    .package = suites[expansion->suite].package};
	return command;
}

/* The services of a node are known by their names, in `logs` and `status`. */
static struct command *add_service(struct expansion *expansion, const char *name,
				   const char *program, struct ready ready)
{
	const struct command *other = node_service(expansion->node, name);
	struct command *service = add_command(expansion, COMMAND_SERVICE, name, program);

	service->ready = ready;
	if (other)
		report_fault(expansion->report, other->place,
			     "%s: %s of line %d starts a service of that name", other->key,
			     expansion->routing->key, expansion->routing->place.line);
	return service;
}

/* What Debian's file `daemons` has: the daemon's own shell is for the node alone. */
#define OPTIONS_DEFAULT "-A 127.0.0.1"

static const char *options_of(struct arena *arena, const char *name, const char *daemons)
{
	const char *own = NULL, *all = NULL, *profile = NULL;

	if (daemons) {
		own = daemons_variable(daemons, arena_printf(arena, "%s_options", name), arena);
		all = daemons_variable(daemons, "frr_global_options", arena);
		profile = daemons_variable(daemons, "frr_profile", arena);
	}
	return arena_printf(arena, "%s%s%s%s%s", own ? own : OPTIONS_DEFAULT, all ? " " : "",
			    all ? all : "", profile ? " -F " : "", profile ? profile : "");
}

static void add_frr_daemon(struct expansion *expansion, const char *name, const char *daemons)
{
	struct arena *arena = expansion->report->arena;
	const char *program = daemon_program(SUITE_FRR, name, arena);
	struct ready ready = {.kind = READY_FILE,
			      .text = arena_printf(arena, FRR_RUN "/%s.vty", name)};
	struct command *service = add_service(expansion, name, program, ready);

	service->text = arena_printf(arena, "exec %s %s --log stdout", program,
				     options_of(arena, name, daemons));
}

/* Those of which the tree has a configuration of their own, as was the custom: ospfd.conf. */
static daemon_set daemons_with_config(struct expansion *expansion)
{
	daemon_set set = 0;

	for (size_t i = 0; i < frr_daemon_count; i++)
		if (find_in_trees(expansion, arena_printf(expansion->report->arena, "%s.conf",
							  frr_daemons[i].name)))
			set |= (daemon_set)1 << i;
	return set;
}

static bool is_started(const struct daemon *daemon, bool asked, bool by_file, struct arena *arena)
{
	switch (daemon->start) {
	case START_ASKED: return asked;
	case START_STATIC: return asked || by_file;
	case START_ALWAYS: return true;
	case START_THERE: return daemon_is_there(daemon_program(SUITE_FRR, daemon->name, arena));
	}
	return false;
}

/* A file `daemons` decides; else what the configuration asks for; else which files there are. */
static void expand_frr(struct expansion *expansion, const char *config)
{
	struct arena *arena = expansion->report->arena;
	const char *daemons =
		brings_its_own(expansion) ? text_in_trees(expansion, "daemons") : NULL;
	daemon_set asked;

	if (daemons)
		asked = daemons_enabled(daemons, arena);
	else
		asked = config ? daemons_asked(config) : daemons_with_config(expansion);
	if (!daemons && !config && !asked) {
		report_fault(
			expansion->report, expansion->routing->place,
			"%s = yes, but the files of node %s have no etc/frr with frr.conf, daemons "
			"or a configuration of one daemon",
			expansion->routing->key, expansion->node->name);
		return;
	}
	for (size_t i = 0; i < frr_daemon_count; i++)
		if (is_started(&frr_daemons[i], asked >> i & 1, daemons || !config, arena))
			add_frr_daemon(expansion, frr_daemons[i].name, daemons);
	add_config(expansion,
		   (struct config){.path = VTYSH_CONFIG,
				   .text = config ? "service integrated-vtysh-config\n"
						  : "no service integrated-vtysh-config\n",
				   .spares = true});
	if (config) {
		struct command *load =
			add_command(expansion, COMMAND_RUN, "frr.conf", "/usr/bin/vtysh");

		/* Each daemon gets its part; what FRR does not understand, vtysh prints. */
		load->text = "vtysh -b";
		load->may_fail = expansion->routing->may_fail;
	}
}

static void expand_bird(struct expansion *expansion, const char *config)
{
	struct arena *arena = expansion->report->arena;
	const char *program = daemon_program(SUITE_BIRD, "bird", arena);
	struct command *service;

	if (!config) {
		report_fault(expansion->report, expansion->routing->place,
			     "%s = yes, but the files of node %s have no etc/bird/bird.conf",
			     expansion->routing->key, expansion->node->name);
		return;
	}
	/* Its socket is there before it reads the configuration; it answers after that. */
	service = add_service(expansion, "bird", program,
			      (struct ready){.kind = READY_COMMAND, .text = "birdc show status"});
	service->text = arena_printf(arena, "exec %s -f -u bird -g bird", program);
	service->may_fail = expansion->routing->may_fail;
}

static void expand_suite(struct expansion *expansion)
{
	static void (*const expand[SUITES])(struct expansion *, const char *) = {
		[SUITE_FRR] = expand_frr,
		[SUITE_BIRD] = expand_bird,
	};
	bool failed = false;
	const char *config;

	if (!(expansion->node->isolate & ISOLATE_MOUNT)) {
		report_fault(expansion->report, expansion->routing->place,
			     "%s needs files of the node's own: `isolate` must have mount",
			     expansion->routing->key);
		return;
	}
	config = read_config(expansion, &failed);
	if (!failed)
		expand[expansion->suite](expansion, config);
}

/* A tree whose FRR is started by a script: of the machine's folder nothing is left, nor of this. */
static void complete_tree(struct expansion *expansion)
{
	if (expansion->suite == SUITE_FRR && has_tree(expansion) &&
	    (expansion->node->isolate & ISOLATE_MOUNT))
		add_config(expansion,
			   (struct config){.path = VTYSH_CONFIG, .text = "", .spares = true});
}

/* Routing daemons first: what else the node starts may speak to them, or need their routes. */
static void put_first(struct expansion *expansion)
{
	struct node *node = expansion->node;
	struct arena *arena = expansion->report->arena;

	for (size_t i = 0; i < node->command_count; i++)
		*array_push(arena, expansion->commands, expansion->command_count) =
			node->commands[i];
	node->commands = expansion->commands;
	node->command_count = expansion->command_count;
}

/* The folder of the suite in a tree of files, if it has one. */
static const char *within(struct build *build, const struct files *files, enum suite suite)
{
	const char *path;

	if (!files->folder)
		return NULL;
	path = arena_printf(build->arena, "%s%s", build_beside(build, files->folder),
			    suites[suite].folder);
	return access(path, F_OK) == 0 ? path : NULL;
}

void routing_expand(struct build *build)
{
	const struct topology *topology = build->topology;
	struct report *report = &build->report;

	for (size_t i = 0; i < topology->node_count; i++) {
		struct expansion expansion = {
			.build = build, .report = report, .node = &topology->nodes[i]};

		for (int suite = 0; suite < SUITES; suite++) {
			expansion.suite = (enum suite)suite;
			expansion.routing = &expansion.node->routing[suite];
			expansion.trees[TREE_NODE] =
				within(build, &expansion.node->files, expansion.suite);
			expansion.trees[TREE_LAB] =
				within(build, &build->topology->files, expansion.suite);
			if (!expansion.routing->key)
				complete_tree(&expansion);
			else if (!report_full(report))
				expand_suite(&expansion);
		}
		if (expansion.command_count)
			put_first(&expansion);
	}
}
