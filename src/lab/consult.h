/* SPDX-License-Identifier: MIT */
/* Routing daemons asked why a route is missing: which neighbours are none, and what differs. */
#ifndef LAB_CONSULT_H
#define LAB_CONSULT_H

#include "lab/path.h"

/* Two routers that should be neighbours and are not. */
struct finding {
	const char *node; /* whose fault it rather is */
	const char *text;
	bool on_way; /* between the two nodes of the question */
	bool weak;   /* it need not be the cause */
	bool vague;  /* it is a symptom: what is behind it was not found */
	bool border; /* here those that have the route end: likelier than others that are weak */
	bool native; /* it is about the protocol that has made the route there */
};

/* A value in what a daemon prints about one interface or neighbour. */
struct consult_field {
	const char *name;   /* in words: "area" */
	const char *before; /* what stands in front of it */
	const char *ends;   /* characters that end it; NULL: that it is there at all is the value */
	bool unique;	    /* no two routers may have the same; else neighbours must */
	unsigned column; /* instead of `before`: a number, that word of the record's first line */
};
#define FIELDS_MOST 11

/* How one daemon is asked. */
struct consultant {
	const char *protocol; /* "OSPF" */
	const char *made;     /* what the kernel calls the protocol of its routes: "ospf" */
	const char *socket;   /* that is there while the daemon runs */
	const char *command[8];
	const char *channel; /* the command is asked of each of BIRD's protocols that has it... */
	const char *kind;    /* ...and is of this kind: "OSPF" */
	const char *start, *stop; /* of a line: what stands around the name that begins a record */
	const char *neighbours;	  /* in front of how many there are; NULL: it is not told */
	const char *neighbour_command[3]; /* that lists them instead, a line each */
	const char *neighbour_state;	  /* in the line of one that is */
	const char *passives; /* the line in front of a list of passive ones; NULL: records tell */
	const char *got;      /* in lines of what was taken; numbers are of what was thrown away */
	const char *got_command[6];
	/* A filter's rule that is about what it sends has one of these words, or that value of a
	 * key. */
	const char *packets[3];
	const char *unidentified; /* what a unique field is of who has none, and tells of nothing */
	int family;		  /* whose routes it makes; 0: both */
	bool by_address;	  /* a record is a neighbour's, not an interface's */
	struct consult_field fields[FIELDS_MOST];
};

/* One interface or neighbour, as a daemon prints it. */
struct consult_record {
	const char *name;
	const char *values[FIELDS_MOST]; /* NULL: it does not say */
	int neighbours;			 /* how many there are; -1: it does not say */
};

/* All records of what a consultant's command printed. */
struct consult_record *consult_parse(const struct consultant *consultant, const char *text,
				     struct arena *arena, size_t *count);

/* The lines that have both words. */
int consult_count_lines(const char *text, const char *state, const char *name);

extern const struct consultant consultants[];
extern const size_t consultant_count;

/*
 * What daemons say about the ways from one node to the other, and why they do not know the way to
 * the address that this has (NULL: they know one).
 */
struct finding *consult(struct path *path, struct path_node *from, struct path_node *to,
			const struct address *address, size_t *count);

#endif
