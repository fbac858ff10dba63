/* SPDX-License-Identifier: MIT */
/* Changes of the network namespace that the caller is in, told by the kernel as they happen. */
#ifndef KERNEL_WATCH_H
#define KERNEL_WATCH_H

struct error;

/* What can be watched, or-ed. */
enum watched {
	WATCH_LINKS = 1 << 0,
	WATCH_ADDRESSES = 1 << 1,
	WATCH_NEIGHBOURS = 1 << 2,
	WATCH_ROUTES = 1 << 3,
};

/*
 * A descriptor that is readable once something has changed; it stays with this namespace, wherever
 * the caller goes. Watch first, then look: so nothing is missed. Returns it, or less than 0.
 */
int watch_open(unsigned watched, struct error *err);

/* Forget what was told so far. What was too much for the kernel to keep counts as told. */
void watch_drain(int fd);

#endif
