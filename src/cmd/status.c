// SPDX-License-Identifier: MIT
// The verb status: nodes as the kernel has them, marked where they differ from the file.
#include <errno.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/error.h"
#include "lab/choose.h"
#include "cmd/cmd.h"
#include "cmd/drift.h"
#include "lab/lab_topology.h"
#include "cmd/options.h"
#include "cmd/report.h"
#include "kernel/observe.h"
#include "lab/lab.h"

static const char examples[] = "  nslab status                  all nodes of the lab\n"
			       "  nslab status -v r1 'h*'\n"
			       "  nslab status campus/r1 --json\n";

/*
 * Enter the node's network and look. A node without its first process is dead, or has none yet,
 * which is no error.
 */
static int look(const struct lab *lab, const struct lab_node *node, const struct topology *topology,
		struct arena *arena, struct node_report *report, struct error *err)
{
	struct observed_interface *list = NULL;
	size_t count = 0;
	int code;

	*report = (struct node_report){.node = node};
	if (!node->process.pid)
		return 0;
	code = lab_services(lab, node, arena, &report->services, &report->service_count, err);
	if (code < 0)
		return code;
	code = lab_enter(lab, node, ENTER_NETWORK, err);
	if (code == -ESRCH)
		return 0;
	if (code >= 0)
		code = observe_interfaces(arena, &list, &count, err);
	if (code < 0)
		return code;
	report->runs = true;
	report->views = drift_compare(topology ? topology_node(topology, node->name) : NULL, list,
				      count, arena, &report->view_count);
	return 0;
}

static int look_at_all(const struct lab *lab, const struct lab_node *nodes, size_t count,
		       struct arena *arena, struct lab_report *report)
{
	struct error err;
	const struct topology *topology = kept_topology(lab, arena, &err);

	if (!topology)
		complain("nothing is compared with the file: %s", err.text);
	*report = (struct lab_report){.lab = lab, .count = count};
	report->nodes = arena_alloc(arena, (count + 1) * sizeof(*report->nodes));
	if (count && nodes[0].process.pid && lab_enter_users(lab, &err) < 0)
		return failed(&err);
	for (size_t i = 0; i < count; i++)
		if (look(lab, &nodes[i], topology, arena, &report->nodes[i], &err) < 0)
			return failed(&err);
	return STATUS_DONE;
}

static void print_names(const struct lab_node *nodes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		puts(nodes[i].name);
}

int cmd_status(const struct verb *verb, int argc, char **argv)
{
	AUTO_ARENA struct arena *arena = arena_new();
	bool json = false, names = false, verbose = false;
	const char *wanted = NULL;
	const struct option_row options[] = {
		OPTION_LAB(&wanted),
		{'v', "verbose", NULL, "also MACs, MTUs, lo and link-local addresses", &verbose,
		 NULL},
		OPTION_JSON(&json),
		{0, "names", NULL, "only the names of the nodes", &names, NULL},
		{0}};
	struct words words = {0};
	struct lab_report report;
	struct lab_node *nodes;
	struct lab lab;
	struct error err;
	size_t count;
	int status = options_read(verb, options, examples, &argc, &argv);

	if (status != OPTIONS_READ)
		return status;
	for (int i = 0; i < argc; i++)
		if (!words_add(&words, argv[i], &wanted, arena))
			return misused(verb, "nodes of one lab, not \"%s\" too", argv[i]);
	if (lab_find_starting(wanted, arena, &lab, &err) < 0 ||
	    choose_nodes(&lab, &words, arena, &nodes, &count, &err) < 0)
		return failed(&err);
	if (names) {
		print_names(nodes, count);
		return STATUS_DONE;
	}
	status = look_at_all(&lab, nodes, count, arena, &report);
	if (status != STATUS_DONE)
		return status;
	if (json)
		report_json(&report, stdout);
	else
		report_print(&report, verbose, arena, stdout);
	return STATUS_DONE;
}
