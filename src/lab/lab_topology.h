/* SPDX-License-Identifier: MIT */
/* The topology file of a running lab, as it was when the lab was built. */
#ifndef LAB_LAB_TOPOLOGY_H
#define LAB_LAB_TOPOLOGY_H

struct arena;
struct error;
struct lab;
struct topology;

/* Its model; NULL, with *err saying why, where the copy in the lab's folder cannot be read. */
const struct topology *kept_topology(const struct lab *lab, struct arena *arena, struct error *err);

#endif
