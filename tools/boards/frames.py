"""Tables of answers, and what a panel's transformations make of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any, TypeAlias

from tools.boards.answers import Answer, Series

TIME, VALUE = "Time", "Value"
Cell: TypeAlias = "float | str | None"
Cells: TypeAlias = "dict[str, Cell]"


@dataclass(frozen=True, slots=True)
class Frame:
    """Columns, and rows that have a value in some of them."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Cell], ...]


def frames(answers: Sequence[Answer]) -> list[Frame]:
    """A frame for each answer; its column of values is named by the target where there is more than one."""
    return [_frame(answer, VALUE if len(answers) == 1 else f"{VALUE} #{answer.target['refId']}") for answer in answers]


def _frame(answer: Answer, value: str) -> Frame:
    labels = sorted({name for one in answer.series for name in one.labels})
    rows = tuple(_row(one, value) for one in answer.series if one.points)
    return Frame((TIME, *labels, value), rows)


def _row(one: Series, value: str) -> Cells:
    moment, number = one.points[-1]
    return {TIME: moment * 1_000, **one.labels, value: None if isnan(number) else number}


Change: TypeAlias = Callable[[list[Frame], Mapping[str, Any]], list[Frame]]


def transformed(found: list[Frame], transformations: Iterable[Mapping[str, Any]]) -> Frame:
    """The one frame that is shown. KeyError: a transformation that none of the boards had so far."""
    for one in transformations:
        if not one.get("disabled"):
            found = CHANGES[one["id"]](found, one.get("options", {}))
    return found[0] if found else Frame((), ())


def _merge(found: list[Frame], _: Mapping[str, Any]) -> list[Frame]:
    """Rows that differ in nothing that both have are one."""
    filled = [frame for frame in found if frame.rows]
    columns = tuple(dict.fromkeys(name for frame in filled for name in frame.columns))
    own = {name for name in columns if name.startswith(VALUE)}
    ordered = (*(name for name in columns if name not in own), *(name for name in columns if name in own))
    rows: list[Cells] = []
    for row in (row for frame in filled for row in frame.rows):
        same = next((one for one in rows if _agree(one, row)), None)
        if same is None:
            rows.append(dict(row))
        else:
            same.update(row)
    return [Frame(ordered, tuple(rows))]


def _agree(one: Mapping[str, Cell], other: Mapping[str, Cell]) -> bool:
    """As rows of one moment, whose values are of different queries."""
    both = (one.keys() & other.keys()) - {TIME}
    return bool(both) and all(one[name] == other[name] for name in both)


def _organize(found: list[Frame], options: Mapping[str, Any]) -> list[Frame]:
    excluded, order = options.get("excludeByName", {}), options.get("indexByName", {})
    only, renamed = options.get("includeByName") or {}, options.get("renameByName", {})

    def organized(frame: Frame) -> Frame:
        kept = [name for name in frame.columns if not excluded.get(name) and (not only or only.get(name))]
        kept.sort(key=lambda name: order.get(name, len(order)))
        columns = {name: str(renamed.get(name) or name) for name in kept}
        rows = tuple({columns[name]: row[name] for name in kept if name in row} for row in frame.rows)
        return Frame(tuple(columns.values()), rows)

    return [organized(frame) for frame in found]


def _sort(found: list[Frame], options: Mapping[str, Any]) -> list[Frame]:
    def by(frame: Frame) -> Frame:
        rows = list(frame.rows)
        for one in reversed(options["sort"]):
            empty = [row for row in rows if row.get(one["field"]) is None]
            filled = [row for row in rows if row.get(one["field"]) is not None]
            filled.sort(key=lambda row: _rank(row[one["field"]]), reverse=bool(one.get("desc")))
            rows = filled + empty
        return Frame(frame.columns, tuple(rows))

    return [by(frame) for frame in found]


def _rank(cell: Cell) -> tuple[float, str]:
    """Numbers by their size, texts by their letters."""
    return (cell, "") if isinstance(cell, float) else (0.0, str(cell))


def _limit(found: list[Frame], options: Mapping[str, Any]) -> list[Frame]:
    return [Frame(frame.columns, frame.rows[: int(options["limitField"])]) for frame in found]


CHANGES: Mapping[str, Change] = {"merge": _merge, "organize": _organize, "sortBy": _sort, "limit": _limit}
