"""``parse_mode`` HTML into text and entities. Pure.

https://core.telegram.org/bots/api#html-style. The planner itself sends entities; this is for what else may talk to the
chat, such as an Alertmanager. Markdown is not understood here, and is refused rather than shown wrong.
"""

from __future__ import annotations

import re
from contextlib import suppress
from html import unescape

from planner.localchat.errors import Refusal, bad
from planner.localchat.texts import check_url, units

_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
}
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s+[A-Za-z-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*)\s*>")
_ATTRIBUTE = re.compile(r"([A-Za-z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")

Found = dict[str, object]


def parsed(text: str, mode: str) -> tuple[str, list[Found]]:
    """Text without markup, and its entities."""
    if mode.lower() != "html":
        raise bad("unsupported parse_mode")
    out, length, position = [], 0, 0
    opened: list[tuple[str, int, Found]] = []
    entities: list[Found] = []
    for match in _TAG.finditer(text):
        plain = _plain(text[position : match.start()], text, position)
        out.append(plain)
        length += units(plain)
        position = match.end()
        at = len(text[: match.start()].encode())
        if match.group(1):
            entities += _closed(match.group(2).lower(), opened, length, at)
        else:
            opened.append((match.group(2).lower(), length, _opened(match, at)))
    out.append(_plain(text[position:], text, position))
    if opened:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1][0]}\"")
    return "".join(out), entities


def _plain(part: str, text: str, position: int) -> str:
    if (stray := part.find("<")) >= 0:
        at = len(text[: position + stray].encode())
        name = re.match(r"</?([^\s>]*)", part[stray:])
        raise bad(f'can\'t parse entities: Unsupported start tag "{name.group(1) if name else ""}" at byte offset {at}')
    return unescape(part)


def _opened(match: re.Match[str], at: int) -> Found:
    name = match.group(2).lower()
    given = {key.lower(): unescape(a or b or c) for key, a, b, c in _ATTRIBUTE.findall(match.group(3))}
    if name in _SIMPLE:
        return {"type": _SIMPLE[name]}
    if name == "span" and given.get("class") == "tg-spoiler":
        return {"type": "spoiler"}
    if name == "blockquote":
        return {"type": "expandable_blockquote" if "expandable" in given else "blockquote"}
    if name == "a":
        return _link(given.get("href", ""))
    if name == "tg-time" and given.get("unix", "").isdigit():
        shape = {"date_time_format": given["format"]} if given.get("format") else {}
        return {"type": "date_time", "unix_time": int(given["unix"]), **shape}
    raise bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {at}')


def _link(href: str) -> Found:
    """Where markup leads nowhere that Telegram knows, its words stay, and are no link (TDLib, ``parse_html``)."""
    with suppress(Refusal):
        check_url(href, "entity URL")
        return {"type": "text_link", "url": href}
    return {"type": ""}


def _closed(name: str, opened: list[tuple[str, int, Found]], length: int, at: int) -> list[Found]:
    if not opened:
        raise bad(f"can't parse entities: Unexpected end tag at byte offset {at}")
    expected, begin, entity = opened.pop()
    if expected != name:
        raise bad(
            f'can\'t parse entities: Unmatched end tag at byte offset {at}, expected "</{expected}>", found "</{name}>"'
        )
    if length == begin or not entity["type"]:
        return []
    return [{**entity, "offset": begin, "length": length - begin}]
