// SPDX-License-Identifier: MIT
// The neighbour tables (ARP, ND) of the network namespace that the caller is in.
#include "kernel/neighbour.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "kernel/draft.h"
#include "kernel/inquiry.h"
#include "kernel/transport.h"

#define LEARNT_MOST  4096 /* more than tables take */
#define FIXED_STATES (NUD_PERMANENT | NUD_NOARP)

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

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

/* Have the kernel ask who has the address, as for a packet. */
static int solicit(uint32_t index, const struct address *address)
{
	_Alignas(struct nlmsghdr) char buffer[INQUIRY_SIZE];
	struct nlmsghdr *message =
		inquiry_start(buffer, RTM_NEWNEIGH, NLM_F_CREATE, sizeof(struct ndmsg));

	family_of(message)->ndm_family = address->family;
	family_of(message)->ndm_ifindex = (int)index;
	family_of(message)->ndm_flags = NTF_USE;
	mnl_attr_put(message, NDA_DST, address_size(address), address->bytes);
	return inquiry_ask(message, NULL, NULL);
}

static bool is_answered(const struct neighbour *neighbour)
{
	return neighbour->state == NEIGHBOUR_KNOWN || neighbour->state == NEIGHBOUR_FIXED;
}

/* Wait for a message of the table's changes. */
static void await_change(struct mnl_socket *socket, int milliseconds)
{
	struct pollfd poll_in = {mnl_socket_get_fd(socket), POLLIN, 0};
	char data[8192];

	if (poll(&poll_in, 1, milliseconds) > 0)
		(void)!recv(poll_in.fd, data, sizeof(data), MSG_DONTWAIT);
}

static int resolve(struct mnl_socket *socket, uint32_t index, const struct address *address,
		   int milliseconds, struct neighbour *neighbour)
{
	int64_t end = now_ms() + milliseconds;
	int failed = neighbour_get(index, address, neighbour);

	if (failed || is_answered(neighbour))
		return failed;
	failed = solicit(index, address);
	while (!failed) {
		int64_t left = end - now_ms();

		failed = neighbour_get(index, address, neighbour);
		if (is_answered(neighbour) || neighbour->state == NEIGHBOUR_FAILED || left <= 0)
			break;
		await_change(socket, (int)left);
	}
	return failed;
}

int neighbour_resolve(uint32_t index, const struct address *address, int milliseconds,
		      struct neighbour *neighbour)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	int failed;

	*neighbour = (struct neighbour){0};
	if (!socket)
		return -errno;
	failed = mnl_socket_bind(socket, RTMGRP_NEIGH, MNL_SOCKET_AUTOPID) < 0 ? -errno : 0;
	if (!failed)
		failed = resolve(socket, index, address, milliseconds, neighbour);
	mnl_socket_close(socket);
	return failed;
}

/* Entries to be forgotten, found before any is: a table is not changed while it is read. */
struct learnt {
	struct {
		uint8_t family;
		int index;
		uint8_t bytes[16];
	} list[LEARNT_MOST];
	size_t count;
};

static void take_learnt(const struct nlmsghdr *answer, void *data)
{
	const struct nlattr *attrs[NDA_DST + 1];
	const struct ndmsg *header = mnl_nlmsg_get_payload(answer);
	struct learnt *learnt = data;
	size_t size;

	inquiry_attributes(answer, sizeof(*header), attrs, NDA_DST);
	if (header->ndm_state & FIXED_STATES || header->ndm_flags & NTF_EXT_LEARNED ||
	    !attrs[NDA_DST] || learnt->count == LEARNT_MOST)
		return;
	size = mnl_attr_get_payload_len(attrs[NDA_DST]);
	learnt->list[learnt->count].family = header->ndm_family;
	learnt->list[learnt->count].index = header->ndm_ifindex;
	memcpy(learnt->list[learnt->count].bytes, mnl_attr_get_payload(attrs[NDA_DST]),
	       size < 16 ? size : 16);
	learnt->count++;
}

static void forget(struct transport *transport, uint8_t family, int index, const uint8_t *bytes)
{
	_Alignas(struct nlmsghdr) char buffer[INQUIRY_SIZE];
	struct nlmsghdr *message = inquiry_start(buffer, RTM_DELNEIGH, 0, sizeof(struct ndmsg));

	family_of(message)->ndm_family = family;
	family_of(message)->ndm_ifindex = index;
	mnl_attr_put(message, NDA_DST, family == AF_INET ? 4 : 16, bytes);
	transport_add(transport, message);
}

/* It was forgotten meanwhile, as was to be. */
static void is_gone(void *data, uint32_t sequence, int number, const char *text)
{
	(void)data;
	(void)sequence;
	(void)number;
	(void)text;
}

void neighbour_flush(void)
{
	static const uint8_t families[] = {AF_INET, AF_INET6};
	static struct learnt learnt;
	_Alignas(struct nlmsghdr) char buffer[INQUIRY_SIZE];
	struct transport transport;
	struct error err;

	learnt.count = 0;
	for (size_t i = 0; i < sizeof(families); i++) {
		struct nlmsghdr *message =
			inquiry_start(buffer, RTM_GETNEIGH, NLM_F_DUMP, sizeof(struct ndmsg));

		family_of(message)->ndm_family = families[i];
		inquiry_ask(message, take_learnt, &learnt);
	}
	if (!learnt.count || transport_open(&transport, is_gone, NULL, &err) < 0)
		return;
	for (size_t i = 0; i < learnt.count; i++)
		forget(&transport, learnt.list[i].family, learnt.list[i].index,
		       learnt.list[i].bytes);
	transport_flush(&transport);
	transport_close(&transport);
}
