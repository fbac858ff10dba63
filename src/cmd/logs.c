// SPDX-License-Identifier: MIT
// The verb logs: what a node's commands, scripts and services wrote, and go on to write.
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "lab/choose.h"
#include "cmd/cmd.h"
#include "cmd/lines.h"
#include "cmd/options.h"
#include "kernel/reach.h"
#include "lab/journal.h"
#include "lab/lab.h"

static const char examples[] =
	"  nslab logs r1                  all that r1 wrote\n"
	"  nslab logs r1 web -f           what its service web writes, on and on\n"
	"  nslab logs -n 5 'r*'\n";

#define COMMANDS "run" /* stands for run and script, which have one log */

/* One log that is shown. */
struct source {
	struct journal journal;
	const char *node, *name;
	struct lines lines; /* with a name in front where there are several */
};

struct logs {
	struct arena *arena;
	struct lab lab;
	struct source *list;
	size_t count;
	bool named;
};

static bool is_wanted(char *const *names, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return true;
	return count == 0;
}

/* What wrote nothing yet has no log. */
static int add(struct logs *logs, const char *node, const char *name, const char *service,
	       struct error *err)
{
	struct source source = {.node = node, .name = name};

	if (journal_open(&source.journal, &logs->lab, node, service, logs->arena))
		*array_push(logs->arena, logs->list, logs->count) = source;
	else if (errno != ENOENT)
		return error_set(err, errno, "cannot open the log %s of node %s", name, node);
	return 0;
}

/* The logs of a node that are wanted; notes which of the names it has. */
static int add_node(struct logs *logs, const struct lab_node *node, char *const *names, int count,
		    bool *known, struct near *near, struct error *err)
{
	struct lab_service *services;
	size_t service_count;
	int failed = lab_services(&logs->lab, node, logs->arena, &services, &service_count, err);

	if (failed)
		return failed;
	for (size_t i = 0; i <= service_count && !failed; i++) {
		const char *service = i ? services[i - 1].name : NULL;
		const char *name = service ?: COMMANDS;

		if (is_wanted(names, count, name))
			failed = add(logs, node->name, name, service, err);
		for (int k = 0; k < count; k++) {
			known[k] |= !strcmp(names[k], name);
			near_offer(&near[k], name);
		}
	}
	return failed;
}

static int choose(struct logs *logs, const struct lab_node *nodes, size_t node_count,
		  char *const *names, int count)
{
	bool *known = arena_alloc(logs->arena, (size_t)count + 1);
	struct near *near = arena_alloc(logs->arena, ((size_t)count + 1) * sizeof(*near));
	struct error err;

	for (int i = 0; i < count; i++)
		near[i].word = names[i];
	for (size_t i = 0; i < node_count; i++)
		if (add_node(logs, &nodes[i], names, count, known, near, &err) < 0)
			return failed(&err);
	for (int i = 0; i < count; i++) {
		const char *best = near_best(&near[i]);

		if (known[i])
			continue;
		complain("node %s has no service \"%s\"%s%s%s", nodes[0].name, names[i],
			 best ? "; did you mean \"" : "", best ?: "", best ? "\"?" : "");
		return STATUS_FAILED;
	}
	return STATUS_DONE;
}

static void name_sources(struct logs *logs, bool several_nodes)
{
	logs->named = logs->count > 1;
	for (size_t i = 0; i < logs->count; i++) {
		struct source *source = &logs->list[i];

		source->lines.out = stdout;
		source->lines.name = several_nodes ? arena_printf(logs->arena, "%s %s",
								  source->node, source->name)
						   : source->name;
	}
}

static int cannot_read(const struct source *source, int number)
{
	complain("cannot read the log of %s: %s", source->node, strerror(number));
	return STATUS_FAILED;
}

/* Print what was there when it was opened, or renewed. */
static int print(const struct logs *logs, struct source *source)
{
	char buffer[16384];
	ssize_t n;

	while ((n = journal_read(&source->journal, buffer, sizeof(buffer))) > 0) {
		if (logs->named)
			lines_add(&source->lines, buffer, (size_t)n);
		else
			fwrite(buffer, 1, (size_t)n, stdout);
	}
	return n < 0 ? cannot_read(source, (int)-n) : STATUS_DONE;
}

static int print_all(const struct logs *logs)
{
	int status = STATUS_DONE;

	for (size_t i = 0; i < logs->count && status == STATUS_DONE; i++)
		status = print(logs, &logs->list[i]);
	return status;
}

/* What was written since, of all. */
static int renew_all(const struct logs *logs)
{
	for (size_t i = 0; i < logs->count; i++) {
		struct source *source = &logs->list[i];
		int code = journal_renew(&source->journal);

		if (code)
			return cannot_read(source, -code);
		if (source->journal.gap)
			complain("node %s, %s: more was written than is kept before it was read; "
				 "some of it may be missing here",
				 source->node, source->name);
		source->journal.gap = false;
	}
	return STATUS_DONE;
}

static int cannot_follow(void)
{
	complain("cannot follow the logs: %s", strerror(errno));
	return STATUS_FAILED;
}

/* Until the lab has ended; what it wrote last is shown. */
static int follow(const struct logs *logs)
{
	AUTO_CLOSE int events = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	AUTO_CLOSE int keeper = lab_open(&logs->lab);
	struct pollfd wait[] = {{.fd = events, .events = POLLIN}, {.fd = keeper, .events = POLLIN}};
	int status = STATUS_DONE;
	bool ended = keeper < 0;
	char buffer[4096];

	if (events < 0 || (inotify_add_watch(events, journal_folder(&logs->lab, logs->arena),
					     IN_MODIFY | IN_CREATE | IN_MOVE) < 0 &&
			   !ended))
		return cannot_follow();
	/* What was written before it was watched for. */
	status = print_all(logs);
	if (status == STATUS_DONE)
		status = renew_all(logs);
	while (status == STATUS_DONE && !ferror(stdout)) {
		status = print_all(logs);
		output_flush();
		if (ended || status != STATUS_DONE)
			break;
		if (poll(wait, 2, -1) < 0 && errno != EINTR)
			return cannot_follow();
		while (read(events, buffer, sizeof(buffer)) > 0)
			;
		ended = wait[1].revents != 0;
		status = renew_all(logs);
	}
	return status;
}

static int show(struct logs *logs, uint64_t lines, bool on)
{
	int status = STATUS_DONE;

	for (size_t i = 0; i < logs->count; i++) {
		int code = lines == UINT64_MAX ? 0 : journal_seek(&logs->list[i].journal, lines);

		if (code)
			return cannot_read(&logs->list[i], -code);
	}
	status = on ? follow(logs) : print_all(logs);
	for (size_t i = 0; i < logs->count; i++) {
		lines_end(&logs->list[i].lines);
		journal_close(&logs->list[i].journal);
	}
	return status;
}

static int print_names(struct logs *logs, const struct lab_node *nodes, size_t count)
{
	int status = choose(logs, nodes, count, NULL, 0);

	for (size_t i = 0; i < logs->count; i++)
		puts(logs->list[i].name);
	return status;
}

int cmd_logs(const struct verb *verb, int argc, char **argv)
{
	AUTO_ARENA struct arena *arena = arena_new();
	const char *wanted = NULL, *number = NULL;
	bool on = false, names = false;
	const struct option_row options[] = {
		OPTION_LAB(&wanted),
		{'f', "follow", NULL, "go on until the lab ends", &on, NULL},
		{'n', "lines", "LINES", "no more than the last LINES of each", NULL, &number},
		{0, "names", NULL, "only the names of what wrote something", &names, NULL},
		{0}};
	struct logs logs = {.arena = arena};
	struct words words = {0};
	struct lab_node *nodes;
	uint64_t lines = UINT64_MAX;
	struct error err;
	size_t count;
	int status = options_read(verb, options, examples, &argc, &argv);

	if (status != OPTIONS_READ)
		return status;
	if (argc == 0)
		return misused(verb, "of which node?");
	if (number && !text_number(number, 0, UINT32_MAX, &lines))
		return misused(verb, "\"%s\" is not a number of lines", number);
	if (!words_add(&words, argv[0], &wanted, arena))
		return misused(verb, "\"%s\" names more than one lab", argv[0]);
	if (lab_find_starting(wanted, arena, &logs.lab, &err) < 0 ||
	    choose_nodes(&logs.lab, &words, arena, &nodes, &count, &err) < 0)
		return failed(&err);
	if (names)
		return print_names(&logs, nodes, count);
	reach_descriptors();
	status = choose(&logs, nodes, count, argv + 1, argc - 1);
	name_sources(&logs, count > 1);
	return status == STATUS_DONE ? show(&logs, lines, on) : status;
}
