/* SPDX-License-Identifier: MIT */
/* Impairments as the kernel has them: netem and tbf in netlink messages, written and read. */
#ifndef KERNEL_QDISC_H
#define KERNEL_QDISC_H

#include <stddef.h>
#include <stdint.h>

#include "plan/op.h"

struct impairment;
struct nl_msg;
struct nlattr;

/* Bytes that the message of an OP_QDISC takes beyond those of any. */
size_t qdisc_size(const struct op *op);

/* Write header and attributes of an OP_QDISC or OP_NO_QDISC. Returns less than 0: no room. */
int qdisc_encode(const struct op *op, struct nl_msg *msg);

/*
 * What the options (TCA_OPTIONS) of a queueing discipline do, put over what is in *to. `mtu` is the
 * interface's. The kernel does not tell the table of a distribution. False: not one of netem or
 * tbf.
 */
bool qdisc_decode(const char *kind, struct nlattr *options, uint32_t mtu, struct impairment *to);

#endif
