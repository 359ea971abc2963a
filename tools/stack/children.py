"""Programs that run for as long as this one does: begun, asked whether they are ready, heard, ended."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import urllib.request
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

LAST_LINES = 10
END_S = 20.0
ASK_S = 2.0


@dataclass(frozen=True, slots=True)
class Ended:
    """One has ended: by itself, if nobody has ended it. ``said``: its last lines."""

    name: str
    code: int
    said: tuple[str, ...]


class Child:
    """One program at ``url``. Whatever it says goes to stderr under its name; ``tell`` hears of its end."""

    def __init__(self, name: str, command: Sequence[str], url: str, tell: Callable[[Ended], None]) -> None:
        self.name, self.url, self._tell = name, url, tell
        self._said: deque[str] = deque(maxlen=LAST_LINES)
        # A group of its own: Ctrl-C reaches this process alone, which ends them in order.
        self._process = subprocess.Popen(
            [*_bound(), *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", process_group=0,
        )  # fmt: skip
        self._listens = threading.Thread(target=self._listen, daemon=True)
        self._listens.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            self._said.append(line.rstrip())
            print(f"{self.name}: {line.rstrip()}", file=sys.stderr, flush=True)
        self._tell(Ended(self.name, self._process.wait(), tuple(self._said)))

    def is_ready(self) -> bool:
        """Whether it answers that it is."""
        try:
            with urllib.request.urlopen(f"{self.url}/-/ready", timeout=ASK_S) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def reload(self) -> None:
        """Have it read its configuration again."""
        self._process.send_signal(signal.SIGHUP)

    def end(self) -> None:
        """In order; by force, if that takes too long. Afterwards it says nothing more."""
        self._process.terminate()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listens.join(END_S)


def _bound() -> list[str]:
    """What goes before a command so that it does not outlive this process, even one that is killed: Linux only."""
    found = shutil.which("setpriv") if os.name == "posix" else None
    return [found, "--pdeathsig", "TERM"] if found else []
