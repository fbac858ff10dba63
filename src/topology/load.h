/* SPDX-License-Identifier: MIT */
/* From the text of a topology file to its model: the front door of this folder. */
#ifndef TOPOLOGY_LOAD_H
#define TOPOLOGY_LOAD_H

#include <stddef.h>

#include "base/fault.h"
#include "topology/model.h"

struct arena;

/*
 * Load and check the file at `path` ("-": standard input). All faults go to `faults`, an unreadable
 * file being one of them; the model and the file's text, which is that of all files where it
 * includes others, live in `arena`. Returns NULL if there is
 * any real fault (faults_real()); warnings alone do not prevent a model.
 */
const struct topology *topology_load(const char *path, struct arena *arena, char **text,
				     size_t *size, struct faults *faults);

/* The same for text in memory; `name` stands for the file in messages. */
const struct topology *topology_parse(const char *name, const char *text, size_t size,
				      struct arena *arena, struct faults *faults);

#endif
