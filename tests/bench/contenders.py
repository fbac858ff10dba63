# SPDX-License-Identifier: MIT
"""Who builds a lab: nslab, the kernel's floor, ip in batches and one by one, and Mininet.

Each is built with start(), which returns the seconds that it took, and ended with stop(). processes()
are those that it keeps running for the nodes, and namespace() is the path of a node's network.
"""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

from ip_script import batches
from labs import description, ini

HERE = Path(__file__).resolve().parent
NETWORK = "/proc/{}/ns/net"


class Failed(Exception):
    """A contender could not do what it was asked for."""


def run(command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    if done.returncode:
        said = done.stderr.strip() or done.stdout.strip()
        raise Failed(f"{' '.join(map(str, command))[:200]}: {said[-500:]}")
    return done.stdout


def timed(command, **options):
    begun = time.monotonic()
    run(command, **options)
    return time.monotonic() - begun


class Contender:
    """A lab, and the folder for the files that are made of it."""

    most = 100000  # nodes beyond which it is not tried, as it would take too long
    for_any_isolation = False  # it makes what `isolate` says

    def __init__(self, lab, folder, tools):
        self.lab, self.folder, self.tools = lab, folder, tools
        self.prepare()

    @staticmethod
    def lacks(tools):
        """Why it cannot be measured here, or None."""
        return None

    def prepare(self):
        pass

    def abandon(self):
        """End what a start that failed has left, whatever that is."""
        try:
            self.stop()
        except (Failed, OSError):
            pass

    def write(self, name, lines):
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n")
        return path


class Nslab(Contender):
    name = "nslab"
    for_any_isolation = True

    def prepare(self):
        self.file = self.write("nslab.ini", [ini(self.lab)])
        self.pids = None

    def start(self):
        self.pids = None
        return timed([self.tools.nslab, "up", self.file])

    def stop(self):
        run([self.tools.nslab, "down", "bench"])

    def look_up(self):
        if self.pids is None:
            status = json.loads(run([self.tools.nslab, "status", "-l", "bench", "--json"]))
            self.pids = {node["name"]: node["pid"] for node in status["nodes"]}
        return self.pids

    def processes(self):
        keeper = json.loads(run([self.tools.nslab, "list", "--json"]))[0]["pid"]
        return [keeper, *self.look_up().values()]

    def namespace(self, node):
        return NETWORK.format(self.look_up()[node])


class Floor(Contender):
    name = "floor"
    for_any_isolation = True

    def prepare(self):
        self.text = description(self.lab)

    def start(self):
        self.process = subprocess.Popen(
            [self.tools.floor, *self.lab.isolate],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.process.stdin.write(self.text)
        self.process.stdin.flush()
        _, seconds = (self.process.stdout.readline() or "failed 0").split()
        self.pids = [int(pid) for pid in self.process.stdout.readline().split()[1:]]
        if not self.pids:
            raise Failed(f"{self.tools.floor} ended with {self.process.wait()}")
        return float(seconds)

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def processes(self):
        return self.pids


class Ip(Contender):
    """What both ways with ip have in common: the script of nslab, and the end."""

    def prepare(self):
        plan = run([self.tools.nslab, "plan", "--script", self.write("ip.ini", [ini(self.lab)])])
        self.script = self.write("ip.sh", [plan])
        self.outside, self.inside = batches(plan)
        self.end = self.write("end", [f"netns delete {node.name}" for node in self.lab.nodes])

    def stop(self):
        run(["ip", "-force", "-batch", self.end])

    def processes(self):
        return []

    def namespace(self, node):
        return f"/run/netns/{node}"


class IpBatch(Ip):
    name = "ip -batch"
    most = 2000

    def prepare(self):
        super().prepare()
        self.commands = [["ip", "-batch", self.write("outside", self.outside)]]
        for node, lines in self.inside.items():
            self.commands.append(["ip", "-n", node, "-batch", self.write(f"in-{node}", lines)])

    def start(self):
        begun = time.monotonic()
        for command in self.commands:
            run(command)
        return time.monotonic() - begun


class IpEach(Ip):
    name = "ip"
    most = 2000

    def start(self):
        return timed(["sh", self.script])


class Mininet(Contender):
    """In namespaces of its own, where it can neither see nor end what is not its own."""

    name = "Mininet"
    most = 2000
    PYTHON = "/usr/bin/python3"  # Debian's, for which its packages are

    @staticmethod
    def lacks(tools):
        if not tools.is_root:
            return "it wants to be root"
        for program in ("mnexec", "brctl", "ifconfig"):
            if not shutil.which(program):
                return f"there is no {program}: scripts/install-packages bench"
        found = subprocess.run([Mininet.PYTHON, "-c", "import mininet"], stderr=subprocess.DEVNULL)
        return None if found.returncode == 0 else "it is not installed: scripts/install-packages bench"

    def prepare(self):
        nodes = [(node.name, node.kind) for node in self.lab.nodes]
        ends = [
            [(self.lab.nodes[n].name, place, self.lab.nodes[n].ends[place][1]) for n, place in pair]
            for pair in self.lab.pairs()
        ]
        self.file = self.write("mininet.json", [json.dumps({"nodes": nodes, "cables": ends})])

    def start(self):
        inside = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
        self.process = subprocess.Popen(
            inside + [self.PYTHON, HERE / "mininet_lab.py", self.file],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self.process.stdout.readline().split()
        if line[:1] != ["up"]:
            raise Failed(f"Mininet ended with {self.process.wait()}")
        return float(line[1])

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def processes(self):
        """All that is below unshare: their numbers there are not ours."""
        found, level = [], [self.process.pid]
        while level:
            level = [child for pid in level for child in children(pid)]
            found += level
        return found


def children(pid):
    return [
        int(child)
        for task in os.listdir(f"/proc/{pid}/task")
        for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split()
    ]


ALL = (Nslab, Floor, IpBatch, IpEach, Mininet)
