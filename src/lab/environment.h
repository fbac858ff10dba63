/* SPDX-License-Identifier: MIT */
/* What a node's programs have in their environment through env.NAME. */
#ifndef LAB_ENVIRONMENT_H
#define LAB_ENVIRONMENT_H

struct error;
struct node;

/* Put it into the caller's environment. */
void environment_set(const struct node *node);

/* Keep it in the lab's folder, for what enters the node later: lab_environment(). */
int environment_keep(int folder, const struct node *node, struct error *err);

#endif
