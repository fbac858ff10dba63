// SPDX-License-Identifier: MIT
// Moments on the clock that only goes forward.
#include "base/clock.h"

#include <limits.h>
#include <time.h>

int64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * SECOND + now.tv_nsec;
}

int clock_left(int64_t then)
{
	int64_t left;

	if (!then)
		return -1;
	left = (then - clock_now() + MILLISECOND - 1) / MILLISECOND;
	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}
