"""The bot and the user see the same messages, also after a restart."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planner.localchat import Upload
from planner.localchat.errors import Refusal
from planner.localchat.texts import Entity, prepared, split, units
from tests.localchat.bot import ALICE, Bot, acquainted, buttons, opened
from tests.virtual import FakeClock

PNG = bytes.fromhex("89504e470d0a1a0a0000000d494844520000001000000009") + bytes(20)


async def test_a_row_has_the_fields_that_programs_rely_on(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await bot.send("Dentist", reply_markup=buttons([("Done", "d"), ("1 h", "h")], [("Tomorrow", "t")]))
        said, sent = await chat.messages(1)
        assert (said["from"], said["text"], said["buttons"]) == (1, "hello", [])
        assert {
            name: sent[name] for name in ("seq", "message_id", "from", "text", "buttons", "date", "edited", "deleted")
        } == {
            "seq": 2,
            "message_id": 2,
            "from": "bot",
            "text": "Dentist",
            "date": clock.now() // 1_000,
            "edited": False,
            "deleted": False,
            "buttons": [
                [{"text": "Done", "data": "d"}, {"text": "1 h", "data": "h"}],
                [{"text": "Tomorrow", "data": "t"}],
            ],
        }


async def test_sending_editing_and_deleting_each_raise_seq_and_a_message_stays_one_row(
    tmp_path: Path, clock: FakeClock
) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        sent = await bot.send("one", reply_markup=buttons([("Undo", "u")]))
        other = await bot.send("two")
        await bot.done("editMessageText", chat_id=1, message_id=sent, text="uno")
        rows = await chat.messages(1, after=1)
        assert [(row["message_id"], row["seq"], row["text"], row["edited"], row["buttons"]) for row in rows] == [
            (other, 3, "two", False, []),
            (sent, 4, "uno", True, []),
        ]
        await bot.done("deleteMessage", chat_id=1, message_id=sent)
        [gone] = await chat.messages(1, after=4)
        assert (gone["message_id"], gone["seq"], gone["deleted"]) == (sent, 5, True)
        assert await chat.messages(1, after=5) == []


async def test_a_keyboard_alone_changes_without_marking_the_text_as_edited(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        sent = await bot.send("Dentist", reply_markup=buttons([("Done", "d")]))
        await bot.done("editMessageReplyMarkup", chat_id=1, message_id=sent)
        [row] = await chat.messages(1, after=2)
        assert (row["buttons"], row["edited"]) == ([], False)


async def test_a_restart_shows_the_whole_chat(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await bot.send("first", reply_markup=buttons([("Done", "d")]))
        await bot.done("sendDocument", chat_id=1, document=Upload("all.ics", "text/calendar", b"BEGIN"), caption="all")
        await bot.done("setMyCommands", commands=[{"command": "today", "description": "Today"}])
        before, view = await chat.messages(1), await chat.view(1, 99, 0, "en", 0)
    with opened(tmp_path, clock) as chat:
        assert await chat.messages(1) == before
        after = await chat.view(1, 99, 0, "en", 0)
        assert {**after, "about": None, "version": 0} == {**view, "about": None, "version": 0}
        assert after["about"]["commands"] == [{"command": "today", "description": "Today"}]  # type: ignore[index]


async def test_a_look_waits_for_the_first_change_in_its_own_chat(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        looking, start = asyncio.create_task(chat.messages(1, after=1, wait_ms=20_000)), clock.mono()
        await clock.sleep(2_000)
        await chat.say(2, "in another chat")
        await clock.sleep(2_000)
        await bot.send("here")
        assert [row["text"] for row in await looking] == ["here"]
        assert clock.mono() - start == 4_000
        assert await chat.messages(1, after=99, wait_ms=20_000) == []
        assert clock.mono() - start == 24_000


async def test_a_page_sees_whether_the_bot_has_read_runs_and_types(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        [said] = await chat.say(1, "hello", ALICE)

        async def about() -> dict[str, object]:
            found = (await chat.view(1, 99, 0, "en", 0))["about"]
            assert isinstance(found, dict)
            return {name: found[name] for name in ("unread_from", "bot_runs", "typing")}

        assert await about() == {"unread_from": said.message_id, "bot_runs": False, "typing": False}
        bot = Bot(chat)
        await bot.updates(offset=(await bot.updates())[-1]["update_id"] + 1)
        await bot.done("sendChatAction", chat_id=1, action="typing")
        assert await about() == {"unread_from": None, "bot_runs": True, "typing": True}
        await clock.sleep(6_000)
        assert await about() == {"unread_from": None, "bot_runs": False, "typing": False}


async def test_commands_are_those_of_the_narrowest_scope_and_the_language(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)

        async def shown(chat_id: int, language: str) -> list[str]:
            found = (await chat.view(chat_id, 99, 0, language, 0))["about"]
            assert isinstance(found, dict)
            return [one["command"] for one in found["commands"]]

        for command, more in (
            ("any", {}),
            ("ru", {"language_code": "ru"}),
            ("private", {"scope": {"type": "all_private_chats"}}),
            ("mine", {"scope": {"type": "chat", "chat_id": 1}, "language_code": "en"}),
        ):
            await bot.done("setMyCommands", commands=[{"command": command, "description": "x"}], **more)
        assert [
            await shown(1, "en-GB"),
            await shown(1, "ru"),
            await shown(2, "en"),
            await shown(-5, "ru"),
            await shown(-5, "de"),
        ] == [["mine"], ["private"], ["private"], ["ru"], ["any"]]
        await bot.done("deleteMyCommands", scope={"type": "chat", "chat_id": 1}, language_code="en")
        assert await shown(1, "en-GB") == ["private"]


async def test_files_go_both_ways(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.upload(1, Upload("мой.ics", "text/calendar", b"BEGIN:VCALENDAR"), ALICE, caption="take it")
        [update] = await bot.updates()
        document = update["message"]["document"]
        assert (document["file_name"], document["file_size"], update["message"]["caption"]) == (
            "мой.ics",
            15,
            "take it",
        )
        path = (await bot.done("getFile", file_id=document["file_id"]))["file_path"]
        found = await chat.download(bot.token, path)
        assert found is not None
        assert found[1] == b"BEGIN:VCALENDAR"
        again = await bot.done("sendDocument", chat_id=1, document=document["file_id"])
        assert again["document"]["file_id"] == document["file_id"]
        attached = await bot.done("sendPhoto", chat_id=1, photo="attach://part", part=Upload("w.png", "image/png", PNG))
        assert [(one["width"], one["height"]) for one in attached["photo"]] == [(16, 9)]


async def test_a_file_over_20_megabytes_cannot_be_fetched_by_the_bot(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.upload(1, Upload("big", "text/plain", bytes(20_000_001)), ALICE)
        [update] = await bot.updates()
        assert await bot.refused("getFile", file_id=update["message"]["document"]["file_id"]) == (
            "Bad Request: file is too big"
        )


async def test_a_group_that_becomes_a_supergroup_sends_the_bot_on(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.say(-5, "hello all", ALICE)
        await chat.set_faults({"migrate": {"from": -5, "to": -1_000_000_000_005}})
        assert await bot.call("sendMessage", chat_id=-5, text="x") == (
            400,
            {
                "ok": False,
                "error_code": 400,
                "parameters": {"migrate_to_chat_id": -1_000_000_000_005},
                "description": "Bad Request: group chat was upgraded to a supergroup chat",
            },
        )
        moved = await bot.done("sendMessage", chat_id=-1_000_000_000_005, text="x")
        assert moved["chat"]["type"] == "supergroup"


async def test_a_bot_that_left_a_group_cannot_write_there(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        await chat.say(-5, "hello all", ALICE)
        await bot.done("leaveChat", chat_id=-5)
        assert await bot.refused("sendMessage", chat_id=-5, text="x") == (
            "Forbidden: bot is not a member of the group chat"
        )
        await chat.group(-5, bot="member", by=ALICE)
        await bot.send("thanks", chat_id=-5)


@pytest.mark.parametrize("href", ["http://localhost:3000/d/x", "stack/runbooks/x.md", "javascript:alert(1)", ""])
async def test_markup_that_leads_nowhere_is_its_words_alone(href: str, tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        text = f'<b>see</b> <a href="{href}">this</a> <a href="https://example.org/a?b&amp;c">that</a>'
        sent = await bot.done("sendMessage", chat_id=1, text=text, parse_mode="HTML")
        assert sent["text"] == "see this that"
        assert [(one["type"], one["offset"], one.get("url")) for one in sent["entities"]] == [
            ("bold", 0, None), ("text_link", 9, "https://example.org/a?b&c"),
        ]  # fmt: skip


async def test_what_telegram_finds_in_a_bots_text_stands_beside_the_bots_own_entities(
    tmp_path: Path, clock: FakeClock
) -> None:
    with opened(tmp_path, clock) as chat:
        bot = await acquainted(chat)
        sent = await bot.done(
            "sendMessage",
            chat_id=1,
            text="  Try /today or\n/code  ",
            entities=[{"type": "bold", "offset": 2, "length": 3}, {"type": "code", "offset": 16, "length": 7}],
        )
        assert sent["text"] == "Try /today or\n/code"
        assert sent["entities"] == [
            {"type": "bold", "offset": 0, "length": 3},
            {"type": "bot_command", "offset": 4, "length": 6},
            {"type": "code", "offset": 14, "length": 5},
        ]


@given(st.text(), st.integers(-3, 60), st.integers(-3, 60))
def test_an_entity_is_refused_or_covers_whole_characters_of_the_text(text: str, offset: int, length: int) -> None:
    text = text.encode("utf-8", "replace").decode()
    entity: Entity = {"type": "bold", "offset": offset, "length": length}
    try:
        body, entities = prepared(text, [entity])
    except Refusal:
        return
    encoded = body.encode("utf-16-le")
    for one in entities:
        begin, size = one["offset"], one["length"]
        assert isinstance(begin, int)
        assert isinstance(size, int)
        assert encoded[2 * begin : 2 * (begin + size)].decode("utf-16-le")


@example("😀" * 9, 4)
@given(st.text(alphabet=st.sampled_from("ab \n😀"), max_size=200), st.integers(2, 20))
def test_a_split_text_loses_nothing_but_the_space_at_the_cuts(text: str, limit: int) -> None:
    parts = list(split(text, limit))
    assert all(units(part) <= limit for part in parts)
    assert not any(part == "" for part in parts[:-1])
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "text",
    [
        "/" * 50_000,
        "@" * 50_000,
        "a@" * 25_000,
        "#1" * 25_000,
        "a.a-" * 12_500 + "@",
        "/a 😀" * 12_500,
        "http://" * 7_000,
        "😀" * 50_000,
    ],
)
def test_looking_for_links_takes_no_longer_the_odder_a_text_is(text: str) -> None:
    prepared(text, ())
