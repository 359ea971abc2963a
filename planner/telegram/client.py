"""The Bot API by method name and plain parameters; every answer, and every lack of one, as an ``Outcome``."""

from __future__ import annotations

import logging
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from planner.clock import Clock
from planner.model import SECOND
from planner.telegram.answers import outcome_of
from planner.telegram.lean import METHODS, Bot, BufferedInputFile, TelegramMethod, ValidationError
from planner.telegram.measured import FILE, POLL, Meter, Tried, spanned
from planner.telegram.network import FileStatusError, outcome_of_error, outcome_of_file_error
from planner.telegram.outcomes import Accepted, NotSent, Outcome, Refused, Unclear
from planner.telegram.session import Answer, HttpSession, Session, given
from planner.telegram.shapes import Shapes
from planner.telemetry import Telemetry
from planner.telemetry.redact import Redactor

log = logging.getLogger(__name__)

TIMEOUT_S = 20
"""How long a request may take before its outcome is called unclear."""

POLL_MARGIN_S = 10
"""How much longer than asked for a long poll may take."""

FILE_TIMEOUT_S = 60

UPDATES_LIMIT = 100

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]


class Telegram:
    """One bot on Telegram, or on whatever speaks its Bot API at ``base_url``.

    ``connections`` is how many requests may be under way at once, 0 for any number. Raises ``ValueError`` for a token
    or address that cannot be one; after that nothing that Telegram or the network does is raised.
    """

    def __init__(
        self,
        token: str,
        *,
        base_url: str | None = None,
        connections: int = 100,
        clock: Clock,
        timeout_s: int = TIMEOUT_S,
        session: Session | None = None,
        telemetry: Telemetry | None = None,
    ) -> None:
        self._meter = Meter((telemetry or Telemetry()).metrics)
        self._session = session or HttpSession(base_url, connections)
        self._bot = _bot(token, self._session)
        self._shapes = Shapes()
        self._redact = Redactor([token])
        self._clock = clock
        self._timeout_s = timeout_s
        self._closed = False

    async def call(self, method: str, params: Mapping[str, object] | None = None) -> Outcome:
        """Call ``method`` (one of ``lean.IN_USE``) with JSON-like ``params``; a file is ``{"filename", "base64"}``.

        Parameters that the Bot API cannot take are ``Refused`` before anything leaves.
        """
        return await self._call(method, params or {}, self._timeout_s)

    async def updates(
        self, offset: int, timeout_s: int, limit: int = UPDATES_LIMIT
    ) -> list[dict[str, object]] | Outcome:
        """Long-poll getUpdates: raw updates, in Telegram's order, so that an odd one cannot spoil those beside it.

        Asking with an ``offset`` past an update makes Telegram forget it. What has no ``update_id`` is left out.
        """
        params = {"offset": offset, "limit": limit, "timeout": timeout_s, "allowed_updates": ALLOWED_UPDATES}
        outcome = await self._call(POLL, params, timeout_s + POLL_MARGIN_S)
        if not isinstance(outcome, Accepted):
            return outcome
        if not isinstance(outcome.result, list):
            return Unclear("getUpdates answered with no list")
        return [
            update for update in outcome.result if isinstance(update, dict) and type(update.get("update_id")) is int
        ]

    async def download(self, file_id: str, max_bytes: int) -> bytes | Outcome:
        """The content of a file that a user sent. Larger than ``max_bytes`` is ``Refused``, having read no more."""
        found = await self.call("getFile", {"file_id": file_id})
        if not isinstance(found, Accepted):
            return found
        path = found.result.get("file_path") if isinstance(found.result, dict) else None
        if not isinstance(path, str):
            return Refused("getFile named no path")
        started = self._clock.mono()
        with spanned(FILE) as span:
            tried, content = await self._fetch(path, max_bytes)
            self._meter.note(span, FILE, tried, (self._clock.mono() - started) / SECOND)
        return content if isinstance(tried.outcome, Accepted) else tried.outcome

    async def close(self) -> None:
        """Close all connections; requests after this are ``NotSent``."""
        self._closed = True
        await self._session.close()

    async def _call(self, method: str, params: Mapping[str, object], timeout_s: int) -> Outcome:
        if self._closed:
            return NotSent("closed")
        started = self._clock.mono()
        with spanned(method) as span:
            tried = await self._tried(method, params, timeout_s)
            took = self._clock.mono() - started
            outcome = self._meter.note(span, method, tried, took / SECOND)
        if log.isEnabledFor(logging.DEBUG):
            log.debug("telegram.call", extra={"method": method, "outcome": outcome, "ms": took})
        return tried.outcome

    async def _tried(self, method: str, params: Mapping[str, object], timeout_s: int) -> Tried:
        request = None
        if not self._shapes.knows(method, params):
            try:
                request = _request(method, params)
            except ValidationError as error:
                return Tried(Refused(_faults(method, error)))
            self._shapes.learn(method, params, given(request))
        try:
            answer = await self._asked(method, params, request, timeout_s)
        except Exception as error:  # noqa: BLE001  # an outcome for whatever it is
            return Tried(outcome_of_error(error), error)
        received = 0 if isinstance(answer.body, dict) else len(answer.body)
        outcome = outcome_of(answer.status, answer.body, self._redact)
        return Tried(outcome, None, answer.status, answer.sent, received)

    async def _asked(
        self, method: str, params: Mapping[str, object], request: TelegramMethod[Any] | None, timeout_s: int
    ) -> Answer:
        if request is None:
            return await self._session.post(self._bot, method, self._session.plain_form(params), timeout_s)
        answer: Answer = await self._bot(request, timeout_s)
        return answer

    async def _fetch(self, path: str, max_bytes: int) -> tuple[Tried, bytes]:
        content = bytearray()
        url = self._session.api.file_url(self._bot.token, path)
        try:
            async for chunk in self._session.stream_content(url, timeout=FILE_TIMEOUT_S):
                content += chunk
                if len(content) > max_bytes:
                    self._meter.note_oversized()
                    outcome: Outcome = Refused(f"the file is larger than {max_bytes} bytes")
                    return Tried(outcome, received=len(content)), b""
        except FileStatusError as error:
            return Tried(outcome_of_file_error(error), None, error.status), b""
        except Exception as error:  # noqa: BLE001  # an outcome for whatever it is
            return Tried(outcome_of_error(error), error, received=len(content)), b""
        return Tried(Accepted(), status=200, received=len(content)), bytes(content)


def _bot(token: str, session: Session) -> Bot:
    try:
        return Bot(token, session)
    except Exception:  # noqa: BLE001  # aiogram's own exception type, of no use to others
        raise ValueError("the token must look like 123456:ABC-DEF, as @BotFather gave it") from None


def _request(method: str, params: Mapping[str, object]) -> TelegramMethod[Any]:
    return METHODS[method].model_validate({name: _file_or(value) for name, value in params.items()})


def _file_or(value: object) -> object:
    if isinstance(value, dict) and value.keys() == {"filename", "base64"}:
        return BufferedInputFile(b64decode(value["base64"]), value["filename"])
    return value


def _faults(method: str, error: ValidationError) -> str:
    """Which parameters are wrong and how, without their values: those are what users wrote."""
    faults = {
        f"{fault['loc'][0] if fault['loc'] else ''} {fault['type']}" for fault in error.errors(include_input=False)
    }
    return f"{method}: " + ", ".join(sorted(faults))[:200]
