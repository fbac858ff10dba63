// SPDX-License-Identifier: MIT
// Why packets of an item do not get on: the explanation of the pair, as lines of the report.
#include "test/why.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/error.h"
#include "lab/explain.h"
#include "lab/lab.h"
#include "test/command.h"
#include "test/trial.h"
#include "test/why_route.h"
#include "topology/values.h"

#define RESOLVE_TIME (5 * SECOND)

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

/* The host and the port of a URL. */
static bool take_url(const char *url, struct explain_request *request, struct arena *arena)
{
	const char *host = strstr(url, "://"), *end, *port;
	bool secure = !strncasecmp(url, "https:", 6);

	host = host ? host + 3 : url;
	end = host + strcspn(host, "/?#");
	if (memchr(host, '@', (size_t)(end - host)))
		host = (const char *)memchr(host, '@', (size_t)(end - host)) + 1;
	port = *host == '[' ? memchr(host, ']', (size_t)(end - host)) : host;
	if (*host == '[' && !port)
		return false;
	port = memchr(port, ':', (size_t)(end - port));
	request->port = (uint16_t)(port ? strtoul(port + 1, NULL, 10) : secure ? 443 : 80);
	end = port ? port : end;
	if (*host == '[') {
		host++;
		end--;
	}
	request->to = arena_strndup(arena, host, (size_t)(end - host));
	return request->port != 0;
}

/* Of what getent printed, a line each, the first address of the family, if one is wished; or NULL.
 */
static const char *first_of(const char *lines, int family, struct arena *arena)
{
	struct address address;

	for (; *lines; lines += strcspn(lines, "\n"), lines += *lines != 0) {
		const char *word = arena_strndup(arena, lines, strcspn(lines, " \n"));

		if (!value_address(word, ADDRESS_BARE, &address) &&
		    (family == AF_UNSPEC || address.family == family))
			return word;
	}
	return NULL;
}

/* Of a host that is no node and no address, what the node's own resolver knows first. */
static const char *resolve(const struct trial *trial, const struct item *item,
			   const struct explain_request *request, struct arena *arena)
{
	const char *argv[] = {"getent", "ahosts", request->to, NULL}, *found;
	struct command_run command = {.node = &trial->run->nodes[item->from->number - 1],
				      .argv = (char *const *)argv};
	struct address address;
	struct error err;

	if (topology_node(trial->run->topology, request->to) ||
	    !value_address(request->to, ADDRESS_BARE, &address) ||
	    commands_run(trial->run, &command, 1, clock_now() + RESOLVE_TIME, arena, &err) < 0 ||
	    command.status != 0)
		return request->to;
	found = first_of(command.printed, request->family, arena);
	return found ? found : request->to;
}

/* As which packet the item is explained; false: it says enough by itself. */
static bool make_request(const struct trial *trial, const struct item *item,
			 struct explain_request *request, struct arena *arena)
{
	const struct step *step = trial->step;
	char to[ADDRESS_TEXT_SIZE];

	if (step->sentence == &sentences[SENTENCE_HTTP]) {
		request->kind = REACH_TCP;
		if (item->address.family != AF_UNSPEC)
			request->family = item->address.family;
		else if (step->families != FAMILIES)
			request->family = step->families == FAMILY_IPV4 ? AF_INET : AF_INET6;
		if (!take_url(step->url, request, arena))
			return false;
		request->to = resolve(trial, item, request, arena);
		return true;
	}
	if (step->sentence == &sentences[SENTENCE_DNS]) {
		request->kind = REACH_UDP;
		request->port = item->port;
		request->to = arena_strdup(arena, address_text(&item->asked, true, to));
		request->family = item->asked.family;
		return item->asked.family != AF_UNSPEC;
	}
	request->to = arena_strdup(arena, address_text(&item->address, true, to));
	request->family = item->address.family;
	request->port = step->port;
	request->size = step->bytes;
	return item->address.family != AF_UNSPEC && packet_of(step, &request->kind);
}

const char *item_why(const struct trial *trial, const struct item *item, struct arena *arena)
{
	const struct step *step = trial->step;
	struct explain_request request = {
		.lab = trial->run->lab, .topology = trial->run->topology, .from = item->from->name};
	struct explanation explanation;
	const char *text = "", **lines;
	struct error err;
	size_t count;

	if (step->negated)
		return "";
	if (step->sentence == &sentences[SENTENCE_ROUTE])
		return why_no_such_route(trial, item, arena);
	if (!make_request(trial, item, &request, arena) ||
	    explain(&request, arena, &explanation, &err) < 0)
		return "";
	if (explanation.works)
		return step->sentence == &sentences[SENTENCE_TRACE]
			       ? why_another_way(trial, item, &explanation, arena)
			       : "";
	lines = explain_lines(&explanation, arena, &count);
	for (size_t i = 0; i < count; i++)
		text = arena_printf(arena, "%s\n  %s", text, lines[i]);
	return text;
}
