"""An event of a linked calendar is changed in its calendar, and in no other way; whoever tries reads where."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from planner import service
from planner.model import Event, Feed, User
from planner.store import Store, Tx
from tests.stories.linked import calendar, holds
from tests.stories.story import pressed
from tests.virtual import START, FakeClock
from tests.world import ALICE, HOUR, MINUTE, Person, World, a_world, replace

RUSSIAN = replace(ALICE, language_code="ru")
LEADS = ("Standup is in your calendar 🟦 Work. How long before I remind you is set here, for all of its events:"
         " Calendar… → Reminders.")  # fmt: skip
THERE = "Standup is in your calendar 🟦 Work: change it there, and I follow within 15 minutes."
SERIES = "FREQ=DAILY"


async def kept(world: World) -> list[dict[str, object]]:
    """Everything that a feed's events are and owe."""
    events = await world.query("SELECT * FROM events WHERE feed_id IS NOT NULL ORDER BY id")
    owed = await world.query(
        "SELECT due_at, state FROM reminders JOIN events ON events.id = event_id"
        " WHERE feed_id IS NOT NULL ORDER BY due_at"
    )
    return events + owed


async def standup(alice: Person, rrule: str | None = None) -> Event:
    return await holds(alice, await calendar(alice), "Standup", "2026-11-22T10:00:00", rrule=rrule)


async def begin(world: World, person: User = ALICE) -> Person:
    alice = world.person(person)
    await alice.say("/start")
    await alice.say("/today")
    return alice


WISHES = [
    "delete standup", "cancel the standup tomorrow", "skip standup tomorrow", "move standup to 11", "move standup",
    "move standup to yesterday",
    "move standup to friday at 15:00", "push standup by 30 minutes", "rename standup to Daily",
    "stop standup",
]  # fmt: skip


@pytest.mark.parametrize("rrule", [None, SERIES])
async def test_no_wish_in_words_changes_it(tmp_path: Path, clock: FakeClock, rrule: str | None) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        await standup(alice, rrule)
        before = await kept(world)
        bad = []
        for wish in WISHES:
            said = await alice.say(wish)
            bad += [(wish, said)] if said != [THERE] else []
            assert await kept(world) == before, wish
        assert not bad


ANSWERS = ["delete it", "skip it", "15:00", "move it to friday", "an hour later", "for 2 hours", "until 12:30",
           "every monday", "important", "room 5", "all day", "end it"]  # fmt: skip


@pytest.mark.parametrize("rrule", [None, SERIES])
async def test_no_answer_to_its_card_changes_it_or_another(tmp_path: Path, clock: FakeClock, rrule: str | None) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        await standup(alice, rrule)
        await alice.say("dentist tomorrow at 15:00")
        before = await kept(world), await world.query("SELECT * FROM events")
        await alice.say("/tomorrow")
        (card,) = await alice.press("Standup")
        assert card.splitlines()[0] == "📌 Standup"
        message_id = (await alice.rows())[-1]["message_id"]
        for answer in ANSWERS:
            assert await alice.say(answer, reply_to=message_id) == [THERE], answer
            assert (await kept(world), await world.query("SELECT * FROM events")) == before, answer


async def test_its_card_says_whose_it_is_and_has_no_way_to_change_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        await holds(alice, await calendar(alice), "Standup", "2026-11-22T10:00:00", place="Room 5", notes="Bring tea",
                    link="https://meet.example/x")  # fmt: skip
        await alice.say("/tomorrow")
        (card,) = await alice.press("Standup")
        for part in ("In your calendar 🟦 Work", "📍 Room 5", "📝 Bring tea", "🔗 https://meet.example/x", "⏰ I will"):
            assert part in card
        assert await alice.buttons() == ["How do I change it?", "Calendar…"]
        assert await alice.press("How do I change it?") == [THERE]
        assert await alice.buttons() == ["Calendar…", "Show the event"]
        assert await alice.press("Show the event") == [card]
        assert "Work" in (await alice.press("Calendar…"))[0]


BUTTONS = ["change:{e}:{at}", "delete:{e}:{at}", "skip:{e}:{at}", "remove:{e}:{at}:all", "remove:{e}:{at}:one",
           "remove:{e}:{at}:rest", "give:{e}:{at}:place:", "give:{e}:{at}:leads:off", "give:{e}:{at}:repeat:daily",
           "give:{e}:{at}:length:1800",
           *(f"field:{{e}}:{{at}}:{name}" for name in ("time", "title", "repeat", "leads", "place", "notes", "length",
                                                       "nag"))]  # fmt: skip


@pytest.mark.parametrize("rrule", [None, SERIES])
async def test_no_forged_button_changes_it(tmp_path: Path, clock: FakeClock, rrule: str | None) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        event = await standup(alice, rrule)
        before = await kept(world)
        for data in BUTTONS:
            await alice.say("/today")
            message_id = (await alice.rows())[-1]["message_id"]
            await pressed(alice, message_id, data.format(e=event.id, at=event.start_at))
            assert (await alice.read())[-1] == THERE, data
            assert await kept(world) == before, data
            assert (await world.query("SELECT asked FROM users"))[0]["asked"] is None, data


@pytest.mark.parametrize("rrule", [None, SERIES])
async def test_when_it_is_reminded_of_is_set_for_its_calendar(
    tmp_path: Path, clock: FakeClock, rrule: str | None
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        await standup(alice, rrule)
        before = await kept(world)
        assert await alice.say("remind me of standup 1 hour before") == [LEADS]
        assert await alice.buttons() == ["Calendar…", "Show the event"]
        await alice.press("Show the event")
        message_id = (await alice.rows())[-1]["message_id"]
        for answer in ("1 day before", "remind me 2 hours before"):
            assert await alice.say(answer, reply_to=message_id) == [LEADS], answer
        assert await kept(world) == before
        await alice.say("remind me of standup 1 hour before")
        await alice.press("Calendar…")
        assert "How long before its events" in (await alice.press("Reminders"))[0]


@pytest.mark.parametrize("wish", ["move standup to 11", "delete standup", "skip standup tomorrow"])
async def test_where_several_are_meant_and_none_is_own_nothing_is_asked(
    tmp_path: Path, clock: FakeClock, wish: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        work = await calendar(alice)
        for start in ("2026-11-22T10:00:00", "2026-11-22T12:00:00", "2026-11-22T16:00:00"):
            await holds(alice, work, "Standup", start)
        before = await kept(world)
        assert await alice.say(wish) == [THERE]
        assert await alice.buttons() == ["Calendar…"]
        home = await calendar(alice, "Home", "🟩")
        await holds(alice, home, "Standup", "2026-11-22T18:00:00")
        assert await alice.say(wish) == [f"{THERE}\n{THERE.replace('🟦 Work', '🟩 Home')}"]
        assert await alice.buttons() == ["🟦 Work", "🟩 Home"]
        assert (await kept(world))[: len(before) // 2] == before[: len(before) // 2]


async def test_an_own_event_of_the_same_name_is_asked_about(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        await alice.say("standup friday at 9:00")
        await standup(alice)
        before = await kept(world)
        asked = "Which one do you mean?\nWhat is in 🟦 Work stays: change it there."
        assert await alice.say("delete standup") == [asked]
        assert await alice.buttons() == ["standup, Fri 27 Nov at 09:00", "None of these"]
        assert len(await world.query("SELECT id FROM events WHERE deleted_at IS NULL")) == 2
        await alice.press("standup, Fri")
        assert len(await world.query("SELECT id FROM events WHERE deleted_at IS NULL")) == 1
        assert await kept(world) == before


@pytest.mark.parametrize("wish", ["delete everything tomorrow", "move everything tomorrow to wednesday"])
async def test_of_many_the_own_ones_change_and_the_others_are_named(
    tmp_path: Path, clock: FakeClock, wish: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        await alice.say("dentist tomorrow at 15:00")
        await standup(alice, SERIES)
        before = await kept(world)
        (said,) = await alice.say(wish)
        asked, _, stays = said.partition("1 event is in a linked calendar and stays; change it there:")
        assert "dentist" in asked
        assert "Standup" not in asked
        assert stays.strip() == "• 🟦 Standup 🔁, tomorrow at 10:00"
        await alice.press("1 event")
        changed = await world.query("SELECT 1 FROM events WHERE title = 'dentist' AND deleted_at IS NULL"
                                    " AND start_local LIKE '2026-11-22%'")  # fmt: skip
        assert not changed
        assert await kept(world) == before


async def test_where_none_is_own_all_are_named_and_nothing_is_asked(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        await standup(alice)
        (said,) = await alice.say("delete everything tomorrow")
        assert said.startswith("1 event is in a linked calendar and stays")
        assert await alice.buttons() == []
        assert await alice.say("delete all my events") == ["What is in 🟦 Work stays: change it there."]


async def test_its_reminder_is_done_or_put_off_as_any_other(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        await holds(alice, await calendar(alice), "Standup", "2026-11-21T11:00:00")
        (reminder,) = await alice.read(46 * MINUTE)
        assert reminder.startswith("⏰ 🟦 Standup")
        assert await alice.buttons() == ["Done", "10 min", "1 h", "Tomorrow", "Other…"]
        assert "I will remind you" in (await alice.press("10 min"))[0]
        again = await alice.read(11 * MINUTE)
        assert again[-1].startswith("⏰ 🟦 Standup")
        assert "Done." in (await alice.answer("done"))[0]
        (event,) = await world.query("SELECT * FROM events")
        assert event["deleted_at"] is None


@pytest.mark.parametrize("text", ["delete it", "skip it", "cancel it", "move it"])
async def test_a_wish_in_answer_to_a_reminder_is_about_what_it_reminds_of(
    tmp_path: Path, clock: FakeClock, text: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        await alice.say("gym today at 11:00")
        await holds(alice, await calendar(alice), "Standup", "2026-11-21T13:00:00")
        await alice.say("dentist tomorrow at 15:00")
        before = await world.query("SELECT * FROM events WHERE title <> 'gym'")
        assert (await alice.read(46 * MINUTE))[0].startswith("⏰ gym")
        assert "gym" in (await alice.answer(text))[0]
        assert (await alice.read(2 * HOUR))[-1].startswith("⏰ 🟦 Standup")
        assert await alice.answer(text) == [THERE]
        assert await world.query("SELECT * FROM events WHERE title <> 'gym'") == before


async def test_neither_undo_nor_an_edited_message_changes_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        event = await standup(alice)
        await alice.say("dentist tomorrow at 15:00")
        mine = [row for row in await alice.rows() if row["from"] == ALICE.id][-1]["message_id"]
        before = await kept(world)
        for text in ("undo standup", "/undo", "/undo", "undo"):
            await alice.say(text)
            assert await kept(world) == before, text
        await world.store.write(lambda tx: tx.events.said(event.id, alice.chat, mine))
        await world.chat.edit(alice.chat, mine, "dentist tomorrow at 16:00")
        assert await alice.read() == [THERE]
        assert await kept(world) == before


async def test_what_was_not_reminded_yet_is_not_offered_for_deletion(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        await standup(alice)
        (said,) = await alice.say("done with standup")
        assert said == "I have not reminded you of Standup yet: under a reminder stands Done."
        assert await alice.buttons() == ["How do I change it?", "Calendar…"]


async def test_it_is_said_in_russian(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world, RUSSIAN)
        await holds(alice, await calendar(alice, "Работа", every_min=60), "Планёрка", "2026-11-22T10:00:00")
        (said,) = await alice.say("удали планёрку")
        assert (
            said == "«Планёрка» — из вашего календаря 🟦 Работа: измените там, и не позже чем через 1 час я это увижу."
        )


@pytest.fixture
def of_a_feed(tmp_path: Path) -> Event:
    return Event(7, 1, "Standup", "2026-11-22T10:00:00", START + HOUR, 0, False, None, None, False, None, feed_id=1)


def test_no_use_case_changes_it(tmp_path: Path) -> None:
    """Whatever else in the chat might forget to ask first: the change itself is refused."""
    store = Store(tmp_path / "planner.db", inline=True)
    store._db._writer.execute("BEGIN")
    tx = Tx(store._db._writer)
    alice = service.welcome(tx, 1, 1, "Alice", "en", "UTC", START)
    feed: Feed = tx.feeds.add(1, "https://calendars.example/x.ics", "🟦", START)
    draft = Event(0, 1, "Standup", "2026-11-22T10:00:00", START + HOUR, 0, False, None, None, False, None,
                  feed_id=feed.id)  # fmt: skip
    event = tx.events.add(draft, START)
    change = tx.events.note_change(event.id, 1, replace(event, title="before"), START)
    for attempt in (
        lambda: service.change_event(tx, alice, replace(event, title="Daily"), START),
        lambda: service.delete_event(tx, alice, event, START),
        lambda: service.divide_event(tx, alice, event, None, replace(event, title="Daily"), START),
        lambda: service.undo(tx, alice, change, START),
    ):
        with pytest.raises(service.ElsewhereError):
            attempt()
    assert asdict(tx.events.get(event.id)) == asdict(event)
    store._db._writer.execute("ROLLBACK")
    store.close()
