"""aiogram at a fifth of its price: everything that the planner uses of it is imported from here.

``import aiogram`` builds a validator for each of its several hundred models, of which the planner uses a few: seconds
of CPU and 100 MB for nothing. Here pydantic's ``model_rebuild`` does nothing for aiogram's models while aiogram is
imported, and what is in use is built afterwards, as aiogram itself would, then tried. Should that ever fail (a newer
aiogram or pydantic), what was imported is thrown away and imported again in the ordinary way, which one warning tells.
"""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any, cast

from pydantic import BaseModel, ValidationError

log = logging.getLogger(__name__)

_BUTTONS = {
    "inline_keyboard": [[{"text": "Done", "callback_data": "done"}, {"text": "Map", "url": "https://a.example"}]]
}
_ENTITIES = [
    {"type": "bold", "offset": 0, "length": 1},
    {"type": "text_link", "offset": 1, "length": 1, "url": "tg://"},
]

IN_USE: Mapping[str, Mapping[str, object]] = {
    "sendMessage": {
        "chat_id": 1,
        "text": "ab",
        "entities": _ENTITIES,
        "reply_markup": _BUTTONS,
        "link_preview_options": {"is_disabled": True},
        "reply_parameters": {"message_id": 1},
    },
    "editMessageText": {"chat_id": 1, "message_id": 1, "text": "ab", "entities": _ENTITIES, "reply_markup": _BUTTONS},
    "editMessageReplyMarkup": {"chat_id": 1, "message_id": 1, "reply_markup": _BUTTONS},
    "deleteMessage": {"chat_id": 1, "message_id": 1},
    "answerCallbackQuery": {"callback_query_id": "1", "text": "ab", "show_alert": True},
    "sendDocument": {"chat_id": 1, "document": "id", "caption": "ab", "caption_entities": _ENTITIES},
    "sendPhoto": {"chat_id": 1, "photo": "id", "caption": "ab"},
    "setMyCommands": {
        "commands": [{"command": "today", "description": "Today"}],
        "scope": {"type": "default"},
        "language_code": "ru",
    },
    "deleteMyCommands": {"scope": {"type": "all_private_chats"}},
    "getMyDescription": {},
    "setMyDescription": {"description": "ab", "language_code": "ru"},
    "setMyShortDescription": {"short_description": "ab"},
    "getMe": {},
    "getFile": {"file_id": "id"},
    "getUpdates": {"offset": 1, "limit": 100, "timeout": 25, "allowed_updates": ["message"]},
    "getWebhookInfo": {},
    "deleteWebhook": {"drop_pending_updates": False},
    "leaveChat": {"chat_id": -1},
}
"""Each Bot API method that the planner calls, with parameters that it must carry unchanged."""


INSTEAD = "Nothing is lost but time and memory: aiogram is imported in the ordinary way. Try the locked versions."


class _UnfitError(Exception):
    """The models that were built do not do what aiogram's do."""


def _load() -> bool:
    """Import aiogram, leanly where that works; says whether it did."""
    try:
        with _models_left_unbuilt():
            importlib.import_module("aiogram")
        _build()
        _check()
    except Exception as error:  # noqa: BLE001  # whatever it is, the ordinary import is the answer
        log.warning("telegram.lean_failed", extra={"error": type(error).__name__, "do": INSTEAD})
        _forget()
        importlib.import_module("aiogram")
        return False
    return True


@contextmanager
def _models_left_unbuilt() -> Iterator[None]:
    ordinary = BaseModel.__dict__["model_rebuild"]

    def model_rebuild(cls: type[BaseModel], /, **options: Any) -> bool | None:
        if cls.__module__.partition(".")[0] == "aiogram":
            return None
        built: bool | None = ordinary.__func__(cls, **options)
        return built

    BaseModel.model_rebuild = classmethod(model_rebuild)  # type: ignore[assignment, method-assign]  # on purpose, for the length of one import
    try:
        yield
    finally:
        BaseModel.model_rebuild = ordinary  # type: ignore[method-assign]  # as it was


def _build() -> None:
    """Build the methods in use, and with each the types that it holds, in the namespace that aiogram builds them in."""
    default = importlib.import_module("aiogram.client.default").Default
    names = {**vars(importlib.import_module("aiogram.types")), "List": list, "Default": default}
    for name in IN_USE:
        _model(name).model_rebuild(_types_namespace=names)


def _check() -> None:
    for name, params in IN_USE.items():
        if _model(name)(**params).model_dump(exclude_unset=True, warnings=False) != params:
            raise _UnfitError(name)


def _model(name: str) -> type[BaseModel]:
    methods: ModuleType = importlib.import_module("aiogram.methods")
    model: type[BaseModel] = getattr(methods, name[0].upper() + name[1:])
    return model


def _forget() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "aiogram"]:
        del sys.modules[name]


LEAN = _load()
"""False where the ordinary import had to do."""

from aiogram import Bot  # noqa: E402  # only after the lean import
from aiogram.client.session.base import BaseSession  # noqa: E402
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer  # noqa: E402
from aiogram.methods import TelegramMethod  # noqa: E402
from aiogram.types import BufferedInputFile, InputFile  # noqa: E402

METHODS: Mapping[str, type[TelegramMethod[Any]]] = {
    name: cast("type[TelegramMethod[Any]]", _model(name)) for name in IN_USE
}

__all__ = [
    "IN_USE",
    "LEAN",
    "METHODS",
    "PRODUCTION",
    "BaseSession",
    "Bot",
    "BufferedInputFile",
    "InputFile",
    "TelegramAPIServer",
    "TelegramMethod",
    "ValidationError",
]
