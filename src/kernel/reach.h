/* SPDX-License-Identifier: MIT */
/* Probes: does a packet get from one network namespace to an address, and what comes back? */
#ifndef KERNEL_REACH_H
#define KERNEL_REACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topology/model.h"

struct arena;
struct error;

enum reach_kind {
	REACH_PING,  /* ICMP echo; with count > 1 statistics of loss and time */
	REACH_TRACE, /* the same with rising hop limits */
	REACH_TCP,   /* a connection, closed at once */
	REACH_UDP,   /* a datagram */
	REACH_RATE,  /* a bulk transfer over TCP between nslab's own ends */
};

enum reach_state {
	REACH_OPEN,	/* not tried yet */
	REACH_ANSWERED, /* reply | connected | arrived or answered | trace: reached */
	REACH_REFUSED,	/* RST, or ICMP port unreachable: the host is there, the port not */
	REACH_ICMP,	/* an ICMP error: icmp_type, icmp_code, its sender in icmp_from */
	REACH_LOCAL,	/* the sender's own kernel refused: errno in number */
	REACH_SILENT,	/* nothing within the time */
};

struct reach_hop {
	struct address from; /* AF_UNSPEC: silent */
	uint64_t rtt;	     /* ns */
};
#define REACH_HOPS 64

struct reach {
	/* What to do. */
	enum reach_kind kind;
	int netns;     /* of the sender: a descriptor that setns(2) takes, one a node (pidfd too) */
	int far_netns; /* of the receiver, or -1: needed for rate, see udp; ping: speeds up
			  all-to-all */
	struct address to;
	struct address from; /* source address; AF_UNSPEC: the kernel's choice */
	uint16_t port;	     /* tcp, udp; rate: 0 for any free one */
	uint16_t scope;	     /* interface index for link-local `to`, else 0 */
	uint32_t size;	     /* of the whole IP packet of a ping, bytes; 0: 84 (IPv4), 104 (IPv6) */
	bool whole;	     /* never fragmented, whatever path MTU the kernel has cached */
	bool serve;	     /* udp: where nobody listens, nslab itself answers (needs far_netns) */
	uint32_t count; /* packets of a ping, each sent once; 0: one, sent again until answered */
	uint32_t interval; /* us between them */
	bool once;	   /* of those that are counted: the first answer is enough */
	uint32_t duration; /* ms of a rate; 0: 1000 */
	/* What came of it. */
	enum reach_state state;
	int number; /* errno: of LOCAL; of REFUSED: ECONNREFUSED or ECONNRESET */
	uint8_t icmp_type, icmp_code;
	struct address icmp_from; /* also of REFUSED by ICMP */
	uint32_t mtu;		  /* that an ICMP "too big" (or the local kernel) named; 0: none */
	uint32_t sent, received;
	uint64_t rtt_min, rtt_avg, rtt_max; /* ns */
	uint64_t answered; /* of counted pings: when the first that was answered was sent, ns of the
			      monotonic clock */
	struct reach_hop *hops; /* of a trace, in the arena */
	uint32_t hop_count;
	uint64_t bits_per_second; /* of a rate: payload that arrived */
};

/*
 * Try all of them, side by side; each has a state at the end, after `timeout` ms at the latest (a
 * rate: its duration more). As it enters the senders' network namespaces, the caller ends in one of
 * them; it must have joined the lab's user namespace (lab_enter_users()) before. Ends early when
 * all have a state. 0 or -errno with *err (no memory, no descriptors, a namespace that cannot be
 * entered).
 */
int reach_all(struct reach *list, size_t count, int timeout, struct arena *arena,
	      struct error *err);

/* As many descriptors as this user may have: for callers who hold one a node. */
void reach_descriptors(void);

/* "ICMP host unreachable from 10.0.0.1", "no answer", "Network is unreachable": of a state but
 * ANSWERED. */
const char *reach_words(const struct reach *reach, struct arena *arena);

#endif
