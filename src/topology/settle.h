/* SPDX-License-Identifier: MIT */
/* What devices and ports of switches say of others, once all nodes are read. */
#ifndef TOPOLOGY_SETTLE_H
#define TOPOLOGY_SETTLE_H

struct build;
struct device;
struct node;

/* Ports of switches: what is set of them moves there from what is plugged in. */
void settle_ports(struct build *build);

/* The addresses of both ends of a tunnel. */
void settle_ends(struct build *build, struct device *device);

/* Whom a wireguard device speaks to, and under which address. */
void settle_peers(struct build *build, struct device *device);

/* Faults of the devices of a node, when all of that is known. */
void check_devices(struct build *build, const struct node *node);
/* Files and names of nodes. */
void settle_files(struct build *build);
/* What the steps of tests say. */
void settle_tests(struct build *build);
/* Services that they name and nodes do not have, once routing_expand() has added its own. */
void check_step_services(struct build *build);

#endif
