"""The main job over the local chat's HTTP interface alone, in both languages."""

from __future__ import annotations

from pathlib import Path

from tests.e2e import conversations
from tests.e2e.site import Phone, a_site
from tests.virtual import FakeClock

NOTHING_OUTSIDE = {"syncs": (0, 0), "feeds": (0, 0), "heartbeat": (0, 0)}


async def test_a_conversation_in_english(tmp_path: Path, clock: FakeClock) -> None:
    async with a_site(tmp_path, clock) as site:
        phone = Phone(site)
        await conversations.english(phone)
        assert len(set(phone.texts())) == len(phone.rows)
        figures = await site.slo()
        assert [figures.pop(own)[1] for own in ("up", "probes")] == [0, 0]
        assert figures == {"reminders": (2, 0), "plans": (1, 0), "chat": (phone.done, 0), **NOTHING_OUTSIDE}


async def test_a_conversation_in_russian(tmp_path: Path, clock: FakeClock) -> None:
    async with a_site(tmp_path, clock) as site:
        phone = Phone(site, name="Анна", lang="ru")
        await conversations.russian(phone)
        assert len(set(phone.texts())) == len(phone.rows)
        figures = await site.slo()
        assert [figures.pop(own)[1] for own in ("up", "probes")] == [0, 0]
        assert figures == {"reminders": (2, 0), "plans": (1, 0), "chat": (phone.done, 0), **NOTHING_OUTSIDE}
