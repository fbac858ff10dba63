/* SPDX-License-Identifier: MIT */
/* Routes that nobody else would bring back: taken down as the kernel tells them, and put again. */
#ifndef KERNEL_STATIC_ROUTE_H
#define KERNEL_STATIC_ROUTE_H

#include <stddef.h>

struct arena;
struct error;

/* Netlink messages RTM_NEWROUTE, one behind the other, each aligned to NLMSG_ALIGNTO. */
struct static_routes {
	char *data;
	size_t size;
};

/*
 * The unicast routes of both families and all tables in the caller's network namespace that a
 * person or a script has made (RTPROT_BOOT, RTPROT_STATIC), sorted: not the kernel's own, which
 * come and go with addresses, nor those of routing daemons. What changes by itself (state,
 * counters) is left out.
 */
int static_routes_read(struct arena *arena, struct static_routes *routes, struct error *err);

/* Those of `before` that are not in `after`, both as read. */
struct static_routes static_routes_lost(const struct static_routes *before,
					const struct static_routes *after, struct arena *arena);

/*
 * Put the routes again. One that is there already is none the worse for it. *left gets those that
 * cannot be had now, as their interface is down.
 */
int static_routes_put(const struct static_routes *routes, struct arena *arena,
		      struct static_routes *left, struct error *err);

#endif
