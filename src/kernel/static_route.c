// SPDX-License-Identifier: MIT
// Routes that nobody else would bring back: taken down as the kernel tells them, and put again.
#include "kernel/static_route.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/socket.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "kernel/transport.h"

/* Flags that say how a route is meant, not how it is doing. */
#define MEANT (RTNH_F_ONLINK | RTNH_F_PERVASIVE)

struct item {
	struct nlmsghdr *message;
};

/* A list that is sorted, then written one behind the other. */
struct list {
	struct arena *arena;
	struct item *items;
	size_t count;
};

static void cleanup_socket(struct nl_sock **socket)
{
	nl_socket_free(*socket);
}

static bool is_static(const struct rtmsg *route)
{
	return route->rtm_type == RTN_UNICAST && !(route->rtm_flags & RTM_F_CLONED) &&
	       (route->rtm_protocol == RTPROT_BOOT || route->rtm_protocol == RTPROT_STATIC);
}

/* The state of each of several equal ways is told beside the way. */
static void clear_hops(struct nlattr *attr)
{
	struct rtnexthop *hop = nla_data(attr);
	int left = nla_len(attr);

	while (RTNH_OK(hop, left)) {
		left -= NLA_ALIGN(hop->rtnh_len);
		hop->rtnh_flags &= MEANT;
		hop = RTNH_NEXT(hop);
	}
}

/* The message as a request, without what changes by itself; in the arena. */
static struct nlmsghdr *keep(struct nlmsghdr *from, struct arena *arena)
{
	size_t size = NLMSG_ALIGN(from->nlmsg_len);
	struct nlmsghdr *to = arena_alloc(arena, size);
	char *end = (char *)to + NLMSG_SPACE(sizeof(struct rtmsg));
	struct rtmsg *route = NLMSG_DATA(to);
	struct nlattr *attr;
	int left;

	*to = (struct nlmsghdr){.nlmsg_type = RTM_NEWROUTE};
	*route = *(struct rtmsg *)NLMSG_DATA(from);
	route->rtm_flags &= MEANT;
	nlmsg_for_each_attr(attr, from, (int)sizeof(*route), left)
	{
		if (nla_type(attr) == RTA_CACHEINFO)
			continue;
		memcpy(end, attr, attr->nla_len);
		if (nla_type(attr) == RTA_MULTIPATH)
			clear_hops((struct nlattr *)end);
		end += NLA_ALIGN(attr->nla_len);
	}
	to->nlmsg_len = (uint32_t)(end - (char *)to);
	return to;
}

static int take(struct nl_msg *msg, void *data)
{
	struct list *list = data;
	struct nlmsghdr *header = nlmsg_hdr(msg);

	if (header->nlmsg_type == RTM_NEWROUTE && is_static(nlmsg_data(header)))
		array_push(list->arena, list->items, list->count)->message =
			keep(header, list->arena);
	return NL_OK;
}

static int compare(const struct nlmsghdr *a, const struct nlmsghdr *b)
{
	if (a->nlmsg_len != b->nlmsg_len)
		return a->nlmsg_len < b->nlmsg_len ? -1 : 1;
	return memcmp(a, b, a->nlmsg_len);
}

static int by_bytes(const void *a, const void *b)
{
	return compare(((const struct item *)a)->message, ((const struct item *)b)->message);
}

static struct static_routes join(const struct list *list)
{
	struct static_routes routes = {0};
	char *end;

	for (size_t i = 0; i < list->count; i++)
		routes.size += NLMSG_ALIGN(list->items[i].message->nlmsg_len);
	end = routes.data = arena_alloc(list->arena, routes.size + 1);
	for (size_t i = 0; i < list->count; i++) {
		memcpy(end, list->items[i].message, list->items[i].message->nlmsg_len);
		end += NLMSG_ALIGN(list->items[i].message->nlmsg_len);
	}
	return routes;
}

/* Go through routes one behind the other; they may come from a file. */
static struct nlmsghdr *next(const struct static_routes *routes, size_t *offset)
{
	struct nlmsghdr *message = (struct nlmsghdr *)(routes->data + *offset);
	size_t left = routes->size - *offset;

	if (left < NLMSG_SPACE(sizeof(struct rtmsg)) || NLMSG_ALIGN(message->nlmsg_len) > left ||
	    message->nlmsg_len < NLMSG_SPACE(sizeof(struct rtmsg)))
		return NULL;
	*offset += NLMSG_ALIGN(message->nlmsg_len);
	return message;
}

static int dump(struct nl_sock *socket, unsigned char family)
{
	struct rtmsg header = {.rtm_family = family};
	int failed = nl_send_simple(socket, RTM_GETROUTE, NLM_F_DUMP, &header, sizeof(header));

	return failed < 0 ? failed : nl_recvmsgs_default(socket);
}

int static_routes_read(struct arena *arena, struct static_routes *routes, struct error *err)
{
	__attribute__((cleanup(cleanup_socket))) struct nl_sock *socket = nl_socket_alloc();
	struct list list = {.arena = arena};
	int failed;

	if (!socket)
		return error_set(err, ENOMEM, "cannot make a netlink socket");
	failed = nl_connect(socket, NETLINK_ROUTE);
	nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_CUSTOM, take, &list);
	if (failed >= 0)
		failed = dump(socket, AF_INET);
	if (failed >= 0)
		failed = dump(socket, AF_INET6);
	if (failed < 0)
		return error_set(err, 0, "cannot read the routes from the kernel: %s",
				 nl_geterror(failed));
	if (list.count)
		qsort(list.items, list.count, sizeof(*list.items), by_bytes);
	*routes = join(&list);
	return 0;
}

struct static_routes static_routes_lost(const struct static_routes *before,
					const struct static_routes *after, struct arena *arena)
{
	struct list lost = {.arena = arena};
	size_t in_before = 0, in_after = 0;
	struct nlmsghdr *a = next(before, &in_before), *b = next(after, &in_after);

	while (a) {
		int order = b ? compare(a, b) : -1;

		if (order < 0)
			array_push(arena, lost.items, lost.count)->message = a;
		if (order <= 0)
			a = next(before, &in_before);
		if (order >= 0)
			b = next(after, &in_after);
	}
	return join(&lost);
}

/* What became of each message, by its sequence number. */
struct outcome {
	int *numbers;
};

static void note(void *data, uint32_t sequence, int number, const char *text)
{
	struct outcome *outcome = data;

	(void)text;
	outcome->numbers[sequence] = number;
}

/*
 * Of IPv6 an equal way is a route of its own beside others of its prefix; of IPv4 too there may be
 * several of one prefix and metric. Of both exactly the same one is refused with EEXIST
 * (fib_table_insert() in net/ipv4/fib_trie.c, fib6_add_rt2node() in net/ipv6/ip6_fib.c).
 */
#define PUT_FLAGS (NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_APPEND)

static int put_all(struct list *list, int *numbers, struct error *err)
{
	static struct transport transport;
	struct outcome outcome = {numbers};
	int failed = transport_open(&transport, note, &outcome, err);

	if (failed < 0)
		return failed;
	for (size_t i = 0; i < list->count; i++) {
		list->items[i].message->nlmsg_flags = PUT_FLAGS;
		list->items[i].message->nlmsg_seq = (uint32_t)i;
		transport_add(&transport, list->items[i].message);
	}
	transport_flush(&transport);
	transport_close(&transport);
	return 0;
}

/* Once more what failed: a gateway is reached only by a route that may have come after it. */
int static_routes_put(const struct static_routes *routes, struct arena *arena,
		      struct static_routes *left, struct error *err)
{
	struct list list = {.arena = arena};
	size_t offset = 0;

	for (struct nlmsghdr *message; (message = next(routes, &offset));)
		array_push(arena, list.items, list.count)->message = message;
	for (int pass = 0; pass < 2 && list.count; pass++) {
		int *numbers = arena_alloc(arena, list.count * sizeof(*numbers));
		size_t count = 0;

		if (put_all(&list, numbers, err) < 0)
			return -1;
		for (size_t i = 0; i < list.count; i++)
			if (numbers[i] && numbers[i] != EEXIST)
				list.items[count++] = list.items[i];
		list.count = count;
	}
	/* As they were read, for the next time. */
	for (size_t i = 0; i < list.count; i++) {
		list.items[i].message->nlmsg_flags = 0;
		list.items[i].message->nlmsg_seq = 0;
	}
	*left = join(&list);
	return 0;
}
