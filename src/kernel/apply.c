// SPDX-License-Identifier: MIT
// Carry out operations of a plan in the network namespace that the caller is in.
#include "kernel/apply.h"

#include <errno.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "kernel/message.h"
#include "kernel/sysctl.h"
#include "topology/sysctl.h"
#include "kernel/transport.h"
#include "kernel/tuntap.h"
#include "topology/device.h"
#include "topology/srv6.h"

/* One call of apply_ops(). */
struct run {
	const struct op *ops;
	const pid_t *pids;
	uint8_t (*keys)[WIREGUARD_KEY_SIZE]; /* public ones */
	bool open;			     /* the socket, which the first message needs */
	struct transport transport;
	struct wireguard wireguard;

	size_t failures;
	const struct op *op; /* the first that failed; why, as errno and in the kernel's words */
	int number;
	char text[256];
};

static void failed(struct run *run, const struct op *op, int number, const char *text)
{
	if (run->failures++)
		return;
	run->op = op;
	run->number = number;
	snprintf(run->text, sizeof(run->text), "%s", text);
}

static void message_failed(void *data, uint32_t sequence, int number, const char *text)
{
	struct run *run = data;

	failed(run, &run->ops[sequence - 1], number, text);
}

static void flush(struct run *run)
{
	if (run->open)
		transport_flush(&run->transport);
}

static void apply_message(struct run *run, const struct op *op)
{
	struct nl_msg *msg = message_encode(op, (uint32_t)(op - run->ops) + 1, run->pids);
	int number;

	if (msg) {
		transport_add(&run->transport, nlmsg_hdr(msg));
		nlmsg_free(msg);
		return;
	}
	number = errno;
	flush(run); /* so that the first failure is the first in order */
	failed(run, op, number, "");
}

static void apply_sysctl(struct run *run, const struct op *op)
{
	const struct sysctl_owner *owner = sysctl_owner(op->sysctl.path);
	int result;

	/* As root all others could be written too, and would be the machine's. */
	if (!owner || !(op->node->isolate & owner->isolation)) {
		failed(run, op, EPERM, "it is a setting of the whole machine, not of the node");
		return;
	}
	result = sysctl_set(op->sysctl.path, op->sysctl.value);
	if (result < 0 && !(result == -ENOENT && op->sysctl.optional))
		failed(run, op, -result,
		       result == -ENOENT ? "this kernel has no such setting" : "");
}

/* A device that is made by opening a file. */
static void apply_opened(struct run *run, const struct op *op)
{
	int result = tuntap_make(op->interface);

	if (result < 0)
		failed(run, op, -result,
		       result == -ENOENT || result == -ENODEV
			       ? "there is no /dev/net/tun; as root: modprobe tun"
			       : "");
}

static void apply_wireguard(struct run *run, const struct op *op)
{
	char text[WIREGUARD_TEXT_SIZE] = "";
	int result;

	if (op->kind == OP_KEY)
		result = wireguard_make_key(&run->wireguard, op->interface,
					    run->keys[op->interface->device->number], text);
	else
		result = wireguard_add_peer(&run->wireguard, op->peer.interface, op->peer.peer,
					    run->keys[op->peer.peer->interface->device->number],
					    text);
	if (result < 0)
		failed(run, op, -result, text);
}

/* Returns less than 0 only where the socket cannot be had. */
static int apply_op(struct run *run, const struct op *op, struct error *err)
{
	char what[OP_TEXT_SIZE];

	if (message_exists(op)) {
		if (!run->open) {
			int result = transport_open(&run->transport, message_failed, run, err);

			if (result < 0) {
				error_prefix(err, "cannot %s: ", op_text(op, what));
				return result;
			}
			run->open = true;
		}
		apply_message(run, op);
		return 0;
	}
	flush(run);
	if (run->failures)
		return 0;
	if (op->kind == OP_SYSCTL)
		apply_sysctl(run, op);
	else if (op->kind == OP_DEVICE)
		apply_opened(run, op);
	else if ((op->kind == OP_KEY || op->kind == OP_PEER) && run->keys)
		apply_wireguard(run, op);
	else
		failed(run, op, EOPNOTSUPP, "");
	return 0;
}

/* " (lab.ini:12)": what only the kernel can judge is named with its line. */
static void place_text(const struct op *op, char *text, size_t size)
{
	struct place place = {0};

	if (op->kind == OP_SYSCTL)
		place = op->sysctl.place;
	else if (op->kind == OP_ROUTE)
		place = op->route->place;
	else if (op->kind == OP_LABEL)
		place = op->label->place;
	else if (op->kind == OP_SID)
		place = op->sid->place;
	else if (op->kind == OP_PEER)
		place = op->peer.peer->place;
	else if (op->kind == OP_DEVICE)
		place = op->interface->place;
	else if (op->kind == OP_SETTING)
		place = op->interface->port->place;
	text[0] = '\0';
	if (place.line)
		snprintf(text, size, " (%s:%d)", place.file, place.line);
}

static int report(const struct run *run, struct error *err)
{
	char what[OP_TEXT_SIZE], place[OP_TEXT_SIZE], more[48] = "";

	place_text(run->op, place, sizeof(place));
	if (run->failures > 1)
		snprintf(more, sizeof(more),
			 run->failures == 2 ? "; a further operation failed"
					    : "; %zu further operations failed",
			 run->failures - 1);
	error_set(err, 0, "cannot %s%s: %s%s%s%s%s", op_text(run->op, what), place,
		  strerror(run->number), *run->text ? " (" : "", run->text, *run->text ? ")" : "",
		  more);
	err->number = run->number;
	return -run->number;
}

static int apply_all(struct run *run, size_t count, struct error *err)
{
	int result = 0;

	for (size_t i = 0; i < count && !run->failures && result == 0; i++)
		result = apply_op(run, &run->ops[i], err);
	if (run->open) {
		flush(run);
		transport_close(&run->transport);
	}
	wireguard_close(&run->wireguard);
	if (run->failures)
		return report(run, err);
	return result;
}

/* All but the transport, whose 32 KiB need no clearing. */
static void begin(struct run *run, const struct op *ops)
{
	run->ops = ops;
	run->pids = NULL;
	run->keys = NULL;
	run->open = false;
	run->wireguard = (struct wireguard){0};
	run->failures = 0;
}

int apply_ops(const struct op *ops, size_t count, const pid_t *pids, struct error *err)
{
	struct run run;

	begin(&run, ops);
	run.pids = pids;
	return apply_all(&run, count, err);
}

int apply_ops_in_node(const struct op *ops, size_t count, uint8_t (*keys)[WIREGUARD_KEY_SIZE],
		      struct error *err)
{
	struct run run;

	begin(&run, ops);
	run.keys = keys;
	return apply_all(&run, count, err);
}
