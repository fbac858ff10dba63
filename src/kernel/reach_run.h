/* SPDX-License-Identifier: MIT */
/* What the kinds of probes share: time, namespaces, sockets that are watched. Private to reach*.c.
 */
#ifndef KERNEL_REACH_RUN_H
#define KERNEL_REACH_RUN_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "kernel/reach.h"

/* The probes of one kind in one call. */
struct reach_run {
	struct reach **list;
	size_t count;
	struct arena *arena;
	uint64_t end; /* of the time that there is, as reach_now() counts */
	int entered;  /* the namespace that the caller is in; -1: not known */
};

/* Nanoseconds of a clock that never jumps. */
uint64_t reach_now(void);

/* Milliseconds from now to `when`, rounded up; 0 where it has passed. */
int reach_until(uint64_t when);

/* Enter a network namespace. Returns 0 or less, with *err. */
int reach_enter(struct reach_run *run, int netns, struct error *err);

/* The run's sockets at once, at most: descriptors that are free. */
size_t reach_room(void);

union reach_name {
	struct sockaddr any;
	struct sockaddr_in ip;
	struct sockaddr_in6 ip6;
};

/* The address as the socket calls want it; returns its size. */
socklen_t reach_name(const struct address *address, uint16_t port, uint32_t scope,
		     union reach_name *name);
void reach_address(const union reach_name *name, struct address *address);

/* A socket of the entered namespace, not blocking; -errno. */
int reach_socket(const struct reach *reach, int type, int protocol);

/* Is there an ICMP error in the socket's queue of errors? Then the probe's state tells it. */
bool reach_take_icmp(int socket, struct reach *reach);

/* The call failed here, with errno: the sender's kernel refused. */
void reach_refuse(struct reach *reach, int number);

/* The kinds. Each leaves what it could not settle in REACH_OPEN. Returns 0 or less, with *err. */
int reach_ping(struct reach_run *run, struct error *err);
int reach_timed(struct reach_run *run, struct error *err); /* trace, and pings that are counted */
int reach_tcp(struct reach_run *run, struct error *err);
int reach_udp(struct reach_run *run, struct error *err);
int reach_rate(struct reach_run *run, struct error *err);

#endif
