"""Numbers now, in large letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from tools.boards import colors
from tools.boards.answers import Answer, Span
from tools.boards.drawn import Drawn
from tools.boards.fields import Field, Shown, field, named

NARROWEST = 3
"""A shorter text is not written larger than one of so many letters."""


def draw(panel: Mapping[str, Any], answers: Sequence[Answer], _: Span) -> Drawn:
    """A tile for each series, with its name where the panel says so, or there are several."""
    found = [one for one in named(panel, answers) if one.series.points]
    with_names = panel["options"].get("textMode") == "value_and_name" or len(found) > 1
    tiles = [(one.field, one.field.shown(one.series.last)) for one in found]
    if not tiles:
        alone = field(panel, "")
        return Drawn(_tile(panel, alone, alone.shown(None), named=False), (alone.no_value,), is_empty=True)
    html = "".join(_tile(panel, of, shown, named=with_names) for of, shown in tiles)
    words = tuple(of.title for of, _ in tiles) if with_names else ()
    empty = all(answer.is_empty for answer in answers)
    return Drawn(f'<div class="tiles">{html}</div>', tuple(shown.text for _, shown in tiles), words, empty)


def _tile(panel: Mapping[str, Any], of: Field, shown: Shown, *, named: bool) -> str:
    solid = str(panel["options"].get("colorMode", "")).startswith("background")
    ground = f"background:{shown.color};" if solid and shown.color != colors.TEXT else ""
    letters = ("#1b1c21" if colors.is_bright(shown.color) else "#fff") if ground else shown.color
    name = f'<div class="name">{escape(of.title)}</div>' if named else ""
    size = f"--letters:{max(len(shown.text), NARROWEST)};--share:{42 if named else 62}"
    return (
        f'<div class="tile{" solid" if ground else ""}" style="{ground}color:{letters}">{name}'
        f'<div class="value" style="{size}">{escape(shown.text)}</div></div>'
    )
