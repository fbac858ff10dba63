// SPDX-License-Identifier: MIT
// Routers one behind the other, open or closed: line and ring.
#include <inttypes.h>

#include "generate/kinds.h"
#include "generate/pieces.h"
#include "generate/shape.h"

static void write_routers(const struct shape *shape, FILE *out, uint32_t first, uint32_t last,
			  const char *like)
{
	write_router(shape, out, text_of(shape, "r%s", range_of(shape, "", first, last)), "r{n}",
		     like);
	write_lan(shape, out, "{n}", network_of(shape, "n", shape->size[0]));
}

void write_line(const struct shape *shape, FILE *out)
{
	uint32_t count = shape->size[0];

	write_router_template(shape, out);
	fprintf(out,
		"\n; Cable c1 joins r1 and r2, and so on.\n[template next]\neth0 = c{n} %s.1/30\n",
		network_of(shape, "n", count));
	fprintf(out, "\n[template before]\neth1 = c{n-1} %s.2/30\n",
		network_of(shape, "n-1", count));
	write_routers(shape, out, 1, 1, "next");
	if (count > 2)
		write_routers(shape, out, 2, count - 1, "before next");
	write_routers(shape, out, count, count, "before");
	write_hosts(shape, out, range_of(shape, "", 1, count), "{n}",
		    network_of(shape, "n", count));
}

void write_ring(const struct shape *shape, FILE *out)
{
	uint32_t count = shape->size[0];
	const char *before = text_of(shape, "(n-2)%%%" PRIu32 "+1", count);

	write_router_template(shape, out);
	fputs("\n; Cable c1 joins r1 and r2, and so on; the last one comes back to r1.", out);
	write_routers(shape, out, 1, count, "");
	fprintf(out, "eth0 = c{n} %s.1/30\n", network_of(shape, "n", count));
	fprintf(out, "eth1 = c{%s} %s.2/30\n", before, network_of(shape, before, count));
	write_hosts(shape, out, range_of(shape, "", 1, count), "{n}",
		    network_of(shape, "n", count));
}
