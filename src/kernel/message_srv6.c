// SPDX-License-Identifier: MIT
// Messages of SRv6: the segments that a route puts on packets, and those of the node's own.
#include <linux/lwtunnel.h>
#include <linux/rtnetlink.h>
#include <linux/seg6_iptunnel.h>
#include <linux/seg6_local.h>
#include <netinet/in.h>

#include "kernel/draft.h"
#include "topology/device.h"
#include "topology/srv6.h"

#define ROUTING_TYPE 4 /* of a segment routing header (RFC 8754) */
#define HEADER_MOST                                                                                \
	(sizeof(struct ipv6_sr_hdr) + (SRV6_SEGMENTS_MOST + 1) * sizeof(struct in6_addr))

/*
 * A segment routing header has its segments in reverse: the last one to visit comes first. Where it
 * is inserted into a packet, the kernel writes the packet's own destination behind all others, and
 * wants a place for it. Returns the header's size.
 */
static size_t make_header(const struct srv6_path *path, bool inserted, uint8_t *buffer)
{
	size_t count = path->count + inserted, size = sizeof(struct in6_addr);
	struct ipv6_sr_hdr header = {
		.hdrlen = (uint8_t)(count * size / 8), /* but for the first 8 bytes */
		.type = ROUTING_TYPE,
		.segments_left = (uint8_t)(count - 1),
		.first_segment = (uint8_t)(count - 1),
	};

	memcpy(buffer, &header, sizeof(header));
	memset(buffer + sizeof(header), 0, count * size);
	for (size_t i = 0; i < path->count; i++)
		memcpy(buffer + sizeof(header) + (count - 1 - i) * size, path->segments[i].bytes,
		       size);
	return sizeof(header) + count * size;
}

void put_segments(struct draft *draft, const struct srv6_path *path)
{
	static const int modes[SRV6_MODES] = {
		[SRV6_ENCAP] = SEG6_IPTUN_MODE_ENCAP,
		[SRV6_ENCAP_RED] = SEG6_IPTUN_MODE_ENCAP_RED,
		[SRV6_INLINE] = SEG6_IPTUN_MODE_INLINE,
		[SRV6_L2ENCAP] = SEG6_IPTUN_MODE_L2ENCAP,
		[SRV6_L2ENCAP_RED] = SEG6_IPTUN_MODE_L2ENCAP_RED,
	};
	uint8_t tunnel[sizeof(int) + HEADER_MOST];
	struct nlattr *encap;
	size_t size;

	memcpy(tunnel, &modes[path->mode], sizeof(int));
	size = make_header(path, path->mode == SRV6_INLINE, tunnel + sizeof(int));
	put_u16(draft, RTA_ENCAP_TYPE, LWTUNNEL_ENCAP_SEG6);
	encap = nest(draft, RTA_ENCAP);
	put(draft, SEG6_IPTUNNEL_SRH, tunnel, sizeof(int) + size);
	nest_end(draft, encap);
}

/* What the action takes, as the kernel wants it. */
static void put_action(struct draft *draft, const struct sid *sid)
{
	static const uint32_t actions[SID_ACTIONS] = {
		[SID_END] = SEG6_LOCAL_ACTION_END,
		[SID_END_X] = SEG6_LOCAL_ACTION_END_X,
		[SID_END_T] = SEG6_LOCAL_ACTION_END_T,
		[SID_END_DX2] = SEG6_LOCAL_ACTION_END_DX2,
		[SID_END_DX4] = SEG6_LOCAL_ACTION_END_DX4,
		[SID_END_DX6] = SEG6_LOCAL_ACTION_END_DX6,
		[SID_END_DT4] = SEG6_LOCAL_ACTION_END_DT4,
		[SID_END_DT6] = SEG6_LOCAL_ACTION_END_DT6,
		[SID_END_DT46] = SEG6_LOCAL_ACTION_END_DT46,
		[SID_END_B6] = SEG6_LOCAL_ACTION_END_B6,
		[SID_END_B6_ENCAPS] = SEG6_LOCAL_ACTION_END_B6_ENCAP,
	};
	uint8_t header[HEADER_MOST];

	put_u32(draft, SEG6_LOCAL_ACTION, actions[sid->action]);
	if (sid->via.family)
		put_address(draft, sid->via.family == AF_INET ? SEG6_LOCAL_NH4 : SEG6_LOCAL_NH6,
			    &sid->via);
	if (sid->vrf)
		put_u32(draft, SEG6_LOCAL_VRFTABLE, sid->vrf->device->table);
	if (sid->table)
		put_u32(draft, SEG6_LOCAL_TABLE, sid->table);
	if (sid->oif)
		put_u32(draft, SEG6_LOCAL_OIF, sid->oif->index);
	if (sid->path.count)
		put(draft, SEG6_LOCAL_SRH, header,
		    make_header(&sid->path, sid->action == SID_END_B6, header));
}

void encode_sid(const struct op *op, struct draft *draft)
{
	const struct sid *sid = op->sid;
	struct rtmsg header = {
		.rtm_family = AF_INET6,
		.rtm_dst_len = sid->address.length,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST,
	};
	struct nlattr *encap;

	put_family(draft, &header, sizeof(header));
	put_address(draft, RTA_DST, &sid->address);
	put_u16(draft, RTA_ENCAP_TYPE, LWTUNNEL_ENCAP_SEG6_LOCAL);
	encap = nest(draft, RTA_ENCAP);
	put_action(draft, sid);
	nest_end(draft, encap);
	put_u32(draft, RTA_OIF, sid->interface->index);
}
