"""Causes as the log and the rows have them, in the reader's words as far as they are the planner's own."""

from __future__ import annotations

import re
from collections.abc import Mapping

from planner.i18n import N_
from planner.render import Words

OURS: Mapping[str, str] = {
    "its chat has to wait": N_("Telegram asked me to wait before I write to this chat again"),
    "Too Many Requests": N_("Telegram asked me to wait before I write to this chat again"),
    "could not be rendered": N_("I could not put it into words: that is a bug of mine"),
    "stopped before it was sent": N_("I was stopped before it left"),
    "Telegram does not answer": N_("Telegram did not answer"),
    "Telegram did not answer": N_("Telegram did not answer"),
    "sending has stopped": N_("Telegram did not let me in"),
    "Telegram did not let it in": N_("Telegram did not let me in"),
    "the planner was down": N_("I was not at work then"),
    "it could not be stored": N_("the database could not be written"),
    "the user has blocked the bot": N_("whoever it was for has blocked me"),
    "the user may not use the bot": N_("whoever it was for may no longer use me"),
    "no answer to sending": N_("Telegram does not answer when I send"),
    "no answer to polling": N_("Telegram does not answer when I ask what is new"),
    "no answer to sending and polling": N_("Telegram does not answer at all"),
    "starting": N_("I am only starting"),
    "no answer yet": N_("it has not answered yet"),
    "they cannot be looked up": N_("they cannot be looked up"),
}
MEASURED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"a timer is overdue by (?P<n>\d+) s"), N_("something was to happen {n} s ago and has not")),
    (re.compile(r"nothing could be written for (?P<n>\d+) s"), N_("nothing could be written for {n} s")),
    (re.compile(r"the job of every minute last ended well (?P<n>\d+) s ago"),
     N_("what I do every minute was last done {n} s ago")),
    (re.compile(r"no calendar is synced: what is due has been looked up for (?P<n>\d+) s"),
     N_("no calendar has been synced for {n} s")),
    (re.compile(r"(?P<n>\d+) of (?P<all>\d+) cannot be synced"), N_("{n} of {all} cannot be synced")),
    (re.compile(r"no answer for (?P<n>\d+) s"), N_("it has not answered for {n} s")),
    (re.compile(r"cannot be looked at \((?P<what>\w+)\)"), N_("it cannot be looked at ({what})")),
)  # fmt: skip


def said(words: Words, cause: str) -> str | None:
    """``None`` for what others have said, such as Telegram or a server: that stands as it came."""
    if cause in OURS:
        return words.t(OURS[cause])
    found = ((text, pattern.fullmatch(cause)) for pattern, text in MEASURED)
    return next((words.t(text, **match.groupdict()) for text, match in found if match is not None), None)
