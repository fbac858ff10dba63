# SPDX-License-Identifier: MIT
"""A lab with Mininet and Linux bridges: reads a lab as JSON, builds it, and ends it with its input.

usage: mininet_lab.py FILE    only in network, process and mount namespaces that are its own

Prints "up SECONDS": from the first node to the last interface that is up, without Python's own start.
"""

import json
import resource
import sys
import time

from mininet.log import setLogLevel
from mininet.net import Mininet
from mininet.nodelib import LinuxBridge


def prepare():
    """What Mininet's own init() would do for us, without the settings of the whole machine that it does."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    Mininet.inited = True
    setLogLevel("critical")


def build(lab):
    net = Mininet(topo=None, switch=LinuxBridge, controller=None, build=False)
    nodes = {}
    for name, kind in lab["nodes"]:
        nodes[name] = net.addSwitch(name) if kind == "switch" else net.addHost(name, ip=None)
    for (a, x, own), (b, y, other) in lab["cables"]:
        net.addLink(
            nodes[a],
            nodes[b],
            port1=x + 1,
            port2=y + 1,
            params1={"ip": own} if own else {},
            params2={"ip": other} if other else {},
        )
    net.build()
    net.start()
    return net


def main():
    with open(sys.argv[1]) as file:
        lab = json.load(file)
    prepare()
    begun = time.monotonic()
    net = build(lab)
    print(f"up {time.monotonic() - begun:.6f}", flush=True)
    sys.stdin.read()
    net.stop()


main()
