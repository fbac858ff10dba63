/* SPDX-License-Identifier: MIT */
/* A topology as a file that says the same without ranges, formulas, templates and includes. */
#ifndef TOPOLOGY_WRITE_H
#define TOPOLOGY_WRITE_H

#include <stdio.h>

struct topology;

void topology_write(const struct topology *topology, FILE *out);

#endif
