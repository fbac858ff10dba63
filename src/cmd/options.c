// SPDX-License-Identifier: MIT
// The options of a verb: one table that is read by and that prints the help.
#include "cmd/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cmd/cmd.h"

#define ROWS_MAX   16
#define LONG_FIRST 256 /* what getopt_long() gives for row 0: no letter's value */
#define HELP	   (LONG_FIRST + ROWS_MAX)

static void print_row(const struct option_row *row)
{
	char left[64];

	snprintf(left, sizeof(left), "%c%c%s--%s%s%s", row->letter ? '-' : ' ',
		 row->letter ? row->letter : ' ', row->letter ? ", " : "  ", row->name,
		 row->value ? " " : "", row->value ? row->value : "");
	printf("  %-20s  %s\n", left, row->help);
}

static void print_help(const struct verb *verb, const struct option_row *rows, const char *examples)
{
	static const struct option_row help = {.letter = 'h', .name = "help", .help = "this text"};

	printf("usage: nslab %s%s%s\n%s\n\n", verb->name, *verb->arguments ? " " : "",
	       verb->arguments, verb->summary);
	for (; rows->name; rows++)
		print_row(rows);
	print_row(&help);
	printf("\nexamples:\n%s", examples);
}

/* The table as getopt_long() wants it: every row by its number, by letter as well. */
static void make_getopt_tables(const struct option_row *rows, bool leading, char *letters,
			       struct option *longs)
{
	size_t i;

	if (leading)
		*letters++ = '+';
	*letters++ = ':';
	*letters++ = 'h';
	for (i = 0; rows[i].name; i++) {
		longs[i] = (struct option){rows[i].name,
					   rows[i].value ? required_argument : no_argument, NULL,
					   LONG_FIRST + (int)i};
		if (!rows[i].letter)
			continue;
		*letters++ = rows[i].letter;
		if (rows[i].value)
			*letters++ = ':';
	}
	*letters = '\0';
	longs[i++] = (struct option){"help", no_argument, NULL, HELP};
	longs[i] = (struct option){0};
}

/* The row of what getopt_long() gives, which knows none but ours. */
static const struct option_row *find_row(const struct option_row *rows, int given)
{
	if (given >= LONG_FIRST)
		return &rows[given - LONG_FIRST];
	while (rows->letter != given)
		rows++;
	return rows;
}

static int unknown(const struct verb *verb, const struct option_row *rows, const char *argument)
{
	struct near near = {.word = argument + 2};

	if (optopt >= LONG_FIRST)
		return misused(verb, "%s: this option takes no value", argument);
	if (strncmp(argument, "--", 2) != 0)
		return misused(verb, "unknown option -%c", optopt);
	for (; rows->name; rows++)
		near_offer(&near, rows->name);
	if (near_best(&near))
		return misused(verb, "unknown option %s; did you mean --%s?", argument,
			       near_best(&near));
	return misused(verb, "unknown option %s", argument);
}

/* What getopt_long() has just read: a value of its own may stand behind it. */
static const char *last_read(char **argv)
{
	return argv[optind - (optarg && optarg == argv[optind - 1] ? 2 : 1)];
}

/*
 * Was the option's name cut short? getopt_long() takes any beginning that only one name has: a slip
 * of a finger ("down --al") would have the whole power of what was not written.
 */
static bool is_cut_short(const char *argument, const char *name)
{
	return strcspn(argument + strlen("--"), "=") < strlen(name);
}

static int cut_short(const struct verb *verb, const char *argument, const char *name)
{
	return misused(verb, "unknown option %.*s; did you mean --%s?", (int)strcspn(argument, "="),
		       argument, name);
}

static int read_options(const struct verb *verb, const struct option_row *rows,
			const char *examples, bool leading, int *argc, char ***argv)
{
	struct option longs[ROWS_MAX + 2];
	char letters[2 * ROWS_MAX + 4];
	int given, index = 0; /* of a long one, in its table */

	make_getopt_tables(rows, leading, letters, longs);
	opterr = 0;
	optind = 0; /* glibc: begin afresh */
	while ((given = getopt_long(*argc, *argv, letters, longs, &index)) != -1) {
		const struct option_row *row;

		if (given >= LONG_FIRST && is_cut_short(last_read(*argv), longs[index].name))
			return cut_short(verb, last_read(*argv), longs[index].name);
		if (given == 'h' || given == HELP) {
			print_help(verb, rows, examples);
			return STATUS_DONE;
		}
		if (given == ':')
			return misused(verb, "%s needs a value", (*argv)[optind - 1]);
		if (given == '?')
			return unknown(verb, rows, (*argv)[optind > 1 ? optind - 1 : 1]);
		row = find_row(rows, given);
		if (row->flag)
			*row->flag = true;
		if (row->text)
			*row->text = optarg;
	}
	*argc -= optind;
	*argv += optind;
	return OPTIONS_READ;
}

int options_read(const struct verb *verb, const struct option_row *rows, const char *examples,
		 int *argc, char ***argv)
{
	return read_options(verb, rows, examples, false, argc, argv);
}

int options_read_leading(const struct verb *verb, const struct option_row *rows,
			 const char *examples, int *argc, char ***argv)
{
	return read_options(verb, rows, examples, true, argc, argv);
}
