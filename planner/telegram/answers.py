"""From an answer of the Bot API (status and body) to an outcome. Pure.

Telegram's rules: https://core.telegram.org/bots/api#making-requests and #responseparameters. Whatever is not a Bot API
answer (a proxy's error page, an empty body) says nothing about what Telegram did, whatever its status.
"""

from __future__ import annotations

import json
import re

from planner.telegram.outcomes import Accepted, Blocked, Halted, Moved, Outcome, Paused, Refused, Unclear
from planner.telemetry.redact import Redactor

RETRY_AFTER_UNKNOWN_S = 5
"""How long a 429 pauses that does not say how long."""

CAUSE_MAX = 200
HALTING = frozenset({401, 404, 409})

_REDACT = Redactor()
_QUOTED = re.compile(r'"[^"]*"|(?<!\w)\'[^\']*\'(?!\w)|«[^»]*»|“[^”]*”')
_UNSEEN = re.compile(r"[^\x20-\x7e]+")


Body = bytes | str | dict[str, object]
"""JSON, or the object that it stands for."""


def outcome_of(status: int, body: Body, redact: Redactor = _REDACT) -> Outcome:
    """What an answer means. Never raises. ``redact`` cleans what the server says about itself: it may echo the URL."""
    answer = _decoded(body)
    if answer is None:
        return _no_answer(status)
    if answer["ok"] and status < 300:
        result = answer.get("result")
        return Accepted(_message_id(result), result)
    meant = status if status >= 400 else _int(answer.get("error_code")) or status
    description = answer.get("description")
    told = said(redact(description)) if isinstance(description, str) else ""
    return _refusal(meant, f"{meant} {told}".rstrip(), answer.get("parameters"))


def _decoded(body: Body) -> dict[str, object] | None:
    try:
        answer = body if isinstance(body, dict) else json.loads(body)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) and isinstance(answer.get("ok"), bool) else None


def _no_answer(status: int) -> Outcome:
    cause = f"{status} without a Bot API answer"
    if status == 429:
        return Paused(RETRY_AFTER_UNKNOWN_S, cause)
    if status == 413:  # sent by the web server before the Bot API: the same request will always be too large
        return Refused(cause)
    return Unclear(cause)


def _refusal(status: int, cause: str, parameters: object) -> Outcome:
    told = parameters if isinstance(parameters, dict) else {}
    if status == 429:
        return Paused(_retry_after(told.get("retry_after")), cause)
    if status in HALTING:
        return Halted(status, cause)
    if status == 403:
        return Blocked(cause)
    if (moved := _int(told.get("migrate_to_chat_id"))) is not None:
        return Moved(moved, cause)
    return Refused(cause) if 400 <= status < 500 else Unclear(cause)


def said(description: str) -> str:
    """Telegram's description as it may stand in a log: short, one line, without what it quotes from the request."""
    return _UNSEEN.sub(" ", _QUOTED.sub('"..."', description))[:CAUSE_MAX]


def _retry_after(told: object) -> int:
    seconds = _int(told)
    return seconds if seconds is not None and seconds > 0 else RETRY_AFTER_UNKNOWN_S


def _message_id(result: object) -> int | None:
    return _int(result.get("message_id")) if isinstance(result, dict) else None


def _int(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
