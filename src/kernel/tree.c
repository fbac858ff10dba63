// SPDX-License-Identifier: MIT
// Trees of files: read from the machine with their true owners, laid elsewhere.
#include "kernel/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "kernel/users.h"

#define PERMISSIONS 07777
#define FOLDER_MODE 0755
#define FILE_MOST   (64L << 20) /* bytes of a file that is copied: more is no configuration */

void tree_start(struct tree *tree, const char *root, struct arena *arena)
{
	*tree = (struct tree){.root = root, .arena = arena};
}

static struct tree_entry *add(struct tree *tree, const char *path, const struct stat *st)
{
	struct tree_entry *entry = array_push(tree->arena, tree->entries, tree->count);

	entry->path = path;
	entry->mode = st->st_mode & (S_IFMT | PERMISSIONS);
	entry->uid = st->st_uid;
	entry->gid = st->st_gid;
	return entry;
}

static void read_link(struct tree *tree, int folder, const char *name, struct tree_entry *entry)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(folder, name, target, sizeof(target) - 1);

	if (n < 0)
		tree->count--; /* gone meanwhile */
	else
		entry->link = arena_strndup(tree->arena, target, (size_t)n);
}

static bool is_wanted(const struct dirent *entry, enum tree_kinds kinds)
{
	if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
		return false;
	return kinds != TREE_FOLDERS || entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
}

static bool is_plain(mode_t mode)
{
	return S_ISDIR(mode) || S_ISREG(mode) || S_ISLNK(mode);
}

static void read_folder(struct tree *tree, int fd, const char *path, dev_t device,
			enum tree_kinds kinds);

static void read_one(struct tree *tree, int folder, const char *path, const char *name,
		     dev_t device, enum tree_kinds kinds)
{
	const char *whole = *path ? arena_printf(tree->arena, "%s/%s", path, name)
				  : arena_strdup(tree->arena, name);
	struct tree_entry *entry;
	struct stat st;
	int inner;

	if (tree->count >= TREE_MOST || fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    (kinds == TREE_FOLDERS && !S_ISDIR(st.st_mode)) ||
	    (kinds == TREE_ALL && !is_plain(st.st_mode)))
		return;
	entry = add(tree, whole, &st);
	if (S_ISLNK(st.st_mode))
		read_link(tree, folder, name, entry);
	if (!S_ISDIR(st.st_mode))
		return;
	inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (inner >= 0 && (st.st_dev == device || kinds == TREE_EVERYTHING)) {
		read_folder(tree, inner, whole, device, kinds);
		return;
	}
	if (inner >= 0) {
		close(inner);
		return;
	}
	entry->closed = true;
	entry->mode = S_IFDIR | FOLDER_MODE;
}

/* Takes the descriptor. */
static void read_folder(struct tree *tree, int fd, const char *path, dev_t device,
			enum tree_kinds kinds)
{
	DIR *listing = fdopendir(fd);
	struct dirent *entry;

	if (!listing) {
		close(fd);
		return;
	}
	while ((entry = readdir(listing)))
		if (is_wanted(entry, kinds))
			read_one(tree, dirfd(listing), path, entry->d_name, device, kinds);
	closedir(listing);
}

void tree_read(struct tree *tree, const char *path, enum tree_kinds kinds)
{
	const char *whole =
		*path ? arena_printf(tree->arena, "%s/%s", tree->root, path) : tree->root;
	int fd = open(whole, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) < 0) {
		close(fd);
		return;
	}
	if (*path)
		tree_add_folder(tree, path, st.st_mode & PERMISSIONS, st.st_uid, st.st_gid);
	read_folder(tree, fd, path, st.st_dev, kinds);
}

bool tree_read_path(struct tree *tree, const char *path)
{
	size_t before = tree->count;

	read_one(tree, AT_FDCWD, "", path, 0, TREE_EVERYTHING);
	return tree->count > before;
}

static struct tree_entry *find(const struct tree *tree, const char *path)
{
	for (size_t i = 0; i < tree->count; i++)
		if (!strcmp(tree->entries[i].path, path))
			return &tree->entries[i];
	return NULL;
}

static void add_above(struct tree *tree, const char *path)
{
	struct stat st = {.st_mode = S_IFDIR | FOLDER_MODE};

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		const char *above = arena_strndup(tree->arena, path, (size_t)(slash - path));

		if (!find(tree, above))
			add(tree, above, &st);
	}
}

void tree_hide(struct tree *tree, const char *path)
{
	struct stat st = {.st_mode = S_IFCHR};

	add_above(tree, path);
	add(tree, path, &st);
}

void tree_add_folder(struct tree *tree, const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	struct stat st = {.st_mode = S_IFDIR | FOLDER_MODE};
	struct tree_entry *entry;

	add_above(tree, path);
	entry = find(tree, path);
	if (!entry)
		entry = add(tree, arena_strdup(tree->arena, path), &st);
	entry->mode = S_IFDIR | mode;
	entry->uid = uid;
	entry->gid = gid;
}

int tree_copy(int from, int to)
{
	static char buffer[65536];

	for (;;) {
		ssize_t n = read(from, buffer, sizeof(buffer));
		int failed;

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		failed = write_all(to, buffer, (size_t)n);
		if (failed)
			return failed;
	}
}

/* Returns 1 where there is nothing to lay. */
static int lay_file(int source, int target, const struct tree_entry *entry)
{
	AUTO_CLOSE int from =
		openat(source, entry->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	AUTO_CLOSE int to = -1;
	struct stat st;

	if (from < 0 || fstat(from, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > FILE_MOST)
		return 1;
	to = openat(target, entry->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (to < 0)
		return -errno;
	return tree_copy(from, to);
}

/* Returns 1 where there is nothing more to do. */
static int lay_entry(int source, int target, const struct tree_entry *entry)
{
	if (S_ISREG(entry->mode))
		return lay_file(source, target, entry);
	if (S_ISLNK(entry->mode))
		return symlinkat(entry->link, target, entry->path) < 0 ? -errno : 0;
	if (S_ISCHR(entry->mode))
		return mknodat(target, entry->path, S_IFCHR, 0) < 0 ? -errno : 1;
	return mkdirat(target, entry->path, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

static int own_entry(int target, const struct tree_entry *entry, const struct ids *ids)
{
	uid_t uid = ids_user(ids, entry->uid);
	gid_t gid = ids_group(ids, entry->gid);

	if ((uid || gid) && fchownat(target, entry->path, uid, gid, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (!S_ISLNK(entry->mode) &&
	    fchmodat(target, entry->path, entry->mode & PERMISSIONS, 0) < 0)
		return -errno;
	return 0;
}

int tree_lay(const struct tree *tree, int target, const struct ids *ids, struct error *err)
{
	AUTO_CLOSE int source =
		tree->root ? open(tree->root, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

	for (size_t i = 0; i < tree->count; i++) {
		const struct tree_entry *entry = &tree->entries[i];
		int failed = lay_entry(source, target, entry);

		if (!failed)
			failed = own_entry(target, entry, ids);
		if (failed < 0)
			return error_set(err, -failed, "cannot lay %s%s%s for the lab",
					 tree->root ? tree->root : "", tree->root ? "/" : "",
					 entry->path);
	}
	return 0;
}

/*
 * EIO: an overlay of a user namespace, before Linux 6.6, cannot mark that a folder of a lower layer
 * is gone (lab/private.c). It stays, empty.
 */
static int remove_one(int folder, const char *name)
{
	AUTO_CLOSE int inner = -1;
	int failed;

	if (unlinkat(folder, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (inner < 0)
		return -errno;
	failed = tree_empty(inner);
	if (!failed && unlinkat(folder, name, AT_REMOVEDIR) < 0 && errno != EIO)
		failed = -errno;
	return failed;
}

int tree_empty(int folder)
{
	AUTO_CLOSE int fd = fcntl(folder, F_DUPFD_CLOEXEC, 0);
	DIR *listing = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int failed = 0;

	if (!listing)
		return -errno;
	(void)take_fd(&fd); /* the listing's now */
	while (!failed && (entry = readdir(listing)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			failed = remove_one(folder, entry->d_name);
	closedir(listing);
	return failed;
}
