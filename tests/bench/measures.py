# SPDX-License-Identifier: MIT
"""What is measured: start and stop, memory, exec, throughput, growth, a profile. Each yields rows of a result."""

import json
import statistics
import subprocess
import time
from pathlib import Path

import shares
from contenders import Contender, Failed, Floor, IpBatch, Nslab, run
from settle import Settling, settle

EXEC_RUNS = 50  # commands in a node, for each repetition


def row(measure, contender, unit, runs, label, lab):
    return {
        "measure": measure,
        "lab": label,
        "nodes": len(lab.nodes),
        "contender": contender,
        "unit": unit,
        "median": statistics.median(runs),
        "runs": runs,
    }


def contenders_of(bench, lab, label):
    """Those that can build this lab. What ip and Mininet make is the same however nslab isolates."""
    default = " " not in label
    kinds = [kind for kind in bench.contenders if default or kind.for_any_isolation]
    for kind in kinds:
        if len(lab.nodes) > kind.most:
            bench.leave_out(kind.name, f"more than {kind.most} nodes take it too long", label)
    kinds = [kind for kind in kinds if len(lab.nodes) <= kind.most]
    return [kind(lab, bench.folder_of(label, kind), bench.tools) for kind in kinds]


def alternating(bench, label, contenders, once):
    """Each contender in turn, so often as is asked for after a first time that does not count."""
    contenders = list(contenders)
    for turn in range(bench.warm_up + bench.repeat):
        for contender in list(contenders):
            bench.progress(f"{label} {contender.name}", turn)
            try:
                once(contender, turn >= bench.warm_up)
            except (Failed, OSError) as failure:
                bench.leave_out(contender.name, str(failure), label)
                contenders.remove(contender)
                contender.abandon()
                settle()


class Nothing(Contender):
    """What waiting for the kernel takes where nothing has ended: a part of each stop."""

    name = "nothing"

    def start(self):
        return None

    def stop(self):
        pass

    def processes(self):
        return []


# --- start, stop, memory: all of one and the same build --------------------------------------------


def available():
    """Bytes that the kernel could give away, and those in its slabs."""
    fields = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    return [int(fields[key].split()[0]) * 1024 for key in ("MemAvailable", "Slab")]


def own_pages(pids):
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
    return total


def build_once(contender, values):
    """One start and stop; fills `values`: name of a figure -> its value."""
    before = available()
    seconds = contender.start()
    if seconds is not None:
        values["start"] = seconds
        count = len(contender.lab.nodes)
        after = available()
        values["memory"] = (before[0] - after[0]) / 1024 / count
        values["memory, slabs"] = (after[1] - before[1]) / 1024 / count
        values["memory, pages"] = own_pages(contender.processes()) / 1024 / count
    settling = Settling()
    begun = time.monotonic()
    contender.stop()
    settling.wait()
    values["stop"] = time.monotonic() - begun


UNITS = {
    "start": "s",
    "stop": "s",
    "memory": "KiB/node",
    "memory, slabs": "KiB/node",
    "memory, pages": "KiB/node",
}


def build(bench, wanted, labels, kinds=None):
    """`wanted` of UNITS, of each lab."""
    for label in labels:
        lab = bench.lab(label)
        values = {}  # (figure, contender) -> values
        here = [each for each in contenders_of(bench, lab, label) if kinds is None or type(each) in kinds]
        if "stop" in wanted:
            here.append(Nothing(lab, None, bench.tools))

        def once(contender, counts):
            figures = {}
            build_once(contender, figures)
            for name, value in figures.items() if counts else ():
                values.setdefault((name, contender.name), []).append(value)

        alternating(bench, label, here, once)
        for figure in wanted:
            for contender in here:
                if (figure, contender.name) in values:
                    runs = values[figure, contender.name]
                    yield row(figure, contender.name, UNITS[figure], runs, label, lab)


# --- exec ------------------------------------------------------------------------------------------


def seconds_each(command):
    runs = []
    for _ in range(EXEC_RUNS):
        begun = time.monotonic()
        subprocess.run(command, check=True)
        runs.append(time.monotonic() - begun)
    return statistics.median(runs)


def exec_commands(bench, nslab, node):
    pid = str(nslab.look_up()[node])
    return {
        "nslab": [bench.tools.nslab, "exec", "-l", "bench", node, "--", "true"],
        "nsenter": ["nsenter", "--target", pid, "--net", "--uts", "--mount", "--pid", "true"],
    }


def execution(bench, labels):
    for label in labels:
        lab = bench.lab(label)
        nslab = Nslab(lab, bench.folder_of(label, Nslab), bench.tools)
        values = {}
        try:
            nslab.start()
            commands = exec_commands(bench, nslab, lab.nodes[-1].name)
            for turn in range(bench.warm_up + bench.repeat):
                bench.progress(f"exec {label}", turn)
                for name, command in commands.items():
                    value = seconds_each(command) * 1000
                    if turn >= bench.warm_up:
                        values.setdefault(name, []).append(value)
        finally:
            nslab.abandon()
            settle()
        for name, runs in values.items():
            yield row("exec", name, "ms", runs, label, lab)


# --- throughput ------------------------------------------------------------------------------------


def transfer(client, server, address, seconds):
    """Gigabits a second over TCP between two network namespaces, with the same program for all."""
    listening = subprocess.Popen(
        ["nsenter", f"--net={server}", "iperf3", "--server", "--one-off", "--forceflush"],
        stdout=subprocess.PIPE,
        text=True,
    )
    with listening, listening.stdout:
        for line in listening.stdout:
            if "listening" in line:
                break
        try:
            command = ["iperf3", "--client", address, "--time", str(seconds), "--json"]
            said = json.loads(run(["nsenter", f"--net={client}"] + command))
        except Failed:
            listening.kill()
            raise
    return said["end"]["sum_received"]["bits_per_second"] / 1e9


def throughput(bench, labels):
    for label in labels:
        lab = bench.lab(label)
        if not lab.far:
            raise ValueError(f"there is no way to measure through {label}; chain(N) has one")
        near, far = lab.far
        address = lab.nodes[-1].ends[0][1].partition("/")[0]
        values = {}

        def once(contender, counts):
            contender.start()
            try:
                value = transfer(contender.namespace(near), contender.namespace(far), address, bench.transfer)
            finally:
                contender.stop()
                settle()
            if counts:
                values.setdefault(contender.name, []).append(value)

        here = [each for each in contenders_of(bench, lab, label) if type(each) in (Nslab, IpBatch)]
        alternating(bench, label, here, once)
        for name, runs in values.items():
            yield row("throughput", name, "Gbit/s", runs, label, lab)


# --- where the time goes ---------------------------------------------------------------------------


def profile(bench, labels):
    cause = shares.lacks()
    if cause:
        raise OSError(cause)
    for label in labels:
        lab = bench.lab(label)
        nslab = Nslab(lab, bench.folder_of(label, Nslab), bench.tools)
        values = {}
        for turn in range(bench.warm_up + bench.repeat):
            bench.progress(f"profile {label}", turn)
            try:
                found = shares.shares([bench.tools.nslab, "up", nslab.file], nslab.folder)
            finally:
                nslab.abandon()
                settle()
            for name, percent in found.items() if turn >= bench.warm_up else ():
                values.setdefault(name, []).append(percent)
        for name, runs in values.items():
            yield row("profile", name, "%", runs, label, lab)


# --- the table of all ------------------------------------------------------------------------------

LABS = ["ring(100)", "ring(1000)", "ring(1000) uts", "tree(2,32)", "fat-tree(6)", "grid(32,32)"]
GROWTH = ["ring(100)", "ring(1000)", "ring(4000)", "ring(10000)"]
MEMORY = ("memory", "memory, slabs", "memory, pages")

# Name on the command line -> its labs, and what measures them. The first three share their builds.
MEASURES = {
    "start": LABS,
    "stop": LABS,
    "memory": LABS,
    "exec": ["ring(3)", "ring(1000)", "ring(10000)"],
    "throughput": ["chain(1)", "chain(4)", "chain(16)"],
    "growth": GROWTH,
    "profile": ["ring(1000)", "ring(1000) uts"],
}


def figures_of(chosen):
    return [name for name in UNITS if name.partition(",")[0] in chosen]


def growth(bench):
    for each in build(bench, list(UNITS), bench.labels or MEASURES["growth"], (Nslab, Floor)):
        yield {**each, "measure": f"growth, {each['measure']}"}


def measure(bench, chosen):
    """All rows of what is chosen. What fails is named, and what was measured before is kept."""
    parts = {
        "start": build(bench, figures_of(chosen), bench.labels or LABS),
        "exec": execution(bench, bench.labels or MEASURES["exec"]),
        "throughput": throughput(bench, bench.chains or MEASURES["throughput"]),
        "growth": growth(bench),
        "profile": profile(bench, bench.labels or MEASURES["profile"]),
    }
    if figures_of(chosen):
        chosen = [*chosen, "start"]
    for name, part in parts.items():
        try:
            if name in chosen:
                yield from part
        except (Failed, OSError, subprocess.SubprocessError) as failure:
            bench.leave_out("all", str(failure), name)
