/* SPDX-License-Identifier: MIT */
/* A section with all keys that hold for it, on its way into the model. */
#ifndef TOPOLOGY_UNIT_H
#define TOPOLOGY_UNIT_H

#include "topology/template.h"

struct node;
struct section;

struct unit {
	struct section *section;
	struct expansion expansion;
	struct node *node; /* of a [node] or [switch] */
};

#endif
