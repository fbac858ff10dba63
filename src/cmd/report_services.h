/* SPDX-License-Identifier: MIT */
/* What status found out about services, as a table and as JSON. */
#ifndef CMD_REPORT_SERVICES_H
#define CMD_REPORT_SERVICES_H

#include <stdio.h>

struct arena;
struct json;
struct lab_report;
struct node_report;

/* A line for each service, below an empty one; nothing where there are none. */
void report_services_print(const struct lab_report *report, struct arena *arena, FILE *out);

void report_services_json(const struct node_report *report, struct json *json);

#endif
