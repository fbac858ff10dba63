// SPDX-License-Identifier: MIT
// How routing daemons are asked, and their answers in words taken apart: one row a daemon.
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "lab/consult.h"

#define NOWHERE "\x01" /* in front of what a daemon does not tell */

/*
 * Rows of one protocol begin with the same fields, in the same order: daemons of both kinds
 * compare. What stands behind them is compared among those of one kind.
 */
const struct consultant consultants[] = {
	{.protocol = "OSPF",
	 .made = "ospf",
	 .packets = {"ospf", "protocol 89", "l4proto 89"},
	 .family = AF_INET,
	 .socket = "/run/frr/ospfd.vty",
	 .command = {"vtysh", "-d", "ospfd", "-c", "show ip ospf interface"},
	 .start = "",
	 .stop = " is ",
	 .neighbours = "Adjacent neighbor count is ",
	 .fields = {{"passive", "(Passive interface)", NULL, false, 0},
		    {"area", "Area ", " [\n", false, 0},
		    {"hello interval", "configured, Hello ", "s,", false, 0},
		    {"dead interval", "Dead ", "s,", false, 0},
		    {"network type", "Network Type ", ",", false, 0},
		    {"MTU", "MTU ", " ", false, 0},
		    {"authentication", "authentication enabled", NULL, false, 0},
		    {"router identifier", "Router ID ", ",", true, 0},
		    {"stub area", "[Stub", NULL, false, 0},
		    {"NSSA", "[NSSA", NULL, false, 0}}},
	{.protocol = "OSPF",
	 .made = "ospf",
	 .packets = {"ospf", "protocol 89", "l4proto 89"},
	 .family = AF_INET,
	 .socket = "/run/bird/bird.ctl",
	 .command = {"birdc", "show ospf interface"},
	 .kind = "OSPF",
	 .channel = "Channel ipv4",
	 .start = "Interface ",
	 .stop = " (",
	 .neighbour_command = {"birdc", "show ospf neighbors"},
	 .neighbour_state = "Full/",
	 .fields = {{"passive", "(stub)", NULL, false, 0},
		    {"area", "Area:", " \n", false, 0},
		    {"hello interval", "Hello timer:", "\n", false, 0},
		    {"dead interval", "Dead timer:", "\n", false, 0},
		    {"network type", "Type:", " \n", false, 0}}},
	{.protocol = "OSPFv3",
	 .made = "ospf",
	 .packets = {"ospf", "nexthdr 89", "l4proto 89"},
	 .family = AF_INET6,
	 .socket = "/run/frr/ospf6d.vty",
	 .command = {"vtysh", "-d", "ospf6d", "-c", "show ipv6 ospf6 interface", "-c",
		     "show ipv6 ospf6"},
	 .start = "",
	 .stop = " is ",
	 /* It meets neighbours all the same, and ospf6_lsa_originate() refuses. */
	 .unidentified = "0.0.0.0",
	 .fields = {{"passive", "(Passive interface)", NULL, false, 0},
		    {"area", "Area ID ", ",", false, 0},
		    {"hello interval", "Hello ", "(", false, 0},
		    {"dead interval", "Dead ", ",", false, 0},
		    {"instance", "Instance ID ", ",", false, 0},
		    {"MTU", "Interface MTU ", " ", false, 0},
		    {"router identifier", "Router-ID ", " \n", true, 0}}},
	{.protocol = "OSPFv3",
	 .made = "ospf",
	 .packets = {"ospf", "nexthdr 89", "l4proto 89"},
	 .family = AF_INET6,
	 .socket = "/run/bird/bird.ctl",
	 .command = {"birdc", "show ospf interface"},
	 .kind = "OSPF",
	 .channel = "Channel ipv6",
	 .start = "Interface ",
	 .stop = " (",
	 .neighbour_command = {"birdc", "show ospf neighbors"},
	 .neighbour_state = "Full/",
	 .fields = {{"passive", "(stub)", NULL, false, 0},
		    {"area", "Area:", " \n", false, 0},
		    {"hello interval", "Hello timer:", "\n", false, 0},
		    {"dead interval", "Dead timer:", "\n", false, 0},
		    {"instance", "(IID ", ")", false, 0}}},
	{.protocol = "IS-IS",
	 .made = "isis",
	 .socket = "/run/frr/isisd.vty",
	 .command = {"vtysh", "-d", "isisd", "-c", "show isis interface detail", "-c",
		     "show isis summary"},
	 .start = "  Interface: ",
	 .stop = ",",
	 .neighbours = "Active neighbors: ",
	 .fields = {{"passive", "Passive,", NULL, false, 0},
		    {"level", "Level: ", ",\n", false, 0},
		    {"network type", "Type: ", ",\n", false, 0},
		    {"system identifier", "System Id       : ", "\n", true, 0}}},
	{.protocol = "RIP",
	 .made = "rip",
	 .packets = {"port 520"},
	 .family = AF_INET,
	 .socket = "/run/frr/ripd.vty",
	 .command = {"vtysh", "-d", "ripd", "-c", "show ip rip status"},
	 .start = "    ",
	 .stop = " ",
	 .passives = "Passive Interface(s):\n",
	 .got = "R(n)",
	 .got_command = {"vtysh", "-d", "ripd", "-c", "show ip rip"},
	 .fields = {{"passive", "(passive)", NULL, false, 0},
		    {"version sent", NULL, "", false, 2},
		    {"filter out", "filtered by ", "\n", false, 0}}},
	{.protocol = "RIP",
	 .made = "rip",
	 .packets = {"port 520"},
	 .family = AF_INET,
	 .socket = "/run/bird/bird.ctl",
	 .command = {"birdc", "show rip interfaces"},
	 .kind = "RIP",
	 .channel = "Channel ipv4",
	 .start = "",
	 .stop = " ",
	 .neighbour_command = {"birdc", "show rip neighbors"},
	 .neighbour_state = "",
	 .fields = {{"passive", NOWHERE, NULL, false, 0}}},
	{.protocol = "RIPng",
	 .made = "ripng",
	 .packets = {"port 521"},
	 .family = AF_INET6,
	 .socket = "/run/frr/ripngd.vty",
	 .command = {"vtysh", "-d", "ripngd", "-c", "show ipv6 ripng status"},
	 .start = "    ",
	 .stop = " ",
	 .passives = "Passive Interface(s):\n",
	 .fields = {{"passive", "(passive)", NULL, false, 0}}},
	{.protocol = "RIPng",
	 .made = "ripng",
	 .packets = {"port 521"},
	 .family = AF_INET6,
	 .socket = "/run/bird/bird.ctl",
	 .command = {"birdc", "show rip interfaces"},
	 .kind = "RIP",
	 .channel = "Channel ipv6",
	 .start = "",
	 .stop = " ",
	 .neighbour_command = {"birdc", "show rip neighbors"},
	 .neighbour_state = "",
	 .fields = {{"passive", NOWHERE, NULL, false, 0}}},
	{.protocol = "BGP",
	 .made = "bgp",
	 .packets = {"port 179", "bgp"},
	 .socket = "/run/frr/bgpd.vty",
	 .command = {"vtysh", "-d", "bgpd", "-c", "show bgp neighbors"},
	 .start = "BGP neighbor is ",
	 .stop = ",",
	 .by_address = true,
	 .fields = {{"remote AS", "remote AS ", ",", false, 0},
		    {"local AS", "local AS ", ",", false, 0},
		    {"state", "BGP state = ", ",\n", false, 0},
		    {"last reset", "Last reset ", "\n", false, 0},
		    {"policy in", "Inbound updates discarded due to missing policy", NULL, false,
		     0},
		    {"policy out", "Outbound updates discarded due to missing policy", NULL, false,
		     0},
		    {"nothing taken", "  0 accepted prefixes", NULL, false, 0},
		    {"filter in", "Incoming update ", "\n", false, 0},
		    {"map in", "Route map for incoming advertisements is ", "\n", false, 0},
		    {"filter out", "Outgoing update ", "\n", false, 0},
		    {"map out", "Route map for outgoing advertisements is ", "\n", false, 0}}},
	{.protocol = "BGP",
	 .made = "bgp",
	 .packets = {"port 179", "bgp"},
	 .socket = "/run/bird/bird.ctl",
	 .command = {"birdc", "show protocols all"},
	 .start = "    Neighbor address: ",
	 .stop = "\n",
	 .by_address = true,
	 .fields = {{"remote AS", "Neighbor AS:", "\n", false, 0},
		    {"local AS", "Local AS:", "\n", false, 0},
		    {"state", "State:", "\n", false, 0},
		    {"last reset", "Last error:", "\n", false, 0},
		    {"policy in", NOWHERE, NULL, false, 0},
		    {"policy out", NOWHERE, NULL, false, 0},
		    {"nothing taken", "Routes:         0 imported", NULL, false, 0},
		    {"filter in", "Input filter:", "\n", false, 0},
		    {"map in", NOWHERE, "\n", false, 0},
		    {"filter out", "Output filter:", "\n", false, 0}}},
};

const size_t consultant_count = sizeof(consultants) / sizeof(*consultants);

/* The name in the line that begins a record, or NULL. */
static const char *name_in(const struct consultant *consultant, const char *line,
			   struct arena *arena)
{
	size_t before = strlen(consultant->start);
	const char *end;

	if (strncmp(line, consultant->start, before) != 0 || line[before] == ' ' ||
	    line[before] == '\n')
		return NULL;
	line += before;
	end = strstr(line, consultant->stop);
	if (!end || memchr(line, '\n', (size_t)(end - line)) ||
	    memchr(line, ' ', (size_t)(end - line)))
		return NULL;
	return arena_strndup(arena, line, (size_t)(end - line));
}

static const char *next_line(const char *text)
{
	const char *end = strchr(text, '\n');

	return end ? end + 1 : text + strlen(text);
}

/* The number that is word `column` of the first line, counted from 1; NULL: there is none. */
static const char *number_in(const char *text, unsigned column, struct arena *arena)
{
	for (;;) {
		size_t length;

		text += strspn(text, " ");
		length = strcspn(text, " \n");
		if (!length)
			return NULL;
		if (!--column)
			return strspn(text, "0123456789") == length
				       ? arena_strndup(arena, text, length)
				       : NULL;
		text += length;
	}
}

static const char *value_of(const struct consult_field *field, const char *text,
			    struct arena *arena)
{
	const char *at;

	if (field->column)
		return number_in(text, field->column, arena);
	at = strstr(text, field->before);
	if (!field->ends)
		return at ? "yes" : "no";
	if (!at)
		return NULL;
	at += strlen(field->before);
	at += strspn(at, " ");
	return arena_strndup(arena, at, strcspn(at, field->ends));
}

/* The sum, as some protocols count by level. */
static int count_of(const char *before, const char *text)
{
	int sum = 0;

	for (const char *at = strstr(text, before); at; at = strstr(at, before)) {
		at += strlen(before);
		sum += (int)strtol(at, NULL, 10);
	}
	return sum;
}

static void read_record(const struct consultant *consultant, const char *text, struct arena *arena,
			struct consult_record *record)
{
	for (size_t i = 0; i < FIELDS_MOST && consultant->fields[i].name; i++)
		record->values[i] = value_of(&consultant->fields[i], text, arena);
	record->neighbours = consultant->neighbours ? count_of(consultant->neighbours, text) : -1;
}

/* Those that stand in a list of their own are told by their field. */
static void take_passives(const struct consultant *consultant, const char *text,
			  struct consult_record *list, size_t count)
{
	const char *at = consultant->passives ? strstr(text, consultant->passives) : NULL;

	for (at = at ? next_line(at) : ""; !strncmp(at, "    ", 4); at = next_line(at))
		for (size_t i = 0; i < count; i++)
			if (strcspn(at + 4, " \n") == strlen(list[i].name) &&
			    !strncmp(at + 4, list[i].name, strlen(list[i].name)))
				list[i].values[0] = "yes";
}

struct consult_record *consult_parse(const struct consultant *consultant, const char *text,
				     struct arena *arena, size_t *count)
{
	struct consult_record *list = NULL;
	const char *all = text;

	*count = 0;
	while (*text) {
		const char *name = name_in(consultant, text, arena), *end = next_line(text);
		struct consult_record *record;

		if (name) {
			while (*end && !name_in(consultant, end, arena))
				end = next_line(end);
			record = array_push(arena, list, *count);
			record->name = name;
			read_record(consultant, arena_strndup(arena, text, (size_t)(end - text)),
				    arena, record);
		}
		text = end;
	}
	take_passives(consultant, all, list, *count);
	return list;
}

static bool has_word(const char *line, size_t size, const char *word)
{
	const char *at = memmem(line, size, word, strlen(word)), *end;

	if (!at || (at > line && !strchr(" \t", at[-1])))
		return false;
	end = at + strlen(word);
	return end == line + size || strchr(" \t", *end);
}

int consult_count_lines(const char *text, const char *state, const char *name)
{
	int count = 0;

	for (const char *end; *text; text = end) {
		end = next_line(text);
		count += memmem(text, (size_t)(end - text), state, strlen(state)) &&
			 has_word(text, (size_t)(end - text), name);
	}
	return count;
}
