/* SPDX-License-Identifier: MIT */
/* Subnets and single addresses of one family, cut from the prefixes of the lab. */
#ifndef TOPOLOGY_CUTTING_H
#define TOPOLOGY_CUTTING_H

#include <stdbool.h>
#include <stddef.h>

#include "topology/space.h"

struct build;

struct cutting {
	struct build *build;
	int family;
	struct space *spaces; /* for subnets, one for each of the lab's prefixes of the family */
	size_t space_count;
	struct space alone;  /* for addresses of lo and dummies, which have no subnet */
	size_t taken[129];   /* how many of each length are wanted */
	bool given;	     /* the file has some of it */
	const char *missing; /* the first thing that found no room; NULL: all did */
};

/* `alone`: there are to be addresses without a subnet too. */
void cutting_start(struct cutting *cutting, struct build *build, int family, bool alone);

/* The subnet of the address is not to be had: the file has it. */
void cutting_use(struct cutting *cutting, const struct address *address);

/*
 * A subnet for so many addresses, which may become more if it is `wide`. False: there is no room
 * for it, which is told of `title` by cutting_end().
 */
bool cutting_subnet(struct cutting *cutting, size_t addresses, bool wide, const char *title,
		    struct address *subnet);

/* An address without a subnet; as above. */
bool cutting_alone(struct cutting *cutting, const char *title, struct address *address);

/* Say what found no room, and how large all of it is. */
void cutting_end(const struct cutting *cutting);

#endif
