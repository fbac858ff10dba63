/* SPDX-License-Identifier: MIT */
/* The one table of routing daemons, and which of them a configuration asks for. */
#ifndef TOPOLOGY_DAEMON_H
#define TOPOLOGY_DAEMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topology/routing.h"

struct arena;
struct node;

#define STATEMENTS_MOST 4

enum daemon_start {
	START_ASKED,  /* if the configuration has one of its statements */
	START_STATIC, /* likewise; and always, as by FRR itself, where files say what is started */
	START_ALWAYS,
	START_THERE, /* always, where the installed version has it */
};

struct daemon {
	const char *name; /* of its program, and of the service */
	enum daemon_start start;
	/* How lines begin that are for it, word by word; behind "..." a word may stand anywhere. */
	const char *statements[STATEMENTS_MOST];
};

/* In the order in which they are started. */
extern const struct daemon frr_daemons[];
extern const size_t frr_daemon_count;

/* May `frr` or `bird` of the node stand for a service of that name? */
bool daemon_may_run(const struct node *node, const char *name);

/* Is it one that runs or not by what is installed? */
bool daemon_goes_by_machine(const char *name);

/* A set of them: a bit for each row of the table. */
typedef uint32_t daemon_set;

/* Those that an integrated configuration (frr.conf) asks for. */
daemon_set daemons_asked(const char *text);

/* Those that a file `daemons` of FRR switches on: "ospfd=yes". */
daemon_set daemons_enabled(const char *text, struct arena *arena);

/*
 * The value that such a file, lines of a shell, gives a variable; NULL where it gives none. The
 * last line counts.
 */
const char *daemons_variable(const char *text, const char *name, struct arena *arena);

/* Where that program of a suite is on this machine, or would be. */
const char *daemon_program(enum suite suite, const char *name, struct arena *arena);
bool daemon_is_there(const char *program);

#endif
