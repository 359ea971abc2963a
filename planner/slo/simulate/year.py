"""A year in which things fail by chance at a true rate: how often somebody is woken for nothing, and by whose rules.

Also how long it takes until somebody is paged once all fails, whenever in the day that begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean

from planner.model import DAY, HOUR
from planner.slo.alerts import Rule, rules
from planner.slo.objectives import Severity, Slo
from planner.slo.simulate import peers
from planner.slo.simulate.ledger import Ledger
from planner.slo.simulate.play import Firing, play
from planner.slo.simulate.scenarios import Scenario, healthy
from planner.slo.simulate.timeline import due_within, ledgers, timeline
from planner.slo.simulate.traffic import AWAKE, Traffic
from planner.slo.simulate.watchers import BOTH, RECEIVER, STACK

YEAR_MS = 365 * DAY
BY_CHANCE = frozenset({"reminders", "plans", "chat", "syncs", "probes"})
"""What is counted one by one, and so fails one by one; minutes of a process that is up do not."""
ALL = "ours, all promises"
ONE = "ours"


@dataclass(frozen=True, slots=True)
class Alarms:
    """False alarms of one set of rules in one year. Times at which several alerts of a promise fired count once."""

    rules: str
    seed: int
    pages: int
    warnings: int


def alarms(slos: Sequence[Slo], traffic: Traffic, rate: float, seeds: Iterable[int]) -> list[Alarms]:
    """What each set of rules would have said in years in which ``rate`` of everything failed by chance.

    The first promise stands for all that peers would be given; ours is told for it, and for all promises together.
    """
    found = []
    chosen = [slo for slo in slos if slo.counts in BY_CHANCE]
    first = chosen[0]
    for seed in seeds:
        year = due_within(healthy(rate, 0, YEAR_MS), chosen, traffic, Random(seed), 0, YEAR_MS)
        found.append(_alarms(ALL, seed, {slo.id: list(rules(slo)) for slo in chosen}, year))
        found.append(_alarms(ONE, seed, {first.id: list(rules(first))}, year))
        found += [_alarms(name, seed, {first.id: peers.rules(name, first)}, year) for name in peers.PEERS]
    return found


def _alarms(name: str, seed: int, watching: dict[str, list[Rule]], year: dict[str, Ledger]) -> Alarms:
    firings = {slo: [one for rule in found for one in play(rule, year[slo])] for slo, found in watching.items()}

    def count(severity: Severity) -> int:
        return sum(_incidents(one for one in found if one.rule.severity is severity) for found in firings.values())

    return Alarms(name, seed, count(Severity.CRITICAL), count(Severity.WARNING))


def _incidents(firings: Iterable[Firing]) -> int:
    """How many separate times something fired: what overlaps is one message in a group."""
    count, until = 0, -1
    for one in sorted(firings, key=lambda one: one.fired_at):
        if one.fired_at > until:
            count += 1
        until = max(until, one.resolved_at)
    return count


@dataclass(frozen=True, slots=True)
class Paged:
    """How long after an outage began the first page came, in ms; ``None``: none came within it."""

    began_at: int
    after: int | None

    @property
    def by_day(self) -> bool:
        return AWAKE[0] <= self.began_at % DAY < AWAKE[1]


def outages(
    scenarios: Iterable[Scenario], slos: Sequence[Slo], traffic: Traffic, random: Random
) -> dict[str, list[Paged]]:
    """The first page of each scenario, by who told it; what the planner and Prometheus both tell counts for each."""
    found: dict[str, list[Paged]] = {RECEIVER: [], STACK: []}
    for one in scenarios:
        lines = timeline(one, slos, ledgers(one, slos, traffic, random))
        pages = [line for line in lines if line.severity is Severity.CRITICAL and line.at < one.end]
        for by, paged in found.items():
            after = [line.at - one.begin for line in pages if line.by in ({STACK, BOTH} if by == STACK else {by})]
            paged.append(Paged(one.begin, min(after, default=None)))
    return found


def peers_outages(name: str, scenarios: Iterable[Scenario], slo: Slo, traffic: Traffic, random: Random) -> list[Paged]:
    """The same of a peer's rules on one promise."""
    found = []
    for one in scenarios:
        kept = ledgers(one, [slo], traffic, random)[slo.id]
        pages = [rule for rule in peers.rules(name, slo) if rule.severity is Severity.CRITICAL]
        fired = [firing.fired_at - one.begin for rule in pages for firing in play(rule, kept)
                 if one.begin <= firing.fired_at < one.end]  # fmt: skip
        absent = peers.ABSENT_MS.get(name)
        if absent is not None and any(begin == one.begin for begin, _ in one.absences()):
            fired.append(absent)
        found.append(Paged(one.begin, min(fired, default=None)))
    return found


def starts(day: int, each: int) -> list[int]:
    """Instants at which an outage may begin: all over the day, ``each`` of them."""
    return [day + number * (24 * HOUR) // each for number in range(each)]


def mean(values: Sequence[float]) -> float:
    return fmean(values) if values else 0.0
