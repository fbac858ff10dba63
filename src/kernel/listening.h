/* SPDX-License-Identifier: MIT */
/* Ports on which programs wait, in the network namespace that the caller is in. */
#ifndef KERNEL_LISTENING_H
#define KERNEL_LISTENING_H

#include <stdbool.h>
#include <stdint.h>

struct error;

/*
 * Does a program wait for connections (TCP), or for datagrams of anybody (UDP), on the port, with a
 * socket of that family (AF_UNSPEC: of any)? 1: yes, 0: no, less: it cannot be known.
 */
int listening(int family, uint16_t port, bool udp, struct error *err);

#endif
