// SPDX-License-Identifier: MIT
// The one table of routing daemons, and which of them a configuration asks for.
#include "topology/daemon.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "topology/model.h"

/* FRR's own order, zebra first: the others speak to the kernel through it. */
const struct daemon frr_daemons[] = {
	{"zebra", START_ALWAYS, {NULL}},
	{"mgmtd", START_THERE, {NULL}},
	{"bgpd", START_ASKED, {"router bgp"}},
	{"ripd", START_ASKED, {"router rip", "ip rip"}},
	{"ripngd", START_ASKED, {"router ripng", "ipv6 ripng"}},
	{"ospfd", START_ASKED, {"router ospf", "ip ospf"}},
	{"ospf6d", START_ASKED, {"router ospf6", "ipv6 ospf6"}},
	{"isisd", START_ASKED, {"router isis", "ip router isis", "ipv6 router isis"}},
	{"babeld", START_ASKED, {"router babel", "babel"}},
	{"pimd", START_ASKED, {"ip pim", "ip igmp", "ip msdp", "router pim"}},
	{"pim6d", START_ASKED, {"ipv6 pim", "ipv6 mld", "router pim6"}},
	{"ldpd", START_ASKED, {"mpls ldp", "l2vpn"}},
	{"nhrpd", START_ASKED, {"ip nhrp", "ipv6 nhrp", "nhrp"}},
	{"eigrpd", START_ASKED, {"router eigrp", "ip eigrp"}},
	{"pbrd", START_ASKED, {"pbr-map", "pbr-policy"}},
	{"staticd", START_STATIC, {"ip route", "ipv6 route", "ip mroute", "ipv6 mroute"}},
	{"bfdd", START_ASKED, {"... bfd"}},
	{"fabricd",
	 START_ASKED,
	 {"router openfabric", "ip router openfabric", "ipv6 router openfabric"}},
	{"vrrpd", START_ASKED, {"vrrp"}},
	{"pathd", START_ASKED, {"traffic-eng"}},
};
const size_t frr_daemon_count = sizeof(frr_daemons) / sizeof(*frr_daemons);

#define BLANKS	 " \t\r"
#define ANYWHERE "..."

/* The next word at *text, before *end; its length is 0 where there is none. */
static size_t next_word(const char **text, const char *end)
{
	const char *start = *text;

	while (start < end && strchr(BLANKS, *start))
		start++;
	*text = start;
	while (start < end && !strchr(BLANKS, *start))
		start++;
	return (size_t)(start - *text);
}

/* Does the line go on with the words of the statement? */
static bool continues(const char *line, const char *end, const char *statement)
{
	const char *statement_end = statement + strlen(statement);
	size_t wanted, length;

	while ((wanted = next_word(&statement, statement_end))) {
		length = next_word(&line, end);
		if (length != wanted || memcmp(line, statement, wanted) != 0)
			return false;
		line += length;
		statement += wanted;
	}
	return true;
}

static bool matches(const char *line, const char *end, const char *statement)
{
	size_t length;

	if (strncmp(statement, ANYWHERE, strlen(ANYWHERE)) != 0)
		return continues(line, end, statement);
	statement += strlen(ANYWHERE);
	while ((length = next_word(&line, end))) {
		if (continues(line, end, statement))
			return true;
		line += length;
	}
	return false;
}

/* Where what the line says ends: free text may hold any words. */
static const char *end_of_meaning(const char *line, const char *end)
{
	static const char *const free_texts[] = {"description", "remark", "banner"};
	size_t length;

	while ((length = next_word(&line, end))) {
		for (size_t i = 0; i < sizeof(free_texts) / sizeof(*free_texts); i++)
			if (length == strlen(free_texts[i]) && !memcmp(line, free_texts[i], length))
				return line;
		line += length;
	}
	return end;
}

static bool says_nothing(const char *line, const char *end)
{
	size_t length = next_word(&line, end);

	return !length || *line == '!' || *line == '#' || continues(line, end, "no");
}

static daemon_set asked_by_line(const char *line, const char *end)
{
	daemon_set set = 0;

	if (says_nothing(line, end))
		return 0;
	end = end_of_meaning(line, end);
	for (size_t i = 0; i < frr_daemon_count; i++)
		for (size_t k = 0; k < STATEMENTS_MOST && frr_daemons[i].statements[k]; k++)
			if (matches(line, end, frr_daemons[i].statements[k]))
				set |= (daemon_set)1 << i;
	return set;
}

daemon_set daemons_asked(const char *text)
{
	daemon_set set = 0;

	while (*text) {
		const char *end = strchrnul(text, '\n');

		set |= asked_by_line(text, end);
		text = *end ? end + 1 : end;
	}
	return set;
}

/* The value of NAME=VALUE, without quotes; NULL where the line is none. */
static const char *value_in(const char *line, const char *end, const char *name,
			    struct arena *arena)
{
	size_t length = strlen(name);

	next_word(&line, end);
	if ((size_t)(end - line) <= length || memcmp(line, name, length) != 0 ||
	    line[length] != '=')
		return NULL;
	line += length + 1;
	if (line < end && (*line == '"' || *line == '\'')) {
		const char *close = memchr(line + 1, *line, (size_t)(end - line - 1));

		line++;
		return arena_strndup(arena, line, (size_t)((close ? close : end) - line));
	}
	length = 0;
	while (line + length < end && !strchr(BLANKS "#;", line[length]))
		length++;
	return arena_strndup(arena, line, length);
}

const char *daemons_variable(const char *text, const char *name, struct arena *arena)
{
	const char *last = NULL;

	while (*text) {
		const char *end = strchrnul(text, '\n');
		const char *value = value_in(text, end, name, arena);

		last = value ? value : last;
		text = *end ? end + 1 : end;
	}
	return last;
}

daemon_set daemons_enabled(const char *text, struct arena *arena)
{
	daemon_set set = 0;

	for (size_t i = 0; i < frr_daemon_count; i++) {
		const char *value = daemons_variable(text, frr_daemons[i].name, arena);

		if (value && !strcmp(value, "yes"))
			set |= (daemon_set)1 << i;
	}
	return set;
}

#define FOLDERS_MOST 5

/* Where distributions put them, Debian first, and where those are that were built by hand. */
static const char *const folders[SUITES][FOLDERS_MOST] = {
	[SUITE_FRR] = {"/usr/lib/frr", "/usr/libexec/frr", "/usr/sbin", "/usr/local/sbin",
		       "/usr/local/libexec/frr"},
	[SUITE_BIRD] = {"/usr/sbin", "/usr/bin", "/usr/local/sbin"},
};

bool daemon_is_there(const char *program)
{
	return access(program, X_OK) == 0;
}

const char *daemon_program(enum suite suite, const char *name, struct arena *arena)
{
	for (size_t i = 0; i < FOLDERS_MOST && folders[suite][i]; i++) {
		const char *program = arena_printf(arena, "%s/%s", folders[suite][i], name);

		if (daemon_is_there(program))
			return program;
	}
	return arena_printf(arena, "%s/%s", folders[suite][0], name);
}

bool daemon_may_run(const struct node *node, const char *name)
{
	if (node->routing[SUITE_BIRD].key && !strcmp(name, "bird"))
		return true;
	for (size_t i = 0; node->routing[SUITE_FRR].key && i < frr_daemon_count; i++)
		if (!strcmp(name, frr_daemons[i].name))
			return true;
	return false;
}

bool daemon_goes_by_machine(const char *name)
{
	for (size_t i = 0; i < frr_daemon_count; i++)
		if (frr_daemons[i].start == START_THERE && !strcmp(name, frr_daemons[i].name))
			return true;
	return false;
}
