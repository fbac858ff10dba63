/* SPDX-License-Identifier: MIT */
/* What the kernel counts of TCP, in the network namespace that the caller is in. */
#ifndef KERNEL_TCP_COUNTER_H
#define KERNEL_TCP_COUNTER_H

/* Named as in /proc/net/netstat: "TCPMD5Failure". -1: this kernel does not count it. */
long tcp_counter(const char *name);

#endif
