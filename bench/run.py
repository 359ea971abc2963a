"""Rounds: every subject of a row once a round, each in a process of its own, in an order that changes."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Sequence

from bench.table import OURS, Result, Row


def measure(row: Row, rounds: int) -> Result:
    """Measure every subject ``rounds`` times."""
    figures: dict[str, list[float]] = {subject: [] for subject in row.subjects}
    order = list(row.subjects)
    for _ in range(rounds):
        for subject in order:
            figures[subject].append(_alone(row, subject))
            _show(".")
        order = [*order[1:], order[0]]
    return Result(figures)


def _alone(row: Row, subject: str) -> float:
    command = [sys.executable, "-m", "bench", "--measure", row.name, subject]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=row.longest_s)
        return float(json.loads(done.stdout.splitlines()[-1]))
    except subprocess.TimeoutExpired:
        why = f"took longer than {row.longest_s:g} s"
    except (subprocess.CalledProcessError, ValueError, IndexError) as error:
        why = getattr(error, "stderr", "") or str(error)
    _show(f"\n{row.name}, {subject}: {why}\n")
    return math.nan


def _show(text: str) -> None:
    print(text, end="", file=sys.stderr, flush=True)


def as_data(row: Row, result: Result) -> dict[str, object]:
    """A row for ``--json``."""
    return {
        "row": row.name,
        "unit": row.unit,
        "note": row.note,
        "median": {subject: _plain(result.median(subject)) for subject in row.subjects},
        "ratio": {peer: _plain(result.ratio(peer)) for peer in row.subjects if peer != OURS},
        "figures": {subject: [_plain(value) for value in figures] for subject, figures in result.figures.items()},
        "targets": [{"target": target.text, "reached": target.reached(result)} for target in row.targets],
    }


def _plain(value: float) -> float | None:
    """JSON knows neither of the others."""
    return value if math.isfinite(value) else None


def as_text(rows: Sequence[tuple[Row, Result]]) -> str:
    """The table, in Markdown. A peer's ratio is ours divided by its figure."""
    lines = ["| what | unit | planner | peers (planner ÷ peer) | target | reached |", "| --- " * 6 + "|"]
    for row, result in rows:
        peers = [subject for subject in row.subjects if subject != OURS]
        cells = [
            row.name,
            row.unit,
            figure(result.median()),
            ", ".join(f"{peer} {figure(result.median(peer))} ({figure(result.ratio(peer))}×)" for peer in peers) or "–",
            "; ".join(target.text for target in row.targets),
            "; ".join("yes" if target.reached(result) else "NO" for target in row.targets),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    notes = [f"{row.name}: {row.note}" for row, _ in rows if row.note]
    return "\n".join([*lines, "", *notes])


def figure(value: float) -> str:
    """Three digits that mean something."""
    if not math.isfinite(value):
        return "failed" if math.isnan(value) else "∞"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
