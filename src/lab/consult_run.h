/* SPDX-License-Identifier: MIT */
/* A protocol's daemons while their answers are compared. Private to consult*.c. */
#ifndef LAB_CONSULT_RUN_H
#define LAB_CONSULT_RUN_H

#include "lab/consult.h"

/* What one daemon of a node said. */
struct speaker {
	struct path_node *node;
	bool runs;
	struct consult_record *list;
	size_t count;
};

struct consulting {
	struct path *path;
	const struct consultant *row; /* the first of its protocol */
	struct speaker *speakers;     /* by number of the node - 1 */
	const bool *near;	      /* likewise: on the way between the two nodes */
	struct finding *list;
	size_t count;
};

/* Found: that text, at the node, with the other one concerned. The latest is returned. */
struct finding *consult_add(struct consulting *consulting, const struct path_node *node,
			    const struct path_node *other, const char *text);

/* What a speaker says of the interface or the neighbour; NULL: nothing. */
const struct consult_record *consult_record_of(const struct speaker *speaker, const char *name);

/* What a command prints in the node, whose daemon has that socket; NULL: no daemon is there. */
const char *consult_ask(struct path *path, const struct path_node *node, const char *socket,
			const char *const argv[]);

/* The same of each protocol of BIRD that has the row's channel, one after the other. */
const char *consult_ask_bird(struct path *path, const struct path_node *node,
			     const struct consultant *row, const char *const command[]);

/* Compare the ends of a segment; the identifiers of all; the two ends of each session. */
void consult_segment(struct consulting *consulting, const struct segment *segment);
void consult_identifiers(struct consulting *consulting);
void consult_session(struct consulting *consulting, const struct speaker *speaker,
		     const struct consult_record *record);

/* What filters what the session brings in: a list's or a map's name; NULL: nothing does. */
const char *consult_filter_in(const struct consult_record *record);

/* Neighbours of whom nothing was taken, and something thrown away. */
void consult_bad(struct consulting *consulting, const struct speaker *speaker);

/* A filter of the node that can drop what the protocol sends or is sent, in words; NULL: none. */
const char *consult_filter(const struct consulting *consulting, struct path_node *node);

/* One at either, in words behind others; or "". */
const char *consult_filters(const struct consulting *consulting, struct path_node *a,
			    struct path_node *b);

/* A way from router to router, and the routes that their kernels have to the address. */
struct borders {
	struct path_node **nodes; /* from the one that asks to the one that has the address */
	const char **routes;	  /* NULL: it has none */
	size_t count;
};
void consult_borders(struct path *path, struct path_node *from, struct path_node *to,
		     const struct address *address, struct borders *borders);

/* What the one says of its session with the other; NULL: nothing. Is it up? */
const struct consult_record *consult_record_towards(const struct consulting *consulting,
						    const struct speaker *from,
						    const struct path_node *to);
bool consult_is_session(const struct consulting *consulting, const struct speaker *from,
			const struct path_node *to);

/* What the daemons of those without a route know of a way to the address. */
void consult_known(struct consulting *consulting, const struct borders *borders,
		   const struct address *address);

/* Whom the protocol has not told of a way that the router beside it has. */
void consult_border(struct consulting *consulting, const struct borders *borders,
		    const struct address *address);

#endif
