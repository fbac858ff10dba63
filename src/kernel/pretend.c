// SPDX-License-Identifier: MIT
// Where a lab has one user id alone: let programs believe that they have become another user.
#include "kernel/pretend.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "base/error.h"
#include "kernel/users.h"

/* Programs of another architecture number system calls otherwise, and are left alone. */
#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCHITECTURE AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARCHITECTURE AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
#define ARCHITECTURE AUDIT_ARCH_S390X
#else
#define ARCHITECTURE 0
#endif

#define FIELD(name) (uint32_t) offsetof(struct seccomp_data, name)

/* Error number 0: the call is not made, and succeeds. */
#define SUCCEEDS(call)                                                                             \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##call, 0, 1),                                    \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO)

static struct sock_filter instructions[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(arch)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(nr)),
	SUCCEEDS(setgroups),
	SUCCEEDS(setuid),
	SUCCEEDS(setgid),
	SUCCEEDS(setreuid),
	SUCCEEDS(setregid),
	SUCCEEDS(setresuid),
	SUCCEEDS(setresgid),
	SUCCEEDS(fchown),
	SUCCEEDS(fchownat),
#ifdef __NR_chown
	SUCCEEDS(chown),
	SUCCEEDS(lchown),
#endif
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

int pretend_users(const struct ids *ids, struct error *err)
{
	struct sock_fprog program = {.len = sizeof(instructions) / sizeof(*instructions),
				     .filter = instructions};

	if (ids->users > 1)
		return 0;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		return error_set(err, errno, "cannot let daemons change their user in name");
	return 0;
}
