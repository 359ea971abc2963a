"""What an event says in words (RFC 5545, section 3.3.11), as plain text within the planner's bounds."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from planner.ics.properties import Part, value

TITLE_MAX, PLACE_MAX, NOTES_MAX, LINK_MAX = 1_000, 300, 2_000, 2_000
"""Characters; what is longer is cut."""

_RAW = 8
"""So many times a text's bound is read of it: escapes and markup take room."""
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h\d)\b[^<>]{0,200}>", re.IGNORECASE)
_MANY_LINES = re.compile(r"\n[ \t\xa0]*(?:\n[ \t\xa0]*)+")
_MEETINGS = ("X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
             "X-TELEMOST-CONFERENCE", "CONFERENCE")  # fmt: skip
_LINK = re.compile(r"https?://[^\s<>\"\x00-\x20]{3,2000}", re.IGNORECASE)
_MEETING = re.compile(
    r"https://(?:[\w-]{1,63}\.){0,4}(?:zoom\.us/(?:j|my|w|s)/|meet\.google\.com/|teams\.(?:microsoft|live)\.com/"
    r"|telemost\.yandex\.\w{2,3}/|webex\.com/|whereby\.com/|meet\.jit\.si/|gotomeet(?:ing)?\.(?:me|com)/)[^\s<>\"]{1,1500}",
    re.IGNORECASE,
)


def title(part: Part) -> str:
    """One line."""
    return " ".join(_plain(value(part.own, "SUMMARY"), TITLE_MAX).split("\n")).strip()[:TITLE_MAX]


def place(part: Part) -> str:
    return _plain(value(part.own, "LOCATION"), PLACE_MAX).strip()[:PLACE_MAX]


def notes(part: Part, *, ours: bool) -> str:
    """Its description; of one that is written as a web page, the words, unless we wrote it."""
    text = _plain(value(part.own, "DESCRIPTION"), NOTES_MAX)
    if not ours and "<" in text and _TAG.search(text):
        text = html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
        text = _MANY_LINES.sub("\n\n", text)
    return text.strip()[:NOTES_MAX]


def link(part: Part, *, ours: bool) -> str:
    """Where to meet: what says so, or else the first address of a meeting in its texts; or else where it is described.

    Of what we wrote ourselves the texts are only texts.
    """
    return _first(part, _MEETINGS) or ("" if ours else _meeting(part)) or _first(part, ("URL",))


def _first(part: Part, names: Iterable[str]) -> str:
    for name in filter(part.own.__contains__, names):
        found = _LINK.match(value(part.own, name).strip()[: LINK_MAX + 1])
        if found and len(found[0]) <= LINK_MAX:
            return found[0]
    return ""


def _meeting(part: Part) -> str:
    for name in ("LOCATION", "DESCRIPTION"):
        if "https:" in (text := value(part.own, name)) and (found := _MEETING.search(_plain(text, 4 * NOTES_MAX))):
            return html.unescape(found[0]).rstrip(".,;)")
    return ""


def _plain(text: str, most: int) -> str:
    """A TEXT's characters; a quote from a bad escape stays as it is."""
    found = text[: _RAW * most]
    if "\\" not in found and found.isprintable():
        return found
    if "\\" in found:
        found = _ESCAPE.sub(lambda escaped: "\n" if escaped[1] in "nN" else escaped[1], found)
    return _CONTROLS.sub("", found)
