// SPDX-License-Identifier: MIT
// A service of a running node stopped or started: told to the node's first process, and awaited.
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "kernel/process.h"
#include "lab/lab.h"
#include "lab/slot.h"
#include "lab/supervise.h"

#define PAUSE (5 * MILLISECOND)

/* A service, and where it says how it is. */
struct subject {
	const struct lab_node *node;
	const char *name;
	const struct slot *slot;
	int number; /* in its node */
};

static int find(const struct slot *slots, ssize_t total, struct subject *subject, struct error *err)
{
	subject->number = 0;
	for (ssize_t i = 0; i < total; i++) {
		if (strncmp(slots[i].node, subject->node->name, sizeof(slots[i].node)) != 0)
			continue;
		subject->slot = &slots[i];
		if (!strncmp(slots[i].name, subject->name, sizeof(slots[i].name)))
			return 0;
		subject->number++;
	}
	return error_set(err, 0, "node %s has no service %s", subject->node->name, subject->name);
}

/* Has it come to where it was told to? 1: yes; 0: not yet; less: it will not. */
static int has_obeyed(const struct subject *subject, enum service_order order, uint32_t before,
		      struct error *err)
{
	struct slot now;

	slot_get(subject->slot, &now);
	if (order == SERVICE_STOP)
		return now.state == SERVICE_ENDED && !now.pid;
	if (now.state == SERVICE_READY && now.pid)
		return 1;
	if (now.state == SERVICE_ENDED && now.turn != before)
		return error_set(err, 0, "service %s of node %s has ended before it was ready",
				 subject->name, subject->node->name);
	return 0;
}

static int await(const struct subject *subject, enum service_order order, uint32_t before,
		 int pidfd, int64_t until, struct error *err)
{
	for (;;) {
		int obeyed = has_obeyed(subject, order, before, err);

		if (obeyed)
			return obeyed < 0 ? -1 : 0;
		if (process_wait_end(pidfd, PAUSE / MILLISECOND))
			return error_set(err, ESRCH, "node %s is dead", subject->node->name);
		if (clock_now() >= until)
			return error_set(err, 0, "service %s of node %s %s in time", subject->name,
					 subject->node->name,
					 order == SERVICE_STOP ? "has not ended" : "was not ready");
	}
}

static int give(const struct subject *subject, enum service_order order, int64_t until,
		struct error *err)
{
	AUTO_CLOSE int pidfd = process_open(&subject->node->process);
	struct slot before;
	int failed;

	if (pidfd < 0)
		return error_set(err, -pidfd, "cannot enter node %s", subject->node->name);
	slot_get(subject->slot, &before);
	failed = process_tell(pidfd, SERVICE_SIGNAL, subject->number * SERVICE_ORDERS + (int)order);
	if (failed)
		return error_set(err, -failed, "cannot reach the first process of node %s",
				 subject->node->name);
	return await(subject, order, before.turn, pidfd, until, err);
}

int lab_service_set(const struct lab *lab, const struct lab_node *node, const char *name, bool run,
		    int64_t until, struct error *err)
{
	struct subject subject = {.node = node, .name = name};
	const struct slot *slots;
	ssize_t total = slots_open(lab->folder, &slots);
	int failed;

	if (total < 0)
		return error_set(err, (int)-total, "cannot see the services of lab %s", lab->name);
	failed = find(slots, total, &subject, err);
	if (!failed)
		failed = give(&subject, run ? SERVICE_START : SERVICE_STOP, until, err);
	slots_close(slots, total);
	return failed;
}
