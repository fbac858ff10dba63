/* SPDX-License-Identifier: MIT */
/* Where the interfaces of a node differ from what its file says; pure. */
#ifndef CMD_DRIFT_H
#define CMD_DRIFT_H

#include <stdbool.h>
#include <stddef.h>

struct address;
struct arena;
struct interface;
struct node;
struct observed_interface;

enum drift_kind {
	DRIFT_INTERFACE,
	DRIFT_STATE,
	DRIFT_MAC,
	DRIFT_MTU,
	DRIFT_IMPAIRMENT,
	DRIFT_ADDRESS,
	DRIFT_KIND,   /* of device */
	DRIFT_VLANS,  /* of a port of a switch */
	DRIFT_MASTER, /* the bridge, bond or vrf whose port it is */
};

struct drift {
	enum drift_kind kind;
	const char *file;   /* as the file has it; NULL: it has none */
	const char *kernel; /* as the kernel has it; NULL: it has none */
};

/* One interface of a node, in the file or in the kernel or in both. */
struct interface_view {
	const char *name;
	const struct observed_interface *kernel; /* NULL: missing */
	bool quiet; /* as the kernel makes it in every network: worth no line */
	struct drift *drifts;
	size_t drift_count;
};

/*
 * Compare what the kernel has in a node with its file's view: first the file's interfaces in their
 * order (a switch's br0 last), then those that only the kernel has. `node` NULL: nothing is known
 * of the file, and nothing differs.
 */
struct interface_view *drift_compare(const struct node *node, const struct observed_interface *list,
				     size_t count, struct arena *arena, size_t *view_count);

/*
 * The impairments that the interface has in the file, and in the kernel, as text; "" for none. What
 * the kernel does not tell is left out. True: they differ.
 */
bool drift_impairment(const struct interface *file, const struct observed_interface *kernel,
		      struct arena *arena, const char **wanted, const char **there);

/* An address that the kernel gives an interface by itself: of lo, or link-local. */
bool address_is_own(const struct observed_interface *interface, const struct address *address);

#endif
