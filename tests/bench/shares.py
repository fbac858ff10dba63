# SPDX-License-Identifier: MIT
"""Where the time of `nslab up` goes: samples of all processors, told apart by the kernel's functions."""

import shutil
import subprocess

# The first row decides that names a function of the sample's stack: what is within a clone is the
# clone's, a page that is copied while the kernel reads a message is the fault's.
SHARES = (
    ("page faults", ("exc_page_fault",)),
    ("clone: network namespace", ("copy_net_ns",)),
    ("clone: mount namespace", ("copy_mnt_ns",)),
    ("clone: memory", ("dup_mm", "dup_mmap", "copy_page_range")),
    ("clone: other", ("copy_process", "kernel_clone")),
    ("netlink: links", ("rtnl_newlink", "rtnl_setlink")),
    ("netlink: other", ("netlink_sendmsg", "netlink_recvmsg")),
    ("mounts", ("path_mount", "__x64_sys_umount", "do_move_mount", "__x64_sys_pivot_root")),
    ("sysctls", ("proc_sys_call_handler",)),
    ("exit", ("do_exit", "exit_mmap")),
    ("other system calls", ("do_syscall_64", "el0_svc", "do_syscall_x64")),
)
REST = "nslab itself"


def lacks():
    return None if shutil.which("perf") else "there is no perf: scripts/install-packages bench"


def share_of(stack):
    for name, functions in SHARES:
        if any(function in stack for function in functions):
            return name
    return REST


def stacks(text):
    """The set of functions of each sample: blocks of lines "ADDRESS FUNCTION", a blank line between."""
    for block in text.split("\n\n"):
        lines = [line.split() for line in block.splitlines() if line.startswith(("\t", " "))]
        if lines:
            yield {words[1] for words in lines if len(words) > 1}


def shares(command, folder):
    """Share -> percent of the samples, while the command runs."""
    data = folder / "perf.data"
    record = ["perf", "record", "--all-cpus", "--event", "cpu-clock", "--freq", "1999", "-g"]
    recorded = subprocess.run(record + ["--output", data, "--", *command], capture_output=True, text=True)
    if recorded.returncode:
        raise OSError(f"perf record: {recorded.stderr.strip()[-300:]}")
    show = ["perf", "script", "--input", data, "--comm", "nslab", "--fields", "comm,ip,sym"]
    text = subprocess.run(show, capture_output=True, text=True, check=True).stdout
    counts = dict.fromkeys([name for name, _ in SHARES] + [REST], 0)
    for stack in stacks(text):
        counts[share_of(stack)] += 1
    total = sum(counts.values())
    if not total:
        raise OSError("perf saw nothing of nslab")
    return {name: 100 * count / total for name, count in counts.items()}
