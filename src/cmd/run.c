// SPDX-License-Identifier: MIT
// One command in one node: started, waited for, its end as an exit status.
#include "cmd/run.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cmd/cmd.h"
#include "kernel/terminal.h"
#include "lab/lab.h"

/*
 * How long the end of a node may take to show after it has killed its processes: the kernel ends
 * the first one only when all others have been waited for, the command by us.
 */
#define NODE_END_PATIENCE 500 /* milliseconds */
#define NODE_END_STEP	  10

/* Passed on to the command while it runs, unless the caller ignores them. */
static const int passed_signals[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};

#define PASSED (sizeof(passed_signals) / sizeof(passed_signals[0]))

static volatile pid_t running;

/* What the terminal sends (SI_KERNEL) has reached the command already, being in our process group.
 */
static void pass_on(int signal, siginfo_t *info, void *context)
{
	(void)context;
	if (running > 0 && info->si_code != SI_KERNEL)
		kill(running, signal);
}

/* Handlers are the command's defaults after exec, ignored signals stay ignored. */
static void pass_signals_on(void)
{
	struct sigaction old,
		action = {.sa_sigaction = pass_on, .sa_flags = SA_SIGINFO | SA_RESTART};

	for (size_t i = 0; i < PASSED; i++)
		if (sigaction(passed_signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(passed_signals[i], &action, NULL);
}

static void block_passed(sigset_t *before)
{
	sigset_t blocked;

	sigemptyset(&blocked);
	for (size_t i = 0; i < PASSED; i++)
		sigaddset(&blocked, passed_signals[i]);
	sigprocmask(SIG_BLOCK, &blocked, before);
}

_Noreturn static void become(char *const *argv)
{
	int number;

	signal(SIGXFSZ, SIG_DFL); /* main() ignores it */
	execvp(argv[0], argv);
	number = errno;
	complain("cannot run %s: %s", argv[0], strerror(number));
	_exit(number == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE);
}

static int status_of(int wait_status)
{
	if (WIFSIGNALED(wait_status))
		return STATUS_SIGNAL + WTERMSIG(wait_status);
	return WEXITSTATUS(wait_status);
}

static int wait_for(pid_t child, int *wait_status)
{
	while (waitpid(child, wait_status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

static int not_started(void)
{
	complain("cannot start a process: %s", strerror(errno));
	return STATUS_NOT_RUN;
}

static int run_plainly(char *const *argv, int *wait_status)
{
	sigset_t mask;
	pid_t child;

	block_passed(&mask);
	pass_signals_on();
	child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (size_t i = 0; i < PASSED;
		     i++) { /* a handler must not run between here and exec */
			struct sigaction now;

			sigaction(passed_signals[i], NULL, &now);
			if (now.sa_handler != SIG_IGN)
				signal(passed_signals[i], SIG_DFL);
		}
		sigprocmask(SIG_SETMASK, &mask, NULL);
		become(argv);
	}
	if (child < 0)
		return not_started();
	running = child;
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (wait_for(child, wait_status) < 0)
		return not_started();
	return STATUS_DONE;
}

static int run_on_terminal(char *const *argv, int *wait_status)
{
	struct terminal terminal;
	struct error err;
	pid_t child;

	if (terminal_open(&terminal, &err) < 0) {
		failed(&err);
		return STATUS_NOT_RUN;
	}
	child = fork();
	if (child == 0) {
		if (terminal_attach(&terminal) < 0)
			_exit(not_started());
		become(argv);
	}
	if (child < 0)
		return not_started();
	if (terminal_relay(&terminal, child, wait_status, &err) < 0) {
		failed(&err);
		return STATUS_NOT_RUN;
	}
	return STATUS_DONE;
}

int run_enter(const struct lab *lab, const struct lab_node *node)
{
	struct error err;

	if (lab_environment(lab, node, &err) < 0 || lab_enter(lab, node, ENTER_ALL, &err) < 0) {
		failed(&err);
		return STATUS_NOT_RUN;
	}
	process_path_of_root();
	setenv("NSLAB", lab->name, 1);
	setenv("NSLAB_NODE", node->name, 1);
	return STATUS_DONE;
}

/* By number alone, as this process may be where /proc is the node's. */
static bool has_ended(const struct lab_node *node)
{
	for (int waited = 0; waited < NODE_END_PATIENCE; waited += NODE_END_STEP) {
		if (kill(node->process.pid, 0) < 0 && errno == ESRCH)
			return true;
		usleep(NODE_END_STEP * 1000);
	}
	return false;
}

int run_command(const struct lab *lab, const struct lab_node *node, char *const *argv,
		bool terminal)
{
	int wait_status = 0;
	int status = (terminal ? run_on_terminal : run_plainly)(argv, &wait_status);

	if (status != STATUS_DONE)
		return status;
	if (WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGKILL && has_ended(node)) {
		if (terminal) /* whose last line is not at its end */
			fputc('\n', stderr);
		complain("node %s of lab %s has ended", node->name, lab->name);
	}
	return status_of(wait_status);
}
