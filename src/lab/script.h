/* SPDX-License-Identifier: MIT */
/* A script of the file: how it is run, and which of its lines failed. */
#ifndef LAB_SCRIPT_H
#define LAB_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct arena;
struct error;

struct script {
	const char *path; /* as the file has it */
	struct arena *arena;
	char *text; /* without carriage returns */
	int clean;  /* a file with that text, where it had any; -1: it had not */
	int report; /* a file to which the shell writes "STATUS LINE" of what fails; -1: it cannot
		     */
};

/* Read it. */
int script_open(struct script *script, const char *path, struct arena *arena, struct error *err);

/* Start it, by the interpreter that it names, else by a shell. Returns its pid or -errno. */
pid_t script_start(struct script *script, int output);

/* The lines that failed, as "r1.sh:3: ip addr add x: status 2", one each; "" where none is known.
 */
const char *script_failures(struct script *script, size_t *count);

void script_close(struct script *script);

#endif
