// SPDX-License-Identifier: MIT
// Routers around one, and routers each joined to each: star and mesh.
#include <inttypes.h>

#include "generate/kinds.h"
#include "generate/pieces.h"
#include "generate/shape.h"

void write_star(const struct shape *shape, FILE *out)
{
	uint32_t count = shape->size[0];
	const char *network = network_of(shape, "n", count);
	const char *range = range_of(shape, "n", 1, count);

	write_router_template(shape, out);
	write_router(shape, out, "hub", "hub", "");
	fprintf(out, "eth%s = c{n} %s.1/30\n", range, network);
	write_router(shape, out, text_of(shape, "s%s", range), "s{n}", "");
	fprintf(out, "eth0 = c{n} %s.2/30\n", network);
	write_lan(shape, out, "{n}", network);
	write_hosts(shape, out, range, "{n}", network);
}

/* Half of the routers, or all; the far ones have a cable each to the one across. */
static void write_mesh_part(const struct shape *shape, FILE *out, uint32_t first, uint32_t last)
{
	uint32_t count = shape->size[0], around = (count - 1) / 2;
	const char *from = text_of(shape, "(n-m-1)%%%" PRIu32 "+1", count);

	write_router(shape, out, text_of(shape, "r%s", range_of(shape, "n", first, last)), "r{n}",
		     "");
	if (around) {
		fprintf(out, "out%s = c{m}-{n} 10.{m}.{n}.1/30\n", range_of(shape, "m", 1, around));
		fprintf(out, "in%s = c{m}-{%s} 10.{m}.{%s}.2/30\n", range_of(shape, "m", 1, around),
			from, from);
	}
	if (count % 2 == 0 && first == 1)
		fprintf(out, "far0 = d{n} 10.200.{n}.1/30\n");
	else if (count % 2 == 0)
		fprintf(out, "far0 = d{n-%" PRIu32 "} 10.200.{n-%" PRIu32 "}.2/30\n", count / 2,
			count / 2);
	write_lan(shape, out, "{n}", "10.0.{n}");
}

/*
 * As if on a circle: each router has a cable to the ones 1, 2, ... behind it, up to half the way
 * round, and so from those before it; where their number is even, one is right across.
 */
void write_mesh(const struct shape *shape, FILE *out)
{
	uint32_t count = shape->size[0];

	write_router_template(shape, out);
	fputs("\n; Cable c2-1 goes from r1 to the second router behind it, r3, and so on", out);
	fputs(count % 2 ? ".\n" : ";\n; d1 goes right across.\n", out);
	if (count % 2) {
		write_mesh_part(shape, out, 1, count);
	} else {
		write_mesh_part(shape, out, 1, count / 2);
		write_mesh_part(shape, out, count / 2 + 1, count);
	}
	write_hosts(shape, out, range_of(shape, "n", 1, count), "{n}", "10.0.{n}");
}
