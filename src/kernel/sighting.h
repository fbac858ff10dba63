/* SPDX-License-Identifier: MIT */
/* Packets of one conversation, seen as they enter and leave the interfaces of nodes. */
#ifndef KERNEL_SIGHTING_H
#define KERNEL_SIGHTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topology/model.h"

struct arena;

/* What to look out for. */
struct watched {
	struct address to;
	uint8_t protocol; /* IPPROTO_... */
	uint16_t port;	  /* of TCP and UDP, at `to` */
};

struct sighting {
	uint32_t node;	/* which of the watchers */
	uint32_t index; /* of the interface */
	bool reply;	/* from `to`; else a packet for it */
	bool out;
};

struct sightings {
	struct watched watched;
	struct arena *arena;
	int *sockets; /* one a watcher, -1 for none */
	size_t count;
	struct sighting *list; /* each sort once */
	size_t seen;
};

/* Watch the namespace that the caller is in, as watcher `node`. Returns 0 or -errno. */
int sightings_watch(struct sightings *sightings, uint32_t node);

/* Look at what has come by; to be called after the packets went, and before too many others. */
void sightings_read(struct sightings *sightings);
void sightings_close(struct sightings *sightings);

bool sightings_has(const struct sightings *sightings, uint32_t node, uint32_t index, bool reply,
		   bool out);

/* Reads the packet at `data`, of protocol number `ethertype`. False: not of the conversation. */
bool sighting_matches(const struct watched *watched, uint16_t ethertype, const unsigned char *data,
		      size_t size, bool *reply);

#endif
