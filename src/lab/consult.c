// SPDX-License-Identifier: MIT
// Routing daemons asked why a route is missing: which neighbours are none, and what differs.
#include "lab/consult.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "kernel/capture.h"
#include "topology/values.h"

#define ANSWER_WAIT 5000 /* ms */
#define NODES_MOST  200	 /* that are asked, the nearest first */

/* What one daemon of a node said. */
struct speaker {
	struct path_node *node;
	bool runs;
	struct consult_record *list;
	size_t count;
};

struct consulting {
	struct path *path;
	const struct consultant *row; /* the first of its protocol */
	struct speaker *speakers;     /* by number of the node - 1 */
	const bool *near;	      /* likewise: on the way between the two nodes */
	struct finding *list;
	size_t count;
};

static void add(struct consulting *consulting, const struct path_node *node,
		const struct path_node *other, const char *text)
{
	struct finding *finding =
		array_push(consulting->path->arena, consulting->list, consulting->count);

	finding->node = node->file->name;
	finding->text = text;
	finding->on_way = consulting->near[node->file->number - 1] &&
			  consulting->near[other->file->number - 1];
}

/* --- asking ----------------------------------------------------------------------------------- */

/* What the child needs to get into the node: its own files, where the daemon's socket is. */
struct entrance {
	const struct path *path;
	const struct path_node *node;
	const char *socket;
};

static int enter(void *data)
{
	const struct entrance *entrance = data;
	struct error err;

	if (lab_enter(entrance->path->request->lab, entrance->node->lab, ENTER_ALL, &err) < 0)
		return -1;
	return access(entrance->socket, F_OK);
}

static void ask(struct consulting *consulting, const struct consultant *row, struct path_node *node)
{
	struct speaker *speaker = &consulting->speakers[node->file->number - 1];
	struct entrance entrance = {consulting->path, node, row->socket};
	const char *argv[6] = {0};
	const char *text;

	if (speaker->runs)
		return; /* another daemon does, of the same protocol */
	memcpy(argv, row->command, sizeof(row->command));
	speaker->node = node;
	text = capture(argv, ANSWER_WAIT, enter, &entrance, consulting->path->arena);
	if (text)
		speaker->list = consult_parse(row, text, consulting->path->arena, &speaker->count);
	/* One that has nothing of this protocol does not speak it. */
	speaker->runs = speaker->count > 0;
}

static const struct consult_record *record_of(const struct speaker *speaker, const char *name)
{
	for (size_t i = 0; i < speaker->count; i++)
		if (!strcmp(speaker->list[i].name, name))
			return &speaker->list[i];
	return NULL;
}

/* --- neighbours at interfaces ----------------------------------------------------------------- */

enum { PASSIVE }; /* the first field of those that have it */

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

		if (!a->values[i] || !b->values[i] || !strcasecmp(a->values[i], b->values[i]))
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

			count += other && value && !strcasecmp(other, value);
		}
	return count;
}

/* Is it rather b's fault than a's? */
static bool is_rather_second(const struct consulting *consulting, const struct consult_record *a,
			     const struct consult_record *b)
{
	for (size_t i = 0; i < FIELDS_MOST && consulting->row->fields[i].name; i++) {
		if (!a->values[i] || !b->values[i] || !strcasecmp(a->values[i], b->values[i]))
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

static void judge_pair(struct consulting *consulting, const struct interface *a,
		       const struct interface *b)
{
	struct path *path = consulting->path;
	const struct speaker *speakers[] = {&consulting->speakers[a->node->number - 1],
					    &consulting->speakers[b->node->number - 1]};
	const struct consult_record *records[2];
	const char *titles[2], *text, *where = a->segment->name;
	size_t guilty = 0;

	if (!speakers[0]->runs || !speakers[1]->runs)
		return;
	titles[0] = arena_printf(path->arena, "%s:%s", a->node->name, a->name);
	titles[1] = arena_printf(path->arena, "%s:%s", b->node->name, b->name);
	records[0] = record_of(speakers[0], a->name);
	records[1] = record_of(speakers[1], b->name);
	if (!records[0] && !records[1])
		return;
	if (!records[0] || !records[1]) {
		guilty = records[0] ? 1 : 0;
		add(consulting, speakers[guilty]->node, speakers[!guilty]->node,
		    arena_printf(path->arena, "%s does not speak %s on %s, as %s does",
				 titles[guilty], consulting->row->protocol, where,
				 titles[!guilty]));
		return;
	}
	if (are_joined(records[0], records[1]))
		return;
	text = differences(consulting, records[0], titles[0], records[1], titles[1]);
	if (is_passive(records[0]) && is_passive(records[1]))
		text = "both are passive";
	if (!text && records[0]->neighbours && records[1]->neighbours)
		return;
	guilty = is_rather_second(consulting, records[0], records[1]);
	add(consulting, speakers[guilty]->node, speakers[!guilty]->node,
	    arena_printf(path->arena, "%s and %s are no %s neighbours on %s%s%s", a->node->name,
			 b->node->name, consulting->row->protocol, where, text ? ": " : "",
			 text ? text : ""));
}

/* All pairs of a segment: what is plugged into one switch is one. */
static void judge_segment(struct consulting *consulting, const struct segment *segment)
{
	for (size_t i = 0; i < segment->end_count; i++)
		for (size_t k = i + 1; k < segment->end_count; k++)
			if (segment->kind != SEGMENT_STUB &&
			    segment->ends[i]->node->kind == NODE_HOST &&
			    segment->ends[k]->node->kind == NODE_HOST)
				judge_pair(consulting, segment->ends[i], segment->ends[k]);
}

/* --- neighbours by address -------------------------------------------------------------------- */

static const struct consult_record *record_towards(struct consulting *consulting,
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

enum { REMOTE_AS, LOCAL_AS, STATE, LAST_RESET };

static const char *text_of(const char *value)
{
	return value ? value : "?";
}

/* One that is configured at `speaker` and has not come up. */
static void judge_session(struct consulting *consulting, const struct speaker *speaker,
			  const struct consult_record *record)
{
	struct path *path = consulting->path;
	const char *name = speaker->node->file->name, *state = text_of(record->values[STATE]);
	const struct consult_record *other;
	struct path_place owner;
	struct address address;
	const struct speaker *far;

	if (!strcmp(state, "Established") || !strcmp(state, "UP") ||
	    value_address(record->name, ADDRESS_BARE, &address))
		return;
	if (!path_owners(path, &address, &owner, 1)) {
		add(consulting, speaker->node, speaker->node,
		    arena_printf(path->arena, "%s has the BGP neighbour %s, which no node is", name,
				 record->name));
		return;
	}
	far = &consulting->speakers[owner.node->file->number - 1];
	other = far->runs ? record_towards(consulting, far, speaker->node) : NULL;
	if (!far->runs || !other) {
		add(consulting, owner.node, speaker->node,
		    arena_printf(path->arena, "%s has the BGP neighbour %s (%s), %s", name,
				 owner.node->file->name, record->name,
				 far->runs ? "which does not know it as one"
					   : "where no BGP daemon runs"));
	} else if (strcmp(text_of(record->values[REMOTE_AS]), text_of(other->values[LOCAL_AS])) !=
		   0) {
		add(consulting, speaker->node, owner.node,
		    arena_printf(path->arena,
				 "%s and %s are no BGP neighbours: %s takes %s for AS %s, which is "
				 "AS %s",
				 name, owner.node->file->name, name, owner.node->file->name,
				 text_of(record->values[REMOTE_AS]),
				 text_of(other->values[LOCAL_AS])));
	} else if (!strcmp(text_of(record->values[LOCAL_AS]), text_of(other->values[REMOTE_AS]))) {
		add(consulting, speaker->node, owner.node,
		    arena_printf(path->arena,
				 "%s and %s are no BGP neighbours: state %s, last reset %s", name,
				 owner.node->file->name, state,
				 text_of(record->values[LAST_RESET])));
	}
}

/* --- all of them ------------------------------------------------------------------------------ */

static void ask_all(struct consulting *consulting, const struct consultant *row)
{
	struct path *path = consulting->path;

	for (size_t i = 0; i < path->count && i < NODES_MOST; i++)
		if (path->nodes[i].file->kind == NODE_HOST && path_look(path, &path->nodes[i]))
			ask(consulting, row, &path->nodes[i]);
}

static void run(struct consulting *consulting)
{
	struct path *path = consulting->path;

	consulting->speakers = arena_alloc(path->arena, (path->count + 1) * sizeof(struct speaker));
	for (const struct consultant *row = consulting->row;
	     row < consultants + consultant_count &&
	     !strcmp(row->protocol, consulting->row->protocol);
	     row++)
		ask_all(consulting, row);
	if (!consulting->row->by_address) {
		for (size_t i = 0; i < path->request->topology->segment_count; i++)
			judge_segment(consulting, &path->request->topology->segments[i]);
		return;
	}
	for (size_t i = 0; i < path->count; i++)
		for (size_t k = 0; k < consulting->speakers[i].count; k++)
			judge_session(consulting, &consulting->speakers[i],
				      &consulting->speakers[i].list[k]);
}

/* The routers that are connected to the network of the address and do not tell of it. */
static void judge_silence(struct consulting *consulting, const struct path_node *goal,
			  const struct address *to)
{
	struct path *path = consulting->path;

	for (size_t i = 0; i < path->count; i++) {
		const struct speaker *speaker = &consulting->speakers[i];

		for (size_t k = 0; speaker->runs && k < speaker->node->count; k++) {
			const struct observed_interface *view = &speaker->node->list[k];
			bool connected = false;

			for (size_t a = 0; a < view->address_count; a++)
				connected |= address_in(to, &view->addresses[a]);
			if (!connected ||
			    (!consulting->row->by_address && record_of(speaker, view->name)))
				continue;
			add(consulting, speaker->node, goal,
			    arena_printf(
				    path->arena,
				    "%s speaks %s, and seems not to tell of the network at its %s",
				    speaker->node->file->name, consulting->row->protocol,
				    view->name));
			consulting->list[consulting->count - 1].weak = true;
		}
	}
}

struct finding *consult(struct path *path, struct path_node *from, struct path_node *to,
			const struct address *address, size_t *count)
{
	bool *near = arena_alloc(path->arena, path->count + 1);
	struct consulting consulting = {.path = path, .near = near};
	size_t cables = 0;
	const struct interface **way = path_cables(path, from, to, true, &cables);

	near[from->file->number - 1] = true;
	for (size_t i = 0; i < cables; i++)
		near[way[i]->peer->node->number - 1] = true;
	for (size_t i = 0; i < consultant_count; i++) {
		if (i && !strcmp(consultants[i].protocol, consultants[i - 1].protocol))
			continue; /* asked together */
		consulting.row = &consultants[i];
		run(&consulting);
		if (!consulting.count)
			judge_silence(&consulting, to, address);
	}
	*count = consulting.count;
	return consulting.list;
}
