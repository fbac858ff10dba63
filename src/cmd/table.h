/* SPDX-License-Identifier: MIT */
/* Rows of text in aligned columns. */
#ifndef CMD_TABLE_H
#define CMD_TABLE_H

#include <stddef.h>
#include <stdio.h>

struct arena;

#define TABLE_COLUMNS_MAX 8

/* Start with {.arena = arena, .columns = how many}. */
struct table {
	struct arena *arena;
	size_t columns;
	const char *(*rows)[TABLE_COLUMNS_MAX];
	size_t count;
};

/* A new row; the caller fills its cells, of which NULL is an empty one. They must stay in place. */
const char **table_row(struct table *table);

/* Each column as wide as its widest cell, two spaces between them, none at a line's end. */
void table_print(const struct table *table, FILE *out);

#endif
