/* SPDX-License-Identifier: MIT */
/* What sentences look at: one row of a table for each. */
#ifndef TEST_LOOK_H
#define TEST_LOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "topology/sentence.h"

struct error;
struct trial;

struct look {
	/*
	 * Look at all items that are due, and note what is; `until` is when to give up on one that
	 * says nothing. Less than 0: it could not be looked at.
	 */
	int (*look)(struct trial *trial, int64_t until, struct error *err);
	/* Or do what is said. */
	int (*act)(struct trial *trial, struct error *err);
	unsigned watched; /* enum watched: what changes it, where the kernel tells of that */
	bool pairs;	  /* it is about NODES and TARGETS */
	bool slow;	  /* routers answer it but once a second, after a burst of a few */
};

extern const struct look looks[SENTENCE_COUNT];

int look_ping(struct trial *trial, int64_t until, struct error *err);
int look_trace(struct trial *trial, int64_t until, struct error *err);
int look_port(struct trial *trial, int64_t until, struct error *err);
int look_mtu(struct trial *trial, int64_t until, struct error *err);
int look_rtt(struct trial *trial, int64_t until, struct error *err);
int look_loss(struct trial *trial, int64_t until, struct error *err);
int look_rate(struct trial *trial, int64_t until, struct error *err);
int look_route(struct trial *trial, int64_t until, struct error *err);
int look_neighbour(struct trial *trial, int64_t until, struct error *err);
int look_address(struct trial *trial, int64_t until, struct error *err);
int look_interface(struct trial *trial, int64_t until, struct error *err);
int look_listens(struct trial *trial, int64_t until, struct error *err);
int look_run(struct trial *trial, int64_t until, struct error *err);
int look_http(struct trial *trial, int64_t until, struct error *err);
int look_dns(struct trial *trial, int64_t until, struct error *err);

int act_link(struct trial *trial, struct error *err);
int act_stop(struct trial *trial, struct error *err);
int act_start(struct trial *trial, struct error *err);
int act_wait(struct trial *trial, struct error *err);

#endif
