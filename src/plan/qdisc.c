// SPDX-License-Identifier: MIT
// The queueing disciplines that make an impairment, and their parameters.
#include "plan/qdisc.h"

#include <linux/pkt_sched.h>

#include "topology/impairment.h"
#include "topology/model.h"

#define MTU_DEFAULT 1500
#define FRAME_MORE  18 /* bytes around a packet: Ethernet's header, a VLAN's tag */

#define BURST_PART    100 /* of a second: 10 ms */
#define BURST_PACKETS 2
#define QUEUE_PART    20 /* 50 ms */
#define QUEUE_PACKETS 16

static const struct {
	uint32_t handle, parent;
} places[] = {
	[QDISC_NETEM] = {TC_H_MAKE(1U << 16, 0), TC_H_ROOT},
	[QDISC_NETEM_TBF] = {TC_H_MAKE(2U << 16, 0), TC_H_MAKE(1U << 16, 1)},
	[QDISC_TBF] = {TC_H_MAKE(3U << 16, 0), TC_H_ROOT},
};

uint32_t qdisc_handle(enum qdisc_kind kind)
{
	return places[kind].handle;
}

uint32_t qdisc_parent(enum qdisc_kind kind)
{
	return places[kind].parent;
}

size_t qdiscs_of(const struct impairment *impairment, enum qdisc_kind kinds[QDISC_MOST])
{
	bool netem = impairment_takes_netem(impairment);
	size_t count = 0;

	if (netem)
		kinds[count++] = QDISC_NETEM;
	if (impairment->rate)
		kinds[count++] = netem ? QDISC_NETEM_TBF : QDISC_TBF;
	return count;
}

struct impairment qdisc_part(const struct impairment *impairment, enum qdisc_kind kind)
{
	struct impairment part = {0};

	if (kind == QDISC_NETEM) {
		part = *impairment;
		if (part.rate)
			part.limit = 0;
		part.rate = 0;
	} else {
		part.rate = impairment->rate;
		part.limit = impairment->limit;
	}
	return part;
}

uint32_t netem_limit(const struct impairment *impairment)
{
	return impairment->limit && !impairment->rate ? impairment->limit : NETEM_LIMIT;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint32_t bounded(uint64_t bytes)
{
	return bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)bytes;
}

static uint64_t frame(uint32_t mtu)
{
	return (mtu ? mtu : MTU_DEFAULT) + FRAME_MORE;
}

uint32_t tbf_burst(const struct impairment *impairment, const struct interface *interface)
{
	return bounded(
		larger(impairment->rate / BURST_PART, BURST_PACKETS * frame(interface->mtu)));
}

static uint32_t queue_of(const struct impairment *impairment, uint32_t mtu)
{
	if (impairment->limit)
		return bounded(impairment->limit * frame(mtu));
	return bounded(larger(impairment->rate / QUEUE_PART, QUEUE_PACKETS * frame(mtu)));
}

uint32_t tbf_limit(const struct impairment *impairment, const struct interface *interface)
{
	return queue_of(impairment, interface->mtu);
}

uint32_t tbf_packets(uint32_t bytes, const struct impairment *impairment, uint32_t mtu)
{
	struct impairment usual = {.rate = impairment->rate};
	uint64_t packets = bytes / frame(mtu);

	if (bytes == queue_of(&usual, mtu))
		return 0;
	return packets ? (uint32_t)packets : 1;
}
