"""``slo.toml``: the one place where the promises stand."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass

from planner.model import DAY, HOUR, MINUTE

_UNITS = {"m": MINUTE, "h": HOUR, "d": DAY}


class SloError(Exception):
    """``slo.toml`` cannot be used; the text names the place, the fault and an example."""


@dataclass(frozen=True, slots=True)
class Slo:
    """One promise. ``objective`` and ``alert_below`` are shares of 1, ``window_ms`` is a length of time."""

    id: str
    name: str
    description: str
    objective: float
    window_ms: int
    alert_below: float


def read_slos(text: str) -> tuple[Slo, ...]:
    """The promises in their order. Raises ``SloError``."""
    try:
        tables = tomllib.loads(text).get("slo")
    except tomllib.TOMLDecodeError as error:
        raise SloError(f"slo.toml: {error}") from None
    if not isinstance(tables, dict) or not tables:
        raise SloError("slo.toml: no [slo.NAME] table; an example: [slo.reminders]")
    return tuple(_slo(name, table) for name, table in tables.items())


def _slo(name: str, table: object) -> Slo:
    if not isinstance(table, dict):
        raise SloError(f"slo.{name}: no table; an example: [slo.{name}]")
    return Slo(
        id=name,
        name=_text(name, table, "name"),
        description=_text(name, table, "description"),
        objective=_share(name, table, "objective"),
        window_ms=_window(name, table),
        alert_below=_share(name, table, "alert_below"),
    )


def _text(name: str, table: dict[str, object], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise SloError(f'slo.{name}.{key}: no text; an example: {key} = "On-time reminders"')
    return value


def _share(name: str, table: dict[str, object], key: str) -> float:
    value = table.get(key)
    if not isinstance(value, float) or not 0 < value < 1:
        raise SloError(f"slo.{name}.{key}: no share between 0 and 1, both excluded; an example: {key} = 0.99")
    return value


def _window(name: str, table: dict[str, object]) -> int:
    found = re.fullmatch(r"(\d{1,4})([mhd])", str(table.get("window")))
    if not found or not int(found[1]):
        raise SloError(f'slo.{name}.window: no length of time; an example: window = "7d"')
    return int(found[1]) * _UNITS[found[2]]
