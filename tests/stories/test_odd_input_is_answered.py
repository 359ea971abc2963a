"""Bad input gets a clear answer in the user's language and costs nothing that was there."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.localchat import Upload
from tests.stories.story import instant
from tests.virtual import FakeClock
from tests.world import ALICE, MINUTE, SECOND, World, a_world

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")


async def _events(world: World) -> int:
    return len(await world.query("SELECT id FROM events"))


async def test_a_title_of_ten_thousand_characters_is_refused_with_its_limit(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.press("right")
        said = await alice.say("x" * 4_000)
        assert said == ["A title has at most 1000 characters. Nothing was added."]
        said = await alice.say("x" * 10_000, settle=5 * SECOND)
        assert said, "Telegram's clients send it as several messages; each is answered"
        assert all("at most 1000 characters" in text for text in said)
        assert await _events(world) == 0


async def test_a_title_at_the_limit_is_kept_whole(tmp_path: Path, clock: FakeClock) -> None:
    title = "y" * 999 + "z"
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        assert title in "".join(await alice.say(f"{title} in 5 minutes"))
        assert title in "".join(await alice.read(5 * MINUTE))


async def test_a_title_over_the_limit_is_refused_though_its_time_is_understood(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        said = await alice.say(f"{'y' * 1_001} in 5 minutes")
        assert said == ["A title has at most 1000 characters. Nothing was added."]
        await alice.say("tea in 5 minutes")
        await alice.press("Change")
        assert "at most 1000 characters" in (await alice.say("z" * 1_001))[0]
        assert "at most 1000 characters" in (await alice.say(f"{'z' * 1_001} in 7 minutes"))[0]
        assert await world.query("SELECT title FROM events") == [{"title": "tea"}]


@pytest.mark.parametrize("text", ["🎉", "👨‍👩‍👧‍👦", "❤️❤️❤️", "🇩🇪"])
async def test_an_emoji_alone_is_asked_for_its_time(tmp_path: Path, clock: FakeClock, text: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.press("right")
        said = await alice.say(text)
        assert len(said) == 1
        assert f"When shall I remind you of {text}?" in said[0]
        assert text in (await alice.say("in 5 minutes"))[0]
        assert text in (await alice.read(5 * MINUTE))[0]


@pytest.mark.parametrize(
    ("text", "title"),
    [("чай через час", "чай"), ("call mom tonight", "call mom"), ("tea tomorrow noon", "tea"), ("gym sunday", "gym")],
)
async def test_a_first_sentence_that_names_a_time_is_an_event_and_no_place(
    tmp_path: Path, clock: FakeClock, text: str, title: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say(text)
        assert [row["title"] for row in await world.query("SELECT title FROM events")] == [title]


@pytest.mark.parametrize("text", ["Atlantis", "Mars", "Europe/Atlantis"])
async def test_a_zone_that_does_not_exist_is_said_so(tmp_path: Path, clock: FakeClock, text: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        said = await alice.say(text)
        assert len(said) == 1
        assert f"I know no place called “{text}”" in said[0]
        assert "time zone is" in (await alice.say("Berlin"))[0]
        assert await world.query("SELECT zone, zone_assumed FROM users") == [
            {"zone": "Europe/Berlin", "zone_assumed": 0}
        ]


async def test_the_time_on_the_watch_names_zones_too(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        assert "Which of these?" in (await alice.say("15:30"))[0]
        assert any("Kolkata" in label for label in await alice.buttons())
        assert "Kolkata" in (await alice.press("Kolkata"))[0]
        assert await world.query("SELECT zone FROM users") == [{"zone": "Asia/Kolkata"}]


async def test_until_a_zone_is_chosen_the_bot_says_which_it_assumes(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone="Europe/Berlin") as world:
        alice = world.person(ALICE)
        said = await alice.say("dentist tomorrow at 9:30")
        assert "I assume the time zone Berlin" in said[-1]
        assert "I assume" not in (await alice.say("tea in 5 minutes"))[-1], "elapsed time is the same everywhere"
        await alice.press("I am in another time zone")
        await alice.say("Tokyo")
        said = await alice.say("lunch tomorrow at 12:00")
        assert "I assume" not in said[-1]
        rows = await world.query("SELECT start_at FROM events WHERE title = 'dentist'")
        assert rows == [{"start_at": instant("2026-11-22 09:30", "Asia/Tokyo")}]


async def test_a_picture_and_a_document_are_told_what_can_be_read(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await world.chat.upload(1, Upload("x.png", "image/png", PNG), ALICE, photo=True)
        assert "I can only read text so far" in (await alice.read())[0]
        await world.chat.upload(1, Upload("x.txt", "text/plain", b"dentist tomorrow at 9:30"), ALICE)
        assert "I cannot read this file" in (await alice.read())[0]
        assert await _events(world) == 0


@pytest.mark.parametrize("what", ["voice", "sticker", "location", "video_note", "poll", "something_new"])
async def test_whatever_else_telegram_carries_is_answered_the_same(tmp_path: Path, clock: FakeClock, what: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        message = {
            "message_id": 99,
            "date": clock.now() // SECOND,
            "chat": {"id": 1, "type": "private"},
            "from": {"id": 1, "is_bot": False, "first_name": "Alice", "language_code": "en"},
            what: {"file_id": "x", "duration": 3, "emoji": "🎉"},
        }
        poll = world.telegram.updates

        async def with_one_more(offset: int, timeout_s: int) -> object:
            world.telegram.updates = poll
            return [{"update_id": 2_000_000_000, "message": message}]

        world.telegram.updates = with_one_more
        said = await alice.say("/today")
        assert len(said) == 2
        assert "I can only read text so far" in said[1]
        assert await _events(world) == 0


async def test_a_command_that_there_is_not_points_to_help(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        assert "/help" in (await alice.say("/nonsense"))[0]
        assert "/help" in (await alice.say("/NONSENSE with words"))[0]


async def test_commands_are_understood_however_they_are_written(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        for text in ("/today", "/Today", "/today@planner_local_bot", "/today please", "/today\nand more"):
            assert "Nothing is planned." in (await alice.say(text))[0]


TURNING = {"\u202egnirts desrever": "gnirts desrever", "buy שלום 2": "\u2068buy שלום 2\u2069"}
"""Titles that could turn what stands around them, and how they are shown."""


@pytest.mark.parametrize(
    "title",
    [
        "<b>bold</b>",
        "*stars* _under_ `code` ||spoiler||",
        "[link](tg://user?id=1)",
        "{0} {name} %s %(x)s {",
        "}{",
        "a &lt; b",
        *TURNING,
        "z\u0334\u0310a\u0335l\u0336g\u0337o",
        "emoji 👨‍👩‍👧 family",
        "\\ backslash \\n",
        "x'; DROP TABLE events; -- y",
    ],
)
async def test_what_a_user_typed_stays_text_everywhere(tmp_path: Path, clock: FakeClock, title: str) -> None:
    shown = TURNING.get(title, title)
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.press("right")
        assert shown in (await alice.say(f"{title} in 30 minutes"))[0]
        assert await world.query("SELECT title FROM events") == [{"title": title}]
        for command in ("/today", "/week", "/plan"):
            said = await alice.say(command)
            assert shown in said[0], command
            assert "\u202e" not in said[0]
            entities = (await alice.rows())[-1]["entities"]
            assert {entity["type"] for entity in entities} <= {"bold", "italic", "date_time"}
        await alice.say("/today")
        assert shown in (await alice.press("1"))[0]
        assert shown in (await alice.read(31 * MINUTE))[0]
        assert shown in (await alice.press("Done"))[0]


async def test_quiet_hours_of_no_length_are_refused(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/settings")
        await alice.press("Quiet hours")
        assert "must end at another time" in (await alice.say("22:00 - 22:00"))[0]
        assert await world.query("SELECT quiet_start FROM users") == [{"quiet_start": None}]


async def test_more_leads_than_make_sense_are_refused(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/settings")
        await alice.press("Reminders")
        said = await alice.say("1 min, 2 min, 3 min, 4 min, 5 min, 6 min")
        assert "At most 5 reminders an event" in said[0]
        said = await alice.say("90 days")
        assert "at most 4 weeks before it" in said[0]
        assert await world.query("SELECT leads_s FROM users") == [{"leads_s": "[900]"}]


async def test_an_edited_message_is_not_a_new_one(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        said = (await world.chat.say(1, "dentist tomorrow at 9:30", ALICE))[0]
        await alice.read()
        await world.chat.edit(1, said.message_id, "dentist tomorrow at 10:30")
        await alice.read()
        assert await _events(world) == 1


async def test_an_answer_about_an_event_deleted_meanwhile_says_so(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        shown, undo = await alice.button("Undo")
        await alice.press("Change")
        await alice.press("Title")
        await world.chat.press(1, shown, undo, ALICE)
        await alice.read()
        assert await alice.say("the other dentist") == ["That event was deleted meanwhile."]
        assert await alice.say("15:00", reply_to=1) == ["That event was deleted meanwhile."]
        assert "tea" in (await alice.say("tea in 20 minutes"))[0]


async def test_an_answer_to_what_was_deleted_long_ago_says_so(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("dentist on 1 march at 9:30")
        await alice.press("Change")
        await alice.press("Place")
        await world.store.write(lambda tx: tx._db.execute("DELETE FROM events").rowcount)  # as is done after two days
        assert await alice.say("room 5") == ["That event was deleted meanwhile."]
