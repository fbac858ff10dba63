/* SPDX-License-Identifier: MIT */
/* What the files of all kinds are put together of: routers, cables, hosts, addresses. */
#ifndef GENERATE_PIECES_H
#define GENERATE_PIECES_H

#include <stdint.h>
#include <stdio.h>

struct shape;

/*
 * The first three bytes of the network of the router with that number, a formula that comes to
 * `most` at most: "10.0.{n}", "10.{n/256}.{n%256}". Its cables are at .0/30 and .4/30, its hosts
 * at .128/25.
 */
const char *network_of(const struct shape *shape, const char *number, uint32_t most);

/* "FORMAT", in the arena of the shape. */
const char *text_of(const struct shape *shape, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "{1..10}" or "{x=1..10}". */
const char *range_of(const struct shape *shape, const char *name, uint32_t first, uint32_t last);

/* What all routers have; every file but that of switches begins with it. */
void write_router_template(const struct shape *shape, FILE *out);

/* "[node HEAD]"; `name` is the same with formulas in the place of ranges; `like`: more templates.
 */
void write_router(const struct shape *shape, FILE *out, const char *head, const char *name,
		  const char *like);

/* In the section of a router: its side of the cable or switch with its hosts, if it has any. */
void write_lan(const struct shape *shape, FILE *out, const char *name, const char *network);

/* The hosts of routers, as many a router as the shape has. `letter`: what no range is called. */
void write_hosts(const struct shape *shape, FILE *out, const char *head, const char *name,
		 const char *network);

#endif
