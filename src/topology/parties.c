// SPDX-License-Identifier: MIT
// Nodes, addresses and links that a sentence names.
#include "topology/parties.h"

#include <fnmatch.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "topology/arguments.h"
#include "topology/build.h"
#include "topology/daemon.h"
#include "topology/start.h"
#include "topology/step.h"
#include "topology/values.h"

static bool is_pattern(const char *word)
{
	return strpbrk(word, "*?[") != NULL;
}

/* None is in the list twice, and so it has room for all. */
static void add(struct party *party, const struct node *node)
{
	for (size_t i = 0; i < party->count; i++)
		if (party->nodes[i] == node)
			return;
	party->nodes[party->count++] = node;
}

/*
 * A pattern means hosts and routers: switches have no addresses, and what a sentence asks of all
 * nodes is never asked of them. So a switch is named in full.
 */
static bool add_matching(struct speech *speech, const char *pattern, struct party *party)
{
	const struct topology *topology = speech->build->topology;
	size_t before = party->count;
	bool any = false;

	party->many = true;
	for (size_t i = 0; i < topology->node_count; i++) {
		const struct node *node = &topology->nodes[i];

		if (node->kind != NODE_HOST ||
		    (strcmp(pattern, "all") != 0 && fnmatch(pattern, node->name, 0) != 0))
			continue;
		any = true;
		if (before)
			add(party, node);
		else
			party->nodes[party->count++] = node;
	}
	if (!any)
		speech_wrong(speech, pattern, "matches no node");
	return any;
}

static bool add_named(struct speech *speech, const char *name, struct party *party, bool address)
{
	const struct topology *topology = speech->build->topology;
	const struct node *node = topology_node(topology, name);
	struct report *report = &speech->build->report;

	if (node) {
		add(party, node);
		return true;
	}
	speech_fault(
		speech, "there is no node \"%s\"%s%s", shown(report, name),
		address ? ", and it is no address" : "",
		did_you_mean(report, near_node(speech->build, speech->step->place, name, NULL)));
	return false;
}

static bool is_many(const char *word)
{
	return is_pattern(word) || strstr(word, "all");
}

/* So many nodes the text can name at most. */
static size_t room(const struct speech *speech, const char *text)
{
	size_t count = 1;

	if (is_many(text))
		return speech->build->topology->node_count + 1;
	for (; *text; text++)
		count += *text == ',';
	return count;
}

static bool read_nodes(struct speech *speech, const char *text, struct party *party, bool address)
{
	char *rest = arena_strdup(speech->build->arena, text), *word;
	bool well = true;

	party->text = text;
	party->nodes =
		arena_alloc(speech->build->arena, room(speech, text) * sizeof(struct node *));
	while ((word = strsep(&rest, ",")))
		well &= is_pattern(word) || !strcmp(word, "all")
				? add_matching(speech, word, party)
				: add_named(speech, word, party, address);
	party->many |= party->count > 1;
	return well;
}

bool party_read_nodes(struct speech *speech, const char *word, struct party *party)
{
	return read_nodes(speech, word, party, false);
}

bool party_read(struct speech *speech, const char *word, struct party *party)
{
	party->text = word;
	if (!value_address(word, ADDRESS_BARE, &party->address))
		return true;
	party->address = (struct address){0};
	return read_nodes(speech, word, party, true);
}

static bool word_matches(const char *word, const char *name)
{
	return is_pattern(word) ? fnmatch(word, name, 0) == 0 : !strcmp(word, name);
}

/* Both ends of each cable; of a switch what is plugged in, and its ports. */
static bool end_matches(struct speech *speech, const struct segment *segment, const char *word)
{
	for (size_t i = 0; i < segment->end_count; i++) {
		const struct interface *end = segment->ends[i];

		if (word_matches(word, interface_title(speech->build, end)) ||
		    (end->peer && word_matches(word, interface_title(speech->build, end->peer))))
			return true;
	}
	return false;
}

bool link_is_known(struct speech *speech, const char *word)
{
	const struct topology *topology = speech->build->topology;
	struct report *report = &speech->build->report;
	struct near near = {.word = word};

	for (size_t i = 0; i < topology->segment_count; i++) {
		const struct segment *segment = &topology->segments[i];

		if (segment->kind == SEGMENT_STUB)
			continue;
		if (word_matches(word, segment->name) ||
		    (strchr(word, ':') && end_matches(speech, segment, word)))
			return true;
		report_offer(report, &near, segment->name);
	}
	speech_fault(speech, "there is no link \"%s\"%s", shown(report, word),
		     did_you_mean(report, near_best(&near)));
	return false;
}

/* A suite whose configuration could not be read runs who knows what; that was said. */
static bool is_expanded(const struct node *node)
{
	for (size_t i = 0; i < node->command_count; i++)
		if (node->commands[i].program)
			return true;
	return false;
}

/* Does the node run it, or may it? What runs of a suite is known when that is expanded. */
static bool may_run(const struct build *build, const struct node *node, const char *name)
{
	if (node_service(node, name) || build->partial[node->number])
		return true;
	return daemon_may_run(node, name) && (!is_expanded(node) || daemon_goes_by_machine(name));
}

/* One of each node's; of many nodes, those that have it are meant. */
void party_check_service(struct speech *speech, const struct party *from)
{
	const char *word = speech->step->service;
	const struct node *without = NULL;
	struct near near = {.word = word};
	size_t having = 0;

	for (size_t i = 0; i < from->count; i++) {
		const struct node *node = from->nodes[i];

		if (may_run(speech->build, node, word)) {
			having++;
			continue;
		}
		without = node;
		for (size_t k = 0; k < node->command_count; k++)
			if (node->commands[k].kind == COMMAND_SERVICE)
				report_offer(&speech->build->report, &near, node->commands[k].name);
	}
	if (without && !(from->many && having))
		speech_fault(speech, "node %s has no service \"%s\"%s", without->name,
			     shown(&speech->build->report, word),
			     did_you_mean(&speech->build->report, near_best(&near)));
}
