/* SPDX-License-Identifier: MIT */
/* Cables with their ends, states, impairments and counters, as a table and as JSON. */
#ifndef CMD_LINK_SHOW_H
#define CMD_LINK_SHOW_H

#include <stdio.h>

struct arena;
struct cables;

void link_print(const struct cables *cables, struct arena *arena, FILE *out);
void link_json(const struct cables *cables, struct arena *arena, FILE *out);

/* What a user can call them, one a line. */
void link_names(const struct cables *cables, struct arena *arena, FILE *out);

#endif
