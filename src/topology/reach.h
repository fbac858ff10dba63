/* SPDX-License-Identifier: MIT */
/* What one node is directly connected to, as the checks of its routes ask for it. */
#ifndef TOPOLOGY_REACH_H
#define TOPOLOGY_REACH_H

#include <stdbool.h>
#include <stddef.h>

struct address;
struct ground;
struct interface;
struct node;

struct reach {
	struct ground *ground;
	struct node *node;
	bool lengths[2][129]; /* which lengths its subnets have: IPv4, IPv6 */
};

/* Learn the subnets of all addresses of the node; say which of them lie in others. */
void reach_learn(struct reach *reach);

/* One more: the network of the address is reached on the interface. */
void reach_add(struct reach *reach, struct interface *interface, const struct address *address);

/*
 * The interface of the longest subnet that holds the address, of at most `longest` bits, or NULL;
 * `index` as in ground_subnet_key().
 */
struct interface *reach_find(struct reach *reach, size_t index, const struct address *address,
			     unsigned longest);

/* For "no subnet of h1 reaches it; eth0 has 10.0.1.10/24": what the node has of that family. */
const char *reach_text(struct reach *reach, const struct address *address);

/* Is it of a subnet with room for others? */
bool reach_is_wide(const struct address *address);

#endif
