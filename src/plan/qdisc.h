/* SPDX-License-Identifier: MIT */
/* The queueing disciplines that make an impairment: the same for the kernel and for scripts. */
#ifndef PLAN_QDISC_H
#define PLAN_QDISC_H

#include <stddef.h>
#include <stdint.h>

struct impairment;
struct interface;

/*
 * netem does all but the rate: its own has one limit for the packets that wait and for those that
 * are on the way, and counts a burst of TCP's as one packet, so that its queue is either full of
 * small packets or seconds long. tbf counts bytes, and cuts bursts into packets. It stands below
 * netem: what has travelled its delay then queues. (Above netem it would do as well, but without a
 * limit of its own.)
 *
 * Kernels before December 2024 without the fix f8d4bc455047 ("netem: account for backlog updates
 * from child qdisc") lose count of what tbf cuts.
 */
enum qdisc_kind {
	QDISC_NETEM,	 /* 1: at the root */
	QDISC_NETEM_TBF, /* 2: below it */
	QDISC_TBF,	 /* 3: at the root, where there is no netem */
};
#define QDISC_MOST 2

/* Those of an impairment, the root first. Returns how many. */
size_t qdiscs_of(const struct impairment *impairment, enum qdisc_kind kinds[QDISC_MOST]);

/* What of the impairment this one makes. */
struct impairment qdisc_part(const struct impairment *impairment, enum qdisc_kind kind);

/* TC_H_MAJ and TC_H_MIN in one, as the kernel has them. */
uint32_t qdisc_handle(enum qdisc_kind kind);
uint32_t qdisc_parent(enum qdisc_kind kind);

/* Packets on the way: as many as can be without filling the memory, unless the file has a limit. */
#define NETEM_LIMIT 100000
uint32_t netem_limit(const struct impairment *impairment);

/*
 * Bytes that may pass at once, and that wait at most. 10 ms of the rate pass at once, but at least
 * two packets: where a busy machine wakes tbf later than that, the rest of the rate is lost. 50 ms
 * of it wait, but at least 16 packets, as TCP needs some.
 */
uint32_t tbf_burst(const struct impairment *impairment, const struct interface *interface);
uint32_t tbf_limit(const struct impairment *impairment, const struct interface *interface);

/* The limit in packets that tbf_limit() has made; 0: the one that the rate has by itself. */
uint32_t tbf_packets(uint32_t bytes, const struct impairment *impairment, uint32_t mtu);

#endif
