// SPDX-License-Identifier: MIT
// Routers in columns and rows, with or without an edge: grid and torus.
#include <inttypes.h>

#include "generate/kinds.h"
#include "generate/pieces.h"
#include "generate/shape.h"

static void write_routers(const struct shape *shape, FILE *out, const char *columns,
			  const char *rows, const char *like)
{
	write_router(shape, out, text_of(shape, "g%s-%s", columns, rows), "g{x}-{y}", like);
	write_lan(shape, out, "{x}-{y}", "10.{x}.{y}");
}

static void write_all_hosts(const struct shape *shape, FILE *out)
{
	write_hosts(shape, out,
		    text_of(shape, "%s-%s", range_of(shape, "x", 1, shape->size[0]),
			    range_of(shape, "y", 1, shape->size[1])),
		    "{x}-{y}", "10.{x}.{y}");
}

/* A stretch of columns or rows, and the directions in which there are more. */
struct stretch {
	uint32_t first, last;
	const char *like;
};

/* The first, those between, the last. */
static size_t stretches(uint32_t count, const char *back, const char *forth, const char *both,
			struct stretch list[3])
{
	size_t n = 0;

	list[n++] = (struct stretch){1, 1, forth};
	if (count > 2)
		list[n++] = (struct stretch){2, count - 1, both};
	list[n++] = (struct stretch){count, count, back};
	return n;
}

void write_grid(const struct shape *shape, FILE *out)
{
	struct stretch columns[3], rows[3];
	size_t column_count = stretches(shape->size[0], "west", "east", "west east", columns);
	size_t row_count = stretches(shape->size[1], "north", "south", "north south", rows);

	write_router_template(shape, out);
	fputs("\n; Router gX-Y is in column X and row Y. Cable eX-Y goes east from it, sX-Y "
	      "south.\n"
	      "[template east]\neast0 = e{x}-{y} 10.{x}.{y}.1/30\n"
	      "\n[template west]\nwest0 = e{x-1}-{y} 10.{x-1}.{y}.2/30\n"
	      "\n[template south]\nsouth0 = s{x}-{y} 10.{x}.{y}.5/30\n"
	      "\n[template north]\nnorth0 = s{x}-{y-1} 10.{x}.{y-1}.6/30\n",
	      out);
	for (size_t y = 0; y < row_count; y++)
		for (size_t x = 0; x < column_count; x++)
			write_routers(shape, out,
				      range_of(shape, "x", columns[x].first, columns[x].last),
				      range_of(shape, "y", rows[y].first, rows[y].last),
				      text_of(shape, "%s %s", columns[x].like, rows[y].like));
	write_all_hosts(shape, out);
}

void write_torus(const struct shape *shape, FILE *out)
{
	const char *west = text_of(shape, "(x-2)%%%" PRIu32 "+1", shape->size[0]);
	const char *north = text_of(shape, "(y-2)%%%" PRIu32 "+1", shape->size[1]);

	write_router_template(shape, out);
	fputs("\n; Router gX-Y is in column X and row Y. Cable eX-Y goes east from it, sX-Y south; "
	      "from\n"
	      "; the last ones they come back to the first.",
	      out);
	write_routers(shape, out, range_of(shape, "x", 1, shape->size[0]),
		      range_of(shape, "y", 1, shape->size[1]), "");
	fputs("east0 = e{x}-{y} 10.{x}.{y}.1/30\n", out);
	fprintf(out, "west0 = e{%s}-{y} 10.{%s}.{y}.2/30\n", west, west);
	fputs("south0 = s{x}-{y} 10.{x}.{y}.5/30\n", out);
	fprintf(out, "north0 = s{x}-{%s} 10.{x}.{%s}.6/30\n", north, north);
	write_all_hosts(shape, out);
}
