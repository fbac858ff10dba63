/* SPDX-License-Identifier: MIT */
/* Rows of text in aligned columns. */
#ifndef CMD_TABLE_H
#define CMD_TABLE_H

#include <stddef.h>
#include <stdio.h>

struct arena;

#define TABLE_COLUMNS_MAX 8

/* Within a cell: what stands between them is coloured where the output may be, else they are
 * nothing. */
#define TABLE_MARK   "\001"
#define TABLE_UNMARK "\002"

/* Start with {.arena = arena, .columns = how many}. */
struct table {
	struct arena *arena;
	size_t columns;
	const char *(*rows)[TABLE_COLUMNS_MAX];
	size_t count;
};

/* A new row; the caller fills its cells, of which NULL is an empty one. They must stay in place. */
const char **table_row(struct table *table);

/* Each column as wide as its widest cell, two spaces between them; an empty column is left out. */
void table_print(const struct table *table, FILE *out);

#endif
