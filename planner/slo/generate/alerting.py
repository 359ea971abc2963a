"""The alert rules of a promise, and what they say. An alert holds exactly where ``planner.slo.alerts`` has it hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planner.catalogue.slo import HEARTBEAT
from planner.model import MINUTE, SECOND
from planner.slo.alerts import BELOW, Rule, name_of, rules
from planner.slo.generate import promql, yaml
from planner.slo.lengths import named
from planner.slo.objectives import Links, Severity, Slo

ABSENT_MS = 5 * MINUTE
ABSENT_FOR_MS = 5 * MINUTE
"""Nothing was seen for this long, and for this long it stays so: Prometheus has had time for its own first looks."""
STALE_MS = 10 * MINUTE
STALE = "PlannerCountsStale"


@dataclass(frozen=True, slots=True)
class Figures:
    """What an alert tells of its long window, as text: templates in the rules, values in their tests."""

    share: str
    bad: str
    all: str


def figures(bad: int, among: int) -> Figures:
    """As Prometheus writes them."""
    return Figures(f"{bad / among * 100:.4g}%", str(bad), str(among))


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
    return Figures("{{ $value | humanizePercentage }}", _number(bad), _number(f"{good} + {bad}"))


def _number(query: str) -> str:
    return f'{{{{ with query "{query}" }}}}{{{{ . | first | value | printf "%.0f" }}}}{{{{ end }}}}'


def said_of(rule: Rule, said: Figures) -> dict[str, str]:
    slo, long = rule.slo, named(rule.long_ms)
    early = "early notice: " if rule.early else ""
    found = f"Bad within {long}: {said.bad} of {said.all} ({said.share}), each of them a {slo.counted}."
    return {
        "summary": f"{slo.name}: {early}{said.share} bad within {long}",
        "description": f"{found} {_meaning(rule)}",
        **_about(slo),
    }


def _meaning(rule: Rule) -> str:
    slo, over = rule.slo, named(rule.slo.window_ms)
    promised = f"Promised is {percent(slo.objective)} good over {over}"
    if rule.tier == BELOW:
        return f"{promised}, and it is below {percent(slo.alert_below)}."
    pace = (
        f"above {percent(rule.limit)} the error budget burns at more than {rate(rule):.4g} times the pace at which it"
        f" lasts {over}; {percent(_spent(rule))} of it is gone in {named(rule.long_ms)}"
    )
    if rule.early:
        pace += ". At that pace alone it would last: this is an early notice, before anything is broken"
    return f"{promised}; {pace}."


def absent_annotations(slo: Slo) -> dict[str, str]:
    return {
        "summary": f"{slo.name}: nobody reports it",
        "description": (
            "No series of it is there, not even at 0: the planner is down, is not scraped, or its metrics do not arrive"
            f" since {named(ABSENT_MS + ABSENT_FOR_MS)}. Whether the promise is kept is not known, and none of its"
            " other alerts can fire."
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
        "summary": f"What is reported of the promises is {age} old",
        "description": (
            f"Figures still arrive, but the planner last noted {age} ago that it is there, which it does every minute:"
            " it hangs, cannot write its database, or something between it and Prometheus repeats what it said last."
        ),
        "impact": "Whether the promises are kept is not known, and none of their alerts can fire.",
        "policy": "See to this before anything else is read from the figures.",
        "runbook_url": links.page(f"stack/runbooks/{STALE}.md"),
        "dashboard_url": links.promises(),
    }


def _about(slo: Slo) -> dict[str, str]:
    return {
        "impact": slo.impact,
        "policy": slo.policy,
        "runbook_url": slo.runbook_url,
        "dashboard_url": slo.links.promises(slo.id),
    }


def percent(share: float) -> str:
    """As Prometheus' ``humanizePercentage`` writes it."""
    return f"{share * 100:.4g}%"
