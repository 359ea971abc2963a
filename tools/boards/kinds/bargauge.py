"""A bar for each series: how much now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from tools.boards.answers import Answer, Span
from tools.boards.drawn import Drawn
from tools.boards.fields import Named, field, named, nothing_shown


def draw(panel: Mapping[str, Any], answers: Sequence[Answer], _: Span) -> Drawn:
    """Bars from the least to the most that may be, or that there is."""
    found = [one for one in named(panel, answers) if one.series.points]
    if all(one.series.last is None for one in found):
        return nothing_shown(field(panel, ""))
    values = [one.series.last or 0.0 for one in found]
    low = found[0].field.limit("min")
    high = found[0].field.limit("max")
    low, high = min(values) if low is None else low, max(values) if high is None else high
    with_names = panel["options"].get("namePlacement") != "hidden"
    longest = max(len(one.field.shown(one.series.last).text) for one in found)
    html = "".join(_bar(one, low, high, with_names=with_names) for one in found)
    shown = tuple(one.field.shown(one.series.last).text for one in found)
    kind = "bars" if with_names else "bars alone"
    return Drawn(f'<div class="{kind}" style="--letters:{longest}">{html}</div>', shown,
                 tuple(one.field.title for one in found) if with_names else ())  # fmt: skip


def _bar(one: Named, low: float, high: float, *, with_names: bool) -> str:
    shown, value = one.field.shown(one.series.last), one.series.last
    share = 0.0 if value is None or high <= low else min(max((value - low) / (high - low), 0), 1)
    name = f'<div class="name" title="{escape(one.field.title)}">{escape(one.field.title)}</div>' if with_names else ""
    return (
        f'{name}<div class="track"><div style="width:{100 * share:.1f}%;background:{shown.color}"></div></div>'
        f'<div class="value" style="color:{shown.color}">{escape(shown.text)}</div>'
    )
