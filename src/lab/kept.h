/* SPDX-License-Identifier: MIT */
/* What stays the machine's in a node though it lies below a private path. */
#ifndef LAB_KEPT_H
#define LAB_KEPT_H

#include <stddef.h>

struct arena;
struct build;
struct error;
struct private_files;

/*
 * Folders where a user keeps what must outlive the lab: /home, /root, /tmp, $HOME, that of the
 * topology file, and the working folder if it is below /var/tmp. Real paths.
 */
#define KEPT_MOST 6
struct kept {
	const char *folders[KEPT_MOST];
	size_t count;
	const char *session; /* of the user, such as /run/user/1000; NULL: there is none */
};

void kept_find(struct kept *kept, const char *work, struct arena *arena);

/* Those that private paths would hide, opened before they do. */
struct kept_open {
	int folders[KEPT_MOST]; /* as in struct kept; -1: not hidden */
	int session;		/* -1: there is none */
};

int kept_open(const struct build *build, const struct private_files *files, struct kept_open *open,
	      struct error *err);

/*
 * Show them again. Of the user's session a node has a copy to write to, or else sees it without
 * being able to write. The run folder is empty in a node: there, all labs would look dead.
 */
int kept_mount(const struct build *build, const struct kept_open *open, struct error *err);

#endif
