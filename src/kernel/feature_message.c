// SPDX-License-Identifier: MIT
// Netlink messages that try features of the kernel, one function each.
#include "kernel/feature_message.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <linux/lwtunnel.h>
#include <linux/mpls_iptunnel.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/seg6.h>
#include <linux/seg6_iptunnel.h>
#include <string.h>
#include <sys/socket.h>

#define LOOPBACK   1 /* the index of lo in every network namespace */
#define ANY_VLAN   10
#define ANY_TABLE  10
#define ANY_VNI	   10
#define VXLAN_PORT 4789
#define ANY_RATE   125000		      /* bytes a second */
#define MPLS_LABEL ((100U << 12) | (1U << 8)) /* label 100, and no further one */

/* 192.0.2.1, 192.0.2.2, and the like of IPv6: for documentation, so nobody's. */
static const uint8_t local4[4] = {192, 0, 2, 1}, remote4[4] = {192, 0, 2, 2};
static const uint8_t local6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};
static const uint8_t remote6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 2};

static void start(const struct attempt *attempt, uint16_t type, const void *family, size_t size)
{
	struct nlmsghdr *message = attempt->message;

	message->nlmsg_type = type;
	memcpy(mnl_nlmsg_put_extra_header(message, size), family, size);
}

/* ---- interfaces */

static void start_link(const struct attempt *attempt, uint32_t index)
{
	struct ifinfomsg family = {.ifi_family = AF_UNSPEC, .ifi_index = (int)index};

	start(attempt, RTM_NEWLINK, &family, sizeof(family));
	attempt->message->nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
}

/* The kind, and the start of what is special to it. */
struct details {
	struct nlattr *info, *data;
};

static struct details start_details(const struct attempt *attempt)
{
	struct details details;

	details.info = mnl_attr_nest_start(attempt->message, IFLA_LINKINFO);
	mnl_attr_put_strz(attempt->message, IFLA_INFO_KIND, attempt->kind);
	details.data = mnl_attr_nest_start(attempt->message, IFLA_INFO_DATA);
	return details;
}

static void end_details(const struct attempt *attempt, struct details details)
{
	mnl_attr_nest_end(attempt->message, details.data);
	mnl_attr_nest_end(attempt->message, details.info);
}

static void put_kind(const struct attempt *attempt, const char *kind)
{
	struct nlattr *info = mnl_attr_nest_start(attempt->message, IFLA_LINKINFO);

	mnl_attr_put_strz(attempt->message, IFLA_INFO_KIND, kind);
	mnl_attr_nest_end(attempt->message, info);
}

void attempt_loopback(const struct attempt *attempt)
{
	struct ifinfomsg family = {
		.ifi_index = LOOPBACK, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};

	start(attempt, RTM_SETLINK, &family, sizeof(family));
}

void attempt_cable(const struct attempt *attempt)
{
	start_link(attempt, attempt->interface);
	put_kind(attempt, "veth");
}

void attempt_bridge(const struct attempt *attempt)
{
	start_link(attempt, attempt->interface);
	put_kind(attempt, "bridge");
}

void attempt_plain(const struct attempt *attempt)
{
	start_link(attempt, 0);
	put_kind(attempt, attempt->kind);
}

/* The wish of a bridge to filter may be taken in silence; an entry shows the truth. */
void attempt_vlan_entry(const struct attempt *attempt)
{
	struct ifinfomsg family = {.ifi_family = AF_BRIDGE, .ifi_index = (int)attempt->interface};
	struct bridge_vlan_info entry = {.flags = BRIDGE_VLAN_INFO_BRENTRY, .vid = ANY_VLAN};
	struct nlattr *spec;

	start(attempt, RTM_SETLINK, &family, sizeof(family));
	spec = mnl_attr_nest_start(attempt->message, IFLA_AF_SPEC);
	mnl_attr_put_u16(attempt->message, IFLA_BRIDGE_FLAGS, BRIDGE_FLAGS_SELF);
	mnl_attr_put(attempt->message, IFLA_BRIDGE_VLAN_INFO, sizeof(entry), &entry);
	mnl_attr_nest_end(attempt->message, spec);
}

void attempt_stacked(const struct attempt *attempt)
{
	start_link(attempt, 0);
	mnl_attr_put_u32(attempt->message, IFLA_LINK, attempt->interface);
	put_kind(attempt, attempt->kind);
}

void attempt_vlan(const struct attempt *attempt)
{
	struct details details;

	start_link(attempt, 0);
	mnl_attr_put_u32(attempt->message, IFLA_LINK, attempt->interface);
	details = start_details(attempt);
	mnl_attr_put_u16(attempt->message, IFLA_VLAN_ID, ANY_VLAN);
	end_details(attempt, details);
}

void attempt_vrf(const struct attempt *attempt)
{
	struct details details;

	start_link(attempt, 0);
	details = start_details(attempt);
	mnl_attr_put_u32(attempt->message, IFLA_VRF_TABLE, ANY_TABLE);
	end_details(attempt, details);
}

void attempt_vxlan(const struct attempt *attempt)
{
	struct details details;

	start_link(attempt, 0);
	details = start_details(attempt);
	mnl_attr_put_u32(attempt->message, IFLA_VXLAN_ID, ANY_VNI);
	mnl_attr_put_u16(attempt->message, IFLA_VXLAN_PORT, htons(VXLAN_PORT));
	end_details(attempt, details);
}

/* Tunnels have two ends: one without is what the kernel itself makes, and the second is refused. */
static void start_tunnel(const struct attempt *attempt, int type_local, int type_remote,
			 const void *local, const void *remote, size_t size)
{
	struct details details;

	start_link(attempt, 0);
	details = start_details(attempt);
	mnl_attr_put(attempt->message, (uint16_t)type_local, size, local);
	mnl_attr_put(attempt->message, (uint16_t)type_remote, size, remote);
	end_details(attempt, details);
}

void attempt_gre(const struct attempt *attempt)
{
	start_tunnel(attempt, IFLA_GRE_LOCAL, IFLA_GRE_REMOTE, local4, remote4, sizeof(local4));
}

void attempt_ip6gre(const struct attempt *attempt)
{
	start_tunnel(attempt, IFLA_GRE_LOCAL, IFLA_GRE_REMOTE, local6, remote6, sizeof(local6));
}

void attempt_ip_tunnel(const struct attempt *attempt)
{
	start_tunnel(attempt, IFLA_IPTUN_LOCAL, IFLA_IPTUN_REMOTE, local4, remote4, sizeof(local4));
}

void attempt_ip6_tunnel(const struct attempt *attempt)
{
	start_tunnel(attempt, IFLA_IPTUN_LOCAL, IFLA_IPTUN_REMOTE, local6, remote6, sizeof(local6));
}

/* ---- queueing disciplines */

/* All are tried on lo: each takes the place of the one before. */
static void start_queue(const struct attempt *attempt, uint32_t parent, uint32_t handle)
{
	struct tcmsg family = {.tcm_ifindex = LOOPBACK, .tcm_parent = parent, .tcm_handle = handle};

	start(attempt, RTM_NEWQDISC, &family, sizeof(family));
	attempt->message->nlmsg_flags |= NLM_F_CREATE | NLM_F_REPLACE;
	mnl_attr_put_strz(attempt->message, TCA_KIND, attempt->kind);
}

void attempt_netem(const struct attempt *attempt)
{
	struct tc_netem_qopt options = {.limit = 1000};

	start_queue(attempt, TC_H_ROOT, 0);
	mnl_attr_put(attempt->message, TCA_OPTIONS, sizeof(options), &options);
}

void attempt_tbf(const struct attempt *attempt)
{
	struct tc_tbf_qopt options = {.rate = {.rate = ANY_RATE}, .limit = 10000};
	struct nlattr *nest;

	options.rate.linklayer = TC_LINKLAYER_ETHERNET;
	start_queue(attempt, TC_H_ROOT, 0);
	nest = mnl_attr_nest_start(attempt->message, TCA_OPTIONS);
	mnl_attr_put(attempt->message, TCA_TBF_PARMS, sizeof(options), &options);
	mnl_attr_put_u32(attempt->message, TCA_TBF_BURST, 2000);
	mnl_attr_nest_end(attempt->message, nest);
}

void attempt_htb(const struct attempt *attempt)
{
	struct tc_htb_glob options = {.version = TC_HTB_PROTOVER, .rate2quantum = 10};
	struct nlattr *nest;

	start_queue(attempt, TC_H_ROOT, 0);
	nest = mnl_attr_nest_start(attempt->message, TCA_OPTIONS);
	mnl_attr_put(attempt->message, TCA_HTB_INIT, sizeof(options), &options);
	mnl_attr_nest_end(attempt->message, nest);
}

void attempt_clsact(const struct attempt *attempt)
{
	start_queue(attempt, TC_H_CLSACT, TC_H_MAKE(TC_H_CLSACT, 0));
}

/* ---- routes */

static void start_route(const struct attempt *attempt, uint8_t family, uint16_t encapsulation)
{
	uint8_t length = family == AF_INET ? 32 : 128;
	struct rtmsg header = {
		.rtm_family = family,
		.rtm_dst_len = length,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = family == AF_INET ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST,
	};

	start(attempt, RTM_NEWROUTE, &header, sizeof(header));
	attempt->message->nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
	mnl_attr_put(attempt->message, RTA_DST, length / 8U, family == AF_INET ? remote4 : remote6);
	mnl_attr_put_u32(attempt->message, RTA_OIF, LOOPBACK);
	mnl_attr_put_u16(attempt->message, RTA_ENCAP_TYPE, encapsulation);
}

void attempt_mpls_route(const struct attempt *attempt)
{
	struct nlattr *nest;

	start_route(attempt, AF_INET, LWTUNNEL_ENCAP_MPLS);
	nest = mnl_attr_nest_start(attempt->message, RTA_ENCAP);
	mnl_attr_put_u32(attempt->message, MPLS_IPTUNNEL_DST, htonl(MPLS_LABEL));
	mnl_attr_nest_end(attempt->message, nest);
}

/* A routing header with one segment, in the form that RFC 8754 gives it. */
void attempt_seg6_route(const struct attempt *attempt)
{
	static const struct seg6_iptunnel_encap tunnel = {.mode = SEG6_IPTUN_MODE_ENCAP};
	static const struct ipv6_sr_hdr header = {.hdrlen = 2, .type = 4 /* IPV6_SRCRT_TYPE_4 */};
	uint8_t path[sizeof(tunnel) + sizeof(header) + sizeof(local6)];
	struct nlattr *nest;

	memcpy(path, &tunnel, sizeof(tunnel));
	memcpy(path + sizeof(tunnel), &header, sizeof(header));
	memcpy(path + sizeof(tunnel) + sizeof(header), local6, sizeof(local6));
	start_route(attempt, AF_INET6, LWTUNNEL_ENCAP_SEG6);
	nest = mnl_attr_nest_start(attempt->message, RTA_ENCAP);
	mnl_attr_put(attempt->message, SEG6_IPTUNNEL_SRH, sizeof(path), path);
	mnl_attr_nest_end(attempt->message, nest);
}
