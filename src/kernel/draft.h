/* SPDX-License-Identifier: MIT */
/* A netlink message while it is being written. */
#ifndef KERNEL_DRAFT_H
#define KERNEL_DRAFT_H

#include <netinet/in.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/types.h>

#include "plan/op.h"

/* A message that is being written; what does not fit makes the whole of it fail. */
struct draft {
	struct nl_msg *msg;
	const pid_t *pids;
	bool failed;
};

static inline void put(struct draft *draft, int type, const void *data, size_t size)
{
	if (nla_put(draft->msg, type, (int)size, data) < 0)
		draft->failed = true;
}

static inline void put_u8(struct draft *draft, int type, uint8_t value)
{
	put(draft, type, &value, sizeof(value));
}

static inline void put_u16(struct draft *draft, int type, uint16_t value)
{
	put(draft, type, &value, sizeof(value));
}

static inline void put_u32(struct draft *draft, int type, uint32_t value)
{
	put(draft, type, &value, sizeof(value));
}

static inline void put_string(struct draft *draft, int type, const char *text)
{
	put(draft, type, text, strlen(text) + 1);
}

/* The header of a family: its bytes follow the message's header as they are. */
static inline void put_family(struct draft *draft, const void *header, size_t size)
{
	void *place = nlmsg_reserve(draft->msg, size, NLMSG_ALIGNTO);

	if (place)
		memcpy(place, header, size);
	else
		draft->failed = true;
}

static inline struct nlattr *nest(struct draft *draft, int type)
{
	struct nlattr *start = nla_nest_start(draft->msg, type);

	if (!start)
		draft->failed = true;
	return start;
}

static inline void nest_end(struct draft *draft, struct nlattr *start)
{
	if (start && nla_nest_end(draft->msg, start) < 0)
		draft->failed = true;
}

static inline size_t address_size(const struct address *address)
{
	return address->family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
}

static inline void put_address(struct draft *draft, int type, const struct address *address)
{
	put(draft, type, address->bytes, address_size(address));
}

/* Encoders of what nodes make for themselves, and of ports of bridges (message_device.c). */
void encode_device(const struct op *op, struct draft *draft);
void encode_setting(const struct op *op, struct draft *draft);
void encode_flood(const struct op *op, struct draft *draft);

/* Put the attributes of a kind of link, as `plan` has them. */
struct attributes;
void put_link_info(struct draft *draft, const char *kind, const struct attributes *attributes);

/* Encoders of MPLS (message_mpls.c): the labels of a route, and a route of a label. */
void put_labels(struct draft *draft, const struct route *route);
void encode_label(const struct op *op, struct draft *draft);

/* Encoders of SRv6 (message_srv6.c): the segments of a route, and a segment of the node's own. */
void put_segments(struct draft *draft, const struct srv6_path *path);
void encode_sid(const struct op *op, struct draft *draft);

#endif
