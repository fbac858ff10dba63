// SPDX-License-Identifier: MIT
// Queueing disciplines as commands of tc.
#include "plan/script.h"

#include <inttypes.h>

#include "plan/qdisc.h"
#include "topology/impairment.h"
#include "topology/units.h"

static void percent(const char *before, uint32_t part, FILE *out)
{
	char text[UNIT_TEXT_SIZE];

	if (part)
		fprintf(out, "%s%s", before, percent_text(part, text));
}

static void chance(const char *word, const struct chance *chance, FILE *out)
{
	char before[32];

	snprintf(before, sizeof(before), " %s ", word);
	percent(before, chance->probability, out);
	if (chance->probability)
		percent(" ", chance->correlation, out);
}

static void delay(const struct impairment *impairment, FILE *out)
{
	char text[UNIT_TEXT_SIZE];

	if (!impairment->delay)
		return;
	fprintf(out, " delay %s", time_text(impairment->delay, text));
	if (!impairment->jitter)
		return;
	fprintf(out, " %s", time_text(impairment->jitter, text));
	percent(" ", impairment->jitter_correlation, out);
	if (impairment->distribution != DISTRIBUTION_UNIFORM)
		fprintf(out, " distribution %s", distribution_word(impairment->distribution));
}

static void loss(const struct impairment *impairment, FILE *out)
{
	char text[IMPAIR_TEXT_SIZE];

	if (impairment->loss.model)
		fprintf(out, " loss %s%s", impairment->loss.model == LOSS_RANDOM ? "random " : "",
			impair_text(impairment, IMPAIR_LOSS, text));
}

static void netem(const struct impairment *impairment, FILE *out)
{
	fprintf(out, " netem limit %u", netem_limit(impairment));
	delay(impairment, out);
	loss(impairment, out);
	chance("duplicate", &impairment->duplicate, out);
	chance("corrupt", &impairment->corrupt, out);
	chance("reorder", &impairment->reorder, out);
	if (impairment->gap > 1)
		fprintf(out, " gap %u", impairment->gap);
	if (impairment->seeded)
		fprintf(out, " seed %" PRIu64, impairment->seed);
}

static void tbf(const struct impairment *impairment, const struct interface *interface, FILE *out)
{
	char text[UNIT_TEXT_SIZE];

	fprintf(out, " tbf rate %s burst %u limit %u", rate_text(impairment->rate, text),
		tbf_burst(impairment, interface), tbf_limit(impairment, interface));
}

static void place(enum qdisc_kind kind, FILE *out)
{
	if (kind == QDISC_NETEM_TBF)
		fprintf(out, " parent %x:%x", qdisc_parent(kind) >> 16,
			qdisc_parent(kind) & 0xffff);
	else
		fputs(" root", out);
}

void script_qdisc(const struct op *op, FILE *out)
{
	enum qdisc_kind kind = op->qdisc.kind;

	fprintf(out, "tc -n %s qdisc add dev %s", op->node->name, op->qdisc.interface->name);
	place(kind, out);
	fprintf(out, " handle %x:", qdisc_handle(kind) >> 16);
	if (kind == QDISC_NETEM)
		netem(op->qdisc.impairment, out);
	else
		tbf(op->qdisc.impairment, op->qdisc.interface, out);
}

void script_no_qdisc(const struct op *op, FILE *out)
{
	fprintf(out, "tc -n %s qdisc del dev %s", op->node->name, op->qdisc.interface->name);
	place(op->qdisc.kind, out);
}
