/* SPDX-License-Identifier: MIT */
/* What reads the values of keys into the model; each is named by a row of the table of keys. */
#ifndef TOPOLOGY_READERS_H
#define TOPOLOGY_READERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "topology/device.h"
#include "topology/feature.h"

struct address;
struct build;
struct device;
struct interface;
struct key;
struct map;
struct node;
struct port;
struct report;
struct route;
struct section;
struct segment;
struct words;

/* A key as it is being read. */
struct reading {
	struct build *build;
	struct report *report;	       /* the build's */
	const struct section *section; /* that has the key, itself or through a template */
	struct node *node;	       /* of a [node] or [switch], else NULL */
	struct segment *segment;       /* of a [link], else NULL */
	struct map *interfaces;	       /* of the node, by name, where it has many; else NULL */
	struct interface *interface;   /* that the key is of, else NULL */
	const struct key *row;	       /* what the key means */
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

/* Of what a node runs. */
void read_run(struct reading *reading, void *field);
void read_script(struct reading *reading, void *field);
void read_service(struct reading *reading, void *field);
void read_ready(struct reading *reading, void *field);
void read_restart(struct reading *reading, void *field);
void read_env(struct reading *reading, void *field);
void read_after(struct reading *reading, void *field);
void read_memory(struct reading *reading, void *field);
void read_cpus(struct reading *reading, void *field);
void read_pids(struct reading *reading, void *field);
void read_timeout(struct reading *reading, void *field);
void read_routing(struct reading *reading, void *field);

/* Of files and names. */
void read_folder(struct reading *reading, void *field);
void read_files(struct reading *reading, void *field);
void read_paths(struct reading *reading, void *field);
void read_disk(struct reading *reading, void *field);
void read_domain(struct reading *reading, void *field);
void read_dns(struct reading *reading, void *field);

void read_interface(struct reading *reading, void *field);
void read_loopback(struct reading *reading, void *field);
void read_addresses(struct reading *reading, void *field);
void read_mac(struct reading *reading, void *field);
void read_mtu(struct reading *reading, void *field);

/* Of addresses that nslab chooses, and routes that it computes. */
void read_pools(struct reading *reading, void *field);
void read_subnet(struct reading *reading, void *field);
void read_static_routing(struct reading *reading, void *field);

/* Of devices. */
void read_bounded(struct reading *reading, void *field);
void read_choice(struct reading *reading, void *field);
void read_endpoint(struct reading *reading, void *field);
void read_group(struct reading *reading, void *field);
void read_remotes(struct reading *reading, void *field);
void read_primary(struct reading *reading, void *field);
void read_peers(struct reading *reading, void *field);
void read_peer(struct reading *reading, void *field);

/* Of switches and their ports. */
void read_priority(struct reading *reading, void *field);
void read_groups(struct reading *reading, void *field);
void read_vlan(struct reading *reading, void *field);
void read_trunk(struct reading *reading, void *field);

/* Of links and what is sent into them. */
void read_impairment(struct reading *reading, void *field);
void read_end_impairment(struct reading *reading, void *field);

/* Of tests. */
void read_within(struct reading *reading, void *field);
void read_step(struct reading *reading, void *field);

void read_gateway(struct reading *reading, void *field);
void read_route(struct reading *reading, void *field);

/* Of MPLS; the second is of a route, behind `label`. */
void read_mpls(struct reading *reading, void *field);
bool read_labels_put_on(struct reading *reading, struct words *words, struct route *route);
void read_label(struct reading *reading, void *field);

/* Of segment routing; the first is of a route, behind `segments`. */
bool read_path(struct reading *reading, struct words *words, struct route *route);
void read_sid(struct reading *reading, void *field);

/* Make the interface a device of that kind; `words` follow the kind, and are kept for later. */
void read_device(struct reading *reading, struct interface *interface, enum device_kind kind,
		 char **words);

/* Understand the words of a device, when all interfaces of its node are there. */
void read_device_words(struct reading *reading, struct device *device);

/* Add an address to an interface; what is wrong with it is said. */
void read_address_word(struct reading *reading, struct interface *interface, const char *word);

/* What is set of the port that the interface under reading is plugged into. */
struct port *reading_port(struct reading *reading);

/* The key, with the value that it has, needs a feature of the kernel: build_need(). */
void reading_need(struct reading *reading, enum feature feature);

/* The interface of that name, or NULL, which is said with the nearest name. */
struct interface *reading_interface(struct reading *reading, const char *name);

#endif
