"""A line of words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from tools.boards.drawn import Drawn

_MARKS = ((r"\*\*(.+?)\*\*", r"<b>\1</b>"), (r"\*(.+?)\*", r"<i>\1</i>"), (r"`(.+?)`", r"<code>\1</code>"),
          (r"\[(.+?)\]\((https?://\S+?)\)", r'<a href="\2">\1</a>'))  # fmt: skip
"""As much of Markdown as the boards' notes are written in."""


def draw(panel: Mapping[str, Any]) -> Drawn:
    html = escape(panel["options"]["content"])
    for mark, made in _MARKS:
        html = re.sub(mark, made, html)
    return Drawn(f'<p class="text">{html}</p>')
