/* SPDX-License-Identifier: MIT */
/* Carry out operations of a plan in the network namespace that the caller is in. */
#ifndef KERNEL_APPLY_H
#define KERNEL_APPLY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "kernel/wireguard.h"
#include "plan/op.h"

struct error;

/*
 * Carry out ops[0..count-1] in order: consecutive netlink operations as batches over one socket of
 * the caller's present network namespace, sysctls by writing below /proc/sys. OP_NODE and OP_RUN
 * are not for it. `pids`: for OP_VETH, the process in each node's network namespace by
 * node->number - 1, as seen from the caller's PID namespace; else may be NULL.
 *
 * One failed message does not stop the rest of its batch. Returns 0, or a negative code with *err
 * naming the first failed operation, the kernel's own words (NETLINK_EXT_ACK) where it gives any,
 * and how many more failed: "cannot create link core (r1:eth1 - r2:eth0): File exists; 2
 * further operations failed".
 */
int apply_ops(const struct op *ops, size_t count, const pid_t *pids, struct error *err);

/*
 * The same in a node. `keys`, shared by all nodes of the lab: OP_KEY puts the public key of a
 * wireguard device there, by device->number, and OP_PEER takes that of the peer.
 */
int apply_ops_in_node(const struct op *ops, size_t count, uint8_t (*keys)[WIREGUARD_KEY_SIZE],
		      struct error *err);

#endif
