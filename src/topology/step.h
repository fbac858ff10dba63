/* SPDX-License-Identifier: MIT */
/* Tests as the model has them: sentences in order, with all that they name found. */
#ifndef TOPOLOGY_STEP_H
#define TOPOLOGY_STEP_H

#include "topology/change.h"
#include "topology/model.h"
#include "topology/sentence.h"

/* Some of the nodes; or, of what is spoken to, one address instead. */
struct party {
	const struct node **nodes;
	size_t count;
	bool many; /* by a pattern or "all": what does not fit is left out in silence */
	struct address address; /* AF_UNSPEC: nodes */
	const char *text;	/* as in the file */
};

/* What a measured value may be. */
struct bound {
	enum { BOUND_ABOUT, BOUND_BELOW, BOUND_ABOVE } kind;
	int64_t value;	    /* nanoseconds, parts of UINT32_MAX, bits a second */
	uint32_t tolerance; /* of BOUND_ABOUT, in parts of UINT32_MAX */
};

/* How long a sentence may take to become true, or has to be true. */
enum patience { PATIENCE_WITHIN, PATIENCE_FOR };

#define FAMILY_IPV4 1U
#define FAMILY_IPV6 2U
#define FAMILIES    (FAMILY_IPV4 | FAMILY_IPV6)

struct step {
	const char *text; /* the whole sentence */
	struct place place;
	const struct sentence *sentence; /* NULL: not understood, and that was said */
	struct party from, to, gateway, server;
	const struct node **way;
	size_t way_count;
	const char *interface; /* NULL: any */
	const char *service;   /* that is stopped or started; NULL: the nodes themselves */
	const char *url, *name, *command, *contains, *matches, *link;
	struct link_change change;
	struct bound bound;
	int64_t time, pause; /* nanoseconds */
	enum patience patience;
	uint32_t number; /* N of step.N */
	unsigned families;
	int status; /* of a command that ends well */
	uint32_t protocol, metric, bytes;
	struct address address; /* also a prefix */
	uint16_t port;
	uint8_t mac[6];
	bool any_family; /* the prefix is "default" */
	bool negated, up, udp, protocol_given, metric_given, mac_given;
};

struct test {
	const char *name;
	struct place place;
	struct step *steps; /* by number */
	size_t count;
};

#endif
