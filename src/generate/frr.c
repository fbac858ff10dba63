// SPDX-License-Identifier: MIT
// Configurations of FRR for the routers of a topology.
#include "generate/frr.h"

#include <stdlib.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/map.h"
#include "generate/shape.h"
#include "topology/model.h"

/* Of the private 32-bit numbers of autonomous systems (RFC 6996), the first. */
#define FIRST_AS 4200000000U

static bool is_router(const struct node *node)
{
	return node->kind == NODE_HOST && node->forward;
}

static bool joins_routers(const struct interface *interface)
{
	return interface->peer && is_router(interface->node) && is_router(interface->peer->node);
}

/* A text under construction. */
struct text {
	FILE *out;
	char *bytes;
	size_t size;
};

static void begin(struct text *text)
{
	*text = (struct text){0};
	text->out = open_memstream(&text->bytes, &text->size);
	if (!text->out)
		abort(); /* no memory: as arenas do */
}

static const char *end(struct text *text, struct arena *arena)
{
	const char *kept;

	if (fclose(text->out) != 0)
		abort();
	kept = arena_strndup(arena, text->bytes, text->size);
	free(text->bytes);
	return kept;
}

struct config_file *frr_ospf(const struct topology *topology, struct arena *arena, size_t *count)
{
	struct config_file *file = arena_alloc(arena, sizeof(*file));
	struct map *names = map_new(arena);
	struct text text;

	begin(&text);
	fputs("! The configuration of every router. A neighbour is asked for every second and "
	      "given up\n"
	      "! after four, and what it does not acknowledge is told again after one. Cables have "
	      "two\n"
	      "! ends, so that no designated router is elected.\n",
	      text.out);
	for (size_t i = 0; i < topology->node_count; i++)
		for (size_t k = 1; k < topology->nodes[i].interface_count; k++) {
			struct interface *interface = &topology->nodes[i].interfaces[k];

			if (!joins_routers(interface) || map_add(names, interface->name, interface))
				continue;
			fprintf(text.out,
				"interface %s\n ip ospf network point-to-point\n"
				" ip ospf hello-interval 1\n ip ospf dead-interval 4\n"
				" ip ospf retransmit-interval 1\n!\n",
				interface->name);
		}
	fputs("router ospf\n network 10.0.0.0/8 area 0\n passive-interface lan0\n", text.out);
	*file = (struct config_file){"ospf.conf", end(&text, arena)};
	*count = 1;
	return file;
}

static void write_neighbour(const struct interface *interface, FILE *out)
{
	char address[ADDRESS_TEXT_SIZE];

	address_text(&interface->peer->addresses[0], true, address);
	fprintf(out, " neighbor %s remote-as %u\n neighbor %s timers connect 2\n", address,
		FIRST_AS + interface->peer->node->number, address);
}

static const char *bgp_text(const struct node *node, struct arena *arena)
{
	struct text text;

	begin(&text);
	fprintf(text.out, "router bgp %u\n", FIRST_AS + node->number);
	fputs(" ! Without a policy nothing goes out or comes in (RFC 8212); here all may.\n"
	      " no bgp ebgp-requires-policy\n"
	      " ! Lists of the same length are equal ways.\n"
	      " bgp bestpath as-path multipath-relax\n"
	      " timers bgp 3 9\n",
	      text.out);
	for (size_t i = 1; i < node->interface_count; i++)
		if (joins_routers(&node->interfaces[i]))
			write_neighbour(&node->interfaces[i], text.out);
	fputs(" !\n address-family ipv4 unicast\n  redistribute connected\n", text.out);
	return end(&text, arena);
}

struct config_file *frr_bgp(const struct topology *topology, struct arena *arena, size_t *count)
{
	struct config_file *files = NULL;

	*count = 0;
	for (size_t i = 0; i < topology->node_count; i++) {
		const struct node *node = &topology->nodes[i];

		if (is_router(node))
			*array_push(arena, files, *count) = (struct config_file){
				arena_printf(arena, "%s.conf", node->name), bgp_text(node, arena)};
	}
	return files;
}
