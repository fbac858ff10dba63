/* SPDX-License-Identifier: MIT */
/* A running lab as the commands see it: found by name, its nodes, entered, ended. */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "kernel/process.h"
#include "topology/model.h"

struct arena;
struct error;
struct plan;

enum lab_state {
	LAB_STARTING, /* an `up` is building it */
	LAB_RUNNING,
};

struct lab_node {
	const char *name;
	enum node_kind kind;
	unsigned isolate; /* enum isolation, or-ed */
	struct process process;
};

struct lab {
	const char *name;
	const char *file; /* absolute path of the topology file it was built from */
	const char
		*folder; /* its folder below the run folder; holds `topology`, a copy of the file */
	enum lab_state state;
	struct process keeper; /* of a LAB_STARTING one: the nslab that builds it */
	bool users;	       /* it has a user namespace of its own */
	uint64_t started;      /* seconds since the epoch */
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

/* The same, but where none that runs is meant, one that starts: it may have no processes yet. */
int lab_find_starting(const char *wanted, struct arena *arena, struct lab *lab, struct error *err);

/* The same out of labs that lab_list() gave, whatever their state. */
int lab_select(const char *wanted, const struct lab *labs, size_t count, struct arena *arena,
	       struct lab *lab, struct error *err);

/* The node of that name, read from the record in logarithmic time; the error proposes a near name.
 */
int lab_node(const struct lab *lab, const char *name, struct arena *arena, struct lab_node *node,
	     struct error *err);

/*
 * All nodes in the order of the file, the stubs' not among them. In a lab that starts they have no
 * process (pid 0) until their network is complete.
 */
int lab_nodes(const struct lab *lab, struct arena *arena, struct lab_node **nodes, size_t *count,
	      struct error *err);

enum service_state {
	SERVICE_WAITING,    /* its turn has not come */
	SERVICE_STARTING,   /* it runs, but is not ready */
	SERVICE_READY,	    /* it runs, and was ready once since it started */
	SERVICE_ENDED,	    /* it will not run again */
	SERVICE_GONE,	    /* it was killed with its node, which could not say how it was */
	SERVICE_RESTARTING, /* it has ended, and will be started again */
};

struct lab_service {
	const char *name;
	enum service_state state;
	pid_t pid;	   /* as the caller numbers it; 0: none */
	int status;	   /* of wait(2): how it ended last */
	uint32_t restarts; /* so many times */
	uint64_t since;	   /* of the state: seconds since the epoch */
};

/* The services of a node, in the order of the file, as they are now. */
int lab_services(const struct lab *lab, const struct lab_node *node, struct arena *arena,
		 struct lab_service **services, size_t *count, struct error *err);

/*
 * Start a service of a running node, or stop it for good, and wait until it is ready, or has ended:
 * `until` that moment at most, as clock_now() counts.
 */
int lab_service_set(const struct lab *lab, const struct lab_node *node, const char *name, bool run,
		    int64_t until, struct error *err);

/* What of a node lab_enter() joins. */
enum enter {
	ENTER_NETWORK, /* enough to look, and cheap; any number of nodes in turn, after
			  lab_enter_users() */
	ENTER_ALL, /* what a command in the node needs, the lab's user namespace included; once */
};

/*
 * Move the calling process (single-threaded) into the node. With ENTER_ALL its children, not
 * itself, are in the node's PID namespace, and the working directory is kept where the node has
 * it too (else it is /). Fails with ESRCH where the node's first process is gone.
 */
int lab_enter(const struct lab *lab, const struct lab_node *node, enum enter what,
	      struct error *err);

/* Put what the file has in env.NAME of the node into the caller's environment; not from inside. */
int lab_environment(const struct lab *lab, const struct lab_node *node, struct error *err);

/* A pidfd of the lab's first process, or -errno. */
int lab_open(const struct lab *lab);

/* Join the lab's user namespace, if it has one, for good. */
int lab_enter_users(const struct lab *lab, struct error *err);

/* Where a topology came from. */
struct lab_source {
	const char *path; /* of its file; NULL: standard input */
	const char *text; /* the content, kept with the lab */
	size_t size;
};

/* Who hears of a lab while it comes up. */
struct up_listener {
	void (*warn)(void *data, const char *warning); /* start-up commands failed that may */
	/*
	 * All of the lab runs, and is found by its name. Returns whether it stays. Until then it
	 * dies with the caller, who has SIGINT, SIGTERM, SIGHUP and SIGQUIT blocked meanwhile.
	 */
	bool (*ready)(void *data, const struct plan *plan);
	void *data;
};

/*
 * Build the lab of `plan`. If it stays this does not return: the caller's process ends with status
 * 0 in the instant in which the lab stops depending on it. Else it is ended, and 0 returned. A
 * failure leaves nothing; SIGINT, SIGTERM and SIGHUP are one. The caller must have no other thread.
 */
int lab_up(const struct plan *plan, const struct lab_source *source,
	   const struct up_listener *listener, struct error *err);

/* End the lab, running or starting, and return when all its processes are gone. */
int lab_down(const struct lab *lab, struct error *err);

#endif
