// SPDX-License-Identifier: MIT
// The verb explain: the way of packets from one node to another and back, and where it ends.
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "lab/choose.h"
#include "cmd/cmd.h"
#include "cmd/explain_show.h"
#include "lab/lab_topology.h"
#include "cmd/options.h"
#include "lab/explain.h"
#include "lab/lab.h"

static const char examples[] =
	"  nslab explain h1 h2               each hop of an echo and of its answer\n"
	"  nslab explain -6 h1 fd00:3::2\n"
	"  nslab explain h1 server --tcp 80  a connection to that port\n"
	"  nslab explain h1 h2 --size 1500   a packet of that size that must not be fragmented\n";

/* A number that an option has; false after a message. */
static bool read_number(const struct verb *verb, const char *name, const char *text, uint64_t low,
			uint64_t *number)
{
	if (!text || text_number(text, low, 65535, number))
		return true;
	misused(verb, "--%s takes a number from %u to 65535, not \"%s\"", name, (unsigned)low,
		text);
	return false;
}

static bool read_request(const struct verb *verb, const char *tcp, const char *udp,
			 const char *size, struct explain_request *request)
{
	uint64_t port = 0, bytes = 0;

	if (tcp && udp) {
		misused(verb, "either --tcp or --udp");
		return false;
	}
	if (size && (tcp || udp)) {
		misused(verb, "--size is of echo requests alone");
		return false;
	}
	if (!read_number(verb, tcp ? "tcp" : "udp", tcp ? tcp : udp, 1, &port) ||
	    !read_number(verb, "size", size, 64, &bytes))
		return false;
	request->kind = tcp ? REACH_TCP : udp ? REACH_UDP : REACH_PING;
	request->port = (uint16_t)port;
	request->size = (uint32_t)bytes;
	return true;
}

static int run(struct explain_request *request, bool json, struct arena *arena)
{
	struct explanation explanation;
	struct error err;

	request->topology = kept_topology(request->lab, arena, &err);
	if (!request->topology || lab_enter_users(request->lab, &err) < 0 ||
	    explain(request, arena, &explanation, &err) < 0)
		return failed(&err);
	if (json)
		explain_json(&explanation, arena, stdout);
	else
		explain_print(&explanation, arena, stdout);
	return explanation.works ? STATUS_DONE : STATUS_FAILED;
}

int cmd_explain(const struct verb *verb, int argc, char **argv)
{
	AUTO_ARENA struct arena *arena = arena_new();
	const char *wanted = NULL, *tcp = NULL, *udp = NULL, *size = NULL;
	bool json = false, four = false, six = false;
	const struct option_row options[] = {
		OPTION_LAB(&wanted),
		{'4', "ipv4", NULL, "over IPv4", &four, NULL},
		{'6', "ipv6", NULL, "over IPv6", &six, NULL},
		{0, "tcp", "PORT", "a connection over TCP instead of an echo", NULL, &tcp},
		{0, "udp", "PORT", "a datagram of UDP instead of an echo", NULL, &udp},
		{0, "size", "BYTES", "of the IP packet, which must not be fragmented", NULL, &size},
		OPTION_JSON(&json),
		{0}};
	struct lab lab;
	struct explain_request request = {.lab = &lab, .family = AF_UNSPEC};
	struct error err;
	struct words words = {0};
	int status = options_read(verb, options, examples, &argc, &argv);

	if (status != OPTIONS_READ)
		return status;
	for (int i = 0; i < argc; i++)
		if (!words_add(&words, argv[i], &wanted, arena))
			return misused(verb, "nodes of one lab, not \"%s\" too", argv[i]);
	if (words.count != 2)
		return misused(verb, "from where to where? two nodes or addresses");
	if (four && six)
		return misused(verb, "either -4 or -6");
	if (!read_request(verb, tcp, udp, size, &request))
		return STATUS_WRONG;
	request.family = four ? AF_INET : six ? AF_INET6 : AF_UNSPEC;
	request.from = words.list[0];
	request.to = words.list[1];
	if (lab_find(wanted, arena, &lab, &err) < 0)
		return failed(&err);
	return run(&request, json, arena);
}
