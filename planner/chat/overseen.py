"""What owners are shown of the planner itself: what is promised, and what its process knows beside the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from planner.health import Result
from planner.slo.objectives import Slo


class Runs(StrEnum):
    """How the process was begun, as far as it can be seen from within."""

    SYSTEMD = "systemd"
    CONTAINER = "container"
    BY_HAND = "by hand"


class Machine(NamedTuple):
    """The process and its file: at work since ``started_at`` (UTC ms), ``size`` in bytes, ``held`` timers."""

    started_at: int
    size: int
    held: int


@dataclass(frozen=True, slots=True)
class Overseen:
    """``health``: what each check has found last. Both functions are called in the writer's thread, and only look."""

    slos: Sequence[Slo] = ()
    health: Callable[[], Sequence[Result]] = tuple
    machine: Callable[[], Machine] | None = None
    runs: Runs = Runs.BY_HAND
