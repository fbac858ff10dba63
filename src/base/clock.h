/* SPDX-License-Identifier: MIT */
/* Moments on the clock that only goes forward. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#define MILLISECOND INT64_C(1000000)
#define SECOND	    (1000 * MILLISECOND)

/* Nanoseconds since some moment that is the same for all processes. */
int64_t clock_now(void);

/* What poll(2) waits until the moment `then`, 0 being no moment at all; rounded up. */
int clock_left(int64_t then);

#endif
