/* SPDX-License-Identifier: MIT */
/* What the verbs share: their table's row, exit statuses, messages, and the end of the output. */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stdbool.h>
#include <stdio.h>

struct error;

/* A row of the table in main.c. run() gets the verb's own arguments, argv[0] being its name. */
struct verb {
	const char *name;
	int (*run)(const struct verb *verb, int argc, char **argv);
	const char *arguments; /* as the usage shows them */
	const char *summary;
};

/* Exit statuses; the last three only of exec and shell, as env(1) has them. */
enum status {
	STATUS_DONE = 0,
	STATUS_FAILED = 1,
	STATUS_WRONG = 2, /* usage or file */
	STATUS_NOT_RUN = 125,
	STATUS_NOT_EXECUTABLE = 126,
	STATUS_NOT_FOUND = 127,
	STATUS_SIGNAL = 128, /* plus the number of the signal */
};

int cmd_up(const struct verb *verb, int argc, char **argv);
int cmd_down(const struct verb *verb, int argc, char **argv);
int cmd_check(const struct verb *verb, int argc, char **argv);
int cmd_plan(const struct verb *verb, int argc, char **argv);
int cmd_new(const struct verb *verb, int argc, char **argv);
int cmd_list(const struct verb *verb, int argc, char **argv);
int cmd_status(const struct verb *verb, int argc, char **argv);
int cmd_link(const struct verb *verb, int argc, char **argv);
int cmd_explain(const struct verb *verb, int argc, char **argv);
int cmd_shell(const struct verb *verb, int argc, char **argv);
int cmd_exec(const struct verb *verb, int argc, char **argv);
int cmd_logs(const struct verb *verb, int argc, char **argv);
int cmd_save(const struct verb *verb, int argc, char **argv);
int cmd_test(const struct verb *verb, int argc, char **argv);
int cmd_doctor(const struct verb *verb, int argc, char **argv);

/* Print "nslab: " and the formatted line to stderr. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Print the error to stderr. Returns STATUS_FAILED. */
int failed(const struct error *err);

/* Print what is wrong with the arguments, and the verb's usage, to stderr. Returns STATUS_WRONG. */
int misused(const struct verb *verb, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Write out what stdout holds by now. That it cannot be is said by output_end(), with the cause. */
void output_flush(void);

/*
 * Write out what is left of stdout and close it. Returns `status`, or STATUS_FAILED with a message
 * where some of the output could not be written and `status` said that all went well.
 */
int output_end(int status);

/* Print text that files and other programs made: control characters but \n and \t become "?". */
void put_printable(FILE *out, const char *text);

/* May text to stdout be coloured: a terminal, and no NO_COLOR? */
bool output_coloured(void);

#endif
