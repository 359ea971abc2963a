"""How a field's values are shown: its unit, digits, words and colours, with what is said for it alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf, isnan
from typing import Any

from tools.boards import colors, units
from tools.boards.answers import Answer, Series, labelled
from tools.boards.drawn import Drawn, nothing

NO_DATA = "No data"
NOTHING = frozenset({"null", "nan", "null+nan"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as it stands there, and its colour."""

    text: str
    color: str


@dataclass(frozen=True, slots=True)
class Field:
    """One column or series: ``config`` is what holds for it, all overrides taken in."""

    name: str
    config: Mapping[str, Any]

    @property
    def title(self) -> str:
        return str(self.config.get("displayName") or self.name)

    @property
    def unit(self) -> str:
        return str(self.config.get("unit") or "none")

    @property
    def no_value(self) -> str:
        return str(self.config.get("noValue") or NO_DATA)

    def custom(self, name: str, default: Any = None) -> Any:
        """A property of the kind's own: given as a whole, or overridden by its dotted name."""
        return self.config.get(f"custom.{name}", self.config.get("custom", {}).get(name, default))

    def limit(self, name: str) -> float | None:
        value = self.config.get(name)
        return None if value is None else float(value)

    def written(self, value: float) -> str:
        """In its unit."""
        return str(units.written(value, self.unit, self.config.get("decimals")))

    def shown(self, value: float | None) -> Shown:
        """As its word, or in its unit; in the colour of the word, or of its step."""
        if value is None or isnan(value):
            return self._nothing()
        word = self._word(value)
        color = word.get("color") or self.step_color(value)
        return Shown(str(word.get("text") or self.written(value)), colors.code(color))

    def _nothing(self) -> Shown:
        """In the first of the thresholds' colours, as Grafana has it, unless a word for nothing has its own."""
        options = (one["options"] for one in self.config.get("mappings") or () if one["type"] == "special")
        word: Mapping[str, Any] = next((one["result"] for one in options if one["match"] in NOTHING), {})
        color = word.get("color") or self.step_color(-inf)
        return Shown(str(word.get("text") or self.no_value), colors.code(color))

    def words(self, text: str) -> Shown:
        """A text, or the word that stands for it."""
        word = self._word(text)
        return Shown(str(word.get("text") or text), colors.code(word.get("color", "text")))

    def _word(self, value: float | str) -> Mapping[str, Any]:
        for mapping in self.config.get("mappings") or ():
            if (found := _meant(mapping, value)) is not None:
                return found
        return {}

    def step_color(self, value: float) -> str:
        """Of the last of the thresholds that the value reaches."""
        reached = [step["color"] for step in self.steps() if step["value"] is None or value >= step["value"]]
        return str(reached[-1]) if reached else "text"

    def steps(self) -> list[Mapping[str, Any]]:
        return list((self.config.get("thresholds") or {}).get("steps", ()))

    def color(self, index: int) -> str:
        """A series' own: the one it is given, or the next of the palette."""
        given = self.config.get("color") or {}
        if given.get("mode") in {"fixed", "shades"}:
            return colors.code(given["fixedColor"])
        return colors.CLASSIC[index % len(colors.CLASSIC)]


def _meant(mapping: Mapping[str, Any], value: float | str) -> Mapping[str, Any] | None:
    options: Mapping[str, Any] = mapping["options"]
    if mapping["type"] == "value":
        return options.get(value if isinstance(value, str) else f"{value:g}")
    if isinstance(value, str):
        return None
    if mapping["type"] == "range":
        low, high = options.get("from"), options.get("to")
        inside = (low is None or value >= low) and (high is None or value <= high)
        return options["result"] if inside else None
    return None


def field(panel: Mapping[str, Any], name: str) -> Field:
    """What holds for a series or column of this name."""
    given = panel["fieldConfig"]
    config: dict[str, Any] = dict(given["defaults"])
    for override in given.get("overrides", ()):
        if _matches(override["matcher"], name):
            config |= {one["id"]: one["value"] for one in override["properties"]}
    return Field(name, config)


def _matches(matcher: Mapping[str, Any], name: str) -> bool:
    if matcher["id"] == "byName":
        return bool(matcher["options"] == name)
    if matcher["id"] == "byRegexp":
        return re.search(matcher["options"].strip("/"), name) is not None
    return False


@dataclass(frozen=True, slots=True)
class Named:
    """A series, what it is called, and how it is shown."""

    field: Field
    series: Series
    step: float


def named(panel: Mapping[str, Any], answers: Iterable[Answer]) -> list[Named]:
    """Every series of a panel."""
    found = [(one, answer) for answer in answers for one in answer.series]
    telling = _telling([one.labels for one, _ in found])
    return [Named(field(panel, _name(one, answer, telling)), one, answer.step) for one, answer in found]


def _telling(labels: list[Mapping[str, str]]) -> list[str]:
    """Those of the labels that tell series apart."""
    names = sorted({name for one in labels for name in one})
    return [name for name in names if len({one.get(name) for one in labels}) > 1] or names


def _name(one: Series, answer: Answer, telling: list[str]) -> str:
    legend = answer.target.get("legendFormat") or "__auto"
    if legend != "__auto":
        return labelled(str(legend), one.labels)
    if len(telling) == 1 and telling[0] in one.labels:
        return one.labels[telling[0]]
    inside = ", ".join(f'{name}="{one.labels[name]}"' for name in sorted(one.labels) if name != "__name__")
    return f"{{{inside}}}" if inside else "Value"


def nothing_shown(of: Field) -> Drawn:
    """Where a panel has nothing to show."""
    return nothing(of.no_value)
