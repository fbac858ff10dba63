/* SPDX-License-Identifier: MIT */
/* What a file says of the files of its nodes, and of the names that they know. */
#ifndef TOPOLOGY_FILES_H
#define TOPOLOGY_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

/* Absolute paths, without "." and ".." and doubled slashes. */
struct paths {
	const char **list;
	size_t count;
	struct place place;
};

/* A folder that is laid over / of a node, or of all. */
struct files {
	const char *folder; /* absolute, or below the folder of the topology file; NULL: none */
	struct place place;
	struct paths replace; /* folders of the machine's that go where it brings them too */
	struct paths over;    /* and those that do not, though they are among files_replaced */
};

#define FILES_MOST 100000 /* entries of a tree: one with more has lost its bearings */

/* What a node can write in all: bytes. */
#define DISK_DEFAULT (UINT64_C(512) << 20)
#define DISK_LEAST   (UINT64_C(1) << 20)
#define DISK_MOST    (UINT64_C(1) << 40)

/*
 * Folders that are replaced by default, closed by NULL: a daemon reads each file that is there, or
 * prefers one of the distribution's to that of the lab, so that what it brought must go.
 */
extern const char *const files_replaced[];

/* A name server of a node, as the file has it. */
struct name_server {
	const char *word;
	struct place place;
};

#endif
