/* SPDX-License-Identifier: MIT */
/* One question to the kernel over netlink, and all that it answers. */
#ifndef KERNEL_INQUIRY_H
#define KERNEL_INQUIRY_H

#include <stddef.h>
#include <stdint.h>

struct nlattr;
struct nlmsghdr;

#define INQUIRY_SIZE 512

/* A message of `type` in the buffer, with `size` bytes of the family's header, zeroed, behind it.
 */
struct nlmsghdr *inquiry_start(void *buffer, uint16_t type, uint16_t flags, size_t size);

/*
 * Send the message to NETLINK_ROUTE of the caller's network namespace and have `take`, which may be
 * NULL, see each message of the answer. Returns 0 or -errno, which may be the kernel's answer.
 */
int inquiry_ask(struct nlmsghdr *message, void (*take)(const struct nlmsghdr *answer, void *data),
		void *data);

/* The attributes behind a family's header of `size` bytes, by type, up to `last`; the rest NULL. */
void inquiry_attributes(const struct nlmsghdr *answer, size_t size, const struct nlattr **attrs,
			uint16_t last);

/* The same of an attribute that holds others; none where it is NULL. */
void inquiry_nested(const struct nlattr *attr, const struct nlattr **attrs, uint16_t last);

/* The same of attributes that lie between these two. */
void inquiry_sort(const struct nlattr *attr, const char *end, const struct nlattr **attrs,
		  uint16_t last);

#endif
