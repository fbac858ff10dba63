/* SPDX-License-Identifier: MIT */
/* Configuration files that nslab writes in a node. */
#ifndef LAB_CONFIG_H
#define LAB_CONFIG_H

struct config;
struct error;

/* In the node, whose /etc is its own. */
int config_write(const struct config *config, struct error *err);

#endif
