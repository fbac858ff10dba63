/* SPDX-License-Identifier: MIT */
/* Netlink messages that try features of the kernel, one function each. */
#ifndef KERNEL_FEATURE_MESSAGE_H
#define KERNEL_FEATURE_MESSAGE_H

#include <stdint.h>

struct nlmsghdr;

/* A message under construction, and what of it differs from one feature to the next. */
struct attempt {
	struct nlmsghdr *message;
	const char *kind;   /* of an interface or a queueing discipline */
	uint32_t interface; /* number of the one that this feature is tried on, for itself alone */
};

#define ATTEMPT_SIZE 512 /* bytes of the largest message */

/* What a feature is tried on. */
void attempt_loopback(const struct attempt *attempt);
void attempt_cable(const struct attempt *attempt);
void attempt_bridge(const struct attempt *attempt);

/* Interfaces. */
void attempt_plain(const struct attempt *attempt); /* whose kind is all that they need */
void attempt_vlan(const struct attempt *attempt);
void attempt_stacked(const struct attempt *attempt); /* on another: macvlan, ipvlan */
void attempt_vrf(const struct attempt *attempt);
void attempt_vxlan(const struct attempt *attempt);
void attempt_gre(const struct attempt *attempt);
void attempt_ip6gre(const struct attempt *attempt);
void attempt_ip_tunnel(const struct attempt *attempt); /* ipip, sit */
void attempt_ip6_tunnel(const struct attempt *attempt);

/* An entry of a bridge's table of VLANs. */
void attempt_vlan_entry(const struct attempt *attempt);

/* Queueing disciplines, of lo. */
void attempt_netem(const struct attempt *attempt);
void attempt_tbf(const struct attempt *attempt);
void attempt_htb(const struct attempt *attempt);
void attempt_clsact(const struct attempt *attempt);

/* Routes through lo that put a header in front of packets. */
void attempt_mpls_route(const struct attempt *attempt);
void attempt_seg6_route(const struct attempt *attempt);

#endif
