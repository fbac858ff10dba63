/* SPDX-License-Identifier: MIT */
/* How services are: a file of the lab's folder that is memory of its nodes. */
#ifndef LAB_SLOT_H
#define LAB_SLOT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lab/lab.h"

struct build;
struct error;

/*
 * One for each service, in the order of the nodes. The first process of its node, and nobody else,
 * writes to it, by plain stores: no disk that is full keeps it from being true. `turn` is odd while
 * it does.
 */
struct slot {
	char node[64], name[64];
	uint32_t turn;
	uint32_t state;	   /* enum service_state */
	int32_t pid;	   /* as the node numbers it; 0: none */
	int32_t status;	   /* of wait(2): how it ended last */
	uint32_t restarts; /* so many times */
	uint32_t reserved;
	uint64_t since; /* seconds since the epoch */
};

/* Make the file for all services of the lab, in its folder, and map it; number those of each node.
 */
int slots_make(struct build *build, struct error *err);

/* Write what is new in a slot. */
void slot_set(struct slot *slot, enum service_state state, pid_t pid, int status,
	      uint32_t restarts);

/* A copy that is whole. */
void slot_get(const struct slot *slot, struct slot *copy);

/* Map the file of a lab's folder, for reading. Returns how many there are, or -errno. */
ssize_t slots_open(const char *folder, const struct slot **slots);
void slots_close(const struct slot *slots, ssize_t count);

#endif
