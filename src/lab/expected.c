// SPDX-License-Identifier: MIT
// The folders that daemons expect to find, which the machine's own start would have made.
#include "lab/expected.h"

#include <dirent.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/map.h"
#include "base/text.h"

struct account {
	uid_t uid;
	gid_t gid; /* of a user: its first group */
};

struct search {
	struct arena *arena;
	expected_folder *each;
	void *context;
	struct map *users, *groups; /* name -> struct account */
};

/* Those that only start scripts of Debian make. `user` is a group's name too, or `group` is. */
static const struct {
	const char *path, *user, *group;
	mode_t mode;
} made_by_scripts[] = {
	{"/run/netns", "root", "root", 0755},	      {"/run/user", "root", "root", 0755},
	{"/run/lock", "root", "root", 01777},	      {"/run/bird", "bird", "bird", 0775},
	{"/run/dnsmasq", "dnsmasq", "nogroup", 0755}, {"/run/nginx", "root", "root", 0755},
};

/*
 * Users and groups of daemons are in the machine's own files. Those are read here, not asked for by
 * getpwnam(3), which might ask a server on the network for each one that there is not.
 */
static void read_accounts(struct search *search)
{
	AUTO_FCLOSE FILE *users = fopen("/etc/passwd", "re");
	AUTO_FCLOSE FILE *groups = fopen("/etc/group", "re");
	const struct passwd *user;
	const struct group *group;

	search->users = map_new(search->arena);
	search->groups = map_new(search->arena);
	while (users && (user = fgetpwent(users))) {
		struct account *account = arena_alloc(search->arena, sizeof(*account));

		*account = (struct account){user->pw_uid, user->pw_gid};
		map_add(search->users, arena_strdup(search->arena, user->pw_name), account);
	}
	while (groups && (group = fgetgrent(groups))) {
		struct account *account = arena_alloc(search->arena, sizeof(*account));

		account->gid = group->gr_gid;
		map_add(search->groups, arena_strdup(search->arena, group->gr_name), account);
	}
}

static bool is_root(const char *name)
{
	return !name || !*name || !strcmp(name, "-") || !strcmp(name, "root");
}

static bool user_id(const struct search *search, const char *name, uid_t *uid)
{
	const struct account *account;
	uint64_t number;

	*uid = 0;
	if (is_root(name))
		return true;
	account = map_get(search->users, name);
	if (!account && !text_number(name, 0, UINT32_MAX - 1, &number))
		return false;
	*uid = account ? account->uid : (uid_t)number;
	return true;
}

static bool group_id(const struct search *search, const char *name, gid_t *gid)
{
	const struct account *account;
	uint64_t number;

	*gid = 0;
	if (is_root(name))
		return true;
	account = map_get(search->groups, name);
	if (!account && !text_number(name, 0, UINT32_MAX - 1, &number))
		return false;
	*gid = account ? account->gid : (gid_t)number;
	return true;
}

static void offer(const struct search *search, const char *path, mode_t mode, const char *user,
		  const char *group)
{
	uid_t uid;
	gid_t gid;

	if (*path == '/' && !strchr(path, '%') && !strstr(path, "/../") &&
	    user_id(search, user, &uid) && group_id(search, group, &gid))
		search->each(search->context, path, mode, uid, gid);
}

static mode_t mode_of(const char *text, mode_t otherwise)
{
	text += strspn(text, "~:");
	return *text >= '0' && *text <= '7' ? (mode_t)strtoul(text, NULL, 8) & 07777 : otherwise;
}

/* The next word of the text, "" at its end. */
static char *next_word(char **text)
{
	char *word = *text + strspn(*text, " \t\n");
	size_t length = strcspn(word, " \t\n");

	*text = word + length + (word[length] != '\0');
	word[length] = '\0';
	return word;
}

/* tmpfiles.d(5): "d /run/frr 0755 frr frr -"; what is behind the letter makes no difference here.
 */
static void read_tmpfiles(const struct search *search, FILE *file)
{
	AUTO_FREE char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, file) > 0) {
		char *rest = line, *fields[5];

		for (size_t i = 0; i < 5; i++)
			fields[i] = next_word(&rest);
		if (*fields[0] && strchr("dDvqQ", *fields[0]))
			offer(search, fields[1], mode_of(fields[2], 0755),
			      fields[3] + strspn(fields[3], ":"),
			      fields[4] + strspn(fields[4], ":"));
	}
}

/* systemd.exec(5): the keys that name folders, and below what they are. */
static const struct {
	const char *key, *mode, *above;
} unit_folders[] = {
	{"RuntimeDirectory", "RuntimeDirectoryMode", "/run"},
	{"StateDirectory", "StateDirectoryMode", "/var/lib"},
	{"CacheDirectory", "CacheDirectoryMode", "/var/cache"},
	{"LogsDirectory", "LogsDirectoryMode", "/var/log"},
};
#define UNIT_FOLDERS (sizeof(unit_folders) / sizeof(*unit_folders))

struct unit {
	char *folders[UNIT_FOLDERS], *modes[UNIT_FOLDERS], *user, *group;
};

/* The value of the line if its key is that, else what was there. */
static char *value_of(struct arena *arena, const char *line, const char *key, char *before)
{
	size_t length = strlen(key);

	if (strncmp(line, key, length) != 0 || line[length] != '=')
		return before;
	line += length + 1;
	return arena_strndup(arena, line, strcspn(line, "\n"));
}

static void offer_unit(const struct search *search, const struct unit *unit)
{
	const struct account *account = unit->user ? map_get(search->users, unit->user) : NULL;
	const char *group = unit->group;

	if (!group && account)
		group = arena_printf(search->arena, "%lu", (unsigned long)account->gid);
	for (size_t i = 0; i < UNIT_FOLDERS; i++) {
		char *rest = unit->folders[i], *name;
		mode_t mode = unit->modes[i] ? mode_of(unit->modes[i], 0755) : 0755;

		while (rest && *(name = next_word(&rest))) {
			name[strcspn(name, ":")] = '\0';
			offer(search,
			      arena_printf(search->arena, "%s/%s", unit_folders[i].above, name),
			      mode, unit->user, group);
		}
	}
}

static void read_unit(const struct search *search, FILE *file)
{
	AUTO_FREE char *line = NULL;
	struct unit unit = {0};
	size_t size = 0;

	while (getline(&line, &size, file) > 0) {
		for (size_t i = 0; i < UNIT_FOLDERS; i++) {
			unit.folders[i] =
				value_of(search->arena, line, unit_folders[i].key, unit.folders[i]);
			unit.modes[i] =
				value_of(search->arena, line, unit_folders[i].mode, unit.modes[i]);
		}
		unit.user = value_of(search->arena, line, "User", unit.user);
		unit.group = value_of(search->arena, line, "Group", unit.group);
	}
	offer_unit(search, &unit);
}

static bool has_suffix(const char *name, const char *suffix)
{
	size_t length = strlen(name), tail = strlen(suffix);

	return length > tail && !strcmp(name + length - tail, suffix);
}

static void read_files(const struct search *search, const char *path, const char *suffix,
		       void (*read)(const struct search *search, FILE *file))
{
	DIR *listing = opendir(path);
	struct dirent *entry;

	while (listing && (entry = readdir(listing))) {
		AUTO_FCLOSE FILE *file = NULL;

		if (!has_suffix(entry->d_name, suffix) || entry->d_type == DT_LNK)
			continue;
		file = fopen(arena_printf(search->arena, "%s/%s", path, entry->d_name), "re");
		if (file)
			read(search, file);
	}
	if (listing)
		closedir(listing);
}

void expected_each(struct arena *arena, expected_folder *each, void *context)
{
	struct search search = {.arena = arena, .each = each, .context = context};

	read_accounts(&search);
	for (size_t i = 0; i < sizeof(made_by_scripts) / sizeof(*made_by_scripts); i++)
		offer(&search, made_by_scripts[i].path, made_by_scripts[i].mode,
		      made_by_scripts[i].user, made_by_scripts[i].group);
	read_files(&search, "/usr/lib/systemd/system", ".service", read_unit);
	read_files(&search, "/usr/lib/tmpfiles.d", ".conf", read_tmpfiles);
	read_files(&search, "/etc/tmpfiles.d", ".conf", read_tmpfiles);
}
