// SPDX-License-Identifier: MIT
// Messages of MPLS: labels that a route puts on packets, and what is done with those of a label.
#include <arpa/inet.h>
#include <linux/lwtunnel.h>
#include <linux/mpls.h>
#include <linux/mpls_iptunnel.h>
#include <linux/rtnetlink.h>

#include "kernel/draft.h"

#define LABEL_BITS 20

/* A stack of labels as packets have it, the bottom marked (RFC 3032). */
static void put_stack(struct draft *draft, int type, const uint32_t *labels, size_t count)
{
	uint32_t stack[LABELS_MOST];

	for (size_t i = 0; i < count; i++)
		stack[i] = htonl(labels[i] << MPLS_LS_LABEL_SHIFT |
				 (i + 1 == count ? 1U << MPLS_LS_S_SHIFT : 0));
	put(draft, type, stack, count * sizeof(*stack));
}

void put_labels(struct draft *draft, const struct route *route)
{
	struct nlattr *encap;

	put_u16(draft, RTA_ENCAP_TYPE, LWTUNNEL_ENCAP_MPLS);
	encap = nest(draft, RTA_ENCAP);
	put_stack(draft, MPLS_IPTUNNEL_DST, route->labels, route->label_count);
	nest_end(draft, encap);
}

static void put_via(struct draft *draft, const struct address *address)
{
	uint8_t via[sizeof(struct rtvia) + 16];
	struct rtvia head = {.rtvia_family = address->family};
	size_t size = address_size(address);

	memcpy(via, &head, sizeof(head));
	memcpy(via + sizeof(head), address->bytes, size);
	put(draft, RTA_VIA, via, sizeof(head) + size);
}

/* The flags are those that the kernel asks for (mpls_rtm_newroute() in net/mpls/af_mpls.c). */
void encode_label(const struct op *op, struct draft *draft)
{
	const struct label_route *route = op->label;
	struct rtmsg header = {
		.rtm_family = AF_MPLS,
		.rtm_dst_len = LABEL_BITS,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST,
	};

	put_family(draft, &header, sizeof(header));
	put_stack(draft, RTA_DST, &route->label, 1);
	if (route->out_count)
		put_stack(draft, RTA_NEWDST, route->out, route->out_count);
	if (route->hop.via.family)
		put_via(draft, &route->hop.via);
	put_u32(draft, RTA_OIF, route->hop.interface->index);
}
