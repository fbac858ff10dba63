// SPDX-License-Identifier: MIT
// What the kernel has: interfaces, addresses and queueing disciplines of the network namespace that
// the caller is in.
#include "kernel/observe.h"

#include <errno.h>
#include <linux/gen_stats.h>
#include <linux/if.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/addr.h>
#include <netlink/cache.h>
#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/bridge.h>
#include <netlink/socket.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "kernel/qdisc.h"

/* What is being read. */
struct view {
	struct arena *arena;
	struct observed_interface *list;
	size_t count;
};

static void cleanup_socket(struct nl_sock **socket)
{
	nl_socket_free(*socket);
}

static void cleanup_cache(struct nl_cache **cache)
{
	nl_cache_free(*cache);
}

#define AUTO_SOCKET __attribute__((cleanup(cleanup_socket)))
#define AUTO_CACHE  __attribute__((cleanup(cleanup_cache)))

static struct counters counters_of(struct rtnl_link *link, rtnl_link_stat_id_t packets,
				   rtnl_link_stat_id_t bytes, rtnl_link_stat_id_t dropped)
{
	return (struct counters){rtnl_link_get_stat(link, packets), rtnl_link_get_stat(link, bytes),
				 rtnl_link_get_stat(link, dropped)};
}

static void take_link(struct nl_object *object, void *data)
{
	struct rtnl_link *link = (struct rtnl_link *)object;
	struct view *view = data;
	struct observed_interface *interface = array_push(view->arena, view->list, view->count);
	struct nl_addr *mac = rtnl_link_get_addr(link);
	const char *kind = rtnl_link_get_type(link);
	int master = rtnl_link_get_master(link);

	interface->name = arena_strdup(view->arena, rtnl_link_get_name(link));
	interface->kind = arena_strdup(view->arena, kind ? kind : "");
	interface->index = (uint32_t)rtnl_link_get_ifindex(link);
	interface->master = master > 0 ? (uint32_t)master : 0;
	if (mac && nl_addr_get_len(mac) == sizeof(interface->mac))
		memcpy(interface->mac, nl_addr_get_binary_addr(mac), sizeof(interface->mac));
	interface->mtu = rtnl_link_get_mtu(link);
	interface->up = (rtnl_link_get_flags(link) & IFF_UP) != 0;
	interface->silent = (rtnl_link_get_flags(link) & IFF_NOARP) != 0;
	interface->carrier = rtnl_link_get_carrier(link) != 0;
	interface->qdisc = "";
	interface->sent =
		counters_of(link, RTNL_LINK_TX_PACKETS, RTNL_LINK_TX_BYTES, RTNL_LINK_TX_DROPPED);
	interface->received =
		counters_of(link, RTNL_LINK_RX_PACKETS, RTNL_LINK_RX_BYTES, RTNL_LINK_RX_DROPPED);
}

static int by_index(const void *a, const void *b)
{
	const struct observed_interface *x = a, *y = b;

	return (x->index > y->index) - (x->index < y->index);
}

static struct observed_interface *find(struct view *view, uint32_t index)
{
	struct observed_interface wanted = {.index = index};

	if (!view->list)
		return NULL;
	return bsearch(&wanted, view->list, view->count, sizeof(wanted), by_index);
}

static void take_address(struct nl_object *object, void *data)
{
	struct rtnl_addr *source = (struct rtnl_addr *)object;
	struct view *view = data;
	struct observed_interface *interface = find(view, (uint32_t)rtnl_addr_get_ifindex(source));
	struct nl_addr *local = rtnl_addr_get_local(source);
	struct address *address;

	if (!interface || !local || nl_addr_get_len(local) > sizeof(address->bytes))
		return; /* an interface that came after the first look, or no address of IP */
	address = array_push(view->arena, interface->addresses, interface->address_count);
	address->family = (uint8_t)rtnl_addr_get_family(source);
	address->length = (uint8_t)rtnl_addr_get_prefixlen(source);
	memcpy(address->bytes, nl_addr_get_binary_addr(local), nl_addr_get_len(local));
}

static int refuse(int number, const char *what, struct error *err)
{
	return error_set(err, 0, "cannot read %s from the kernel: %s", what, nl_geterror(number));
}

static int read_links(struct nl_sock *socket, struct view *view, struct error *err)
{
	AUTO_CACHE struct nl_cache *cache = NULL;
	int failed = rtnl_link_alloc_cache(socket, AF_UNSPEC, &cache);

	if (failed < 0)
		return refuse(failed, "the interfaces", err);
	nl_cache_foreach(cache, take_link, view);
	if (view->count)
		qsort(view->list, view->count, sizeof(*view->list), by_index);
	return 0;
}

static int read_addresses(struct nl_sock *socket, struct view *view, struct error *err)
{
	AUTO_CACHE struct nl_cache *cache = NULL;
	int failed = rtnl_addr_alloc_cache(socket, &cache);

	if (failed < 0)
		return refuse(failed, "the addresses", err);
	nl_cache_foreach(cache, take_address, view);
	return 0;
}

static void take_vlans(struct nl_object *object, void *data)
{
	struct rtnl_link *link = (struct rtnl_link *)object;
	struct view *view = data;
	struct observed_interface wanted = {.index = (uint32_t)rtnl_link_get_ifindex(link)};
	struct observed_interface *interface =
		bsearch(&wanted, view->list, view->count, sizeof(wanted), by_index);
	const struct rtnl_link_bridge_vlan *vlans = rtnl_link_bridge_get_port_vlan(link);
	struct vlan_set *set;

	if (!interface || !vlans)
		return;
	set = arena_alloc(view->arena, sizeof(*set));
	set->native = vlans->pvid;
	memcpy(set->members, vlans->vlan_bitmap, sizeof(set->members));
	interface->vlans = set;
}

/* A kernel without bridges has no such list, which is no failure. */
static void read_vlans(struct nl_sock *socket, struct view *view)
{
	AUTO_CACHE struct nl_cache *cache = NULL;

	if (view->count && rtnl_link_alloc_cache(socket, AF_BRIDGE, &cache) == 0)
		nl_cache_foreach(cache, take_vlans, view);
}

static uint64_t dropped_by(struct nlattr *attr)
{
	struct nlattr *attrs[TCA_STATS_MAX + 1];
	struct gnet_stats_queue queue = {0};

	if (!attr || nla_parse_nested(attrs, TCA_STATS_MAX, attr, NULL) < 0 ||
	    !attrs[TCA_STATS_QUEUE] || nla_len(attrs[TCA_STATS_QUEUE]) < (int)sizeof(queue))
		return 0;
	memcpy(&queue, nla_data(attrs[TCA_STATS_QUEUE]), sizeof(queue));
	return queue.drops;
}

/* The one at the root first, then those below it: what netem and tbf do together. */
static int take_qdisc(struct nl_msg *msg, void *data)
{
	struct view *view = data;
	const struct tcmsg *header = nlmsg_data(nlmsg_hdr(msg));
	struct nlattr *attrs[TCA_MAX + 1];
	struct observed_interface *interface;
	const char *kind;

	if (nlmsg_parse(nlmsg_hdr(msg), sizeof(*header), attrs, TCA_MAX, NULL) < 0 ||
	    !attrs[TCA_KIND])
		return NL_OK;
	interface = find(view, (uint32_t)header->tcm_ifindex);
	kind = nla_get_string(attrs[TCA_KIND]);
	if (!interface || header->tcm_parent == TC_H_INGRESS)
		return NL_OK;
	if (header->tcm_parent == TC_H_ROOT) {
		interface->qdisc = arena_strdup(view->arena, kind);
		interface->qdisc_handle = header->tcm_handle;
		interface->sent.dropped += dropped_by(attrs[TCA_STATS2]);
	} else {
		interface->qdisc_inner = true;
	}
	if (qdisc_decode(interface->qdisc, NULL, 0, NULL))
		qdisc_decode(kind, attrs[TCA_OPTIONS], interface->mtu, &interface->impairment);
	return NL_OK;
}

/* By hand: libnl's own reader knows neither nanoseconds nor the models of loss. */
static int read_qdiscs(struct nl_sock *socket, struct view *view, struct error *err)
{
	struct tcmsg header = {.tcm_family = AF_UNSPEC};
	int failed;

	nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_CUSTOM, take_qdisc, view);
	failed = nl_send_simple(socket, RTM_GETQDISC, NLM_F_DUMP, &header, sizeof(header));
	if (failed >= 0)
		failed = nl_recvmsgs_default(socket);
	return failed < 0 ? refuse(failed, "the queueing disciplines", err) : 0;
}

int observe_interfaces(struct arena *arena, struct observed_interface **list, size_t *count,
		       struct error *err)
{
	AUTO_SOCKET struct nl_sock *socket = nl_socket_alloc();
	struct view view = {.arena = arena};
	int failed;

	if (!socket)
		return error_set(err, ENOMEM, "cannot make a netlink socket");
	failed = nl_connect(socket, NETLINK_ROUTE);
	if (failed < 0)
		return refuse(failed, "the interfaces", err);
	if (read_links(socket, &view, err) < 0 || read_addresses(socket, &view, err) < 0 ||
	    read_qdiscs(socket, &view, err) < 0)
		return -1;
	read_vlans(socket, &view);
	*list = view.list;
	*count = view.count;
	return 0;
}

const struct observed_interface *observed_find(const struct observed_interface *list, size_t count,
					       uint32_t index)
{
	for (size_t low = 0, high = count; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (list[middle].index == index)
			return &list[middle];
		if (list[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
