/* SPDX-License-Identifier: MIT */
/* Netlink messages to the kernel in batches, and what it answers to each. */
#ifndef KERNEL_TRANSPORT_H
#define KERNEL_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

struct error;
struct mnl_socket;
struct nlmsghdr;

/*
 * Bounds of a batch. The kernel answers all of it before the first answer is read, and drops what
 * does not fit into the receive buffer: an answer takes some 800 bytes of the usual 208 KiB.
 */
#define TRANSPORT_MESSAGES 64
#define TRANSPORT_SIZE	   (32 * 1024)

/*
 * A message failed: the one with this sequence number, for -number's reason; `text` is the kernel's
 * own explanation, or "".
 */
typedef void (*transport_failed_fn)(void *data, uint32_t sequence, int number, const char *text);

struct transport {
	struct mnl_socket *socket;
	transport_failed_fn failed;
	void *data;
	uint32_t sequences[TRANSPORT_MESSAGES]; /* of the messages in the batch */
	size_t count, size;
	char batch[TRANSPORT_SIZE];
};

/* Open a socket of the caller's network namespace. transport_close() it. */
int transport_open(struct transport *transport, transport_failed_fn failed, void *data,
		   struct error *err);
void transport_close(struct transport *transport);

/* Add a message, sending the batch first where it is full. */
void transport_add(struct transport *transport, const struct nlmsghdr *message);

/* Send the batch, if any, and wait for all its answers. `failed` hears of every failure. */
void transport_flush(struct transport *transport);

#endif
