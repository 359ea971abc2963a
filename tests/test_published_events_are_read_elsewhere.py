"""Whoever has the secret address reads its user's own events, and nobody else reads a thing."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from icalendar import Calendar

from planner import publish
from planner.chat.published import address, token_of
from planner.config import Address
from planner.publish import Publisher, listening
from tests.virtual import FakeClock
from tests.world import ALICE, BOB, HOUR, MALLORY, MINUTE, SECOND, Person, World, a_world, at_once

PUBLIC = "https://planner.example.org/cal"


class Reader:
    """Another calendar program, and the listener that it reads from."""

    def __init__(self, http: aiohttp.ClientSession, here: str) -> None:
        self.http, self.here = http, here

    async def get(self, path: str, method: str = "GET", **headers: str) -> aiohttp.ClientResponse:
        response = await self.http.request(method, self.here + path, headers=headers)
        await response.read()
        return response


@asynccontextmanager
async def served(world: World) -> AsyncIterator[Reader]:
    publisher = Publisher(world.store, world.clock, PUBLIC, at_once)
    async with listening(publisher, Address("127.0.0.1", 0)) as here, aiohttp.ClientSession() as http:
        assert here is not None
        yield Reader(http, here)


async def path_of(person: Person) -> str:
    """The path of the address that they have just made."""
    await person.say("/export", settle=5 * SECOND)
    await person.press("Keep other calendars up to date")
    (text,) = await person.press("Make an address")
    return next(line for line in text.splitlines() if line.startswith(PUBLIC)).removeprefix(PUBLIC)


def titles(body: bytes) -> list[str]:
    return [str(one["SUMMARY"]) for one in Calendar.from_ical(body).walk("VEVENT")]


async def test_the_address_is_found_under_calendars_where_there_is_one(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_PUBLIC_URL=PUBLIC) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        assert "No calendar is linked yet." in (await alice.say("/calendars"))[-1]
        assert "secret address" in (await alice.press("My events in other calendars"))[-1]
    (tmp_path / "without").mkdir()
    async with a_world(tmp_path / "without", clock) as world:
        alice = world.person(ALICE)
        await alice.say("/start")
        await alice.say("/calendars")
        assert await alice.buttons() == ["Link a calendar"]


async def test_the_events_stand_at_the_address(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_PUBLIC_URL=PUBLIC) as world, served(world) as reader:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        path = await path_of(alice)
        got = await reader.get(path)
        assert got.status == 200
        assert got.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert got.headers["Cache-Control"] == "private"
        assert got.headers["Last-Modified"] == "Sat, 21 Nov 2026 10:00:07 GMT"
        assert titles(await got.read()) == ["dentist"]
        assert (await reader.get("/cal" + path)).status == 200
        head = await reader.get(path, "HEAD")
        assert (head.status, await head.read()) == (200, b"")
        assert head.headers["ETag"] == got.headers["ETag"]


async def test_what_has_not_changed_is_not_sent_again(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(tmp_path, clock, PLANNER_PUBLIC_URL=PUBLIC) as world, served(world) as reader:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        path = await path_of(alice)
        etag = (await reader.get(path)).headers["ETag"]
        monkeypatch.setattr(publish, "calendar", None)
        for given in (etag, f'"other", W/{etag}', "*"):
            got = await reader.get(path, **{"If-None-Match": given})
            assert (got.status, await got.read(), got.headers["ETag"]) == (304, b"", etag)
        assert (await reader.get(path)).status == 200, "kept ready"


@pytest.mark.parametrize(
    ("said", "pressed"),
    [
        ("move dentist to 11", None),
        ("tea in 20 minutes", None),
        ("delete dentist", None),
        ("move dentist to 11", "Undo"),
        ("/settings", None),
    ],
)
async def test_any_change_makes_another_etag(tmp_path: Path, clock: FakeClock, said: str, pressed: str | None) -> None:
    async with a_world(tmp_path, clock, PLANNER_PUBLIC_URL=PUBLIC) as world, served(world) as reader:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        path = await path_of(alice)
        etags = [(await reader.get(path)).headers["ETag"]]
        await alice.say(said)
        if said == "/settings":
            await alice.press("Reminders")
            await alice.say("1 hour")
        if pressed == "Undo":
            etags.append((await reader.get(path)).headers["ETag"])
        if pressed is not None:
            await alice.press(pressed)
        etags.append((await reader.get(path)).headers["ETag"])
        assert len(set(etags)) == len(etags)


async def test_two_changes_within_a_second_are_two(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_PUBLIC_URL=PUBLIC) as world, served(world) as reader:
        alice = world.person(ALICE)
        await alice.say("dentist tomorrow at 9:30")
        path = await path_of(alice)
        await alice.read(SECOND - clock.now() % SECOND)
        etags = set()
        for hour in (11, 12):
            assert f"{hour}:00" in "".join(await alice.say(f"move dentist to {hour}", settle=SECOND // 4))
            etags.add((await reader.get(path)).headers["ETag"])
        assert len(etags) == 2


async def test_a_change_shows_at_once_and_others_events_never(tmp_path: Path, clock: FakeClock) -> None:
    async with (
        a_world(tmp_path, clock, PLANNER_PUBLIC_URL=PUBLIC, PLANNER_USERS="*") as world,
        served(world) as reader,
    ):
        alice, bob = world.person(ALICE), world.person(BOB)
        await alice.say("dentist tomorrow at 9:30")
        await bob.say("surprise tomorrow at 10:00")
        path, bobs = await path_of(alice), await path_of(bob)
        assert titles(await (await reader.get(path)).read()) == ["dentist"]
        assert titles(await (await reader.get(bobs)).read()) == ["surprise"]
        await alice.say("gym every monday at 19:00")
        assert titles(await (await reader.get(path)).read()) == ["dentist", "gym"]


async def test_everything_else_is_the_same_nothing(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_PUBLIC_URL=PUBLIC) as world, served(world) as reader:
        alice = world.person(ALICE)
        await alice.say("/start")
        path = await path_of(alice)
        token = path.split("/")[1]
        tried = (
            *("/", "/x", f"/{token}", f"/{token}/", f"/{token}/other.ics", f"/{token[:-1]}/planner.ics"),
            *("//planner.ics", f"/{token}x/planner.ics", f"/other/{token}/planner.ics", "/%00/planner.ics"),
            *("/livez", "/metrics"),
        )
        seen = set()
        for one in tried:
            got = await reader.get(one)
            seen.add((got.status, await got.read(), tuple(sorted(got.headers.keys()))))
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"):
            got = await reader.get(path, method)
            seen.add((got.status, await got.read(), tuple(sorted(got.headers.keys()))))
        ((status, body, _),) = seen
        assert (status, body) == (404, b"Not found.\n")


async def test_a_new_address_ends_the_old_one_and_switched_off_it_is_gone(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_PUBLIC_URL=PUBLIC) as world, served(world) as reader:
        alice = world.person(ALICE)
        await alice.say("/start")
        first = await path_of(alice)
        assert (await reader.get(first)).status == 200
        (text,) = await alice.press("New address")
        await alice.read(SECOND)
        second = next(line for line in text.splitlines() if line.startswith(PUBLIC)).removeprefix(PUBLIC)
        assert first != second
        assert [(await reader.get(one)).status for one in (first, second)] == [404, 200]
        assert "Switched off" in (await alice.press("Switch off"))[0]
        assert (await reader.get(second)).status == 404


@pytest.mark.parametrize("how", ["frozen = 1", "frozen = 2", "elsewhere = 1"])
async def test_who_is_not_served_is_not_read(tmp_path: Path, clock: FakeClock, how: str) -> None:
    async with a_world(tmp_path, clock, PLANNER_PUBLIC_URL=PUBLIC) as world, served(world) as reader:
        alice = world.person(ALICE)
        await alice.say("/start")
        path = await path_of(alice)
        assert (await reader.get(path)).status == 200
        await world.store.write(lambda tx: tx._db.execute(f"UPDATE users SET {how}"))
        assert (await reader.get(path)).status == 404


async def test_who_is_forgotten_is_not_read(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_PUBLIC_URL=PUBLIC) as world, served(world) as reader:
        alice = world.person(ALICE)
        await alice.say("/start")
        path = await path_of(alice)
        await alice.say("/forget")
        await alice.press("Forget everything")
        assert (await reader.get(path)).status == 404


async def test_an_address_is_read_only_so_often(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_PUBLIC_URL=PUBLIC) as world, served(world) as reader:
        alice = world.person(ALICE)
        await alice.say("/start")
        path = await path_of(alice)
        statuses = [(await reader.get(path)).status for _ in range(HOUR // MINUTE + 1)]
        assert statuses == [200] * 60 + [429]
        refused = await reader.get(path)
        assert 0 < int(refused.headers["Retry-After"]) <= 60
        await clock.sleep(int(refused.headers["Retry-After"]) * SECOND)
        assert (await reader.get(path)).status == 200


async def test_guessing_costs_the_database_a_look_a_second(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(tmp_path, clock, PLANNER_PUBLIC_URL=PUBLIC) as world, served(world) as reader:
        alice = world.person(ALICE)
        await alice.say("/start")
        path = await path_of(alice)
        read, looks = world.store.read, []

        async def counted(job: object) -> object:
            looks.append(job)
            return await read(job)  # type: ignore[arg-type]  # it is handed on

        monkeypatch.setattr(world.store, "read", counted)
        begun = clock.mono()
        for number in range(200):
            assert (await reader.get(f"/{number:032}/planner.ics")).status == 404
        assert len(looks) <= 2 + (clock.mono() - begun) // publish.TOKENS_READ_MS
        assert (await reader.get(path)).status == 200


async def test_the_token_stands_in_no_log(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    async with a_world(tmp_path, clock, PLANNER_PUBLIC_URL=PUBLIC) as world, served(world) as reader:
        alice = world.person(ALICE)
        await alice.say("/start")
        path = await path_of(alice)

        def broken(*_: object) -> None:
            raise RuntimeError(path)

        monkeypatch.setattr(publish, "calendar", broken)
        assert (await reader.get(path)).status == 503
        assert "publish.failed" in caplog.text
        assert path.split("/")[1] not in "".join(f"{row.getMessage()} {row.__dict__}" for row in caplog.records)


async def test_a_port_that_is_taken_stops_nothing(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_world(tmp_path, clock, PLANNER_PUBLIC_URL=PUBLIC) as world, served(world) as reader:
        port = int(reader.here.rpartition(":")[2])
        async with listening(Publisher(world.store, clock, PUBLIC), Address("127.0.0.1", port)) as here:
            assert here is None
        assert "PLANNER_FEED_HTTP" in str([row.__dict__ for row in caplog.records])


async def test_without_a_public_address_the_owner_reads_what_to_set_and_others_that_it_is_off(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_world(tmp_path, clock, PLANNER_ADMINS="1", PLANNER_USERS="1,2") as world:
        alice, bob = world.person(ALICE), world.person(BOB)
        for person, said in ((alice, "PLANNER_PUBLIC_URL"), (bob, "has not switched that on")):
            await person.say("/start")
            await person.say("/export", settle=5 * SECOND)
            assert said in (await person.press("Keep other calendars"))[0]
        assert await world.query("SELECT * FROM published") == []


async def test_a_made_up_button_and_a_stranger_get_nowhere(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock, PLANNER_PUBLIC_URL=PUBLIC) as world:
        alice, mallory = world.person(ALICE), world.person(MALLORY)
        await alice.say("/start")
        await path_of(alice)
        message, _ = await alice.button("Switch off")
        await world.chat.press(alice.chat, message, "published:moon", alice.user)
        await world.chat.press(alice.chat, message, "published:off", mallory.user)
        await alice.read()
        assert len(await world.query("SELECT * FROM published")) == 1


def test_tokens_are_found_where_they_stand() -> None:
    assert token_of("/abc/planner.ics", PUBLIC) == "abc"
    assert token_of("/cal/abc/planner.ics", PUBLIC) == "abc"
    assert token_of("/abc/planner.ics", "https://planner.example.org") == "abc"
    assert token_of("/cal/abc/planner.ics", "https://planner.example.org") is None
    assert token_of("planner.ics", PUBLIC) is None
    assert address(PUBLIC, "abc") == f"{PUBLIC}/abc/planner.ics"
