// SPDX-License-Identifier: MIT
// The table of verbs, and from it the choice of one and the usage text.
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/cmd.h"

static const struct verb verbs[] = {
	{"up", cmd_up, "[FILE]", "build the lab of FILE (lab.ini)"},
	{"down", cmd_down, "[LAB...] | --all", "end labs"},
	{"check", cmd_check, "[FILE...]", "show all faults of files (lab.ini)"},
	{"plan", cmd_plan, "[FILE]", "show what up would do with FILE (lab.ini)"},
	{"new", cmd_new, "[OPTION...] KIND SIZE...",
	 "write a topology file: a ring, a grid, a tree, a fat tree and others"},
	{"list", cmd_list, "", "show the running labs"},
	{"status", cmd_status, "[-l LAB] [NODE|PATTERN...]",
	 "show nodes as the kernel has them, marked where they differ from the file"},
	{"link", cmd_link, "[-l LAB] [LINK... [down | up | reset | [NODE.]KEY=VALUE...]]",
	 "show links; cut, mend or change them while the lab runs"},
	{"explain", cmd_explain, "[-l LAB] FROM TO",
	 "follow packets hop by hop from a node to another and back, and tell where they stop"},
	{"shell", cmd_shell, "[-l LAB] NODE", "start your shell in a node"},
	{"exec", cmd_exec, "[-l LAB] NODE[,NODE...]|PATTERN [--] COMMAND...",
	 "run a command in one node, or in many at once"},
	{"logs", cmd_logs, "[-l LAB] [-f] [-n LINES] NODE[,NODE...]|PATTERN [SERVICE...]",
	 "show what commands and services of nodes wrote"},
	{"save", cmd_save, "[-l LAB] [-C DIR] [-f] NODE PATH...",
	 "copy files out of a node, to stay when it goes"},
	{"test", cmd_test, "[-l LAB] [NAME...] | --up [FILE...]",
	 "do the tests of a lab: see what must hold, and break things on purpose"},
	{"doctor", cmd_doctor, "",
	 "show what this machine allows, and the remedy for what it does not"},
};

#define VERB_COUNT (sizeof(verbs) / sizeof(verbs[0]))

static void print_usage(FILE *out)
{
	fputs("usage: nslab VERB [ARGUMENT...]\n"
	      "Networks of hosts, routers and switches on one machine, from one file.\n\n",
	      out);
	for (size_t i = 0; i < VERB_COUNT; i++)
		fprintf(out, "  %-8s %s\n", verbs[i].name, verbs[i].summary);
	fputs("\nnslab VERB -h says more of a verb; --version tells the version.\n"
	      "NODE may be LAB/NODE. Manual: nslab(1), nslab-topology(5).\n",
	      out);
}

static int unknown(const char *name)
{
	struct near near = {.word = name};

	for (size_t i = 0; i < VERB_COUNT; i++)
		near_offer(&near, verbs[i].name);
	if (near_best(&near))
		complain("unknown verb \"%s\"; did you mean \"%s\"?", name, near_best(&near));
	else
		complain("unknown verb \"%s\"; see nslab --help", name);
	return STATUS_WRONG;
}

/*
 * A standard descriptor that is closed would be given to the next file opened. Hold its place, in
 * the mode that makes its use fail as that of a closed one does.
 */
static void hold_standard_descriptors(void)
{
	static const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY};

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", modes[fd]);
}

static int run(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	if (!name) {
		print_usage(stderr);
		return STATUS_WRONG;
	}
	if (!strcmp(name, "-h") || !strcmp(name, "--help")) {
		print_usage(stdout);
		return STATUS_DONE;
	}
	if (!strcmp(name, "--version")) {
		puts("nslab " VERSION);
		return STATUS_DONE;
	}
	for (size_t i = 0; i < VERB_COUNT; i++)
		if (!strcmp(verbs[i].name, name))
			return verbs[i].run(&verbs[i], argc - 1, argv + 1);
	return unknown(name);
}

int main(int argc, char **argv)
{
	hold_standard_descriptors();
	signal(SIGCHLD, SIG_DFL); /* ignored, as some callers leave it, it loses exit statuses */
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error, and no reason to die */
	setvbuf(stderr, NULL, _IOLBF, 0); /* a message is one write, whole among those of others */
	return output_end(run(argc, argv));
}
