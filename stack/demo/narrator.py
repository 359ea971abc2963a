"""What is told while the day goes by, and at its end; and what should have happened and did not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from demo.chat import MissedError


class Narrator:
    """Lines on stdout. Time stands still for nobody: ``minute`` counts from the beginning of the day."""

    def __init__(self, minutes: float) -> None:
        self._began = time.monotonic()
        self.length_s = minutes * 60
        self.missed: list[str] = []
        self.done = 0

    @property
    def passed_s(self) -> float:
        return time.monotonic() - self._began

    def tell(self, text: str) -> None:
        """What happens now, and what to look at."""
        minutes, seconds = divmod(int(self.passed_s), 60)
        print(f"{minutes:2}:{seconds:02}  {text}", flush=True)

    @contextmanager
    def act(self, what: str) -> Iterator[None]:
        """Something that should happen. Where it does not, that is told, and the day goes on."""
        self.tell(what)
        try:
            yield
            self.done += 1
        except (MissedError, OSError) as error:
            self.missed.append(f"{what}: {error}")
            self.tell(f"  ✗ {error}")

    def wait_for(self, second: float) -> None:
        """Until so much of the day has passed; not at all where it has."""
        time.sleep(max(0.0, second - self.passed_s))
