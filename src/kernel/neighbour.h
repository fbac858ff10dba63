/* SPDX-License-Identifier: MIT */
/* The neighbour tables (ARP, ND) of the network namespace that the caller is in. */
#ifndef KERNEL_NEIGHBOUR_H
#define KERNEL_NEIGHBOUR_H

#include <stdint.h>

#include "topology/model.h"

enum neighbour_state {
	NEIGHBOUR_NONE,	   /* no entry */
	NEIGHBOUR_WAITING, /* it was asked for, and nobody has answered yet */
	NEIGHBOUR_FAILED,  /* nobody has answered */
	NEIGHBOUR_KNOWN,
	NEIGHBOUR_FIXED, /* somebody has set it */
};

struct neighbour {
	enum neighbour_state state;
	uint8_t mac[6]; /* of KNOWN and FIXED */
};

/* The entry for an address at an interface. Returns 0 or -errno. */
int neighbour_get(uint32_t index, const struct address *address, struct neighbour *neighbour);

/* The same, but an entry that is not known is asked for, and awaited for `milliseconds` at most. */
int neighbour_resolve(uint32_t index, const struct address *address, int milliseconds,
		      struct neighbour *neighbour);

/* Forget all that was learnt here; it is learnt again when it is needed. */
void neighbour_flush(void);

#endif
