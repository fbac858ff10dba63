/* SPDX-License-Identifier: MIT */
/* A line on the terminal that tells what goes on, for work that takes its time. */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

/* Show it in the place of the last one; nothing where stderr is no terminal. */
void progress_show(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Take it away, before anything else is printed. */
void progress_clear(void);

#endif
