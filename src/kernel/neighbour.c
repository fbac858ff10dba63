// SPDX-License-Identifier: MIT
// The neighbour tables (ARP, ND) of the network namespace that the caller is in.
#include "kernel/neighbour.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/draft.h"
#include "kernel/inquiry.h"

#define FIXED_STATES (NUD_PERMANENT | NUD_NOARP)

static struct ndmsg *family_of(struct nlmsghdr *message)
{
	return mnl_nlmsg_get_payload(message);
}

static enum neighbour_state state_of(uint16_t state)
{
	if (state & FIXED_STATES)
		return NEIGHBOUR_FIXED;
	if (state & NUD_INCOMPLETE)
		return NEIGHBOUR_WAITING;
	return state & NUD_FAILED ? NEIGHBOUR_FAILED : NEIGHBOUR_KNOWN;
}

static void take(const struct nlmsghdr *answer, void *data)
{
	const struct nlattr *attrs[NDA_LLADDR + 1];
	const struct ndmsg *header = mnl_nlmsg_get_payload(answer);
	struct neighbour *neighbour = data;

	inquiry_attributes(answer, sizeof(*header), attrs, NDA_LLADDR);
	neighbour->state = state_of(header->ndm_state);
	if (attrs[NDA_LLADDR] && mnl_attr_get_payload_len(attrs[NDA_LLADDR]) >= 6)
		memcpy(neighbour->mac, mnl_attr_get_payload(attrs[NDA_LLADDR]), 6);
}

int neighbour_get(uint32_t index, const struct address *address, struct neighbour *neighbour)
{
	_Alignas(struct nlmsghdr) char buffer[INQUIRY_SIZE];
	struct nlmsghdr *message = inquiry_start(buffer, RTM_GETNEIGH, 0, sizeof(struct ndmsg));
	int failed;

	*neighbour = (struct neighbour){0};
	family_of(message)->ndm_family = address->family;
	family_of(message)->ndm_ifindex = (int)index;
	mnl_attr_put(message, NDA_DST, address_size(address), address->bytes);
	failed = inquiry_ask(message, take, neighbour);
	return failed == -ENOENT ? 0 : failed;
}

/* Entries to be forgotten, found before any is: a table is not changed while it is read. */
struct learnt {
	struct {
		uint8_t family;
		int index;
		uint8_t bytes[16];
	} * list;
	size_t count, room;
};

static void take_learnt(const struct nlmsghdr *answer, void *data)
{
	const struct nlattr *attrs[NDA_DST + 1];
	const struct ndmsg *header = mnl_nlmsg_get_payload(answer);
	struct learnt *learnt = data;
	size_t size;

	inquiry_attributes(answer, sizeof(*header), attrs, NDA_DST);
	if (header->ndm_state & FIXED_STATES || header->ndm_flags & NTF_EXT_LEARNED ||
	    !attrs[NDA_DST] || learnt->count == learnt->room)
		return;
	size = mnl_attr_get_payload_len(attrs[NDA_DST]);
	learnt->list[learnt->count].family = header->ndm_family;
	learnt->list[learnt->count].index = header->ndm_ifindex;
	memcpy(learnt->list[learnt->count].bytes, mnl_attr_get_payload(attrs[NDA_DST]),
	       size < 16 ? size : 16);
	learnt->count++;
}

static void forget(uint8_t family, int index, const uint8_t *bytes)
{
	_Alignas(struct nlmsghdr) char buffer[INQUIRY_SIZE];
	struct nlmsghdr *message = inquiry_start(buffer, RTM_DELNEIGH, 0, sizeof(struct ndmsg));

	family_of(message)->ndm_family = family;
	family_of(message)->ndm_ifindex = index;
	mnl_attr_put(message, NDA_DST, family == AF_INET ? 4 : 16, bytes);
	inquiry_ask(message, NULL, NULL);
}

void neighbour_flush(void)
{
	static const uint8_t families[] = {AF_INET, AF_INET6};
	_Alignas(struct nlmsghdr) char buffer[INQUIRY_SIZE];
	struct learnt learnt = {.room = 4096}; /* more than a table takes */

	learnt.list = calloc(learnt.room, sizeof(*learnt.list));
	for (size_t i = 0; i < sizeof(families) && learnt.list; i++) {
		struct nlmsghdr *message =
			inquiry_start(buffer, RTM_GETNEIGH, NLM_F_DUMP, sizeof(struct ndmsg));

		family_of(message)->ndm_family = families[i];
		inquiry_ask(message, take_learnt, &learnt);
	}
	for (size_t i = 0; i < learnt.count; i++)
		forget(learnt.list[i].family, learnt.list[i].index, learnt.list[i].bytes);
	free(learnt.list);
}
