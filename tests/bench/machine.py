# SPDX-License-Identifier: MIT
"""The machine of a run: what has to be told beside its figures."""

import os
import platform
import subprocess
from pathlib import Path


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def memory_gib():
    first = Path("/proc/meminfo").read_text().split()
    return round(int(first[1]) / 1024 / 1024)


def describe(tools, repeat, warm_up):
    version = subprocess.run([tools.nslab, "--version"], capture_output=True, text=True, check=True)
    return {
        "processor": processor(),
        "processors": len(os.sched_getaffinity(0)),
        "memory_gib": memory_gib(),
        "kernel": platform.release(),
        "nslab": version.stdout.strip(),
        "load_before": os.getloadavg()[0],
        "repetitions": repeat,
        "warm_up": warm_up,
    }


def sentence(machine):
    return (
        f"{machine['processors']} x {machine['processor']}, {machine['memory_gib']} GiB, Linux "
        f"{machine['kernel']}, {machine['nslab']}; medians of {machine['repetitions']} after "
        f"{machine['warm_up']} that did not count; load before: {machine['load_before']:.2f}"
    )
