// SPDX-License-Identifier: MIT
// The arguments of a sentence, from its words into the step: one reader for each kind.
#include "topology/arguments.h"

#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "topology/build.h"
#include "topology/parties.h"
#include "topology/protocol.h"
#include "topology/step.h"
#include "topology/units.h"
#include "topology/values.h"

/* A packet of IPv4 that any link takes, and the largest there is. */
#define BYTES_LEAST 68
#define BYTES_MOST  65535

void speech_fault(const struct speech *speech, const char *format, ...)
{
	struct report *report = &speech->build->report;
	char text[ERROR_TEXT_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	report_fault(report, speech->step->place, "step.%u: %s", speech->step->number, text);
}

void speech_wrong(const struct speech *speech, const char *word, const char *wrong)
{
	speech_fault(speech, "\"%s\" %s", shown(&speech->build->report, word), wrong);
}

static const char *take(struct speech *speech)
{
	speech->count--;
	return speech->words[speech->next++].text;
}

/* What a reader of a value found wrong with the word it took: NULL, nothing. */
static bool sound(const struct speech *speech, const char *word, const char *wrong)
{
	if (wrong)
		speech_wrong(speech, word, wrong);
	return !wrong;
}

static bool read_nodes(struct speech *speech)
{
	return party_read_nodes(speech, take(speech), &speech->step->from);
}

static bool read_targets(struct speech *speech)
{
	return party_read(speech, take(speech), &speech->step->to);
}

static bool read_gateway(struct speech *speech)
{
	return party_read(speech, take(speech), &speech->step->gateway);
}

static bool read_server(struct speech *speech)
{
	return party_read(speech, take(speech), &speech->step->server);
}

static bool read_way(struct speech *speech)
{
	struct step *step = speech->step;
	bool well = true;

	step->way = arena_alloc(speech->build->arena, speech->count * sizeof(struct node *));
	while (speech->count) {
		struct party party = {0};

		if (!party_read_nodes(speech, take(speech), &party)) {
			well = false;
			continue;
		}
		step->way[step->way_count++] = party.nodes[0];
	}
	return well;
}

static bool read_port_number(struct speech *speech, const char *word, const char *text)
{
	uint64_t number;

	if (!text_number(text, 1, UINT16_MAX, &number)) {
		speech_wrong(speech, word, "has no port from 1 to 65535");
		return false;
	}
	speech->step->port = (uint16_t)number;
	return true;
}

static bool read_port(struct speech *speech)
{
	const char *word = take(speech), *slash = strchr(word, '/');
	const char *number =
		slash ? arena_strndup(speech->build->arena, word, (size_t)(slash - word)) : word;

	if (slash && strcmp(slash, "/tcp") != 0 && strcmp(slash, "/udp") != 0) {
		speech_wrong(speech, word, "is neither PORT/tcp nor PORT/udp");
		return false;
	}
	speech->step->udp = slash && !strcmp(slash, "/udp");
	return read_port_number(speech, word, number);
}

/* "server:80", "10.0.2.80:80", "[fd00::1]:80" */
static bool read_service(struct speech *speech)
{
	const char *word = take(speech), *colon = strrchr(word, ':');
	size_t length = colon ? (size_t)(colon - word) : 0;
	const char *target = word;
	bool known;

	if (!colon) {
		speech_wrong(speech, word, "has no port, as in server:80");
		return false;
	}
	if (word[0] == '[' && length > 1 && word[length - 1] == ']') {
		target++;
		length -= 2;
	}
	target = arena_strndup(speech->build->arena, target, length);
	/* Both, so that what is wrong with either is said. */
	known = party_read(speech, target, &speech->step->to);
	return read_port_number(speech, word, colon + 1) && known;
}

static bool read_address(struct speech *speech)
{
	const char *word = take(speech);
	enum address_form form = strchr(word, '/') ? ADDRESS_NETWORK : ADDRESS_BARE;
	const char *wrong = value_address(word, form, &speech->step->address);

	if (form == ADDRESS_BARE && !wrong)
		speech->step->address.length = 0; /* of any subnet */
	return sound(speech, word, wrong);
}

static bool read_prefix(struct speech *speech)
{
	const char *word = take(speech);

	speech->step->any_family = !strcmp(word, "default");
	if (speech->step->any_family)
		return true;
	return sound(speech, word, value_address(word, ADDRESS_PREFIX, &speech->step->address));
}

/* One that programs of a node make themselves is none the worse for not being in the file. */
static bool read_interface(struct speech *speech)
{
	const char *word = take(speech);
	const struct party *from = &speech->step->from;
	struct near near = {.word = word};

	speech->step->interface = word;
	if (from->many || from->count != 1 || node_interface(from->nodes[0], word) ||
	    speech->build->partial[from->nodes[0]->number])
		return true;
	if (from->nodes[0]->kind == NODE_SWITCH && !strcmp(word, BRIDGE_NAME))
		return true;
	for (size_t i = 0; i < from->nodes[0]->interface_count; i++)
		report_offer(&speech->build->report, &near, from->nodes[0]->interfaces[i].name);
	if (!near_best(&near))
		return true;
	speech_fault(speech, "node %s has no interface \"%s\"%s", from->nodes[0]->name,
		     shown(&speech->build->report, word),
		     did_you_mean(&speech->build->report, near_best(&near)));
	return false;
}

static bool read_daemon(struct speech *speech)
{
	/* Which services there are is known only when configurations have been read. */
	speech->step->service = take(speech);
	return true;
}

static bool read_state(struct speech *speech)
{
	const char *word = take(speech);

	speech->step->up = !strcmp(word, "up");
	if (!speech->step->up && strcmp(word, "down") != 0) {
		speech_wrong(speech, word, "is neither up nor down");
		return false;
	}
	return true;
}

static bool read_protocol(struct speech *speech)
{
	const char *word = take(speech);
	struct near near = {.word = word};
	const char *name;
	uint64_t number;

	speech->step->protocol_given = true;
	if (text_number(word, 0, UINT8_MAX, &number)) {
		speech->step->protocol = (uint32_t)number;
		return true;
	}
	if (protocol_number(word, &speech->step->protocol))
		return true;
	for (size_t i = 0; (name = protocol_name_at(i)); i++)
		near_offer(&near, name);
	speech_fault(speech, "\"%s\" is no protocol that makes routes%s",
		     shown(&speech->build->report, word),
		     did_you_mean(&speech->build->report, near_best(&near)));
	return false;
}

static bool read_number(struct speech *speech, uint64_t low, uint64_t high, uint64_t *number)
{
	const char *word = take(speech);

	if (text_number(word, low, high, number))
		return true;
	speech_fault(speech, "\"%s\" is not a number from %s to %s",
		     shown(&speech->build->report, word), grouped(&speech->build->report, low),
		     grouped(&speech->build->report, high));
	return false;
}

static bool read_metric(struct speech *speech)
{
	uint64_t number = 0;
	bool well = read_number(speech, 0, UINT32_MAX, &number);

	speech->step->metric_given = true;
	speech->step->metric = (uint32_t)number;
	return well;
}

static bool read_bytes(struct speech *speech)
{
	uint64_t number = 0;
	bool well = read_number(speech, BYTES_LEAST, BYTES_MOST, &number);

	speech->step->bytes = (uint32_t)number;
	return well;
}

static bool read_status(struct speech *speech)
{
	uint64_t number = 0;
	bool well = read_number(speech, 0, UINT8_MAX, &number);

	speech->step->status = (int)number;
	return well;
}

static bool read_mac(struct speech *speech)
{
	const char *word = take(speech);

	speech->step->mac_given = true;
	return sound(speech, word, value_mac(word, speech->step->mac));
}

static const char *value_of(enum argument argument, const char *word, int64_t *value)
{
	const char *wrong;
	uint32_t part = 0;
	uint64_t rate = 0;

	if (argument == ARGUMENT_TIME_BOUND)
		return time_read(word, value);
	if (argument == ARGUMENT_PERCENT_BOUND) {
		wrong = percent_read(word, &part);
		*value = part;
		return wrong;
	}
	wrong = rate_read(word, &rate);
	*value = (int64_t)(rate * 8);
	return wrong;
}

/* "below 40ms", "above 90mbit", "40ms +-10%", "40ms" */
static bool read_bound(struct speech *speech, enum argument argument)
{
	struct bound *bound = &speech->step->bound;
	const char *word = take(speech), *tolerance = NULL;
	bool below = !strcmp(word, "below"), above = !strcmp(word, "above");

	bound->kind = below ? BOUND_BELOW : above ? BOUND_ABOVE : BOUND_ABOUT;
	if ((below || above) && !speech->count) {
		speech_wrong(speech, word, "of what? There is nothing behind it");
		return false;
	}
	if (below || above)
		word = take(speech);
	if (bound->kind == BOUND_ABOUT && speech->count &&
	    !strncmp(speech->words[speech->next].text, "+-", 2))
		tolerance = take(speech);
	if (!sound(speech, word, value_of(argument, word, &bound->value)))
		return false;
	return !tolerance ||
	       sound(speech, tolerance, percent_read(tolerance + 2, &bound->tolerance));
}

static bool read_time(struct speech *speech)
{
	const char *word = take(speech);

	return sound(speech, word, time_read(word, &speech->step->pause));
}

/* A node that the URL names is spoken to as by any other sentence. A user may stand before it. */
static bool read_host(struct speech *speech, const char *host)
{
	const char *at = memchr(host, '@', strcspn(host, "/?#"));
	const char *start = at ? at + 1 : host;
	const char *name = arena_strndup(speech->build->arena, start, strcspn(start, "/:?#"));

	return !topology_node(speech->build->topology, name) ||
	       party_read_nodes(speech, name, &speech->step->to);
}

static bool read_url(struct speech *speech)
{
	const char *word = take(speech);

	speech->step->url = word;
	if (!strncmp(word, "http://", 7) || !strncmp(word, "https://", 8))
		return read_host(speech, strstr(word, "://") + 3);
	speech_wrong(speech, word, "is no address of a page, such as http://server/");
	return false;
}

static bool read_name(struct speech *speech)
{
	speech->step->name = take(speech);
	return true;
}

static bool read_command(struct speech *speech)
{
	const struct word *first = &speech->words[speech->next];
	const struct word *last = &first[speech->count - 1];

	speech->step->command = first == last ? first->text
					      : arena_strndup(speech->build->arena,
							      speech->step->text + first->start,
							      last->end - first->start);
	speech->next += speech->count;
	speech->count = 0;
	return true;
}

static bool read_text(struct speech *speech)
{
	speech->step->contains = take(speech);
	return true;
}

static bool read_regex(struct speech *speech)
{
	const char *word = take(speech);
	char wrong[128];
	regex_t regex;
	int code = regcomp(&regex, word, REG_EXTENDED | REG_NEWLINE);

	speech->step->matches = word;
	if (!code) {
		regfree(&regex);
		return true;
	}
	regerror(code, &regex, wrong, sizeof(wrong));
	speech_fault(speech, "\"%s\" is no extended regular expression: %s",
		     shown(&speech->build->report, word), wrong);
	return false;
}

static bool read_link(struct speech *speech)
{
	speech->step->link = take(speech);
	return link_is_known(speech, speech->step->link);
}

static bool read_change(struct speech *speech)
{
	struct error err;
	bool well = true;

	while (speech->count) {
		const char *word = take(speech);

		if (link_action_of(word) == LINK_SHOW) {
			speech_wrong(speech, word, "is none of up, down, reset and KEY=VALUE");
			well = false;
		} else if (link_change_add(word, &speech->step->change, speech->build->arena,
					   &err) < 0) {
			speech_fault(speech, "%s", err.text);
			well = false;
		}
	}
	return well;
}

static bool read_time_bound(struct speech *speech)
{
	return read_bound(speech, ARGUMENT_TIME_BOUND);
}

static bool read_percent_bound(struct speech *speech)
{
	return read_bound(speech, ARGUMENT_PERCENT_BOUND);
}

static bool read_rate_bound(struct speech *speech)
{
	return read_bound(speech, ARGUMENT_RATE_BOUND);
}

static bool (*const readers[ARGUMENT_COUNT])(struct speech *) = {
	[ARGUMENT_NODES] = read_nodes,
	[ARGUMENT_TARGETS] = read_targets,
	[ARGUMENT_SERVICE] = read_service,
	[ARGUMENT_PORT] = read_port,
	[ARGUMENT_WAY] = read_way,
	[ARGUMENT_GATEWAY] = read_gateway,
	[ARGUMENT_ADDRESS] = read_address,
	[ARGUMENT_PREFIX] = read_prefix,
	[ARGUMENT_INTERFACE] = read_interface,
	[ARGUMENT_STATE] = read_state,
	[ARGUMENT_PROTOCOL] = read_protocol,
	[ARGUMENT_METRIC] = read_metric,
	[ARGUMENT_MAC] = read_mac,
	[ARGUMENT_BYTES] = read_bytes,
	[ARGUMENT_TIME_BOUND] = read_time_bound,
	[ARGUMENT_PERCENT_BOUND] = read_percent_bound,
	[ARGUMENT_RATE_BOUND] = read_rate_bound,
	[ARGUMENT_TIME] = read_time,
	[ARGUMENT_URL] = read_url,
	[ARGUMENT_NAME] = read_name,
	[ARGUMENT_SERVER] = read_server,
	[ARGUMENT_COMMAND] = read_command,
	[ARGUMENT_STATUS] = read_status,
	[ARGUMENT_TEXT] = read_text,
	[ARGUMENT_REGEX] = read_regex,
	[ARGUMENT_LINK] = read_link,
	[ARGUMENT_DAEMON] = read_daemon,
	[ARGUMENT_CHANGE] = read_change,
};

bool argument_read(struct speech *speech, enum argument argument)
{
	return readers[argument](speech);
}
