/* SPDX-License-Identifier: MIT */
/* Which settings below /proc/sys are a node's own. */
#ifndef TOPOLOGY_SYSCTL_H
#define TOPOLOGY_SYSCTL_H

#include <stdbool.h>
#include <stddef.h>

#include "topology/model.h"

/* What of /proc/sys belongs to the namespaces of a kind. */
struct sysctl_owner {
	const char *start; /* of the path, with slashes */
	enum isolation isolation;
	const char *word; /* that names it in `isolate` */
};

/* Whose the setting is; NULL: the whole machine's. */
const struct sysctl_owner *sysctl_owner(const char *path);

/*
 * The interface that a setting is about ("eth0" in net/ipv4/conf/eth0/rp_filter), its length in
 * *length; NULL where it is about none or about all of them ("all", "default").
 */
const char *sysctl_interface(const char *path, size_t *length);

/* Does the path name an interface, and so exist only with it? (lo always does.) */
bool sysctl_names_interface(const char *path);

#endif
