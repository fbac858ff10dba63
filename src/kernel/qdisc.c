// SPDX-License-Identifier: MIT
// Impairments as the kernel has them: netem and tbf in netlink messages, written and read.
#include "kernel/qdisc.h"

#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "kernel/distribution.h"
#include "topology/impairment.h"

/* Since Linux 6.7; older headers lack it, and older kernels ignore it. */
#define NETEM_PRNG_SEED 14
#define NETEM_ATTRS	16

/* The kernel counts its old fields in ticks of 64 ns; those in nanoseconds come beside them. */
static uint32_t ticks(int64_t nanoseconds)
{
	uint64_t count = (uint64_t)nanoseconds >> 6;

	return count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
}

static bool has_table(const struct impairment *impairment)
{
	return impairment->given & 1U << IMPAIR_DISTRIBUTION;
}

size_t qdisc_size(const struct op *op)
{
	bool table = op->qdisc.kind == QDISC_NETEM && has_table(op->qdisc.impairment);

	return table ? DISTRIBUTION_SIZE * sizeof(int16_t) + NLA_HDRLEN : 0;
}

static int put_loss(struct nl_msg *msg, const struct loss *loss)
{
	const uint32_t *p = loss->parameters;
	const struct tc_netem_gimodel state = {
		.p13 = p[0], .p31 = p[1], .p32 = p[2], .p23 = p[3], .p14 = p[4]};
	/* 1-h is written, h is kept. */
	const struct tc_netem_gemodel gemodel = {
		.p = p[0], .r = p[1], .h = UINT32_MAX - p[2], .k1 = p[3]};
	struct nlattr *nest;
	int failed;

	if (loss->model != LOSS_STATE && loss->model != LOSS_GEMODEL)
		return 0;
	nest = nla_nest_start(msg, TCA_NETEM_LOSS);
	if (!nest)
		return -1;
	failed = loss->model == LOSS_STATE ? nla_put(msg, NETEM_LOSS_GI, sizeof(state), &state)
					   : nla_put(msg, NETEM_LOSS_GE, sizeof(gemodel), &gemodel);
	return failed < 0 ? failed : nla_nest_end(msg, nest);
}

static int put_table(struct nl_msg *msg, const struct impairment *impairment)
{
	if (!has_table(impairment))
		return 0;
	return nla_put(msg, TCA_NETEM_DELAY_DIST, DISTRIBUTION_SIZE * sizeof(int16_t),
		       distribution_table(impairment->distribution));
}

/*
 * A change keeps what no attribute names (netem_change() in net/sched/sch_netem.c), so all of them
 * are written, zero or not. But for the table: it is kept where nothing is said, as it cannot be
 * read back.
 */
static int put_netem(struct nl_msg *msg, const struct impairment *of)
{
	const struct tc_netem_corr correlations = {
		.delay_corr = of->jitter_correlation,
		.loss_corr = of->loss.model == LOSS_RANDOM ? of->loss.parameters[1] : 0,
		.dup_corr = of->duplicate.correlation};
	const struct tc_netem_reorder reorder = {of->reorder.probability, of->reorder.correlation};
	const struct tc_netem_corrupt corrupt = {of->corrupt.probability, of->corrupt.correlation};
	const struct tc_netem_rate rate = {0};
	const struct tc_netem_qopt options = {
		.latency = ticks(of->delay),
		.jitter = ticks(of->jitter),
		.limit = netem_limit(of),
		.loss = of->loss.model == LOSS_RANDOM ? of->loss.parameters[0] : 0,
		.gap = of->gap,
		.duplicate = of->duplicate.probability};

	/* Not a list of attributes, but a structure with one behind it. */
	if (nlmsg_append(msg, (void *)&options, sizeof(options), NLA_ALIGNTO) < 0 ||
	    nla_put(msg, TCA_NETEM_CORR, sizeof(correlations), &correlations) < 0 ||
	    nla_put(msg, TCA_NETEM_REORDER, sizeof(reorder), &reorder) < 0 ||
	    nla_put(msg, TCA_NETEM_CORRUPT, sizeof(corrupt), &corrupt) < 0 ||
	    nla_put(msg, TCA_NETEM_RATE, sizeof(rate), &rate) < 0 ||
	    nla_put(msg, TCA_NETEM_LATENCY64, sizeof(of->delay), &of->delay) < 0 ||
	    nla_put(msg, TCA_NETEM_JITTER64, sizeof(of->jitter), &of->jitter) < 0 ||
	    put_loss(msg, &of->loss) < 0 || put_table(msg, of) < 0)
		return -1;
	return of->seeded ? nla_put_u64(msg, NETEM_PRNG_SEED, of->seed) : 0;
}

static int put_tbf(struct nl_msg *msg, const struct op *op)
{
	const struct impairment *impairment = op->qdisc.impairment;
	uint64_t rate = impairment->rate;
	const struct tc_tbf_qopt options = {
		/* With a link layer that is known it needs no table of transmission times. */
		.rate = {.rate = rate > UINT32_MAX ? UINT32_MAX : (uint32_t)rate,
			 .linklayer = TC_LINKLAYER_ETHERNET},
		.limit = tbf_limit(impairment, op->qdisc.interface)};

	if (nla_put(msg, TCA_TBF_PARMS, sizeof(options), &options) < 0 ||
	    nla_put_u32(msg, TCA_TBF_BURST, tbf_burst(impairment, op->qdisc.interface)) < 0)
		return -1;
	return rate > UINT32_MAX ? nla_put_u64(msg, TCA_TBF_RATE64, rate) : 0;
}

int qdisc_encode(const struct op *op, struct nl_msg *msg)
{
	bool removes = op->kind == OP_NO_QDISC, netem = op->qdisc.kind == QDISC_NETEM;
	struct tcmsg header = {.tcm_family = AF_UNSPEC,
			       .tcm_ifindex = (int)op->qdisc.interface->index,
			       .tcm_handle = removes ? 0 : qdisc_handle(op->qdisc.kind),
			       .tcm_parent = qdisc_parent(op->qdisc.kind)};
	struct nlattr *nest;
	int failed;

	if (nlmsg_append(msg, &header, sizeof(header), NLMSG_ALIGNTO) < 0)
		return -1;
	if (removes)
		return 0;
	if (nla_put_string(msg, TCA_KIND, netem ? "netem" : "tbf") < 0)
		return -1;
	nest = nla_nest_start(msg, TCA_OPTIONS);
	if (!nest)
		return -1;
	failed = netem ? put_netem(msg, op->qdisc.impairment) : put_tbf(msg, op);
	return failed < 0 ? failed : nla_nest_end(msg, nest);
}

/* The attribute's bytes, as many as there are of those wanted; false: it is not there. */
static bool get(struct nlattr *attr, void *to, size_t size)
{
	size_t length = attr ? (size_t)nla_len(attr) : 0;

	if (length)
		memcpy(to, nla_data(attr), length < size ? length : size);
	return length > 0;
}

static void get_loss(struct nlattr *attr, struct loss *loss)
{
	struct nlattr *attrs[NETEM_LOSS_MAX + 1];
	struct tc_netem_gimodel state = {0};
	struct tc_netem_gemodel gemodel = {0};

	if (!attr || nla_parse_nested(attrs, NETEM_LOSS_MAX, attr, NULL) < 0)
		return;
	if (get(attrs[NETEM_LOSS_GI], &state, sizeof(state)))
		*loss = (struct loss){LOSS_STATE,
				      {state.p13, state.p31, state.p32, state.p23, state.p14}};
	if (get(attrs[NETEM_LOSS_GE], &gemodel, sizeof(gemodel)))
		*loss = (struct loss){LOSS_GEMODEL,
				      {gemodel.p, gemodel.r, UINT32_MAX - gemodel.h, gemodel.k1}};
}

static void get_netem_options(const struct tc_netem_qopt *options, struct impairment *to)
{
	to->delay = (int64_t)options->latency << 6;
	to->jitter = (int64_t)options->jitter << 6;
	to->limit = options->limit == NETEM_LIMIT ? 0 : options->limit;
	to->gap = options->gap;
	to->duplicate.probability = options->duplicate;
	if (options->loss)
		to->loss = (struct loss){LOSS_RANDOM, {options->loss}};
}

static void decode_netem(struct nlattr *options, struct impairment *to)
{
	struct nlattr *attrs[NETEM_ATTRS + 1];
	struct tc_netem_qopt old = {0};
	struct tc_netem_corr correlations = {0};
	struct tc_netem_rate rate = {0};
	int head = NLA_ALIGN(sizeof(old));

	get(options, &old, sizeof(old));
	get_netem_options(&old, to);
	if (nla_len(options) < head ||
	    nla_parse(attrs, NETEM_ATTRS, (struct nlattr *)((char *)nla_data(options) + head),
		      nla_len(options) - head, NULL) < 0)
		return;
	get(attrs[TCA_NETEM_LATENCY64], &to->delay, sizeof(to->delay));
	get(attrs[TCA_NETEM_JITTER64], &to->jitter, sizeof(to->jitter));
	get(attrs[TCA_NETEM_REORDER], &to->reorder, sizeof(to->reorder));
	get(attrs[TCA_NETEM_CORRUPT], &to->corrupt, sizeof(to->corrupt));
	get(attrs[TCA_NETEM_CORR], &correlations, sizeof(correlations));
	to->jitter_correlation = correlations.delay_corr;
	to->duplicate.correlation = correlations.dup_corr;
	if (to->loss.model == LOSS_RANDOM)
		to->loss.parameters[1] = correlations.loss_corr;
	get_loss(attrs[TCA_NETEM_LOSS], &to->loss);
	/* Only tc(8) sets a rate here: nslab's is tbf's. A change keeps it, as that. */
	if (get(attrs[TCA_NETEM_RATE], &rate, sizeof(rate)) && rate.rate)
		to->rate = rate.rate;
	get(attrs[TCA_NETEM_RATE64], &to->rate, sizeof(to->rate));
	to->seeded = get(attrs[NETEM_PRNG_SEED], &to->seed, sizeof(to->seed));
}

static void decode_tbf(struct nlattr *options, uint32_t mtu, struct impairment *to)
{
	struct nlattr *attrs[TCA_TBF_MAX + 1];
	struct tc_tbf_qopt parameters = {0};

	if (nla_parse_nested(attrs, TCA_TBF_MAX, options, NULL) < 0 ||
	    !get(attrs[TCA_TBF_PARMS], &parameters, sizeof(parameters)))
		return;
	to->rate = parameters.rate.rate;
	get(attrs[TCA_TBF_RATE64], &to->rate, sizeof(to->rate));
	to->limit = tbf_packets(parameters.limit, to, mtu);
}

bool qdisc_decode(const char *kind, struct nlattr *options, uint32_t mtu, struct impairment *to)
{
	bool netem = !strcmp(kind, "netem"), tbf = !strcmp(kind, "tbf");

	if (netem && options)
		decode_netem(options, to);
	if (tbf && options)
		decode_tbf(options, mtu, to);
	return netem || tbf;
}
