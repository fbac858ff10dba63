// SPDX-License-Identifier: MIT
// What `frr` and `bird` of a node become: services, files and a command, in that order.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fault.h"
#include "topology/load.h"
#include "topology/model.h"
#include "topology/programs.h"
#include "topology/start.h"

#define TEST cmocka_unit_test_setup_teardown

struct site {
	char folder[64];
	struct arena *arena;
};

/* The files that a test made are few and known by its folder alone. */
static int make_site(void **state)
{
	struct site *site = calloc(1, sizeof(*site));

	strcpy(site->folder, "/tmp/nslab-routing-XXXXXX");
	assert_non_null(mkdtemp(site->folder));
	site->arena = arena_new();
	*state = site;
	return 0;
}

static int remove_site(void **state)
{
	struct site *site = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf -- %s", site->folder);
	assert_int_equal(system(command), 0);
	arena_free(site->arena);
	free(site);
	return 0;
}

static const char *in_site(struct site *site, const char *name)
{
	return arena_printf(site->arena, "%s/%s", site->folder, name);
}

/* A file below the site's folder, with the folders that lead to it. */
static void put(struct site *site, const char *name, const char *text)
{
	char *path = arena_strdup(site->arena, in_site(site, name));
	FILE *file;

	for (char *slash = strchr(path + strlen(site->folder) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static const struct node *load(struct site *site, const char *keys)
{
	struct faults faults = {.arena = site->arena};
	const struct topology *topology;
	char *text;
	size_t size;

	put(site, "lab.ini",
	    arena_printf(site->arena, "[node r1]\neth0 = stub 10.0.0.1/24\n%s", keys));
	topology = topology_load(in_site(site, "lab.ini"), site->arena, &text, &size, &faults);
	assert_non_null(topology);
	return topology_node(topology, "r1");
}

/* The names of what the node starts, each with a blank in front. */
static const char *starts(struct site *site, const struct node *node)
{
	const char *names = "";

	for (size_t i = 0; i < node->command_count; i++)
		if (strcmp(node->commands[i].name, "mgmtd") != 0) /* newer versions have it */
			names = arena_printf(site->arena, "%s %s", names, node->commands[i].name);
	return names;
}

static void a_file_starts_what_it_asks_for_and_is_loaded(void **state)
{
	struct site *site = *state;
	const struct node *node;

	put(site, "r1.conf", "router ospf\nip route 10.9.0.0/16 blackhole\n");
	node = load(site, "run.x = true\nfrr = r1.conf\n");
	assert_string_equal(starts(site, node), " zebra ospfd staticd frr.conf x");
	assert_int_equal(node_service(node, "ospfd")->ready.kind, READY_FILE);
	assert_string_equal(node_service(node, "ospfd")->ready.text, "/run/frr/ospfd.vty");
	assert_true(node->forward);
	assert_int_equal(node->config_count, 2);
	assert_string_equal(node->configs[0].path, "/etc/frr/frr.conf");
	assert_string_equal(node->configs[0].source, "r1.conf");
	assert_string_equal(node->configs[0].text, "router ospf\nip route 10.9.0.0/16 blackhole\n");
	assert_true(node->configs[0].replaces);
	assert_false(node->configs[1].replaces);
}

static void what_the_file_says_of_forwarding_holds(void **state)
{
	struct site *site = *state;

	put(site, "r1.conf", "router ospf\n");
	assert_false(load(site, "frr = r1.conf\nforward = no\n")->forward);
	assert_false(load(site, "forward = no\nfrr = r1.conf\n")->forward);
	assert_false(load(site, "frr = no\n")->forward);
}

static void a_minus_lets_a_faulty_configuration_be(void **state)
{
	struct site *site = *state;
	const struct node *node;

	put(site, "r1.conf", "router ospf\n");
	node = load(site, "frr = -r1.conf\n");
	assert_true(node->commands[node->command_count - 1].may_fail);
	assert_false(node_service(node, "zebra")->may_fail);
}

static void a_tree_with_frr_conf_is_read_for_its_statements(void **state)
{
	struct site *site = *state;
	const struct node *node;

	put(site, "r1/etc/frr/frr.conf", "router bgp 65000\n");
	put(site, "r1/etc/frr/ospfd.conf", "router ospf\n");
	node = load(site, "frr = yes\n");
	assert_string_equal(starts(site, node), " zebra bgpd frr.conf");
	assert_int_equal(node->config_count, 1); /* vtysh.conf alone: the tree brings the rest */
	assert_true(node->configs[0].spares);
}

static void a_tree_with_files_of_daemons_starts_these(void **state)
{
	struct site *site = *state;

	put(site, "r1/etc/frr/zebra.conf", "");
	put(site, "r1/etc/frr/ripd.conf", "router rip\n");
	assert_string_equal(starts(site, load(site, "frr = yes\n")), " zebra ripd staticd");
}

static void a_file_daemons_decides(void **state)
{
	struct site *site = *state;
	const struct node *node;

	put(site, "all/etc/frr/daemons",
	    "bgpd=yes\nospfd=no\nbgpd_options=\"-A 127.0.0.1 -p 1179\"\nfrr_profile=datacenter\n");
	put(site, "r1/etc/frr/frr.conf", "router ospf\n");
	node = load(site, "frr = yes\n[lab]\nfiles = all\n");
	assert_string_equal(starts(site, node), " zebra bgpd staticd frr.conf");
	assert_non_null(strstr(node_service(node, "bgpd")->text,
			       "/bgpd -A 127.0.0.1 -p 1179 -F datacenter --log stdout"));
}

static void bird_is_one_service(void **state)
{
	struct site *site = *state;
	const struct node *node;

	put(site, "b.conf", "protocol device {}\n");
	node = load(site, "bird = b.conf\n");
	assert_string_equal(starts(site, node), " bird");
	assert_int_equal(node->commands[0].ready.kind, READY_COMMAND);
	assert_string_equal(node->configs[0].path, "/etc/bird/bird.conf");
	assert_true(node->forward);
}

static void programs_that_are_not_there_are_named_with_their_package(void **state)
{
	struct site *site = *state;
	struct faults faults = {.arena = site->arena};
	struct command commands[] = {
		{.program = "/nowhere/ospfd",
		 .package = "frr",
		 .place = {.file = "lab.ini", .line = 3}},
		{.program = "/bin/sh", .package = "dash"},
		{.program = NULL},
	};
	struct node nodes[] = {{.name = "r1", .commands = commands, .command_count = 3},
			       {.name = "r2", .commands = commands, .command_count = 1}};
	struct topology topology = {.nodes = nodes, .node_count = 2};

	assert_false(programs_there(&topology, &faults, SEVERITY_WARNING));
	assert_int_equal(faults.count, 1);
	assert_int_equal(faults.list[0].severity, SEVERITY_WARNING);
	assert_int_equal(faults.list[0].place.line, 3);
	assert_string_equal(faults.list[0].text,
			    "r1 and 1 other want ospfd, which is not on this machine: install frr");
	topology.node_count = 0;
	assert_true(programs_there(&topology, &faults, SEVERITY_FAULT));
	assert_int_equal(faults.count, 1);
}

int main(void)
{
#define ROW(name) TEST(name, make_site, remove_site)
	static const struct CMUnitTest tests[] = {
		ROW(a_file_starts_what_it_asks_for_and_is_loaded),
		ROW(what_the_file_says_of_forwarding_holds),
		ROW(a_minus_lets_a_faulty_configuration_be),
		ROW(a_tree_with_frr_conf_is_read_for_its_statements),
		ROW(a_tree_with_files_of_daemons_starts_these),
		ROW(a_file_daemons_decides),
		ROW(bird_is_one_service),
		ROW(programs_that_are_not_there_are_named_with_their_package),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
