/* SPDX-License-Identifier: MIT */
/* Operations as commands of a shell script, where they are not in script.c itself. */
#ifndef PLAN_SCRIPT_H
#define PLAN_SCRIPT_H

#include <stdio.h>

#include "plan/op.h"

void script_qdisc(const struct op *op, FILE *out);
void script_no_qdisc(const struct op *op, FILE *out);

#endif
