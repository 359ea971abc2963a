"""What draws each kind of panel, by the name that Grafana has for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from tools.boards.answers import Answer, Span
from tools.boards.drawn import Drawn
from tools.boards.kinds import bargauge, elsewhere, heatmap, stat, states, table, text, timeseries

Draw: TypeAlias = Callable[[Mapping[str, Any], Sequence[Answer], Span], Drawn]

KINDS: Mapping[str, Draw] = {
    "stat": stat.draw,
    "bargauge": bargauge.draw,
    "timeseries": timeseries.draw,
    "state-timeline": states.draw,
    "table": table.draw,
    "heatmap": heatmap.draw,
}


def draw(panel: Mapping[str, Any], answers: Sequence[Answer], span: Span) -> Drawn:
    """A panel from what its queries found; one that asks nobody who is here says so.

    KeyError: a kind of panel that none of the boards had so far.
    """
    if panel["type"] == "text":
        return text.draw(panel)
    return KINDS[panel["type"]](panel, answers, span) if answers else elsewhere.draw(panel)
