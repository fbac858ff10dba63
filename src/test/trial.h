/* SPDX-License-Identifier: MIT */
/* A step as it is being tried: what there is to look at, and what was seen. */
#ifndef TEST_TRIAL_H
#define TEST_TRIAL_H

#include "base/clock.h"
#include "test/run.h"
#include "topology/step.h"

/* One node, or one pair of them over one family, of which the sentence has to be true. */
struct item {
	const struct node *from;
	const struct node *to;	/* NULL: an address alone, or nobody */
	struct address address; /* that is spoken to; AF_UNSPEC: none */
	int events;		/* tells of changes at `from`; -1: nothing does */
	bool due;		/* to be looked at */
	bool is;		/* what was seen when it was last looked at */
	bool unknown;		/* or nothing could be seen: then neither it nor its `no` holds */
	struct address asked;	/* whom it was asked of, where that is not `address`; AF_UNSPEC */
	uint16_t port;		/* likewise */
	bool settled;		/* it was as wanted */
	int64_t since;		/* when it became so, if that is known; else 0 */
	char *why;		/* what was seen instead of what is true; NULL: nothing to say */
};

struct trial {
	const struct run *run;
	const struct step *step;
	struct arena *arena; /* lives as long as the trial */
	struct item *items;
	size_t count;
	int64_t begun, deadline; /* of the monotonic clock, nanoseconds */
};

/* Make the list of items: pairs where the sentence has TARGETS, else nodes. */
int trial_list(struct trial *trial, struct error *err);

/* Enter the network of the item's node. */
int trial_enter(const struct trial *trial, const struct node *node, struct error *err);

/* What of the node was seen, in words, instead of what was said before. */
void item_say(struct item *item, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "h1", "h1 -> server (10.0.2.80)" */
const char *item_title(const struct item *item, struct arena *arena);

void trial_end(struct trial *trial);

#endif
