// SPDX-License-Identifier: MIT
// Routes and neighbours of the network namespace that the caller is in, read as they are now.
#include "kernel/forwarding.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/error.h"
#include "kernel/inquiry.h"

struct view {
	struct arena *arena;
	struct forwarding_route *routes;
	struct forwarding_neighbour *neighbours;
	size_t count;
};

static void take_address(const struct nlattr *attr, uint8_t family, struct address *address)
{
	size_t size = family == AF_INET ? 4 : 16;

	if (!attr || mnl_attr_get_payload_len(attr) < size)
		return;
	address->family = family;
	address->length = (uint8_t)(size * 8);
	memcpy(address->bytes, mnl_attr_get_payload(attr), size);
}

static uint32_t number(const struct nlattr *attr)
{
	return attr && mnl_attr_get_payload_len(attr) >= sizeof(uint32_t) ? mnl_attr_get_u32(attr)
									  : 0;
}

/* RTA_GATEWAY is of the route's family; RTA_VIA has one of its own in front. */
static void take_gateway(const struct nlattr *const *attrs, uint8_t family,
			 struct forwarding_hop *hop)
{
	const struct nlattr *via = attrs[RTA_VIA];
	size_t size = via ? mnl_attr_get_payload_len(via) : 0;
	uint16_t of = 0;

	take_address(attrs[RTA_GATEWAY], family, &hop->via);
	if (size < sizeof(of))
		return;
	memcpy(&of, mnl_attr_get_payload(via), sizeof(of));
	if (size - sizeof(of) != (of == AF_INET ? 4U : 16U))
		return;
	hop->via.family = (uint8_t)of;
	hop->via.length = (uint8_t)((size - sizeof(of)) * 8);
	memcpy(hop->via.bytes, (const char *)mnl_attr_get_payload(via) + sizeof(of),
	       size - sizeof(of));
}

static void add_hop(struct view *view, struct forwarding_route *route,
		    const struct nlattr *const *attrs, uint8_t family, uint32_t index)
{
	struct forwarding_hop *hop = array_push(view->arena, route->hops, route->hop_count);

	hop->index = index;
	take_gateway(attrs, family, hop);
}

static void take_hops(struct view *view, struct forwarding_route *route, const struct nlattr *attr,
		      uint8_t family)
{
	const struct rtnexthop *hop = mnl_attr_get_payload(attr);
	int left = (int)mnl_attr_get_payload_len(attr);

	while (RTNH_OK(hop, left)) {
		const struct nlattr *attrs[RTA_VIA + 1];
		size_t head = RTNH_LENGTH(0);

		inquiry_sort((const struct nlattr *)((const char *)hop + head),
			     (const char *)hop + hop->rtnh_len, attrs, RTA_VIA);
		add_hop(view, route, attrs, family, (uint32_t)hop->rtnh_ifindex);
		left -= (int)RTNH_ALIGN(hop->rtnh_len);
		hop = RTNH_NEXT(hop);
	}
}

static void take_route(const struct nlmsghdr *answer, void *data)
{
	const struct nlattr *attrs[RTA_VIA + 1];
	const struct rtmsg *header = mnl_nlmsg_get_payload(answer);
	struct view *view = data;
	struct forwarding_route *route;
	uint32_t table;

	inquiry_attributes(answer, sizeof(*header), attrs, RTA_VIA);
	table = attrs[RTA_TABLE] ? number(attrs[RTA_TABLE]) : header->rtm_table;
	if (answer->nlmsg_type != RTM_NEWROUTE || header->rtm_flags & RTM_F_CLONED ||
	    table == RT_TABLE_LOCAL)
		return;
	route = array_push(view->arena, view->routes, view->count);
	take_address(attrs[RTA_DST], header->rtm_family, &route->destination);
	route->destination.family = header->rtm_family;
	route->destination.length = header->rtm_dst_len;
	route->table = table;
	route->metric = number(attrs[RTA_PRIORITY]);
	route->protocol = header->rtm_protocol;
	route->type = header->rtm_type;
	if (attrs[RTA_MULTIPATH])
		take_hops(view, route, attrs[RTA_MULTIPATH], header->rtm_family);
	else
		add_hop(view, route, attrs, header->rtm_family, number(attrs[RTA_OIF]));
}

static void take_neighbour(const struct nlmsghdr *answer, void *data)
{
	const struct nlattr *attrs[NDA_LLADDR + 1];
	const struct ndmsg *header = mnl_nlmsg_get_payload(answer);
	struct view *view = data;
	struct forwarding_neighbour *neighbour;

	inquiry_attributes(answer, sizeof(*header), attrs, NDA_LLADDR);
	if (answer->nlmsg_type != RTM_NEWNEIGH ||
	    header->ndm_state & (NUD_INCOMPLETE | NUD_FAILED | NUD_NOARP) || !attrs[NDA_DST] ||
	    !attrs[NDA_LLADDR] || (header->ndm_family != AF_INET && header->ndm_family != AF_INET6))
		return;
	neighbour = array_push(view->arena, view->neighbours, view->count);
	take_address(attrs[NDA_DST], header->ndm_family, &neighbour->address);
	neighbour->index = (uint32_t)header->ndm_ifindex;
	if (mnl_attr_get_payload_len(attrs[NDA_LLADDR]) >= sizeof(neighbour->mac))
		memcpy(neighbour->mac, mnl_attr_get_payload(attrs[NDA_LLADDR]),
		       sizeof(neighbour->mac));
}

/* A family that the kernel does not know has none of them. */
static int read_families(uint16_t type, size_t header,
			 void (*take)(const struct nlmsghdr *, void *), struct view *view,
			 const char *what, struct error *err)
{
	static const uint8_t families[] = {AF_INET, AF_INET6};

	for (size_t i = 0; i < sizeof(families); i++) {
		_Alignas(struct nlmsghdr) char buffer[INQUIRY_SIZE];
		size_t before = view->count;
		int failed = -EINTR;

		/* Interrupted by a change, what was told makes no sense: once more. */
		for (int tries = 0; tries < 100 && failed == -EINTR; tries++) {
			struct nlmsghdr *message = inquiry_start(buffer, type, NLM_F_DUMP, header);

			*(uint8_t *)mnl_nlmsg_get_payload(message) = families[i];
			view->count = before;
			failed = inquiry_ask(message, take, view);
		}
		if (failed && failed != -EOPNOTSUPP)
			return error_set(err, -failed, "cannot read %s from the kernel", what);
	}
	return 0;
}

int forwarding_routes(struct arena *arena, struct forwarding_route **routes, size_t *count,
		      struct error *err)
{
	struct view view = {.arena = arena};
	int failed =
		read_families(RTM_GETROUTE, sizeof(struct rtmsg), take_route, &view, "routes", err);

	*routes = view.routes;
	*count = view.count;
	return failed;
}

int forwarding_neighbours(struct arena *arena, struct forwarding_neighbour **list, size_t *count,
			  struct error *err)
{
	struct view view = {.arena = arena};
	int failed = read_families(RTM_GETNEIGH, sizeof(struct ndmsg), take_neighbour, &view,
				   "neighbours", err);

	*list = view.neighbours;
	*count = view.count;
	return failed;
}
