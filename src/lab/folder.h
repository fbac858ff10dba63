/* SPDX-License-Identifier: MIT */
/* The run folder: where labs keep what is on disk, one folder a lab. */
#ifndef LAB_FOLDER_H
#define LAB_FOLDER_H

#include <stdbool.h>

struct arena;
struct error;

/*
 * The run folder's path: $NSLAB_RUNDIR, else $XDG_RUNTIME_DIR/nslab where that folder is the
 * user's own, else /run/user/UID/nslab where that is, else /run/nslab (root), else /tmp/nslab-UID.
 */
const char *run_folder(struct arena *arena);

/*
 * Open the run folder and lock it against every other nslab until the descriptor is closed. It is
 * made, mode 01700, if `create` (the folder above it must be there); else -ENOENT without a text in
 * *err where there is none. Refuses a folder that is another user's or that others may write to.
 */
int run_folder_lock(const char *path, bool create, struct error *err);

/* Remove the run folder itself where nslab has made it and nothing is in it any more. */
void run_folder_tidy(const char *path);

/* What a lab's folder holds; nothing of another name is ever removed. */
#define FOLDER_RECORD	"record"
#define FOLDER_TOPOLOGY "topology"
#define FOLDER_HOSTS	"hosts"
#define FOLDER_LOG	"log"
#define FOLDER_SERVICES "services" /* how they are: lab/slot.h */
#define FOLDER_GROUP	"group"	   /* the path of its control group */
#define FOLDER_ENV	"env"	   /* of each node that has one, its environment */
#define FOLDER_CUT	"cut"	   /* of each node the routes that cut links took away */
#define FOLDER_FILES	"files" /* empty; in the lab, what nodes have of files is mounted there */

/* What precedes the name of a lab's folder below the run folder while it is not, or no more, whole.
 */
#define FOLDER_PARTIAL ".partial."

/*
 * Remove the folder of the lab `name` below `parent`: the files above, those in its folders, and
 * then it itself, which stays, as partial, if anything else is in it. Returns 0 or -errno.
 */
int lab_folder_remove(int parent, const char *name);

/* The same for a folder that is partial already. */
int partial_folder_remove(int parent, const char *name);

#endif
