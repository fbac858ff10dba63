/* SPDX-License-Identifier: MIT */
/* The first process of a node as the one that looks after its services. */
#ifndef LAB_SUPERVISE_H
#define LAB_SUPERVISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lab/output.h"
#include "lab/service.h"

struct error;
struct pollfd;

/*
 * The signal by which the first process of a node is told to stop or start a service: its value is
 * the number of the service in the node, times SERVICE_ORDERS, and which of both.
 */
#define SERVICE_SIGNAL SIGRTMIN
enum service_order { SERVICE_STOP, SERVICE_START, SERVICE_ORDERS };

struct supervisor {
	int signals; /* signalfd of SIGCHLD and SERVICE_SIGNAL */
	struct service *services;
	size_t count;
	bool has_commands;
	struct output commands; /* of run and script */
	pid_t command;		/* that runs now; 0: none */
	int status;		/* how the last one ended */
	struct pollfd *wait;	/* what is waited for: signals, then these: */
	struct output **outputs;
};

/* Room for so many services. */
int supervisor_open(struct supervisor *supervisor, size_t services, struct error *err);

/* Wait until something happens, or until the moment `until` (0: for ever), and see to it. */
int supervisor_step(struct supervisor *supervisor, int64_t until, struct error *err);

/* Is there anything to look after? */
bool supervisor_busy(struct supervisor *supervisor);

/* Close it; services stay, but nobody looks after them. */
void supervisor_close(struct supervisor *supervisor);

/* Look after it all for as long as there is anything. */
void supervisor_stay(struct supervisor *supervisor);

#endif
