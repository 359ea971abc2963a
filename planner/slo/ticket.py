"""One ticket a promise whose budget is gone: opened, updated, closed when it is back, opened again. Pure.

It is a Markdown text that remembers in a comment what it was written from, and keeps what people write below it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from planner.slo import figures
from planner.slo.confidence import Certainty
from planner.slo.instants import iso, shown
from planner.slo.lengths import named
from planner.slo.policy import Course, Decision, why
from planner.slo.status import as_json

OPEN, CLOSED = "open", "closed"
HISTORY_MAX = 100
"""Lines; of more, the first and the latest stay."""
CHANCE = {
    None: figures.NONE,
    Certainty.SURE: "no: so many tell",
    Certainty.TOO_FEW: "yes: they are too few to tell",
}
_MEMORY = re.compile(r"^<!-- ticket (\{.*\}) -->$", re.MULTILINE)
_HISTORY, _NOTES = "## History\n\n", "## Notes\n"
_NOTES_BEGIN = f"{_NOTES}\n<!-- What stands from here on is kept as it is. -->\n"


class NoTicketError(Exception):
    """What stands there is not ours to write over."""


@dataclass(frozen=True, slots=True)
class _Old:
    state: str
    since: int
    good: int
    bad: int
    history: tuple[str, ...]
    notes: str


def key(decision: Decision) -> str:
    return f"slo-{decision.status.slo.id}"


def title(decision: Decision) -> str:
    what = "the error budget is gone" if decision.course is Course.FREEZE else "the error budget is back"
    return f"{decision.status.slo.name}: {what}"


def written(decision: Decision, old: str | None, now: int) -> str | None:
    """The ticket's new text; ``None``: there is none, or nothing new to say. Raises ``NoTicketError``."""
    before = None if old is None else _read(old)
    gone, status = decision.course is Course.FREEZE, decision.status
    was_open = before is not None and before.state == OPEN
    if not gone and not was_open:
        return None
    same = before is not None and (before.good, before.bad) == (status.good, status.bad)
    if gone and was_open and same:
        return None
    since = before.since if before is not None and was_open else decision.since or now
    history = before.history if before is not None else ()
    if not (gone and before is not None and was_open and before.bad == status.bad):
        history = (*history, f"- {shown(now)}: {_event(before, gone=gone)}; {why(decision)}")
    notes = before.notes if before is not None else ""
    return "".join(_text(decision, _Old(OPEN if gone else CLOSED, since, status.good, status.bad, history, notes), now))


def _event(before: _Old | None, *, gone: bool) -> str:
    if not gone:
        return "closed, the budget is back"
    if before is None:
        return "opened"
    return "updated" if before.state == OPEN else "opened again"


def _text(decision: Decision, new: _Old, now: int) -> Iterator[str]:
    slo = decision.status.slo
    memory = {"state": new.state, "since": new.since, "good": new.good, "bad": new.bad}
    yield f"# {title(decision)}\n\n<!-- ticket {json.dumps(memory)} -->\n"
    until = "" if new.state == OPEN else f" until {shown(decision.back or now)}"
    yield (
        f"**{new.state.capitalize()}.** It was gone from {shown(new.since)}{until}.\n"
        if until
        else (f"**{new.state.capitalize()}.** Gone since {shown(new.since)}.\n")
    )
    yield f"\n{slo.description}\n{slo.impact}\n\n| | |\n| --- | --- |\n"
    for what, value in _figures(decision):
        yield f"| {what} | {value.replace('|', chr(92) + '|')} |\n"
    yield f"\n## Policy\n\n{slo.policy}\n\n## Runbook\n\n{slo.runbook_url}\n\n{_HISTORY}"
    kept = new.history if len(new.history) <= HISTORY_MAX else (new.history[0], *new.history[1 - HISTORY_MAX :])
    yield "\n".join(kept) + f"\n\n{new.notes or _NOTES_BEGIN}"


def _figures(decision: Decision) -> Iterator[tuple[str, str]]:
    status = decision.status
    slo = status.slo
    yield (
        f"rate over {named(slo.window_ms)}",
        f"{figures.percent(status.rate)}, {status.bad} bad of {status.good + status.bad}",
    )
    yield "objective", figures.percent(slo.objective)
    yield "budget left", figures.left(status.budget_left)
    rates = ", ".join(f"{figures.burning(rate)} in {name}" for name, rate in status.burn_rates.items())
    yield "burns so many times as fast as the budget allows", rates
    yield "can it be chance", CHANCE[status.sure]
    yield "owner", slo.owner


def _read(text: str) -> _Old:
    memory, (_, history, rest) = _MEMORY.search(text), text.partition(_HISTORY)
    if memory is None or not history:
        raise NoTicketError
    lines, notes, below = rest.partition(_NOTES)
    try:
        kept = json.loads(memory[1])
        state, (since, good, bad) = str(kept["state"]), (int(kept[name]) for name in ("since", "good", "bad"))
    except (ValueError, KeyError, TypeError):
        raise NoTicketError from None
    return _Old(state, since, good, bad, tuple(lines.strip().splitlines()), notes + below)


def as_post(decision: Decision, now: int) -> dict[str, object] | None:
    """What a webhook is told; the same ``ticket`` is the same one. ``None``: it neither is gone nor was lately."""
    gone = decision.course is Course.FREEZE
    if not gone and decision.back is None:
        return None
    slo, since = decision.status.slo, decision.since
    return {
        "ticket": key(decision),
        "state": OPEN if gone else CLOSED,
        "title": title(decision),
        "text": f"{title(decision)}: {why(decision)}. {slo.policy}",
        "gone_since": None if since is None else iso(since),
        "back_since": None if decision.back is None else iso(decision.back),
        "at": iso(now),
        "impact": slo.impact,
        "policy": slo.policy,
        "runbook": slo.runbook_url,
        "owner": slo.owner,
        "status": as_json(decision.status),
    }
