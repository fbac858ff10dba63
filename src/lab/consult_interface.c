// SPDX-License-Identifier: MIT
// Routing daemons compared at both ends of a segment: what differs where they are no neighbours.
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "lab/consult_run.h"
#include "topology/values.h"

enum {
	PASSIVE, /* the first field of those that have it */
	BAD,	 /* the second, of those that count what they throw away */
};

/* FRR's words and BIRD's for the same. */
static const char *const same[][2] = {
	{"POINTOPOINT", "ptp"},
	{"POINTOMULTIPOINT", "ptmp"},
	{"NBMA", "nbma"},
};

static bool are_same(const char *a, const char *b)
{
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		if ((!strcasecmp(a, same[i][0]) && !strcasecmp(b, same[i][1])) ||
		    (!strcasecmp(a, same[i][1]) && !strcasecmp(b, same[i][0])))
			return true;
	return !strcasecmp(a, b);
}

/* Do both tell it, and differently, where it has to be the same? */
static bool differs(const struct consulting *consulting, const struct consult_record *a,
		    const struct consult_record *b, size_t field)
{
	return a->values[field] && b->values[field] && !consulting->row->fields[field].unique &&
	       !are_same(a->values[field], b->values[field]);
}

static bool is_flag(const struct consulting *consulting, size_t field)
{
	return !consulting->row->fields[field].ends;
}

static bool is_passive(const struct consult_record *record)
{
	return record->values[PASSIVE] && !strcmp(record->values[PASSIVE], "yes");
}

/* The differing values of both, in words; NULL where there are none. */
static const char *differences(const struct consulting *consulting, const struct consult_record *a,
			       const char *a_title, const struct consult_record *b,
			       const char *b_title)
{
	struct arena *arena = consulting->path->arena;
	const char *text = NULL;

	for (size_t i = 0; i < FIELDS_MOST && consulting->row->fields[i].name; i++) {
		const struct consult_field *field = &consulting->row->fields[i];

		if (!differs(consulting, a, b, i))
			continue;
		if (is_flag(consulting, i) && i == PASSIVE) {
			text = arena_printf(arena, "%s is passive",
					    is_passive(a) ? a_title : b_title);
			continue;
		}
		text = arena_printf(arena, "%s%s%s is %s at %s and %s at %s", text ? text : "",
				    text ? "; " : "", field->name, a->values[i], a_title,
				    b->values[i], b_title);
	}
	return text;
}

/* How many records of all speakers share the value: the rarer one is rather the mistake. */
static size_t popularity(const struct consulting *consulting, size_t field, const char *value)
{
	size_t count = 0;

	for (size_t i = 0; i < consulting->path->count; i++)
		for (size_t k = 0; k < consulting->speakers[i].count; k++) {
			const char *other = consulting->speakers[i].list[k].values[field];

			count += other && value && are_same(other, value);
		}
	return count;
}

/* Is it rather b's fault than a's? */
static bool is_rather_second(const struct consulting *consulting, const struct consult_record *a,
			     const struct consult_record *b)
{
	for (size_t i = 0; i < FIELDS_MOST && consulting->row->fields[i].name; i++) {
		if (!differs(consulting, a, b, i))
			continue;
		if (i == PASSIVE && is_flag(consulting, i)) /* who is, it is */
			return is_passive(b);
		return popularity(consulting, i, b->values[i]) <
		       popularity(consulting, i, a->values[i]);
	}
	return false;
}

/* Both have neighbours, as far as they tell. */
static bool are_joined(const struct consult_record *a, const struct consult_record *b)
{
	return a->neighbours && b->neighbours && (a->neighbours > 0 || b->neighbours > 0);
}

/* The two ends of a segment, and what their daemons say of them. */
struct pair {
	const struct interface *ends[2];
	const struct speaker *speakers[2];
	const struct consult_record *records[2];
	const char *titles[2];
};

static void judge_silent_end(struct consulting *consulting, const struct pair *pair)
{
	size_t silent = pair->records[0] ? 1 : 0;
	struct path_node *node = path_node_of(consulting->path, pair->ends[silent]->node);
	bool elsewhere = pair->speakers[silent]->runs;

	/* Hosts on a LAN speak no protocol, and need not. */
	if (!pair->records[!silent] || is_passive(pair->records[!silent]) ||
	    (!elsewhere && !node->file->forward))
		return;
	consult_add(consulting, node, pair->speakers[!silent]->node,
		    arena_printf(consulting->path->arena, "%s does not speak %s on %s, as %s does",
				 elsewhere ? pair->titles[silent] : node->file->name,
				 consulting->row->protocol, pair->ends[0]->segment->name,
				 pair->titles[!silent]))
		->weak = !elsewhere;
}

/* Some things have to be the same though neighbours do not insist on it, such as a network type. */
static void judge_joined(struct consulting *consulting, const struct pair *pair)
{
	const char *text = differences(consulting, pair->records[0], pair->titles[0],
				       pair->records[1], pair->titles[1]);
	size_t guilty = is_rather_second(consulting, pair->records[0], pair->records[1]);

	if (text)
		consult_add(consulting, pair->speakers[guilty]->node, pair->speakers[!guilty]->node,
			    arena_printf(consulting->path->arena,
					 "%s and %s are %s neighbours on %s, but %s",
					 pair->ends[0]->node->name, pair->ends[1]->node->name,
					 consulting->row->protocol, pair->ends[0]->segment->name,
					 text))
			->weak = true;
}

/* The first address of IPv4 at that end, as the kernel has it. */
static const struct address *address_at(const struct consulting *consulting,
					const struct interface *end)
{
	const struct path_node *node = path_node_of(consulting->path, end->node);
	const struct observed_interface *view = path_interface(node, end->index);

	for (size_t i = 0; view && i < view->address_count; i++)
		if (view->addresses[i].family == AF_INET)
			return &view->addresses[i];
	return NULL;
}

/*
 * Their addresses, where each end takes the network for another one: daemons heed that, but not all
 * tell of it. Over IPv6 they speak from link-local addresses; two of /32 need no common network.
 */
static const char *other_networks(const struct consulting *consulting, const struct pair *pair)
{
	const struct address *a = address_at(consulting, pair->ends[0]);
	const struct address *b = address_at(consulting, pair->ends[1]);
	char a_text[ADDRESS_TEXT_SIZE], b_text[ADDRESS_TEXT_SIZE];

	if (consulting->row->family == AF_INET6 || !a || !b ||
	    (a->length == b->length && (a->length == 32 || address_in(a, b))))
		return NULL;
	return arena_printf(consulting->path->arena,
			    "the network is another one for %s (%s) than for %s (%s)",
			    pair->titles[0], address_text(a, false, a_text), pair->titles[1],
			    address_text(b, false, b_text));
}

/* Which daemons of OSPF and IS-IS heed, of which not all tell it. */
static const char *other_mtus(const struct consulting *consulting, const struct pair *pair)
{
	uint32_t mtus[2];

	for (size_t i = 0; i < 2; i++) {
		const struct interface *end = pair->ends[i];
		const struct observed_interface *view =
			path_interface(path_node_of(consulting->path, end->node), end->index);

		mtus[i] = view ? view->mtu : 0;
	}
	return mtus[0] && mtus[1] && mtus[0] != mtus[1]
		       ? arena_printf(consulting->path->arena, "MTU is %u at %s and %u at %s",
				      mtus[0], pair->titles[0], mtus[1], pair->titles[1])
		       : NULL;
}

/* What drops what the one end sends or is sent; *guilty becomes that end. */
static const char *dropped(const struct consulting *consulting, const struct pair *pair,
			   size_t *guilty)
{
	for (size_t i = 0; i < 2; i++) {
		const char *text = consult_filter(
			consulting, path_node_of(consulting->path, pair->ends[i]->node));

		if (text) {
			*guilty = i;
			return text;
		}
	}
	return NULL;
}

static void judge_strangers(struct consulting *consulting, const struct pair *pair)
{
	struct finding *finding;
	bool vague;
	const struct consult_record *const *records = pair->records;
	const char *text =
		differences(consulting, records[0], pair->titles[0], records[1], pair->titles[1]);
	size_t guilty = is_rather_second(consulting, records[0], records[1]);

	if (is_passive(records[0]) && is_passive(records[1]))
		text = "both are passive";
	if (!text && records[0]->neighbours && records[1]->neighbours)
		return; /* nobody has told that they are none */
	if (!text)
		text = other_networks(consulting, pair);
	if (!text)
		text = other_mtus(consulting, pair);
	if (!text)
		text = dropped(consulting, pair, &guilty);
	vague = !text;
	if (vague)
		text = "nothing that they tell differs: is the authentication the same, and do "
		       "their packets pass?";
	finding = consult_add(
		consulting, pair->speakers[guilty]->node, pair->speakers[!guilty]->node,
		arena_printf(consulting->path->arena, "%s and %s are no %s neighbours on %s: %s",
			     pair->ends[0]->node->name, pair->ends[1]->node->name,
			     consulting->row->protocol, pair->ends[0]->segment->name, text));
	finding->vague = vague;
	finding->weak = !finding->on_way; /* those on the way may well be neighbours */
}

static void judge_pair(struct consulting *consulting, const struct interface *a,
		       const struct interface *b)
{
	struct pair pair = {.ends = {a, b}};

	for (size_t i = 0; i < 2; i++) {
		const struct interface *end = pair.ends[i];

		pair.speakers[i] = &consulting->speakers[end->node->number - 1];
		pair.titles[i] =
			arena_printf(consulting->path->arena, "%s:%s", end->node->name, end->name);
		if (pair.speakers[i]->runs)
			pair.records[i] = consult_record_of(pair.speakers[i], end->name);
	}
	if (!pair.records[0] || !pair.records[1])
		judge_silent_end(consulting, &pair);
	else if (are_joined(pair.records[0], pair.records[1]))
		judge_joined(consulting, &pair);
	else
		judge_strangers(consulting, &pair);
}

/* All pairs of a segment: what is plugged into one switch is one. */
void consult_segment(struct consulting *consulting, const struct segment *segment)
{
	for (size_t i = 0; i < segment->end_count; i++)
		for (size_t k = i + 1; k < segment->end_count; k++)
			if (segment->kind != SEGMENT_STUB &&
			    segment->ends[i]->node->kind == NODE_HOST &&
			    segment->ends[k]->node->kind == NODE_HOST)
				judge_pair(consulting, segment->ends[i], segment->ends[k]);
}

/* --- what neighbours sent --------------------------------------------------------------------- */

#define AT_FIRST 2 /* that come before there is a configuration are thrown away of anybody */

/* Has the daemon a route from that neighbour? */
static bool is_heard(struct consulting *consulting, const struct speaker *speaker,
		     const char *neighbour)
{
	const struct consultant *row = consulting->row;
	const char *text =
		consult_ask(consulting->path, speaker->node, row->socket, row->got_command);

	return text && consult_count_lines(text, row->got, neighbour) > 0;
}

void consult_bad(struct consulting *consulting, const struct speaker *speaker)
{
	for (size_t i = 0; i < speaker->count; i++) {
		const char *name = speaker->list[i].name, *bad = speaker->list[i].values[BAD];
		long count = bad ? strtol(bad, NULL, 10) : 0;
		struct path_place owner;
		struct address address;

		if (value_address(name, ADDRESS_BARE, &address) || count <= 0 ||
		    !path_owners(consulting->path, &address, &owner, 1) ||
		    is_heard(consulting, speaker, name))
			continue;
		consult_add(consulting, speaker->node, owner.node,
			    arena_printf(consulting->path->arena,
					 "%s throws away what %s sends it by %s (packets so far: "
					 "%s): are version and authentication the same?",
					 speaker->node->file->name, owner.node->file->name,
					 consulting->row->protocol, bad))
			->weak = count <= AT_FIRST;
	}
}
