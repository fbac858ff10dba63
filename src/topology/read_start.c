// SPDX-License-Identifier: MIT
// What reads the keys of commands, scripts and services into the model.
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"
#include "topology/build.h"
#include "topology/keys.h"
#include "topology/names.h"
#include "topology/readers.h"
#include "topology/start.h"
#include "topology/units.h"
#include "topology/values.h"

/* The name under which `logs` shows what commands and scripts wrote. */
#define NAME_OF_COMMANDS "run"
#define TIMEOUT_MOST	 86400 /* seconds */

static const char *key_shown(struct reading *reading)
{
	return shown(reading->report, reading->key);
}

static void add_command(struct reading *reading, enum command_kind kind, const char *name)
{
	struct node *node = reading->node;
	bool may_fail = *reading->value == '-';
	const char *text = reading->value + may_fail;
	struct command *command;

	text += strspn(text, " \t");
	if (!*text) {
		report_fault(reading->report, reading->place, "%s has no %s behind the \"-\"",
			     key_shown(reading), kind == COMMAND_SCRIPT ? "file" : "command");
		return;
	}
	command = array_push(reading->build->arena, node->commands, node->command_count);
	*command = (struct command){.kind = kind,
				    .key = reading->key,
				    .name = name,
				    .text = text,
				    .may_fail = may_fail,
				    .place = reading->place};
}

static bool label_is_good(struct reading *reading, const char *what)
{
	return name_check(reading->report, reading->place, NAME_LABEL, what, reading->name);
}

void read_run(struct reading *reading, void *field)
{
	(void)field;
	if (label_is_good(reading, "command"))
		add_command(reading, COMMAND_RUN, reading->name);
}

void read_script(struct reading *reading, void *field)
{
	(void)field;
	if (!reading->name)
		add_command(reading, COMMAND_SCRIPT, reading->key);
	else if (label_is_good(reading, "script"))
		add_command(reading, COMMAND_SCRIPT, reading->name);
}

void read_service(struct reading *reading, void *field)
{
	(void)field;
	if (!label_is_good(reading, "service"))
		return;
	if (!strcmp(reading->name, NAME_OF_COMMANDS))
		report_fault(reading->report, reading->place,
			     "no service can be called \"" NAME_OF_COMMANDS
			     "\": it stands for all commands and scripts");
	else
		add_command(reading, COMMAND_SERVICE, reading->name);
}

/* The service that the key is of, or NULL, which is said with the nearest name. */
static struct command *service_of(struct reading *reading)
{
	struct node *node = reading->node;
	struct command *service = node_service(node, reading->subject);
	struct near near = {.word = reading->subject};

	if (service || report_full(reading->report))
		return service;
	for (size_t i = 0; i < node->command_count; i++)
		if (node->commands[i].kind == COMMAND_SERVICE &&
		    !report_offer(reading->report, &near, node->commands[i].name))
			break;
	report_fault(reading->report, reading->place, "%s: there is no service \"%s\"%s",
		     key_shown(reading), shown(reading->report, reading->subject),
		     did_you_mean(reading->report, near_best(&near)));
	return NULL;
}

void read_restart(struct reading *reading, void *field)
{
	struct command *service = service_of(reading);
	bool yes = false;

	(void)field;
	if (!service)
		return;
	if (value_yes_no(reading->value, &yes))
		service->restart = yes ? RESTART_ALWAYS : RESTART_NO;
	else if (!strcmp(reading->value, restart_word(RESTART_ON_FAILURE)))
		service->restart = RESTART_ON_FAILURE;
	else
		report_fault(reading->report, reading->place,
			     "%s: \"%s\" is none of no, yes and on-failure", key_shown(reading),
			     shown(reading->report, reading->value));
}

static bool read_port(struct reading *reading, const char *text, struct ready *ready)
{
	const char *slash = strchrnul(text, '/');
	char *number = arena_strndup(reading->build->arena, text, (size_t)(slash - text));
	bool udp = !strcmp(slash, "/udp");
	uint64_t port;

	if (!text_number(number, 1, UINT16_MAX, &port) ||
	    (*slash && !udp && strcmp(slash, "/tcp") != 0))
		return false;
	ready->kind = udp ? READY_UDP : READY_TCP;
	ready->port = (uint16_t)port;
	return true;
}

static bool read_time(const char *text, struct ready *ready)
{
	uint32_t seconds;

	ready->kind = READY_TIME;
	if (!time_read(text, &ready->time))
		return true;
	if (!value_seconds(text, TIMEOUT_MOST, &seconds))
		return false;
	ready->time = (int64_t)seconds * 1000000000;
	return true;
}

/* The text behind "port " or "file ", or NULL. */
static const char *behind(const char *text, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(text, word, length) != 0 || (text[length] != ' ' && text[length] != '\t'))
		return NULL;
	text += length;
	return text + strspn(text, " \t");
}

/* The word that was meant by the first one of a command that looks like a condition, or NULL. */
static const char *meant(const char *text)
{
	static const struct {
		const char *word, *starts; /* how what follows it begins */
	} conditions[] = {{"port", "0123456789"}, {"file", "/"}};
	size_t length = strcspn(text, " \t=:");
	const char *rest = text + length + strspn(text + length, " \t=:");
	char word[16];

	if (length >= sizeof(word) || !*rest || strpbrk(rest, " \t"))
		return NULL;
	memcpy(word, text, length);
	word[length] = '\0';
	for (size_t i = 0; i < sizeof(conditions) / sizeof(*conditions); i++) {
		struct near near = {.word = word};

		near_offer(&near, conditions[i].word);
		/* "prot", "Port"; not "find", which may be a command */
		if (strchr(conditions[i].starts, *rest) && near.best && near.distance <= 1)
			return near.best;
	}
	return NULL;
}

static void warn_of_command(struct reading *reading)
{
	const char *text = reading->value, *word = meant(text);
	const char *rest = text + strcspn(text, " \t=:");

	if (word)
		report_warning(reading->report, reading->place,
			       "%s: \"%s\" is run as a command; did you mean \"%s %s\"?",
			       key_shown(reading), shown(reading->report, text), word,
			       shown(reading->report, rest + strspn(rest, " \t=:")));
}

void read_ready(struct reading *reading, void *field)
{
	struct command *service = service_of(reading);
	const char *port = behind(reading->value, "port");
	const char *file = behind(reading->value, "file");
	const char *wrong = NULL;
	struct ready ready = {.kind = READY_COMMAND, .text = reading->value};

	(void)field;
	if (port && !read_port(reading, port, &ready))
		wrong = "is not a port, such as port 80 or port 53/udp";
	if (file && *file != '/')
		wrong = "is not a file, such as file /run/web.pid";
	if (isdigit((unsigned char)*reading->value) && !read_time(reading->value, &ready))
		wrong = "is not a time, such as 2, 500ms or 1m";
	if (file && !wrong)
		ready = (struct ready){.kind = READY_FILE, .text = file};
	if (wrong)
		report_fault(reading->report, reading->place, "%s: \"%s\" %s", key_shown(reading),
			     shown(reading->report, reading->value), wrong);
	else if (service)
		service->ready = ready;
	if (ready.kind == READY_COMMAND && !wrong)
		warn_of_command(reading);
}

static bool is_variable(const char *name)
{
	for (const char *c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '_')
			return false;
	return *name && !isdigit((unsigned char)*name);
}

void read_env(struct reading *reading, void *field)
{
	struct node *node = reading->node;

	(void)field;
	if (!strcmp(reading->name, "NSLAB") || !strcmp(reading->name, "NSLAB_NODE"))
		report_fault(reading->report, reading->place,
			     "%s: nslab itself sets this, to the name of the %s",
			     key_shown(reading), reading->name[strlen("NSLAB")] ? "node" : "lab");
	else if (is_variable(reading->name))
		*array_push(reading->build->arena, node->variables, node->variable_count) =
			(struct variable){reading->name, reading->value};
	else
		report_fault(reading->report, reading->place,
			     "\"%s\" cannot name a variable; names are letters, digits and _, "
			     "a letter or _ first",
			     shown(reading->report, reading->name));
	if (!strcmp(reading->name, "PATH") && strchr(reading->value, '$'))
		report_warning(reading->report, reading->place,
			       "env.PATH: \"%s\" is taken as it stands, as variables are not "
			       "expanded here",
			       shown(reading->report, reading->value));
}

static const struct node *node_of(struct reading *reading, const char *name)
{
	const struct topology *topology = reading->build->topology;
	struct node *node = map_get(topology->nodes_by_name, name);

	if (node || report_full(reading->report))
		return node;
	report_fault(reading->report, reading->place, "%s: there is no node \"%s\"%s",
		     key_shown(reading), shown(reading->report, name),
		     did_you_mean(reading->report,
				  near_node(reading->build, reading->place, name, reading->node)));
	return NULL;
}

void read_after(struct reading *reading, void *field)
{
	struct node *node = reading->node;
	size_t count;
	char **words = value_words(reading->build->arena, reading->value, &count);

	(void)field;
	for (size_t i = 0; i < count; i++) {
		const struct node *other = node_of(reading, words[i]);

		if (other && other == node)
			report_fault(reading->report, reading->place,
				     "%s: node %s cannot wait for itself", key_shown(reading),
				     other->name);
		else if (other)
			*array_push(reading->build->arena, node->afters, node->after_count) =
				(struct after){other, reading->place};
	}
}

void read_timeout(struct reading *reading, void *field)
{
	uint32_t *timeout = field;

	if (!value_seconds(reading->value, TIMEOUT_MOST, timeout) || !*timeout) {
		report_fault(reading->report, reading->place,
			     "%s: \"%s\" is not a time from 1 to %s seconds, such as 90 or 5m",
			     key_shown(reading), shown(reading->report, reading->value),
			     grouped(reading->report, TIMEOUT_MOST));
		*timeout = TIMEOUT_DEFAULT;
	}
}
