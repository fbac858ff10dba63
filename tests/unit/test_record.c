// SPDX-License-Identifier: MIT
// The record of a lab on disk: written, read back, and what damage does to it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "lab/record.h"

#define TEST cmocka_unit_test

#define LAB    "campus"
#define RECORD "record"

/* A run folder with the folder of one lab in it. */
struct site {
	char path[64];
	int run, lab;
	struct arena *arena;
};

static void begin(struct site *site)
{
	site->arena = arena_new();
	strcpy(site->path, "/tmp/nslab-record.XXXXXX");
	assert_non_null(mkdtemp(site->path));
	site->run = open(site->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(site->run >= 0);
	assert_int_equal(mkdirat(site->run, LAB, 0700), 0);
	site->lab = openat(site->run, LAB, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(site->lab >= 0);
}

static void end(struct site *site)
{
	unlinkat(site->lab, RECORD, 0);
	close(site->lab);
	assert_int_equal(unlinkat(site->run, LAB, AT_REMOVEDIR), 0);
	close(site->run);
	assert_int_equal(rmdir(site->path), 0);
	arena_free(site->arena);
}

static const struct lab sample = {
	.name = LAB,
	.file = "/home/me/a folder/campus.ini",
	.state = LAB_RUNNING,
	.keeper = {4711, 18446744073709551615ULL},
	.users = true,
	.started = 1700000000,
	.node_count = 3,
	.link_count = 7,
};

/* Not sorted by name, and names of which one starts as another does. */
static const struct lab_node nodes[] = {
	{"r1", NODE_HOST, ISOLATE_DEFAULT, {101, 11}},
	{"h10", NODE_HOST, ISOLATE_NET, {102, 12}},
	{"h1", NODE_HOST, ISOLATE_DEFAULT | ISOLATE_IPC, {103, 13}},
	{"h1-left", NODE_HOST, ISOLATE_DEFAULT, {104, 14}},
	{"lan1", NODE_SWITCH, ISOLATE_DEFAULT, {105, 15}},
	{"stub", NODE_STUBS, ISOLATE_NET, {106, 16}},
};
#define NODES (sizeof(nodes) / sizeof(nodes[0]))

static void write_sample(struct site *site)
{
	struct error err;

	assert_int_equal(record_write(site->lab, &sample, nodes, NODES, &err), 0);
}

static int read_back(struct site *site, struct lab *lab)
{
	return record_read(site->run, site->path, LAB, site->arena, lab);
}

static void write_text(struct site *site, const char *text, size_t size)
{
	struct error err;

	assert_int_equal(file_replace(site->lab, RECORD, text, size, &err), 0);
}

static void assert_node(const struct lab_node *node, const struct lab_node *expected)
{
	assert_string_equal(node->name, expected->name);
	assert_int_equal(node->kind, expected->kind);
	assert_int_equal(node->isolate, expected->isolate);
	assert_int_equal(node->process.pid, expected->process.pid);
	assert_true(node->process.start == expected->process.start);
}

static void what_is_written_is_read_back(void **state)
{
	struct site site;
	struct lab lab;

	(void)state;
	begin(&site);
	write_sample(&site);
	assert_int_equal(read_back(&site, &lab), 0);
	assert_string_equal(lab.name, LAB);
	assert_string_equal(lab.file, sample.file);
	assert_string_equal(lab.folder, arena_printf(site.arena, "%s/" LAB, site.path));
	assert_int_equal(lab.state, LAB_RUNNING);
	assert_int_equal(lab.keeper.pid, sample.keeper.pid);
	assert_true(lab.keeper.start == sample.keeper.start);
	assert_true(lab.users);
	assert_int_equal(lab.started, sample.started);
	assert_int_equal(lab.node_count, 3);
	assert_int_equal(lab.link_count, 7);
	end(&site);
}

static void nodes_come_in_the_order_of_the_file(void **state)
{
	struct site site;
	struct lab lab;
	struct lab_node *list;
	size_t count;

	(void)state;
	begin(&site);
	write_sample(&site);
	assert_int_equal(read_back(&site, &lab), 0);
	assert_int_equal(record_nodes(&lab, site.arena, &list, &count), 0);
	assert_int_equal(count, NODES);
	for (size_t i = 0; i < NODES; i++)
		assert_node(&list[i], &nodes[i]);
	end(&site);
}

static void every_node_is_found_by_its_name_and_no_other(void **state)
{
	static const char *const none[] = {"",	"h", "h2",   "h1-",  "h1-left2", "a",
					   "z", "r", "h100", "r1 0", "\n"};
	struct site site;
	struct lab_node node;
	struct lab lab;

	(void)state;
	begin(&site);
	write_sample(&site);
	assert_int_equal(read_back(&site, &lab), 0);
	for (size_t i = 0; i < NODES; i++) {
		assert_int_equal(record_node(&lab, nodes[i].name, site.arena, &node), 0);
		assert_node(&node, &nodes[i]);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(record_node(&lab, none[i], site.arena, &node), -ENOENT);
	end(&site);
}

static void one_of_ten_thousand_nodes_is_found(void **state)
{
	const size_t count = 10000;
	struct site site;
	struct lab_node *many, node;
	struct error err;
	struct lab lab;

	(void)state;
	begin(&site);
	many = arena_alloc(site.arena, count * sizeof(*many));
	for (size_t i = 0; i < count; i++)
		many[i] = (struct lab_node){.name = arena_printf(site.arena, "n%zu", i),
					    .process = {(pid_t)i + 1, i}};
	assert_int_equal(record_write(site.lab, &sample, many, count, &err), 0);
	assert_int_equal(read_back(&site, &lab), 0);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(record_node(&lab, many[i].name, site.arena, &node), 0);
		assert_int_equal(node.process.pid, i + 1);
	}
	end(&site);
}

static void a_lab_that_starts_has_no_nodes_yet(void **state)
{
	struct site site;
	struct lab starting = sample, lab;
	struct lab_node *list, node;
	struct error err;
	size_t count = 9;

	(void)state;
	starting.state = LAB_STARTING;
	starting.users = false;
	begin(&site);
	assert_int_equal(record_write(site.lab, &starting, NULL, 0, &err), 0);
	assert_int_equal(read_back(&site, &lab), 0);
	assert_int_equal(lab.state, LAB_STARTING);
	assert_false(lab.users);
	assert_int_equal(record_nodes(&lab, site.arena, &list, &count), 0);
	assert_int_equal(count, 0);
	assert_int_equal(record_node(&lab, "r1", site.arena, &node), -ENOENT);
	end(&site);
}

static void a_record_is_for_its_owner_alone_and_leaves_no_other_file(void **state)
{
	struct site site;
	struct dirent *entry;
	struct stat st;
	size_t files = 0;
	DIR *folder;

	(void)state;
	begin(&site);
	write_sample(&site);
	write_sample(&site);
	assert_int_equal(fstatat(site.lab, RECORD, &st, AT_SYMLINK_NOFOLLOW), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	folder = fdopendir(openat(site.run, LAB, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	assert_non_null(folder);
	while ((entry = readdir(folder)))
		files += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(folder);
	assert_int_equal(files, 1);
	end(&site);
}

static void without_a_record_there_is_none(void **state)
{
	struct site site;
	struct lab lab;

	(void)state;
	begin(&site);
	assert_int_equal(read_back(&site, &lab), -ENOENT);
	assert_int_equal(record_read(site.run, site.path, "other", site.arena, &lab), -ENOENT);
	end(&site);
}

static void what_is_not_a_record_is_refused(void **state)
{
	static const struct {
		const char *text;
		size_t size;
	} rows[] = {
#define ROW(text) {text, sizeof(text) - 1}
		ROW(""),
		ROW("nslab"),
		ROW("nslab 2\nkeeper 1 1\n\n"),
		ROW("nslab 1\nkeeper 1 1\n"), /* the head does not end */
		ROW("nslab 1\nstate running\n\n"),
		ROW("nslab 1\nkeeper one 1\n\n"),
		ROW("nslab 1\nkeeper 1\n\n"),
		ROW("nslab 1\nkeeper 1 1\nfile \0\n\n"),
		ROW("nslab 1\n\0keeper 1 1\n\n"),
	};
	struct site site;
	struct lab lab;

	(void)state;
	begin(&site);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		write_text(&site, rows[i].text, rows[i].size);
		assert_int_equal(read_back(&site, &lab), -EPROTO);
	}
	end(&site);
}

static void a_damaged_list_of_nodes_is_refused(void **state)
{
	static const char *const lists[] = {
		"r1 0 0 15 101\n",		       /* a field is missing */
		"r1 5 0 15 101 11\n",		       /* an order beyond the list */
		"r1 0 0 15 101 11\n\nh1 1 0 15 1 1\n", /* an empty line */
		"h1 0 0 15 101 11\nr1 0 0 15 1 1\n",   /* two of one order */
	};
	struct site site;
	struct lab_node *list;
	struct lab lab;
	size_t count;

	(void)state;
	begin(&site);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const char *text = arena_printf(site.arena, "nslab 1\nkeeper 1 1\n\n%s", lists[i]);

		write_text(&site, text, strlen(text));
		assert_int_equal(read_back(&site, &lab), 0);
		assert_int_equal(record_nodes(&lab, site.arena, &list, &count), -EPROTO);
	}
	end(&site);
}

static void a_record_is_not_read_through_a_link(void **state)
{
	struct site site;
	struct lab lab;

	(void)state;
	begin(&site);
	assert_int_equal(symlinkat("/etc/passwd", site.lab, RECORD), 0);
	assert_int_equal(read_back(&site, &lab), -ELOOP);
	end(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_written_is_read_back),
		TEST(nodes_come_in_the_order_of_the_file),
		TEST(every_node_is_found_by_its_name_and_no_other),
		TEST(one_of_ten_thousand_nodes_is_found),
		TEST(a_lab_that_starts_has_no_nodes_yet),
		TEST(a_record_is_for_its_owner_alone_and_leaves_no_other_file),
		TEST(without_a_record_there_is_none),
		TEST(what_is_not_a_record_is_refused),
		TEST(a_damaged_list_of_nodes_is_refused),
		TEST(a_record_is_not_read_through_a_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
