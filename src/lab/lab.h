/* SPDX-License-Identifier: MIT */
/* A running lab as the commands see it: found by name, its nodes, entered, ended. */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "topology/model.h"

struct arena;
struct error;
struct plan;

/* A process that is still the one that was recorded only while its start time is the same. */
struct process {
	pid_t pid;      /* as the caller's PID namespace numbers it */
	uint64_t start; /* field 22 of /proc/PID/stat: clock ticks since boot */
};

enum lab_state {
	LAB_STARTING, /* an `up` is building it */
	LAB_RUNNING,
};

struct lab_node {
	const char *name;
	enum node_kind kind;
	struct process process;
};

struct lab {
	const char *name;
	const char *file;   /* absolute path of the topology file it was built from */
	const char *folder; /* its folder below the run folder; holds `topology`, a copy of the file */
	enum lab_state state;
	struct process keeper;
	uint64_t started; /* seconds since the epoch */
	size_t node_count, link_count;
	const void *record; /* private to lab/record.c: the nodes are looked up in it */
	size_t record_size;
};

/* All labs of this user that run or start, by name. Sweeps away what dead ones left on disk. */
int lab_list(struct arena *arena, struct lab **labs, size_t *count, struct error *err);

/*
 * The lab that the user means: `wanted` is a lab's name or a topology file; NULL: the lab of
 * ./lab.ini if there is such a file, else the only one that runs. Anything else is an error that
 * lists the running labs, with near names. Only a LAB_RUNNING one.
 */
int lab_find(const char *wanted, struct arena *arena, struct lab *lab, struct error *err);

/* The node of that name, read from the record in logarithmic time; the error proposes a near name. */
int lab_node(const struct lab *lab, const char *name, struct arena *arena, struct lab_node *node,
	     struct error *err);

/* All nodes in the order of the file, the stubs' not among them. */
int lab_nodes(const struct lab *lab, struct arena *arena, struct lab_node **nodes, size_t *count,
	      struct error *err);

/*
 * Which namespaces lab_enter() joins. Network alone is enough to look, and cheap; everything is what
 * a command in the node needs. As an ordinary user the lab's user namespace is joined as well.
 */
enum enter {
	ENTER_NETWORK,
	ENTER_ALL,
};

/*
 * Move the calling process (single-threaded) into the node. With ENTER_ALL its children, not
 * itself, are in the node's PID namespace, and the working directory is kept where the node has
 * it too. Fails with ESRCH where the node's first process is gone.
 */
int lab_enter(const struct lab *lab, const struct lab_node *node, enum enter what,
	      struct error *err);

/* The lab's user namespace for good, so that the network of any node can be entered in turn. */
int lab_enter_users(const struct lab *lab, struct error *err);

/* Build the lab of `plan` and return when all of it runs; `text` is the file's content to keep. */
int lab_up(const struct plan *plan, const char *text, size_t size, struct error *err);

/* End the lab, running or starting, and return when all its processes are gone. */
int lab_down(const struct lab *lab, struct error *err);

#endif
