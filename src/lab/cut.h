/* SPDX-License-Identifier: MIT */
/* Interfaces set down and up again, with the routes that the kernel forgets meanwhile. */
#ifndef LAB_CUT_H
#define LAB_CUT_H

#include <stddef.h>

#include "plan/op.h"

struct arena;
struct error;
struct lab;
struct lab_node;

/*
 * Carry out operations that set interfaces down or up, or change what they send through, in the
 * node whose network the caller is in (lab_enter()). The kernel forgets routes with an interface
 * that is set down; static ones are kept in the lab's folder, and come back when their interface is
 * set up.
 */
int cut_apply(const struct lab *lab, const struct lab_node *node, const struct op *ops,
	      size_t count, struct arena *arena, struct error *err);

#endif
