"""A whole board: every panel with what its queries found and what is shown of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tools.boards import kinds
from tools.boards.answers import Answer, Asking, Prometheus, Span, asks_prometheus
from tools.boards.drawn import Drawn
from tools.boards.variables import variables

_UNITS_S = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


@dataclass(frozen=True, slots=True)
class Rendered:
    """One panel. ``panel`` is Grafana's, its title and description with the variables filled in."""

    panel: Mapping[str, Any]
    answers: tuple[Answer, ...]
    drawn: Drawn

    @property
    def is_asked(self) -> bool:
        """Whether Prometheus feeds it."""
        return bool(self.answers)

    @property
    def errors(self) -> list[str]:
        return [one.error for one in self.answers if one.error]


@dataclass(frozen=True, slots=True)
class Section:
    """A row of a board; ``folded``: until somebody opens it."""

    title: str
    folded: bool
    panels: tuple[Rendered, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A board, drawn."""

    board: Mapping[str, Any]
    span: Span
    sections: tuple[Section, ...]

    @property
    def panels(self) -> list[Rendered]:
        return [panel for section in self.sections for panel in section.panels]


def rendered(board: Mapping[str, Any], prometheus: Prometheus, now: float, *, length: float = 0, scrape: float = 15,
             chosen: Mapping[str, str] | None = None) -> Page:  # fmt: skip
    """The board as it stands at ``now``, over ``length`` seconds or the time that it looks at by itself.

    OSError: Prometheus cannot be reached.
    """
    span = Span(now - (length or seconds(board["time"]["from"].removeprefix("now-"))), now)
    values = variables(board, chosen or {})
    asking = Asking(prometheus, span, scrape)
    span = replace(span, marks=tuple(asking.marks(board["annotations"]["list"], values)))
    rows = list(_rows(board))
    panels = [_filled(panel, values.into) for _, inside in rows for panel in inside]
    answers = iter(asking.answers(panels, values))
    filled = iter(panels)
    return Page(board, span, tuple(
        Section(str(row["title"]), bool(row["collapsed"]),
                tuple(_rendered(next(filled), next(answers), span) for _ in inside))
        for row, inside in rows
    ))  # fmt: skip


def seconds(length: str) -> float:
    """``15m`` as seconds."""
    return float(length[:-1]) * _UNITS_S[length[-1]]


def _rows(board: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], list[Mapping[str, Any]]]]:
    """Every row with the panels that stand in it, or below it until the next."""
    rows: list[tuple[Mapping[str, Any], list[Mapping[str, Any]]]] = []
    for panel in board["panels"]:
        if panel["type"] == "row":
            rows.append((panel, list(panel["panels"])))
        else:
            rows[-1][1].append(panel)
    return iter(rows)


def _filled(panel: Mapping[str, Any], into: Any) -> Mapping[str, Any]:
    return {**panel, "title": into(panel["title"]), "description": into(panel.get("description", ""))}


def _rendered(panel: Mapping[str, Any], answers: list[Answer], span: Span) -> Rendered:
    if asks_prometheus(panel) and not answers:
        raise ValueError(f"{panel['title']}: it asks nothing")
    return Rendered(panel, tuple(answers), kinds.draw(panel, answers, span))
