// SPDX-License-Identifier: MIT
// What the kernel counts of TCP, in the network namespace that the caller is in.
#include "kernel/tcp_counter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* A line of names, "TcpExt: a b c", is followed by one of their values, "TcpExt: 1 2 3". */
long tcp_counter(const char *name)
{
	AUTO_FCLOSE FILE *file = fopen("/proc/thread-self/net/netstat", "re");
	AUTO_FREE char *names = NULL;
	AUTO_FREE char *values = NULL;
	size_t names_size = 0, values_size = 0;

	while (file && getline(&names, &names_size, file) > 0 &&
	       getline(&values, &values_size, file) > 0) {
		char *name_rest = names, *value_rest = values, *word, *value;

		while ((word = strsep(&name_rest, " \n")) && (value = strsep(&value_rest, " \n")))
			if (!strcmp(word, name))
				return strtol(value, NULL, 10);
	}
	return -1;
}
