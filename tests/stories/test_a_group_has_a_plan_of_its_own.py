"""A group: turned on by whoever runs the bot, open to its members, silent unless it is addressed."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.chat import groups, routes
from planner.chat.commands import register
from planner.localchat import User
from planner.localchat.show import BOT_USERNAME
from tests.stories.story import instant, pressed, states, until
from tests.virtual import FakeClock
from tests.world import ALICE, BOB, BOT, DAY, HOUR, MALLORY, MINUTE, SECOND, Person, World, a_world, settings_for

AT = f"@{BOT_USERNAME}"
ANNA = User(1, "Анна", language_code="ru")
ADD = f"/add{AT} dentist today at 12:00"


async def family(world: World, *members: User) -> list[Person]:
    """A group in which the first of its members, the bot's owner, has turned it on."""
    people = members or (ALICE, BOB)
    await world.person(people[0]).say("/start")
    found = await world.group("Family", *people)
    await found[0].say(f"/start{AT}")
    for person in found:
        await person.read()
    return found


async def test_its_owner_turns_it_on_and_everybody_there_plans_together(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, zone="Europe/Berlin") as world:
        await world.person(ALICE).say("/start")
        alice, bob = await world.group("Family", ALICE, BOB)
        assert f"/start{AT}" in (await alice.read())[0]
        assert "for Family" in (await alice.press("Turn on here"))[-1]
        said = (await bob.say(f"/add{AT} dentist today at 15:00"))[-1]
        assert "dentist" in said
        assert "15:00" in said
        assert "dentist" in (await alice.say(f"/today{AT}"))[-1]
        assert "dentist" in (await until(alice, instant("2026-11-21 14:45", "Europe/Berlin") + SECOND))[-1]
        assert "Nothing is planned" in (await world.person(ALICE).say("/today"))[-1], "her own plan is another"
        assert [(row["id"], row["name"]) for row in await world.query("SELECT id, name FROM users ORDER BY id")] == [
            (-5, "Family"),
            (1, "Alice"),
        ]


async def test_in_russian_too(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ANNA).say("/start")
        anna, bob = await world.group("Семья", ANNA, BOB)
        assert "план для этой группы" in (await anna.read())[0]
        assert "Семья" in (await anna.press("Включить здесь"))[-1]
        said = await bob.say(f"/add{AT} стоматолог завтра в 9:30")
        assert "стоматолог" in said[-1], "the group speaks the language of whoever turned it on"
        assert "завтра" in said[-1]
        assert "Только" in (await bob.say(f"/settings{AT}"))[-1]


async def test_what_members_say_to_each_other_is_none_of_its_business(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        _, bob = await family(world)
        await world.chat.group(-5, bot="administrator", by=ALICE)  # who now gets to see every message
        for text in (
            "dentist tomorrow at 9:30",
            "hello",
            "thanks",
            "/roll",
            "/today@other_bot",
            "/start@other_bot",
            "/weather tomorrow",
            "@bob tea in 5 minutes",
            f"{AT}2 tea in 5 minutes",
        ):
            assert await bob.say(text) == [], text
        message = (await world.chat.say(-5, "who brings the cake?", ALICE))[0].message_id
        assert await bob.say("tomorrow at 9", reply_to=message) == []
        assert await world.query("SELECT id FROM events") == []


async def test_an_administrator_hears_its_name_wherever_it_stands(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = await family(world)
        await world.chat.group(-5, bot="administrator", by=ALICE)
        for text in (f"{AT}, dentist tomorrow at 9:30", f"dentist tomorrow at 9:30 {AT.upper()}"):
            await bob.say(text)
        assert [row["title"] for row in await world.query("SELECT title FROM events")] == ["dentist", "dentist"]
        assert "dentist" in (await alice.say(f"{AT} /tomorrow"))[-1]
        assert f"/add{AT}" in (await bob.say(AT))[-1], "its bare name asks how to talk to it"


async def test_who_does_not_run_it_cannot_turn_it_on_and_is_told_so_once(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("/start")
        alice, mallory = await world.group("Family", ALICE, MALLORY)
        await alice.read()
        message_id, data = await alice.button("Turn on here")
        assert "I keep no plan" in (await mallory.say(f"/start{AT}"))[0]
        for text in (f"/start{AT}", f"/today{AT}", "/start", "/week", "hello", "tea in 5 minutes"):
            assert await mallory.say(text) == [], text
        assert "whoever runs me" in await pressed(mallory, message_id, data)
        assert await mallory.read(DAY) == []
        assert [row["id"] for row in await world.query("SELECT id FROM users")] == [1]
        assert "turns me on" in (await alice.say(f"/today{AT}"))[0], "the owner hears how"


async def test_a_question_is_answered_by_a_reply_to_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = await family(world)
        asked = (await alice.say(f"/add{AT} dentist"))[-1]
        assert "dentist" in asked
        assert asked.endswith("Reply to this message to answer.")
        assert await bob.say("tomorrow at 9:30") == [], "said to nobody in particular"
        assert "09:30" in (await bob.answer("tomorrow at 9:30"))[-1]
        assert "dentist" in (await bob.say(f"/tomorrow{AT}"))[-1]


async def test_an_edited_request_changes_what_it_made(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, _ = await family(world)
        [said] = await world.chat.say(-5, f"/add{AT} dentist tomorrow at 9:30", BOB)
        [chatter] = await world.chat.say(-5, "who brings the cake?", BOB)
        await clock.sleep(SECOND)
        await world.chat.edit(-5, said.message_id, f"/add{AT} dentist tomorrow at 10:45")
        await world.chat.edit(-5, chatter.message_id, "cake tomorrow at 9:30")
        await clock.sleep(SECOND)
        [event] = await world.query("SELECT title, start_local FROM events WHERE deleted_at IS NULL")
        assert (event["title"], str(event["start_local"])[11:16]) == ("dentist", "10:45")
        assert "10:45" in (await alice.say(f"/tomorrow{AT}"))[-1]


async def test_what_a_member_has_written_becomes_an_event(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, _ = await family(world)
        [said] = await world.chat.say(-5, "let us meet at the lake", BOB)
        assert "the lake" in (await alice.say(f"/add{AT} tomorrow at 19:00", reply_to=said.message_id))[-1]


async def test_an_answer_says_whom_it_answers(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        _, bob = await family(world)
        [said] = await world.chat.say(-5, f"/today{AT}", BOB)
        await clock.sleep(SECOND)
        assert (await bob.rows())[-1]["reply_to"] == said.message_id


async def test_the_menu_of_commands_is_the_groups(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, _ = await family(world)
        await register(world.telegram)

        async def menu(chat_id: int) -> dict[str, str]:
            about = (await world.chat.view(chat_id, 10_000, 0, "en", 0))["about"]
            return {one["command"]: one["description"] for one in about["commands"]}

        assert "stop" in await menu(-5)
        assert menu_words(await menu(-5)) == "en"
        assert "stop" not in await menu(2)
        await alice.say(f"/settings{AT}")
        await alice.press("Language")
        await alice.press("Русский")
        assert menu_words(await menu(-5)) == "ru"
        assert "privacy" not in await menu(-5)


def menu_words(menu: dict[str, str]) -> str:
    """The language of a menu."""
    return "ru" if any("а" <= letter <= "я" for letter in menu["today"]) else "en"


async def test_in_private_a_question_asks_for_no_reply(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        assert "Reply to this" not in (await world.person(ALICE).say("/start"))[-1]


async def test_any_member_presses_the_buttons(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = await family(world)
        await alice.say(ADD)
        await bob.press("Undo")
        assert "Nothing is planned" in (await alice.say(f"/today{AT}"))[-1]
        await alice.say(ADD)
        await until(bob, instant("2026-11-21 11:45") + SECOND)
        await bob.press("Done")
        await clock.sleep(HOUR)
        assert await states(world) == {"sent": 1, "cancelled": 1}


async def test_settings_are_for_whoever_runs_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = await family(world)
        assert "Only whoever runs me" in (await bob.say(f"/settings{AT}"))[-1]
        assert "Settings" in (await alice.say(f"/settings{AT}"))[-1]
        message_id, _ = await alice.button("Time zone")
        await bob.read()
        for data in ("set:zone", "put:lang:ru", "zone:Asia/Tokyo", "zones", "group:forget"):
            assert "Only whoever runs me" in await pressed(bob, message_id, data)
        assert await bob.read() == []
        await alice.press("Time zone")
        await bob.answer("Tokyo")
        assert await world.query("SELECT zone, lang FROM users WHERE id = -5") == [{"zone": "UTC", "lang": "en"}]
        await alice.say(f"/settings{AT}")
        await alice.press("Time zone")
        assert "Tokyo" in (await alice.answer("Tokyo"))[-1]
        assert await world.query("SELECT zone FROM users ORDER BY id") == [{"zone": "Asia/Tokyo"}, {"zone": "UTC"}]


@pytest.mark.parametrize("command", sorted(groups.PRIVATE_COMMANDS))
async def test_what_is_private_is_answered_in_private(tmp_path: Path, clock: FakeClock, command: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = await family(world)
        for person in (alice, bob):
            [said] = await person.say(f"/{command}{AT}")
            assert f"https://t.me/{BOT_USERNAME}" in said


def test_whatever_can_be_said_or_pressed_is_allowed_in_groups_or_not() -> None:
    placed = groups.OPEN_COMMANDS | groups.OWN_COMMANDS | groups.MANAGED_COMMANDS | groups.PRIVATE_COMMANDS
    assert routes.COMMANDS.keys() <= placed
    buttons = [groups.OPEN_BUTTONS, groups.MANAGED_BUTTONS - {"group"}, groups.PRIVATE_BUTTONS]
    assert sorted(routes.BUTTONS) == sorted(verb for verbs in buttons for verb in verbs)
    assert routes.QUESTIONS.keys() >= groups.MANAGED_QUESTIONS


async def test_a_private_buttons_data_does_nothing_in_a_group(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = await family(world)
        await alice.say(ADD)
        message_id, _ = await alice.button("Change")
        for verb in (*groups.PRIVATE_BUTTONS, "what-is-this"):
            assert await pressed(bob, message_id, f"{verb}:1") != ""
        assert "dentist" in (await alice.say(f"/today{AT}"))[-1]
        assert len(await world.query("SELECT id FROM users")) == 2


async def test_another_groups_buttons_do_not_reach_this_one(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, _ = await family(world)
        await alice.say(ADD)
        others = await world.group("Work", ALICE, MALLORY, chat_id=-6)
        await others[0].press("Turn on here")
        message_id = (await others[0].rows())[-1]["message_id"]
        for data in ("delete:1", "card:1:0", "undo:1", "done:1"):
            assert "no longer" in await pressed(others[1], message_id, data)
        assert "dentist" in (await alice.say(f"/today{AT}"))[-1]


async def test_stopped_it_is_silent_and_keeps_the_plan_until_it_is_started_again(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = await family(world)
        await alice.say(ADD)
        await alice.say(f"/add{AT} dinner today at 19:00")
        assert "Only whoever" in (await bob.say(f"/stop{AT}"))[-1]
        assert "silent" in (await alice.say(f"/stop{AT}"))[-1]
        await world.restart()
        assert await alice.read(3 * HOUR) == []
        assert "turns me on" in (await alice.say(f"/today{AT}"))[-1]
        await alice.say(f"/start{AT}")
        assert "dinner" in (await alice.say(f"/today{AT}"))[-1]
        assert "dinner" in (await until(alice, instant("2026-11-21 18:45") + SECOND))[-1]


async def test_forgotten_nothing_of_it_is_left(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = await family(world)
        await alice.say(ADD)
        assert "Only whoever" in (await bob.say(f"/forget{AT}"))[-1]
        await alice.say(f"/forget{AT}")
        await alice.press("Keep it")
        assert len(await world.query("SELECT id FROM events")) == 1
        await alice.say(f"/forget{AT}")
        assert "is deleted" in (await alice.press("Delete everything"))[-1]
        for table in ("events", "reminders", "guests"):
            assert await world.query(f"SELECT * FROM {table}") == [], table
        assert [row["id"] for row in await world.query("SELECT id FROM users")] == [1]
        assert await alice.read(DAY) == []
        await alice.say(f"/start{AT}")
        assert "Nothing is planned" in (await alice.say(f"/today{AT}"))[-1]


async def test_removed_it_sends_nothing_and_goes_on_when_it_is_added_again(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, _ = await family(world)
        for event in ("dentist today at 12:00", "lunch today at 13:00", "dinner today at 19:00"):
            await alice.say(f"/add{AT} {event}")
        await world.chat.group(-5, bot="kicked", by=BOB)
        assert await until(alice, instant("2026-11-21 12:30")) == []
        await world.chat.group(-5, bot="member", by=BOB)
        said = await until(alice, instant("2026-11-21 19:30"))
        assert ["dentist" in text for text in said].count(True) == 0
        assert ["lunch" in said[0], "dinner" in said[1], len(said)] == [True, True, 2]
        assert await states(world) == {"sent": 2, "undeliverable": 1}


async def test_being_made_an_administrator_is_no_reason_to_speak(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        await world.person(ALICE).say("/start")
        [alice] = await world.group("Family", ALICE)
        await alice.read()
        await world.chat.group(-5, bot="administrator", by=ALICE)
        assert await alice.read() == []


@pytest.mark.parametrize("users", ["1,2", "*"])
async def test_whoever_is_listed_may_turn_it_on_and_a_restart_does_not_turn_it_off(
    tmp_path: Path, clock: FakeClock, users: str
) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS=users) as world:
        bob, mallory = await world.group("Family", BOB, MALLORY)
        await bob.press("Turn on here")
        assert "dentist" in (await mallory.say(ADD))[-1]
        await world.restart()
        assert "dentist" in (await until(bob, instant("2026-11-21 11:45") + SECOND))[-1]
        refused = "Only whoever runs me" in (await mallory.say(f"/settings{AT}"))[-1]
        assert refused == (users != "*")


async def test_the_list_of_users_may_change_around_a_group(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="2") as world:
        [bob] = await world.group("Family", BOB)
        await bob.press("Turn on here")
        await bob.say(ADD)
        world.settings = settings_for(tmp_path, PLANNER_USERS="1")
        await world.restart()
        assert "dentist" in (await until(bob, instant("2026-11-21 11:45") + SECOND))[-1]
        assert "Only whoever runs me" in (await bob.say(f"/stop{AT}"))[-1]


@pytest.mark.parametrize("users", ["", "*"])
async def test_an_owner_turns_it_off_from_afar(tmp_path: Path, clock: FakeClock, users: str) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS=users, PLANNER_ADMINS="1") as world:
        alice, bob = await family(world)
        await bob.say(ADD)
        owner = world.person(ALICE)
        assert "Family" in (await owner.say("/people"))[-1]
        await owner.press("Remove Family")
        await owner.press("Remove")
        assert "silent" in (await alice.read())[-1]
        await world.restart()
        assert await until(alice, instant("2026-11-21 12:30")) == []
        await alice.say(f"/start{AT}")
        assert "dentist" in (await bob.say(f"/today{AT}"))[-1]


async def test_nothing_changes_for_those_who_run_another_bot(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, _ = await family(world)
        await alice.say(ADD)
        world.bot_id = 9
        await world.restart()
        assert await until(alice, instant("2026-11-21 12:30")) == []


async def test_a_new_title_is_noticed(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, _ = await family(world)
        await world.chat.group(-5, title="The family", by=ALICE)
        await alice.say(f"/today{AT}")
        assert await world.query("SELECT name FROM users WHERE id = -5") == [{"name": "The family"}]


async def test_a_flood_of_questions_keeps_within_the_groups_rate_and_no_reminder_waits(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, _ = await family(world)
        await alice.say(ADD)
        await until(alice, instant("2026-11-21 11:44:30"))
        await world.chat.set_faults({"limits": True})
        for _ in range(40):
            await world.chat.say(-5, f"/today{AT}", BOB)
        await clock.sleep(5 * MINUTE)
        assert world.chat.faults.shown()["limited"] == 0
        rows = [row for row in await world.chat.messages(-5) if row["from"] == BOT]
        [sent] = await world.query("SELECT sent_at FROM reminders WHERE state = 'sent'")
        assert abs(int(str(sent["sent_at"])) - instant("2026-11-21 11:45")) <= 2 * SECOND
        assert len(rows) > 41
