/* SPDX-License-Identifier: MIT */
/* One service of a node: started, looked at until it is ready, started again when it has ended. */
#ifndef LAB_SERVICE_H
#define LAB_SERVICE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lab/lab.h"
#include "lab/output.h"

struct command;
struct error;
struct slot;

struct service {
	const struct command *command;
	struct slot *slot;
	struct output output;
	enum service_state state;
	pid_t pid;	   /* 0: it does not run */
	int status;	   /* how it ended last */
	bool was_ready;	   /* at any time */
	uint32_t restarts; /* so many times */
	int64_t started;   /* when, last */
	int64_t next;	   /* when service_tick() has something to do; 0: never */
	int64_t pause;	   /* from this look for its being ready to the next */
	int64_t delay;	   /* from its next end to its start */
	bool stopped;	   /* on request: it stays so, whatever `restart` says */
	pid_t probe;	   /* the command that asks whether it is ready; 0: none runs */
	struct output answer;
};

/* Start it for the first time. */
int service_open(struct service *service, const struct command *command, struct slot *slot,
		 int folder, const char *node, struct error *err);

/* Do what is due at this moment. */
void service_tick(struct service *service, int64_t now);

/*
 * Stop it on request, with SIGTERM and if need be SIGKILL to all of its session; start it again.
 */
void service_stop(struct service *service, int64_t now);
void service_start(struct service *service, int64_t now);

/* A child has ended: true if it was of this service. */
bool service_child(struct service *service, pid_t pid, int status, int64_t now);

/* "nothing listens on port 80 (TCP)": why it is not ready yet. */
#define SERVICE_TEXT_SIZE (OUTPUT_TAIL + 500)
const char *service_lacks(const struct service *service, char text[SERVICE_TEXT_SIZE]);

#endif
