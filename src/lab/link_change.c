// SPDX-License-Identifier: MIT
// Cables cut, mended and changed while the lab runs.
#include "lab/link_change.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "kernel/feature.h"
#include "lab/cut.h"
#include "lab/lab.h"
#include "plan/op.h"

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

/* What is to be done in one node. */
struct batch {
	struct op *ops;
	size_t count;
};

struct work {
	const struct cables *cables;
	const struct link_change *change;
	struct arena *arena;
	struct batch *batches; /* by node->number - 1 */
	bool *used;	       /* by setting: it has named an end */
};

/* What a setting takes of the kernel; "none" takes nothing. A seed is netem's. */
static bool takes(const struct setting *setting, enum feature feature)
{
	if (feature == FEATURE_NETEM)
		return setting->values.seeded || impairment_takes_netem(&setting->values);
	if (feature == FEATURE_NETEM_SEED)
		return setting->values.seeded;
	return feature == FEATURE_TBF && setting->values.rate;
}

/* A reset takes nothing that the lab did not take when it came up. */
int link_check_kernel(const struct link_change *change, struct error *err)
{
	static const enum feature asked[] = {FEATURE_NETEM, FEATURE_NETEM_SEED, FEATURE_TBF};
	bool wanted[FEATURE_COUNT] = {false};
	char cause[FEATURE_CAUSE_SIZE], remedy[FEATURE_REMEDY_SIZE];
	int missing[FEATURE_COUNT];

	for (size_t i = 0; i < change->count; i++)
		for (size_t k = 0; k < COUNT(asked); k++)
			wanted[asked[k]] |= takes(&change->settings[i], asked[k]);
	if (change->action != LINK_SET || feature_missing(wanted, missing, err) < 0)
		return change->action == LINK_SET ? -1 : 0;
	for (size_t i = 0; i < change->count; i++)
		for (size_t k = 0; k < COUNT(asked); k++) {
			enum feature feature = asked[k];

			if (!missing[feature] || !takes(&change->settings[i], feature))
				continue;
			return error_set(err, 0, "%s needs %s: %s; remedy: %s",
					 change->settings[i].text, features[feature].name,
					 feature_cause(feature, missing[feature], cause),
					 feature_remedy(feature, missing[feature], remedy));
		}
	return 0;
}

static struct op *add(struct work *work, enum op_kind kind, const struct interface *interface)
{
	struct batch *batch = &work->batches[interface->node->number - 1];
	struct op *op = array_push(work->arena, batch->ops, batch->count);

	op->kind = kind;
	op->node = interface->node;
	return op;
}

static void add_qdisc(struct work *work, enum op_kind kind, const struct interface *interface,
		      const struct impairment *target, enum qdisc_kind qdisc)
{
	struct op *op = add(work, kind, interface);

	op->qdisc.interface = interface;
	op->qdisc.impairment = target;
	op->qdisc.kind = qdisc;
}

/*
 * Can what is at the root be changed into this, or replaced by it at once? The kernel takes a
 * handle that is there for what it names, whatever the kind.
 */
static bool fits(const struct observed_interface *kernel, enum qdisc_kind root)
{
	const char *kind = root == QDISC_NETEM ? "netem" : "tbf";

	return kernel->qdisc_handle != qdisc_handle(root) || !strcmp(kernel->qdisc, kind);
}

/* From what the kernel has to the target. What is there and stays keeps its packets. */
static void plan_target(struct work *work, const struct cable_end *end,
			const struct impairment *target)
{
	const struct observed_interface *kernel = end->kernel;
	enum qdisc_kind kinds[QDISC_MOST];
	size_t count = qdiscs_of(target, kinds);

	if (count ? !fits(kernel, kinds[0]) : kernel->qdisc_handle != 0)
		add_qdisc(work, OP_NO_QDISC, end->file, target, QDISC_TBF);
	else if (count == 1 && kernel->qdisc_inner && kinds[0] == QDISC_NETEM)
		add_qdisc(work, OP_NO_QDISC, end->file, target, QDISC_NETEM_TBF);
	for (size_t i = 0; i < count; i++)
		add_qdisc(work, OP_QDISC, end->file, target, kinds[i]);
}

/* As in the file, and with its distribution, be it none: what is there cannot be known. */
static struct impairment reset_target(const struct cable_end *end)
{
	struct impairment target = {0};

	if (end->file->impaired)
		target = end->file->impaired->values;
	target.given |= 1U << IMPAIR_DISTRIBUTION;
	return target;
}

/* As it is, with what the settings name for this end. False: they name nothing. */
static bool set_target(struct work *work, const struct cable_end *end, struct impairment *target)
{
	bool any = false;

	*target = end->kernel->impairment;
	target->given = 0;
	for (size_t i = 0; i < work->change->count; i++) {
		const struct setting *setting = &work->change->settings[i];

		if (setting->node && strcmp(setting->node, end->file->node->name) != 0)
			continue;
		any = work->used[i] = true;
		impairment_merge(target, &setting->values);
	}
	/* netem always has a seed, of its own choice if need be: unasked for it is worth no fault.
	 */
	if (!(target->given & 1U << IMPAIR_SEED) && !impairment_is_random(target))
		target->seeded = false;
	return any;
}

static int check_target(const struct cable *cable, const struct cable_end *end,
			const struct impairment *target, struct work *work, struct error *err)
{
	for (int i = 0; i < IMPAIR_COUNT; i++) {
		const char *wrong = impairment_wrong(target, (enum impair)i);

		if (wrong)
			return error_set(err, 0, "cannot change link %s (%s): %s",
					 cable->segment->name, cable_end_title(end, work->arena),
					 wrong);
	}
	return 0;
}

static int not_there(const struct work *work, const struct cable *cable,
		     const struct cable_end *end, struct error *err)
{
	for (int i = 0; i < 2; i++) {
		const struct node *node = cable->ends[i].file->node;

		if (work->cables->dead[node->number - 1])
			return error_set(err, 0,
					 "cannot change link %s: node %s is dead, and has taken "
					 "the cable along",
					 cable->segment->name, node->name);
	}
	return error_set(err, 0, "cannot change link %s: its end %s is not there any more",
			 cable->segment->name, cable_end_title(end, work->arena));
}

static int plan_impairment(struct work *work, const struct cable *cable, struct error *err)
{
	for (int i = 0; i < 2; i++) {
		const struct cable_end *end = &cable->ends[i];
		struct impairment *target;

		if (!end->kernel)
			return not_there(work, cable, end, err);
		target = arena_alloc(work->arena, sizeof(*target));
		if (work->change->action == LINK_RESET)
			*target = reset_target(end);
		else if (!set_target(work, end, target))
			continue;
		if (check_target(cable, end, target, work, err) < 0)
			return -1;
		plan_target(work, end, target);
	}
	return 0;
}

/*
 * A veth has a carrier while its peer is up (veth_open(), veth_close() in drivers/net/veth.c), and
 * it can have none in no other way: it has neither ndo_change_carrier nor protodown. So one end is
 * set down, and the other one is then exactly as with a pulled cable. The end that is set down is
 * that of a switch, which loses nothing by it; between two hosts the second one, whose routes are
 * kept and given back (lab/cut.c). A node that is stopped loses its own ends, all of them.
 */
static const struct cable_end *end_to_cut(const struct work *work, const struct cable *cable)
{
	if (work->change->at)
		return &cable->ends[strcmp(cable->ends[0].file->node->name, work->change->at) != 0];
	return &cable->ends[cable->ends[0].file->node->kind == NODE_HOST];
}

static int plan_state(struct work *work, const struct cable *cable, struct error *err)
{
	if (work->change->action == LINK_DOWN) {
		const struct cable_end *end = end_to_cut(work, cable);

		if (!end->kernel)
			return not_there(work, cable, end, err);
		if (work->change->at ? end->kernel->up : !cable_is_down(cable))
			add(work, OP_DOWN, end->file)->interface = end->file;
		return 0;
	}
	for (int i = 0; i < 2; i++) {
		const struct cable_end *end = &cable->ends[i];

		if (work->change->at && end != end_to_cut(work, cable))
			continue;
		if (!end->kernel)
			return not_there(work, cable, end, err);
		/* The end that is cut also where it is up again by hand: its routes may still wait.
		 */
		if (!end->kernel->up || end == end_to_cut(work, cable))
			add(work, OP_UP, end->file)->interface = end->file;
	}
	return 0;
}

static int plan(struct work *work, struct error *err)
{
	bool state = work->change->action == LINK_DOWN || work->change->action == LINK_UP;

	for (size_t i = 0; i < work->cables->count; i++) {
		const struct cable *cable = &work->cables->list[i];
		int failed =
			state ? plan_state(work, cable, err) : plan_impairment(work, cable, err);

		if (failed < 0)
			return failed;
	}
	for (size_t i = 0; i < work->change->count; i++)
		if (!work->used[i])
			return error_set(err, 0, "%s: \"%s\" is at no end of %s",
					 work->change->settings[i].text,
					 work->change->settings[i].node,
					 work->cables->count == 1 ? "this link" : "these links");
	return 0;
}

static int carry_out(const struct work *work, struct error *err)
{
	const struct cables *cables = work->cables;

	for (size_t i = 0; i < cables->topology->node_count; i++) {
		const struct batch *batch = &work->batches[i];
		int failed;

		if (!batch->count)
			continue;
		failed = lab_enter(cables->lab, &cables->nodes[i], ENTER_NETWORK, err);
		if (failed >= 0)
			failed = cut_apply(cables->lab, &cables->nodes[i], batch->ops, batch->count,
					   work->arena, err);
		if (failed < 0)
			return failed;
	}
	return 0;
}

int link_apply(const struct cables *cables, const struct link_change *change, struct arena *arena,
	       struct error *err)
{
	size_t nodes = cables->topology->node_count;
	struct work work = {.cables = cables, .change = change, .arena = arena};

	work.batches = arena_alloc(arena, (nodes + 1) * sizeof(*work.batches));
	work.used = arena_alloc(arena, change->count + 1);
	if (plan(&work, err) < 0)
		return -1;
	return carry_out(&work, err);
}
