"""The colours of a picture, light and dark."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours as ``#rrggbb``; ``events`` are pairs of a ground and what is written on it, each with its edge."""

    ground: str
    quiet: str
    today: str
    line: str
    text: str
    faint: str
    accent: str
    on_accent: str
    now: str
    events: tuple[tuple[str, str, str], ...]


COLOURS = {
    mark: place for place, marks in enumerate(("🟦🔵🔷", "🟩🟢", "🟧🟠🔶", "🟪🟣", "🟥🔴", "💠")) for mark in marks
}
"""A calendar's mark, and the place of its colour among a paint's ``events``."""

LIGHT = Paint(
    ground="#ffffff",
    quiet="#f1f2f6",
    today="#f5f9ff",
    line="#e3e6ec",
    text="#1c2430",
    faint="#7a8494",
    accent="#2f6fed",
    on_accent="#ffffff",
    now="#e5383b",
    events=(
        ("#dbe7ff", "#173a86", "#2f6fed"),
        ("#d9f2e3", "#0f5132", "#2ba36a"),
        ("#ffe8cf", "#7a3e00", "#f08c1a"),
        ("#f0e0fb", "#57227f", "#9b51d6"),
        ("#ffdfe3", "#7d1526", "#e2475f"),
        ("#d5f1f4", "#0b4d57", "#1ba3b5"),
    ),
)

DARK = Paint(
    ground="#14181f",
    quiet="#0d1015",
    today="#1a2230",
    line="#272e39",
    text="#eef1f6",
    faint="#8d97a8",
    accent="#5b93ff",
    on_accent="#0b1222",
    now="#ff5a5f",
    events=(
        ("#20345f", "#dbe7ff", "#5b93ff"),
        ("#17402d", "#d3f5e2", "#3ecb87"),
        ("#4d3313", "#ffe6c9", "#f5a742"),
        ("#3d2556", "#f0e0fb", "#b878ec"),
        ("#4f1f2b", "#ffdbe1", "#f0677d"),
        ("#133f47", "#d0f3f7", "#35c3d6"),
    ),
)
