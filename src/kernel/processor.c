// SPDX-License-Identifier: MIT
// The machine's processors.
#include "kernel/processor.h"

#include <unistd.h>

size_t processor_count(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count > 0 ? (size_t)count : 1;
}
