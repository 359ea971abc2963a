"""The lean import does what the ordinary one does, for less; where it cannot, the ordinary one takes its place."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from pydantic import BaseModel

from planner.telegram.direct import DirectSession
from planner.telegram.lean import IN_USE, INSTEAD, LEAN, METHODS, Bot

FALLBACK = """
import importlib.abc, json, logging, sys

class BreakOnce(importlib.abc.MetaPathFinder):
    left = 1
    def find_spec(self, name, path, target=None):
        if name == "aiogram.methods.send_photo" and self.left:
            self.left = 0
            raise RuntimeError("made to fail")

sys.meta_path.insert(0, BreakOnce())
logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(message)s %(error)s: %(do)s")
from planner.telegram import lean
import aiogram.types
from aiogram.client.session.aiohttp import AiohttpSession
from pydantic import BaseModel

session, bot = AiohttpSession(), lean.Bot("123456:ABC")
forms = {}
for name, params in lean.IN_USE.items():
    form = session.build_form_data(bot, lean.METHODS[name](**params))
    forms[name] = {options["name"]: value for options, _, value in form._fields}
print(json.dumps({"lean": lean.LEAN, "forms": forms, "all_built": aiogram.types.Chat.__pydantic_complete__,
                  "pydantic_as_it_was": BaseModel.model_rebuild.__func__.__module__}))
"""


@pytest.fixture(scope="module")
def ordinary() -> dict[str, Any]:
    """What a process says in which the lean import was made to fail halfway."""
    done = subprocess.run([sys.executable, "-c", FALLBACK], capture_output=True, text=True, check=True)
    return {"log": done.stderr.splitlines(), **json.loads(done.stdout)}


def test_this_process_imports_it_leanly() -> None:
    assert LEAN
    assert METHODS["sendMessage"].__pydantic_complete__
    assert not sys.modules["aiogram.types"].Chat.__pydantic_complete__


def test_a_lean_import_that_fails_gives_way_to_the_ordinary_one(ordinary: dict[str, Any]) -> None:
    assert not ordinary["lean"]
    assert ordinary["all_built"]
    assert ordinary["pydantic_as_it_was"] == "pydantic.main"
    assert ordinary["log"] == [f"WARNING telegram.lean_failed RuntimeError: {INSTEAD}"]


async def no_server(_token: str, _method: str, _params: object) -> tuple[int, bytes]:
    raise ConnectionError


@pytest.mark.parametrize("name", IN_USE)
def test_a_request_has_the_fields_that_aiograms_own_session_gives_it(name: str, ordinary: dict[str, Any]) -> None:
    session: DirectSession[None] = DirectSession(no_server, lambda _name, _content: None)
    form = session.form(Bot("123456:ABC", session), METHODS[name](**IN_USE[name]))
    assert dict(form.fields) == ordinary["forms"][name]
    assert IN_USE[name].keys() >= form.fields.keys()


def test_models_of_other_programs_are_built_as_ever() -> None:
    """Only aiogram's models are left alone, and only while it is imported."""
    assert BaseModel.model_rebuild.__func__.__module__ == "pydantic.main"  # type: ignore[attr-defined]
