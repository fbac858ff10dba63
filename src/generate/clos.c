// SPDX-License-Identifier: MIT
// Data centres: fat tree, and leaf-spine.
#include <inttypes.h>

#include "generate/kinds.h"
#include "generate/pieces.h"
#include "generate/shape.h"

uint32_t fat_tree_hosts(const struct shape *shape)
{
	return shape->size[0] / 2;
}

uint32_t leaf_hosts(const struct shape *shape)
{
	(void)shape;
	return 2;
}

const char *refuse_fat_tree(const struct shape *shape)
{
	return shape->size[0] % 2 ? "takes an even number of ports" : NULL;
}

/*
 * Of PORTS: so many pods, each of half as many edge routers and aggregation routers, which have
 * half their ports to each side; the core has a router for each pair of ports of a pod that go up.
 */
void write_fat_tree(const struct shape *shape, FILE *out)
{
	uint32_t pods = shape->size[0], half = pods / 2;
	const char *p = range_of(shape, "p", 1, pods), *a = range_of(shape, "a", 1, half);
	const char *c = range_of(shape, "c", 1, half), *e = range_of(shape, "e", 1, half);
	const char *down = text_of(shape, "10.{p}.{(e-1)*%" PRIu32 "+a}", half);
	const char *up = text_of(shape, "10.{p}.{(a-1)*%" PRIu32 "+c}", half);

	write_router_template(shape, out);
	fputs("\n; In pod P, cable dP-E-A goes from the aggregation router A down to the edge "
	      "router E, and\n"
	      "; cable uP-A-C up to the router C of the core that is there for all routers A.",
	      out);
	write_router(shape, out, text_of(shape, "core%s-%s", a, c), "core{a}-{c}", "");
	fprintf(out, "pod%s = u{p}-{a}-{c} %s.5/30\n", p, up);
	write_router(shape, out, text_of(shape, "agg%s-%s", p, a), "agg{p}-{a}", "");
	fprintf(out, "up%s = u{p}-{a}-{c} %s.6/30\n", c, up);
	fprintf(out, "down%s = d{p}-{e}-{a} %s.1/30\n", e, down);
	write_router(shape, out, text_of(shape, "edge%s-%s", p, e), "edge{p}-{e}", "");
	fprintf(out, "up%s = d{p}-{e}-{a} %s.2/30\n", a, down);
	write_lan(shape, out, "{p}-{e}", "10.{p}.{e}");
	write_hosts(shape, out, text_of(shape, "%s-%s", p, e), "{p}-{e}", "10.{p}.{e}");
}

void write_leaf_spine(const struct shape *shape, FILE *out)
{
	const char *s = range_of(shape, "s", 1, shape->size[0]);
	const char *l = range_of(shape, "l", 1, shape->size[1]);

	write_router_template(shape, out);
	write_router(shape, out, text_of(shape, "spine%s", s), "spine{s}", "");
	fprintf(out, "leaf%s = c{s}-{l} 10.{s}.{l}.1/30\n", l);
	write_router(shape, out, text_of(shape, "leaf%s", l), "leaf{l}", "");
	fprintf(out, "spine%s = c{s}-{l} 10.{s}.{l}.2/30\n", s);
	write_lan(shape, out, "{l}", "10.0.{l}");
	write_hosts(shape, out, l, "{l}", "10.0.{l}");
}
