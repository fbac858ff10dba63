# SPDX-License-Identifier: MIT
"""The script of `nslab plan --script` as files for `ip -batch`: one for all, and one for each node."""

import shlex


def batches(script):
    """What makes nodes and cables, as one batch; and node -> the batch that is run in it."""
    outside, inside, settings = [], {}, {}
    for line in script.splitlines():
        words = shlex.split(line, comments=True)
        if words[:2] == ["ip", "-n"]:
            inside.setdefault(words[2], []).append(" ".join(words[3:]))
        elif words[:3] == ["ip", "netns", "exec"]:
            settings.setdefault(words[3], []).append(words[-1])
        elif words[:1] == ["ip"]:
            outside.append(" ".join(words[1:]))
        elif words not in ([], ["set", "-eu"]):
            raise ValueError(f"a line of the script that is not known here: {line}")
    made = sum(line.startswith("netns add ") for line in outside)
    # What a node sets once it is there, before its cables: all in one command.
    outside[made:made] = [
        f"netns exec {node} sysctl -q -e -w {' '.join(values)}" for node, values in settings.items()
    ]
    return outside, inside
