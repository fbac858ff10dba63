/* SPDX-License-Identifier: MIT */
/* What between two nodes keeps routing daemons from speaking: a cut cable, a daemon that ended. */
#ifndef LAB_PATH_OBSTACLE_H
#define LAB_PATH_OBSTACLE_H

#include "lab/path.h"

struct obstacle {
	enum explain_cause cause; /* CAUSE_NODE, CAUSE_LINK_DOWN or CAUSE_SERVICE */
	const char *node;
	const char *text; /* in words: "link core is cut: r1:eth0 is down" */
};

/* The first one on the shortest way along cables. False: there is none. */
bool path_obstacle(struct path *path, struct path_node *from, struct path_node *to,
		   struct obstacle *obstacle);

/* A cable from the one to the other that is cut, whatever other ways there are. */
bool path_cut_beside(struct path *path, const struct path_node *from, const struct path_node *to,
		     struct obstacle *obstacle);

/* A service of the node that has ended, in words; of routing daemons alone if so wished. */
const char *path_ended_service(const struct path *path, const struct path_node *node, bool routing);

#endif
