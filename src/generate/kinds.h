/* SPDX-License-Identifier: MIT */
/* What writes the sections of each kind of topology; named by the rows of the table of kinds. */
#ifndef GENERATE_KINDS_H
#define GENERATE_KINDS_H

#include <stdint.h>
#include <stdio.h>

struct shape;

void write_line(const struct shape *shape, FILE *out);
void write_ring(const struct shape *shape, FILE *out);
void write_star(const struct shape *shape, FILE *out);
void write_mesh(const struct shape *shape, FILE *out);
void write_tree(const struct shape *shape, FILE *out);
void write_grid(const struct shape *shape, FILE *out);
void write_torus(const struct shape *shape, FILE *out);
void write_fat_tree(const struct shape *shape, FILE *out);
void write_leaf_spine(const struct shape *shape, FILE *out);
void write_random(const struct shape *shape, FILE *out);

/* Hosts at a router, or a switch, where the user says nothing. */
uint32_t tree_hosts(const struct shape *shape);
uint32_t fat_tree_hosts(const struct shape *shape);
uint32_t leaf_hosts(const struct shape *shape);

const char *refuse_tree(const struct shape *shape);
const char *refuse_fat_tree(const struct shape *shape);
const char *refuse_random(const struct shape *shape);

#endif
