"""The same conversations while Telegram misbehaves.

Nothing is lost, nothing changes its order, and nothing comes twice unless its answer was lost.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from planner.model import MINUTE, SECOND
from tests.e2e import conversations
from tests.e2e.site import LATE, Phone, Site, a_site
from tests.virtual import FakeClock, run

PATIENCE_MS = 20 * MINUTE
REST = ["getUpdates", "editMessageText", "editMessageReplyMarkup", "answerCallbackQuery"]

Json = dict[str, object]

NOT_ACCEPTED: dict[str, Json] = {
    "429": {"status": 429, "retry_after": 3, "probability": 0.4},
    "429 as a page": {"status": 429, "html": True, "probability": 0.3},
    "500": {"status": 500, "probability": 0.4},
    "HTML 502": {"status": 502, "html": True, "probability": 0.4},
    "504": {"status": 504, "html": True, "probability": 0.4},
    "no answer": {"hang": True, "probability": 0.2},
    "closed at once": {"refuse": True, "probability": 0.4},
    "slow": {"delay_ms": [0, 4_000]},
}
ACCEPTED: dict[str, Json] = {
    "answer lost": {"lose_answer": True, "probability": 0.4},
    "answer lost in silence": {"lose_answer": "hang", "probability": 0.2},
    "accepted, but 500": {"status": 500, "accepted": True, "probability": 0.4},
    "accepted, but HTML 502": {"status": 502, "html": True, "accepted": True, "probability": 0.4},
    "half an answer": {"truncate": True, "probability": 0.4},
    "an empty answer": {"empty": True, "probability": 0.4},
    "an answer after the timeout": {"answer_delay_ms": 25_000, "probability": 0.2},
}
FAULTS = {**NOT_ACCEPTED, **ACCEPTED}

Conversation = Callable[[Phone], Awaitable[None]]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What comes when nothing is wrong, by language: each message's kind, in order."""

    async def kinds(lang: str) -> list[str]:
        async with a_site(tmp_path_factory.mktemp(lang), FakeClock()) as site:
            return [conversations.kind(text) for text in (await _talk(site, lang)).texts()]

    return {lang: run(kinds(lang)) for lang in ("en", "ru")}


async def _talk(site: Site, lang: str) -> Phone:
    if lang == "ru":
        phone = Phone(site, name="Анна", lang="ru", patience=PATIENCE_MS)
        await conversations.russian(phone)
    else:
        phone = Phone(site, patience=PATIENCE_MS)
        await conversations.english(phone)
    return phone


async def _disturbed(site: Site, lang: str, rules: list[Json], seed: int) -> tuple[Phone, list[int]]:
    """Talk while the rules hold, then let everything settle; how often each rule has struck."""
    await site.faults(*rules, seed=seed)
    phone = await _talk(site, lang)
    hits = await site.hits()
    await site.faults()
    await phone.settled()
    return phone, hits


def _once_each(kinds: list[str]) -> list[str]:
    return list(dict.fromkeys(kinds))


async def _same_but_for_repeats(site: Site, phone: Phone, undisturbed: list[str], *, closed: int = 0) -> int:
    """All came, in the order in which it comes without faults, and the figures say so; returns how many came again.

    ``closed``: so many reminders may be out of the figures, because a button closed them before their answer came.
    """
    kinds = [conversations.kind(text) for text in phone.texts()]
    assert _once_each(kinds) == _once_each(undisturbed)
    for one in undisturbed:
        assert kinds.count(one) >= undisturbed.count(one)
    figures = await site.slo()
    counted = {name: good + bad for name, (good, bad) in figures.items()}
    assert 2 - closed <= counted.pop("reminders") <= 2
    assert counted.pop("up")
    assert counted.pop("probes")
    assert counted == {"plans": 1, "chat": phone.done, "syncs": 0, "feeds": 0, "heartbeat": 0}
    late = any(said in text for text in phone.texts() for said in LATE)
    assert not late or figures["reminders"][1] + figures["plans"][1] > 0
    return len(kinds) - len(undisturbed)


@pytest.mark.parametrize("name", FAULTS)
async def test_a_conversation_goes_on_with(
    name: str, tmp_path: Path, clock: FakeClock, undisturbed: dict[str, list[str]]
) -> None:
    async with a_site(tmp_path, clock) as site:
        rules = [{**FAULTS[name], "methods": ["sendMessage"]}, {**FAULTS[name], "methods": REST}]
        phone, (sending, rest) = await _disturbed(site, "en", rules, seed=5)
        assert sending > 1
        assert rest > 1
        if name in NOT_ACCEPTED:
            assert await _same_but_for_repeats(site, phone, undisturbed["en"]) == 0
        else:
            repeats = await _same_but_for_repeats(site, phone, undisturbed["en"], closed=1)
            assert sending - 1 <= repeats <= sending


@pytest.mark.parametrize("seed", range(6))
async def test_a_conversation_goes_on_with_everything_at_once(
    seed: int, tmp_path: Path, clock: FakeClock, undisturbed: dict[str, list[str]]
) -> None:
    chance = Random(seed)
    rules = [{**fault, "probability": 0.04, "methods": methods} for fault in FAULTS.values()
             for methods in (["sendMessage"], REST)]  # fmt: skip
    chance.shuffle(rules)
    async with a_site(tmp_path, clock) as site:
        lang = "ru" if seed % 2 else "en"
        phone, hits = await _disturbed(site, lang, rules, seed)
        lost = sum(n for n, rule in zip(hits, rules, strict=True)
                   if rule["methods"] == ["sendMessage"] and {**rule, "probability": 0} in _accepted())  # fmt: skip
        assert await _same_but_for_repeats(site, phone, undisturbed[lang], closed=1) <= lost


def _accepted() -> list[Json]:
    return [{**fault, "probability": 0, "methods": ["sendMessage"]} for fault in ACCEPTED.values()]


@pytest.mark.parametrize("name", FAULTS)
async def test_answers_keep_the_order_of_what_was_said_with(name: str, tmp_path: Path, clock: FakeClock) -> None:
    titles = ["bread", "milk", "eggs", "soap", "cheese", "apples", "pears", "plums"]
    async with a_site(tmp_path, clock) as site:
        ann, bob = Phone(site, patience=PATIENCE_MS), Phone(site, user=2, name="Bob", patience=PATIENCE_MS)
        for phone in (ann, bob):
            await phone.say("/start", "Which city")
        await site.faults(FAULTS[name], seed=7)
        for title in titles:
            await ann.say(f"{title} tomorrow at 9:00")
            await bob.say(f"{title} tomorrow at 9:00")
        await ann.settled()
        await bob.settled()
        for phone in (ann, bob):
            came = [conversations.kind(text) for text in phone.texts()][2:]
            assert _once_each(came) == [f"✅ {title}" for title in titles]
            assert name in ACCEPTED or len(came) == len(titles)
            assert all(titles.index(one[2:]) <= titles.index(other[2:]) for one, other in pairwise(came))


async def test_a_burst_under_telegrams_own_limits_is_answered_in_order_and_once(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_site(tmp_path, clock) as site:
        await site.put({"limits": True})
        ann = Phone(site, patience=PATIENCE_MS)
        titles = [f"thing {word}" for word in "abcdefghijklmnopqrst"]
        for title in titles:
            await ann.say(f"{title} tomorrow at 9:00")
        await ann.settled()
        assert [conversations.kind(text) for text in ann.texts()][1:] == [f"✅ {title}" for title in titles]
        assert ann.rows[max(ann.rows)].sent_at - clock.now() < 60 * SECOND
