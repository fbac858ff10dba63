// SPDX-License-Identifier: MIT
// The channels on which the processes of an `up` speak.
#include "lab/build.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* In pieces: a whole struct report would be a page more that each node's process touches. */
int build_report(const struct build *build, enum report_kind kind, uint32_t node, const char *text)
{
	const struct report_head head = {kind, node};
	const size_t most = sizeof(((struct report *)NULL)->text) - 1;
	struct iovec parts[] = {{(void *)&head, sizeof(head)},
				{(void *)text, text ? strnlen(text, most) : 0},
				{(void *)"", 1}};
	const struct msghdr message = {.msg_iov = parts, .msg_iovlen = 3};
	ssize_t sent;

	do
		sent = sendmsg(build->channels[CHANNEL_REPORT][SIDE_WRITE], &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : 0;
}

/* The kernel itself tells the sender, translated into our PID namespace: unix(7), SO_PASSCRED. */
static pid_t sender_of(struct msghdr *message)
{
	struct ucred credentials;

	for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part;
	     part = CMSG_NXTHDR(message, part)) {
		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_CREDENTIALS)
			continue;
		memcpy(&credentials, CMSG_DATA(part), sizeof(credentials));
		return credentials.pid;
	}
	return 0;
}

int build_receive(const struct build *build, struct report *report, pid_t *sender)
{
	char control[CMSG_SPACE(sizeof(struct ucred))];
	struct iovec part = {.iov_base = report, .iov_len = sizeof(*report)};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	ssize_t n;

	do
		n = recvmsg(build->channels[CHANNEL_REPORT][SIDE_READ], &message, MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	if (n == 0)
		return 0; /* every sender is gone */
	if ((size_t)n <= sizeof(report->head))
		return -EPROTO;
	report->text[sizeof(report->text) - 1] = '\0';
	*sender = sender_of(&message);
	return 1;
}

int build_open(struct build *build)
{
	const int on = 1;

	memset(build->channels, -1, sizeof(build->channels));
	for (int channel = 0; channel < CHANNELS; channel++) {
		int *ends = build->channels[channel];
		int failed = channel == CHANNEL_REPORT
				     ? socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)
				     : pipe2(ends, O_CLOEXEC);

		if (failed)
			return -errno;
	}
	if (setsockopt(build->channels[CHANNEL_REPORT][SIDE_READ], SOL_SOCKET, SO_PASSCRED, &on,
		       sizeof(on)) < 0)
		return -errno;
	return 0;
}

void build_close(struct build *build, enum channel channel, enum side side)
{
	int *fd = &build->channels[channel][side];

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void build_close_folder(struct build *build)
{
	if (build->folder >= 0)
		close(build->folder);
	build->folder = -1;
}

void build_keep(struct build *build, const struct channel_end *mine, size_t count)
{
	for (int channel = 0; channel < CHANNELS; channel++) {
		for (int side = SIDE_READ; side <= SIDE_WRITE; side++) {
			bool keep = false;

			for (size_t i = 0; i < count; i++)
				keep |= (int)mine[i].channel == channel &&
					(int)mine[i].side == side;
			if (!keep)
				build_close(build, (enum channel)channel, (enum side)side);
		}
	}
}

void reap_for_ever(void)
{
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	for (;;) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		sigwaitinfo(&child, NULL);
	}
}
