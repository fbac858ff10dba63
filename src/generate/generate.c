// SPDX-License-Identifier: MIT
// A topology file of a shape, and what it needs beside it.
#include "generate/generate.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fault.h"
#include "generate/far.h"
#include "generate/frr.h"
#include "generate/shape.h"
#include "topology/load.h"

/* The sections of nodes, from which the rest follows. */
static const char *write_body(const struct shape *shape)
{
	char *text = NULL;
	const char *kept;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort(); /* no memory: as arenas do */
	shape->kind->write(shape, out);
	if (fclose(out) != 0)
		abort();
	kept = arena_strndup(shape->arena, text, size);
	free(text);
	return kept;
}

/* What the lab as a whole says of how packets find their ways. */
static const char *lab_section(enum ways ways)
{
	static const char *const sections[WAYS_COUNT] = {
		[WAYS_NONE] = "",
		[WAYS_STATIC] = "\n[lab]\nrouting = static\n",
		[WAYS_OSPF] = "\n; Time for all daemons to be ready.\n[lab]\ntimeout = 5m\n",
		[WAYS_BGP] = "\n; Time for all daemons to be ready.\n[lab]\ntimeout = 5m\n",
	};

	return sections[ways];
}

/* Without routes only neighbours reach each other; where there is no router, they are all. */
static const char *test_of_neighbours(const struct shape *shape, const struct topology *topology,
				      const struct node *from)
{
	const struct interface *to = far_neighbour(topology, shape->arena, from);
	char text[ADDRESS_TEXT_SIZE];

	if (!to)
		return "";
	if (!to->node->forward)
		return arena_printf(shape->arena, "\n[test far]\nstep.1 = ping %s %s\n", from->name,
				    to->node->name);
	return arena_printf(shape->arena,
			    "\n; There are no routes: only neighbours reach each other.\n"
			    "[test next]\nstep.1 = ping %s %s\n",
			    from->name, address_text(&to->addresses[0], true, text));
}

/* What must hold: the farthest hosts reach each other; of routers without routes, neighbours. */
static const char *test_section(const struct shape *shape, const struct topology *topology)
{
	static const char *const patience[WAYS_COUNT] = {
		[WAYS_STATIC] = "10s",
		[WAYS_OSPF] = "120s",
		[WAYS_BGP] = "120s",
	};
	const struct node *pair[2];

	far_pair(topology, shape->arena, pair);
	if (shape->ways == WAYS_NONE)
		return test_of_neighbours(shape, topology, pair[0]);
	return arena_printf(shape->arena, "\n[test far]\nstep.1 = ping %s %s within %s\n",
			    pair[0]->name, pair[1]->name, patience[shape->ways]);
}

bool generate(const struct shape *shape, const char *command, struct faults *faults,
	      struct generated *generated)
{
	const char *body = write_body(shape);
	const struct topology *topology =
		topology_parse("generated.ini", body, strlen(body), shape->arena, faults);

	*generated = (struct generated){0};
	if (!topology)
		return false;
	if (shape->ways == WAYS_OSPF)
		generated->configs = frr_ospf(topology, shape->arena, &generated->config_count);
	if (shape->ways == WAYS_BGP)
		generated->configs = frr_bgp(topology, shape->arena, &generated->config_count);
	generated->text =
		arena_printf(shape->arena, "; %s: %s.\n%s%s%s", command, shape->kind->summary,
			     lab_section(shape->ways), body, test_section(shape, topology));
	return true;
}
