"""An owner lets others in by a one-time code, sees who is there, and shows them out; what is theirs stays theirs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from planner.chat.access import INVITED_FOR_MS
from planner.chat.people import INVITES_MAX
from tests.stories.files import exported
from tests.stories.story import pressed, quiet_hours, until
from tests.virtual import FakeClock
from tests.world import ALICE, BOB, DAY, HOUR, MALLORY, MINUTE, Person, World, a_world, replace

REFUSAL = "somebody's own planner"
ONLY_OWNERS = "Only the owner"


async def invited(owner: Person) -> str:
    """What the owner passes on: ``/start CODE``, whether from a link or as it is."""
    (said,) = await owner.say("/invite")
    found = re.search(r"(?:\?start=|/start )(\S+)", said)
    assert found is not None, said
    return f"/start {found[1]}"


async def with_bob(world: World) -> tuple[Person, Person]:
    """Alice, who owns the bot, and bob, whom she has invited."""
    alice, bob = world.person(ALICE), world.person(BOB)
    await alice.say("/start")
    assert "Hello" in (await bob.say(await invited(alice)))[0]
    return alice, bob


async def shown_out(alice: Person) -> None:
    await alice.say("/people")
    await alice.press("Remove Bob")
    await alice.press("Remove")


async def test_bob_is_let_in_and_has_a_planner_of_his_own(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = await with_bob(world)
        await alice.say("dentist tomorrow at 9:30")
        await bob.say("milk tomorrow at 10:00")
        assert "dentist" not in "".join(await bob.say("/tomorrow"))
        await world.restart()
        assert any("milk" in text for text in await bob.read(DAY))


async def test_a_code_lets_in_one_person_once(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, mallory = world.person(ALICE), world.person(MALLORY)
        await alice.say("/start")
        code = await invited(alice)
        assert "Hello" in (await world.person(BOB).say(code))[0]
        assert REFUSAL in (await mallory.say(code))[0]
        assert await mallory.say(code) == []
        assert await world.query("SELECT user_id FROM guests") == [{"user_id": 2}]


async def test_a_code_that_its_owner_tries_out_still_holds(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("/start")
        code = await invited(alice)
        await alice.say(code)
        assert "Hello" in (await bob.say(code))[0]


@pytest.mark.usefixtures("rare_minutes")
async def test_a_code_ends_after_a_week(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("/start")
        first = await invited(alice)
        await alice.read(INVITED_FOR_MS - HOUR)
        second = await invited(alice)
        await alice.read(HOUR)
        assert REFUSAL in (await bob.say(first))[0]
        assert "Hello" in (await bob.say(second))[0], "a stranger who was refused is let in all the same"
        await alice.read(2 * DAY)
        assert await world.query("SELECT * FROM invites") == [], "nothing of it is kept"


async def test_guessing_gets_nobody_in(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, mallory = world.person(ALICE), world.person(MALLORY)
        await alice.say("/start")
        code = await invited(alice)
        for guess in ("/start", "/start x", code[:-1], code + "x", code.swapcase(), "/start " + "ü" * 99):
            await mallory.say(guess)
        assert await world.query("SELECT * FROM guests") == []
        assert len([row for row in await mallory.rows() if row["from"] == "bot"]) == 1


async def test_on_telegram_it_is_a_link(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, local=False) as world:
        code = await world.store.write(world.planner.access.code)
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say(f"/start {code}")
        (said,) = await alice.say("/invite")
        assert f"https://t.me/{world.planner.access.name}?start=" in said
        assert "7 days" in said
        link = re.search(r"start=(\S+)", said)
        assert link is not None
        assert "Hello" in (await bob.say(f"/start {link[1]}"))[0]


async def test_guests_and_other_users_invite_nobody(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        _, bob = await with_bob(world)
        for command in ("/invite", "/people"):
            assert ONLY_OWNERS in (await bob.say(command))[0]
        message = (await bob.rows())[-1]["message_id"]
        await pressed(bob, message, "dismiss:1")
        assert "no longer works" in await pressed(bob, message, "dismissed:1:5")
        assert len(await world.query("SELECT * FROM guests")) == 1


async def test_admins_may_invite_too_whoever_is_set_to_use_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="3", PLANNER_ADMINS="1") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("/start")
        assert "Hello" in (await bob.say(await invited(alice)))[0]
        (said,) = await alice.say("/people")
        assert "Alice: PLANNER_ADMINS" in said
        assert "3: PLANNER_USERS" in said
        assert "Bob: invited" in said
        mallory = world.person(MALLORY)
        assert "Hello" in (await mallory.say("/start"))[0]
        assert ONLY_OWNERS in (await mallory.say("/invite"))[0]


async def test_where_anybody_may_come_nobody_need_be_invited(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*", PLANNER_ADMINS="1") as world:
        assert "PLANNER_USERS is *" in (await world.person(ALICE).say("/invite"))[-1]


async def test_so_many_invitations_are_open_at_once(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        for _ in range(INVITES_MAX):
            await alice.say("/invite", settle=MINUTE)
        assert "open already" in (await alice.say("/invite"))[0]


@pytest.mark.usefixtures("rare_minutes")
async def test_who_is_shown_out_is_told_once_and_reminded_no_more(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = await with_bob(world)
        await bob.say("milk in 20 minutes")
        await bob.say("dentist tomorrow at 9:30")
        await shown_out(alice)
        assert "You have invited nobody yet" in (await alice.say("/people"))[0]
        (said,) = await bob.read(3 * DAY)
        assert "has removed you" in said
        assert "/export" in said
        refused = await bob.say("tea in 5 minutes")
        assert len(refused) == 1
        assert await bob.say("tea in 5 minutes") == []
        assert await world.query("SELECT DISTINCT verdict FROM reminders") == [{"verdict": "excluded"}]


async def test_who_was_shown_out_may_still_take_along_and_delete_what_is_theirs(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = await with_bob(world)
        await bob.say("milk tomorrow at 10:00")
        await shown_out(alice)
        await bob.read()
        found, _ = await exported(bob)
        assert [event["title"] for event in found["events"]] == ["milk"]
        await world.restart()
        assert "What I keep about you" in (await bob.say("/privacy"))[0]
        await bob.press("Forget me")
        assert "ask the owner of this bot for an invitation" in "".join(await bob.press("Forget everything"))
        assert await world.query("SELECT id FROM users") == [{"id": 1}]
        assert REFUSAL in (await bob.say("/export"))[0]


async def test_who_was_shown_out_and_is_invited_again_has_everything_back(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = await with_bob(world)
        await bob.say("milk tomorrow at 10:00")
        await shown_out(alice)
        await bob.say(await invited(alice))
        assert any("milk" in text for text in await bob.read(DAY))


async def test_the_word_that_somebody_is_out_waits_for_the_end_of_quiet_hours(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = await with_bob(world)
        await quiet_hours(bob, "9:00 - 12:00")
        await shown_out(alice)
        assert await until(bob, clock.now() + HOUR) == []
        assert "has removed you" in (await bob.read(2 * HOUR))[0]


async def test_it_is_asked_before_somebody_goes(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = await with_bob(world)
        await alice.say("/people")
        assert "Bob" in (await alice.press("Remove Bob"))[0]
        message, data = await alice.button("Remove")
        await alice.press("Back")
        assert "no longer works" in await pressed(alice, message, data)
        await alice.say("/people")
        await alice.press("Remove Bob")
        await alice.say("/today")
        assert "no longer works" in await pressed(alice, message, data)
        for data in ("dismiss:3", "dismiss:x", "dismissed:2:1", "dismiss:1"):
            assert "no longer works" in await pressed(alice, message, data)
        assert "Nothing is planned." in (await bob.say("/tomorrow"))[-1]


async def test_a_guest_who_is_forgotten_needs_a_new_invitation(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = await with_bob(world)
        assert "invited" in (await bob.say("/forget"))[0]
        assert "invitation" in "".join(await bob.press("Forget everything"))
        assert await world.query("SELECT * FROM guests") == []
        assert REFUSAL in (await bob.say("/start"))[0]
        assert "Hello" in (await bob.say(await invited(alice)))[0]


async def test_guests_stay_when_the_owner_goes_and_one_of_them_may_follow(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = await with_bob(world)
        await alice.say("/invite")
        await alice.say("/forget")
        await alice.press("Forget everything")
        assert await world.query("SELECT * FROM invites") == []
        await bob.say("milk tomorrow at 10:00")
        assert "Let them" in (await bob.say("/invite"))[0]


async def test_an_owner_sees_by_which_number_the_log_knows_somebody(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="3,77", PLANNER_ADMINS="1") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("/start")
        await bob.say(await invited(alice))
        await world.person(MALLORY).say("/start")
        (said,) = await alice.say("/people")
        assert said.splitlines()[1:] == [
            "• Alice: PLANNER_ADMINS · 1",
            "• Mallory: PLANNER_USERS · 3",
            "• 77: PLANNER_USERS",
            "• Bob: invited · 2",
        ]


@pytest.mark.parametrize("lang", ["en", "ru"])
async def test_in_both_languages(tmp_path: Path, clock: FakeClock, lang: str) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, bob = (world.person(replace(one, language_code=lang)) for one in (ALICE, BOB))
        await alice.say("/start")
        await bob.say(await invited(alice))
        (said,) = await alice.say("/people")
        assert ("по приглашению · 2" in said) == (lang == "ru")
        await alice.press("Bob")
        await alice.press("Убрать" if lang == "ru" else "Remove")
        assert ("Хозяин бота убрал вас" in "".join(await bob.read())) == (lang == "ru")


async def test_whom_the_host_has_named_may_invite_where_no_admin_is_named(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="1") as world:
        assert "/start " in (await world.person(ALICE).say("/invite"))[-1]
    async with a_world(tmp_path, clock, PLANNER_USERS="1", PLANNER_ADMINS="2") as world:
        assert "/start " not in (await world.person(ALICE).say("/invite"))[-1]
