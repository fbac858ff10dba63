/* SPDX-License-Identifier: MIT */
/* How a process has ended, in words. */
#ifndef LAB_ENDED_H
#define LAB_ENDED_H

/* "exited with status 1", "was killed by signal 9 (Killed)", of a status of wait(2). */
#define ENDED_TEXT_SIZE 64
const char *ended_text(int status, char text[ENDED_TEXT_SIZE]);

#endif
