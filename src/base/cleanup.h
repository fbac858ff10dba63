/* SPDX-License-Identifier: MIT */
/* Variables that tidy themselves up when they go out of scope. */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_free(void *pointer)
{
	free(*(void **)pointer);
}

static inline void cleanup_fclose(FILE **file)
{
	if (*file)
		fclose(*file);
}

/* A descriptor; -1 means none. */
#define AUTO_CLOSE __attribute__((cleanup(cleanup_close)))
/* A pointer from malloc; NULL means none. */
#define AUTO_FREE __attribute__((cleanup(cleanup_free)))
/* A stdio stream; NULL means none. */
#define AUTO_FCLOSE __attribute__((cleanup(cleanup_fclose)))

/* Give the descriptor in *fd to the caller: the variable no longer closes it. */
static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

#endif
