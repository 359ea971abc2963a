"""A world in which every call of the bot is watched: what it shows, whether it answers, what it logs."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from planner.i18n import words
from tests.world import SECOND, Person, World

TEXT_MAX, DATA_MAX = 4_096, 64
SETTLE_MAX_S = 120
SHOWS = ("sendMessage", "editMessageText", "sendDocument", "sendPhoto")
FAULT = {lang: words(lang).t("That did not work: it is my fault, and it is in my log.") for lang in ("en", "ru")}
DEAD = {lang: words(lang).t("This button no longer works. Write to me again instead.") for lang in ("en", "ru")}
KNOWN = re.compile(
    r"planner\.py backup FILE|^no answer yet$|/start [\w-]+|/\w+|[A-Z][\w -]+ \(UTC|(?:https?|webcal)://\S*|\w+\.(?:google|yandex|example)\.\w+|example\.org|ics"
    r"|\b(?:UTC|GMT|iCalendar|iCal|ICS|HTML|Telegram|Google|Outlook|iCloud|Nextcloud|Apple|Planner|PLANNER_\w+|Alice|Bob|Zed"
    r"|English|FREQ=[\w;=,-]+)\b",
    re.MULTILINE,
)
"""What is the same in all languages: names, what is to be typed, and a cause as it stands in the log."""


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    chat_id: int
    params: dict[str, object]
    message_id: int
    refused: str
    """What Telegram said to it, where it was not accepted."""

    @property
    def text(self) -> str:
        return str(self.params.get("text") or self.params.get("caption") or "")

    @property
    def labels(self) -> list[tuple[str, str]]:
        """Each button's label and data."""
        markup = self.params.get("reply_markup")
        keyboard = json.loads(markup) if isinstance(markup, str) else markup
        lines = keyboard.get("inline_keyboard", []) if isinstance(keyboard, dict) else []
        return [(button["text"], button.get("callback_data", "")) for line in lines for button in line]


@dataclass(slots=True)
class Watched(World):
    calls: list[Call] = field(default_factory=list)
    fresh: set[int] = field(default_factory=set)
    """Messages of the one who does something, shown since they last did something."""
    crash_in: int | None = None
    """So many ms after the next message or press the bot ends at once, and starts again."""

    async def _call(self, token: str, method: str, params: dict[str, object]) -> tuple[int, bytes]:
        status, body = await World._call(
            self, token, method, params
        )  # not super(): of a class with slots it is another
        if method != "getUpdates":
            got = json.loads(body)
            result = got.get("result")
            shown = int(result["message_id"]) if isinstance(result, dict) and "message_id" in result else 0
            chat = int(str(params.get("chat_id") or 0))
            self.calls.append(Call(method, chat, params, shown, "" if status == 200 else str(got.get("description"))))
        return status, body

    async def wrote(self, person: Person, text: str, **more: object) -> None:
        """A message is written, and answered."""
        before = len(self.calls)
        await self.chat.say(person.chat, text, person.user, **more)
        await self._perhaps_crash()
        await self.settled(person.chat)
        shown = [call for call in self.calls[before:] if call.chat_id == person.chat and call.method in SHOWS]
        assert shown, f"no answer to {text!r}"

    async def pressed(self, person: Person, message_id: int, data: str, *, fresh: bool) -> None:
        """A button is pressed, and answered; one that has just been shown does something."""
        press = await self.chat.press(person.chat, message_id, data, person.user)
        await self._perhaps_crash()
        await self.settled(person.chat)
        answer = await self.chat.press_answer(press.callback_id, 5 * SECOND)
        assert answer is not None, f"no answer to the button {data!r}"
        assert not (fresh and answer["text"] in DEAD.values()), f"a button just shown does not work: {data!r}"

    async def _perhaps_crash(self) -> None:
        if self.crash_in is not None:
            after, self.crash_in = self.crash_in, None
            await self.clock.sleep(after)
            await self.restart()

    async def settled(self, chat_id: int) -> None:
        """Wait until all that came in is handled and all answers are sent."""
        before = len(self.calls)
        await self.clock.sleep(SECOND)
        for _ in range(SETTLE_MAX_S):
            if not await self.query(
                "SELECT 1 FROM updates WHERE handled_at IS NULL UNION ALL SELECT 1 FROM answers WHERE update_id IS NOT"
                " NULL UNION ALL SELECT 1 FROM errands LIMIT 1"
            ):
                break
            await self.clock.sleep(SECOND)
        else:
            raise AssertionError("what came in is not done with")
        self.fresh = {
            call.message_id
            for call in self.calls[before:]
            if call.chat_id == chat_id and call.method in SHOWS and not call.refused
        }


def check_calls(calls: list[Call], langs: dict[int, str], said: str) -> None:
    """What is shown is whole, short enough, and in the reader's language. ``said``: all that users have written."""
    for call in calls:
        assert not call.refused or "not modified" in call.refused, (call.refused, call.method, call.params)
        if call.method not in SHOWS and call.method != "answerCallbackQuery":
            continue
        assert len(call.text.encode("utf-16-le")) // 2 <= TEXT_MAX
        for label, data in call.labels:
            assert label.strip(), call
            assert 1 <= len(data.encode()) <= DATA_MAX, data
        lang = langs.get(call.chat_id, "")
        for text in (call.text, *(label for label, _ in call.labels)):
            assert text not in FAULT.values(), "it says that it failed"
            assert not re.search(r"\{\w*\}|%\(\w+\)|\bNone\b(?! of)|Traceback|Event\(", _unsaid(text, said)), text
            assert "🔁" not in text or "FREQ=" not in text.split("🔁")[1].split("\n")[0], text
            if lang == "ru":
                foreign = re.findall(r"[A-Za-z]{3,}", KNOWN.sub(" ", text))
                unknown = [word for word in foreign if word.lower() not in said.lower()]
                assert not unknown, (unknown, text)


def _unsaid(text: str, said: str) -> str:
    return "" if "{" in said else text


ABSENCE = {"reminder.missed", "reminder.late"}


@contextmanager
def errors() -> Iterator[list[str]]:
    """What is logged as an error within, but for reminders that nobody was there to send in time."""
    found: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.levelno >= logging.ERROR and record.getMessage() not in ABSENCE:
                found.append(self.format(record))

    handler = Kept()
    log = logging.getLogger()
    log.addHandler(handler)
    try:
        yield found
    finally:
        log.removeHandler(handler)
