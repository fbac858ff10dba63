// SPDX-License-Identifier: MIT
// What filters (nftables, iptables) of a node can drop, as their own programs list them.
#include "kernel/filter.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "kernel/capture.h"

#define WAIT 5000 /* ms */

static const struct {
	const char *nft, *iptables;
} hooks[] = {
	[FILTER_PREROUTING] = {"prerouting", "PREROUTING"},
	[FILTER_INPUT] = {"input", "INPUT"},
	[FILTER_FORWARD] = {"forward", "FORWARD"},
	[FILTER_OUTPUT] = {"output", "OUTPUT"},
	[FILTER_POSTROUTING] = {"postrouting", "POSTROUTING"},
};

/* A list while it is read. */
struct reading {
	struct arena *arena;
	enum filter_hook hook;
	struct filter_drop *list;
	size_t count;
	size_t policy; /* of the chain that is read (iptables: of the table), in the list from 1 */
	char table[128], chain[128];
	bool hooked; /* the chain is at the hook, or may be called from one that is */
};

static struct filter_drop *add(struct reading *reading, const char *rule)
{
	struct filter_drop *drop = array_push(reading->arena, reading->list, reading->count);

	*drop = (struct filter_drop){
		.chain = arena_printf(reading->arena, "%s %s", reading->table, reading->chain),
		.rule = arena_strdup(reading->arena, rule),
		.hook = reading->hook};
	return drop;
}

static void add_policy(struct reading *reading, const char *words)
{
	add(reading, words)->is_policy = true;
	reading->policy = reading->count;
}

/* A rule of a chain accepts: that matters where its policy drops all else. */
static void add_accept(struct reading *reading, const char *rule)
{
	struct filter_drop *policy;

	if (!reading->policy)
		return;
	policy = &reading->list[reading->policy - 1];
	*array_push(reading->arena, policy->accepts, policy->accept_count) =
		arena_strdup(reading->arena, rule);
}

static bool has_word(const char *line, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = strstr(line, word); at; at = strstr(at + 1, word))
		if ((at == line || at[-1] == ' ') && (!at[length] || strchr(" ;", at[length])))
			return true;
	return false;
}

/* --- nft -------------------------------------------------------------------------------------- */

static void read_nft_line(struct reading *reading, char *line)
{
	char hook[32];

	if (sscanf(line, "table %120[^{]", reading->table) == 1) {
		reading->table[strcspn(reading->table, "{")] = '\0';
		while (*reading->table && reading->table[strlen(reading->table) - 1] == ' ')
			reading->table[strlen(reading->table) - 1] = '\0';
		reading->hooked = false; /* first come sets and maps, which have verdicts too */
		reading->policy = 0;
	} else if (sscanf(line, "chain %120s", reading->chain) == 1) {
		reading->hooked = true; /* one without a hook is called from others */
		reading->policy = 0;
	} else if (sscanf(line, "type %*s hook %31s", hook) == 1) {
		reading->hooked =
			!strcmp(hook, hooks[reading->hook].nft) || !strcmp(hook, "ingress");
		if (reading->hooked && strstr(line, "policy drop"))
			add_policy(reading, "policy drop");
	} else if (reading->hooked && (has_word(line, "drop") || has_word(line, "reject"))) {
		add(reading, line);
	} else if (reading->hooked && has_word(line, "accept")) {
		add_accept(reading, line);
	}
}

static void read_nft(struct reading *reading, const char *text)
{
	char *rest = arena_strdup(reading->arena, text), *line;

	while ((line = strsep(&rest, "\n")))
		read_nft_line(reading, line + strspn(line, " \t"));
}

struct filter_drop *filter_parse_nft(const char *text, enum filter_hook hook, struct arena *arena,
				     size_t *count)
{
	struct reading reading = {.arena = arena, .hook = hook};

	read_nft(&reading, text);
	*count = reading.count;
	return reading.list;
}

/* --- iptables --------------------------------------------------------------------------------- */

/* A chain of the kernel's, which has a hook of its name; others are called from those. */
static bool is_other_hook(const struct reading *reading, const char *chain)
{
	for (size_t i = 0; i < sizeof(hooks) / sizeof(*hooks); i++)
		if (!strcmp(hooks[i].iptables, chain))
			return i != reading->hook;
	return false;
}

static void read_iptables_rule(struct reading *reading, const char *line)
{
	if (is_other_hook(reading, reading->chain))
		return;
	if (has_word(line, "DROP") || has_word(line, "REJECT"))
		add(reading, line);
	else if (!strcmp(reading->chain, hooks[reading->hook].iptables) && has_word(line, "ACCEPT"))
		add_accept(reading, line);
}

static void read_iptables_line(struct reading *reading, const char *program, const char *line)
{
	char table[64] = "", policy[32];

	if (sscanf(line, "*%60s", table) == 1) {
		snprintf(reading->table, sizeof(reading->table), "%s %s", program, table);
		reading->policy = 0;
	} else if (sscanf(line, ":%120s %31s", reading->chain, policy) == 2) {
		if (!is_other_hook(reading, reading->chain) && !strcmp(policy, "DROP"))
			add_policy(reading, "policy DROP");
	} else if (sscanf(line, "-A %120s", reading->chain) == 1) {
		read_iptables_rule(reading, line);
	}
}

static void read_iptables(struct reading *reading, const char *program, const char *text)
{
	char *rest = arena_strdup(reading->arena, text), *line;

	while ((line = strsep(&rest, "\n")))
		read_iptables_line(reading, program, line);
}

struct filter_drop *filter_parse_iptables(const char *text, const char *program,
					  enum filter_hook hook, struct arena *arena, size_t *count)
{
	struct reading reading = {.arena = arena, .hook = hook};

	read_iptables(&reading, program, text);
	*count = reading.count;
	return reading.list;
}

/* --- both ------------------------------------------------------------------------------------- */

struct filter_drop *filter_drops(const enum filter_hook *at, size_t hook_count, struct arena *arena,
				 size_t *count)
{
	/* Protocols and the like by their names, as people write them; ports are numbers anyway. */
	static const char *const list[] = {"nft", "list", "ruleset", NULL};
	static const char *const save[] = {"iptables-legacy-save", NULL};
	static const char *const save6[] = {"ip6tables-legacy-save", NULL};
	const char *nft = capture(list, WAIT, NULL, NULL, arena);
	const char *iptables = capture(save, WAIT, NULL, NULL, arena);
	const char *ip6tables = capture(save6, WAIT, NULL, NULL, arena);
	struct reading reading = {.arena = arena};

	for (size_t h = 0; h < hook_count; h++) {
		reading.hook = at[h];
		read_nft(&reading, nft ?: "");
		read_iptables(&reading, "iptables", iptables ?: "");
		read_iptables(&reading, "ip6tables", ip6tables ?: "");
	}
	*count = reading.count;
	return reading.list;
}
