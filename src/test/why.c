// SPDX-License-Identifier: MIT
// Why packets of an item do not get on: the explanation of the pair, as lines of the report.
#include "test/why.h"

#include <sys/socket.h>

#include "base/arena.h"
#include "base/error.h"
#include "lab/explain.h"
#include "test/trial.h"

/* What is explained as which packet; all else says enough by itself. */
static const struct {
	enum sentence_kind sentence;
	enum reach_kind packet;
} rows[] = {
	{SENTENCE_PING, REACH_PING}, {SENTENCE_TRACE, REACH_PING}, {SENTENCE_MTU, REACH_PING},
	{SENTENCE_RTT, REACH_PING},  {SENTENCE_LOSS, REACH_PING},  {SENTENCE_RATE, REACH_PING},
	{SENTENCE_TCP, REACH_TCP},   {SENTENCE_UDP, REACH_UDP},
};

static bool packet_of(const struct step *step, enum reach_kind *kind)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (step->sentence == &sentences[rows[i].sentence]) {
			*kind = rows[i].packet;
			return true;
		}
	return false;
}

const char *item_why(const struct trial *trial, const struct item *item, struct arena *arena)
{
	const struct step *step = trial->step;
	char to[ADDRESS_TEXT_SIZE];
	struct explain_request request = {
		.lab = trial->run->lab,
		.topology = trial->run->topology,
		.from = item->from->name,
		.to = address_text(&item->address, true, to),
		.family = item->address.family,
		.port = step->port,
		.size = step->bytes,
	};
	struct explanation explanation;
	const char *text = "", **lines;
	struct error err;
	size_t count;

	if (step->negated || item->address.family == AF_UNSPEC || !packet_of(step, &request.kind) ||
	    explain(&request, arena, &explanation, &err) < 0 || explanation.works)
		return "";
	lines = explain_lines(&explanation, arena, &count);
	for (size_t i = 0; i < count; i++)
		text = arena_printf(arena, "%s\n  %s", text, lines[i]);
	return text;
}
