/* SPDX-License-Identifier: MIT */
/* The options of a verb: one table that is read by and that prints the help. */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include <stdbool.h>

struct verb;

/* A table ends with an empty row. -h, --help is in every one, unwritten. */
struct option_row {
	char letter;	   /* 0: only a long form */
	const char *name;  /* of the long form, without dashes */
	const char *value; /* what the value is called in the help; NULL: it takes none */
	const char *help;
	bool *flag;	   /* set where the option is given: one without a value */
	const char **text; /* gets the value: one with a value */
};

#define OPTION_LAB(where)                                                                          \
	{                                                                                          \
		.letter = 'l', .name = "lab", .value = "LAB",                                      \
		.help = "a running lab, by its name or its file", .text = (where)                  \
	}
#define OPTION_JSON(where)                                                                         \
	{                                                                                          \
		.name = "json", .help = "print one JSON document", .flag = (where)                 \
	}

/* To go on: no option asked for an end. Anything else is an exit status. */
#define OPTIONS_READ (-1)

/*
 * Read the options among (*argv)[1..], wherever they stand before "--", and leave the other
 * arguments in *argc and *argv, from [0] on. Returns OPTIONS_READ; STATUS_DONE after the help;
 * STATUS_WRONG after a message. `examples`: lines for the end of the help.
 */
int options_read(const struct verb *verb, const struct option_row *rows, const char *examples,
		 int *argc, char ***argv);

/* The same, but the first argument that is no option ends them: what follows may be a command. */
int options_read_leading(const struct verb *verb, const struct option_row *rows,
			 const char *examples, int *argc, char ***argv);

#endif
