/* SPDX-License-Identifier: MIT */
/* Where programs can be reached: ports of the network that the caller is in, and sockets. */
#ifndef KERNEL_PORT_H
#define KERNEL_PORT_H

#include <stdbool.h>
#include <stdint.h>

/* TCP: something listens on it; UDP: something is bound to it; over IPv4 or IPv6. */
bool port_is_open(bool udp, uint16_t port);

/* There is such a file; if it is a stream socket, somebody listens: it is made before that. */
bool path_is_served(const char *path);

#endif
