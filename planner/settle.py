"""Settling: what an answer of Telegram's means for what was sent. Inside a transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import NamedTuple

from planner import due, standing
from planner.claim import Sending
from planner.model import SECOND, State, Verdict
from planner.store import Tx
from planner.store.inbox import elsewhere
from planner.store.news import Answer
from planner.telegram.outcomes import Accepted, Blocked, Halted, Moved, NotSent, Outcome, Paused, Refused, Unclear
from planner.telemetry.tracing import NOTHING, Span, within

log = logging.getLogger(__name__)

NEVER = "Telegram never takes this message: report its cause as a bug"
NO_CHAT = "there is no such chat with this bot: whoever it is has to press Start in it"


class Landed(NamedTuple):
    """A message that left at ``left_at``, with the answer that came ``at``, UTC ms.

    ``pause_ms`` is how long to wait before one that got no answer is tried again. ``paid``: it was a paid broadcast.
    ``saving`` is the step of ``span`` that ends when this is on disk.
    """

    sending: Sending
    outcome: Outcome
    left_at: int
    at: int
    pause_ms: int
    span: Span = NOTHING
    saving: Span = NOTHING
    paid: bool = False


def together(tx: Tx, landed: Sequence[Landed]) -> None:
    """Settle the reminders of many messages."""
    with tx.reminders.together():
        for one in landed:
            with within(one.span):
                reminders(tx, one.sending, one.outcome, one.left_at, one.at, one.pause_ms, paid=one.paid)


def reminders(
    tx: Tx, sending: Sending, outcome: Outcome, left_at: int, now: int, pause_ms: int, *, paid: bool = False
) -> None:
    """Settle the reminders of one message; the arguments are those of ``Landed``."""
    rows, ids = tx.reminders, sending.ids
    match outcome:
        case Accepted(message_id):
            standing.sent(tx, ids, now, message_id, paid=paid)
        case Paused(retry_after_s, cause):
            rows.retry(ids, now + retry_after_s * SECOND, cause)
        case Unclear(cause) | NotSent(cause):
            rows.retry(ids, now + pause_ms, cause)
        case Halted(_, cause):
            rows.retry(ids, now, cause)
        case Moved(chat_id, cause):
            move(tx, sending.chat_id, chat_id)
            rows.retry(ids, now, cause)
        case Blocked(cause):
            _freeze(tx, sending.chat_id, left_at)
            rows.end(ids, State.UNDELIVERABLE, now, cause)
        case Refused(cause):
            rows.end(ids, State.FAILED, now, cause)


def answer(tx: Tx, bot_id: int, one: Answer, outcome: Outcome, left_at: int, now: int) -> None:
    """Settle an answer that is not tried again; a message that can no longer be edited is sent anew."""
    verdict: Verdict | None = None
    match outcome:
        case Accepted() if one.method.startswith("send"):
            tx.totals.add({"messages/answer": 1})
        case Blocked():
            _freeze(tx, one.chat_id, left_at)
            verdict = Verdict.EXCLUDED
        case Moved(chat_id):
            move(tx, one.chat_id, chat_id)
            anew = tx.inbox.owe(one.update_id, chat_id, *elsewhere(one.method, one.params), now)
            tx.alert_messages.moved(one.id, anew)
        case Refused(cause) if _sent_anew(one, cause):
            fresh = {name: value for name, value in one.params.items() if name != "message_id"}
            tx.inbox.owe(one.update_id, one.chat_id, "sendMessage", fresh, now)
        case Refused(cause) if one.method == "sendMessage":
            log.error("answer.refused", extra=_of(one) | {"cause": cause, "do": NO_CHAT if _strange(cause) else NEVER})
            verdict = Verdict.BAD
        case Unclear() | NotSent() | Paused() | Halted():
            log.error("answer.given_up", extra=_of(one) | {
                "cause": outcome.cause, "do": "see what kept the planner from reaching Telegram"})  # fmt: skip
            verdict = Verdict.BAD
    if one.update_id is None:
        _notice(tx, one, outcome, now)
    tx.inbox.settle(bot_id, one, now, due.ANSWER_WITHIN_MS, verdict)


def _notice(tx: Tx, one: Answer, outcome: Outcome, now: int) -> None:
    """What answers nothing may have told of an alert, and whether that arrived is kept."""
    if isinstance(outcome, Accepted):
        tx.alert_messages.delivered(one.id, now)
    else:
        tx.alert_messages.failed(one.id, outcome.cause)


def _strange(cause: str) -> bool:
    """Whether it is the chat that Telegram knows nothing of, and not the message that it does not like."""
    return "chat not found" in cause


def _of(one: Answer) -> dict[str, object]:
    """What the log says of an answer; a notice answers no update."""
    return {"chat": one.chat_id, "method": one.method} | ({} if one.update_id is None else {"update": one.update_id})


def _sent_anew(one: Answer, cause: str) -> bool:
    """An answer that was to stand in another's place; a mere correction of what stands there is let go."""
    return one.method == "editMessageText" and one.update_id is not None and "not modified" not in cause


def _freeze(tx: Tx, chat_id: int, left_at: int) -> None:
    """Who has written since the request left has thawed since."""
    if not tx.inbox.wrote_since(chat_id, left_at):
        tx.users.freeze(chat_id)


def move(tx: Tx, old: int, new: int) -> None:
    """A chat has another id from now on: whose it is and what is owed to it go with it."""
    tx.users.move_chat(old, new)
    tx.inbox.move_chat(old, new)
