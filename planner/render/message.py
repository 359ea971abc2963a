"""A message as the Bot API takes it."""

from __future__ import annotations

from dataclasses import dataclass

from planner.render.text import Entity, Text

MAX_DATA_BYTES = 64
"""The most a button can carry (Bot API, ``callback_data``)."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message; ``data`` (1 to 64 bytes) comes back when it is pressed."""

    text: str
    data: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.data.encode()) <= MAX_DATA_BYTES:
            raise ValueError(f"a button carries 1 to {MAX_DATA_BYTES} bytes, not {len(self.data.encode())}")


@dataclass(frozen=True, slots=True)
class Message:
    """A text with rows of buttons under it."""

    text: Text
    buttons: tuple[tuple[Button, ...], ...] = ()


def as_params(message: Message) -> dict[str, object]:
    """The parameters ``text``, ``entities`` and ``reply_markup`` of ``sendMessage`` and ``editMessageText``.

    Without buttons there is no ``reply_markup``: an edit then takes the old ones away.
    """
    params: dict[str, object] = {"text": message.text.text}
    if message.text.entities:
        params["entities"] = [_entity(one) for one in message.text.entities]
    if message.buttons:
        rows = [[{"text": one.text, "callback_data": one.data} for one in row] for row in message.buttons]
        params["reply_markup"] = {"inline_keyboard": rows}
    return params


def _entity(one: Entity) -> dict[str, object]:
    found: dict[str, object] = {"type": one.type, "offset": one.offset, "length": one.length}
    if one.url is not None:
        found["url"] = one.url
    if one.unix_time is not None:
        found["unix_time"] = one.unix_time
    if one.date_time_format is not None:
        found["date_time_format"] = one.date_time_format
    return found
