"""Text with entities, as Telegram takes it: no markup, so nothing a person typed can become any.

Offsets and lengths are UTF-16 code units (Bot API, "MessageEntity"). What a user typed goes in through ``plain`` or as
a value of ``say``, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from string import Formatter

from planner.render.bidi import POP_ISOLATE, inert, open_isolates
from planner.render.words import Words

MAX_UNITS = 4_096
"""The longest message Telegram takes, in UTF-16 code units (Bot API, ``sendMessage``)."""

MAX_ENTITIES = 100
"""Telegram ignores the entities of a message beyond this many."""

MOMENT_AHEAD_S = 1_098 * 86_400
"""How far ahead of now a ``date_time`` entity may point (Bot API 9.5)."""

ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of a text and what it is. The names are those of the Bot API's ``MessageEntity``."""

    type: str
    offset: int
    length: int
    url: str | None = None
    unix_time: int | None = None
    date_time_format: str | None = None

    @property
    def end(self) -> int:
        return self.offset + self.length

    def at(self, offset: int, length: int) -> Entity:
        """The same elsewhere; ``dataclasses.replace`` takes ten times as long, and every message is full of these."""
        return Entity(self.type, offset, length, self.url, self.unix_time, self.date_time_format)


@dataclass(frozen=True, slots=True)
class Text:
    """A text and its entities, in the order they begin, outer before inner. ``+`` joins texts and plain strings."""

    text: str = ""
    entities: tuple[Entity, ...] = ()

    @property
    def units(self) -> int:
        """Its length as Telegram counts it."""
        return units(self.text)

    def __bool__(self) -> bool:
        return bool(self.text)

    def __add__(self, other: Text | str) -> Text:
        return join((self, other))

    def __radd__(self, other: str) -> Text:
        return join((other, self))


def units(text: str) -> int:
    """UTF-16 code units: one for most characters, two for those beyond the basic plane, as most emoji are."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain(text: str) -> Text:
    """Text as it was typed, which turns nothing around it: see ``bidi.inert``.

    Lone surrogates, which no file or request can carry, become U+FFFD.
    """
    if text.isascii():
        return Text(text)
    return Text(inert(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")))


def bold(text: Text | str) -> Text:
    """``text`` in bold."""
    return _marked(text, "bold")


def italic(text: Text | str) -> Text:
    """``text`` in italics."""
    return _marked(text, "italic")


def code(text: str) -> Text:
    """``text`` in a fixed-width font; Telegram lets nothing else stand inside."""
    return _marked(text, "code")


def link(text: Text | str, url: str) -> Text:
    """``text`` that opens ``url``."""
    return _marked(text, "text_link", url=url)


def moment(text: Text | str, ms: int, now: int, shown: str = "") -> Text:
    """``text`` that a tap turns into the reader's own time; plain where Telegram has no such entity for ``ms``.

    ``shown`` (``date_time_format``: ``r``, or ``w``, ``d``/``D``, ``t``/``T`` in this order) has each reader's client
    write the time itself instead of ``text``. Source: Bot API 9.5, ``MessageEntity`` of type ``date_time``.
    """
    at = ms // 1_000
    if not 0 <= at <= now // 1_000 + MOMENT_AHEAD_S:
        return _text(text)
    return _marked(text, "date_time", unix_time=at, date_time_format=shown or None)


def join(parts: Iterable[Text | str], between: Text | str = "") -> Text:
    """All parts in a row, with ``between`` between them."""
    texts: list[str] = []
    entities: list[Entity] = []
    at = 0
    for number, part in enumerate(parts):
        for piece in (between, part) if number else (part,):
            one = _text(piece)
            texts.append(one.text)
            if one.entities:
                entities.extend(entity.at(entity.offset + at, entity.length) for entity in one.entities)
            at += one.units
    return Text("".join(texts), tuple(entities))


def fill(template: str, **values: object) -> Text:
    """A template's ``{named}`` placeholders filled with rich text; any other value goes in as plain text."""
    parts: list[Text | str] = []
    for literal, name, spec, conversion in Formatter().parse(template):
        parts.append(literal)
        if name is not None:
            value = values[name]
            if spec or conversion:
                value = Formatter().format_field(Formatter().convert_field(value, conversion), spec or "")
            parts.append(value if isinstance(value, Text) else str(value))
    return join(parts)


def say(words: Words, msgid: str, /, **values: object) -> Text:
    """``words.t`` for sentences with rich text in them."""
    return fill(words.template(msgid), **values)


def cut(text: Text, limit: int) -> Text:
    """At most ``limit`` (at least 1) UTF-16 units of it, ending in an ellipsis where something was left off."""
    if text.units <= limit:
        return text
    head = _split(text, _fitting(text.text, limit - 1))[0]
    while head.units + (opened := open_isolates(head.text)) > limit - 1:
        head = _split(head, len(head.text) - 1)[0]
    return head + Text(POP_ISOLATE * opened + ELLIPSIS)


def shorten(text: str, limit: int) -> str:
    """``cut`` for a plain string, such as a title on a button; line breaks become spaces."""
    return inert(cut(plain(" ".join(text.split())), limit).text)


def clip(text: str, limit: int) -> str:
    """``shorten`` for what is kept rather than shown: as it was typed."""
    return cut(Text(" ".join(text.split())), limit).text


def pages(text: Text, limit: int = MAX_UNITS) -> tuple[Text, ...]:
    """The text in messages of at most ``limit`` UTF-16 units and ``MAX_ENTITIES`` entities, nothing lost between them.

    A page ends at a line's end; where a line is too long for that, at a space, and at last anywhere but inside a
    character. An entity is cut only where it leaves no such place; then it goes on in the next page. Pages with nothing
    to see, which Telegram refuses, are left out.
    """
    if limit < 2:  # what one character may need
        raise ValueError("a page must hold at least one character")
    found: list[Text] = []
    while text:
        page, text = _split(text, _page_end(text, limit))
        found.append(page)
    return tuple(page for page in found if page.text.strip())


def _text(value: Text | str) -> Text:
    return value if isinstance(value, Text) else plain(value)


def _marked(
    text: Text | str,
    kind: str,
    *,
    url: str | None = None,
    unix_time: int | None = None,
    date_time_format: str | None = None,
) -> Text:
    inner = _text(text)
    if not inner:
        return inner
    outer = Entity(kind, 0, inner.units, url, unix_time, date_time_format)
    return Text(inner.text, (outer, *inner.entities))


def _fitting(text: str, limit: int) -> int:
    """How many characters from the start need at most ``limit`` units."""
    used = 0
    for index, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > limit:
            return index
    return len(text)


def _split(text: Text, at: int) -> tuple[Text, Text]:
    """The first ``at`` characters and the rest; an entity across the border goes on in both."""
    head, rest = text.text[:at], text.text[at:]
    border = units(head)
    before = (one.at(one.offset, min(one.end, border) - one.offset) for one in text.entities if one.offset < border)
    after = (
        one.at(max(one.offset - border, 0), one.end - max(one.offset, border))
        for one in text.entities
        if one.end > border
    )
    return Text(head, tuple(before)), Text(rest, tuple(after))


def _page_end(text: Text, limit: int) -> int:
    """How many characters of the text its first page takes; at least one."""
    if len(text.entities) > MAX_ENTITIES:
        limit = min(limit, text.entities[MAX_ENTITIES].offset or limit)
    most = _fitting(text.text, limit)
    if most == len(text.text):
        return most

    inside = bytearray(limit + 1)
    for one in text.entities:
        first, last = one.offset + 1, min(one.end, limit + 1)
        if first < last:
            inside[first:last] = b"\1" * (last - first)
    borders = list(accumulate((2 if character > "\uffff" else 1 for character in text.text[:most]), initial=0))
    lines = [end for end in range(most, 0, -1) if text.text[end - 1] == "\n"]
    spaces = [end for end in range(most, 0, -1) if text.text[end - 1].isspace()]
    for ends in (lines, spaces, range(most, 0, -1)):
        for end in ends:
            if not inside[borders[end]]:
                return end
    return (lines or spaces or [most])[0]
