"""What handles an update is told by name, and the names are a closed set: they are labels, and so may not grow."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.chat import routes
from planner.chat.talk import Talk
from planner.intake import REPEATED, UNSTORABLE
from planner.localchat import Upload
from planner.localchat.show import BOT_USERNAME
from planner.store.inbox import Inbox
from planner.store.inbox import Update as Row
from planner.telemetry.registry import OPEN_VALUES_MAX
from tests.stories.counted import handled
from tests.stories.files import send
from tests.stories.story import pressed
from tests.stories.test_odd_input_is_answered import PNG
from tests.virtual import FakeClock
from tests.world import ALICE, BOT, MALLORY, MINUTE, SECOND, Person, World, a_world

KNOWN = routes.HANDLERS | {REPEATED, UNSTORABLE}


async def _handler(world: World, act: Callable[[], object]) -> str:
    """What has handled the update that ``act`` sends."""
    before = handled(world)
    await act()
    await world.clock.sleep(2 * SECOND)
    after = handled(world)
    (new,) = (labels for labels, n in after.items() if n > before.get(labels, 0))
    return new[0]


def _said(person: Person, text: str) -> Callable[[], object]:
    return lambda: person.say(text)


async def test_each_command_button_and_question_has_its_own(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answers(talk: Talk, *_: object) -> bool:
        talk.toast("Yes.")
        return True

    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        for table in (routes.COMMANDS, routes.BUTTONS, routes.QUESTIONS):
            for name in table:
                monkeypatch.setitem(table, name, answers)
        for command in routes.COMMANDS:
            assert await _handler(world, _said(alice, f"/{command}")) == command
        message, _ = await alice.button("UTC is right")
        for verb in routes.BUTTONS:
            assert await _handler(world, lambda data=verb: pressed(alice, message, data)) == f"button:{verb}"
        for question in routes.QUESTIONS:
            await world.store.write(lambda tx, what=question: tx.users.ask(1, {"what": what, "number": 1}))
            assert await _handler(world, _said(alice, "hm")) == f"question:{question}"
        assert {name for name, _ in handled(world)} < KNOWN


async def test_so_has_what_is_written_and_sent(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice, mallory = world.person(ALICE), world.person(MALLORY)

        async def edit(text: str) -> None:
            last = [row for row in await alice.rows() if row["from"] != BOT][-1]
            await world.chat.edit(1, last["message_id"], text)

        async def photo() -> None:
            await world.chat.upload(1, Upload("cat.png", "image/png", PNG), ALICE, photo=True)

        forward = {"type": "hidden_user", "sender_user_name": "Bob", "date": clock.now() // SECOND}
        for name, act in (
            ("welcome", _said(alice, "hello")),
            ("stranger", _said(mallory, "hello")),
            ("unknown_command", _said(alice, "/weather")),
            ("text_event", _said(alice, "dentist tomorrow at 9:30")),
            ("edited", lambda: edit("dentist tomorrow at 10:30")),
            ("question", _said(alice, "when is the dentist?")),
            ("wish", _said(alice, "move dentist to 11")),
            ("small_talk", _said(alice, "thanks")),
            ("spoken_command", _said(alice, "help")),
            ("calendar_address", _said(alice, "https://calendar.example/feed.ics")),
            ("forwarded", lambda: world.chat.say(1, "meeting", ALICE, forward=forward)),
            ("document", lambda: send(alice, "events.ics", b"BEGIN", settle=0)),
            ("document", lambda: send(alice, "cat.exe", b"MZ", settle=0)),
            ("no_text", photo),
        ):
            assert await _handler(world, act) == name
        await alice.say("tea in 1 minute")
        made, _ = await alice.button("Change")
        await alice.read(MINUTE)
        reminded, _ = await alice.button("Done")
        for name, act in (
            ("reply", lambda: alice.say("at noon", reply_to=made)),
            ("reminder_answer", lambda: alice.say("10 min", reply_to=reminded)),
            ("unknown_button", lambda: pressed(alice, reminded, "open:sesame")),
        ):
            assert await _handler(world, act) == name
        assert {name for name, _ in handled(world)} < KNOWN


async def test_so_has_what_happens(tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_world(tmp_path, clock, PLANNER_USERS="*") as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        (anna,) = await world.group("Family", ALICE)
        assert [
            await _handler(world, _said(anna, f"/start@{BOT_USERNAME}")),
            await _handler(world, lambda: world.chat.group(-5, migrate_to=-1_000_000_000_005)),
        ] == ["group", "moved"]
        await alice.say("/forget")
        message, data = await alice.button("Forget everything")
        await pressed(alice, message, data)
        assert await _handler(world, lambda: pressed(alice, message, data)) == "forgotten"
        await alice.say("/start")
        comes = iter(
            [
                {"poll": {"id": "1"}},
                {"my_chat_member": _membership("member")},
                {"my_chat_member": _membership("kicked")},
            ]
        )
        number = itertools.count(4_000_000_000)

        async def updates(offset: int, timeout_s: int) -> object:
            await clock.sleep(SECOND)
            return [{"update_id": next(number), **one} for one in itertools.islice(comes, 1)]

        monkeypatch.setattr(world.telegram, "updates", updates)
        await alice.read(3_700 * SECOND)
        names = {name for name, _ in handled(world)}
        assert {"unknown", "membership", "blocked"} <= names <= KNOWN


async def test_so_has_what_cannot_be_kept(tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        put = Inbox.put

        def refuses(inbox: Inbox, bot_id: int, rows: list[Row], now: int) -> None:
            if any("poison" in str(row.raw) for row in rows):
                raise ValueError("never")
            put(inbox, bot_id, rows, now)

        monkeypatch.setattr(Inbox, "put", refuses)
        assert await _handler(world, _said(alice, "poison")) == UNSTORABLE
        assert handled(world)[UNSTORABLE, "failed"] == 1
        assert await _handler(world, _said(alice, "/today")) == "today"


def test_they_are_few_enough_to_be_labels() -> None:
    """None of them is ever counted under another name, whatever its outcomes."""
    assert len(KNOWN) <= OPEN_VALUES_MAX


def _membership(status: str) -> dict[str, object]:
    return {
        "chat": {"id": 1, "type": "private"},
        "from": {"id": 1, "first_name": "Alice"},
        "date": 1_800_000_000,
        "old_chat_member": {"status": "kicked"},
        "new_chat_member": {"status": status},
    }
