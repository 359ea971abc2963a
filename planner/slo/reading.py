"""Reading ``slo.toml``: the one place where the promises stand. A file that cannot be meant so is refused."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from planner import catalogue
from planner.slo import lengths
from planner.slo.objectives import Promises, Severity, Slo, SloError, Tier

Table = Mapping[str, object]


def read_slos(text: str) -> Promises:
    """The promises in their order. Raises ``SloError``."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SloError(f"slo.toml: {error}") from None
    tiers = {name: _tier(f"tier.{name}", name, _table(f"tier.{name}", one)) for name, one in _sub(tables, "tier")}
    defaults = _table("defaults", tables.get("defaults", {}))
    slos = [_slo(name, {**defaults, **_table(f"slo.{name}", one)}, tiers) for name, one in _sub(tables, "slo")]
    if not slos:
        raise SloError("slo.toml: no [slo.NAME] table; an example: [slo.reminders]")
    routes = {Severity(name): tuple(map(str, to)) for name, to in _sub(tables, "route") if isinstance(to, list)}
    return Promises(tuple(slos), routes)


def _sub(tables: Table, name: str) -> list[tuple[str, object]]:
    return list(_table(name, tables.get(name, {})).items())


def _table(place: str, value: object) -> Table:
    if not isinstance(value, dict):
        raise SloError(f"{place}: no table; an example: [{place}]")
    return value


def _tier(place: str, name: str, table: Table) -> Tier:
    return Tier(
        name=name,
        long_ms=_length(place, table, "long"),
        short_ms=_length(place, table, "short"),
        budget=_share(place, table, "budget"),
        severity=_severity(place, table),
        early=_flag(place, table, "early", default=False),
    )


def _slo(name: str, table: Table, tiers: Mapping[str, Tier]) -> Slo:
    place = f"slo.{name}"
    slo = Slo(
        id=name,
        name=_text(place, table, "name"),
        description=_text(place, table, "description"),
        objective=_share(place, table, "objective"),
        window_ms=_length(place, table, "window"),
        alert_below=_share(place, table, "alert_below"),
        owner=_text(place, table, "owner"),
        counts=str(table.get("counts", name)),
        metric=_metric(place, table),
        counted=_text(place, table, "counted"),
        tiers=_tiers(place, table, tiers),
        min_bad=_number(place, table, "min_bad"),
        page_min_bad=_number(place, table, "page_min_bad"),
        pages=_flag(place, table, "pages", default=True),
        careful_below=_share(place, table, "careful_below"),
        impact=_text(place, table, "impact"),
        policy=_text(place, table, "policy"),
        runbook=_text(place, table, "runbook"),
    )
    for tier in slo.tiers:
        _check(place, slo, tier)
    return slo


def _check(place: str, slo: Slo, tier: Tier) -> None:
    """A tier that says something about this promise."""
    factor = tier.factor(slo.window_ms)
    if tier.long_ms > slo.window_ms:
        raise SloError(f'{place}.tiers: {tier.name} looks further back than the promise; an example: window = "7d"')
    if factor * (1 - slo.objective) >= 1:
        raise SloError(
            f"{place}.tiers: {tier.name} can never fire: with an objective of {slo.objective:g} no burn rate is above"
            f" {1 / (1 - slo.objective):.4g}, and it waits for {factor:.4g}; an example: budget = 0.02"
        )
    if factor < 1 and not tier.early:
        raise SloError(
            f"{place}.tiers: {tier.name} fires at a burn rate of {factor:.4g}, at which the budget lasts; if that is"
            " meant: early = true"
        )


def _tiers(place: str, table: Table, tiers: Mapping[str, Tier]) -> tuple[Tier, ...]:
    names = table.get("tiers")
    if not isinstance(names, list) or not all(name in tiers for name in names):
        raise SloError(f'{place}.tiers: no list of tiers that there are; an example: tiers = ["fast", "slow"]')
    return tuple(tiers[name] for name in names)


def _metric(place: str, table: Table) -> str:
    name = _text(place, table, "metric")
    if name not in {metric.name for metric in catalogue.all_metrics()}:
        raise SloError(f'{place}.metric: no metric is called {name!r}; an example: metric = "planner.sli.events"')
    return name


def _severity(place: str, table: Table) -> Severity:
    try:
        return Severity(str(table.get("severity")))
    except ValueError:
        raise SloError(f'{place}.severity: none that there is; an example: severity = "critical"') from None


def _text(place: str, table: Table, key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise SloError(f'{place}.{key}: no text; an example: {key} = "On-time reminders"')
    return value


def _share(place: str, table: Table, key: str) -> float:
    value = table.get(key)
    if not isinstance(value, float) or not 0 < value < 1:
        raise SloError(f"{place}.{key}: no share between 0 and 1, both excluded; an example: {key} = 0.99")
    return value


def _number(place: str, table: Table, key: str) -> int:
    value = table.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise SloError(f"{place}.{key}: no whole number above 0; an example: {key} = 2")
    return value


def _flag(place: str, table: Table, key: str, *, default: bool) -> bool:
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise SloError(f"{place}.{key}: neither true nor false; an example: {key} = true")
    return value


def _length(place: str, table: Table, key: str) -> int:
    try:
        return lengths.read(str(table.get(key)))
    except ValueError:
        raise SloError(f'{place}.{key}: no length of time; an example: {key} = "7d"') from None
