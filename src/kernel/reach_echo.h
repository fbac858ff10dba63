/* SPDX-License-Identifier: MIT */
/* ICMP echo from many network namespaces at once: one raw socket a namespace and family. */
#ifndef KERNEL_REACH_ECHO_H
#define KERNEL_REACH_ECHO_H

#include "kernel/reach_run.h"

#define HOP_LIMIT 64 /* of a packet that no trace wants to end early */

struct echo_packet {
	uint32_t reach; /* whose, in the run's list */
	uint8_t hop_limit;
	bool heard;
	uint64_t sent_at; /* ns since the epoch, as arrival times come */
};

/* What became of a packet. */
struct echo_event {
	enum reach_state state; /* ANSWERED, ICMP or LOCAL */
	int number;
	uint8_t type, code;
	struct address from;
	uint32_t mtu;
	uint64_t rtt;
};

struct echo {
	struct reach_run *run;
	struct echo_packet *packets; /* by number: identifier and sequence tell it */
	uint32_t packet_count;
	/* Hears of each packet once, but for an echo reply after an error. */
	void (*heard)(void *data, uint32_t packet, const struct echo_event *event);
	void *data;

	struct station *stations; /* one a namespace, by descriptor */
	size_t station_count;
	uint32_t *station_of; /* by number of the probe */
	int watch;
	uint16_t first_id;
	uint64_t token;
};

/*
 * Make the sockets of all the run's probes, for `packet_count` packets. echo_close() it in any
 * case.
 */
int echo_open(struct echo *echo, struct reach_run *run, uint32_t packet_count, struct error *err);
void echo_close(struct echo *echo);

/* Send the packets of these numbers, those of one namespace best behind each other. */
void echo_send(struct echo *echo, const uint32_t *numbers, size_t count);

/* Hear what arrives, for `milliseconds` at most. False: nothing arrived. */
bool echo_hear(struct echo *echo, int milliseconds);

/* The outcome of a probe of one packet. */
void echo_settle(struct reach *reach, const struct echo_event *event);

#endif
