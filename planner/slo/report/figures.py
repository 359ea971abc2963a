"""The figures of a report: what was promised, what was kept, and where the error budget went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from planner.model import DAY
from planner.slo import budget
from planner.slo.confidence import Certainty, certainty
from planner.slo.objectives import Promises, Slo
from planner.slo.report import causes, stretches
from planner.slo.report.evidence import Bucket, Counted, Evidence, Raised, Tally
from planner.slo.report.period import Period, Slice, slices
from planner.slo.report.stretches import Stretch

FEW_ALLOWED = 5
"""Where so many might be bad, one more or less decides little."""
SYNCS = "syncs"
NOTHING = Counted((), (), Tally(0, 0), None)


class Verdict(StrEnum):
    """``IDLE``: nothing came due, so nothing was kept and nothing broken."""

    KEPT = "kept"
    BROKEN = "broken"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Part:
    """What came due in a slice of the period."""

    slice: Slice
    tally: Tally

    @property
    def rate(self) -> float | None:
        return budget.sli(*self.tally)


@dataclass(frozen=True, slots=True)
class Kept:
    """One promise over the period, which is judged as a whole, whatever the promise's own window is.

    ``causes``: how many of the bad ones came from what, the commonest first. ``stretches``: when it was broken, in
    order. ``broken_min``: for how many minutes; ``cost``: what they cost, where they have a price. ``since``: when its
    counts begin, UTC ms.
    """

    slo: Slo
    tally: Tally
    before: Tally
    parts: tuple[Part, ...]
    causes: Mapping[str, int]
    stretches: tuple[Stretch, ...]
    broken_min: int
    cost: float | None
    since: int | None

    @property
    def rate(self) -> float | None:
        return budget.sli(*self.tally)

    @property
    def rate_before(self) -> float | None:
        return budget.sli(*self.before)

    @property
    def budget_left(self) -> float | None:
        return budget.left(*self.tally, self.slo.objective)

    @property
    def allowed(self) -> float:
        """How many might have been bad of all that came due."""
        return budget.allowed_bad(self.tally.total, self.slo.objective)

    @property
    def verdict(self) -> Verdict:
        if self.rate is None:
            return Verdict.IDLE
        return Verdict.KEPT if self.rate >= self.slo.objective else Verdict.BROKEN

    @property
    def few(self) -> bool:
        """Whether so few came due that what became of the promise may be chance."""
        return self.allowed < FEW_ALLOWED and certainty(*self.tally, self.slo.objective) is Certainty.TOO_FEW

    def share(self, bad: int) -> float:
        """How much of the period's budget so many bad ones took."""
        return bad / self.allowed if self.allowed else 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a report cannot know. ``keep_days``: how long rows are kept, and with them causes."""

    keep_days: int
    process_alerts: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """``now``: when it was made, UTC ms. ``broken_min`` and ``cost``: of the promises that page, each minute once."""

    period: Period
    now: int
    kept: tuple[Kept, ...]
    alerts: tuple[Raised, ...]
    broken_min: int
    price: float
    limits: Limits

    @property
    def cost(self) -> float:
        return self.broken_min * self.price

    def days(self, kept: Kept) -> float:
        """How many of the period have passed in which a promise was counted."""
        begin = max(self.period.begin, kept.since or 0)
        return max(0, self.period.until(self.now) - begin) / DAY

    @property
    def running(self) -> bool:
        return self.now < self.period.end

    def with_verdict(self, verdict: Verdict) -> list[Kept]:
        return [one for one in self.kept if one.verdict is verdict]

    @property
    def since(self) -> int | None:
        """When the first of anything was counted, UTC ms."""
        return min((one.since for one in self.kept if one.since is not None), default=None)


def report(promises: Promises, evidence: Evidence, period: Period, now: int, *, price: float, limits: Limits) -> Report:
    """All figures; ``price`` is what a broken minute costs."""
    cut = slices(period)
    broken = {slo.id: _broken(slo, evidence) for slo in promises.slos}
    kept = tuple(_kept(slo, evidence, broken[slo.id], cut, price) for slo in promises.slos)
    paging = [bucket for slo in promises.slos if slo.pages for bucket in broken[slo.id]]
    return Report(period, now, kept, evidence.alerts, stretches.minutes(paging), price, limits)


def _broken(slo: Slo, evidence: Evidence) -> list[Bucket]:
    return stretches.broken(evidence.counts.get(slo.counts, NOTHING).bad, slo.objective)


def _kept(slo: Slo, evidence: Evidence, broken: list[Bucket], cut: Sequence[Slice], price: float) -> Kept:
    counted = evidence.counts.get(slo.counts, NOTHING)
    why = causes.causes(slo.counts, counted.bad, evidence)
    found = tuple(stretches.stretches(broken, why, _apart(slo)))
    in_stretches = {one.at for one in broken}
    minutes = stretches.minutes(broken)
    return Kept(
        slo=slo,
        tally=Tally(sum(one.good for one in counted.slices), sum(one.bad for one in counted.slices)),
        before=counted.before,
        parts=tuple(Part(one, tally) for one, tally in zip(cut, counted.slices, strict=False)),
        causes=causes.summed([*(one.causes for one in found), *(why[at] for at in why if at not in in_stretches)]),
        stretches=found,
        broken_min=minutes,
        cost=minutes * price if slo.pages and price else None,
        since=counted.since,
    )


def _apart(slo: Slo) -> int:
    """A calendar that fails is tried ever less often: each try by itself is no end of it."""
    return causes.STALE_AFTER_MS if slo.counts == SYNCS else stretches.APART_MS
