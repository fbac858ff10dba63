// SPDX-License-Identifier: MIT
// Rows of text in aligned columns.
#include "cmd/table.h"

#include <stdbool.h>
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
		width += ((unsigned char)*text & 0xc0) != 0x80 && *text != *TABLE_MARK &&
			 *text != *TABLE_UNMARK;
	return width;
}

static void print_cell(const char *cell, bool coloured, FILE *out)
{
	static const char marks[] = TABLE_MARK TABLE_UNMARK;

	while (*cell) {
		char part[256];
		size_t length = strcspn(cell, marks);

		if (length == 0) {
			if (coloured)
				fputs(*cell == *TABLE_MARK ? "\033[31m" : "\033[0m", out);
			cell++;
			continue;
		}
		length = length < sizeof(part) ? length : sizeof(part) - 1;
		memcpy(part, cell, length);
		part[length] = '\0';
		put_printable(out, part);
		cell += length;
	}
}

static void print_row(const struct table *table, const char *const *row, const size_t *widths,
		      bool coloured, FILE *out)
{
	size_t last = 0, pending = 0;

	for (size_t i = 0; i < table->columns; i++)
		if (row[i] && *row[i])
			last = i + 1;
	for (size_t i = 0; i < last; i++) {
		if (!widths[i])
			continue;
		fprintf(out, "%*s", (int)pending, "");
		if (row[i])
			print_cell(row[i], coloured, out);
		pending = widths[i] - width_of(row[i]) + 2;
	}
	fputc('\n', out);
}

void table_print(const struct table *table, FILE *out)
{
	bool coloured = out == stdout && output_coloured();
	size_t widths[TABLE_COLUMNS_MAX] = {0};

	for (size_t r = 0; r < table->count; r++)
		for (size_t i = 0; i < table->columns; i++)
			if (width_of(table->rows[r][i]) > widths[i])
				widths[i] = width_of(table->rows[r][i]);
	for (size_t r = 0; r < table->count; r++)
		print_row(table, table->rows[r], widths, coloured, out);
}
