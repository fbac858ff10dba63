/* SPDX-License-Identifier: MIT */
/* The nodes of a lab while a way through them is followed. Private to path_*.c and explain*.c. */
#ifndef LAB_PATH_H
#define LAB_PATH_H

#include "kernel/observe.h"
#include "kernel/sighting.h"
#include "lab/explain.h"
#include "lab/lab.h"

/* A node, as far as it was looked at. */
struct path_node {
	const struct node *file;
	struct lab_node *lab;
	int netns; /* a pidfd; -1: not opened yet */
	bool looked, gone;
	struct observed_interface *list; /* by index */
	size_t count;
};

struct path {
	const struct explain_request *request;
	struct arena *arena;
	struct path_node *nodes; /* by number of the node - 1 */
	size_t count;
	struct path_node *entered;
	struct explain_way *way; /* that is being followed */
	uint32_t size;		 /* of the packet */
	bool answering;		 /* it is the answer */
	bool learnt;		 /* a daemon has made a route on it */
	bool spread;		 /* a route on it has several next hops: which one it takes... */
	const struct sightings *sightings; /* ...a real packet has shown; NULL: not yet */
	const uint32_t *watchers;	   /* of these, by number of the node - 1; UINT32_MAX */
};

/* An interface of a node. */
struct path_place {
	struct path_node *node;
	const struct observed_interface *interface; /* NULL: none */
};

int path_open(struct path *path, const struct explain_request *request, struct arena *arena,
	      struct error *err);
void path_close(struct path *path);

/* Make the node's network the caller's, and look at its interfaces. False: the node is gone. */
bool path_enter(struct path *path, struct path_node *node);
bool path_look(struct path *path, struct path_node *node);

const struct observed_interface *path_interface(const struct path_node *node, uint32_t index);
const struct observed_interface *path_named(const struct path_node *node, const char *name);

/* The interface in the file, or NULL. */
const struct interface *path_file(const struct path_node *node,
				  const struct observed_interface *interface);
struct path_node *path_node_of(const struct path *path, const struct node *file);

/* The node at the far end of the cable, which is dead and took the interface along, or NULL. */
struct path_node *path_dead_end(struct path *path, struct path_node *node,
				const struct interface *file);

/* Who has the address, as the kernel has it: up to `room` places. Returns how many there are. */
size_t path_owners(struct path *path, const struct address *address, struct path_place *places,
		   size_t room);

/* Does the file give the interface (which may be NULL) that address? */
bool path_file_gives(const struct interface *file, const struct address *address);

/* The interface that the file gives the address, and its node; NULL: none. */
const struct interface *path_file_owner(const struct path *path, const struct address *address,
					struct path_node **node);

/* A new last step, at that node, into which a packet came by `in` (NULL: it begins). */
struct explain_step *path_step(struct path *path, const struct path_node *node,
			       const struct observed_interface *in);
struct explain_step *path_last(const struct path *path);

/* The way ends here, for that cause. Returns false, for callers to hand on. */
bool path_stop(struct path *path, enum explain_cause cause, const struct path_node *node,
	       const char *format, ...) __attribute__((format(printf, 4, 5)));

/* "r1:eth0" */
const char *path_title(const struct path *path, const struct path_place *place);
const char *path_address(const struct path *path, const struct address *address);

/*
 * Follow a frame from `from` across cables and switches to the interface `to`, that has the MAC
 * (NULL: not known). True: it got there. Else the way has been stopped.
 */
bool path_frame(struct path *path, const struct path_place *from, const uint8_t *mac,
		const struct path_place *to);

/* Are both in one segment, whatever the state of its cables, ports and VLANs? */
bool path_together(struct path *path, const struct path_place *a, const struct path_place *b);

/*
 * The shortest way along cables, as the interfaces by which it leaves nodes; NULL where there is
 * none. `alive`: only along those whose both ends are up.
 */
const struct interface **path_cables(struct path *path, const struct path_node *from,
				     const struct path_node *to, bool alive, size_t *count);

/* "link core", "the cable of h1:eth0 to lan1" */
const char *path_cable_title(const struct path *path, const struct interface *file);

/*
 * Follow a packet through routers to `to`; an unset source becomes the kernel's choice. It begins
 * at a node; with an interface, as an answer to what came in there.
 */
void path_packet(struct path *path, const struct path_place *from, struct address *source,
		 const struct address *to);

#endif
