// SPDX-License-Identifier: MIT
// Bridges as the kernel has them: states of ports, and where a MAC address was learnt.
#include "kernel/port_state.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "kernel/inquiry.h"

static bool is_set(const struct nlattr *attr)
{
	return attr && mnl_attr_get_payload_len(attr) && mnl_attr_get_u8(attr);
}

/* The link's data, of its own kind or of a port of a bridge. */
static void link_data(const struct nlmsghdr *answer, uint16_t which, const struct nlattr **attrs,
		      uint16_t last)
{
	const struct nlattr *link[IFLA_LINKINFO + 1], *info[IFLA_INFO_SLAVE_DATA + 1];

	inquiry_attributes(answer, sizeof(struct ifinfomsg), link, IFLA_LINKINFO);
	inquiry_nested(link[IFLA_LINKINFO], info, IFLA_INFO_SLAVE_DATA);
	inquiry_nested(info[which], attrs, last);
}

static void take_bridge(const struct nlmsghdr *answer, void *data)
{
	const struct nlattr *attrs[IFLA_BR_VLAN_FILTERING + 1];
	struct bridge_state *state = data;

	link_data(answer, IFLA_INFO_DATA, attrs, IFLA_BR_VLAN_FILTERING);
	state->filtering = is_set(attrs[IFLA_BR_VLAN_FILTERING]);
	state->stp = attrs[IFLA_BR_STP_STATE] && mnl_attr_get_u32(attrs[IFLA_BR_STP_STATE]);
}

static void take_port(const struct nlmsghdr *answer, void *data)
{
	const struct nlattr *attrs[IFLA_BRPORT_ISOLATED + 1];
	struct port_state *state = data;

	link_data(answer, IFLA_INFO_SLAVE_DATA, attrs, IFLA_BRPORT_ISOLATED);
	if (!attrs[IFLA_BRPORT_STATE])
		return;
	state->found = true;
	state->state = mnl_attr_get_u8(attrs[IFLA_BRPORT_STATE]);
	state->isolated = is_set(attrs[IFLA_BRPORT_ISOLATED]);
}

static int ask_link(uint32_t index, void (*take)(const struct nlmsghdr *answer, void *data),
		    void *data)
{
	_Alignas(struct nlmsghdr) char buffer[INQUIRY_SIZE];
	struct nlmsghdr *message = inquiry_start(buffer, RTM_GETLINK, 0, sizeof(struct ifinfomsg));
	struct ifinfomsg *header = mnl_nlmsg_get_payload(message);

	header->ifi_index = (int)index;
	return inquiry_ask(message, take, data);
}

int bridge_state(uint32_t index, struct bridge_state *state)
{
	*state = (struct bridge_state){0};
	return ask_link(index, take_bridge, state);
}

int port_state(uint32_t index, struct port_state *state)
{
	*state = (struct port_state){0};
	return ask_link(index, take_port, state);
}

static void take_entry(const struct nlmsghdr *answer, void *data)
{
	const struct ndmsg *header = mnl_nlmsg_get_payload(answer);
	uint32_t *port = data;

	*port = (uint32_t)header->ndm_ifindex;
}

int bridge_learnt(uint32_t bridge, const uint8_t mac[6], uint16_t vlan, uint32_t *port)
{
	_Alignas(struct nlmsghdr) char buffer[INQUIRY_SIZE];
	struct nlmsghdr *message = inquiry_start(buffer, RTM_GETNEIGH, 0, sizeof(struct ndmsg));
	struct ndmsg *header = mnl_nlmsg_get_payload(message);
	int failed;

	*port = 0;
	header->ndm_family = AF_BRIDGE;
	mnl_attr_put(message, NDA_LLADDR, 6, mac);
	mnl_attr_put_u32(message, NDA_MASTER, bridge);
	if (vlan)
		mnl_attr_put_u16(message, NDA_VLAN, vlan);
	failed = inquiry_ask(message, take_entry, port);
	return failed == -ENOENT ? 0 : failed;
}

const char *port_state_word(uint8_t state)
{
	static const char *const words[] = {"disabled", "listening", "learning", "forwarding",
					    "blocking"};

	return state < sizeof(words) / sizeof(*words) ? words[state] : "unknown";
}
