"""The alert rules of a promise, and what they say. An alert holds exactly where ``planner.slo.alerts`` has it hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

from planner.catalogue.slo import HEARTBEAT
from planner.model import DAY, HOUR, MINUTE, SECOND
from planner.slo.alerts import BELOW, Rule, name_of, rules
from planner.slo.generate import promql, yaml
from planner.slo.lengths import last, named, spelled
from planner.slo.objectives import Links, Severity, Slo

ABSENT_MS = 5 * MINUTE
ABSENT_FOR_MS = 5 * MINUTE
"""Nothing was seen for this long, and for this long it stays so: Prometheus has had time for its own first looks."""
STALE_MS = 10 * MINUTE
STALE = "PlannerCountsStale"
MANY = 999
"""Of more than these a title says what share was bad, and not how many of how many."""
ROUND = 3
"""Of so many units, at least, a length is rounded up to whole ones."""
NEARLY = 1e-6
"""What binary fractions add."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What an alert tells of its long window, as text: templates in the rules, values in their tests."""

    title: str
    share: str
    bad: str
    all: str


def figures(rule: Rule, bad: int, among: int) -> Figures:
    """As Prometheus writes them."""
    share = f"{bad / among * 100:.4g}%"
    one, several = rule.slo.counted, plural(rule.slo.counted)
    return Figures(
        share if among > MANY else f"{bad} of {among}", share, str(bad), f"{among} {one if among == 1 else several}"
    )


def plural(counted: str) -> str:
    """Of what a promise counts, by English rule: ``minutes of a calendar``, ``entries``."""
    head, of, rest = counted.partition(" of ")
    if head.endswith(("s", "x", "ch", "sh")):
        head += "es"
    elif head.endswith("y") and head[-2:-1] not in {*"aeiou"}:
        head = f"{head[:-1]}ies"
    else:
        head += "s"
    return f"{head}{of}{rest}"


def alerts(slo: Slo) -> Iterator[yaml.Value]:
    """The gravest first."""
    yield from (_alert(rule) for rule in rules(slo))
    yield {
        "alert": absent_name(slo),
        "expr": f'absent_over_time({promql.counter(slo).prometheus}{{slo="{slo.id}"}}[{named(ABSENT_MS)}])',
        "for": named(ABSENT_FOR_MS),
        "labels": absent_labels(slo),
        "annotations": absent_annotations(slo),
    }


def _alert(rule: Rule) -> yaml.Value:
    return {
        "alert": rule.name,
        "expr": expression(rule),
        **({"for": named(rule.for_ms)} if rule.for_ms else {}),
        **({"keep_firing_for": named(rule.keep_ms)} if rule.keep_ms else {}),
        "labels": labels(rule),
        "annotations": said_of(rule, templates(rule)),
    }


def expression(rule: Rule) -> str:
    """Its value is the share that was bad within the long window."""
    slo, bad = rule.slo, promql.of(promql.increase(rule.slo, "bad", rule.long_ms), rule.slo)
    shares = [f"{promql.of(promql.ratio(slo, window), slo)} > {rule.limit!r}" for window in rule.windows]
    return "\n".join(
        [
            f"# {_why(rule)}",
            "\nand ".join(shares),
            f"# At least {rule.min_bad}: where little comes due, one alone is a large share.",
            f"and {bad} > {rule.min_bad} - 0.5",
        ]
    )


def _why(rule: Rule) -> str:
    slo, limit = rule.slo, percent(rule.limit)
    if rule.tier == BELOW:
        return f"More than {limit} bad within {named(slo.window_ms)}: below {percent(slo.alert_below)}."
    return (
        f"{limit} = {rate(rule):.4g} x {percent(promql.allowed(slo))}: at this rate {percent(_spent(rule))} of the"
        f" budget is gone in {named(rule.long_ms)}."
    )


def rate(rule: Rule) -> float:
    """The burn rate above which a rule holds."""
    return rule.limit / promql.allowed(rule.slo)


def _spent(rule: Rule) -> float:
    """The share of the budget that is gone when all of the long window burns at that rate."""
    return rate(rule) * rule.long_ms / rule.slo.window_ms


def labels(rule: Rule) -> dict[str, str]:
    return {"slo": rule.slo.id, "tier": rule.tier, "severity": str(rule.severity), "owner": rule.slo.owner}


def absent_name(slo: Slo) -> str:
    return name_of(slo, "Absent")


def absent_labels(slo: Slo) -> dict[str, str]:
    return {"slo": slo.id, "tier": "absent", "severity": str(Severity.WARNING), "owner": slo.owner}


def templates(rule: Rule) -> Figures:
    good, bad = (f"{promql.increase(rule.slo, one, rule.long_ms)}{{slo='{rule.slo.id}'}}" for one in promql.RESULTS)
    share, among = "{{ $value | humanizePercentage }}", f"{good} + {bad}"
    few = f"{_with(bad, NUMBER)} of {NUMBER}"
    one, several = rule.slo.counted, plural(rule.slo.counted)
    return Figures(
        _with(among, f"{{{{ if gt {FOUND} {MANY}.0 }}}}{share}{{{{ else }}}}{few}{{{{ end }}}}"),
        share,
        _with(bad, NUMBER),
        _with(among, f"{NUMBER} {{{{ if eq {FOUND} 1.0 }}}}{one}{{{{ else }}}}{several}{{{{ end }}}}"),
    )


FOUND = "(. | first | value)"
NUMBER = '{{ . | first | value | printf "%.0f" }}'


def _with(query: str, said: str) -> str:
    return f'{{{{ with query "{query}" }}}}{said}{{{{ end }}}}'


def said_of(rule: Rule, said: Figures) -> dict[str, str]:
    """``subject`` is the alert without a figure, which would be untrue at its end."""
    slo, long = rule.slo, named(rule.long_ms)
    name = f"{slo.name}, early notice" if rule.early else slo.name
    found = f"Bad in the last {last(rule.long_ms)}: {said.bad} of {said.all} ({said.share})."
    return {
        "subject": f"{name}: too many bad within {long}",
        "summary": f"{name}: {said.title} bad within {long}",
        "description": f"{found} {_meaning(rule)}",
        **_about(slo),
    }


def _meaning(rule: Rule) -> str:
    slo = rule.slo
    promised = f"Promised: {percent(slo.objective)} good over {spelled(slo.window_ms)}"
    if rule.tier == BELOW:
        return f"{promised}; this is told below {percent(slo.alert_below)}."
    if rule.early:
        return f"{promised}. This is an early notice, before it is broken."
    return f"{promised}. At this pace the error budget is gone in less than {_lasts(rule)}."


def _lasts(rule: Rule) -> str:
    """For how long a whole budget lasts at the rate at which a rule holds: above it, for less."""
    lasts_ms = rule.slo.window_ms / rate(rule)
    unit = next((one for one in (DAY, HOUR, MINUTE) if lasts_ms >= ROUND * one), SECOND)
    return spelled(ceil(lasts_ms / unit - NEARLY) * unit)


def absent_annotations(slo: Slo) -> dict[str, str]:
    return {
        "summary": f"{slo.name}: nobody reports it",
        "description": (
            f"For {spelled(ABSENT_MS + ABSENT_FOR_MS)} nothing has been heard of it: the planner is down, is not"
            " scraped, or its metrics do not arrive. Whether the promise is kept is not known, and none of its other"
            " alerts can fire."
        ),
        **_about(slo),
    }


def stale(links: Links) -> yaml.Value:
    """One for all promises: their counts are read from the database in which the heartbeat is noted every minute."""
    return {
        "alert": STALE,
        "expr": f"time() - max({HEARTBEAT.prometheus}) > {STALE_MS // SECOND}",
        "labels": STALE_LABELS,
        "annotations": stale_annotations("{{ $value | humanizeDuration }}", links),
    }


STALE_LABELS: Mapping[str, str] = {"tier": "stale", "severity": str(Severity.WARNING), "owner": "host"}


def stale_annotations(age: str, links: Links) -> dict[str, str]:
    return {
        "summary": "What is reported of the promises is old",
        "description": (
            f"The planner last noted {age} ago that it is there, which it does every minute, but figures still arrive:"
            " it hangs, cannot write its database, or something repeats what it said last."
        ),
        "impact": "Whether the promises are kept is not known, and none of their alerts can fire.",
        "policy": "See to this before anything else is read from the figures.",
        "runbook_url": links.page(f"stack/runbooks/{STALE}.md"),
        **_board(links),
    }


def _about(slo: Slo) -> dict[str, str]:
    return {
        "impact": slo.impact,
        "policy": slo.policy,
        "runbook_url": slo.runbook_url,
        **_board(slo.links, slo.id),
    }


def _board(links: Links, slo_id: str = "") -> dict[str, str]:
    return {"dashboard_url": links.promises(slo_id)} if links.dashboards else {}


def percent(share: float) -> str:
    """As Prometheus' ``humanizePercentage`` writes it."""
    return f"{share * 100:.4g}%"
