/* SPDX-License-Identifier: MIT */
/* How the bridge of a switch is set: the same for the kernel and for scripts. */
#ifndef PLAN_BRIDGE_H
#define PLAN_BRIDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "topology/model.h"

#define BRIDGE_TICKS 100 /* the kernel takes times in USER_HZ */

/*
 * The shortest times that the kernel takes with STP (net/bridge/br_private_stp.h: BR_MIN_...), so
 * that a port forwards 4 s after it came up and a lost neighbour is noticed after 6 s. They are
 * set without STP too, where they do nothing, so that STP switched on by hand is as quick.
 * IEEE 802.1D, 17.14, wants 2 * (forward delay - 1) >= max age; the kernel does not ask for it, and
 * it would cost 8 s: it guards against loops by BPDUs that are late, which cannot be here.
 */
#define BRIDGE_FORWARD_DELAY (2U * BRIDGE_TICKS)
#define BRIDGE_HELLO_TIME    (1U * BRIDGE_TICKS)
#define BRIDGE_MAX_AGE	     (6U * BRIDGE_TICKS)

/* A bridge that forgets at once never learns (br_fdb_update: "some users want to always flood"). */
static inline uint32_t bridge_ageing(const struct bridge *bridge)
{
	return bridge->hub ? 0 : bridge->ageing * BRIDGE_TICKS;
}

/* A hub does not know groups: every multicast frame goes everywhere, whoever joined. */
static inline bool bridge_snooping(const struct bridge *bridge)
{
	return bridge->snooping && !bridge->hub;
}

#endif
