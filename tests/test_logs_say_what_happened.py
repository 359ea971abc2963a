"""A log line is an event and fields: the same everywhere, with one level each, and explained on a page."""

from __future__ import annotations

import ast
import re
from collections import Counter

import pytest

from planner.catalogue.events import EVENTS, FIELDS
from tools import log_page
from tools.log_page import Said

NAME = re.compile(r"[a-z_]+(\.[a-z_]+)+")

FORBIDDEN = {"text", "title", "summary", "url", "token", "address", "name", "username", "message", "body", "query",
             "headers", "secret"}  # fmt: skip
"""What a field would be called that holds what must not leave."""

SAID = log_page.everything()


def where(said: Said) -> str:
    return f"{said.module}:{said.line} {said.event}"


def test_every_line_is_an_event_with_a_name() -> None:
    assert len(SAID) > 50
    assert [where(said) for said in SAID if said.event is None or not NAME.fullmatch(said.event)] == []


def test_every_event_has_one_level() -> None:
    assert [where(said) for said in SAID if said.level is None] == []
    levels = {(said.event, said.level) for said in SAID}
    assert [event for event, count in Counter(event for event, _ in levels).items() if count > 1] == []


def test_every_field_is_one_of_those_there_are() -> None:
    assert [where(said) for said in SAID if said.fields is None] == []
    used = {name for said in SAID for name in said.fields or ()}
    assert used == FIELDS.keys()
    assert FORBIDDEN.isdisjoint(used)


def test_every_event_is_explained() -> None:
    assert {said.event for said in SAID} == EVENTS.keys()


def test_the_page_is_up_to_date() -> None:
    assert log_page.PAGE.read_text(encoding="utf-8") == log_page.page(SAID), "make log-page"


def read(source: str) -> list[tuple[str | None, str | None, frozenset[str] | None]]:
    return [(said.event, said.level, said.fields) for said in log_page.said_by("planner.x", ast.parse(source))]


@pytest.mark.parametrize(
    "call",
    [
        'log.info(f"chat.{kind}")',
        'log.info("chat.%s", kind)',
        'log.info("chat." + kind)',
        "log.info(kind)",
        'logging.getLogger("x").info("%s", kind)',
        'log.log(level, f"chat.{kind}")',
    ],
)
def test_a_name_that_is_put_together_is_found_out(call: str) -> None:
    [(event, _, _)] = read(call)
    assert event is None


def test_a_level_that_is_chosen_on_the_way_is_found_out() -> None:
    [(_, level, _)] = read('log.log(logging.INFO if well else logging.ERROR, "health.changed")')
    assert level is None


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        ('log.info("a.b")', set()),
        ('log.info("a.b", extra={"user": 1, "kind": 2})', {"user", "kind"}),
        ('said = {"user": 1}\nlog.info("a.b", extra={"kind": 2, **said})', {"user", "kind"}),
        ('said = {"user": 1}\nsaid["title"] = 2\nlog.info("a.b", extra=said)', {"user", "title"}),
        ('def said():\n    return {"user": 1}\nlog.info("a.b", extra=said() | {"kind": 2})', {"user", "kind"}),
        ('def f():\n    said = {"title": 1}\nsaid = {"user": 1}\nlog.info("a.b", extra=said)', {"user", "title"}),
    ],
)
def test_fields_are_found_wherever_they_are_put_together(source: str, fields: set[str]) -> None:
    [(_, _, found)] = read(source)
    assert found == fields


def test_fields_that_nobody_can_know_are_found_out() -> None:
    [(_, _, fields)] = read("def f(said):\n    log.info('a.b', extra=said)")
    assert fields is None
