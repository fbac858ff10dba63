// SPDX-License-Identifier: MIT
// What reads the keys of files and names: folders, paths, sizes, domains, name servers.
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "topology/build.h"
#include "topology/files.h"
#include "topology/path.h"
#include "topology/readers.h"
#include "topology/units.h"
#include "topology/values.h"

void read_folder(struct reading *reading, void *field)
{
	struct files *files = field;

	files->folder = reading->value;
	files->place = reading->place;
}

/* What belongs to the kernel, and what the node itself stands on. */
static const char *refusal(const char *path)
{
	if (*path != '/')
		return "is not an absolute path";
	if (!path[1])
		return "is all of the machine; name folders of it";
	if (path_of_kernel(path))
		return "is the kernel's, and the node's own anyway";
	return NULL;
}

void read_paths(struct reading *reading, void *field)
{
	struct paths *paths = field;
	size_t count;
	char **words = value_words(reading->build->arena, reading->value, &count);

	paths->place = reading->place;
	for (size_t i = 0; i < count; i++) {
		const char *path = path_tidy(reading->build->arena, words[i]);
		const char *wrong = path ? refusal(path) : "goes up with \"..\"";

		if (wrong)
			report_fault(reading->report, reading->place, "%s: \"%s\" %s",
				     shown(reading->report, reading->key),
				     shown(reading->report, words[i]), wrong);
		else
			*array_push(reading->build->arena, paths->list, paths->count) = path;
	}
}

/* files.replace and files.over. */
void read_files(struct reading *reading, void *field)
{
	struct files *files = field;
	struct near near = {.word = reading->key};

	if (!strcmp(reading->name, "replace")) {
		read_paths(reading, &files->replace);
		return;
	}
	if (!strcmp(reading->name, "over")) {
		read_paths(reading, &files->over);
		return;
	}
	near_offer(&near, "files.replace");
	near_offer(&near, "files.over");
	report_fault(reading->report, reading->place,
		     "\"%s\" is neither files.replace nor files.over%s",
		     shown(reading->report, reading->key),
		     did_you_mean(reading->report, near_best(&near)));
}

void read_disk(struct reading *reading, void *field)
{
	uint64_t bytes = 0;
	const char *wrong = size_read(reading->value, &bytes);

	if (!wrong && bytes < DISK_LEAST)
		wrong = "is less than 1M, which a node needs";
	if (!wrong && bytes > DISK_MOST)
		wrong = "is more than 1T";
	if (wrong)
		report_fault(reading->report, reading->place, "%s: \"%s\" %s",
			     shown(reading->report, reading->key),
			     shown(reading->report, reading->value), wrong);
	else
		*(uint64_t *)field = bytes;
	reading->node->disk_place = reading->place;
}

/* Labels of DNS, joined by dots. */
static bool is_domain(const char *text)
{
	size_t length = 0;

	if (strlen(text) > 253)
		return false;
	for (; *text; text++) {
		if (*text == '.' ? !length
				 : !strchr("abcdefghijklmnopqrstuvwxyz0123456789-_", *text))
			return false;
		length = *text == '.' ? 0 : length + 1;
		if (length > 63)
			return false;
	}
	return length > 0;
}

void read_domain(struct reading *reading, void *field)
{
	if (is_domain(reading->value))
		*(const char **)field = reading->value;
	else
		report_fault(reading->report, reading->place,
			     "%s: \"%s\" is not a domain, such as lab.example",
			     shown(reading->report, reading->key),
			     shown(reading->report, reading->value));
}

void read_dns(struct reading *reading, void *field)
{
	struct node *node = reading->node;
	size_t count;
	char **words = value_words(reading->build->arena, reading->value, &count);

	(void)field;
	for (size_t i = 0; i < count; i++)
		*array_push(reading->build->arena, node->servers, node->server_count) =
			(struct name_server){words[i], reading->place};
}
