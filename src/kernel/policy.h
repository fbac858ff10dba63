/* SPDX-License-Identifier: MIT */
/* Rules of policy routing, and what of rules and tables refuses to route a packet. */
#ifndef KERNEL_POLICY_H
#define KERNEL_POLICY_H

#include "kernel/lookup.h"

/*
 * The rule or the route, in the namespace that the caller is in, by which the kernel refuses what
 * it was asked for: "rule 100: from all to 10.0.3.0/24 blackhole", "blackhole 10.0.3.0/24 table 7
 * (rule 100: from all lookup 7)". NULL: none is found. `in` is the name of the interface that the
 * packet came in by, or NULL.
 */
const char *policy_refusal(const struct lookup *lookup, const char *in, struct arena *arena);

#endif
