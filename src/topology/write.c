// SPDX-License-Identifier: MIT
// A topology as a file that says the same without ranges, formulas, templates and includes.
#include "topology/write.h"

#include <string.h>

#include "topology/ini.h"
#include "topology/model.h"
#include "topology/unit.h"

/* What unquoted would be cut short, or read as quotes. */
static bool needs_quotes(const char *value)
{
	size_t length = strlen(value);

	return strpbrk(value, ";#") || strchr("\"' \t", *value) ||
	       (length && strchr(" \t\\", value[length - 1]));
}

/* Of the two quotes, the value had one around it: it has that not within. */
static void write_entry(const struct entry *entry, FILE *out)
{
	const char *quote = !needs_quotes(entry->value) ? ""
			    : strchr(entry->value, '"') ? "'"
							: "\"";

	fprintf(out, "%s = %s%s%s\n", entry->key, quote, entry->value, quote);
}

void topology_write(const struct topology *topology, FILE *out)
{
	for (size_t i = 0; i < topology->unit_count; i++) {
		const struct unit *unit = &topology->units[i];

		fprintf(out, "%s[%s%s%s]\n", i ? "\n" : "", unit->section->kind,
			*unit->section->name ? " " : "", unit->section->name);
		for (size_t k = 0; k < unit->expansion.count; k++)
			if (strcmp(unit->expansion.list[k]->key, "include") != 0)
				write_entry(unit->expansion.list[k], out);
	}
}
