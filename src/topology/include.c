// SPDX-License-Identifier: MIT
// The files that a file includes, with `include` in its [lab].
#include "topology/include.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/map.h"
#include "base/text.h"
#include "topology/build.h"
#include "topology/check.h"
#include "topology/ini.h"
#include "topology/merge.h"
#include "topology/report.h"
#include "topology/values.h"

#define DEPTH_LIMIT 32

/* A file that is being read. */
struct source {
	const char *shown; /* its name for the user */
	const char *real;  /* the one that it has whatever links lead to it; NULL: standard input */
	const char *folder; /* where it is */
	const char *below;  /* the same seen from the first file's folder; NULL: it is the first */
	const struct source *by; /* what includes it, or NULL */
	int depth;
};

struct including {
	struct report *report;
	struct map *seen; /* real names */
	size_t size;	  /* of all files so far */
	struct section *sections;
	size_t count;
	struct section *labs; /* one of each file */
	size_t lab_count;
};

static bool is_lab(const struct section *section)
{
	return section->kind && !strcmp(section->kind, "lab");
}

static const char *folder_part(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? arena_strndup(arena, path, (size_t)(slash - path + 1)) : "";
}

/* The name of a file of that folder that is near to the one that is not there. */
static const char *near_file(struct report *report, const char *folder, const char *name)
{
	const char *slash = strrchr(name, '/');
	struct near near = {.word = slash ? slash + 1 : name};
	DIR *listing = opendir(
		arena_printf(report->arena, "%s/%s", folder, folder_part(report->arena, name)));
	struct dirent *entry;

	while (listing && (entry = readdir(listing)))
		if (entry->d_name[0] != '.' &&
		    !report_offer(report, &near, arena_strdup(report->arena, entry->d_name)))
			break;
	if (listing)
		closedir(listing);
	return near_best(&near) ? arena_printf(report->arena, "%s%s",
					       folder_part(report->arena, name), near_best(&near))
				: NULL;
}

/* "a.ini, b.ini, a.ini" from the file that is named again on. */
static const char *circle(struct arena *arena, const struct source *last, const char *real)
{
	const char *text = "";

	for (const struct source *source = last; source; source = source->by) {
		text = arena_printf(arena, "%s%s%s", source->shown, *text ? ", " : "", text);
		if (source->real && !strcmp(source->real, real))
			break;
	}
	return text;
}

static bool is_open(const struct source *source, const char *real)
{
	for (; source; source = source->by)
		if (source->real && !strcmp(source->real, real))
			return true;
	return false;
}

static void take(struct including *including, struct ini *ini, const struct source *source);

static void read_included(struct including *including, struct source *source, struct place place)
{
	struct report *report = including->report;
	const char *before = report->file;
	size_t size = 0;
	struct error err;
	struct ini ini;
	char *text;

	if (file_read(source->real, FILE_LIMIT - including->size, report->arena, &text, &size,
		      &err) < 0) {
		report->faults->machine |= is_machines(err.number);
		report_fault(report, place, "include: cannot read %s: %s",
			     shown(report, source->shown),
			     err.number == EFBIG ? "all files together have more than 32 MiB"
						 : strerror(err.number));
		return;
	}
	including->size += size;
	report->file = source->shown;
	ini_parse(report, text, size, &ini);
	take(including, &ini, source);
	report->file = before;
}

static void include(struct including *including, const struct source *by, const char *name,
		    struct place place)
{
	struct report *report = including->report;
	struct arena *arena = report->arena;
	const char *path = *name == '/' ? name : arena_printf(arena, "%s/%s", by->folder, name);
	char real[PATH_MAX];
	struct stat st;
	struct source source = {.by = by, .depth = by->depth + 1};

	if (!realpath(path, real)) {
		report->faults->machine |= is_machines(errno);
		report_fault(report, place, "include: cannot read %s: %s%s", shown(report, name),
			     strerror(errno),
			     did_you_mean(report, errno == ENOENT
							  ? near_file(report, by->folder, name)
							  : NULL));
		return;
	}
	if (stat(real, &st) == 0 && !S_ISREG(st.st_mode)) {
		report_fault(report, place, "include: %s is no file", shown(report, name));
		return;
	}
	if (is_open(by, real)) {
		report_fault(report, place, "include: %s includes itself (%s)", shown(report, name),
			     shown(report, circle(arena, by, real)));
		return;
	}
	if (source.depth > DEPTH_LIMIT) {
		report_fault(report, place, "include: files include files more than %d deep",
			     DEPTH_LIMIT);
		return;
	}
	source.real = arena_strdup(arena, real);
	if (map_add(including->seen, source.real, including))
		return;
	source.folder = *name == '/' || strchr(name, '/')
				? arena_printf(arena, "%s", folder_part(arena, path))
				: by->folder;
	source.shown = *name == '/'
			       ? name
			       : arena_printf(arena, "%s%s", folder_part(arena, by->shown), name);
	source.below = *name == '/' ? folder_part(arena, name)
				    : arena_printf(arena, "%s%s", by->below ? by->below : "",
						   folder_part(arena, name));
	read_included(including, &source, place);
}

/* What the file includes first, then its own sections. */
static void take(struct including *including, struct ini *ini, const struct source *source)
{
	struct arena *arena = including->report->arena;
	bool has_lab = false;

	for (size_t i = 0; i < ini->count; i++) {
		const struct section *section = &ini->sections[i];
		const struct entry *entry =
			is_lab(section) ? section_entry(section, "include") : NULL;
		size_t words = 0;
		char **names =
			entry && entry->value ? value_words(arena, entry->value, &words) : NULL;

		for (size_t k = 0; k < words && !report_full(including->report); k++)
			include(including, source, names[k], entry->place);
	}
	for (size_t i = 0; i < ini->count; i++) {
		struct section *section = &ini->sections[i];

		for (size_t k = 0; k < section->count; k++)
			section->entries[k].below = source->below;
		if (is_lab(section) && !has_lab)
			*array_push(arena, including->labs, including->lab_count) = *section;
		else
			*array_push(arena, including->sections, including->count) = *section;
		has_lab |= is_lab(section);
	}
}

/* One [lab] of all comes first, with the place of the first file's own. */
static void merge_labs(struct including *including)
{
	struct arena *arena = including->report->arena;
	struct merge merge;
	struct section *lab;
	size_t total = 0;

	for (size_t i = 0; i < including->lab_count; i++)
		total += including->labs[i].count;
	merge = merge_start(arena, total);
	for (size_t i = 0; i < including->lab_count; i++)
		for (size_t k = 0; k < including->labs[i].count; k++)
			merge_add(&merge, &including->labs[i].entries[k]);
	lab = arena_alloc(arena, (including->count + 1) * sizeof(*lab));
	for (size_t i = 0; i < including->count; i++)
		lab[i + 1] = including->sections[i];
	including->count++;
	including->sections = lab;
	*lab = including->labs[including->lab_count - 1];
	lab->entries = arena_alloc(arena, (merge.to.count + 1) * sizeof(*lab->entries));
	lab->count = merge.to.count;
	for (size_t i = 0; i < merge.to.count; i++)
		lab->entries[i] = *merge.to.list[i];
}

bool include_files(struct report *report, const char *folder, size_t size, struct ini *ini)
{
	struct including including = {
		.report = report, .seen = map_new(report->arena), .size = size};
	struct source source = {.shown = report->file, .folder = *folder ? folder : "/"};
	char real[PATH_MAX];
	bool any = false;

	for (size_t i = 0; i < ini->count; i++)
		any |= is_lab(&ini->sections[i]) && section_entry(&ini->sections[i], "include");
	if (!any)
		return false;
	if (realpath(report->file, real))
		source.real = real;
	take(&including, ini, &source);
	merge_labs(&including);
	ini->sections = including.sections;
	ini->count = including.count;
	return true;
}
