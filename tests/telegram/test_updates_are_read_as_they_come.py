"""Updates arrive raw, odd ones among them, and are read without ever raising."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from planner.telegram.incoming import Document, Forward, Incoming, Named, Reply, Update, incoming
from planner.telegram.outcomes import Halted, Unclear
from tests.telegram.server import http, ok, refused, serving, telegram_at
from tests.virtual import FakeClock

ALICE = {"id": 11, "is_bot": False, "first_name": "Alice", "language_code": "en"}
CHAT = {"id": 11, "type": "private", "first_name": "Alice"}
DATE = 1_795_255_200


def message(**more: object) -> dict[str, object]:
    return {"message_id": 5, "date": DATE, "chat": CHAT, "from": ALICE} | more


ALICE_SAID = Incoming(9, Update.MESSAGE, 11, "private", 11, "Alice", "en", None, DATE * 1_000, 5)


def said(**more: object) -> Incoming:
    return incoming({"update_id": 9, "message": message(**more)})


async def test_updates_come_raw_and_one_odd_one_spoils_nothing() -> None:
    odd: list[object] = [
        {"update_id": 1, "message": {"text": 5}},
        {"update_id": 2, "a_new_kind": {"x": [1]}},
        {"update_id": 3, "message": message(text="hi")},
    ]
    async with (
        serving(ok([*odd, "no object", {"no": "id"}, {"update_id": True}])) as server,
        telegram_at(server.url) as telegram,
    ):
        assert await telegram.updates(1, 25) == odd
    asked = server.asked[0].fields
    assert (asked["offset"], asked["limit"], asked["timeout"]) == ("1", "100", "25")
    assert json.loads(asked["allowed_updates"]) == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_a_failed_poll_says_what_came_instead() -> None:
    async with (
        serving(refused(409, "Conflict"), ok({}), http(502, "<html>")) as server,
        telegram_at(server.url) as telegram,
    ):
        assert await telegram.updates(0, 1) == Halted(409, "409 Conflict")
        assert await telegram.updates(0, 1) == Unclear("getUpdates answered with no list")
        assert await telegram.updates(0, 1) == Unclear("502 without a Bot API answer")


async def test_a_poll_may_take_longer_than_other_requests(clock: FakeClock) -> None:
    async with serving(None) as server, telegram_at(server.url) as telegram:
        assert await telegram.updates(0, 50) == Unclear("TimeoutError")
    assert 50_000 < clock.mono() < 65_000


def test_a_message_is_read() -> None:
    assert said(text="dentist tomorrow") == Incoming(
        9, Update.MESSAGE, 11, "private", 11, "Alice", "en", "dentist tomorrow", DATE * 1_000, 5
    )


def test_an_edited_message_keeps_the_date_it_was_written_at() -> None:
    read = incoming({"update_id": 9, "edited_message": message(text="dentist at 10", edit_date=DATE + 60)})
    assert (read.kind, read.text, read.date_ms) == (Update.EDITED, "dentist at 10", DATE * 1_000)


def test_a_pressed_button_is_read_also_on_a_message_that_is_gone() -> None:
    gone = {"message_id": 5, "date": 0, "chat": CHAT}
    read = incoming({"update_id": 9, "callback_query": {"id": "77", "from": ALICE, "message": gone, "data": "done:1"}})
    assert read == Incoming(
        9, Update.CALLBACK, 11, "private", 11, "Alice", "en", message_id=5, callback_id="77", data="done:1"
    )


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("kicked", Update.BLOCKED),
        ("left", Update.BLOCKED),
        ("member", Update.UNBLOCKED),
        ("administrator", Update.UNBLOCKED),
    ],
)
def test_blocking_and_unblocking_are_seen(status: str, kind: Update) -> None:
    changed = {"chat": CHAT, "from": ALICE, "date": DATE, "new_chat_member": {"status": status, "user": {"id": 1}}}
    read = incoming({"update_id": 9, "my_chat_member": changed})
    assert (read.kind, read.chat_id, read.user_id, read.date_ms) == (kind, 11, 11, DATE * 1_000)


def test_a_document_comes_with_what_is_said_of_it() -> None:
    read = said(
        caption="my calendar",
        document={"file_id": "F", "file_name": "a.ics", "file_size": 10, "mime_type": "text/calendar"},
    )
    assert (read.text, read.content) == ("my calendar", "document")
    assert read.document == Document("F", "a.ics", 10, "text/calendar")


@pytest.mark.parametrize("content", ["photo", "voice", "sticker", "location", "contact", "animation"])
def test_other_content_is_named(content: str) -> None:
    read = said(**{content: {"file_id": "F"}}, **({"document": {"file_id": "F"}} if content == "animation" else {}))
    assert (read.kind, read.text, read.content) == (Update.MESSAGE, None, content)


def test_a_reply_carries_what_it_answers() -> None:
    assert said(text="at 9", reply_to_message=message(message_id=4, text="dentist")).reply_to == Reply(4, "dentist")
    assert said(text="at 9", reply_to_message=message(message_id=4, caption="map")).reply_to == Reply(4, "map")


def test_a_reply_to_a_bot_says_which() -> None:
    bot = {"id": 42, "is_bot": True, "first_name": "Planner"}
    assert said(text="at 9", reply_to_message=message(message_id=4, text="?", **{"from": bot})).reply_to == Reply(
        4, "?", 42
    )


def test_a_group_has_a_title_and_a_supergroup_a_past() -> None:
    group = {"id": -5, "type": "group", "title": "Family"}
    read = said(chat=group, text="hi")
    assert (read.chat_id, read.chat_type, read.title, read.user_id) == (-5, "group", "Family", 11)
    assert said(chat={**group, "id": -1005, "type": "supergroup"}, migrate_from_chat_id=-5).moved_from == -5


def test_where_somebody_is_named_is_counted_in_characters() -> None:
    text = "😀 @planner_bot, /today@planner_bot"
    entities = [
        {"type": "mention", "offset": 3, "length": 12},
        {"type": "bot_command", "offset": 17, "length": 18},
        {"type": "bold", "offset": 0, "length": 2},
    ]
    for read in (said(text=text, entities=entities), said(caption=text, caption_entities=entities)):
        assert [(one.kind, text[one.start : one.end]) for one in read.named] == [
            ("mention", "@planner_bot"),
            ("bot_command", "/today@planner_bot"),
        ]
    half = [{"type": "mention", "offset": 1, "length": 3}, {"type": "mention", "offset": -1, "length": 3}]
    assert said(text=text, entities=half).named == ()
    assert said(text="@a", entities=[{"type": "mention", "offset": 0, "length": 2}]).named == (Named("mention", 0, 2),)


@pytest.mark.parametrize(
    ("old", "new", "joined"),
    [("left", "member", True), ("member", "administrator", False), ("kicked", "administrator", True),
     ("member", "left", False), ("left", "kicked", False)],
)  # fmt: skip
def test_a_bot_that_comes_into_a_group_knows_that_it_was_not_there(old: str, new: str, joined: bool) -> None:
    changed = {"chat": CHAT, "from": ALICE, "date": DATE, "old_chat_member": {"status": old},
               "new_chat_member": {"status": new}}  # fmt: skip
    assert incoming({"update_id": 9, "my_chat_member": changed}).joined is joined


@pytest.mark.parametrize(
    ("origin", "read"),
    [
        (
            {"type": "user", "date": DATE, "sender_user": {"first_name": "Bob", "last_name": "B"}},
            Forward("Bob B", None, DATE * 1_000),
        ),
        ({"type": "hidden_user", "date": DATE, "sender_user_name": "bob"}, Forward("bob", None, DATE * 1_000)),
        (
            {"type": "channel", "date": DATE, "chat": {"title": "News", "username": "the_news"}, "message_id": 3},
            Forward("News", "https://t.me/the_news/3", DATE * 1_000),
        ),
        (
            {"type": "chat", "date": DATE, "sender_chat": {"title": "Club", "username": "evil/../x"}},
            Forward("Club", None, DATE * 1_000),
        ),
    ],
)
def test_a_forwarded_message_says_where_it_stood(origin: dict[str, object], read: Forward) -> None:
    assert said(text="meeting", forward_origin=origin).forward == read


def test_a_group_that_moved_says_where_to() -> None:
    assert said(migrate_to_chat_id=-1001).moved_to == -1001


@pytest.mark.parametrize(
    "update",
    [
        None,
        5,
        "x",
        [],
        {},
        {"update_id": "9"},
        {"update_id": 9},
        {"update_id": 9, "message": 5},
        {"update_id": 9, "message": {"message_id": 1, "date": DATE}},
        {"update_id": 9, "message": message(chat={"id": "11"})},
        {"update_id": 9, "message": message(date=0)},
        {"update_id": 9, "message": message(date=10**30)},
        {"update_id": 9, "message": message(message_id=2**63)},
        {"update_id": 9, "edited_message": {"text": "x"}},
        {"update_id": 9, "callback_query": {"id": "77", "from": ALICE, "inline_message_id": "1"}},
        {"update_id": 9, "my_chat_member": {"chat": CHAT, "from": ALICE}},
        {"update_id": 9, "poll": {"id": "1"}},
    ],
)
def test_what_is_odd_is_other(update: object) -> None:
    known = isinstance(update, dict) and update.get("update_id") == 9
    assert incoming(update) == Incoming(9 if known else 0)


def test_half_a_surrogate_pair_becomes_something_that_can_be_stored() -> None:
    assert said(text="a\ud83db").text == "a?b"


NAMES = st.sampled_from(
    sorted(
        {
            *message(),
            "text",
            "caption",
            "document",
            "reply_to_message",
            "forward_origin",
            "id",
            "message",
            "edited_message",
            "callback_query",
            "my_chat_member",
            "new_chat_member",
            "status",
            "update_id",
            "chat",
            "sender_user",
            "username",
            "data",
        }
    )
)
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(NAMES, ODD, max_size=4))
@example({"caption": ""})
def test_no_update_is_too_odd(update: dict[str, object]) -> None:
    assert incoming(update).kind in Update
    text = incoming({"update_id": 9, "message": {**message(), **update}}).text
    assert text is None or text.encode()


def test_what_alice_says_without_text_is_still_hers() -> None:
    assert said() == ALICE_SAID
