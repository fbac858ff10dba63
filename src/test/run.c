// SPDX-License-Identifier: MIT
// One step: looked at until it is as wanted, or its time is over; what was seen is put into words.
#include "test/run.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "kernel/watch.h"
#include "lab/lab.h"
#include "test/look.h"
#include "test/trial.h"
#include "test/why.h"

/* Between two looks at what tells nothing by itself: at first, and at most. */
#define PAUSE_FIRST (10 * MILLISECOND)
#define PAUSE_MOST  (500 * MILLISECOND)
/* Of what routers limit the rate of (net.ipv4.icmp_ratelimit). */
#define PAUSE_SLOW	(250 * MILLISECOND)
#define PAUSE_SLOW_MOST SECOND
/* With few items to look at, it is looked at more often: when it becomes true is a result. */
#define PAUSE_ITEM (2 * MILLISECOND)

/* How long one look may wait for answers: at first, later, and where time is short. */
#define LOOK_FIRST (SECOND)
#define LOOK_MOST  (2 * SECOND)
#define LOOK_LEAST (100 * MILLISECOND)

#define ITEMS_SHOWN	5
#define ITEMS_EXPLAINED 3 /* that takes its time */

int run_start(struct run *run, const struct lab *lab, const struct topology *topology,
	      struct arena *arena, struct error *err)
{
	size_t count;

	*run = (struct run){.lab = lab, .topology = topology};
	if (lab_nodes(lab, arena, &run->nodes, &count, err) < 0)
		return -1;
	return lab_enter_users(lab, err);
}

static const struct look *look_of(const struct trial *trial)
{
	return &looks[trial->step->sentence - sentences];
}

/* Before the first look: what changes meanwhile is then told. */
static int watch(struct trial *trial, struct error *err)
{
	unsigned watched = look_of(trial)->watched;

	for (size_t i = 0; i < trial->count && watched; i++) {
		struct item *item = &trial->items[i];

		if (trial_enter(trial, item->from, err) < 0)
			return -1;
		item->events = watch_open(watched, err);
		if (item->events < 0)
			return -1;
	}
	return 0;
}

static bool as_wanted(const struct trial *trial, const struct item *item)
{
	return !item->unknown && item->is != trial->step->negated;
}

/* Settle what is as wanted. Returns how many items are not, or not yet. */
static size_t settle(struct trial *trial, int64_t begun)
{
	size_t left = 0;

	for (size_t i = 0; i < trial->count; i++) {
		struct item *item = &trial->items[i];
		bool seen = item->due;

		item->due = false;
		if (seen && as_wanted(trial, item)) {
			/* What was not answered was so when it was asked. */
			if (!item->since)
				item->since = item->events < 0 && trial->step->negated
						      ? begun
						      : clock_now();
			item->settled = true;
		} else if (seen) {
			item->settled = false;
			item->since = 0;
		}
		left += !item->settled;
	}
	return left;
}

/* Sleep until something has changed, or `until`. Items that have to be looked at are due then. */
static int await(struct trial *trial, int64_t until, struct error *err)
{
	bool last, told = look_of(trial)->watched != 0,
		   hold = trial->step->patience == PATIENCE_FOR;
	size_t count = told ? trial->count : 0; /* poll(2) takes no more than descriptors */
	struct pollfd *wait = arena_alloc(trial->arena, (count + 1) * sizeof(*wait));
	int64_t left = until - clock_now();
	struct timespec time = {left > 0 ? left / SECOND : 0, left > 0 ? left % SECOND : 0};

	for (size_t i = 0; i < count; i++)
		wait[i] = (struct pollfd){
			.fd = hold || !trial->items[i].settled ? trial->items[i].events : -1,
			.events = POLLIN};
	if (ppoll(wait, count, &time, NULL) < 0)
		return error_set(err, errno, "cannot wait for changes");
	last = clock_now() >= trial->deadline;
	for (size_t i = 0; i < trial->count; i++) {
		struct item *item = &trial->items[i];
		bool changed = told && wait[i].revents;

		if (changed)
			watch_drain(item->events);
		if (hold || !item->settled)
			item->due = !told || changed || last;
	}
	return 0;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* The pause after one of `pause`, for what tells nothing; else all the time there is. */
static int64_t longer(const struct trial *trial, int64_t pause)
{
	int64_t limit = least(PAUSE_MOST, PAUSE_FIRST + (int64_t)trial->count * PAUSE_ITEM);

	if (look_of(trial)->slow)
		limit = PAUSE_SLOW_MOST;
	return look_of(trial)->watched ? trial->deadline - trial->begun : least(2 * pause, limit);
}

/* Returns the verdict; a failure to look is an error. */
static enum verdict observe(struct trial *trial, struct error *err)
{
	bool hold = trial->step->patience == PATIENCE_FOR;
	int64_t pause = look_of(trial)->watched ? trial->deadline - trial->begun
			: look_of(trial)->slow	? PAUSE_SLOW
						: PAUSE_FIRST;
	int64_t patience = LOOK_FIRST, shortest = LOOK_FIRST;

	if (watch(trial, err) < 0)
		return VERDICT_HINDERED;
	for (;;) {
		int64_t begun = clock_now();
		int64_t until = begun + most(least(trial->deadline - begun, patience), shortest);
		size_t left;
		bool last;

		if (look_of(trial)->look(trial, until, err) < 0)
			return VERDICT_HINDERED;
		left = settle(trial, begun);
		last = clock_now() + MILLISECOND > trial->deadline; /* poll(2) counts in them */
		if (hold && left)
			return VERDICT_FAILED;
		if ((!hold && !left) || (hold && last))
			return VERDICT_HELD;
		if (last)
			return VERDICT_FAILED;
		if (await(trial, least(clock_now() + pause, trial->deadline), err) < 0)
			return VERDICT_HINDERED;
		pause = longer(trial, pause);
		patience = LOOK_MOST;
		/* Only who looks for silence has to listen for a while each time. */
		shortest = trial->step->negated ? LOOK_FIRST : LOOK_LEAST;
	}
}

/* What is not as wanted, one a line, and how many more there are. */
static const char *put_into_words(const struct trial *trial, struct arena *arena)
{
	const char *text = "";
	size_t shown = 0, more = 0;

	for (size_t i = 0; i < trial->count; i++) {
		const struct item *item = &trial->items[i];

		if (item->settled)
			continue;
		if (shown == ITEMS_SHOWN) {
			more++;
			continue;
		}
		shown++;
		text = arena_printf(arena, "%s%s%s: %s%s", text, *text ? "\n" : "",
				    item_title(item, arena),
				    item->why ? item->why : "it is so all the same",
				    shown <= ITEMS_EXPLAINED ? item_why(trial, item, arena) : "");
	}
	if (more)
		text = arena_printf(arena, "%s\nand so are %zu more", text, more);
	return text;
}

static int64_t became(const struct trial *trial)
{
	int64_t last = trial->begun;

	for (size_t i = 0; i < trial->count; i++)
		last = most(last, trial->items[i].since);
	return last - trial->begun;
}

static enum verdict attempt(struct trial *trial, struct error *err)
{
	const struct look *look = look_of(trial);

	if (look->act)
		return look->act(trial, err) < 0 ? VERDICT_HINDERED : VERDICT_HELD;
	return trial_list(trial, err) < 0 ? VERDICT_HINDERED : observe(trial, err);
}

void run_step(const struct run *run, const struct step *step, struct arena *arena,
	      struct outcome *outcome)
{
	AUTO_ARENA struct arena *scratch = arena_new();
	struct trial trial = {.run = run, .step = step, .arena = scratch, .begun = clock_now()};
	struct error err = {0};

	trial.deadline = trial.begun + step->time;
	outcome->verdict = attempt(&trial, &err);
	outcome->took = outcome->became = clock_now() - trial.begun;
	outcome->why = "";
	if (outcome->verdict == VERDICT_HELD && !look_of(&trial)->act)
		outcome->became = step->patience == PATIENCE_FOR ? 0 : became(&trial);
	if (outcome->verdict == VERDICT_FAILED)
		outcome->why = put_into_words(&trial, arena);
	if (outcome->verdict == VERDICT_HINDERED)
		outcome->why = arena_strdup(arena, err.text);
	trial_end(&trial);
}
