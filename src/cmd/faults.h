/* SPDX-License-Identifier: MIT */
/* Topology files as the verbs load them, and their faults as the user sees them. */
#ifndef CMD_FAULTS_H
#define CMD_FAULTS_H

#include <stddef.h>

#include "base/fault.h"

struct arena;
struct json;
struct topology;

/* What `up`, `check` and `plan` take where no file is named. */
#define DEFAULT_FILE "lab.ini"

/* A file's text and what became of it, all in one arena. */
struct loaded {
	char *text;
	size_t size;
	struct faults faults;		 /* sorted */
	const struct topology *topology; /* NULL where there is a real fault */
};

/* Read and check the file at `path` ("-": standard input). What fails is among the faults. */
void load_file(const char *path, struct arena *arena, struct loaded *loaded);

/* The exit status where there is no topology: the file's fault, or the machine's. */
int load_status(const struct loaded *loaded);

/* Print the faults to stderr, one a line: "file:line: text", "file:line: warning: text". */
void faults_print(const struct faults *faults);

/* The same as the array "faults" of a JSON object that is open. */
void faults_json(const struct faults *faults, struct json *json);

#endif
