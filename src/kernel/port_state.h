/* SPDX-License-Identifier: MIT */
/* Bridges as the kernel has them: states of ports, and where a MAC address was learnt. */
#ifndef KERNEL_PORT_STATE_H
#define KERNEL_PORT_STATE_H

#include <stdbool.h>
#include <stdint.h>

struct bridge_state {
	bool filtering; /* has VLANs */
	bool stp;
};

struct port_state {
	bool found;
	uint8_t state; /* of STP: PORT_... */
	bool isolated;
};

enum { PORT_DISABLED, PORT_LISTENING, PORT_LEARNING, PORT_FORWARDING, PORT_BLOCKING };

/* All return 0 or -errno. */
int bridge_state(uint32_t index, struct bridge_state *state);
int port_state(uint32_t index, struct port_state *state);

/* The port of the bridge where the address was learnt, in VLAN `vlan` (0: without VLANs); 0: none.
 */
int bridge_learnt(uint32_t bridge, const uint8_t mac[6], uint16_t vlan, uint32_t *port);

/* "blocking" */
const char *port_state_word(uint8_t state);

#endif
