// SPDX-License-Identifier: MIT
// The identifiers of routers: whose is missing, and which two have the same.
#include <string.h>

#include "base/arena.h"
#include "lab/consult_run.h"
#include "topology/values.h"

/* Some tell it of each interface, others once, behind them all; NULL: not at all. */
static const char *identifier_of(const struct speaker *speaker, size_t field)
{
	for (size_t i = 0; i < speaker->count; i++)
		if (speaker->list[i].values[field])
			return speaker->list[i].values[field];
	return NULL;
}

static bool is_missing(const struct consulting *consulting, const char *identifier)
{
	return consulting->row->unidentified && !strcmp(identifier, consulting->row->unidentified);
}

static void judge_missing(struct consulting *consulting, const struct speaker *speaker,
			  size_t field)
{
	const char *identifier = identifier_of(speaker, field);

	if (identifier && is_missing(consulting, identifier))
		consult_add(consulting, speaker->node, speaker->node,
			    arena_printf(consulting->path->arena,
					 "%s tells of nothing by %s, as its %s is %s: was "
					 "one configured, and before all interfaces?",
					 speaker->node->file->name, consulting->row->protocol,
					 consulting->row->fields[field].name, identifier));
}

/* Whose is it rather: the node's that has it for an address, if any has. */
static bool has_for_address(struct consulting *consulting, const struct speaker *speaker,
			    const char *identifier)
{
	struct path_place owner;
	struct address address;

	return !value_address(identifier, ADDRESS_BARE, &address) &&
	       path_owners(consulting->path, &address, &owner, 1) && owner.node == speaker->node;
}

static void judge_shared(struct consulting *consulting, const struct speaker *a,
			 const struct speaker *b, size_t field)
{
	const char *one = identifier_of(a, field), *other = identifier_of(b, field);
	const struct speaker *guilty;

	if (!one || !other || strcmp(one, other) != 0 || is_missing(consulting, one))
		return;
	guilty = has_for_address(consulting, b, one) ? a : b;
	consult_add(consulting, guilty->node, guilty == a ? b->node : a->node,
		    arena_printf(consulting->path->arena, "%s and %s both have the %s %s in %s",
				 a->node->file->name, b->node->file->name,
				 consulting->row->fields[field].name, one,
				 consulting->row->protocol));
}

/* That field of all speakers. */
static void judge_field(struct consulting *consulting, size_t field)
{
	const struct speaker *speakers = consulting->speakers;

	for (size_t i = 0; i < consulting->path->count; i++) {
		judge_missing(consulting, &speakers[i], field);
		for (size_t k = i + 1; k < consulting->path->count; k++)
			judge_shared(consulting, &speakers[i], &speakers[k], field);
	}
}

void consult_identifiers(struct consulting *consulting)
{
	for (size_t field = 0; field < FIELDS_MOST; field++)
		if (consulting->row->fields[field].unique)
			judge_field(consulting, field);
}
