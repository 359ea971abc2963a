"""Tickets of budgets that are gone: a Markdown file each in a folder, or a webhook that is told."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from planner.slo import ticket
from planner.slo.policy import Decision

TIMEOUT_S = 10.0


def keep(
    where: str, decisions: Iterable[Decision], now: int, tell: Callable[[str], None] = lambda _: None
) -> Iterator[str]:
    """Open, update or close the tickets at a folder or an address; says in a line each what it could not do.

    ``tell`` hears of each file what was done with it.

    An address may hold a secret, and is in no line.
    """
    found = list(decisions)
    yield from _told(where, found, now) if "://" in where else _filed(Path(where), found, now, tell)


def _filed(folder: Path, decisions: Iterable[Decision], now: int, tell: Callable[[str], None]) -> Iterator[str]:
    for decision in decisions:
        path = folder / f"{ticket.key(decision)}.md"
        try:
            old = path.read_text(encoding="utf-8") if path.exists() else None
            if (new := ticket.written(decision, old, now)) is not None:
                _replace(path, new)
                tell(f"{path}: written")
            elif old is not None:
                tell(f"{path}: left as it is, nothing is new")
        except (OSError, UnicodeDecodeError) as error:
            yield f"{path} cannot be written ({type(error).__name__})"
        except ticket.NoTicketError:
            yield f"{path} is no ticket of the planner's, and is left as it is: move it away, or name another folder"


def _replace(path: Path, text: str) -> None:
    """All of it or none: a ticket that is half written would be no ticket."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _told(url: str, decisions: Iterable[Decision], now: int) -> Iterator[str]:
    from planner.ping import post  # noqa: PLC0415  # slow to import, and only needed for an address

    async def tell(posts: list[dict[str, object]]) -> list[str | None]:
        return [await post(url, json.dumps(one).encode(), TIMEOUT_S, "application/json") for one in posts]

    posts = [one for decision in decisions if (one := ticket.as_post(decision, now)) is not None]
    for one, fault in zip(posts, asyncio.run(tell(posts)) if posts else [], strict=True):
        if fault is not None:
            yield f"the tickets' address did not take {one['ticket']} ({fault})"
