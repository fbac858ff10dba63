/* SPDX-License-Identifier: MIT */
/* Interfaces whose far end is a program. */
#ifndef KERNEL_TUNTAP_H
#define KERNEL_TUNTAP_H

struct interface;

/* Make the tun or tap device in the caller's network namespace. Returns 0 or -errno. */
int tuntap_make(const struct interface *interface);

#endif
