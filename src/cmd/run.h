/* SPDX-License-Identifier: MIT */
/* One command in one node: started, waited for, its end as an exit status. */
#ifndef CMD_RUN_H
#define CMD_RUN_H

#include <stdbool.h>
#include <sys/types.h>

struct lab;
struct lab_node;

/*
 * Move this process into the node, for good, and say in the environment where it is. Returns
 * STATUS_DONE, or STATUS_NOT_RUN after a message.
 */
int run_enter(const struct lab *lab, const struct lab_node *node);

/*
 * Run the command in the node that was entered and return its exit status: 128 + N for death by
 * signal N, STATUS_NOT_EXECUTABLE, STATUS_NOT_FOUND; STATUS_NOT_RUN, after a message, where nslab
 * itself fails. `terminal`: on a terminal of its own, relayed to the user's. The command dies with
 * this process; if it has a terminal it is hung up. Says so where the node ended meanwhile.
 */
int run_command(const struct lab *lab, const struct lab_node *node, char *const *argv,
		bool terminal);

#endif
