// SPDX-License-Identifier: MIT
// A script of the file: how it is run, and which of its lines failed.
#include "lab/script.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "kernel/process.h"

#define SCRIPT_LIMIT ((size_t)16 << 20) /* bytes */
#define SHOWN_LINES  8

/*
 * A script that names no interpreter is run by bash where there is one, which tells of each line
 * that fails: sh(1) as POSIX has it knows no such trap. It is sourced under its own name, so that
 * the trap is there first; the failure of "." itself is none of a line.
 */
static const char wrapper[] =
	"trap 'printf \"%s %s\\n\" \"$?\" \"${BASH_SOURCE[0]:+$LINENO}\" >&3' ERR\n"
	". \"$NSLAB_SCRIPT\"\n";

static const char *const shells[] = {"/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash"};

static const char *find_bash(void)
{
	for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++)
		if (access(shells[i], X_OK) == 0)
			return shells[i];
	return NULL;
}

/* Returns whether there were any. */
static bool drop_returns(char *text, size_t *size)
{
	size_t kept = 0;

	for (size_t i = 0; i < *size; i++)
		if (text[i] != '\r' || (i + 1 < *size && text[i + 1] != '\n'))
			text[kept++] = text[i];
	if (kept == *size)
		return false;
	text[kept] = '\0';
	*size = kept;
	return true;
}

int script_open(struct script *script, const char *path, struct arena *arena, struct error *err)
{
	size_t size;

	*script = (struct script){.path = path, .arena = arena, .clean = -1, .report = -1};
	if (file_read(path, SCRIPT_LIMIT, arena, &script->text, &size, err) < 0)
		return error_prefix(err, "cannot read the script: ");
	if (!drop_returns(script->text, &size))
		return 0;
	script->clean = memfd_create("script", MFD_CLOEXEC);
	if (script->clean < 0 || write_all(script->clean, script->text, size) < 0)
		return error_set(err, errno, "cannot copy the script");
	return 0;
}

/* "#! INTERPRETER [ARGUMENT]": the words of it; false where there is none. */
static bool read_interpreter(struct script *script, const char *words[2])
{
	char *line, *rest;

	if (strncmp(script->text, "#!", 2) != 0)
		return false;
	line = arena_strndup(script->arena, script->text + 2, strcspn(script->text + 2, "\n"));
	words[0] = strtok_r(line, " \t", &rest);
	words[1] = words[0] ? strtok_r(NULL, "", &rest) : NULL; /* one, as execve(2) has it */
	return words[0] != NULL;
}

static bool is_bash(const char *words[2])
{
	const char *slash = strrchr(words[0], '/');
	const char *base = slash ? slash + 1 : words[0];

	return (!strcmp(base, "bash") && !words[1]) ||
	       (!strcmp(base, "env") && words[1] && !strcmp(words[1], "bash"));
}

static pid_t start_watched(struct script *script, const char *bash, int output)
{
	const char *const argv[] = {bash, "-c", wrapper, script->path, NULL};
	const char *file = strchr(script->path, '/')
				   ? script->path
				   : arena_printf(script->arena, "./%s", script->path);
	int pass[2];
	pid_t pid;

	script->report = memfd_create("report", MFD_CLOEXEC);
	if (script->report < 0)
		return -errno;
	pass[0] = script->report;
	pass[1] = script->clean;
	/* The wrapper's "." gets a name that leads to the text, and $0 is the script's all the
	   same. */
	setenv("NSLAB_SCRIPT", script->clean >= 0 ? "/dev/fd/4" : file, 1);
	pid = process_start(argv, output, pass, script->clean >= 0 ? 2 : 1);
	unsetenv("NSLAB_SCRIPT");
	return pid;
}

pid_t script_start(struct script *script, int output)
{
	const char *words[2] = {NULL, NULL};
	bool named = read_interpreter(script, words);
	const char *bash = !named || is_bash(words) ? find_bash() : NULL;
	const char *file = script->clean >= 0 ? "/dev/fd/3" : script->path;
	const char *argv[4] = {named ? words[0] : "/bin/sh"};
	int count = 1;

	if (bash)
		return start_watched(script, bash, output);
	if (words[1])
		argv[count++] = words[1];
	argv[count] = file;
	return process_start(argv, output, &script->clean, script->clean >= 0);
}

/* The text of a line, without the white space around it. */
static const char *line_text(const struct script *script, unsigned long number)
{
	const char *line = script->text;

	for (unsigned long i = 1; i < number && *line; i++) {
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	line += strspn(line, " \t");
	return arena_strndup(script->arena, line, strcspn(line, "\n"));
}

const char *script_failures(struct script *script, size_t *count)
{
	AUTO_CLOSE int fd = script->report < 0 ? -1 : dup(script->report);
	AUTO_FCLOSE FILE *report = fd < 0 ? NULL : fdopen(fd, "r");
	const char *text = "";
	char row[64];

	*count = 0;
	if (!report)
		return text;
	(void)take_fd(&fd);
	rewind(report);
	while (fgets(row, sizeof(row), report)) {
		unsigned long line;
		int status;

		/* Without the number of a line it was the wrapper's own. */
		if (sscanf(row, "%d %lu", &status, &line) != 2 || (*count)++ >= SHOWN_LINES)
			continue;
		text = arena_printf(script->arena, "%s\n%s:%lu: %.200s: status %d", text,
				    script->path, line, line_text(script, line), status);
	}
	if (*count > SHOWN_LINES)
		text = arena_printf(script->arena, "%s\nand %zu more", text, *count - SHOWN_LINES);
	return text;
}

void script_close(struct script *script)
{
	if (script->clean >= 0)
		close(script->clean);
	if (script->report >= 0)
		close(script->report);
	script->clean = script->report = -1;
}
