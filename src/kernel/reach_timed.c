// SPDX-License-Identifier: MIT
// Pings whose packets have their times: many at an interval, and the rising hop limits of a trace.
#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/error.h"
#include "kernel/reach_echo.h"

#define MILLISECOND    UINT64_C(1000000)
#define USUAL_INTERVAL 10000 /* us */
#define WAVE	       8     /* hops of a trace that are asked at once */
#define WAVE_WAIT      (250 * MILLISECOND)
#define WAVE_TRIES     3
#define LAST_WAIT      (1000 * MILLISECOND) /* for what is late, once all is sent */

/* A probe under way. */
struct task {
	struct reach *reach;
	uint32_t first, count; /* its packets */
	uint32_t sent;	       /* so many of them */
	uint32_t heard;
	uint64_t due; /* when something is to be done next */
	bool done;
	/* Of a trace. */
	uint32_t end;	  /* hops before the wave's end */
	uint32_t reached; /* the hop that ends it; 0: not known */
	unsigned tries;
};

struct timed {
	struct reach_run *run;
	struct echo echo;
	struct task *tasks; /* by number of the probe */
	uint32_t *sending;
	size_t sending_count;
	bool news; /* something was heard, which may make another step possible */
};

static void send_later(struct timed *timed, uint32_t packet)
{
	timed->sending[timed->sending_count++] = packet;
}

/* --- pings that are counted ------------------------------------------------------------------- */

static void count_reply(struct task *task, const struct echo_event *event)
{
	struct reach *reach = task->reach;

	if (event->state != REACH_ANSWERED) {
		if (!reach->received)
			echo_settle(reach, event);
		return;
	}
	if (!reach->received || event->rtt < reach->rtt_min)
		reach->rtt_min = event->rtt;
	if (!reach->received || event->rtt > reach->rtt_max)
		reach->rtt_max = event->rtt;
	if (!reach->received)
		reach->answered = reach_now() - event->rtt;
	reach->received++;
	/* The sum, until the end. */
	reach->rtt_avg = reach->received == 1 ? event->rtt : reach->rtt_avg + event->rtt;
	reach->state = REACH_ANSWERED;
}

static void step_count(struct timed *timed, struct task *task, uint64_t now)
{
	uint64_t interval = task->reach->interval ? task->reach->interval : USUAL_INTERVAL; /* us */

	if ((task->reach->once && task->reach->received) || task->heard == task->count ||
	    (task->sent == task->count && now >= task->due)) {
		task->done = true;
		return;
	}
	if (now < task->due || task->sent == task->count)
		return;
	send_later(timed, task->first + task->sent++);
	task->reach->sent = task->sent;
	task->due = task->sent == task->count ? now + LAST_WAIT + 4 * task->reach->rtt_max
					      : task->due + interval * 1000U;
}

/* --- traces ----------------------------------------------------------------------------------- */

static void note_hop(struct task *task, uint32_t hop, const struct echo_event *event)
{
	bool time_exceeded = event->state == REACH_ICMP &&
			     event->type == (task->reach->to.family == AF_INET ? 11 : 3);
	struct reach_hop *place = &task->reach->hops[hop - 1];

	place->from = event->from;
	place->rtt = event->rtt;
	if (time_exceeded || (task->reached && task->reached <= hop))
		return;
	task->reached = hop;
	echo_settle(task->reach, event);
}

static uint32_t wave_first(const struct task *task)
{
	return task->end ? task->end - WAVE : 0;
}

static uint32_t wave_last(const struct task *task)
{
	return task->reached && task->reached < task->end ? task->reached : task->end;
}

static bool wave_is_heard(const struct timed *timed, const struct task *task)
{
	for (uint32_t i = wave_first(task); i < wave_last(task); i++)
		if (!timed->echo.packets[task->first + i].heard)
			return false;
	return true;
}

static void step_trace(struct timed *timed, struct task *task, uint64_t now)
{
	bool whole = wave_is_heard(timed, task);

	if (task->reach->state == REACH_LOCAL || (task->end && whole && task->reached)) {
		task->done = true;
		return;
	}
	if (!whole && now < task->due)
		return;
	if (whole || task->tries >= WAVE_TRIES) { /* on to the next hops */
		task->done = task->reached || task->end == task->count;
		task->end += task->done ? 0 : WAVE;
		task->tries = 0;
	}
	for (uint32_t i = wave_first(task); i < wave_last(task) && !task->done; i++)
		if (!timed->echo.packets[task->first + i].heard)
			send_later(timed, task->first + i);
	task->tries++;
	task->due = now + WAVE_WAIT * task->tries;
}

static void end_task(struct task *task)
{
	struct reach *reach = task->reach;

	if (reach->kind != REACH_TRACE) {
		reach->rtt_avg = reach->received ? reach->rtt_avg / reach->received : 0;
		return;
	}
	reach->hop_count = task->reached ? task->reached : REACH_HOPS;
	while (!task->reached && reach->hop_count &&
	       reach->hops[reach->hop_count - 1].from.family == AF_UNSPEC)
		reach->hop_count--;
}

/* --- all of them ------------------------------------------------------------------------------ */

static void heard(void *data, uint32_t packet, const struct echo_event *event)
{
	struct timed *timed = data;
	struct task *task = &timed->tasks[timed->echo.packets[packet].reach];

	timed->news = true;
	task->heard++;
	if (task->reach->kind != REACH_TRACE)
		count_reply(task, event);
	else if (event->state == REACH_LOCAL)
		echo_settle(task->reach, event);
	else
		note_hop(task, packet - task->first + 1, event);
}

/* What is due is sent. Returns when to look again; 0: all are done. */
static uint64_t step_all(struct timed *timed)
{
	uint64_t now = reach_now(), next = 0;

	timed->sending_count = 0;
	timed->news = false;
	for (size_t i = 0; i < timed->run->count; i++) {
		struct task *task = &timed->tasks[i];

		if (task->done)
			continue;
		if (task->reach->kind == REACH_TRACE)
			step_trace(timed, task, now);
		else
			step_count(timed, task, now);
		if (!task->done && (!next || task->due < next))
			next = task->due;
	}
	echo_send(&timed->echo, timed->sending, timed->sending_count);
	return timed->news && next ? now : next;
}

static uint32_t plan(struct timed *timed)
{
	struct reach_run *run = timed->run;
	uint32_t packets = 0;

	timed->tasks = arena_alloc(run->arena, (run->count + 1) * sizeof(*timed->tasks));
	for (size_t i = 0; i < run->count; i++) {
		struct reach *reach = run->list[i];
		struct task *task = &timed->tasks[i];

		*task = (struct task){.reach = reach, .first = packets, .count = reach->count};
		if (reach->kind == REACH_TRACE) {
			task->count = REACH_HOPS;
			reach->hops = arena_alloc(run->arena, REACH_HOPS * sizeof(*reach->hops));
		}
		task->due = reach_now();
		packets += task->count;
	}
	timed->sending = arena_alloc(run->arena, (packets + 1) * sizeof(*timed->sending));
	return packets;
}

static void number_packets(struct timed *timed)
{
	for (size_t i = 0; i < timed->run->count; i++) {
		const struct task *task = &timed->tasks[i];
		bool trace = task->reach->kind == REACH_TRACE;

		for (uint32_t k = 0; k < task->count; k++)
			timed->echo.packets[task->first + k] = (struct echo_packet){
				.reach = (uint32_t)i,
				.hop_limit = trace ? (uint8_t)(k + 1) : HOP_LIMIT};
	}
}

int reach_timed(struct reach_run *run, struct error *err)
{
	struct timed timed = {.run = run, .echo = {.heard = heard}};
	uint32_t packets = plan(&timed);
	int failed = echo_open(&timed.echo, run, packets, err);
	uint64_t next;

	timed.echo.data = &timed;
	if (!failed)
		number_packets(&timed);
	while (!failed && reach_until(run->end) && (next = step_all(&timed)))
		echo_hear(&timed.echo, reach_until(next < run->end ? next : run->end));
	for (size_t i = 0; i < run->count && !failed; i++)
		end_task(&timed.tasks[i]);
	echo_close(&timed.echo);
	return failed;
}
