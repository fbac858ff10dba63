// SPDX-License-Identifier: MIT
// The one table of sentences that steps of tests are made of.
#include "topology/sentence.h"

#include "base/arena.h"

#define ONE(argument)                                                                              \
	{                                                                                          \
		NULL, ARGUMENT_##argument, false                                                   \
	}
#define WITH(word, argument)                                                                       \
	{                                                                                          \
		word, ARGUMENT_##argument, false                                                   \
	}
#define MAYBE(word, argument)                                                                      \
	{                                                                                          \
		word, ARGUMENT_##argument, true                                                    \
	}

const struct sentence sentences[SENTENCE_COUNT] = {
	[SENTENCE_PING] = {"ping", SOURCE_POLL, {ONE(NODES), ONE(TARGETS)}},
	[SENTENCE_TRACE] = {"trace", SOURCE_POLL, {ONE(NODES), ONE(TARGETS), WITH("via", WAY)}},
	[SENTENCE_TCP] = {"tcp", SOURCE_POLL, {ONE(NODES), ONE(SERVICE)}},
	[SENTENCE_UDP] = {"udp", SOURCE_POLL, {ONE(NODES), ONE(SERVICE)}},
	[SENTENCE_HTTP] = {"http", SOURCE_POLL, {ONE(NODES), ONE(URL), MAYBE("contains", TEXT)}},
	[SENTENCE_DNS] = {"dns",
			  SOURCE_POLL,
			  {ONE(NODES), ONE(NAME), WITH("is", ADDRESS), MAYBE("from", SERVER)}},
	[SENTENCE_MTU] = {"mtu", SOURCE_POLL, {ONE(NODES), ONE(TARGETS), ONE(BYTES)}},
	[SENTENCE_RTT] = {"rtt", SOURCE_POLL, {ONE(NODES), ONE(TARGETS), ONE(TIME_BOUND)}},
	[SENTENCE_LOSS] = {"loss", SOURCE_POLL, {ONE(NODES), ONE(TARGETS), ONE(PERCENT_BOUND)}},
	[SENTENCE_RATE] = {"rate", SOURCE_POLL, {ONE(NODES), ONE(TARGETS), ONE(RATE_BOUND)}},
	[SENTENCE_ROUTE] = {"route",
			    SOURCE_EVENTS,
			    {ONE(NODES), ONE(PREFIX), MAYBE("via", GATEWAY),
			     MAYBE("dev", INTERFACE), MAYBE("proto", PROTOCOL),
			     MAYBE("metric", METRIC)}},
	[SENTENCE_NEIGHBOUR] = {"neighbour",
				SOURCE_EVENTS,
				{ONE(NODES), ONE(TARGETS), MAYBE("dev", INTERFACE),
				 MAYBE("mac", MAC)}},
	[SENTENCE_ADDRESS] = {"address",
			      SOURCE_EVENTS,
			      {ONE(NODES), ONE(ADDRESS), MAYBE("dev", INTERFACE)}},
	[SENTENCE_INTERFACE] = {"interface",
				SOURCE_EVENTS,
				{ONE(NODES), ONE(INTERFACE), ONE(STATE)}},
	[SENTENCE_LISTENS] = {"listens", SOURCE_POLL, {ONE(NODES), ONE(PORT)}},
	[SENTENCE_RUN] = {"run",
			  SOURCE_POLL,
			  {ONE(NODES), ONE(COMMAND), MAYBE("exit", STATUS), MAYBE("prints", TEXT),
			   MAYBE("matches", REGEX)}},
	[SENTENCE_LINK] = {"link", SOURCE_ACTION, {ONE(LINK), ONE(CHANGE)}},
	[SENTENCE_STOP] = {"stop", SOURCE_ACTION, {ONE(NODES), MAYBE(NULL, DAEMON)}},
	[SENTENCE_START] = {"start", SOURCE_ACTION, {ONE(NODES), MAYBE(NULL, DAEMON)}},
	[SENTENCE_WAIT] = {"wait", SOURCE_ACTION, {ONE(TIME)}},
};

static const char *const titles[ARGUMENT_COUNT] = {
	[ARGUMENT_NODES] = "NODES",
	[ARGUMENT_TARGETS] = "TARGETS",
	[ARGUMENT_SERVICE] = "TARGETS:PORT",
	[ARGUMENT_PORT] = "PORT[/udp]",
	[ARGUMENT_WAY] = "NODE...",
	[ARGUMENT_GATEWAY] = "TARGET",
	[ARGUMENT_ADDRESS] = "ADDRESS",
	[ARGUMENT_PREFIX] = "PREFIX",
	[ARGUMENT_INTERFACE] = "INTERFACE",
	[ARGUMENT_STATE] = "up|down",
	[ARGUMENT_PROTOCOL] = "PROTOCOL",
	[ARGUMENT_METRIC] = "NUMBER",
	[ARGUMENT_MAC] = "MAC",
	[ARGUMENT_BYTES] = "BYTES",
	[ARGUMENT_TIME_BOUND] = "BOUND",
	[ARGUMENT_PERCENT_BOUND] = "BOUND",
	[ARGUMENT_RATE_BOUND] = "BOUND",
	[ARGUMENT_TIME] = "TIME",
	[ARGUMENT_URL] = "URL",
	[ARGUMENT_NAME] = "NAME",
	[ARGUMENT_SERVER] = "TARGET",
	[ARGUMENT_COMMAND] = "COMMAND",
	[ARGUMENT_STATUS] = "NUMBER",
	[ARGUMENT_TEXT] = "TEXT",
	[ARGUMENT_REGEX] = "REGEX",
	[ARGUMENT_LINK] = "LINK",
	[ARGUMENT_CHANGE] = "up|down|reset|KEY=VALUE...",
	[ARGUMENT_DAEMON] = "SERVICE",
};

const char *argument_title(enum argument argument)
{
	return titles[argument];
}

const char *sentence_usage(const struct sentence *sentence, struct arena *arena)
{
	const char *text = sentence->word;

	for (size_t i = 0; i < CLAUSES_MOST; i++) {
		const struct clause *clause = &sentence->clauses[i];

		if (!clause->argument)
			break;
		text = arena_printf(arena, "%s %s%s%s%s%s", text, clause->optional ? "[" : "",
				    clause->word ? clause->word : "", clause->word ? " " : "",
				    titles[clause->argument], clause->optional ? "]" : "");
	}
	return text;
}
