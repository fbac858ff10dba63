/* SPDX-License-Identifier: MIT */
/* An explanation of a way, as text and as JSON. */
#ifndef CMD_EXPLAIN_SHOW_H
#define CMD_EXPLAIN_SHOW_H

#include <stdio.h>

struct arena;
struct explanation;

void explain_print(const struct explanation *explanation, struct arena *arena, FILE *out);
void explain_json(const struct explanation *explanation, struct arena *arena, FILE *out);

#endif
