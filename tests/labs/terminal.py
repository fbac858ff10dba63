# SPDX-License-Identifier: MIT
"""A command on a pseudo-terminal, spoken to as a person would: what tests/labs/terminal drives.

    python3 tests/labs/terminal.py 'STEPS' CMD...

STEPS is Python: must("text") waits until that is shown, behind what was waited for before;
send("keys") types; size(rows, columns) resizes; ends(status) waits for the end of the command.
Exits 1 with the reason and all that was shown where a step fails.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

PATIENCE = 30  # seconds for a text to come: for a test that fails, never for one that passes


class Terminal:
    """A command, its terminal, and what it has shown."""

    def __init__(self, argv):
        self.shown = b""
        self.seen = 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvp(argv[0], argv)

    def fail(self, reason):
        """End the command and say why."""
        os.kill(self.pid, signal.SIGKILL)
        sys.exit(f"{reason} in: {self.shown!r}")

    def read(self, until):
        """Whether more was shown before that time."""
        left = until - time.monotonic()
        if left <= 0 or not select.select([self.fd], [], [], left)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # EIO: all that had the terminal open have ended
            data = b""
        self.shown += data
        return bool(data)

    def must(self, text):
        """Wait for the text."""
        until = time.monotonic() + PATIENCE
        while True:
            found = self.shown.find(text.encode(), self.seen)
            if found >= 0:
                self.seen = found + len(text)
                return
            if not self.read(until):
                self.fail(f"no {text!r}")

    def send(self, keys):
        """Type the keys."""
        os.write(self.fd, keys.encode())

    def size(self, rows, columns):
        """Resize the window."""
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def ends(self, status):
        """Wait for the end of the command."""
        until = time.monotonic() + PATIENCE
        while self.read(until):
            pass
        if time.monotonic() >= until:
            self.fail("no end")
        ended = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        if ended != status:
            sys.exit(f"status {ended}, not {status}, after: {self.shown!r}")


def main():
    """Run the steps."""
    terminal = Terminal(sys.argv[2:])
    steps = {name: getattr(terminal, name) for name in ("must", "send", "size", "ends")}
    exec(sys.argv[1], steps)  # pylint: disable=exec-used


if __name__ == "__main__":
    main()
