"""``slo generate``: all that watches the promises from outside, written from ``slo.toml``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from planner.command import NO, OK, Commands, command

if TYPE_CHECKING:
    from planner.slo.objectives import Promises

FOLDER = Path("stack/generated")


def add(commands: Commands) -> None:
    parser = command(commands, "generate", _run, "write rules, their tests, routes and dashboards from slo.toml")
    parser.epilog = (
        "Exit 0: written, or nothing differs; 1: something does, or stands there that is not generated; 2: wrong use."
    )
    parser.add_argument("--out", type=Path, default=FOLDER, metavar="DIR", help=f"where to (default: {FOLDER})")
    parser.add_argument("--check", action="store_true", help="write nothing, and name what differs from slo.toml")


def _run(arguments: argparse.Namespace) -> int:
    from planner import promises

    folder, given = arguments.out, generated(promises.load())
    wrong = differing(folder, given)
    over = left_over(folder, given)
    if not arguments.check:
        write(folder, given, wrong)
        print(f"{folder}: {len(given)} files, {len(wrong)} of them new or changed")
    else:
        _say(wrong, folder, "differs from what slo.toml gives: planner.py slo generate writes it")
    _say(over, folder, "is nothing that slo.toml gives: remove it")
    return NO if arguments.check and (wrong or over) else OK


def generated(promised: Promises) -> dict[str, str]:
    """Every file's text by its path under ``stack/generated``; the same for the same promises."""
    from planner import dashboards
    from planner.slo import generate

    return generate.files(promised) | dashboards.files(promised)


def differing(folder: Path, given: Mapping[str, str]) -> list[str]:
    """The paths of what is missing, or not byte for byte as ``given``."""
    return [path for path, text in given.items() if not _same(folder / path, text)]


def left_over(folder: Path, given: Mapping[str, str]) -> list[str]:
    """The paths of what is there and not ``given``. It is never removed: the folder may be anybody's."""
    there = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in there if path not in given)


def write(folder: Path, given: Mapping[str, str], paths: Iterable[str]) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(given[path].encode())


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def _say(paths: Iterable[str], folder: Path, what: str) -> None:
    for path in paths:
        print(f"{folder / path} {what}", file=sys.stderr)
