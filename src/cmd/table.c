// SPDX-License-Identifier: MIT
// Rows of text in aligned columns.
#include "cmd/table.h"

#include <string.h>

#include "base/arena.h"
#include "cmd/cmd.h"

const char **table_row(struct table *table)
{
	return *array_push(table->arena, table->rows, table->count);
}

/* On the screen: bytes that begin a character. */
static size_t width_of(const char *text)
{
	size_t width = 0;

	for (; text && *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

static void print_row(const struct table *table, const char *const *row, const size_t *widths,
		      FILE *out)
{
	size_t last = 0, pending = 0;

	for (size_t i = 0; i < table->columns; i++)
		if (row[i] && *row[i])
			last = i + 1;
	for (size_t i = 0; i < last; i++) {
		fprintf(out, "%*s", (int)pending, "");
		if (row[i])
			put_printable(out, row[i]);
		pending = widths[i] - width_of(row[i]) + 2;
	}
	fputc('\n', out);
}

void table_print(const struct table *table, FILE *out)
{
	size_t widths[TABLE_COLUMNS_MAX] = {0};

	for (size_t r = 0; r < table->count; r++)
		for (size_t i = 0; i < table->columns; i++)
			if (width_of(table->rows[r][i]) > widths[i])
				widths[i] = width_of(table->rows[r][i]);
	for (size_t r = 0; r < table->count; r++)
		print_row(table, table->rows[r], widths, out);
}
