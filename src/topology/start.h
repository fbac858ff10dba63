/* SPDX-License-Identifier: MIT */
/* What a node runs when its network is complete: commands, scripts and services. */
#ifndef TOPOLOGY_START_H
#define TOPOLOGY_START_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

struct node;

enum command_kind {
	COMMAND_RUN,	 /* run.NAME: has ended before the next begins */
	COMMAND_SCRIPT,	 /* script, script.NAME: likewise */
	COMMAND_SERVICE, /* service.NAME: goes on; is ready before the next begins */
};

/* When a service is ready. */
enum ready_kind {
	READY_ALIVE,   /* it still runs a moment after its start: what holds if nothing is said */
	READY_TIME,    /* it still runs so long after */
	READY_TCP,     /* something listens on the port */
	READY_UDP,     /* something is bound to it */
	READY_FILE,    /* the file is there */
	READY_COMMAND, /* the command ends with status 0 */
};

struct ready {
	enum ready_kind kind;
	uint16_t port;
	int64_t time;	  /* nanoseconds */
	const char *text; /* as the file has it; of a file or a command, that alone */
};

enum restart { RESTART_NO, RESTART_ALWAYS, RESTART_ON_FAILURE };

struct command {
	enum command_kind kind;
	const char *key;  /* "run.fill", "script", "service.web" */
	const char *name; /* of these "fill", "script", "web" */
	const char *text; /* for /bin/sh -c; of a script the path of its file */
	bool may_fail;	  /* written with a leading "-": failure is a warning */
	struct place place;
	enum restart restart; /* of a service, as is the next */
	struct ready ready;
	const char *program, *package; /* of a routing suite, and whose; else NULL */
};

/* env.NAME: in the environment of all that runs in the node. */
struct variable {
	const char *name, *value;
};

/* A node whose services are ready before another's begin. */
struct after {
	const struct node *node;
	struct place place;
};

#define TIMEOUT_DEFAULT 60 /* seconds, for all of this in all nodes */

/* The service of that name, or NULL. */
struct command *node_service(const struct node *node, const char *name);

/* "port 80": as the file has it; "" where it says nothing. */
#define READY_TEXT_SIZE 300
const char *ready_text(const struct ready *ready, char buffer[READY_TEXT_SIZE]);

/* "no", "yes", "on-failure" */
const char *restart_word(enum restart restart);

#endif
