// SPDX-License-Identifier: MIT
// Lay the cables of a lab, each as soon as both its nodes are there.
#include "lab/wiring.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "kernel/apply.h"
#include "lab/build.h"

/* Fewer cables wait for more: one message to the kernel has many of them. */
#define CABLES_AT_ONCE 64

struct wiring {
	const struct build *build;
	struct op *cables; /* in the order of the later of their two nodes */
	size_t count, laid;
	size_t *next;	/* by number: where the next cable of which it is the later node goes */
	bool *prepared; /* by number - 1 */
	uint32_t whole; /* all nodes up to this number are prepared */
};

/* The number of that of its nodes which comes last. */
static uint32_t later_node(const struct op *cable)
{
	uint32_t a = cable->veth.ends[0]->node->number, b = cable->veth.ends[1]->node->number;

	return a > b ? a : b;
}

/* Nodes are cloned in their order: so that the cables of the first come first, whatever the file's.
 */
static int sort(struct wiring *wiring)
{
	const struct plan *plan = wiring->build->plan;
	const struct op *ops = plan->ops + plan->wiring.first;
	size_t nodes = plan->topology->node_count;
	size_t *next = wiring->next = calloc(nodes + 2, sizeof(*next));

	wiring->count = plan->wiring.count;
	wiring->cables = calloc(wiring->count + 1, sizeof(*wiring->cables));
	wiring->prepared = calloc(nodes + 1, sizeof(*wiring->prepared));
	if (!next || !wiring->cables || !wiring->prepared)
		return -ENOMEM;
	for (size_t i = 0; i < wiring->count; i++)
		next[later_node(&ops[i]) + 1]++;
	for (size_t number = 1; number <= nodes; number++)
		next[number] += next[number - 1];
	for (size_t i = 0; i < wiring->count; i++)
		wiring->cables[next[later_node(&ops[i])]++] = ops[i];
	return 0;
}

/* Wait for at least one more node to be prepared. */
static int await_nodes(struct wiring *wiring, struct error *err)
{
	uint32_t numbers[1024]; /* a pipe keeps each whole: pipe(7), PIPE_BUF */
	ssize_t n;

	do
		n = read(wiring->build->channels[CHANNEL_PREPARED][SIDE_READ], numbers,
			 sizeof(numbers));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return error_set(err, errno, "cannot wait for the nodes");
	if (n == 0)
		return error_set(err, 0, "a node died while the lab was built");
	for (size_t i = 0; i < (size_t)n / sizeof(*numbers); i++)
		wiring->prepared[numbers[i] - 1] = true;
	while (wiring->prepared[wiring->whole]) /* ends at the one behind the last */
		wiring->whole++;
	return 0;
}

static int lay_those_ready(struct wiring *wiring, bool last, struct error *err)
{
	size_t end = wiring->laid;
	int failed;

	while (end < wiring->count && later_node(&wiring->cables[end]) <= wiring->whole)
		end++;
	if (end == wiring->laid || (!last && end - wiring->laid < CABLES_AT_ONCE))
		return 0;
	failed = apply_ops(wiring->cables + wiring->laid, end - wiring->laid,
			   wiring->build->shared->pids, err);
	wiring->laid = end;
	return failed;
}

static int lay(struct wiring *wiring, struct error *err)
{
	size_t nodes = wiring->build->plan->topology->node_count;
	int failed = 0;

	while (wiring->whole < nodes && !failed) {
		failed = await_nodes(wiring, err);
		if (!failed)
			failed = lay_those_ready(wiring, wiring->whole == nodes, err);
	}
	return failed;
}

int wiring_lay(struct build *build, struct error *err)
{
	struct wiring wiring = {.build = build};
	int failed = sort(&wiring);

	build_close(build, CHANNEL_PREPARED, SIDE_WRITE);
	if (failed)
		error_set(err, -failed, "cannot sort the cables");
	else
		failed = lay(&wiring, err);
	build_close(build, CHANNEL_PREPARED, SIDE_READ);
	free(wiring.cables);
	free(wiring.prepared);
	free(wiring.next);
	return failed;
}
