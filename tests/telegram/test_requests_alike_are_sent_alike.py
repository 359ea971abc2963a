"""What is like a request that aiogram has taken goes out without asking it again, and as it would have gone out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.telegram import client, shapes
from planner.telegram.client import Telegram
from planner.telegram.direct import DirectSession
from planner.telegram.lean import IN_USE
from planner.telegram.outcomes import Accepted, Refused
from tests.telegram.server import TOKEN
from tests.virtual import FakeClock, run

FIXED = frozenset({"type", "scope"})
"""What only constants of ours stand in."""
OK = b'{"ok": true, "result": true}'
Asked = tuple[str, Mapping[str, object]]


def like(value: object) -> st.SearchStrategy[Any]:
    """Values of the same shape; lists of any length."""
    if isinstance(value, dict):
        fields = {name: st.just(one) if name in FIXED else like(one) for name, one in value.items()}
        return st.fixed_dictionaries(fields)
    if isinstance(value, list):
        return st.lists(st.one_of([like(one) for one in value]), max_size=3)
    kinds: dict[type, st.SearchStrategy[Any]] = {
        bool: st.booleans(),
        int: st.integers(-(2**53), 2**53),
        str: st.text(max_size=20),
    }
    return kinds[type(value)]


REQUESTS = st.sampled_from(sorted(IN_USE)).flatmap(
    lambda method: st.tuples(st.just(method), like(IN_USE[method]), like(IN_USE[method]))
)


def read(method: str, fields: Mapping[str, object]) -> Asked:
    """A request as a server reads it: the order of names says nothing."""
    return method, {name: _value(str(field)) for name, field in fields.items()}


def _value(field: str) -> object:
    try:
        return json.loads(field) if field.startswith(("{", "[")) else field
    except ValueError:
        return field  # somebody's words


def telegram(asked: list[Asked]) -> Telegram:
    async def call(_token: str, method: str, fields: Mapping[str, object]) -> tuple[int, bytes]:
        asked.append((method, fields))
        return 200, OK

    return Telegram(TOKEN, clock=FakeClock(), session=DirectSession(call, lambda name, content: (name, content)))


@settings(max_examples=100, deadline=None)
@given(request=REQUESTS)
def test_the_same_fields_leave_either_way(request: tuple[str, dict[str, object], dict[str, object]]) -> None:
    method, first, second = request

    async def main() -> None:
        taught, fresh = [], []  # type: ignore[var-annotated]  # of Asked
        seasoned = telegram(taught)
        await seasoned.call(method, IN_USE[method])
        for params in (first, second):
            assert await seasoned.call(method, params) == await telegram(fresh).call(method, params)
        assert [read(*one) for one in taught[1:]] == [read(*one) for one in fresh]

    run(main())


async def test_what_is_alike_is_not_judged_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Asked] = []
    one = telegram(asked)
    judged: list[str] = []
    request = client._request
    monkeypatch.setattr(client, "_request", lambda method, params: judged.append(method) or request(method, params))
    for number in range(5):
        assert isinstance(await one.call("sendMessage", {**IN_USE["sendMessage"], "chat_id": number}), Accepted)
    assert judged == ["sendMessage"]
    assert len(asked) == 5


@pytest.mark.parametrize(
    "wrong",
    [
        {"chat_id": [1]},
        {"text": 5},
        {"entities": [{"type": "bold", "offset": "x", "length": 1}]},
        {"entities": [5]},
        {"link_preview_options": []},
        {"text": ("a",)},
    ],
)
async def test_what_is_not_alike_is_still_refused_before_it_leaves(wrong: dict[str, object]) -> None:
    asked: list[Asked] = []
    one = telegram(asked)
    await one.call("sendMessage", IN_USE["sendMessage"])
    assert isinstance(await one.call("sendMessage", {**IN_USE["sendMessage"], **wrong}), Refused)
    assert len(asked) == 1


async def test_files_always_go_out_as_files() -> None:
    asked: list[Asked] = []
    one = telegram(asked)
    await one.call("sendDocument", IN_USE["sendDocument"])
    for content, encoded in ((b"abc", "YWJj"), (b"def", "ZGVm")):
        await one.call("sendDocument", {"chat_id": 1, "document": {"filename": "a.txt", "base64": encoded}})
        fields = asked[-1][1]
        assert ("a.txt", content) in fields.values()
        assert str(fields["document"]).startswith("attach://")


@pytest.mark.parametrize("more", [{}, {"text": None}])
async def test_what_aiogram_changes_is_given_to_it_each_time(more: dict[str, None]) -> None:
    asked: list[Asked] = []
    one = telegram(asked)
    for _ in range(2):
        await one.call("answerCallbackQuery", {"callback_query_id": "1", "show_alert": 1, **more})
    assert [fields for _, fields in asked] == [{"callback_query_id": "1", "show_alert": "true"}] * 2


async def test_no_input_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "SHAPES_MAX", 3)
    known = shapes.Shapes()
    for number in range(10):
        params = {f"p{number}": 1}
        known.learn("getMe", params, params)
        assert known.knows("getMe", params)
        assert len(known._known) <= 3
