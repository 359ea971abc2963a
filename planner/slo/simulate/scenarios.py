"""What goes wrong, on purpose: each scenario says of everything that falls due what becomes of it, and who can know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from random import Random

from planner.model import DAY, MINUTE, ON_TIME, SECOND
from planner.slo.figures import part
from planner.slo.simulate.ledger import Verdict

MADE_HERE = frozenset({"up", "probes", "heartbeat", "feeds", "syncs"})
"""What only comes due while the process lives; of the others, what fell due meanwhile is owed all the same."""
TOLD_AFTER_MS = SECOND
CRASH_EVERY_MS = 10 * MINUTE
CRASH_MS = 3 * MINUTE
"""The crash loop: every so often, and so long until it is up again."""

Bad = Callable[[str, int, Random], bool]
"""Whether what fell due among such counts at such an instant went wrong."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """``begin`` to ``end``: when it goes wrong, UTC ms. ``dead(at)``: until when nobody is there to give a verdict.

    ``hidden``: Prometheus hears nothing from ``begin`` to ``end``, whatever the planner itself knows. ``once``: of all
    that would go wrong only the first does. ``unreachable``: the planner's own messages leave only when it is over.
    """

    name: str
    about: str
    begin: int
    end: int
    bad: Bad
    dead: Callable[[int], int | None] = lambda _: None
    hidden: bool = False
    once: bool = False
    unreachable: bool = False

    def absences(self) -> Iterator[tuple[int, int]]:
        """From when on, and until when, nobody is there."""
        at = self.begin
        while at < self.end:
            back = self.dead(at)
            if back is not None:
                yield at, back
            at = back or at + MINUTE

    def verdicts(self, counts: str, due: Iterable[int], random: Random) -> list[Verdict]:
        """What becomes of what was due."""
        found = [one for at in due if (one := self._verdict(counts, at, random)) is not None]
        return _with_one_bad(found) if self.once else found

    def _verdict(self, counts: str, at: int, random: Random) -> Verdict | None:
        back = self.dead(at)
        if back is None:
            bad = self.bad(counts, at, random)
            return Verdict(at + (ON_TIME if bad else TOLD_AFTER_MS), bad)
        if counts == "up":
            return Verdict(back, bad=True, due=at)
        if counts in MADE_HERE:
            return None
        return Verdict(back, bad=back - at > ON_TIME, due=at)


def _with_one_bad(found: list[Verdict]) -> list[Verdict]:
    """Without those that were bad after the first."""
    first = next((number for number, one in enumerate(found) if one.bad), len(found))
    return found[: first + 1] + [one for one in found[first + 1 :] if not one.bad]


def healthy(rate: float, begin: int, end: int) -> Scenario:
    """Everything fails now and then, at a true rate; nothing else is wrong."""
    return Scenario(
        "healthy", f"each fails by chance, {rate:g} of them", begin, end, lambda _, __, random: random.random() < rate
    )


def dead(begin: int, length: int) -> Scenario:
    """The process is gone, and comes back after ``length`` ms."""
    end = begin + length
    return Scenario("dead", "the process is dead", begin, end, _nothing,
                    lambda at: end if begin <= at < end else None)  # fmt: skip


def unreachable(begin: int, length: int) -> Scenario:
    """Telegram cannot be reached: reminders, plans, answers and probes fail, calendars do not."""
    end = begin + length
    told = {"reminders", "plans", "chat", "probes"}
    return Scenario("unreachable", "Telegram cannot be reached", begin, end,
                    lambda counts, at, _: counts in told and begin <= at < end, unreachable=True)  # fmt: skip


def failing(share: float, begin: int, length: int) -> Scenario:
    """A share of all that is sent fails."""
    end = begin + length
    return Scenario("failing", f"{part(share)} of everything sent fails", begin, end,
                    lambda counts, at, random: counts not in {"up", "feeds", "heartbeat"} and begin <= at < end
                    and random.random() < share)  # fmt: skip


def leak(share: float, begin: int, length: int) -> Scenario:
    """It gets worse slowly: from nothing to ``share`` within ``length`` ms, then it is mended."""
    end = begin + length

    def bad(counts: str, at: int, random: Random) -> bool:
        if counts in {"up", "feeds", "heartbeat"} or not begin <= at < end:
            return False
        return random.random() < share * (at - begin) / length

    return Scenario("leak", f"a slow leak: more and more fails, {part(share)} in the end", begin, end, bad)


def single(begin: int) -> Scenario:
    """One reminder of a quiet week fails, and nothing else."""
    return Scenario("single", "one reminder of a quiet week fails", begin, begin + DAY,
                    lambda counts, at, _: counts == "reminders" and at >= begin, once=True)  # fmt: skip


def crash_loop(begin: int, length: int) -> Scenario:
    """It dies every ten minutes, and is back after three."""
    end = begin + length

    def down(at: int) -> int | None:
        since = (at - begin) % CRASH_EVERY_MS
        return at - since + CRASH_MS if begin <= at < end and since < CRASH_MS else None

    return Scenario("crash-loop", "the process dies every ten minutes, for three", begin, end, _nothing, down)


def blind(begin: int, length: int) -> Scenario:
    """The planner is well and keeps its promises, and its telemetry is lost."""
    return Scenario("blind", "telemetry is lost, the planner is well", begin, begin + length, _nothing, hidden=True)


def _nothing(_: str, __: int, ___: Random) -> bool:
    return False


def standard(begin: int, length: int, share: float) -> tuple[Scenario, ...]:
    """All of them, beginning at ``begin``; what leaks takes three days."""
    return (
        dead(begin, length),
        unreachable(begin, length),
        failing(share, begin, length),
        leak(share, begin, 3 * DAY),
        single(begin),
        crash_loop(begin, length),
        blind(begin, length),
    )
