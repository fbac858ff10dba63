// SPDX-License-Identifier: MIT
// The record of a lab on disk: what is running, as text that a person can read too.
#include "lab/record.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "lab/folder.h"

/*
 * nslab 1
 * state running
 * ...
 * (an empty line)
 * NAME ORDER KIND ISOLATE PID START     one line a node, sorted by name
 */
#define FIRST_LINE  "nslab 1\n"
#define NODE_FORMAT "%s %zu %d %u %ld %" PRIu64 "\n"

static const char *const states[] = {[LAB_STARTING] = "starting", [LAB_RUNNING] = "running"};

static void print_head(FILE *out, const struct lab *lab)
{
	fprintf(out, FIRST_LINE "state %s\n", states[lab->state]);
	fprintf(out, "keeper %ld %" PRIu64 "\n", (long)lab->keeper.pid, lab->keeper.start);
	fprintf(out, "users %d\n", lab->users);
	fprintf(out, "started %" PRIu64 "\n", lab->started);
	fprintf(out, "nodes %zu\nlinks %zu\n", lab->node_count, lab->link_count);
	fprintf(out, "file %s\n\n", lab->file);
}

struct line {
	const struct lab_node *node;
	size_t order;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct line *)a)->node->name, ((const struct line *)b)->node->name);
}

static int print_nodes(FILE *out, const struct lab_node *nodes, size_t count)
{
	struct line *lines = calloc(count + 1, sizeof(*lines));

	if (!lines)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		lines[i] = (struct line){&nodes[i], i};
	qsort(lines, count, sizeof(*lines), by_name);
	for (size_t i = 0; i < count; i++) {
		const struct lab_node *node = lines[i].node;

		fprintf(out, NODE_FORMAT, node->name, lines[i].order, (int)node->kind,
			node->isolate, (long)node->process.pid, node->process.start);
	}
	free(lines);
	return 0;
}

int record_write(int folder, const struct lab *lab, const struct lab_node *nodes, size_t count,
		 struct error *err)
{
	AUTO_FREE char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int failed;

	if (!out)
		return error_set(err, ENOMEM, "cannot write the record of lab %s", lab->name);
	print_head(out, lab);
	failed = print_nodes(out, nodes, count);
	if (fclose(out) != 0 || failed)
		return error_set(err, ENOMEM, "cannot write the record of lab %s", lab->name);
	if (file_replace(folder, FOLDER_RECORD, text, size, err) < 0)
		return error_prefix(err, "lab %s: ", lab->name);
	return 0;
}

/* The value of a line "KEY value" of the head, in the arena, or "". */
static const char *head_value(const char *head, const char *key, struct arena *arena)
{
	size_t length = strlen(key);

	for (const char *line = head; *line && *line != '\n'; line = strchr(line, '\n') + 1)
		if (!strncmp(line, key, length) && line[length] == ' ')
			return arena_strndup(arena, line + length + 1,
					     strcspn(line + length + 1, "\n"));
	return "";
}

static int parse_head(const char *text, struct arena *arena, struct lab *lab)
{
	const char *state = head_value(text, "state", arena);
	long pid;

	lab->state = !strcmp(state, states[LAB_RUNNING]) ? LAB_RUNNING : LAB_STARTING;
	if (sscanf(head_value(text, "keeper", arena), "%ld %" SCNu64, &pid, &lab->keeper.start) !=
	    2)
		return -EPROTO;
	lab->keeper.pid = (pid_t)pid;
	lab->users = head_value(text, "users", arena)[0] == '1';
	lab->started = strtoull(head_value(text, "started", arena), NULL, 10);
	lab->node_count = strtoul(head_value(text, "nodes", arena), NULL, 10);
	lab->link_count = strtoul(head_value(text, "links", arena), NULL, 10);
	lab->file = head_value(text, "file", arena);
	return 0;
}

/* Map the whole file; an empty line in it ends the head. */
static int map_record(int parent, const char *name, struct lab *lab)
{
	AUTO_CLOSE int fd = -1;
	char path[300];
	struct stat st;
	void *text;

	if (snprintf(path, sizeof(path), "%s/" FOLDER_RECORD, name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = openat(parent, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size < (off_t)strlen(FIRST_LINE))
		return -EPROTO;
	text = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (text == MAP_FAILED)
		return -errno;
	lab->record = text;
	lab->record_size = (size_t)st.st_size;
	return 0;
}

static const char *nodes_of(const struct lab *lab)
{
	const char *gap = memmem(lab->record, lab->record_size, "\n\n", 2);

	return gap ? gap + 2 : NULL;
}

int record_read(int parent, const char *parent_path, const char *name, struct arena *arena,
		struct lab *lab)
{
	const char *nodes, *head;
	int failed;

	*lab = (struct lab){.name = arena_strdup(arena, name)};
	lab->folder = arena_printf(arena, "%s/%s", parent_path, name);
	failed = map_record(parent, name, lab);
	if (failed)
		return failed;
	nodes = nodes_of(lab);
	if (!nodes || memcmp(lab->record, FIRST_LINE, strlen(FIRST_LINE)) != 0)
		return -EPROTO;
	if (memchr(lab->record, '\0', (size_t)(nodes - (const char *)lab->record)))
		return -EPROTO;
	head = arena_strndup(arena, lab->record, (size_t)(nodes - (const char *)lab->record));
	return parse_head(head, arena, lab);
}

static int parse_node(const char *line, struct arena *arena, struct lab_node *node, size_t *order)
{
	char name[64];
	int kind;
	long pid;

	if (sscanf(line, "%63s %zu %d %u %ld %" SCNu64, name, order, &kind, &node->isolate, &pid,
		   &node->process.start) != 6)
		return -EPROTO;
	node->name = arena_strdup(arena, name);
	node->kind = (enum node_kind)kind;
	node->process.pid = (pid_t)pid;
	return 0;
}

/* A copy of the line at `line`, ended by a NUL: the mapping itself has none. */
static const char *copy_line(const char *line, const char *end, char *buffer, size_t size)
{
	const char *stop = memchr(line, '\n', (size_t)(end - line));
	size_t length = (size_t)((stop ? stop : end) - line);

	if (length >= size)
		length = size - 1;
	memcpy(buffer, line, length);
	buffer[length] = '\0';
	return stop ? stop + 1 : end;
}

/* Order of a line's name against `name`, as strcmp(3). */
static int compare_line(const char *line, const char *name)
{
	size_t length = strcspn(line, " ");
	int order = strncmp(line, name, length);

	return order ? order : name[length] ? -1 : 0;
}

int record_node(const struct lab *lab, const char *name, struct arena *arena, struct lab_node *node)
{
	const char *low = nodes_of(lab), *end = (const char *)lab->record + lab->record_size;
	const char *high = end;
	char line[256];
	size_t order;

	while (low < high) {
		const char *middle = low + (high - low) / 2, *next;
		int side;

		while (middle > low && middle[-1] != '\n')
			middle--;
		next = copy_line(middle, end, line, sizeof(line));
		side = compare_line(line, name);
		if (side == 0)
			return parse_node(line, arena, node, &order);
		if (side < 0)
			low = next;
		else
			high = middle;
	}
	return -ENOENT;
}

int record_nodes(const struct lab *lab, struct arena *arena, struct lab_node **nodes, size_t *count)
{
	const char *next = nodes_of(lab), *end = (const char *)lab->record + lab->record_size;
	size_t lines = 0;
	char line[256];

	for (const char *p = next; p < end; p++)
		lines += *p == '\n';
	*nodes = arena_alloc(arena, (lines + 1) * sizeof(**nodes));
	*count = lines;
	for (size_t i = 0; i < lines; i++) {
		struct lab_node node = {0};
		size_t order = 0;

		next = copy_line(next, end, line, sizeof(line));
		if (parse_node(line, arena, &node, &order) < 0 || order >= lines ||
		    (*nodes)[order].name)
			return -EPROTO;
		(*nodes)[order] = node;
	}
	return 0;
}
