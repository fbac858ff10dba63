/* SPDX-License-Identifier: MIT */
/* What a program prints, caught. */
#ifndef KERNEL_CAPTURE_H
#define KERNEL_CAPTURE_H

struct arena;

/*
 * Run the program where the caller is, or where `enter` (which may be NULL) takes its process, wait
 * `milliseconds` at most and return what it wrote to stdout; NULL where it cannot be run, took
 * longer, wrote too much, or ended with a failure. Its stdin is empty, its stderr is thrown away.
 */
const char *capture(const char *const *argv, int milliseconds, int (*enter)(void *data), void *data,
		    struct arena *arena);

#endif
