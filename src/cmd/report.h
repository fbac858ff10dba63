/* SPDX-License-Identifier: MIT */
/* What status found out about nodes, as a table and as JSON. */
#ifndef CMD_REPORT_H
#define CMD_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct arena;
struct interface_view;
struct lab;
struct lab_node;
struct lab_service;

struct node_report {
	const struct lab_node *node;
	bool runs; /* its first process; else it has no views */
	struct interface_view *views;
	size_t view_count;
	struct lab_service *services;
	size_t service_count;
};

struct lab_report {
	const struct lab *lab;
	struct node_report *nodes;
	size_t count;
};

/* A line for each interface, then one for each service; below them what the marks mean, where there
 * are any. */
void report_print(const struct lab_report *report, bool verbose, struct arena *arena, FILE *out);

void report_json(const struct lab_report *report, FILE *out);

#endif
