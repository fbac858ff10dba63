// SPDX-License-Identifier: MIT
// How a process has ended, in words.
#include "lab/ended.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

const char *ended_text(int status, char text[ENDED_TEXT_SIZE])
{
	if (WIFSIGNALED(status))
		snprintf(text, ENDED_TEXT_SIZE, "was killed by signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else
		snprintf(text, ENDED_TEXT_SIZE, "exited with status %d", WEXITSTATUS(status));
	return text;
}
