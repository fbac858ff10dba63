// SPDX-License-Identifier: MIT
// The verb shell: the user's shell in a node, with a prompt that says where it is.
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "lab/choose.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "cmd/run.h"
#include "lab/lab.h"

static const char examples[] = "  nslab shell h1\n"
			       "  nslab shell campus/r1\n"
			       "  echo 'ip route' | nslab shell h1\n";

#define ARGUMENTS_MAX 4

/* A command line that is being made. */
struct start {
	const char *node;
	struct arena *arena;
	char *argv[ARGUMENTS_MAX + 1];
};

/*
 * bash reads a file of ours in the place of ~/.bashrc, which may set a prompt: ours comes after.
 * The file has no name; bash has read it whole before it closes it.
 */
static void prompt_of_bash(struct start *start)
{
	int fd = memfd_create("nslab-bashrc", 0);
	const char *text;

	if (fd < 0)
		return;
	text = arena_printf(start->arena,
			    "[ -f ~/.bashrc ] && . ~/.bashrc\n"
			    "PS1='%s:\\w\\$ '\n"
			    "exec %d<&-\n",
			    start->node, fd);
	write_all(fd, text, strlen(text));
	start->argv[1] = arena_strdup(start->arena, "--rcfile");
	start->argv[2] = arena_printf(start->arena, "/proc/self/fd/%d", fd);
}

static void prompt_of_fish(struct start *start)
{
	start->argv[1] = arena_strdup(start->arena, "-C");
	start->argv[2] = arena_printf(start->arena,
				      "function fish_prompt; printf '%s:%%s%%s ' (prompt_pwd) "
				      "(fish_is_root_user; and echo '#'; or echo '$'); end",
				      start->node);
}

static void prompt_of_zsh(struct start *start)
{
	setenv("PS1", arena_printf(start->arena, "%s:%%~%%(!.#.$) ", start->node), 1);
}

/* Shells of POSIX take the prompt from the environment and expand parameters in it. */
static void prompt_of_sh(struct start *start)
{
	setenv("PS1",
	       arena_printf(start->arena, "%s:$PWD%s ", start->node, geteuid() == 0 ? "#" : "$"),
	       1);
}

static const struct {
	const char *shell;
	void (*set_prompt)(struct start *start);
} prompts[] = {
	{"bash", prompt_of_bash}, {"zsh", prompt_of_zsh}, {"fish", prompt_of_fish},
	{"sh", prompt_of_sh},	  {"dash", prompt_of_sh}, {"ash", prompt_of_sh},
	{"ksh", prompt_of_sh},	  {"mksh", prompt_of_sh}, {"busybox", prompt_of_sh},
};

/* Looked for before the node is entered, where the user is still the one of the passwd file. */
static const char *shell_of_user(void)
{
	const char *shell = getenv("SHELL");
	const struct passwd *entry;

	if (shell && *shell == '/' && access(shell, X_OK) == 0)
		return shell;
	entry = getpwuid(getuid());
	if (entry && *entry->pw_shell == '/' && access(entry->pw_shell, X_OK) == 0)
		return entry->pw_shell;
	return "/bin/sh";
}

static void set_prompt(struct start *start, const char *shell)
{
	const char *slash = strrchr(shell, '/');
	const char *name = slash ? slash + 1 : shell;

	for (size_t i = 0; i < sizeof(prompts) / sizeof(prompts[0]); i++)
		if (!strcmp(prompts[i].shell, name))
			prompts[i].set_prompt(start);
}

static int shell_in(const char *wanted, const char *name, struct arena *arena)
{
	struct start start = {.node = name, .arena = arena};
	bool terminal = isatty(STDIN_FILENO);
	struct lab lab;
	struct lab_node node;
	struct error err;

	if (lab_find_starting(wanted, arena, &lab, &err) < 0 ||
	    lab_node(&lab, name, arena, &node, &err) < 0) {
		failed(&err);
		return STATUS_NOT_RUN;
	}
	start.argv[0] = arena_strdup(arena, shell_of_user());
	if (run_enter(&lab, &node) != STATUS_DONE)
		return STATUS_NOT_RUN;
	if (terminal)
		set_prompt(&start, start.argv[0]);
	return run_command(&lab, &node, start.argv, terminal);
}

int cmd_shell(const struct verb *verb, int argc, char **argv)
{
	AUTO_ARENA struct arena *arena = arena_new();
	const char *wanted = NULL;
	const struct option_row options[] = {OPTION_LAB(&wanted), {0}};
	struct words words = {0};
	int status = options_read(verb, options, examples, &argc, &argv);

	if (status != OPTIONS_READ)
		return status;
	if (argc == 0)
		return misused(verb, "in which node?");
	if (argc > 1)
		return misused(verb, "one node, and no command (for that: nslab exec)");
	if (!words_add(&words, argv[0], &wanted, arena) || words.count != 1)
		return misused(verb, "one node of one lab, not \"%s\"", argv[0]);
	return shell_in(wanted, words.list[0], arena);
}
