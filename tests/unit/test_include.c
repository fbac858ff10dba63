// SPDX-License-Identifier: MIT
// Files that include others: order, [lab], paths, and the one text that stands for all.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "topology/load.h"
#include "topology/start.h"

#define TEST cmocka_unit_test

static char folder[] = "/tmp/test-include.XXXXXX";

static void put(const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int make_files(void **state)
{
	char path[256];

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/lib", folder);
	if (mkdir(path, 0700) < 0)
		return -1;
	put("lab.ini", "[lab]\n"
		       "include = lib/a.ini lib/b.ini\n"
		       "name = mine\n"
		       "[node r{1..2}]\n"
		       "like = router\n"
		       "eth0 = core 10.0.0.{n}/24\n"
		       "run.x = 'echo \"{n}\"; true'\n");
	put("lib/a.ini", "[lab]\n"
			 "include = b.ini\n"
			 "name = other\n"
			 "domain = lab.example\n"
			 "[template router]\n"
			 "forward = yes\n"
			 "script = -hello.sh\n");
	put("lib/b.ini", "[node z]\n"
			 "eth0 = stub 10.9.9.1/24\n"
			 "script.{1..2} = z{n}.sh\n");
	put("lib/hello.sh", "");
	put("lib/z1.sh", "");
	put("lib/z2.sh", "");
	return 0;
}

static int remove_files(void **state)
{
	static const char *const names[] = {"lab.ini",	 "lib/a.ini", "lib/b.ini", "lib/hello.sh",
					    "lib/z1.sh", "lib/z2.sh", "lib",	   "."};
	char path[256];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		if (strcmp(names[i], ".") ? remove(path) : rmdir(folder))
			return -1;
	}
	return 0;
}

static const struct topology *load(struct arena *arena, char **text, size_t *size)
{
	struct faults faults = {.arena = arena};
	const struct topology *topology;
	char path[256];

	snprintf(path, sizeof(path), "%s/lab.ini", folder);
	topology = topology_load(path, arena, text, size, &faults);
	for (size_t i = 0; i < faults.count; i++)
		print_error("%s:%d: %s\n", faults.list[i].place.file, faults.list[i].place.line,
			    faults.list[i].text);
	assert_non_null(topology);
	return topology;
}

static void check_model(const struct topology *topology)
{
	assert_string_equal(topology->name, "mine");
	assert_string_equal(topology->domain, "lab.example");
	assert_string_equal(topology->nodes[0].name, "z");
	assert_string_equal(topology->nodes[1].name, "r1");
	assert_true(topology->nodes[1].forward);
	assert_string_equal(topology->nodes[0].commands[1].text, "lib/z2.sh");
	assert_string_equal(topology->nodes[2].commands[0].text, "lib/hello.sh");
	assert_string_equal(topology->nodes[2].commands[1].text, "echo \"2\"; true");
}

static void what_is_included_comes_first_and_the_file_itself_wins(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	size_t size;
	char *text;

	(void)state;
	check_model(load(arena, &text, &size));
}

static void one_text_stands_for_all_files(void **state)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct faults faults = {.arena = arena};
	const struct topology *topology;
	size_t size;
	char *text;

	(void)state;
	load(arena, &text, &size);
	assert_null(memmem(text, size, "include", strlen("include")));
	topology = topology_parse("copy.ini", text, size, arena, &faults);
	assert_int_equal(faults.count, 0);
	check_model(topology);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_included_comes_first_and_the_file_itself_wins),
		TEST(one_text_stands_for_all_files),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}
