/* SPDX-License-Identifier: MIT */
/* Is a port of the network that the caller is in taken by a program? */
#ifndef KERNEL_PORT_H
#define KERNEL_PORT_H

#include <stdbool.h>
#include <stdint.h>

/* TCP: something listens on it; UDP: something is bound to it; over IPv4 or IPv6. */
bool port_is_open(bool udp, uint16_t port);

#endif
