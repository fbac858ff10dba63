"""What the hurt tests share: labs in a run folder of their own, and proof that nothing is left.

The test process is a subreaper (PR_SET_CHILD_SUBREAPER): when an nslab dies, the first process of its
lab becomes our child, and waiting for our last child is waiting for the end of all labs. So nothing
here sleeps to see whether something is gone.
"""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NSLAB = os.path.abspath(os.environ.get("NSLAB") or os.path.join(TOP, "build", "nslab"))
PATIENCE = 30  # seconds after which a test counts as hung; more than the lab's timeout below
PR_SET_CHILD_SUBREAPER = 36


def triangle():
    """Three routers, a switch and a stub: every kind of operation of an `up`, in the least time."""
    return """
[lab]
name = hurt
timeout = 20
[node r1]
forward = yes
eth0 = a 10.0.1.1/24 fd00:1::1/64
eth1 = lan 10.0.9.1/24
gateway = 10.0.1.2
env.WORD = word
run.touch = true
service.stays = exec sleep 1000
service.stays.ready = 1ms
script = start
[node r2]
eth0 = a 10.0.1.2/24 fd00:1::2/64
eth1 = empty 10.0.8.1/24
eth2 = lan 10.0.9.2/24
route.far = 10.7.0.0/16 via 10.0.9.1
sysctl.net.ipv4.tcp_ecn = 1
[node h]
eth0 = stub 10.0.3.1/24
after = r1
service.asks = exec sleep 1000
service.asks.ready = true
service.asks.restart = yes
isolate = net uts
[node r3]
eth0 = empty 10.0.8.2/24
eth1 = lan 10.0.9.3/24
[switch lan]
stp = yes
"""


class Hurt:
    """One test program: its folder, its counts, its verdicts."""

    def __init__(self, topology):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self.folder = tempfile.TemporaryDirectory(prefix="nslab-hurt-")
        self.file = os.path.join(self.folder.name, "hurt.ini")
        with open(self.file, "w", encoding="utf-8") as out:
            out.write(topology)
        with open(os.path.join(self.folder.name, "start"), "w", encoding="utf-8") as out:
            out.write("echo a script\n")
        self.run_folder = os.path.join(self.folder.name, "run")
        self.environment = dict(os.environ, NSLAB_RUNDIR=self.run_folder)
        self.passed = self.failed = 0
        self.before = self.host()

    def add(self, topology):
        """From here on the file has this, too."""
        with open(self.file, "a", encoding="utf-8") as out:
            out.write(topology)

    def nslab(self, *arguments, **options):
        """Run nslab to its end, with its output as text."""
        return subprocess.run([NSLAB, *arguments], env=self.environment, text=True, timeout=PATIENCE,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False, **options)

    def start(self, *arguments, prefix=(), **options):
        """Start nslab and go on."""
        return subprocess.Popen([*prefix, NSLAB, *arguments], env=self.environment, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, **options)

    @staticmethod
    def host():
        """What an nslab could change on the host: links, and mounts."""
        links = subprocess.run(["ip", "-o", "link"], text=True, stdout=subprocess.PIPE, check=True)
        names = [line.split(":")[1] for line in links.stdout.splitlines()]
        with open("/proc/self/mountinfo", encoding="utf-8") as mounts:
            return names, mounts.read()

    @staticmethod
    def await_children():
        """Wait until the last process of every lab that lost its nslab is gone. False: some stay."""
        signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(TimeoutError()))
        signal.alarm(PATIENCE)
        try:
            while True:
                os.waitpid(-1, 0)
        except ChildProcessError:
            return True
        except TimeoutError:
            return False
        finally:
            signal.alarm(0)

    def nothing_left(self):
        """A sentence on what is left of a lab, or None."""
        if not self.await_children():
            return "processes of the lab are still running"
        if self.host() != self.before:
            return "the host's links or mounts have changed"
        listing = self.nslab("list", "--json")
        if "hurt" in listing.stdout:
            return "the lab is still listed"
        left = os.listdir(self.run_folder) if os.path.isdir(self.run_folder) else []
        return f"the run folder still holds {left}" if left else None

    def verdict(self, sentence, trouble):
        """Count and print one result; `trouble` is None or what went wrong."""
        if trouble:
            self.failed += 1
            print(f"not ok {sentence}\n  {trouble}", flush=True)
        else:
            self.passed += 1
            print(f"ok {sentence}", flush=True)

    def up_and_down_again(self):
        """What went wrong with a fresh `up` and `down`, or None."""
        up = self.nslab("up", self.file)
        if up.returncode:
            return f"the next up fails: {up.stderr.strip()}"
        down = self.nslab("down", "hurt")
        if down.returncode:
            return f"the next down fails: {down.stderr.strip()}"
        return self.nothing_left()

    def end(self):
        """Print the totals; the exit status says whether all is well."""
        self.folder.cleanup()
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(self.failed > 0)

    def seconds_of_up(self):
        """How long an `up` takes here: the median of five, so that moments in it can be chosen."""
        times = []
        for _ in range(5):
            begun = time.monotonic()
            up = self.nslab("up", self.file)
            times.append(time.monotonic() - begun)
            if up.returncode:
                sys.exit(f"up fails: {up.stderr}")
            self.nslab("down", "hurt")
            self.await_children()
        return sorted(times)[2]
