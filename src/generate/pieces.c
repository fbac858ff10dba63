// SPDX-License-Identifier: MIT
// What the files of all kinds are put together of: routers, cables, hosts, addresses.
#include "generate/pieces.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "generate/shape.h"

const char *text_of(const struct shape *shape, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return arena_strdup(shape->arena, text);
}

const char *network_of(const struct shape *shape, const char *number, uint32_t most)
{
	const char *operand = strpbrk(number, "+-*/%") ? text_of(shape, "(%s)", number) : number;

	if (most <= UINT8_MAX)
		return text_of(shape, "10.0.{%s}", number);
	return text_of(shape, "10.{%s/256}.{%s%%256}", operand, operand);
}

const char *range_of(const struct shape *shape, const char *name, uint32_t first, uint32_t last)
{
	const char *named = *name ? text_of(shape, "%s=", name) : "";

	if (first == last)
		return text_of(shape, "{%s%" PRIu32 "}", *name ? named : "n=", first);
	return text_of(shape, "{%s%" PRIu32 "..%" PRIu32 "}", named, first, last);
}

void write_router_template(const struct shape *shape, FILE *out)
{
	fputs("\n[template router]\nforward = yes\n", out);
	if (shape->ways == WAYS_OSPF)
		fprintf(out, "frr = %s/ospf.conf\n", shape->folder);
}

void write_router(const struct shape *shape, FILE *out, const char *head, const char *name,
		  const char *like)
{
	fprintf(out, "\n[node %s]\nlike = router%s%s\n", head, *like ? " " : "", like);
	if (shape->ways == WAYS_BGP)
		fprintf(out, "frr = %s/%s.conf\n", shape->folder, name);
}

void write_lan(const struct shape *shape, FILE *out, const char *name, const char *network)
{
	if (shape->hosts)
		fprintf(out, "lan0 = lan%s %s.129/25\n", name, network);
}

void write_hosts(const struct shape *shape, FILE *out, const char *head, const char *name,
		 const char *network)
{
	if (!shape->hosts)
		return;
	if (shape->hosts > 1)
		fprintf(out, "\n[switch lan%s]\n", head);
	fprintf(out, "\n[node h%s", head);
	if (shape->hosts > 1)
		fprintf(out, "-{host=1..%" PRIu32 "}", shape->hosts);
	fprintf(out, "]\neth0 = lan%s %s.%s/25\ngateway = %s.129\n", name, network,
		shape->hosts > 1 ? "{host+129}" : "130", network);
}
