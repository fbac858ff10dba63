/* SPDX-License-Identifier: MIT */
/* The machine's processors. */
#ifndef KERNEL_PROCESSOR_H
#define KERNEL_PROCESSOR_H

#include <stddef.h>

/* Those that run; 1 where that cannot be found out. The C library looks into /sys for it. */
size_t processor_count(void);

#endif
