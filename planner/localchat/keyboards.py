"""``reply_markup`` as Telegram takes it. Pure.

https://core.telegram.org/bots/api#inlinekeyboardmarkup and #replykeyboardmarkup
"""

from __future__ import annotations

from collections.abc import Mapping

from planner.localchat.errors import bad
from planner.localchat.texts import check_url

BUTTONS_MAX = 100
DATA_MAX = 64

_FLAGS = ("force_reply", "remove_keyboard", "selective", "one_time_keyboard", "is_persistent", "resize_keyboard")

Markup = Mapping[str, object]


def keyboard_from(value: object, *, inline_only: bool = False) -> Markup | None:
    """The ``reply_markup`` parameter; raises Telegram's complaint. An empty keyboard is none."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise bad("object expected as reply markup")
    for name in _FLAGS:
        if name in value and not isinstance(value[name], bool):
            raise bad(f'field "{name}" must be of type Boolean')
    if "inline_keyboard" in value:
        return _inline(value["inline_keyboard"])
    if inline_only and value:
        raise bad("inline keyboard expected")
    if "keyboard" in value:
        return _replies(value)
    return value if value.get("remove_keyboard") or value.get("force_reply") else None


def _rows(value: object, field: str) -> list[list[object]]:
    if not isinstance(value, list):
        raise bad(f'field "{field}" must be of type Array')
    if not all(isinstance(row, list) for row in value):
        raise bad(f'field "{field}" must be an Array of Arrays')
    return value


def _inline(value: object) -> Markup | None:
    rows = [[_button(button) for button in row] for row in _rows(value, "inline_keyboard") if row]
    if sum(len(row) for row in rows) > BUTTONS_MAX:
        raise bad("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def _button(button: object) -> Markup:
    complaint = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad(complaint + "Expected an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise bad(
            complaint + ('Field "text" must be of type String' if "text" in button else 'Can\'t find field "text"')
        )
    if not text.strip():
        raise bad("inline keyboard button text must be non-empty")
    if url := button.get("url"):
        check_url(str(url), "inline keyboard button URL")
    elif data := button.get("callback_data"):
        if not isinstance(data, str) or len(data.encode()) > DATA_MAX:
            raise bad("BUTTON_DATA_INVALID")
    elif not _copies(button):
        raise bad(complaint + "Text buttons are unallowed in the inline keyboard")
    return button


def _copies(button: Markup) -> bool:
    copied = button.get("copy_text")
    if copied is None:
        return False
    if not isinstance(copied, dict) or not isinstance(copied.get("text"), str) or not copied["text"]:
        raise bad("BUTTON_COPY_TEXT_INVALID")
    return True


def _replies(value: Markup) -> Markup:
    rows = [
        [{"text": button} if isinstance(button, str) else button for button in row]
        for row in _rows(value["keyboard"], "keyboard")
    ]
    for button in (button for row in rows for button in row):
        if not isinstance(button, dict) or not isinstance(button.get("text"), str):
            raise bad("can't parse keyboard button: Can't find field \"text\"")
    return {**value, "keyboard": rows}
