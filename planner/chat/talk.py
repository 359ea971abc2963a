"""One update being handled: who it is from, what they said, and the answers owed to them."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field

from planner.chat.access import Access
from planner.chat.overseen import Overseen
from planner.i18n import words
from planner.journeys import Handled
from planner.model import User
from planner.render import Button, Message, Text, Words, as_params, italic, join, pages
from planner.store import Tx
from planner.telegram.incoming import Incoming, Update

TOAST_MAX = 200
"""The longest answer to a pressed button (Bot API, ``answerCallbackQuery``)."""


class StaleError(ValueError):
    """A button that has had its time: its question is closed, or what it was about is so no more."""


class ForeignError(ValueError):
    """A button of what is another's."""


@dataclass(slots=True)
class Talk:
    """Inside the transaction ``tx``, at ``now`` (UTC ms). Relative times count from ``said_at``, the message's date.

    ``access``: who may use this bot, and who says so. ``handled``: where it is told what became of the update.
    ``overseen``: what owners may ask about the planner itself.
    """

    tx: Tx
    now: int
    update: Incoming
    user: User
    access: Access
    handled: Handled = field(default_factory=Handled)
    overseen: Overseen = field(default_factory=Overseen)
    toasted: bool = field(default=False)
    asking: bool = field(default=False)
    replied: bool = field(default=False)

    @property
    def words(self) -> Words:
        return words(self.user.lang)

    @property
    def text(self) -> str:
        return self.update.text or ""

    @property
    def said_at(self) -> int:
        return self.update.date_ms or self.now

    @property
    def never_mind(self) -> tuple[Button, ...]:
        """The button that closes the question that was just asked."""
        return (Button(self.words.t("Never mind"), f"nothing:{self.number}"),)

    def say(self, message: Message | Text | str) -> None:
        """Owe a new message; one too long for Telegram goes in several, the buttons under the last."""
        for one in self._parts(message):
            self._owe("sendMessage", {**as_params(one), **self._in_reply()})

    def show(self, message: Message | Text | str) -> None:
        """Put it in place of the message whose button was pressed; without one, owe a new message."""
        if self.update.kind is not Update.CALLBACK or self.update.message_id is None:
            self.say(message)
            return
        first, *more = self._parts(message)
        self._owe("editMessageText", {"message_id": self.update.message_id, **as_params(first)})
        for one in more:
            self._owe("sendMessage", as_params(one))

    def send_file(self, method: str, field: str, name: str, content: bytes, caption: Text | str = "",
                  buttons: tuple[tuple[Button, ...], ...] = ()) -> None:  # fmt: skip
        """Owe a file, as ``send_file("sendDocument", "document", "events.ics", …)``; it is kept until it is sent."""
        file = {"filename": name, "base64": b64encode(content).decode("ascii")}
        text = Text(caption) if isinstance(caption, str) else caption
        params: dict[str, object] = {field: file}
        if text:
            params |= {"caption": text.text, "caption_entities": list(text.entities)}
        if buttons:
            params["reply_markup"] = as_params(Message(text, buttons))["reply_markup"]
        self._owe(method, params)

    def toast(self, text: str = "", *, alert: bool = False) -> None:
        """Answer the pressed button; the client stops waiting and shows ``text`` for a moment."""
        if self.update.callback_id is None or self.toasted:
            return
        self.toasted = True
        params: dict[str, object] = {"callback_query_id": self.update.callback_id}
        if text:
            params |= {"text": text[:TOAST_MAX], "show_alert": alert}
        self._owe("answerCallbackQuery", params)

    def oversized(self) -> None:
        """What was sent is too large, and refused for that."""
        self.handled.refusals.append("oversized")

    def ask(self, what: str, **about: object) -> None:
        """The user's next plain message answers this question; its buttons carry its number, and it its message's."""
        self.asking = True
        message = self.update.message_id
        self.tx.users.ask(self.user.id, {"what": what, "number": self.number, "message": message, **about})

    @property
    def number(self) -> int:
        """Of the question that this update asks."""
        return self.update.update_id

    @property
    def in_group(self) -> bool:
        """Whether others listen, and are heard only when they answer a message of the bot's or name it."""
        return self.user.id < 0

    def _parts(self, message: Message | Text | str) -> list[Message]:
        parts = _split(message)
        if self.asking and self.in_group:
            self.asking = False
            last, hint = parts[-1], italic(self.words.t("Reply to this message to answer."))
            parts[-1] = Message(join((last.text, hint), "\n"), last.buttons)
        return parts

    def _in_reply(self) -> dict[str, object]:
        """In a group the first answer is a reply: it says who is answered, and stays in their topic."""
        if not self.in_group or self.replied or self.update.kind is not Update.MESSAGE:
            return {}
        self.replied = True
        return {"reply_parameters": {"message_id": self.update.message_id, "allow_sending_without_reply": True}}

    def _owe(self, method: str, params: dict[str, object]) -> None:
        self.tx.inbox.owe(self.update.update_id, self.user.chat_id, method, params, self.now)


def _split(message: Message | Text | str) -> list[Message]:
    if isinstance(message, str):
        message = Text(message)
    if isinstance(message, Text):
        message = Message(message)
    texts = pages(message.text) or (message.text,)
    return [Message(text) for text in texts[:-1]] + [Message(texts[-1], message.buttons)]
