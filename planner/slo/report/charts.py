"""The charts of a promise: its rate by day against the objective, the budget as it burnt down, shares of causes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from planner.slo import budget, figures
from planner.slo.figures import percent
from planner.slo.report.drawing import (
    AXIS,
    BROKEN,
    FAINT,
    IDLE,
    INK,
    KEPT,
    OBJECTIVE,
    SHARES,
    Box,
    Drawing,
    Letters,
    Shape,
    Stroke,
)  # fmt: skip
from planner.slo.report.figures import Kept, Part
from planner.slo.report.wording import number

WIDTH, HEIGHT = 360.0, 136.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 42.0, 10.0, 22.0
LEGEND = "█ at or above the objective, ▂ below it, · nothing came due"
LABELS = 5
"""About so many dates stand below the bars."""
BAR_MIN, BAR_MAX = 1.5, 40.0
IDLE_HEIGHT = 2.0
DEEPEST = -1.0
"""A budget that is overdrawn is drawn down to here."""
SHARE_ROW = 20.0
SHARES_MAX = len(SHARES)
TEXT_MAX = 58


def rates(kept: Kept, unit: str) -> Drawing:
    """A bar a day; what is below the objective in another colour, and where nothing came due a mark on the ground."""
    floor = _floor(kept)
    at = _level(kept.slo.objective, floor)
    shapes = (
        *_lines([(_level(share, floor), percent(share)) for share in (1.0, floor)]),
        *(_bar(index, part, kept, floor) for index, part in enumerate(kept.parts)),
        Stroke(((LEFT, at), (WIDTH - RIGHT, at)), OBJECTIVE, 1.2, dashed=True),
        Letters(WIDTH - RIGHT + 4, at + 4, percent(kept.slo.objective), INK),
        *_dates(kept.parts),
    )
    below = sum(1 for part in kept.parts if part.rate is not None and part.rate < kept.slo.objective)
    about = f"Rate by {unit}, objective {percent(kept.slo.objective)}; below it in {below} of {len(kept.parts)}"
    words = "".join(_letter(part, kept.slo.objective) for part in kept.parts)
    return Drawing(f"Rate by {unit}", about, words, WIDTH, HEIGHT, shapes, LEGEND)


def _floor(kept: Kept) -> float:
    """What the chart begins at: low enough for the worst day, and for the objective to stand well above the ground."""
    worst = min((part.rate for part in kept.parts if part.rate is not None), default=1.0)
    wanted = min(worst, 1 - 2.5 * budget.allowed_error_rate(kept.slo.objective))
    return next((step for step in (0.995, 0.99, 0.98, 0.95, 0.9, 0.8, 0.5) if step <= wanted), 0.0)


def _level(share: float, floor: float) -> float:
    return TOP + (1 - max(0.0, share - floor) / (1 - floor)) * (HEIGHT - TOP - BOTTOM)


def _place(index: int, count: int) -> tuple[float, float]:
    """Where a slice's column begins, and how wide it is."""
    width = (WIDTH - LEFT - RIGHT) / max(1, count)
    return LEFT + index * width, width


def _bar(index: int, part: Part, kept: Kept, floor: float) -> Box:
    left, column = _place(index, len(kept.parts))
    width = min(column, BAR_MAX)
    left, gap = left + (column - width) / 2, min(3.0, width * 0.2)
    ground = HEIGHT - BOTTOM
    hint = f"{part.slice.day.day} {part.slice.day:%b}: {percent(part.rate)}"
    if part.rate is None:
        return Box(left + gap / 2, ground - IDLE_HEIGHT, width - gap, IDLE_HEIGHT, IDLE, f"{hint}, nothing came due")
    top = min(_level(part.rate, floor), ground - BAR_MIN)
    role = KEPT if part.rate >= kept.slo.objective else BROKEN
    return Box(
        left + gap / 2, top, width - gap, ground - top, role, f"{hint}, {part.tally.bad} of {part.tally.total} bad"
    )


def _letter(part: Part, objective: float) -> str:
    if part.rate is None:
        return "·"
    return "█" if part.rate >= objective else "▂"


def _lines(levels: Sequence[tuple[float, str]]) -> Iterator[Shape]:
    """Where values stand, each with its name."""
    for at, name in levels:
        yield Stroke(((LEFT, at), (WIDTH - RIGHT, at)), AXIS)
        yield Letters(LEFT - 4, at + 4, name, FAINT, "end")


def _dates(parts: Sequence[Part]) -> Iterator[Shape]:
    step = max(1, round(len(parts) / LABELS))
    for index in range(0, len(parts), step):
        left, width = _place(index, len(parts))
        day = parts[index].slice.day
        yield Letters(left + width / 2, HEIGHT - 7, f"{day.day} {day:%b}", FAINT, "middle")


def burn_down(kept: Kept, unit: str) -> Drawing:
    """What was left of the period's error budget after each slice; below the ground line it is overdrawn."""
    left = _left_after(kept)
    deepest = max(DEEPEST, min(0.0, *left))
    levels = [_depth(share, deepest) for share in (1.0, *left)]
    points = tuple((_place(index, len(kept.parts))[0], level) for index, level in enumerate(levels))
    role = KEPT if left[-1] >= 0 else BROKEN
    marks = [1.0, 0.0, deepest] if deepest <= DEEPEST / 4 else [1.0, 0.0]
    shapes = (
        *_lines([(_depth(share, deepest), figures.part(share)) for share in marks]),
        Stroke(points, role, 2.2),
        *_dates(kept.parts),
    )
    last = figures.part(left[-1])
    return Drawing(
        "Error budget left", f"Error budget left after each {unit}: {last} at the end", "", WIDTH, HEIGHT, shapes
    )


def _left_after(kept: Kept) -> list[float]:
    """Up to the last slice of which something is known: the rest may be still to come."""
    left, found = 1.0, []
    known = max((index + 1 for index, part in enumerate(kept.parts) if part.tally.total), default=0)
    for part in kept.parts[:known]:
        left -= kept.share(part.tally.bad)
        found.append(left)
    return found or [1.0]


def _depth(share: float, deepest: float) -> float:
    return TOP + (1 - max(share, deepest)) / (1 - deepest) * (HEIGHT - TOP - BOTTOM)


def shares(causes: Mapping[str, int]) -> Drawing:
    """What the bad ones came from, a bar a cause, the commonest first."""
    named = list(causes.items())[:SHARES_MAX]
    rest = sum(causes.values()) - sum(count for _, count in named)
    named += [("other causes", rest)] if rest else []
    total, most = sum(causes.values()), max(count for _, count in named)
    shapes: list[Shape] = []
    for index, (what, count) in enumerate(named):
        top = index * 2 * SHARE_ROW
        width = max(BAR_MIN, count / most * WIDTH)
        said = f"{shortened(what)}: {number(count)} ({figures.part(count / total)})"
        shapes.append(Letters(0, top + 14, said, INK))
        shapes.append(Box(0, top + SHARE_ROW - 2, width, 10, SHARES[min(index, SHARES_MAX - 1)], said))
    about = "What was bad came from: " + "; ".join(f"{what}, {count}" for what, count in named)
    words = "; ".join(f"{what} – {number(count)} ({figures.part(count / total)})" for what, count in named)
    return Drawing("What was bad, by cause", about, words, WIDTH, len(named) * 2 * SHARE_ROW - 6, tuple(shapes))


def shortened(text: str, most: int = TEXT_MAX) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
