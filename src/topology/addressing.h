/* SPDX-License-Identifier: MIT */
/* What nslab chooses by itself where the file leaves it open: addresses and gateways. */
#ifndef TOPOLOGY_ADDRESSING_H
#define TOPOLOGY_ADDRESSING_H

struct build;

/* Addresses for interfaces that have none, from `subnet` and `addresses`. */
void settle_addresses(struct build *build);

/* `gateway = auto`: the first router on a segment of the node. */
void settle_gateways(struct build *build);

#endif
