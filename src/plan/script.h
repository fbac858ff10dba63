/* SPDX-License-Identifier: MIT */
/* Operations as commands of a shell script: what the files script*.c share. */
#ifndef PLAN_SCRIPT_H
#define PLAN_SCRIPT_H

#include <stdio.h>

#include "plan/op.h"

/* One word for the shell, whatever is in it. */
void script_word(const char *text, FILE *out);

/* "ip -n r1 ": in the network namespace of the operation's node. */
void script_ip(const struct op *op, FILE *out);

void script_route(const struct op *op, FILE *out);
void script_label(const struct op *op, FILE *out);
void script_sid(const struct op *op, FILE *out);
void script_qdisc(const struct op *op, FILE *out);
void script_no_qdisc(const struct op *op, FILE *out);

#endif
