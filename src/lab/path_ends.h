/* SPDX-License-Identifier: MIT */
/* What is at the far ends of interfaces: of cables, of tunnels, of what sits on others. */
#ifndef LAB_PATH_ENDS_H
#define LAB_PATH_ENDS_H

#include "lab/path.h"

#define FAR_ENDS_MOST 32 /* of a tunnel */

/* The interface of the file as the kernel has it, or NULL. */
const struct observed_interface *path_observed(struct path_node *node,
					       const struct interface *file);

/* What the device sits on, or that of its ports which is in use; NULL: nothing. */
const struct observed_interface *path_lower(struct path_node *node, const struct device *device);

/* From a device that sits on others to what it sits on. False: no further (it may be a cable). */
bool path_descend(struct path_node *node, const struct observed_interface **interface,
		  uint16_t *tag);

/* Where what is sent by the interface comes out: of a cable one place, of a tunnel maybe many. */
size_t path_far_ends(struct path *path, const struct interface *file,
		     struct path_place ends[FAR_ENDS_MOST]);

/*
 * Does a port lead to the place, through whatever other switches? `seen` has room for all nodes by
 * their number, and holds those that were looked at.
 */
bool path_leads(struct path *path, const struct interface *port, const struct path_place *to,
		bool *seen);

/* The same from an interface that a frame has come to. */
bool path_leads_on(struct path *path, const struct path_place *at, const struct path_place *to,
		   bool *seen);

#endif
