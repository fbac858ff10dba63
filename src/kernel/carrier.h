/* SPDX-License-Identifier: MIT */
/* Interfaces whose cables are plugged in: taken into use at once. */
#ifndef KERNEL_CARRIER_H
#define KERNEL_CARRIER_H

struct node;

/*
 * Interfaces of the node, br0 of a switch included, in the caller's network namespace, that have
 * got a carrier go into use now. Else the kernel does that when it comes to it, for 200 interfaces
 * of the whole machine a second where there are more (net/core/link_watch.c, MAX_DO_DEV_PER_LOOP),
 * and until then an interface drops what it is to send. A question for the state of an interface
 * brings it up to date, since Linux 6.13; with older ones this does nothing.
 */
void carriers_settle(const struct node *node);

#endif
