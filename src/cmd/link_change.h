/* SPDX-License-Identifier: MIT */
/* Cables cut, mended and changed while the lab runs. */
#ifndef CMD_LINK_CHANGE_H
#define CMD_LINK_CHANGE_H

#include <stddef.h>

#include "cmd/cable.h"

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
};

/* Read a word with a "=" into the change. Returns 0 or less, with what is wrong in *err. */
int link_read_setting(const char *word, struct link_change *change, struct arena *arena,
		      struct error *err);

/* Has the kernel what the settings take? Says which one asks for what is missing. */
int link_check_kernel(const struct link_change *change, struct error *err);

/*
 * Change the cables, which were observed: all of a node at once, and nothing at all where the
 * change makes no sense for one of them. Whatever is not named stays.
 */
int link_apply(const struct cables *cables, const struct link_change *change, struct arena *arena,
	       struct error *err);

#endif
