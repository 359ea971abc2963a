"""Grafana's dashboards, made of ``slo.toml`` and the catalogue of metrics as plain dictionaries. Pure.

One module a dashboard, each with ``board(promises)``. Whatever they have in common is in ``board`` (the frame),
``panels`` (what is drawn) and ``queries`` (what is asked).
"""

from __future__ import annotations

import json
from dataclasses import replace
from types import ModuleType

from planner.dashboards import chat, database, outside, overview, process, reminders, security, traces, watchers
from planner.dashboards import promises as promised
from planner.dashboards.board import Board
from planner.model import DAY
from planner.slo.lengths import named
from planner.slo.objectives import Promises

MODULES: tuple[ModuleType, ...] = (
    promised, overview, chat, reminders, outside, database, process, traces, watchers, security,
)  # fmt: skip


WINDOWS_SHOWN = 3
"""Where promises are shorter than a day, so many of their windows are shown."""


def boards(promises: Promises) -> list[Board]:
    """All of them, the first being the one to begin with."""
    return [_looking_back(module.board(promises), promises) for module in MODULES]


def _looking_back(board: Board, promises: Promises) -> Board:
    """As far as the promises do: a demo of minutes would be a dot on a picture of a day."""
    longest = max(slo.window_ms for slo in promises.slos)
    if longest >= DAY:
        return board
    return replace(board, since=f"now-{named(WINDOWS_SHOWN * longest)}", window=board.windows[0])


def files(promises: Promises) -> dict[str, str]:
    """Every dashboard's text by its path under ``stack/generated``; the same for the same promises."""
    return {f"dashboards/{board.name}.json": _text(board) for board in boards(promises)}


def _text(board: Board) -> str:
    return json.dumps(board.json, ensure_ascii=False, indent=1) + "\n"
