// SPDX-License-Identifier: MIT
// What sentences look at by running something in nodes: a command, a fetched page, a name asked
// for.
#include <arpa/nameser.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/error.h"
#include "test/command.h"
#include "test/dns.h"
#include "test/look.h"
#include "test/station.h"
#include "test/trial.h"
#include "lab/lab.h"
#include "topology/values.h"

/* As env(1) has them: nslab or the shell could not run it. */
#define FIRST_NOT_RUN 125
#define NOT_FOUND     127
#define LAST_NOT_RUN  127
#define CURL_NO_NAME  6 /* the host of the URL has no address */

/* Is what was printed as the step has it? */
static bool prints_well(const struct step *step, const char *printed)
{
	regex_t regex;
	bool matches;

	if (step->contains && !strstr(printed, step->contains))
		return false;
	if (!step->matches ||
	    regcomp(&regex, step->matches, REG_EXTENDED | REG_NEWLINE | REG_NOSUB))
		return !step->matches;
	matches = regexec(&regex, printed, 0, NULL, 0) == 0;
	regfree(&regex);
	return matches;
}

/* The last line that is not empty: what went wrong is said at the end. */
static const char *last_line(const char *printed, struct arena *arena)
{
	size_t end = strlen(printed), begin;

	while (end && strchr("\n\r ", printed[end - 1]))
		end--;
	for (begin = end; begin && printed[begin - 1] != '\n'; begin--)
		;
	return arena_strndup(arena, printed + begin, end - begin);
}

/* A word misspelt must not pass for a command that failed. */
static bool is_not_run(const struct command_run *command)
{
	return command->status >= FIRST_NOT_RUN && command->status <= LAST_NOT_RUN;
}

static void judge(const struct trial *trial, struct item *item, const struct command_run *command,
		  struct arena *arena)
{
	const struct step *step = trial->step;
	const char *line = last_line(command->printed, arena);
	const char *said = *line ? arena_printf(arena, ", and printed \"%s\"", line) : "";

	item->is = command->status == step->status && prints_well(step, command->printed);
	item->unknown = !item->is && is_not_run(command);
	if (command->status < 0)
		item_say(item, "it did not end in time%s", said);
	else if (command->status != step->status)
		item_say(item, "it ended with status %d%s", command->status, said);
	else if (*line)
		item_say(item, "its output ends with \"%s\"", line);
	else
		item_say(item, "it printed nothing");
}

/* Run for each item that is due what `set` makes of it, and judge what came of it. */
static int
each(struct trial *trial, int64_t until,
     void (*set)(const struct trial *, const struct item *, struct command_run *, struct arena *),
     void (*say)(const struct trial *, struct item *, const struct command_run *, struct arena *),
     struct error *err)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct command_run *list = arena_alloc(arena, (trial->count + 1) * sizeof(*list));
	size_t count = 0;

	for (size_t i = 0; i < trial->count; i++) {
		const struct item *item = &trial->items[i];

		if (!item->due)
			continue;
		list[count].node = &trial->run->nodes[item->from->number - 1];
		set(trial, item, &list[count++], arena);
	}
	if (commands_run(trial->run, list, count, until, arena, err) < 0)
		return -1;
	for (size_t i = 0, k = 0; i < trial->count; i++)
		if (trial->items[i].due)
			say(trial, &trial->items[i], &list[k++], arena);
	return 0;
}

static void set_command(const struct trial *trial, const struct item *item,
			struct command_run *command, struct arena *arena)
{
	const char **argv = arena_alloc(arena, 4 * sizeof(*argv));

	(void)item;
	argv[0] = "/bin/sh";
	argv[1] = "-c";
	argv[2] = trial->step->command;
	command->argv = (char *const *)argv;
}

/* A command may take all the time that the step has. */
int look_run(struct trial *trial, int64_t until, struct error *err)
{
	return each(trial, trial->deadline > until ? trial->deadline : until, set_command, judge,
		    err);
}

static void set_fetch(const struct trial *trial, const struct item *item,
		      struct command_run *command, struct arena *arena)
{
	static const char *const families[] = {[FAMILY_IPV4] = "-4", [FAMILY_IPV6] = "-6"};
	const char **argv = arena_alloc(arena, 10 * sizeof(*argv));
	size_t count = 0;

	argv[count++] = "curl";
	argv[count++] = "-sSfL";
	argv[count++] = "--noproxy";
	argv[count++] = "*";
	if (item->address.family != AF_UNSPEC)
		argv[count++] =
			families[item->address.family == AF_INET ? FAMILY_IPV4 : FAMILY_IPV6];
	else if (trial->step->families != FAMILIES)
		argv[count++] = families[trial->step->families];
	argv[count++] = "--";
	argv[count++] = trial->step->url;
	command->argv = (char *const *)argv;
}

static void judge_fetch(const struct trial *trial, struct item *item,
			const struct command_run *command, struct arena *arena)
{
	const char *line = last_line(command->printed, arena);

	item->is = command->status == 0 && prints_well(trial->step, command->printed);
	item->unknown = is_not_run(command) || command->status == CURL_NO_NAME;
	if (command->status == NOT_FOUND)
		item_say(item, "there is no curl to fetch it with: apt install curl");
	else if (command->status < 0)
		item_say(item, "there was no answer in time");
	else if (command->status)
		item_say(item, "%s", *line ? line : "it cannot be fetched");
	else
		item_say(item, "the page has %zu bytes, its end is \"%s\"", command->size, line);
}

int look_http(struct trial *trial, int64_t until, struct error *err)
{
	return each(trial, until, set_fetch, judge_fetch, err);
}

static void set_question(const struct trial *trial, const struct item *item,
			 struct command_run *command, struct arena *arena)
{
	struct dns_question *question = arena_alloc(arena, sizeof(*question));
	const struct party *server = &trial->step->server;

	(void)item;
	question->name = trial->step->name;
	question->address = trial->step->address;
	if (server->address.family) {
		question->server = server->address;
	} else if (server->count) {
		struct error err;
		struct station *station = stations_of(trial, server, &err);
		const struct address *address = station ? station_address(station, AF_INET) : NULL;

		if (station && !address)
			address = station_address(station, AF_INET6);
		if (address)
			question->server = *address;
	}
	command->work = dns_ask;
	command->data = question;
}

/* ", says ns (10.0.0.53)"; "" where nobody was asked. */
static const char *says_who(const struct trial *trial, const struct item *item, struct arena *arena)
{
	const struct topology *topology = trial->run->topology;
	char text[ADDRESS_TEXT_SIZE];

	if (item->asked.family == AF_UNSPEC)
		return "";
	address_text(&item->asked, true, text);
	for (size_t i = 0; i < topology->node_count; i++)
		if (node_has_address(&topology->nodes[i], &item->asked))
			return arena_printf(arena, ", says %s (%s)", topology->nodes[i].name, text);
	return arena_printf(arena, ", says %s", text);
}

static void judge_answer(const struct trial *trial, struct item *item,
			 const struct command_run *command, struct arena *arena)
{
	const char *line = last_line(command->printed, arena);
	const char *first = arena_strndup(arena, command->printed, strcspn(command->printed, "\n"));

	if (value_address(first, ADDRESS_BARE, &item->asked))
		item->asked = (struct address){0};
	item->port = NS_DEFAULTPORT;
	item->is = command->status == DNS_IS;
	item->unknown = command->status == DNS_UNASKED || is_not_run(command);
	if (command->status < 0)
		item_say(item, "no name server answers in time");
	else
		item_say(item, "%s%s", line, item->unknown ? "" : says_who(trial, item, arena));
}

int look_dns(struct trial *trial, int64_t until, struct error *err)
{
	return each(trial, until, set_question, judge_answer, err);
}
