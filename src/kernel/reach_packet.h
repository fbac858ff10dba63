/* SPDX-License-Identifier: MIT */
/* ICMP echo and its answers as bytes. */
#ifndef KERNEL_REACH_PACKET_H
#define KERNEL_REACH_PACKET_H

#include <sys/socket.h>

#include "kernel/reach_run.h"

/* A packet of a raw socket that is an answer to an echo. */
struct packet_seen {
	bool reply; /* else an ICMP error about the echo */
	uint8_t type, code;
	uint16_t id, sequence; /* of the echo */
	uint64_t token;	       /* of a reply */
	uint32_t mtu;	       /* of a "too big" */
	struct address from;   /* not parsed: the socket tells it */
};

/* An echo request as sendmmsg(2) takes it; its message points into it. */
struct packet_draft {
	struct msghdr message;
	union reach_name name;
	struct iovec parts[2];
	unsigned char head[16];
	_Alignas(struct cmsghdr) unsigned char control[96];
};

/* Read what a raw socket of ICMP (`old`: of IPv4, else IPv6) received. False: nothing of interest.
 */
bool packet_parse(const unsigned char *data, size_t size, bool old, struct packet_seen *seen);

void packet_write(struct packet_draft *draft, const struct reach *reach, uint16_t id,
		  uint16_t sequence, uint64_t token, uint8_t hop_limit);

/* Let only what packet_parse() reads come to the socket. */
void packet_filter(int socket, bool old);

#endif
