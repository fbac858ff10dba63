// SPDX-License-Identifier: MIT
// BGP sessions compared at both ends: why one is not up, and what one that is up keeps back.
#include <string.h>

#include "base/arena.h"
#include "kernel/tcp_counter.h"
#include "lab/consult_run.h"
#include "topology/values.h"

const struct consult_record *consult_record_towards(const struct consulting *consulting,
						    const struct speaker *from,
						    const struct path_node *to)
{
	struct path_place owner;
	struct address address;

	for (size_t i = 0; i < from->count; i++)
		if (!value_address(from->list[i].name, ADDRESS_BARE, &address) &&
		    path_owners(consulting->path, &address, &owner, 1) && owner.node == to)
			return &from->list[i];
	return NULL;
}

/* Fields of those that speak BGP. */
enum {
	REMOTE_AS,
	LOCAL_AS,
	STATE,
	LAST_RESET,
	POLICY_IN,
	POLICY_OUT,
	NOTHING_TAKEN,
	FILTER_IN,
	MAP_IN,
	FILTER_OUT,
	MAP_OUT
};

static bool is_up(const struct consult_record *record)
{
	const char *state = record->values[STATE];

	return state && (!strcmp(state, "Established") || !strcmp(state, "UP"));
}

bool consult_is_session(const struct consulting *consulting, const struct speaker *from,
			const struct path_node *to)
{
	const struct consult_record *record = consult_record_towards(consulting, from, to);

	return record && is_up(record);
}

static const char *text_of(const char *value)
{
	return value ? value : "?";
}

/* RFC 8212: without a policy nothing is taken from another AS, or told to it. */
static void judge_policy(struct consulting *consulting, const struct speaker *speaker,
			 const struct consult_record *record)
{
	static const struct {
		size_t field;
		const char *words;
	} ways[] = {{POLICY_IN, "takes nothing from"}, {POLICY_OUT, "tells nothing to"}};

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (record->values[ways[i].field] && !strcmp(record->values[ways[i].field], "yes"))
			consult_add(consulting, speaker->node, speaker->node,
				    arena_printf(consulting->path->arena,
						 "%s %s its BGP neighbour %s, as it has no policy "
						 "for it (bgp ebgp-requires-policy)",
						 speaker->node->file->name, ways[i].words,
						 record->name));
}

static bool is_open(const char *filter)
{
	return !filter || !strcmp(filter, "ACCEPT"); /* as BIRD says it */
}

const char *consult_filter_in(const struct consult_record *record)
{
	if (!is_up(record))
		return NULL;
	return is_open(record->values[FILTER_IN]) ? record->values[MAP_IN]
						  : record->values[FILTER_IN];
}

/* One that is up and tells nothing: by the filter of which end? */
static void judge_nothing(struct consulting *consulting, const struct speaker *speaker,
			  const struct consult_record *record, const struct speaker *far,
			  const struct consult_record *other)
{
	struct arena *arena = consulting->path->arena;
	const char *name = speaker->node->file->name, *far_name = far->node->file->name;
	const char *in = consult_filter_in(record);
	const char *out = !other			       ? NULL
			  : is_open(other->values[FILTER_OUT]) ? other->values[MAP_OUT]
							       : other->values[FILTER_OUT];

	if (!record->values[NOTHING_TAKEN] || strcmp(record->values[NOTHING_TAKEN], "yes") != 0)
		return;
	if (in)
		consult_add(consulting, speaker->node, far->node,
			    arena_printf(arena,
					 "%s takes no prefix of its BGP neighbour %s, and filters "
					 "what comes in (%s)",
					 name, far_name, in));
	else
		consult_add(consulting, far->node, speaker->node,
			    arena_printf(arena,
					 "%s tells its BGP neighbour %s of no prefix that this "
					 "takes%s%s%s",
					 far_name, name, out ? ", and filters what goes out (" : "",
					 out ? out : "", out ? ")" : ""))
			->weak = true;
}

/* What the kernel counts of segments whose signature (RFC 2385) is not as the node has it. */
static const char *signatures(struct consulting *consulting, struct path_node *node)
{
	static const struct {
		const char *counter, *words;
	} rows[] = {
		{"TCPMD5Failure", "with another password than its own"},
		{"TCPMD5NotFound", "without a password, and wants one"},
		{"TCPMD5Unexpected", "with a password, and has none"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (path_enter(consulting->path, node) && tcp_counter(rows[i].counter) > 0)
			return arena_printf(consulting->path->arena, "; %s gets segments %s",
					    node->file->name, rows[i].words);
	return "";
}

/* One that is configured at `speaker` and has not come up. */
void consult_session(struct consulting *consulting, const struct speaker *speaker,
		     const struct consult_record *record)
{
	struct path *path = consulting->path;
	const char *name = speaker->node->file->name, *state = text_of(record->values[STATE]);
	const struct consult_record *other;
	struct path_place owner;
	struct address address;
	const struct speaker *far;

	if (is_up(record)) {
		judge_policy(consulting, speaker, record);
		if (!value_address(record->name, ADDRESS_BARE, &address) &&
		    path_owners(path, &address, &owner, 1)) {
			far = &consulting->speakers[owner.node->file->number - 1];
			if (far->runs)
				judge_nothing(
					consulting, speaker, record, far,
					consult_record_towards(consulting, far, speaker->node));
		}
		return;
	}
	if (value_address(record->name, ADDRESS_BARE, &address))
		return;
	if (!path_owners(path, &address, &owner, 1)) {
		consult_add(consulting, speaker->node, speaker->node,
			    arena_printf(path->arena,
					 "%s has the BGP neighbour %s, which no node is", name,
					 record->name));
		return;
	}
	far = &consulting->speakers[owner.node->file->number - 1];
	other = far->runs ? consult_record_towards(consulting, far, speaker->node) : NULL;
	if (!far->runs || !other) {
		consult_add(consulting, owner.node, speaker->node,
			    arena_printf(path->arena, "%s has the BGP neighbour %s (%s), %s", name,
					 owner.node->file->name, record->name,
					 far->runs ? "which does not know it as one"
						   : "where no BGP daemon runs"));
	} else if (strcmp(text_of(record->values[REMOTE_AS]), text_of(other->values[LOCAL_AS])) !=
		   0) {
		consult_add(
			consulting, speaker->node, owner.node,
			arena_printf(
				path->arena,
				"%s and %s are no BGP neighbours: %s takes %s for AS %s, which is "
				"AS %s",
				name, owner.node->file->name, name, owner.node->file->name,
				text_of(record->values[REMOTE_AS]),
				text_of(other->values[LOCAL_AS])));
	} else if (!strcmp(text_of(record->values[LOCAL_AS]), text_of(other->values[REMOTE_AS]))) {
		consult_add(consulting, speaker->node, owner.node,
			    arena_printf(path->arena,
					 "%s and %s are no BGP neighbours: state %s, last reset "
					 "%s%s%s%s",
					 name, owner.node->file->name, state,
					 text_of(record->values[LAST_RESET]),
					 signatures(consulting, speaker->node),
					 signatures(consulting, owner.node),
					 consult_filters(consulting, speaker->node, owner.node)));
	}
}
