/* SPDX-License-Identifier: MIT */
/* Keys and peers of wireguard devices. */
#ifndef KERNEL_WIREGUARD_H
#define KERNEL_WIREGUARD_H

#include <stdint.h>

struct interface;
struct mnl_socket;
struct peer;

/* A conversation with the wireguard of a network namespace; begins as all zeros. */
struct wireguard {
	struct mnl_socket *socket;
	uint16_t family; /* the number under which it is known to generic netlink */
};

#define WIREGUARD_KEY_SIZE 32
/* For what of the several steps failed, where that is not plain. */
#define WIREGUARD_TEXT_SIZE 128

/*
 * Give the device, in the caller's network namespace, a new private key and its port. The private
 * key is known to the kernel alone from then on; `key` gets the public one, which the kernel works
 * out. Returns 0, or -errno with text.
 */
int wireguard_make_key(struct wireguard *talk, const struct interface *interface,
		       uint8_t key[WIREGUARD_KEY_SIZE], char text[WIREGUARD_TEXT_SIZE]);

/* Tell the device of a peer, known by its public key. Returns 0, or -errno with text. */
int wireguard_add_peer(struct wireguard *talk, const struct interface *interface,
		       const struct peer *peer, const uint8_t key[WIREGUARD_KEY_SIZE],
		       char text[WIREGUARD_TEXT_SIZE]);

/* End the conversation, which the first of those began. */
void wireguard_close(struct wireguard *talk);

#endif
