// SPDX-License-Identifier: MIT
// What sentences find out with probes: reach, way, ports, size, time, loss and rate.
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "kernel/process.h"
#include "kernel/reach.h"
#include "lab/lab.h"
#include "test/look.h"
#include "test/station.h"
#include "test/trial.h"
#include "topology/units.h"

/* Up to so many pings are sent again and again, for the instant in which they are answered. */
#define STREAMS_MOST 64
#define STREAM_EVERY 10000 /* microseconds; with many, each less often */
#define STREAMS_FULL 8
#define STREAM_TIME  (10 * SECOND)
/* More than that are sent in portions, and have time for it: what was not asked is not silent. */
#define PING_TIME MILLISECOND

#define RTT_COUNT  10
#define LOSS_COUNT 100
#define EVERY	   10000 /* microseconds */

/* The probes of one look, and what they stand on. */
struct probes {
	struct trial *trial;
	struct arena *arena;
	struct reach *list;
	struct item **items; /* by probe */
	size_t count;
	int *networks; /* by node->number - 1: a pidfd of its process; -1: not opened */
};

static void close_networks(const struct probes *probes)
{
	for (size_t i = 0; i < probes->trial->run->topology->node_count; i++)
		if (probes->networks[i] >= 0)
			close(probes->networks[i]);
}

static int network(const struct probes *probes, const struct node *node, struct error *err)
{
	int *fd = &probes->networks[node->number - 1];

	if (*fd < 0)
		*fd = process_open(&probes->trial->run->nodes[node->number - 1].process);
	if (*fd == -ESRCH)
		error_set(err, ESRCH, "cannot enter node %s: its first process is gone",
			  node->name);
	else if (*fd < 0)
		error_set(err, -*fd, "cannot enter node %s", node->name);
	return *fd;
}

/* The node that has the address, where none was named. */
static const struct node *far_node(const struct trial *trial, const struct item *item)
{
	const struct topology *topology = trial->run->topology;

	for (size_t i = 0; !item->to && i < topology->node_count; i++)
		if (node_has_address(&topology->nodes[i], &item->address))
			return &topology->nodes[i];
	return item->to;
}

/* A probe for each item that is due. */
static int gather(struct probes *probes, const struct reach *pattern, struct error *err)
{
	struct trial *trial = probes->trial;
	size_t nodes = trial->run->topology->node_count;

	reach_descriptors();
	probes->list = arena_alloc(probes->arena, (trial->count + 1) * sizeof(*probes->list));
	probes->items = arena_alloc(probes->arena, (trial->count + 1) * sizeof(struct item *));
	probes->networks = arena_alloc(probes->arena, (nodes + 1) * sizeof(*probes->networks));
	memset(probes->networks, -1, nodes * sizeof(*probes->networks));
	for (size_t i = 0; i < trial->count; i++) {
		struct item *item = &trial->items[i];
		const struct node *far = item->due ? far_node(trial, item) : NULL;
		struct reach *reach = &probes->list[probes->count];

		if (!item->due)
			continue;
		*reach = *pattern;
		reach->to = item->address;
		reach->netns = network(probes, item->from, err);
		reach->far_netns = far ? network(probes, far, err) : -1;
		if (reach->netns < 0 || (far && reach->far_netns < 0))
			return -1;
		probes->items[probes->count++] = item;
	}
	return 0;
}

/* What is found out of one probe goes to its item. */
typedef void (*judge_fn)(const struct probes *probes, const struct reach *reach, struct item *item);

/* Probe all that is due, as the pattern says, and judge it. */
static int probe(struct trial *trial, const struct reach *pattern, int64_t until, judge_fn judge,
		 struct error *err)
{
	AUTO_ARENA struct arena *arena = arena_new();
	struct probes probes = {.trial = trial, .arena = arena};
	int failed = gather(&probes, pattern, err);
	int64_t time = (until - clock_now()) / MILLISECOND + 1;

	if (!failed && probes.count)
		failed = reach_all(probes.list, probes.count, time > 1 ? (int)time : 1, arena, err);
	for (size_t i = 0; i < probes.count && failed >= 0; i++)
		judge(&probes, &probes.list[i], probes.items[i]);
	close_networks(&probes);
	return failed;
}

static void judge_answer(const struct probes *probes, const struct reach *reach, struct item *item)
{
	item->is = reach->state == REACH_ANSWERED;
	item->since = (int64_t)reach->answered;
	item_say(item, "%s", reach_words(reach, probes->arena));
}

static size_t due(const struct trial *trial)
{
	size_t count = 0;

	for (size_t i = 0; i < trial->count; i++)
		count += trial->items[i].due;
	return count;
}

/*
 * A few pairs are pinged again and again until they answer: so it is known when they did, and an
 * error does not end it. Of many, those that are not settled are looked at again before long. What
 * has to hold for a time is asked once each time, and no loss is forgiven.
 */
int look_ping(struct trial *trial, int64_t until, struct error *err)
{
	struct reach pattern = {.kind = REACH_PING};
	bool hold = trial->step->patience == PATIENCE_FOR, negated = trial->step->negated;
	int64_t now = clock_now();
	size_t count = due(trial);

	if (!negated && !hold && count <= STREAMS_MOST)
		until = until > trial->deadline ? until : trial->deadline;
	else if ((negated || hold) && count > STREAMS_MOST)
		until += (int64_t)count * PING_TIME;
	if (count <= STREAMS_MOST && hold && !negated) {
		pattern.count = 1;
	} else if (count <= STREAMS_MOST) {
		until = until < now + STREAM_TIME ? until : now + STREAM_TIME;
		pattern.once = true;
		pattern.interval = STREAM_EVERY * (uint32_t)(1 + count / STREAMS_FULL);
		pattern.count = 1 + (uint32_t)((until - now) / 1000 / pattern.interval);
	}
	return probe(trial, &pattern, until, judge_answer, err);
}

int look_port(struct trial *trial, int64_t until, struct error *err)
{
	struct reach pattern = {.kind = REACH_TCP, .port = trial->step->port};

	if (trial->step->sentence == &sentences[SENTENCE_UDP])
		pattern.kind = REACH_UDP;
	return probe(trial, &pattern, until, judge_answer, err);
}

static const char *hop_text(const struct probes *probes, const struct reach_hop *hop)
{
	const struct topology *topology = probes->trial->run->topology;
	char text[ADDRESS_TEXT_SIZE];

	if (!hop->from.family)
		return "?";
	for (size_t i = 0; i < topology->node_count; i++)
		if (node_has_address(&topology->nodes[i], &hop->from))
			return topology->nodes[i].name;
	return arena_strdup(probes->arena, address_text(&hop->from, true, text));
}

/* By way of exactly these, and then to the end. */
static void judge_way(const struct probes *probes, const struct reach *reach, struct item *item)
{
	const struct step *step = probes->trial->step;
	const char *text = "";

	item->is = reach->state == REACH_ANSWERED && reach->hop_count == step->way_count + 1;
	for (size_t i = 0; i < reach->hop_count; i++) {
		const struct reach_hop *hop = &reach->hops[i];

		text = arena_printf(probes->arena, "%s%s%s", text, i ? ", " : "",
				    hop_text(probes, hop));
		if (i < step->way_count &&
		    (!hop->from.family || !node_has_address(step->way[i], &hop->from)))
			item->is = false;
	}
	if (reach->state == REACH_ANSWERED)
		item_say(item, "the way is %s", text);
	else if (*text)
		item_say(item, "%s, after %s", reach_words(reach, probes->arena), text);
	else
		item_say(item, "%s", reach_words(reach, probes->arena));
}

int look_trace(struct trial *trial, int64_t until, struct error *err)
{
	const struct reach pattern = {.kind = REACH_TRACE};

	return probe(trial, &pattern, until, judge_way, err);
}

static bool within_bound(const struct bound *bound, int64_t value)
{
	int64_t off = value > bound->value ? value - bound->value : bound->value - value;

	if (bound->kind != BOUND_ABOUT)
		return bound->kind == BOUND_BELOW ? value < bound->value : value > bound->value;
	return (__int128)off * UINT32_MAX <= (__int128)bound->value * bound->tolerance;
}

static void judge_time(const struct probes *probes, const struct reach *reach, struct item *item)
{
	char text[UNIT_TEXT_SIZE];

	item->is = reach->received &&
		   within_bound(&probes->trial->step->bound, (int64_t)reach->rtt_avg);
	if (reach->received)
		item_say(item, "it takes %s",
			 time_text((int64_t)reach->rtt_avg / 1000 * 1000, text));
	else
		item_say(item, "%s", reach_words(reach, probes->arena));
}

int look_rtt(struct trial *trial, int64_t until, struct error *err)
{
	const struct reach pattern = {.kind = REACH_PING, .count = RTT_COUNT, .interval = EVERY};

	return probe(trial, &pattern, until + SECOND, judge_time, err);
}

static void judge_loss(const struct probes *probes, const struct reach *reach, struct item *item)
{
	uint32_t lost = reach->sent - reach->received;
	uint32_t part =
		reach->sent ? (uint32_t)((uint64_t)UINT32_MAX * lost / reach->sent) : UINT32_MAX;

	item->is = within_bound(&probes->trial->step->bound, part);
	item_say(item, "%u of %u were lost", lost, reach->sent);
}

int look_loss(struct trial *trial, int64_t until, struct error *err)
{
	const struct reach pattern = {.kind = REACH_PING, .count = LOSS_COUNT, .interval = EVERY};

	return probe(trial, &pattern, until + 2 * SECOND, judge_loss, err);
}

static void judge_size(const struct probes *probes, const struct reach *reach, struct item *item)
{
	item->is = reach->state == REACH_ANSWERED;
	if (!item->is)
		item_say(item, "%u bytes do not pass: %s", reach->size,
			 reach_words(reach, probes->arena));
}

/* Now one that passes is one too many. */
static void judge_excess(const struct probes *probes, const struct reach *reach, struct item *item)
{
	(void)probes;
	item->is = reach->state != REACH_ANSWERED;
	if (!item->is)
		item_say(item, "%u bytes pass too", reach->size);
}

/* So many bytes pass whole, and not one more: that is found out where the first is so. */
int look_mtu(struct trial *trial, int64_t until, struct error *err)
{
	struct reach pattern = {.kind = REACH_PING, .size = trial->step->bytes, .whole = true};
	AUTO_ARENA struct arena *arena = arena_new();
	bool *was_due = arena_alloc(arena, trial->count + 1);
	int failed = probe(trial, &pattern, until, judge_size, err);

	for (size_t i = 0; i < trial->count; i++) {
		was_due[i] = trial->items[i].due;
		trial->items[i].due = was_due[i] && trial->items[i].is;
	}
	pattern.size++;
	if (failed >= 0 && pattern.size <= UINT16_MAX)
		failed = probe(trial, &pattern, clock_now() + SECOND, judge_excess, err);
	for (size_t i = 0; i < trial->count; i++)
		trial->items[i].due = was_due[i];
	return failed;
}

static void judge_rate(const struct probes *probes, const struct reach *reach, struct item *item)
{
	char text[UNIT_TEXT_SIZE];

	item->is = reach->state == REACH_ANSWERED &&
		   within_bound(&probes->trial->step->bound, (int64_t)reach->bits_per_second);
	if (reach->state == REACH_ANSWERED)
		item_say(item, "%s were transferred in a second",
			 rate_text(reach->bits_per_second / 8000 * 1000, text));
	else
		item_say(item, "%s", reach_words(reach, probes->arena));
}

/* One after the other: side by side they would share what there is. */
int look_rate(struct trial *trial, int64_t until, struct error *err)
{
	const struct reach pattern = {.kind = REACH_RATE};
	AUTO_ARENA struct arena *arena = arena_new();
	bool *was_due = arena_alloc(arena, trial->count + 1);
	int failed = 0;

	for (size_t i = 0; i < trial->count; i++) {
		struct item *item = &trial->items[i];

		was_due[i] = item->due;
		item->due = false;
		if (was_due[i] && !far_node(trial, item))
			return error_set(err, 0, "no node has that address: who would receive?");
	}
	for (size_t i = 0; i < trial->count && failed >= 0; i++) {
		trial->items[i].due = was_due[i];
		if (was_due[i])
			failed = probe(trial, &pattern, until + SECOND, judge_rate, err);
		trial->items[i].due = false;
		until = clock_now() + SECOND;
	}
	for (size_t i = 0; i < trial->count; i++)
		trial->items[i].due = was_due[i];
	return failed;
}
