/* SPDX-License-Identifier: MIT */
/* What the processes of an `up` share: the plan, memory, and the channels they meet on. */
#ifndef LAB_BUILD_H
#define LAB_BUILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "kernel/wireguard.h"
#include "lab/gate.h"
#include "plan/plan.h"

struct survey;

/*
 *   up        the process of `nslab up`, outside
 *   keeper    its child: first process of the lab, lays the cables
 *   workers   the keeper's helpers, one a processor: clone the nodes, configure their networks, let
 *             switches forward, and are gone
 *   nodes     first process of each node: mounts its files, starts what it has
 *
 * They meet on channels, and at gates in shared memory. Nobody need look out for dead companions
 * there: with `up` dies the keeper, and with the keeper all of its PID namespace.
 */
enum channel {
	CHANNEL_GO,	/* up -> keeper: a byte to begin (ids are mapped); its end tells of up's */
	CHANNEL_REPORT, /* all -> up: struct report, one a message */
	CHANNEL_PREPARED, /* workers -> keeper: a byte of each whose nodes are ready for cables */
	CHANNELS,
};

enum side { SIDE_READ, SIDE_WRITE };

#define WORKERS_MAX 64

/* What workers do with each node, the next one that nobody has begun. */
enum stage {
	STAGE_CLONE,
	STAGE_CONFIGURE, /* all that needs the cables */
	STAGE_SETTLE,	 /* take its interfaces into use, when both ends of each cable are up */
	STAGE_FORWARD,	 /* the same of a switch, which forwards from now on */
	STAGES,
};

/* Memory that all of them see. */
struct shared {
	size_t taken[STAGES];	/* nodes that workers have taken on */
	struct turns mounting;	/* of nodes, let go when all are cloned */
	struct gate wired;	/* opened by the keeper when all cables are laid */
	uint32_t configuring;	/* workers that have not configured all their nodes yet */
	struct gate configured; /* opened by the last of them */
	struct gate started;	/* opened by `up` when all nodes are, and switches forward */
	int64_t deadline;	/* set before `started` is opened: of all that nodes start */
	struct gate done; /* opened by `up` when the lab is to outlive it; nobody waits there */
	pid_t pids[];	  /* of the nodes, by number - 1, in the keeper's PID namespace */
};

/* How far a node is with what it starts. */
struct progress {
	struct gate ready; /* opened by the node when all of it is ready */
	uint32_t at;	   /* what it is at, from 1, in the plan's span; 0: nothing yet */
	uint32_t slot;	   /* of its first service */
};

struct build {
	const struct plan *plan;
	const char *work; /* where start-up commands run: the folder of the topology file */
	int folder;	  /* the lab's folder below the run folder */
	const char *folder_path;
	bool users;	 /* in a user namespace of its own */
	bool foreign;	 /* files of the machine have owners that the lab does not know */
	bool sys_hidden; /* by the keeper, for all nodes: lab/hide_sys.h */
	const struct survey *survey; /* of the machine's files */
	size_t processors;	     /* of the machine */
	size_t worker_count;
	pid_t workers[WORKERS_MAX]; /* the keeper's */
	struct shared *shared;
	uint8_t (*keys)[WIREGUARD_KEY_SIZE]; /* public ones, shared likewise */
	struct progress *progress;	     /* of the nodes, shared likewise */
	struct slot *slots;		     /* of services, in a file; NULL: there are none */
	int channels[CHANNELS][2];
};

enum report_kind {
	REPORT_MOUNTED,	   /* a node's own process has done all but to start what the node starts */
	REPORT_CONFIGURED, /* of a worker: the networks of all its nodes are complete */
	REPORT_STARTED,	   /* all that a node starts is ready; of those that start something */
	REPORT_LATE,	   /* it is not at the deadline; text */
	REPORT_FAILED,	   /* the lab cannot be built; text */
	REPORT_WARNING,	   /* what may fail did; text */
};

struct report_head {
	enum report_kind kind;
	uint32_t node; /* index in the model, of the node it is about; of a worker's 0 */
};

struct report {
	struct report_head head;
	char text[ERROR_TEXT_SIZE];
};

/* Send a report; `text` may be NULL. Returns 0 or -errno. */
int build_report(const struct build *build, enum report_kind kind, uint32_t node, const char *text);

/*
 * Receive the next report and the pid of its sender as the caller numbers it. Returns 1, 0 where
 * none is waiting, or -errno.
 */
int build_receive(const struct build *build, struct report *report, pid_t *sender);

/* Open all channels. Returns 0 or -errno. */
int build_open(struct build *build);

/* Close one end of a channel, if it is open. */
void build_close(struct build *build, enum channel channel, enum side side);

/* Close the descriptor of the lab's folder, if it is open. */
void build_close_folder(struct build *build);

/* Close all ends but those in `mine`, a list of `count` {channel, side}. */
struct channel_end {
	enum channel channel;
	enum side side;
};
void build_keep(struct build *build, const struct channel_end *mine, size_t count);

/* The first process of a lab, and of a node. They do not return. */
void keeper_main(struct build *build) __attribute__((noreturn));
void node_main(struct build *build, uint32_t node) __attribute__((noreturn));

/* Start what the node is to start, and wait until it is ready; lab/start.c. */
struct supervisor;
int node_start(struct build *build, const struct node *node, struct supervisor *supervisor,
	       struct error *err);

/* Collect ended children for ever: what the first process of a PID namespace is for. */
void reap_for_ever(void) __attribute__((noreturn));

#endif
