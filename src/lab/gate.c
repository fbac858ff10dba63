// SPDX-License-Identifier: MIT
// Where processes wait for each other: words in memory that they share.
#include "lab/gate.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

static long futex(uint32_t *word, int operation, uint32_t value, const struct timespec *time)
{
	return syscall(SYS_futex, word, operation, value, time, NULL, 0);
}

void gate_unlatch(struct gate *gate)
{
	__atomic_store_n(&gate->open, 1, __ATOMIC_RELEASE);
}

bool gate_is_open(const struct gate *gate)
{
	return __atomic_load_n(&gate->open, __ATOMIC_ACQUIRE);
}

int gate_open(struct gate *gate)
{
	gate_unlatch(gate);
	return futex(&gate->open, FUTEX_WAKE, INT_MAX, NULL) < 0 ? -errno : 0;
}

int gate_await(struct gate *gate, int64_t until)
{
	while (!gate_is_open(gate)) {
		int64_t left = until - clock_now();
		struct timespec time = {.tv_sec = left / SECOND, .tv_nsec = left % SECOND};

		if (until && left <= 0)
			return -ETIMEDOUT;
		if (futex(&gate->open, FUTEX_WAIT, 0, until ? &time : NULL) < 0 &&
		    errno != EAGAIN && errno != EINTR)
			return -errno;
	}
	return 0;
}

int turns_give(struct turns *turns, uint32_t count)
{
	__atomic_fetch_add(&turns->free, count, __ATOMIC_RELEASE);
	return futex(&turns->free, FUTEX_WAKE, count, NULL) < 0 ? -errno : 0;
}

int turns_take(struct turns *turns)
{
	for (;;) {
		uint32_t free = __atomic_load_n(&turns->free, __ATOMIC_RELAXED);

		if (free && __atomic_compare_exchange_n(&turns->free, &free, free - 1, false,
							__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return 0;
		if (!free && futex(&turns->free, FUTEX_WAIT, 0, NULL) < 0 && errno != EAGAIN &&
		    errno != EINTR)
			return -errno;
	}
}
