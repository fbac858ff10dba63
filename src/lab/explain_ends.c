// SPDX-License-Identifier: MIT
// The two ends of a way that is explained: what a user's words mean, and their addresses.
#include "lab/explain_ends.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/error.h"
#include "topology/values.h"

#define OWNERS_MOST 16

/* The first address of the family that the file gives the node, those of lo last. */
static const struct address *address_of_file(const struct node *node, int family)
{
	const struct address *of_lo = NULL;

	for (size_t i = 0; i < node->interface_count; i++)
		for (size_t k = 0; k < node->interfaces[i].address_count; k++) {
			const struct address *address = &node->interfaces[i].addresses[k];

			if (address->family != family || address_is_link_local(address))
				continue;
			if (node->interfaces[i].kind != INTERFACE_LOOPBACK)
				return address;
			of_lo = of_lo ? of_lo : address;
		}
	return of_lo;
}

static bool is_loopback(const struct address *address)
{
	static const uint8_t ipv6[16] = {[15] = 1};

	return address->family == AF_INET ? address->bytes[0] == 127
					  : !memcmp(address->bytes, ipv6, sizeof(ipv6));
}

/* Without one in the file, what DHCP or a command has given it. */
static const struct address *first_address(struct path *path, struct path_node *node, int family)
{
	const struct address *found = address_of_file(node->file, family);

	if (found || !path_look(path, node))
		return found;
	for (size_t i = 0; i < node->count; i++)
		for (size_t k = 0; k < node->list[i].address_count; k++) {
			const struct address *address = &node->list[i].addresses[k];

			if (address->family == family && !is_loopback(address) &&
			    !address_is_link_local(address))
				return address;
		}
	return NULL;
}

/* The node of that name, which may have the lab's domain behind it. */
static struct node *named_node(const struct path *path, const char *word)
{
	const struct topology *topology = path->request->topology;
	const char *domain = topology->domain;
	size_t length = strlen(word), behind = domain ? strlen(domain) : 0;

	if (domain && length > behind + 1 && word[length - behind - 1] == '.' &&
	    !strcasecmp(word + length - behind, domain))
		word = arena_strndup(path->arena, word, length - behind - 1);
	return topology_node(topology, word);
}

static int find_end(struct path *path, const char *word, struct explain_end *end, struct error *err)
{
	const struct explain_request *request = path->request;
	struct node *file = named_node(path, word);
	struct lab_node unused;
	struct path_place owner;

	*end = (struct explain_end){0};
	if (file) {
		end->node = path_node_of(path, file);
		return 0;
	}
	if (value_address(word, ADDRESS_BARE, &end->address))
		return lab_node(request->lab, word, path->arena, &unused, err);
	if (path_owners(path, &end->address, &owner, 1))
		end->node = owner.node;
	return 0;
}

/* Of several who have the address, as of anycast, the one that is the fewest cables away. */
static struct path_node *nearest_owner(struct path *path, const struct path_node *from,
				       const struct address *address)
{
	struct path_place owners[OWNERS_MOST];
	size_t count = path_owners(path, address, owners, OWNERS_MOST), fewest = SIZE_MAX;
	struct path_node *nearest = count ? owners[0].node : NULL;

	for (size_t i = 0; count > 1 && i < count && i < OWNERS_MOST; i++) {
		size_t cables = 0;

		if ((owners[i].node == from ||
		     path_cables(path, from, owners[i].node, true, &cables)) &&
		    cables < fewest) {
			fewest = cables;
			nearest = owners[i].node;
		}
	}
	return nearest;
}

static int choose_family(struct path *path, const struct explain_end *from,
			 const struct explain_end *to)
{
	static const int families[] = {AF_INET, AF_INET6};

	if (to->address.family != AF_UNSPEC)
		return to->address.family;
	if (from->address.family != AF_UNSPEC)
		return from->address.family;
	if (path->request->family != AF_UNSPEC)
		return path->request->family;
	for (size_t i = 0; i < 2 && from->node && to->node; i++)
		if (first_address(path, from->node, families[i]) &&
		    first_address(path, to->node, families[i]))
			return families[i];
	return AF_INET;
}

static int check_ends(struct path *path, const struct explain_end *from, struct explain_end *to,
		      struct error *err)
{
	const struct explain_request *request = path->request;
	int family = AF_UNSPEC;

	if (!from->node)
		return error_set(err, 0, "no node of lab %s has the address %s", request->lab->name,
				 request->from);
	if (from->node->file->kind == NODE_SWITCH ||
	    (to->node && to->node->file->kind == NODE_SWITCH))
		return error_set(err, 0, "a switch neither sends nor takes packets: name nodes");
	if (to->address.family != AF_UNSPEC)
		to->node = nearest_owner(path, from->node, &to->address);
	family = choose_family(path, from, to);
	if (to->address.family == AF_UNSPEC) {
		const struct address *address =
			to->node ? first_address(path, to->node, family) : NULL;

		if (!address)
			return error_set(err, 0, "node %s has no IPv%c address", request->to,
					 family == AF_INET ? '4' : '6');
		to->address = *address;
	}
	if ((from->address.family != AF_UNSPEC && from->address.family != to->address.family) ||
	    (request->family != AF_UNSPEC && request->family != to->address.family))
		return error_set(err, 0, "%s is an IPv%c address", request->to,
				 to->address.family == AF_INET ? '4' : '6');
	return 0;
}

int explain_ends(struct path *path, struct explain_end *from, struct explain_end *to,
		 struct error *err)
{
	int failed = find_end(path, path->request->from, from, err);

	if (failed >= 0)
		failed = find_end(path, path->request->to, to, err);
	return failed < 0 ? failed : check_ends(path, from, to, err);
}
