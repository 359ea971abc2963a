"""Whatever is in a file, importing it twice is importing it once, and undoing it leaves nothing of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from planner import importing, owing, service
from planner.ics.entry import Limits
from planner.ics.prepare import Order, prepare
from planner.ics.write import Written, calendar
from planner.importing import Fate
from planner.model import Event, User
from planner.store import Store, Tx
from tests.conftest import MEMORY
from tests.feeds.test_what_is_exported_comes_back_unchanged import events
from tests.feeds.test_what_is_exported_reads_back_the_same import ALICE, NOW
from tests.virtual import run

FILES = st.lists(st.tuples(st.sampled_from(("a@x", "b@x", "c@x", "d@x")), events()), min_size=1, max_size=4,
                 unique_by=lambda one: one[0])  # fmt: skip


def take(tx: Tx, user: User, found: list[tuple[str, Event]]) -> tuple[list[Fate], int]:
    """Import a file with these events; what became of each, and the change."""
    content = calendar([Written(one, uid, "", NOW) for uid, one in found], ALICE)
    whose = owing.Owner(user.zone, user.leads_s, user.quiet)
    order = Order(user.id, None, whose, None, alarms=True, muted=False, known=frozenset(), now=NOW, limits=Limits())
    file = importing.file_of(prepare(content, order), user)
    fates, change = [], 0
    for bundle, step in importing.steps(tx, user, file, file.bundles, tx.account.last_event(user.id)):
        done = importing.carry_out(tx, user, bundle, step, NOW, change or None)
        change = change or done or 0
        fates.append(step.fate)
    return fates, change


def state(tx: Tx) -> tuple[object, object]:
    """What there is, and what is owed for it."""
    owed = tx._db.execute("SELECT event_id, due_at FROM reminders WHERE state = 'pending' ORDER BY 1, 2").fetchall()
    return tx.published.events(ALICE.id), [tuple(row) for row in owed]


async def story(folder: Path, first: list[tuple[str, Event]], second: list[tuple[str, Event]]) -> None:
    store = Store(folder / "planner.db", inline=True)
    user = await store.write(lambda tx: service.welcome(tx, ALICE.id, 1, "Alice", "en", ALICE.zone, NOW))
    for found in (first, second):
        before, _ = await store.read(state)
        fates, change = await store.write(lambda tx, found=found: take(tx, user, found))
        assert Fate.KEPT not in fates, "nobody has changed anything here"
        once = await store.read(state)
        again, nothing = await store.write(lambda tx, found=found: take(tx, user, found))
        assert set(again) <= {Fate.KNOWN}
        assert nothing == 0
        assert await store.read(state) == once
    if change:
        await store.write(lambda tx: service.undo(tx, user, change, NOW))
        after, _ = await store.read(state)
        assert [one.event for one in after] == [one.event for one in before]
    store.close()


STANDUP = Event(7, 1, "Standup", "2026-11-23T10:00:00", NOW, 0, False, "Europe/Berlin", None, False, None)
MOVED = replace(STANDUP, start_local="2026-11-23T15:00:00")


@example([("a@x", STANDUP)], [("a@x", MOVED), ("b@x", STANDUP)])  # another takes the place of what was moved
@example([("a@x", STANDUP)], [("b@x", STANDUP), ("a@x", MOVED)])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FILES, FILES)
def test_importing_twice_is_importing_once(first: list[tuple[str, Event]], second: list[tuple[str, Event]]) -> None:
    with TemporaryDirectory(dir=MEMORY if MEMORY.exists() else None) as folder:
        run(story(Path(folder), first, second))
