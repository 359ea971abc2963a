"""The demo's day on a made-up chat: invitations of both kinds, and planners with whom it cannot be played."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.e2e.test_real_processes import ROOT
from tools.stack.settings import read_settings

STACK = ROOT / "stack"
CODE = "Zx_9-qwerty"
REFUSED = "This is somebody's own planner. Ask them for an invitation, or run one for yourself: it is free software."


class MadeUp:
    """A chat on which ``answer`` is what the planner says to whom, for what; "" is nothing."""

    def __init__(self, answer: Callable[[int, str], str]) -> None:
        self.said: list[tuple[int, str]] = []
        self._answer, self._rows = answer, dict[int, list[dict[str, Any]]]()

    def ask(self, _: str, body: Any) -> Any:
        who, text = body["chat_id"], body["text"]
        self.said.append((who, text))
        if answer := self._answer(who, text):
            row = {"from": "bot", "deleted": False, "seq": len(self.said), "text": answer, "buttons": []}
            self._rows.setdefault(who, []).append(row)
        return {"message_id": len(self.said)}

    def rows(self, chat_id: int) -> list[dict[str, Any]]:
        return self._rows.get(chat_id, [])


def alices(invites: str) -> Callable[[int, str], str]:
    """A planner that invites so, and lets in whoever brings the code."""
    return lambda _, text: {"/invite": invites}.get(text) or f"Hello! {text}: Berlin, UTC"


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The demo's own module, as ``python stack/demo`` finds it; in it, waiting takes no time."""
    monkeypatch.syspath_prepend(STACK)
    from demo import chat, day, linked  # noqa: F401, PLC0415  # its folder is none of the packages

    passed = [0.0]
    monkeypatch.setattr(chat, "time", SimpleNamespace(
        monotonic=lambda: passed[0], sleep=lambda seconds: passed.__setitem__(0, passed[0] + seconds)))  # fmt: skip
    yield day
    for name in [name for name in sys.modules if name.partition(".")[0] == "demo"]:
        monkeypatch.delitem(sys.modules, name)


def begun(day: ModuleType, chat: MadeUp) -> list[str]:
    """What went wrong in a day of which nothing is left but that people arrive."""
    told = sys.modules["demo.narrator"].Narrator(0)
    try:
        day.play(day.of(chat, None, told), (), day.arrive, lambda _: None)
    except day.StoppedError as stopped:
        told.missed.append(str(stopped))
    return told.missed


@pytest.mark.parametrize(
    "invites",
    [
        f"Let them open this link:\nhttps://t.me/planner_bot?start={CODE}\nIt lets in one person.",
        f"Let them send this to the bot:\n/start {CODE}\nIt lets in one person.",
    ],
    ids=["on Telegram", "on a local chat"],
)
def test_everybody_brings_the_code_of_an_invitation(invites: str, day: ModuleType) -> None:
    chat = MadeUp(alices(invites))
    assert begun(day, chat) == []
    assert [text for who, text in chat.said if who != 1 and text.startswith("/start")] == [f"/start {CODE}"] * 7


def test_where_anybody_may_come_in_there_is_no_code(day: ModuleType) -> None:
    chat = MadeUp(alices("Anybody may use this bot: PLANNER_USERS is *. Just tell them its name."))
    assert begun(day, chat) == []
    assert (2, "/start") in chat.said


def test_a_planner_that_is_not_alices_ends_the_day_at_once_with_what_is_missing(day: ModuleType) -> None:
    chat = MadeUp(alices("Only the owner of this bot can do that."))
    missed, why = begun(day, chat)
    assert "Alice cannot invite anybody; the planner says: Only the owner" in missed
    for setting in ("PLANNER_ADMINS=1", "PLANNER_USERS=1", "PLANNER_PRIVATE_FEEDS=1", "stack/demo/local.env"):
        assert setting in why
    assert {who for who, _ in chat.said} == {1}


def test_so_does_one_that_lets_nobody_in(day: ModuleType) -> None:
    chat = MadeUp(lambda _, text: REFUSED if text == "/start" else "")
    missed, _ = begun(day, chat)
    assert f"alice is not let in; the planner says: {REFUSED}" in missed
    assert chat.said == [(1, "/start")]
    silent = MadeUp(lambda *_: "")
    assert len(begun(day, silent)) == 2
    assert silent.said == [(1, "/start")]


def test_calendars_that_may_not_be_read_name_their_setting_at_the_first(day: ModuleType) -> None:
    chat = MadeUp(lambda *_: "It is on this machine; if it may be read there, set PLANNER_PRIVATE_FEEDS=1.")
    linked, narrator = sys.modules["demo.linked"], sys.modules["demo.narrator"].Narrator(0)
    calendars = SimpleNamespace(address=lambda name: f"http://127.0.0.1:8088/{name}")
    with narrator.act("linked"):
        linked.linked(day.of(chat, calendars, narrator))
    assert narrator.missed == [
        "linked: the planner may not read calendars of this machine: start it with PLANNER_PRIVATE_FEEDS=1"
    ]
    assert len(chat.said) == 1


def test_the_settings_of_a_demo_without_docker_are_alices_and_tell_nobody_else(tmp_path: Any) -> None:
    host = tmp_path / ".env"
    host.write_text("BOT_TOKEN=123:of-alices-real-bot\nSTACK_PAGERDUTY_KEY=0123456789abcdef0123456789abcdef\n"
                    "STACK_SLACK_URL=https://hooks.example.org/x\nPLANNER_USERS=*\n")  # fmt: skip
    lines = [line for line in (STACK / "demo" / "local.env").read_text().splitlines() if line and line[0] != "#"]
    read = read_settings(dict(line.split("=", 1) for line in lines), host)
    assert (read.bot.token, read.pagerduty, read.slack, read.mail_to) == (None, None, None, "")
    assert read.bot.users == read.bot.admins == {1}
    assert (read.bot.private_feeds, read.bot.alerts, read.bot.metrics) == (True, "stack", True)
    assert read.slo == STACK / "demo" / "slo.toml"
