"""What a budget allows: ship, careful, freeze (SRE Workbook, appendix B: "Example Error Budget Policy"). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from planner.slo import figures
from planner.slo.confidence import Certainty
from planner.slo.instants import iso, shown
from planner.slo.status import Standing, Status, as_json


class Course(StrEnum):
    SHIP = "ship"
    CAREFUL = "careful"
    """Less is left than the promise's ``careful_below``."""
    FREEZE = "freeze"
    """Nothing is left."""


@dataclass(frozen=True, slots=True)
class Decision:
    """``since``: when the budget had gone, where it is; ``back``: when it came back, where it was. UTC ms."""

    status: Status
    since: int | None = None
    back: int | None = None

    @property
    def course(self) -> Course:
        left = self.status.budget_left
        if left is None:
            return Course.SHIP
        if self.status.exhausted:
            return Course.FREEZE
        return Course.CAREFUL if left < self.status.slo.careful_below else Course.SHIP


def why(decision: Decision, zone: str = "UTC") -> str:
    """In a few words, for people."""
    status = decision.status
    if status.standing is Standing.IDLE:
        return "idle: nothing came due"
    said = f"{figures.left(status.budget_left)} of the budget left, {status.bad} bad of {status.good + status.bad}"
    if decision.since is not None:
        said += f", gone since {shown(decision.since, zone)}"
    return f"{said} ({status.sure})" if status.sure is Certainty.TOO_FEW else said


def as_text(decisions: Sequence[Decision], zone: str = "UTC") -> str:
    wide = max((len(one.status.slo.name) for one in decisions), default=0)
    return "\n".join(line for one in decisions for line in _lines(one, zone, wide))


def _lines(decision: Decision, zone: str, wide: int) -> Iterator[str]:
    slo = decision.status.slo
    yield f"{decision.course:8} {slo.name:{wide}}  {why(decision, zone)}"
    if decision.course is Course.FREEZE:
        yield f"{'':8} {slo.policy}"
        yield f"{'':8} {slo.runbook_url}"


def as_data(decision: Decision) -> dict[str, object]:
    """As programs read it: ``slo status --json``, and what follows from it."""
    slo = decision.status.slo
    return as_json(decision.status) | {
        "decision": str(decision.course),
        "why": why(decision),
        "careful_below": slo.careful_below,
        "gone_since": None if decision.since is None else iso(decision.since),
        "policy": slo.policy,
        "runbook": slo.runbook_url,
    }
