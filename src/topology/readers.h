/* SPDX-License-Identifier: MIT */
/* What reads the values of keys into the model; each is named by a row of the table of keys. */
#ifndef TOPOLOGY_READERS_H
#define TOPOLOGY_READERS_H

#include <stddef.h>

#include "base/fault.h"
#include "topology/feature.h"

struct address;
struct build;
struct interface;
struct map;
struct node;
struct report;
struct section;
struct segment;

/* A key as it is being read. */
struct reading {
	struct build *build;
	struct report *report;	       /* the build's */
	const struct section *section; /* that has the key, itself or through a template */
	struct node *node;	       /* of a [node] or [switch], else NULL */
	struct segment *segment;       /* of a [link], else NULL */
	struct map *interfaces;	       /* of the node, by name, where it has many; else NULL */
	struct interface *interface;   /* that the key is of, else NULL */
	const char *key;	       /* the whole of it, for messages */
	const char *subject, *name;    /* of struct entry */
	const char *value;
	struct place place;
};

void read_lab_name(struct reading *reading, void *field);
void read_yes_no(struct reading *reading, void *field);
void read_ageing(struct reading *reading, void *field);
void read_isolate(struct reading *reading, void *field);
void read_sysctl(struct reading *reading, void *field);
void read_run(struct reading *reading, void *field);

void read_interface(struct reading *reading, void *field);
void read_loopback(struct reading *reading, void *field);
void read_addresses(struct reading *reading, void *field);
void read_mac(struct reading *reading, void *field);
void read_mtu(struct reading *reading, void *field);

void read_impairment(struct reading *reading, void *field);
void read_end_impairment(struct reading *reading, void *field);

void read_gateway(struct reading *reading, void *field);
void read_route(struct reading *reading, void *field);

/* The key, with the value that it has, needs a feature of the kernel: build_need(). */
void reading_need(struct reading *reading, enum feature feature);

/* The interface of that name, or NULL, which is said with the nearest name. */
struct interface *reading_interface(struct reading *reading, const char *name);

#endif
