// SPDX-License-Identifier: MIT
// One ping each for very many pairs: sent in portions, and again until it is answered.
#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/error.h"
#include "kernel/neighbour.h"
#include "kernel/reach_echo.h"

/*
 * The kernel has one neighbour table a family for all namespaces together, of 1,024 entries
 * (gc_thresh3), and keeps what is younger than five seconds: 200 hosts on a switch want 39,800. So
 * a portion takes up half of it, and what its nodes have learnt is forgotten before the next. Both
 * directions of a pair share entries: portions are made of the pairs between two blocks of nodes.
 */
#define PORTION 512
#define BLOCK	16 /* nodes: BLOCK * BLOCK pairs, there and back, are a portion */

/* How long to wait for more answers, in turn, ms. */
static const int patience[] = {50, 250, 500, 1000};
#define PATIENCE_LAST (sizeof(patience) / sizeof(*patience) - 1)

struct pings {
	struct echo echo;
	struct reach_run *run;
	uint32_t *open;	 /* not settled yet, in the order in which they are sent */
	uint64_t *group; /* of each, by its number: the two blocks that it is between */
	size_t count;
	size_t unheard; /* of the portion that is under way */
	bool many;	/* more than one portion */
};

static void heard(void *data, uint32_t packet, const struct echo_event *event)
{
	struct pings *pings = data;
	struct reach *reach = pings->run->list[packet];

	if (reach->state == REACH_OPEN && pings->unheard)
		pings->unheard--;
	if (reach->state != REACH_ANSWERED)
		echo_settle(reach, event);
}

/* --- the order -------------------------------------------------------------------------------- */

struct place_in_order {
	uint64_t key;
	uint32_t reach;
};

static int by_key(const void *a, const void *b)
{
	const struct place_in_order *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->reach > y->reach) - (x->reach < y->reach);
}

static int by_number(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

/* The block of a namespace, of which the list has all, sorted; those of the first for a stranger.
 */
static uint64_t block_of(const int *known, size_t count, int netns)
{
	const int *found = bsearch(&netns, known, count, sizeof(*known), by_number);

	return found ? (uint64_t)(found - known) / BLOCK : 0;
}

static void put_in_order(struct pings *pings)
{
	struct reach_run *run = pings->run;
	struct place_in_order *places = arena_alloc(run->arena, (run->count + 1) * sizeof(*places));
	int *known = arena_alloc(run->arena, (run->count + 1) * sizeof(*known));
	size_t count = 0;

	pings->group = arena_alloc(run->arena, (run->count + 1) * sizeof(*pings->group));
	for (size_t i = 0; i < run->count; i++)
		known[i] = run->list[i]->netns;
	qsort(known, run->count, sizeof(*known), by_number);
	for (size_t i = 0; i < run->count; i++)
		if (!i || known[i] != known[count - 1])
			known[count++] = known[i];
	for (size_t i = 0; i < run->count; i++) {
		uint64_t own = block_of(known, count, run->list[i]->netns), far = own;

		if (run->list[i]->far_netns >= 0)
			far = block_of(known, count, run->list[i]->far_netns);
		pings->group[i] = (own < far ? own : far) << 48 | (own < far ? far : own) << 32;
		places[i] = (struct place_in_order){pings->group[i] | pings->echo.station_of[i],
						    (uint32_t)i};
	}
	qsort(places, run->count, sizeof(*places), by_key);
	pings->open = arena_alloc(run->arena, (run->count + 1) * sizeof(*pings->open));
	pings->count = run->count;
	for (size_t i = 0; i < run->count; i++)
		pings->open[i] = places[i].reach;
}

/* --- portions --------------------------------------------------------------------------------- */

/*
 * Where the portion that begins there ends: with a group, if one fits, so that both directions of a
 * pair are in one. Each pair that is asked for anew is a broadcast, which a switch hands to all.
 */
static size_t portion_end(const struct pings *pings, size_t first)
{
	size_t end = first, next = first;

	while (next < pings->count) {
		uint64_t group = pings->group[pings->open[next]];

		while (next < pings->count && pings->group[pings->open[next]] == group)
			next++;
		if (next - first > PORTION)
			break;
		end = next;
	}
	if (end > first)
		return end;
	return pings->count - first < PORTION ? pings->count : first + PORTION;
}

/* Forget what the nodes at both ends of the portion's pairs have learnt. */
static int make_room(struct pings *pings, const uint32_t *portion, size_t count, struct error *err)
{
	int *ends = arena_alloc(pings->run->arena, (2 * count + 1) * sizeof(*ends));
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		ends[n++] = pings->run->list[portion[i]]->netns;
		if (pings->run->list[portion[i]]->far_netns >= 0)
			ends[n++] = pings->run->list[portion[i]]->far_netns;
	}
	qsort(ends, n, sizeof(*ends), by_number);
	for (size_t i = 0; i < n; i++) {
		if (i && ends[i] == ends[i - 1])
			continue;
		if (reach_enter(pings->run, ends[i], err) < 0)
			return -1;
		neighbour_flush();
	}
	return 0;
}

/* Until all of the portion are heard of, or nothing has come for a while. */
static void await(struct pings *pings, int wait)
{
	int left;

	do
		left = reach_until(pings->run->end) < wait ? reach_until(pings->run->end) : wait;
	while (pings->unheard && echo_hear(&pings->echo, left));
}

static int send_round(struct pings *pings, int wait, struct error *err)
{
	for (size_t i = 0, end; i < pings->count && reach_until(pings->run->end); i = end) {
		const uint32_t *portion = pings->open + i;
		size_t n;

		end = portion_end(pings, i);
		n = end - i;
		pings->unheard = n;
		echo_send(&pings->echo, portion, n);
		await(pings, wait);
		if (pings->many && make_room(pings, portion, n, err) < 0)
			return -1;
	}
	return 0;
}

static void drop_settled(struct pings *pings)
{
	size_t kept = 0;

	for (size_t i = 0; i < pings->count; i++)
		if (pings->run->list[pings->open[i]]->state == REACH_OPEN)
			pings->open[kept++] = pings->open[i];
	pings->count = kept;
}

static int run_rounds(struct pings *pings, struct error *err)
{
	/* Where there is only one portion, nothing is waiting but the user. */
	size_t turn = pings->many ? 0 : 1;

	while (pings->count && reach_until(pings->run->end)) {
		if (send_round(pings, patience[turn], err) < 0)
			return -1;
		drop_settled(pings);
		turn += turn < PATIENCE_LAST;
	}
	return 0;
}

int reach_ping(struct reach_run *run, struct error *err)
{
	struct pings pings = {.run = run, .echo = {.heard = heard}, .many = run->count > PORTION};
	int failed;

	pings.echo.data = &pings;
	for (size_t i = 0; i < run->count; i++)
		run->list[i]->sent = 1;
	failed = echo_open(&pings.echo, run, (uint32_t)run->count, err);
	for (size_t i = 0; i < run->count && !failed; i++)
		pings.echo.packets[i] =
			(struct echo_packet){.reach = (uint32_t)i, .hop_limit = HOP_LIMIT};
	if (!failed) {
		put_in_order(&pings);
		failed = run_rounds(&pings, err);
	}
	echo_close(&pings.echo);
	return failed;
}
