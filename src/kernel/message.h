/* SPDX-License-Identifier: MIT */
/* Operations as netlink messages. */
#ifndef KERNEL_MESSAGE_H
#define KERNEL_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "plan/op.h"

struct nl_msg;

/* Is the operation a netlink message? */
bool message_exists(const struct op *op);

/*
 * The message that carries the operation out, to be acknowledged under `number`; nlmsg_free() it.
 * `pids` as for apply_ops(). NULL, with errno: ENOMEM, or EMSGSIZE for more next hops than fit.
 */
struct nl_msg *message_encode(const struct op *op, uint32_t number, const pid_t *pids);

#endif
