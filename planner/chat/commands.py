"""The command menu that Telegram shows, in each language."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Protocol

from planner.i18n import LANGS, N_, words
from planner.telegram.outcomes import Accepted, Outcome

log = logging.getLogger(__name__)

MENU: Mapping[str, str] = {
    "today": N_("what is planned today"),
    "tomorrow": N_("what is planned tomorrow"),
    "week": N_("the next 7 days"),
    "agenda": N_("any days: /agenda next week"),
    "find": N_("find events by a word"),
    "plan": N_("the plan of the day, now"),
    "settings": N_("time zone, language, daily plan, quiet hours"),
    "help": N_("what I can do"),
}


class Caller(Protocol):
    async def call(self, method: str, params: Mapping[str, object]) -> Outcome: ...


async def register(caller: Caller) -> bool:
    """Tell Telegram the commands; whether it took them. Without it everything works, only the menu is as it was."""
    taken = True
    for lang in LANGS:
        said = words(lang)
        commands = [{"command": name, "description": said.t(about)} for name, about in MENU.items()]
        code = {} if lang == LANGS[0] else {"language_code": lang}
        outcome = await caller.call("setMyCommands", {"commands": commands, **code})
        if not isinstance(outcome, Accepted):
            log.warning("the command menu was not accepted", extra={"lang": lang, "cause": outcome.cause})
            taken = False
    return taken
