/* SPDX-License-Identifier: MIT */
/* The addresses under which a node is spoken to. */
#ifndef TEST_STATION_H
#define TEST_STATION_H

#include "topology/model.h"

struct error;
struct party;
struct trial;

struct station {
	const struct node *node;
	struct address addresses[2]; /* IPv4 and IPv6; AF_UNSPEC: none */
};

/* Of each node of the party. NULL: the kernel could not be asked. */
struct station *stations_of(const struct trial *trial, const struct party *party,
			    struct error *err);

/* NULL: it has none. */
const struct address *station_address(const struct station *station, int family);

/* Is it one of the node's, by its file? So are link-local ones, which routers give as next hops. */
bool node_has_address(const struct node *node, const struct address *address);

#endif
