/* SPDX-License-Identifier: MIT */
/* The one table of sentences that steps of tests are made of. */
#ifndef TOPOLOGY_SENTENCE_H
#define TOPOLOGY_SENTENCE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum sentence_kind {
	SENTENCE_PING,
	SENTENCE_TRACE,
	SENTENCE_TCP,
	SENTENCE_UDP,
	SENTENCE_HTTP,
	SENTENCE_DNS,
	SENTENCE_MTU,
	SENTENCE_RTT,
	SENTENCE_LOSS,
	SENTENCE_RATE,
	SENTENCE_ROUTE,
	SENTENCE_NEIGHBOUR,
	SENTENCE_ADDRESS,
	SENTENCE_INTERFACE,
	SENTENCE_LISTENS,
	SENTENCE_RUN,
	SENTENCE_LINK,
	SENTENCE_STOP,
	SENTENCE_START,
	SENTENCE_WAIT,
	SENTENCE_COUNT,
};

/* How it is known when a sentence becomes true. */
enum sentence_source {
	SOURCE_EVENTS, /* the kernel tells of changes over rtnetlink */
	SOURCE_POLL,   /* it is tried again and again */
	SOURCE_ACTION, /* it is something to do, true once done */
};

/* What a word, or several, of a sentence is; each has a reader in read_step.c. */
enum argument {
	ARGUMENT_NONE,
	ARGUMENT_NODES,	  /* into step->from */
	ARGUMENT_TARGETS, /* into step->to */
	ARGUMENT_SERVICE, /* TARGETS:PORT */
	ARGUMENT_PORT,
	ARGUMENT_WAY, /* nodes in a row, into step->way */
	ARGUMENT_GATEWAY,
	ARGUMENT_ADDRESS,
	ARGUMENT_PREFIX,
	ARGUMENT_INTERFACE,
	ARGUMENT_STATE,
	ARGUMENT_PROTOCOL,
	ARGUMENT_METRIC,
	ARGUMENT_MAC,
	ARGUMENT_BYTES,
	ARGUMENT_TIME_BOUND,
	ARGUMENT_PERCENT_BOUND,
	ARGUMENT_RATE_BOUND,
	ARGUMENT_TIME,
	ARGUMENT_URL,
	ARGUMENT_NAME,
	ARGUMENT_SERVER,
	ARGUMENT_COMMAND,
	ARGUMENT_STATUS,
	ARGUMENT_TEXT,
	ARGUMENT_REGEX,
	ARGUMENT_LINK,
	ARGUMENT_CHANGE,
	ARGUMENT_DAEMON, /* a service of the nodes, into step->service */
	ARGUMENT_COUNT,
};

#define CLAUSES_MOST 6

/* A row of the table. */
struct sentence {
	const char *word;
	enum sentence_source source;
	/* In this order; those with a word in front in any order behind the others. */
	struct clause {
		const char *word; /* NULL: none in front of it */
		enum argument argument;
		bool optional;
	} clauses[CLAUSES_MOST];
};

extern const struct sentence sentences[SENTENCE_COUNT];

/* "ping NODES TARGETS", "dns NODES NAME is ADDRESS [from SERVER]" */
const char *sentence_usage(const struct sentence *sentence, struct arena *arena);

/* What an argument is called in that. */
const char *argument_title(enum argument argument);

#endif
