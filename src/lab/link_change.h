/* SPDX-License-Identifier: MIT */
/* Cables cut, mended and changed while the lab runs. */
#ifndef LAB_LINK_CHANGE_H
#define LAB_LINK_CHANGE_H

#include "lab/cable.h"
#include "topology/change.h"

/* Has the kernel what the settings take? Says which one asks for what is missing. */
int link_check_kernel(const struct link_change *change, struct error *err);

/*
 * Change the cables, which were observed: all of a node at once, and nothing at all where the
 * change makes no sense for one of them. Whatever is not named stays.
 */
int link_apply(const struct cables *cables, const struct link_change *change, struct arena *arena,
	       struct error *err);

#endif
