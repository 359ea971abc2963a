"""The last of what broke a promise, by numbers and times; and every word of an alert in the reader's language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from planner import alert_texts
from planner.alert_texts import Figures
from planner.i18n import words
from planner.model import MINUTE, User
from planner.promises import load
from planner.slo.alerts import Rule, rules
from planner.slo.objectives import Links
from planner.store import Store, Tx
from planner.store.bad_events import QUERIES, BadEvent
from tests.virtual import START

REMINDERS = (
    (START, "event", "sent", "good", START, None),
    (START + 1, "event", "sent", "bad", START + 90_001, None),
    (START + 2, "snooze", "failed", "bad", None, "chat not found"),
    (START + 3, "plan", "missed", "bad", None, "too late to matter"),
    (START - 1, "event", "missed", "bad", None, None),
)
UPDATES = ((5, 70, START, "bad"), (6, 70, START, "good"), (7, 99, START + 1, "bad"))
SYNCS = ((START, "timeout", "timeout"), (START, "ok", ""), (0, "network", ""))


def fill(tx: Tx) -> None:
    db = tx._db
    db.execute(
        "INSERT INTO users (id, chat_id, name, lang, zone, zone_assumed, leads_s, plans_until, created_at)"
        " VALUES (7, 70, 'Alice', 'en', 'UTC', 0, '[]', 0, 0)"
    )
    db.executemany(
        "INSERT INTO reminders (user_id, occurrence_at, ready_at, expires_at, asked_for, due_at, kind, state, verdict,"
        " sent_at, reason) VALUES (7, 0, 0, 0, 0, ?, ?, ?, ?, ?, ?)",
        REMINDERS,
    )
    db.executemany(
        "INSERT INTO updates (bot_id, received_at, update_id, chat_id, asked_at, verdict) VALUES (1, 0, ?, ?, ?, ?)",
        UPDATES,
    )
    db.executemany(
        "INSERT INTO syncs (feed_id, user_id, took_ms, started_at, outcome, fault) VALUES (1, 7, 1, ?, ?, ?)", SYNCS
    )
    db.execute("INSERT INTO probes (due_at, state, verdict, reason) VALUES (?, 'missed', 'bad', '502')", (START,))


NAMED = {
    "reminders": [
        BadEvent(3, START + 2, None, "failed", "chat not found", 7),
        BadEvent(2, START + 1, 90_000, "sent", "", 7),
    ],
    "plans": [BadEvent(4, START + 3, None, "missed", "too late to matter", 7)],
    "chat": [BadEvent(7, START + 1, None, "unhandled", "", None), BadEvent(5, START, None, "unhandled", "", 7)],
    "syncs": [BadEvent(1, START, None, "timeout", "timeout", 7)],
    "feeds": [],
    "up": [],
    "probes": [BadEvent(1, START, None, "missed", "502", None)],
    "heartbeat": [],
}  # fmt: skip


@asynccontextmanager
async def filled(folder: Path) -> AsyncIterator[Store]:
    store = Store(folder / "planner.db", inline=True)
    try:
        await store.write(fill)
        yield store
    finally:
        store.close()


async def test_the_last_bad_ones_of_each_promise_are_named_by_their_numbers(tmp_path: Path) -> None:
    async with filled(tmp_path) as store:
        found = {
            slo.id: await store.read(lambda tx, slo=slo: tx.alerts.bad_events(slo.counts, START, 10))
            for slo in load().slos
        }
        assert found == NAMED
        (last,) = await store.read(lambda tx: tx.alerts.bad_events("reminders", START, 1))
        assert last == NAMED["reminders"][0]


async def test_naming_reminders_reads_only_those_that_were_bad(tmp_path: Path) -> None:
    async with filled(tmp_path) as store:
        steps = await store.read(lambda tx: [
            row["detail"] for row in tx._db.execute(f"EXPLAIN QUERY PLAN {QUERIES['reminders']}", (START, 10))
        ])  # fmt: skip
    assert steps[0].startswith("SEARCH reminders USING INDEX reminders_bad"), steps


RULES = [pytest.param(rule, id=rule.id) for slo in load().slos for rule in rules(slo)]
IVAN = User(1, 1, "Ivan", "ru", "UTC", zone_assumed=False, plan_minute=None, leads_s=(), quiet=None, frozen=False)


@pytest.mark.parametrize("rule", RULES)
def test_every_alert_speaks_the_admins_language(rule: Rule) -> None:
    for figures in (Figures(0, 3, -99.0), Figures(97, 3, 0.25), Figures(0, 1, None)):
        firing = alert_texts.firing(words("ru"), IVAN, rule, 1, START - MINUTE, figures, START)
        over = alert_texts.resolved(words("ru"), IVAN, rule, START - MINUTE, START, figures, [rule], START)
        for text in (firing.text.text, over.text.text):
            said = text.replace(rule.slo.runbook, "").replace("Telegram", "").replace("×", "")
            assert not [letter for letter in said if "a" <= letter.lower() <= "z"], text


@pytest.mark.parametrize("rule", RULES)
def test_every_alert_says_what_is_broken_how_much_and_what_to_do(rule: Rule) -> None:
    said = alert_texts.firing(words("en"), IVAN, rule, 12, START - MINUTE, Figures(97, 3, 0.25), START)
    lines = said.text.text.splitlines()
    assert rule.slo.name in lines[0]
    assert lines[1] == rule.slo.impact
    assert "3 of 100" in lines[3]
    assert "25\N{NO-BREAK SPACE}% are left" in lines[5]
    assert "runbook" not in said.text.text, "a path leads nowhere on a phone"
    assert {one.data for row in said.buttons for one in row} == {
        f"alert:{verb}:12" for verb in ("ack", "bad", "mute1", "mute8", "restart", "steps")
    }


@pytest.mark.parametrize("rule", RULES)
def test_it_is_an_early_notice_only_while_the_promise_may_still_be_kept(rule: Rule) -> None:
    for burnt, left, kept in ((0.9, 0.1, True), (0.9, 0.0, False), (0.9, -1.0, False), (1.1, 0.9, False)):
        bad = round(burnt * (1 - rule.slo.objective) * 100_000)
        said = alert_texts.firing(words("en"), IVAN, rule, 1, START, Figures(100_000 - bad, bad, left), START)
        assert ("early notice" in said.text.text) == (rule.early and kept)


def test_with_an_address_before_it_the_runbook_is_a_link() -> None:
    slo = replace(load().slos[0], links=Links("https://example.org/planner"))
    said = alert_texts.firing(words("en"), IVAN, next(rules(slo)), 1, START, Figures(0, 3, None), START)
    assert said.text.text.endswith("What to do: https://example.org/planner/stack/runbooks/slo-reminders.md")


def test_how_many_may_fail_is_said_in_ordinary_numbers() -> None:
    slo = load().slos[0]
    for objective, allowed in ((0.99, "Allowed: 1 in 100."), (0.95, "Allowed: 1 in 20."), (0.995, "Allowed: 1 in 200."),
                               (0.5, "Promised: 50\N{NO-BREAK SPACE}% good.")):  # fmt: skip
        rule = next(rules(replace(slo, objective=objective)))
        assert alert_texts.figure(words("en"), rule, Figures(3, 4, None)).endswith(allowed)


def test_braces_in_slo_toml_are_no_placeholders() -> None:
    slo = load().slos[0]
    rule = next(rules(replace(slo, impact="{x} }{")))
    said = alert_texts.firing(words("ru"), IVAN, rule, 1, START, Figures(0, 3, None), START)
    assert "{x} }{" in said.text.text
