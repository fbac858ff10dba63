// SPDX-License-Identifier: MIT
// Trees of files: read, laid elsewhere, emptied.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "kernel/tree.h"
#include "kernel/users.h"

#define TEST cmocka_unit_test

static char top[] = "/tmp/nslab-test-tree.XXXXXX";

static void write_text(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static int make(void **state)
{
	(void)state;
	strcpy(top + strlen(top) - 6, "XXXXXX");
	if (!mkdtemp(top) || chdir(top) < 0 || mkdir("from", 0755) < 0 || mkdir("to", 0755) < 0 ||
	    mkdir("from/folder", 0755) < 0 || mkdir("from/folder/deep", 0755) < 0 ||
	    symlink("nowhere", "from/link") < 0 || mkfifo("from/pipe", 0600) < 0)
		return -1;
	write_text("from/folder/deep/file", "contents", 0640);
	return 0;
}

static int unmake(void **state)
{
	int fd = open(top, O_RDONLY | O_DIRECTORY);

	(void)state;
	tree_empty(fd);
	close(fd);
	return chdir("/") < 0 || rmdir(top) < 0 ? -1 : 0;
}

static const struct tree_entry *entry_of(const struct tree *tree, const char *path)
{
	for (size_t i = 0; i < tree->count; i++)
		if (!strcmp(tree->entries[i].path, path))
			return &tree->entries[i];
	return NULL;
}

static void a_tree_is_laid_with_contents_links_and_modes(void **state)
{
	struct arena *arena = arena_new();
	struct ids ids;
	struct tree tree;
	struct error err;
	struct stat st;
	char text[32] = "";
	int to = open("to", O_RDONLY | O_DIRECTORY), fd;

	(void)state;
	ids_read(&ids);
	tree_start(&tree, "from", arena);
	tree_read(&tree, "", TREE_ALL);
	assert_null(entry_of(&tree, "pipe"));
	assert_int_equal(tree_lay(&tree, to, &ids, &err), 0);
	assert_int_equal(stat("to/folder/deep/file", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	fd = open("to/folder/deep/file", O_RDONLY);
	assert_int_equal(read(fd, text, sizeof(text) - 1), 8);
	assert_string_equal(text, "contents");
	assert_int_equal(readlink("to/link", text, sizeof(text)), 7);
	close(fd);
	close(to);
	arena_free(arena);
}

static void folders_alone_have_no_files(void **state)
{
	struct arena *arena = arena_new();
	struct tree tree;

	(void)state;
	tree_start(&tree, "from", arena);
	tree_read(&tree, "", TREE_FOLDERS);
	assert_int_equal(tree.count, 2);
	assert_non_null(entry_of(&tree, "folder/deep"));
	arena_free(arena);
}

static void everything_has_what_no_tree_can_lay(void **state)
{
	struct arena *arena = arena_new();
	struct tree tree;

	(void)state;
	tree_start(&tree, "from", arena);
	tree_read(&tree, "", TREE_EVERYTHING);
	assert_true(S_ISFIFO(entry_of(&tree, "pipe")->mode));
	arena_free(arena);
}

static void what_is_gone_when_it_is_laid_is_left_out(void **state)
{
	struct arena *arena = arena_new();
	struct ids ids;
	struct tree tree;
	struct error err;
	struct stat st;
	int to = open("to", O_RDONLY | O_DIRECTORY);

	(void)state;
	ids_read(&ids);
	tree_start(&tree, "from", arena);
	tree_read(&tree, "", TREE_ALL);
	assert_int_equal(unlink("from/folder/deep/file"), 0);
	assert_int_equal(tree_lay(&tree, to, &ids, &err), 0);
	assert_int_equal(stat("to/folder/deep", &st), 0);
	assert_int_equal(stat("to/folder/deep/file", &st), -1);
	close(to);
	arena_free(arena);
}

static void a_folder_brings_those_above_it(void **state)
{
	struct arena *arena = arena_new();
	struct tree tree;

	(void)state;
	tree_start(&tree, NULL, arena);
	tree_add_folder(&tree, "a/b/c", 01777, 7, 8);
	tree_add_folder(&tree, "a/b", 0700, 9, 9);
	assert_int_equal(tree.count, 3);
	assert_int_equal(entry_of(&tree, "a")->uid, 0);
	assert_int_equal(entry_of(&tree, "a/b")->uid, 9);
	assert_int_equal(entry_of(&tree, "a/b/c")->mode, S_IFDIR | 01777);
	arena_free(arena);
}

static void an_id_without_a_number_inside_is_roots(void **state)
{
	const struct ids ids = {.users = 1, .groups = 100};

	(void)state;
	assert_int_equal(ids_user(&ids, 105), 0);
	assert_int_equal(ids_group(&ids, 99), 99);
	assert_int_equal(ids_group(&ids, 100), 0);
	assert_false(ids_all(&ids));
}

static void emptying_leaves_the_folder_itself(void **state)
{
	int from = open("from", O_RDONLY | O_DIRECTORY);

	(void)state;
	assert_int_equal(tree_empty(from), 0);
	assert_int_equal(access("from/folder", F_OK), -1);
	assert_int_equal(rmdir("from"), 0);
	close(from);
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make, unmake)
	const struct CMUnitTest tests[] = {
		IN_FOLDER(a_tree_is_laid_with_contents_links_and_modes),
		IN_FOLDER(folders_alone_have_no_files),
		IN_FOLDER(everything_has_what_no_tree_can_lay),
		IN_FOLDER(what_is_gone_when_it_is_laid_is_left_out),
		TEST(a_folder_brings_those_above_it),
		TEST(an_id_without_a_number_inside_is_roots),
		IN_FOLDER(emptying_leaves_the_folder_itself),
	};

	return cmocka_run_group_tests_name("trees", tests, NULL, NULL);
}
