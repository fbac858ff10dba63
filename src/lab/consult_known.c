// SPDX-License-Identifier: MIT
// What the daemons of routers know of a way that their kernels do not have.
#include <netinet/in.h>
#include <string.h>

#include "base/arena.h"
#include "lab/consult_run.h"

/* How to ask, with the address behind it, and by what in the answer a way is known. */
static const struct knower {
	const char *socket;
	const char *program, *option, *daemon; /* "vtysh", "-d", "bgpd"; or "birdc" alone */
	const char *question;		       /* in front of the address */
	const char *sign;		       /* in the answer: that it is so */
	const char *hop;		       /* in front of the next hop; NULL: not told */
	const char *words;		       /* behind "r1 has a" */
	bool six;			       /* of IPv6 */
} knowers[] = {
	{"/run/frr/bgpd.vty", "vtysh", "-d", "bgpd", "show bgp ipv4 unicast ", "(inaccessible)",
	 "    ", "BGP route to it whose next hop it cannot reach", false},
	{"/run/frr/bgpd.vty", "vtysh", "-d", "bgpd", "show bgp ipv6 unicast ", "(inaccessible)",
	 "    ", "BGP route to it whose next hop it cannot reach", true},
	{"/run/frr/zebra.vty", "vtysh", "-d", "zebra", "show ip route ", "Known via \"", NULL,
	 "route to it in zebra, which the kernel has not got", false},
	{"/run/frr/zebra.vty", "vtysh", "-d", "zebra", "show ipv6 route ", "Known via \"", NULL,
	 "route to it in zebra, which the kernel has not got", true},
	{"/run/bird/bird.ctl", "birdc", NULL, NULL, "show route for ", "unicast [", NULL,
	 "route to it in BIRD, which BIRD does not give the kernel", false},
	{"/run/bird/bird.ctl", "birdc", NULL, NULL, "show route for ", "unicast [", NULL,
	 "route to it in BIRD, which BIRD does not give the kernel", true},
};

/* ": 10.9.1.1", out of the line with the sign; "" where that does not tell. */
static const char *hop_of(const struct knower *knower, const char *at, const char *text,
			  struct arena *arena)
{
	while (at > text && at[-1] != '\n')
		at--;
	if (!knower->hop || strncmp(at, knower->hop, strlen(knower->hop)) != 0)
		return "";
	at += strlen(knower->hop);
	return arena_printf(arena, ": %.*s", (int)strcspn(at, " \n"), at);
}

/* Does it know a way? Then that is said, and true. */
static bool ask(struct consulting *consulting, const struct knower *knower,
		const struct path_node *at, const struct address *address)
{
	struct path *path = consulting->path;
	const char *question =
		arena_printf(path->arena, "%s%s", knower->question, path_address(path, address));
	const char *suite[] = {
		knower->program, knower->option, knower->daemon, "-c", question, NULL};
	const char *single[] = {knower->program, question, NULL};
	const char *text = consult_ask(path, at, knower->socket, knower->option ? suite : single);
	const char *sign = text ? strstr(text, knower->sign) : NULL;

	if (!sign)
		return false;
	consult_add(consulting, at, at,
		    arena_printf(path->arena, "%s has a %s%s", at->file->name, knower->words,
				 hop_of(knower, sign, text, path->arena)));
	return true;
}

void consult_known(struct consulting *consulting, const struct borders *borders,
		   const struct address *address)
{
	for (size_t n = 0; n < borders->count; n++)
		for (size_t i = 0; !borders->routes[n] && i < sizeof(knowers) / sizeof(*knowers);
		     i++)
			if (knowers[i].six == (address->family == AF_INET6) &&
			    ask(consulting, &knowers[i], borders->nodes[n], address))
				break;
}
