// SPDX-License-Identifier: MIT
// The table of what sentences look at.
#include "test/look.h"

#include "kernel/watch.h"

const struct look looks[SENTENCE_COUNT] = {
	[SENTENCE_PING] = {.look = look_ping, .pairs = true},
	[SENTENCE_TRACE] = {.look = look_trace, .pairs = true, .slow = true},
	[SENTENCE_TCP] = {.look = look_port, .pairs = true},
	[SENTENCE_UDP] = {.look = look_port, .pairs = true},
	[SENTENCE_MTU] = {.look = look_mtu, .pairs = true},
	[SENTENCE_RTT] = {.look = look_rtt, .pairs = true},
	[SENTENCE_LOSS] = {.look = look_loss, .pairs = true},
	[SENTENCE_RATE] = {.look = look_rate, .pairs = true},
	[SENTENCE_HTTP] = {.look = look_http},
	[SENTENCE_DNS] = {.look = look_dns},
	[SENTENCE_ROUTE] = {.look = look_route, .watched = WATCH_ROUTES | WATCH_LINKS},
	[SENTENCE_NEIGHBOUR] = {.look = look_neighbour, .watched = WATCH_NEIGHBOURS | WATCH_LINKS},
	[SENTENCE_ADDRESS] = {.look = look_address, .watched = WATCH_ADDRESSES | WATCH_LINKS},
	[SENTENCE_INTERFACE] = {.look = look_interface, .watched = WATCH_LINKS},
	[SENTENCE_LISTENS] = {.look = look_listens},
	[SENTENCE_RUN] = {.look = look_run},
	[SENTENCE_LINK] = {.act = act_link},
	[SENTENCE_STOP] = {.act = act_stop},
	[SENTENCE_START] = {.act = act_start},
	[SENTENCE_WAIT] = {.act = act_wait},
};
