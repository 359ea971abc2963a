"""One of the readings that were offered is chosen: of a new event's phrase, or of a change's."""

from __future__ import annotations

from planner.chat import add, card, drafts, scope
from planner.chat.talk import StaleError, Talk


def choose(talk: Talk, number: str, index: str) -> None:
    """The button of one reading."""
    question = talk.tx.users.asked(talk.user.id)
    choices = question.get("choices")
    if question.get("number") != int(number) or not isinstance(choices, list) or not 0 <= int(index) < len(choices):
        raise StaleError("that question is closed")
    talk.tx.users.ask(talk.user.id, None)
    wanted, view = choices[int(index)], question.get("view")
    if isinstance(view, dict):
        event, at = card.exactly(talk, view["id"], str(view["start_at"]))
        scope.settle(talk, event, at, scope.merged(talk, event, at, view, wanted))
    else:
        add.keep(talk, drafts.from_kept(wanted))
