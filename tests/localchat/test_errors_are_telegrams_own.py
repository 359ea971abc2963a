"""What a bot does wrong is answered in Telegram's words, and changes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from planner.localchat import Upload
from tests.localchat.bot import BOB, Bot, acquainted, buttons, opened
from tests.virtual import FakeClock

KEY = {"text": "a"}


def keyboard(button: object) -> dict[str, object]:
    return {"inline_keyboard": [[button]]}


def entity(kind: str = "bold", offset: object = 0, length: object = 1, **more: object) -> list[dict[str, object]]:
    return [{"type": kind, "offset": offset, "length": length, **more}]


NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)

WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"chat_id": 1}, "message text is empty"),
    ("sendMessage", {"chat_id": 1, "text": ""}, "message text is empty"),
    ("sendMessage", {"chat_id": 1, "text": " \n "}, "text must be non-empty"),
    ("sendMessage", {"chat_id": 1, "text": "x" * 4097}, "message is too long"),
    ("sendMessage", {"chat_id": 1, "text": "😀" * 2049}, "message is too long"),
    ("sendMessage", {"chat_id": 1, "text": "\ud800"}, "strings must be encoded in UTF-8"),
    ("sendMessage", {"text": "x"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": 99, "text": "x"}, "chat not found"),
    ("sendMessage", {"chat_id": "@nobody", "text": "x"}, "chat not found"),
    ("sendMessage", {"chat_id": 1, "text": "x", "parse_mode": "Word"}, "unsupported parse_mode"),
    (
        "sendMessage",
        {"chat_id": 1, "text": "<b>x", "parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "<b><i>test</b></i>", "parse_mode": "HTML"},
        'can\'t parse entities: Unmatched end tag at byte offset 10, expected "</i>", found "</b>"',
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "<script>alert(1)</script>", "parse_mode": "HTML"},
        'can\'t parse entities: Unsupported start tag "script" at byte offset 0',
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "5 < 6", "parse_mode": "HTML"},
        'can\'t parse entities: Unsupported start tag "" at byte offset 2',
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "hello", "entities": entity(offset=100)},
        "entity begins after the end of the text at UTF-16 offset 100",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "hello", "entities": entity(length=100)},
        "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 100",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "hello", "entities": entity(offset=-1)},
        "receive an entity with incorrect offset -1",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "a😀", "entities": entity(offset=2)},
        "entity begins in a middle of a UTF-16 symbol at UTF-16 offset 2",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "a😀", "entities": entity(length=2)},
        "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at UTF-16 offset 2",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "hello", "entities": entity("sparkling")},
        "can't parse MessageEntity: Unsupported type specified",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "hello", "entities": entity("text_link", url="not-a-url")},
        "entity URL 'not-a-url' is invalid: Wrong HTTP URL",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "hello", "entities": entity("text_link", url="")},
        "entity URL '' is invalid: URL host is empty",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "hello", "entities": entity("text_link", url="javascript:alert(1)")},
        "entity URL 'javascript:alert(1)' is invalid: Wrong HTTP URL",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "hello", "entities": entity("date_time")},
        "can't parse MessageEntity: Can't find field \"unix_time\"",
    ),
    ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": [1]}, "object expected as reply markup"),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": "bad"}},
        'field "inline_keyboard" must be of type Array',
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_markup": {"force_reply": "yes"}},
        'field "force_reply" must be of type Boolean',
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_markup": keyboard(KEY)},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_markup": keyboard({**KEY, "callback_data": ""})},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_markup": keyboard({**KEY, "callback_data": "ы" * 33})},
        "BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_markup": keyboard({"callback_data": "a"})},
        "can't parse inline keyboard button: Can't find field \"text\"",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_markup": keyboard({**KEY, "url": "ftp://example.com"})},
        "inline keyboard button URL 'ftp://example.com' is invalid: Unsupported URL protocol",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_markup": buttons([("a", "a")] * 101)},
        "reply markup is too long",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_parameters": {"message_id": 999}},
        "message to be replied not found",
    ),
    ("sendMessage", {"chat_id": 1, "text": "x", "reply_parameters": {"quote": "x"}}, 'can\'t find field "message_id"'),
    ("sendDocument", {"chat_id": 1}, "there is no document in the request"),
    ("sendDocument", {"chat_id": 1, "document": "local-99"}, "wrong file identifier/HTTP URL specified"),
    ("sendDocument", {"chat_id": 1, "document": Upload("a.txt", "text/plain", b"")}, "file must be non-empty"),
    (
        "sendDocument",
        {"chat_id": 1, "document": Upload("a.txt", "text/plain", b"a"), "caption": "x" * 1025},
        "message caption is too long",
    ),
    ("sendPhoto", {"chat_id": 1, "photo": Upload("a.png", "image/png", b"text")}, "IMAGE_PROCESS_FAILED"),
    ("editMessageText", {"chat_id": 1, "message_id": 999, "text": "x"}, "message to edit not found"),
    ("editMessageText", {"chat_id": 1, "text": "x"}, "message identifier is not specified"),
    ("editMessageText", {"chat_id": 1, "message_id": 1, "text": "x"}, "message can't be edited"),
    ("editMessageText", {"chat_id": 1, "message_id": 2, "text": "x" * 4097}, "MESSAGE_TOO_LONG"),
    ("editMessageText", {"chat_id": 1, "message_id": 2, "text": "hello"}, NOT_MODIFIED),
    (
        "editMessageCaption",
        {"chat_id": 1, "message_id": 2, "caption": "x"},
        "there is no caption in the message to edit",
    ),
    ("editMessageReplyMarkup", {"chat_id": 1, "message_id": 999}, "message to edit not found"),
    ("deleteMessage", {"chat_id": 1, "message_id": 999}, "message to delete not found"),
    ("deleteMessage", {"chat_id": 1}, "message identifier is not specified"),
    (
        "answerCallbackQuery",
        {"callback_query_id": "999"},
        "query is too old and response timeout expired or query ID is invalid",
    ),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
    ("getFile", {"file_id": "nonsense"}, "invalid file_id"),
    ("getChat", {"chat_id": 99}, "chat not found"),
    ("setMyCommands", {"commands": [{"command": "No Spaces", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "a", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("getUpdates", {"allowed_updates": "["}, "can't parse allowed updates JSON object"),
    ("leaveChat", {"chat_id": 1}, "chat member status can't be changed in private chats"),
]


@pytest.mark.parametrize(("method", "params", "complaint"), WRONG)
async def test_a_wrong_call_is_refused_in_telegrams_words(
    method: str, params: dict[str, Any], complaint: str, tmp_path: Path, clock: FakeClock
) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await bot.send("hello")
        before = await chat.messages(1)
        assert await bot.refused(method, **params) == f"Bad Request: {complaint}"
        assert await chat.messages(1) == before


async def test_an_unknown_method_and_a_malformed_token_are_not_found(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        assert await bot.call("sendMoney") == (404, {"ok": False, "error_code": 404, "description": "Not Found"})
        assert await Bot(chat, "no-token").refused("getMe") == "Not Found"


async def test_methods_are_taken_in_any_case(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        assert (await bot.done("GETME"))["id"] == 42


async def test_another_chats_message_cannot_be_edited(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.say(BOB.id, "hi", BOB)
        sent = await bot.send("for alice")
        assert await bot.refused("editMessageText", chat_id=BOB.id, message_id=sent, text="x") == (
            "Bad Request: message to edit not found"
        )


async def test_a_message_older_than_two_days_cannot_be_deleted(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        sent = await bot.send()
        clock.jump(48 * 3_600_000 + 1)
        assert await bot.refused("deleteMessage", chat_id=1, message_id=sent) == (
            "Bad Request: message can't be deleted for everyone"
        )


async def test_a_press_can_be_answered_for_a_quarter_of_an_hour(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        sent = await bot.send(reply_markup=buttons([("Done", "done")]))
        pressed = await chat.press(1, sent, "done")
        clock.jump(15 * 60_000 + 1)
        assert "query is too old" in await bot.refused(
            "answerCallbackQuery", callback_query_id=str(pressed.callback_id)
        )


async def test_text_is_measured_after_its_markup_is_taken_out(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        sent = await bot.done("sendMessage", chat_id=1, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML")
        assert sent["text"] == "x" * 4096
        assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]


def test_every_refusal_in_the_table_is_a_case_of_its_own() -> None:
    cases = [json.dumps([method, params], default=repr) for method, params, _ in WRONG]
    assert len(set(cases)) == len(cases)
