// SPDX-License-Identifier: MIT
// Settle the files and names of nodes: folders are there, name servers are nodes or addresses.
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"
#include "topology/build.h"
#include "topology/files.h"
#include "topology/settle.h"
#include "topology/values.h"

const char *const files_replaced[] = {
	"/etc/frr", /* frr.conf is preferred to zebra.conf, bgpd.conf and their like */
	"/etc/quagga",
	"/etc/bird",
	"/etc/dnsmasq.d", /* and so on: every file is read */
	"/etc/nginx/conf.d",
	"/etc/nginx/sites-enabled",
	"/etc/apache2/sites-enabled",
	"/etc/unbound/unbound.conf.d",
	"/etc/network/interfaces.d",
	"/etc/wireguard",
	NULL,
};

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void check_folder(struct build *build, const struct files *files)
{
	struct report *report = &build->report;
	struct stat st;

	if (!files->folder || !build->folder || is_folder(build_beside(build, files->folder)))
		return;
	if (stat(build_beside(build, files->folder), &st) == 0)
		report_fault(report, files->place, "files: \"%s\" is no folder",
			     shown(report, files->folder));
	else
		report_fault(report, files->place, "files: there is no folder \"%s\"%s",
			     shown(report, files->folder),
			     did_you_mean(report, build_near_folder(build, files->folder)));
}

/* Without mounts of its own a node has the machine's files, and they must stay as they are. */
static void refuse_files(struct build *build, const struct node *node)
{
	const struct {
		const char *key;
		bool given;
		struct place place;
	} keys[] = {
		{"files", node->files.folder, node->files.place},
		{"files.replace", node->files.replace.count, node->files.replace.place},
		{"files.over", node->files.over.count, node->files.over.place},
		{"private", node->privates.count, node->privates.place},
		{"disk", node->disk, node->disk_place},
		{"dns", node->server_count,
		 node->server_count ? node->servers[0].place : node->place},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (keys[i].given)
			report_fault(&build->report, keys[i].place,
				     "%s: node %s has the machine's files, as its isolate leaves "
				     "out mount",
				     keys[i].key, node->name);
}

static void offer_folder(struct build *build, const char *name)
{
	struct node *node = topology_node(build->topology, name);

	if (!node || !(node->isolate & ISOLATE_MOUNT) || node->files.folder ||
	    !is_folder(build_beside(build, name)))
		return;
	node->files.folder = node->name;
	node->files.place = node->place;
}

/*
 * A folder beside the file that has a node's name is meant for it. The folder of the file is read
 * once: to ask for each node would cost a system call for each of a million.
 */
static void find_defaults(struct build *build)
{
	DIR *listing = build->folder ? opendir(*build->folder ? build->folder : ".") : NULL;
	struct dirent *entry;

	while (listing && (entry = readdir(listing)))
		offer_folder(build, entry->d_name);
	if (listing)
		closedir(listing);
}

static bool has_address(const struct node *node)
{
	for (size_t i = 1; i < node->interface_count; i++)
		if (node->interfaces[i].address_count)
			return true;
	return node->interfaces[0].address_count > 0;
}

static void check_server(struct build *build, const struct name_server *server)
{
	struct report *report = &build->report;
	const struct node *node = topology_node(build->topology, server->word);
	struct address address;

	if (value_address(server->word, ADDRESS_BARE, &address) == NULL)
		return;
	if (node && !has_address(node))
		report_fault(report, server->place, "dns: node %s has no address", node->name);
	if (node)
		return;
	report_fault(report, server->place, "dns: \"%s\" is neither a node nor an address%s",
		     shown(report, server->word),
		     did_you_mean(report, near_node(build, server->place, server->word, NULL)));
}

void settle_files(struct build *build)
{
	struct topology *topology = build->topology;

	check_folder(build, &topology->files);
	find_defaults(build);
	for (size_t i = 0; i < topology->node_count && !report_full(&build->report); i++) {
		struct node *node = &topology->nodes[i];

		if (!(node->isolate & ISOLATE_MOUNT)) {
			refuse_files(build, node);
			continue;
		}
		check_folder(build, &node->files);
		for (size_t k = 0; k < node->server_count; k++)
			check_server(build, &node->servers[k]);
	}
}
