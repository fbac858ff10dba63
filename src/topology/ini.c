// SPDX-License-Identifier: MIT
// INI text as sections of keys and values, each with its line: the one place that knows iniparser.
//
// iniparser lower-cases names, lets a second key overwrite the first, hides sections with a colon
// in their name, keeps no line numbers and searches linearly. So the structure is read here, and
// iniparser gets the values alone, a few at a time, under numbers for keys: quotes, comments and
// empty values are its own.
#include "topology/ini.h"

#include <iniparser/iniparser.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/map.h"
#include "topology/lines.h"
#include "topology/report.h"

/* What iniparser's dictionary holds before it grows; its searches are linear. */
#define BATCH_SIZE 128
/* A line as it is handed on: "k127 = VALUE\n". */
#define BATCH_LINE (INI_LINE_LIMIT + 16)
/* From so many keys on, a section finds them through a map. */
#define SMALL_SECTION 16

struct reader {
	struct report *report;
	struct ini *ini;
	struct lines lines;

	struct entry *entries; /* of all sections, one behind the other */
	size_t entry_count;
	size_t first;	  /* of the current section */
	struct map *keys; /* of the current section, once it is large: key -> line */
	bool homeless;	  /* a line before the first section was complained of */

	int fd; /* the file that iniparser reads, in memory */
	char *batch;
	size_t batch_length;
	size_t pending[BATCH_SIZE]; /* entries whose values are in the batch */
	size_t pending_count;
};

/* iniparser would print to stderr. */
static int say_nothing(const char *format, ...)
{
	(void)format;
	return 0;
}

/* iniparser takes a read that fails for the end of the file: the last key says that it saw all. */
static dictionary *load_whole(const char *path)
{
	dictionary *values = iniparser_load(path);

	if (values && !iniparser_find_entry(values, "s:end")) {
		iniparser_freedict(values);
		errno = EIO;
		return NULL;
	}
	return values;
}

static dictionary *parse_batch(struct reader *reader)
{
	char path[64];

	reader->batch_length +=
		(size_t)sprintf(reader->batch + reader->batch_length, "end = here\n");
	if (ftruncate(reader->fd, 0) < 0 || lseek(reader->fd, 0, SEEK_SET) < 0 ||
	    write_all(reader->fd, reader->batch, reader->batch_length) < 0)
		return NULL;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", reader->fd);
	return load_whole(path);
}

static void flush_batch(struct reader *reader)
{
	struct arena *arena = reader->report->arena;
	dictionary *values;
	char key[32];

	if (!reader->pending_count)
		return;
	values = parse_batch(reader);
	if (!values) {
		reader->report->faults->machine = true;
		report_fault(reader->report, reader->entries[reader->pending[0]].place,
			     "cannot hand this line to iniparser: %s", strerror(errno));
	}
	for (size_t i = 0; values && i < reader->pending_count; i++) {
		snprintf(key, sizeof(key), "s:k%zu", i);
		reader->entries[reader->pending[i]].value =
			arena_strdup(arena, iniparser_getstring(values, key, ""));
	}
	if (values)
		iniparser_freedict(values);
	reader->pending_count = 0;
}

static void add_to_batch(struct reader *reader, size_t entry, const char *value, size_t length)
{
	if (!reader->pending_count)
		reader->batch_length = (size_t)sprintf(reader->batch, "[s]\n");
	reader->batch_length +=
		(size_t)sprintf(reader->batch + reader->batch_length, "k%zu = %.*s\n",
				reader->pending_count, (int)length, value);
	reader->pending[reader->pending_count++] = entry;
	if (reader->pending_count == BATCH_SIZE)
		flush_batch(reader);
}

static const char *text_shown(struct reader *reader, const char *text, size_t length)
{
	if (report_full(reader->report))
		return "";
	return shown(reader->report,
		     arena_strndup(reader->report->arena, text, length < 200 ? length : 200));
}

static bool is_comment(const char *text, size_t length)
{
	return length && (*text == ';' || *text == '#');
}

/* iniparser takes what stands between the first two quotes and drops the rest in silence. */
static bool check_quotes(struct reader *reader, const struct entry *entry, const char *value,
			 size_t length)
{
	struct report *report = reader->report;
	const char *close, *rest;
	size_t left;

	close = memchr(value + 1, *value, length - 1);
	if (!close) {
		report_fault(report, entry->place, "%s: the quote %c is not closed",
			     shown(report, entry->key), *value);
		return false;
	}
	rest = close + 1;
	left = (size_t)(value + length - rest);
	trim(&rest, &left);
	if (!left || is_comment(rest, left))
		return true;
	report_fault(report, entry->place, "%s: \"%s\" stands behind the closing quote",
		     shown(report, entry->key), text_shown(reader, rest, left));
	return false;
}

static const char *cut_comment(struct reader *reader, const char *value, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (is_comment(value + i, 1))
			return arena_strndup(reader->report->arena, value + i, length - i);
	return NULL;
}

/* A line as a value of a map. */
static int *kept_line(struct reader *reader, int line)
{
	int *kept = arena_alloc(reader->report->arena, sizeof(*kept));

	*kept = line;
	return kept;
}

/* The line of the current section in which the key is already, or 0. Remembers it. */
static int earlier_line(struct reader *reader, const char *key, int line)
{
	size_t count = reader->entry_count - reader->first;
	const struct entry *entries = reader->entries + reader->first;
	const int *earlier;

	if (count < SMALL_SECTION) {
		for (size_t i = 0; i < count; i++)
			if (!strcmp(entries[i].key, key))
				return entries[i].place.line;
		return 0;
	}
	if (!reader->keys) {
		reader->keys = map_new(reader->report->arena);
		for (size_t i = 0; i < count; i++)
			map_add(reader->keys, entries[i].key,
				kept_line(reader, entries[i].place.line));
	}
	earlier = map_add(reader->keys, key, kept_line(reader, line));
	return earlier ? *earlier : 0;
}

static void add_entry(struct reader *reader, const struct line *line, const char *key,
		      const char *value, size_t length)
{
	struct report *report = reader->report;
	struct entry entry = {.key = key,
			      .place = {.file = report->file, .line = line->number},
			      .length = line->length};
	int earlier = earlier_line(reader, key, line->number);
	bool good = line->length <= INI_LINE_LIMIT;

	if (earlier) {
		report_fault(report, entry.place, "%s given twice; first in line %d",
			     shown(report, key), earlier);
		return;
	}
	if (length && (*value == '"' || *value == '\''))
		good = good && check_quotes(reader, &entry, value, length);
	else if (good)
		entry.comment = cut_comment(reader, value, length);
	*array_push(report->arena, reader->entries, reader->entry_count) = entry;
	reader->ini->sections[reader->ini->count - 1].count++;
	if (good)
		add_to_batch(reader, reader->entry_count - 1, value, length);
}

/* How much follows the brace that begins a range, {x=1..4}, whose "=" ends no key; else 0. */
static size_t range_length(const char *text, size_t length)
{
	size_t i = 1;

	if (*text != '{')
		return 0;
	while (i < length && text[i] && strchr("abcdefghijklmnopqrstuvwxyz0123456789.=", text[i]))
		i++;
	return i < length && text[i] == '}' ? i : 0;
}

/* KEY = VALUE */
static void read_entry(struct reader *reader, const struct line *line)
{
	struct report *report = reader->report;
	struct place place = {.file = report->file, .line = line->number};
	const char *key = line->text, *value;
	size_t length = 0, rest;

	while (length < line->length && key[length] != '=' && !is_comment(key + length, 1))
		length += 1 + range_length(key + length, line->length - length);
	if (length == line->length || key[length] != '=') {
		report_fault(report, place, "\"%s\" is neither [section] nor KEY = VALUE",
			     text_shown(reader, line->text, line->length));
		return;
	}
	value = key + length + 1;
	rest = line->length - length - 1;
	trim(&key, &length);
	trim(&value, &rest);
	if (!length) {
		report_fault(report, place, "no key stands before the \"=\"");
		return;
	}
	if (!reader->ini->count) {
		if (!reader->homeless)
			report_fault(report, place, "%s stands before the first [section]",
				     text_shown(reader, key, length));
		reader->homeless = true;
		return;
	}
	add_entry(reader, line, arena_strndup(report->arena, key, length), value, rest);
}

/* The words of [kind name]: the kind ends at the first white space. */
static void split_head(struct arena *arena, const char *text, size_t length,
		       struct section *section)
{
	size_t kind = 0;
	const char *name;

	trim(&text, &length);
	while (kind < length && text[kind] != ' ' && text[kind] != '\t')
		kind++;
	name = text + kind;
	length -= kind;
	trim(&name, &length);
	section->kind = arena_strndup(arena, text, kind);
	section->name = arena_strndup(arena, name, length);
}

/* [kind name] ; comment */
static void read_head(struct reader *reader, const struct line *line)
{
	struct report *report = reader->report;
	struct place place = {.file = report->file, .line = line->number};
	const char *close = memchr(line->text, ']', line->length), *rest;
	struct section *section =
		array_push(report->arena, reader->ini->sections, reader->ini->count);
	size_t left;

	section->place = place;
	section->name = "";
	reader->first = reader->entry_count;
	reader->keys = NULL;
	if (!line->readable)
		return;
	if (!close) {
		report_fault(report, place, "\"%s\" has no closing \"]\"",
			     text_shown(reader, line->text, line->length));
		return;
	}
	rest = close + 1;
	left = (size_t)(line->text + line->length - rest);
	trim(&rest, &left);
	if (left && !is_comment(rest, left))
		report_fault(report, place, "\"%s\" stands behind the \"]\"",
			     text_shown(reader, rest, left));
	split_head(report->arena, line->text + 1, (size_t)(close - line->text - 1), section);
}

void ini_parse(struct report *report, const char *text, size_t size, struct ini *ini)
{
	AUTO_CLOSE int fd = memfd_create("nslab values", MFD_CLOEXEC);
	struct reader reader = {.report = report, .ini = ini, .fd = fd};
	struct entry *entry;
	struct line line;

	*ini = (struct ini){0};
	if (fd < 0) {
		report->faults->machine = true;
		report_fault(report, (struct place){.file = report->file},
			     "cannot hand the file to iniparser: %s", strerror(errno));
		return;
	}
	reader.batch = arena_alloc(report->arena, (size_t)BATCH_SIZE * BATCH_LINE);
	iniparser_set_error_callback(say_nothing);
	lines_start(&reader.lines, report, text, size);
	while (lines_next(&reader.lines, &line)) {
		if (*line.text == '[')
			read_head(&reader, &line);
		else if (line.readable)
			read_entry(&reader, &line);
	}
	flush_batch(&reader);
	iniparser_set_error_callback(NULL);
	/* The list has stopped moving: sections may point into it. */
	entry = reader.entries;
	for (size_t i = 0; i < ini->count; i++) {
		ini->sections[i].entries = entry;
		entry += ini->sections[i].count;
	}
}

struct entry *section_entry(const struct section *section, const char *key)
{
	for (size_t i = 0; i < section->count; i++)
		if (!strcmp(section->entries[i].key, key))
			return &section->entries[i];
	return NULL;
}

const char *section_title(struct report *report, const struct section *section)
{
	if (report_full(report))
		return "";
	return arena_printf(report->arena, "[%s%s%s]", shown(report, section->kind),
			    *section->name ? " " : "", shown(report, section->name));
}
