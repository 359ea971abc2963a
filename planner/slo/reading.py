"""Reading ``slo.toml``: the one place where the promises stand. A file that cannot be meant so is refused."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping

from planner import catalogue
from planner.model import SECOND
from planner.slo import alerts, budget
from planner.slo.fields import EXAMPLES, NAME, Section, Table, WrongError, nearest, some_of
from planner.slo.lengths import named
from planner.slo.lines import line_of
from planner.slo.links import links
from planner.slo.objectives import (
    COUNTS,
    OBJECTIVE_MAX,
    RECEIVERS,
    Links,
    Promises,
    Severity,
    Slo,
    SloError,
    Tier,
)

TABLES = ("defaults", "tier", "route", "links", "slo")
SHORT_MIN_MS = 10 * SECOND
"""Prometheus looks every 15 s or so: what is much shorter holds nothing."""
TIER_KEYS = ("long", "short", "budget", "severity", "keep", "for", "early")
SLO_KEYS = tuple(key for key in EXAMPLES if key not in TIER_KEYS)
SLI_LABELS = ["slo", "result"]


def read_slos(text: str, path: str = "slo.toml") -> Promises:
    """The promises in their order. ``path`` is what the file is called where it is refused. Raises ``SloError``."""
    try:
        return _promises(tomllib.loads(text))
    except WrongError as error:
        line = line_of(text, error.place)
        where = path if line is None else f"{path}, line {line}"
        raise SloError(f"{where}: {error.place} {error.fault}; an example: {error.example}") from None
    except tomllib.TOMLDecodeError as error:
        raise SloError(f'{path}: {error}; an example: name = "On-time reminders"') from None
    except (ValueError, RecursionError):
        raise SloError(f'{path}: is no TOML that can be read; an example: name = "On-time reminders"') from None


def _promises(tables: Table) -> Promises:
    for name in tables:
        if name not in TABLES:
            raise WrongError(name, f"is not known{nearest(name, TABLES)}", "[slo.reminders]")
    defaults = Section("defaults", _table("defaults", tables.get("defaults", {})))
    defaults.only(SLO_KEYS)
    tiers = {name: _tier(Section(f"tier.{name}", table)) for name, table in _named(tables, "tier")}
    where = links(_table("links", tables.get("links", {})))
    sections = [Section(f"slo.{name}", table, defaults.own) for name, table in _named(tables, "slo")]
    slos = tuple(_slo(section, tiers, where) for section in sections)
    if not slos:
        raise WrongError("slo", "holds no promise", "[slo.reminders]")
    _tell_apart(slos)
    return Promises(slos, dict(_routes(tables)), where)


def _named(tables: Table, kind: str) -> Iterator[tuple[str, Table]]:
    """The tables ``[kind.NAME]``."""
    for name, table in _table(kind, tables.get(kind, {})).items():
        if not NAME.fullmatch(name):
            fault = "is no name: small letters, digits and _, a letter first, 32 at most"
            raise WrongError(f"{kind}.{name!r}", fault, f"[{kind}.{'fast' if kind == 'tier' else 'reminders'}]")
        yield name, _table(f"{kind}.{name}", table)


def _table(place: str, value: object) -> Table:
    if not isinstance(value, dict):
        raise WrongError(place, "is no table", f"[{place if '.' in place or place == 'defaults' else f'{place}.fast'}]")
    return value


def _routes(tables: Table) -> Iterator[tuple[Severity, tuple[str, ...]]]:
    for name, value in _table("route", tables.get("route", {})).items():
        if name not in set(Severity):
            fault = f"is no severity{nearest(name, list(Severity))}"
            raise WrongError(f"route.{name}", fault, 'critical = ["telegram"]')

        def wrong(fault: str, name: str = name) -> WrongError:
            return WrongError(f"route.{name}", fault, f'{name} = ["telegram"]')

        yield Severity(name), some_of(value, RECEIVERS, wrong)


def _tier(section: Section) -> Tier:
    section.only(TIER_KEYS)
    tier = Tier(
        name=section.place.removeprefix("tier."),
        long_ms=section.length("long"),
        short_ms=section.length("short"),
        budget=section.share("budget"),
        severity=Severity(section.one_of("severity", list(Severity))),
        keep_ms=section.length("keep"),
        for_ms=section.length("for") if section.has("for") else 0,
        early=section.flag("early", default=False),
    )
    if tier.name == alerts.BELOW:
        raise WrongError(section.place, "is what the alert on alert_below is called", "[tier.fast]")
    if tier.short_ms >= tier.long_ms:
        raise section.wrong("short", f"is {named(tier.short_ms)}, not shorter than long, {named(tier.long_ms)}")
    if 2 * tier.short_ms > tier.long_ms:
        raise section.wrong("short", f"is {named(tier.short_ms)}, more than half of long, {named(tier.long_ms)}")
    if tier.short_ms < SHORT_MIN_MS:
        raise section.wrong("short", f"is {named(tier.short_ms)}; less than {named(SHORT_MIN_MS)} holds nothing")
    if tier.for_ms > tier.long_ms:
        raise section.wrong("for", f"is {named(tier.for_ms)}, longer than long, {named(tier.long_ms)}")
    return tier


def _slo(section: Section, tiers: Mapping[str, Tier], where: Links) -> Slo:
    section.only(SLO_KEYS)
    name = section.place.removeprefix("slo.")
    counts = section.one_of("counts", COUNTS) if section.has("counts") or name not in COUNTS else name
    slo = Slo(
        id=name,
        name=section.text("name"),
        description=section.text("description"),
        objective=section.share("objective", OBJECTIVE_MAX),
        window_ms=section.length("window"),
        alert_below=section.share("alert_below"),
        owner=section.text("owner"),
        counts=counts,
        metric=_metric(section),
        counted=section.text("counted"),
        tiers=_tiers(section, tiers),
        min_bad=section.whole("min_bad"),
        page_min_bad=section.whole("page_min_bad"),
        pages=section.flag("pages", default=True),
        careful_below=section.share("careful_below"),
        impact=section.text("impact"),
        policy=section.text("policy"),
        runbook=section.page("runbook"),
        links=where,
    )
    _check(section, slo)
    for tier in slo.tiers:
        _check_tier(section, slo, tier)
    return slo


def _tiers(section: Section, tiers: Mapping[str, Tier]) -> tuple[Tier, ...]:
    """Its own empty list is meant: another promise on the same counts tells of fast burning, this one of `below`."""
    if section.own.get("tiers") == []:
        return ()
    return tuple(tiers[one] for one in section.some_of("tiers", tiers))


def _metric(section: Section) -> str:
    """One that counts what is good and what is bad, by promise."""
    metrics = {metric.name: metric for metric in catalogue.all_metrics()}
    sli = {name for name, metric in metrics.items() if [label.name for label in metric.labels] == SLI_LABELS}
    return section.one_of("metric", sli)


def _check(section: Section, slo: Slo) -> None:
    if slo.window_ms < SHORT_MIN_MS:
        raise section.wrong("window", f"is {named(slo.window_ms)}; less than {named(SHORT_MIN_MS)} holds nothing")
    if slo.alert_below > slo.objective:
        fault = (
            f"is {slo.alert_below:g}, above the objective, {slo.objective:g}: it would fire while the promise is kept"
        )
        raise section.clash("alert_below", fault, f"alert_below = {slo.objective:g}")
    if slo.pages and slo.page_min_bad < slo.min_bad:
        fault = f"is {slo.page_min_bad}, and min_bad {slo.min_bad}: a page would need less than a warning"
        raise section.clash("page_min_bad", fault, f"page_min_bad = {slo.min_bad}")


def _check_tier(section: Section, slo: Slo, tier: Tier) -> None:
    """It says something about this promise."""
    factor = round(tier.factor(slo.window_ms), budget.DIGITS)
    if tier.long_ms > slo.window_ms:
        fault = (
            f"has {tier.name}, which looks back {named(tier.long_ms)}, further than the promise, {named(slo.window_ms)}"
        )
        raise section.clash("tiers", fault, f'window = "{named(tier.long_ms)}"')
    if tier.keep_ms > slo.window_ms:
        fault = f"has {tier.name}, which keeps {named(tier.keep_ms)}, longer than the promise, {named(slo.window_ms)}"
        raise section.clash("tiers", fault, f'keep = "{named(tier.long_ms)}" in [tier.{tier.name}]')
    highest = 1 / budget.allowed_error_rate(slo.objective)
    if round(factor / highest, budget.DIGITS) >= 1:
        fault = (
            f"has {tier.name}, which can never fire: with an objective of {slo.objective:g} no burn rate is above"
            f" {highest:.4g}, and it waits for {factor:.4g}"
        )
        raise section.clash("tiers", fault, f"budget = {0.5 * highest * tier.long_ms / slo.window_ms:.2g}")
    if factor < 1 and not tier.early:
        fault = f"has {tier.name}, which fires at a burn rate of {factor:.4g}, at which the budget lasts"
        raise section.clash("tiers", fault, f"early = true in [tier.{tier.name}], if it is meant")


def _tell_apart(slos: tuple[Slo, ...]) -> None:
    """No two alerts have one name."""
    seen: dict[str, str] = {}
    for slo in slos:
        for rule in alerts.rules(slo):
            if seen.setdefault(rule.name, rule.id) != rule.id:
                fault = f"has an alert {rule.name}, as {seen[rule.name]} has"
                raise WrongError(f"slo.{slo.id}", fault, f"[slo.{slo.id.replace('_', '')}2]")
