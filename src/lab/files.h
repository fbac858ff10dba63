/* SPDX-License-Identifier: MIT */
/* Private files: what every node has for itself of /etc, /var and /run. */
#ifndef LAB_FILES_H
#define LAB_FILES_H

#include "kernel/tree.h"
#include "lab/kept.h"

struct arena;
struct build;
struct error;
struct node;

/*
 * What nodes see at a private path is, from the top: what the node itself has written (in memory of
 * its own, with a limit), a layer that the lab's nodes share, and the machine's folder. As an
 * ordinary user no file of the machine has an owner that is known in the lab, and none such can be
 * changed: there the lab's layer has a copy of all of /etc, and all folders of /var.
 */
enum layer { LAYER_ETC, LAYER_VAR, LAYER_VAR_HIDDEN, LAYER_RUN, LAYERS };

/* The layers, as `up` finds the machine while it still sees true owners. */
struct survey {
	struct tree trees[LAYERS];
	struct kept kept;
};

/* Beside the layers: where each node mounts memory of its own, and a folder with nothing in it. */
#define FILES_OF_NODE "node"
#define FILES_NONE    "none"

/* Made by `up`, before anything is cloned. `work`: the folder of the topology file. */
const struct survey *files_survey(bool users, const char *work, struct arena *arena);

/* Made by the keeper: the layers, in memory mounted in the lab's folder, out of the host's sight.
 */
int files_lay(const struct build *build, struct error *err);

/* One of the layers, into an empty folder. */
int files_lay_layer(const struct build *build, enum layer layer, int folder, struct error *err);

/* A new file in the place of what is there, for all to read. Returns 0 or -errno. */
int files_write(int folder, const char *name, const char *text);

/* Made by each node that has mounts of its own. */
int files_mount(const struct build *build, const struct node *node, struct error *err);

#endif
