/* SPDX-License-Identifier: MIT */
/* Why a route is missing, or leads another way than the sentence has it. */
#ifndef TEST_WHY_ROUTE_H
#define TEST_WHY_ROUTE_H

struct arena;
struct explanation;
struct item;
struct trial;

/* Packets arrive, as the explanation has it, but not by way of the step's routers. */
const char *why_another_way(const struct trial *trial, const struct item *item,
			    const struct explanation *explanation, struct arena *arena);

/* The item's node has not the route of the step. */
const char *why_no_such_route(const struct trial *trial, const struct item *item,
			      struct arena *arena);

#endif
