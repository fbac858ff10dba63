/* SPDX-License-Identifier: MIT */
/* What programs of a node write: through a pipe into a file of bounded size. */
#ifndef LAB_OUTPUT_H
#define LAB_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

struct error;

#define OUTPUT_TAIL 1000 /* bytes of the last that was written which messages can show */

/*
 * A log of so many bytes is renamed, over the one before it, and begun anew: what a lab has on disk
 * is bounded, and the latest half of that at least is there.
 */
#define OUTPUT_HALF  (512 << 10)
#define OUTPUT_OLDER "~" /* behind the name of the earlier part */

struct output {
	int read_end, write_end; /* of the pipe; -1: closed */
	int folder;		 /* of the lab */
	char path[160];		 /* of the log in it; empty: nothing is kept */
	int file;		 /* -1: not open */
	size_t size;
	size_t lost;  /* bytes that could not be written, since one was */
	bool midline; /* the last byte of the log ends no line */
	char tail[OUTPUT_TAIL];
	size_t used;
};

/*
 * Open the pipe and the log of a service of the node (NULL: of its commands); node NULL: no log.
 */
int output_open(struct output *output, int folder, const char *node, const char *service,
		struct error *err);

/* Forget the tail: what comes from here on is another's. */
void output_begin(struct output *output);

/* Take a part of what was written, if there is any. False: nobody can write any more. */
bool output_take(struct output *output);

/* Take all that is there by now. */
void output_drain(struct output *output);

/* Put a line of nslab's own into the log: "[nslab: TEXT]". It is not in the tail. */
void output_note(struct output *output, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The last lines, as text without an end of line; "" where nothing was written. */
const char *output_last(const struct output *output, char text[OUTPUT_TAIL + 1]);

/* Only programs that have it by now can write from here on. */
void output_close_writer(struct output *output);

void output_close(struct output *output);

/* "log/NODE.SERVICE" */
void output_path(char path[160], const char *node, const char *service);

#endif
