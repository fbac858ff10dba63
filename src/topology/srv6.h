/* SPDX-License-Identifier: MIT */
/* Segment routing over IPv6 (RFC 8754, RFC 8986): lists of segments, and what a node does with its
 * own. */
#ifndef TOPOLOGY_SRV6_H
#define TOPOLOGY_SRV6_H

#include <stddef.h>
#include <stdint.h>

#include "topology/model.h"

/* How a packet gets its list of segments. */
enum srv6_mode {
	SRV6_ENCAP,	  /* an IPv6 header of its own in front of it */
	SRV6_ENCAP_RED,	  /* the same, without the first segment, which is the destination anyway */
	SRV6_INLINE,	  /* into the header that an IPv6 packet has */
	SRV6_L2ENCAP,	  /* the whole frame behind an IPv6 header */
	SRV6_L2ENCAP_RED, /* both */
	SRV6_MODES,
};

/* As the file and ip(8) call them. */
extern const char *const srv6_modes[SRV6_MODES];

/* What a header of 8-bit length has room for, with the place that `inline` takes of it. */
#define SRV6_SEGMENTS_MOST 126

struct srv6_path {
	enum srv6_mode mode;
	struct address *segments; /* in the order in which they are visited */
	size_t count;
};

enum sid_action {
	SID_END,
	SID_END_X,
	SID_END_T,
	SID_END_DX2,
	SID_END_DX4,
	SID_END_DX6,
	SID_END_DT4,
	SID_END_DT6,
	SID_END_DT46,
	SID_END_B6,
	SID_END_B6_ENCAPS,
	SID_ACTIONS,
};

/* What follows the action. */
enum sid_argument {
	SID_TAKES_VIA = 1 << 0,	  /* via ADDRESS */
	SID_TAKES_IPV4 = 1 << 1,  /* which is one of IPv4 */
	SID_TAKES_VRF = 1 << 2,	  /* vrf INTERFACE */
	SID_TAKES_TABLE = 1 << 3, /* table NUMBER */
	SID_TAKES_OIF = 1 << 4,	  /* oif INTERFACE */
	SID_TAKES_PATH = 1 << 5,  /* segments SID... */
	SID_PASSES_IPV6 = 1 << 6, /* what comes is sent on, as a router does */
};

struct sid_row {
	const char *word;  /* in the file */
	const char *name;  /* as RFC 8986 and ip(8) have it */
	unsigned takes;	   /* SID_TAKES_...: one of them, or nothing */
	const char *shape; /* the same in words, for messages; "": nothing */
};

extern const struct sid_row sid_rows[SID_ACTIONS];

/* A segment of the node's own, and what is done with packets to it. */
struct sid {
	const char *name; /* of sid.NAME */
	struct place place;
	struct address address; /* with a length: all addresses of a prefix */
	enum sid_action action;
	struct address via;	     /* AF_UNSPEC: none */
	struct interface *vrf;	     /* whose table is looked into, else NULL */
	uint32_t table;		     /* 0: none */
	struct interface *oif;	     /* where frames go, else NULL */
	struct srv6_path path;	     /* that packets are given */
	struct interface *interface; /* on which the kernel keeps it */
};

#endif
