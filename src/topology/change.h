/* SPDX-License-Identifier: MIT */
/* What can be asked of the links of a running lab, from text. */
#ifndef TOPOLOGY_CHANGE_H
#define TOPOLOGY_CHANGE_H

#include <stddef.h>

#include "topology/impairment.h"

struct arena;
struct error;

enum link_action {
	LINK_SHOW,
	LINK_DOWN,  /* pull the cable */
	LINK_UP,    /* plug it in */
	LINK_RESET, /* impairments as in the file */
	LINK_SET,   /* impairments as given */
};

/* "delay=50ms", or "r1.delay=50ms" for what r1 sends alone. */
struct setting {
	const char *text; /* the whole, for messages */
	const char *node; /* NULL: both directions */
	struct impairment values;
};

struct link_change {
	enum link_action action;
	struct setting *settings; /* of LINK_SET */
	size_t count;
	const char *at; /* of LINK_DOWN and LINK_UP: the node whose ends it is about; NULL: one will
			   do */
};

/* "down", "up", "reset", or with a "=": LINK_SET. LINK_SHOW: none of them. */
enum link_action link_action_of(const char *word);

/* The action that a word may have been meant for, or NULL. */
const char *link_action_near(const char *word);

/*
 * Add a word that link_action_of() knows to a change. One action is all it takes, but any number of
 * settings. Returns 0 or less, with what is wrong in *err.
 */
int link_change_add(const char *word, struct link_change *change, struct arena *arena,
		    struct error *err);

#endif
