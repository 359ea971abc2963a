"""Text and entities as Telegram takes them: UTF-16 offsets, limits, and what it finds in a text by itself. Pure.

https://core.telegram.org/bots/api#messageentity
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from urllib.parse import urlsplit

from planner.localchat.errors import bad

TEXT_MAX = 4_096
CAPTION_MAX = 1_024
ENTITIES_MAX = 100

Entity = Mapping[str, object]

FOUND_BY_TELEGRAM = frozenset({"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"})
_FORMATTING = frozenset(
    {"bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code"}
)
_FIELDS: Mapping[str, tuple[str, type]] = {
    "text_link": ("url", str),
    "text_mention": ("user", dict),
    "custom_emoji": ("custom_emoji_id", str),
    "date_time": ("unix_time", int),
}
_KNOWN = FOUND_BY_TELEGRAM | _FORMATTING | _FIELDS.keys() | {"pre"}
_KEPT = ("url", "user", "language", "custom_emoji_id", "unix_time", "date_time_format")
_SCHEMES = frozenset({"http", "https", "tg", "ton", "tonsite"})

_FINDS = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)\]'])"
    r"|(?P<email>(?<![\w.+-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}\b)"
    r"|(?P<bot_command>(?<![\w/<>])/[a-z0-9_]{1,64}(?:@[a-z]\w{2,31})?(?![\w/]))"
    r"|(?P<mention>(?<!\w)@[a-z]\w{3,31}\b)"
    r"|(?P<hashtag>(?<!\w)#(?=\w*[^\W\d_])\w{1,255})",
    re.IGNORECASE,
)


def units(text: str) -> int:
    """Length in UTF-16 code units, which is what Telegram counts."""
    return len(text) if text.isascii() else len(text) + sum(1 for character in text if character > "\uffff")


def prepared(text: str, entities: Sequence[Entity]) -> tuple[str, list[dict[str, object]]]:
    """Text and entities as they are shown: trimmed, entities checked, what Telegram finds by itself added."""
    places, last = _places(text), units(text)
    for entity in entities:
        _check_place(entity, places, last)
    body = text.strip()
    start = units(text[: len(text) - len(text.lstrip())])
    kept = [moved for entity in entities[:ENTITIES_MAX] if (moved := _moved(entity, start, units(body)))]
    kept += _found(body, kept)
    return body, sorted(kept, key=lambda entity: (entity["offset"], -_int(entity["length"])))


def entities_from(value: object) -> list[Entity]:
    """The ``entities`` parameter, each of a known kind with the fields of that kind."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise bad("can't parse entities JSON object")
    return [_entity(one) for one in value]


def split(text: str, limit: int = TEXT_MAX) -> Iterator[str]:
    """Parts of at most ``limit`` units, cut at a line or a space where there is one, as Telegram's clients do."""
    while units(text) > limit:
        end = _fitting(text, limit)
        cut = max(text.rfind("\n", end // 2, end + 1), text.rfind(" ", end // 2, end + 1))
        cut = cut if cut > 0 else end
        yield text[:cut]
        text = text[cut:].lstrip()
    yield text


def _fitting(text: str, limit: int) -> int:
    """How many characters go into ``limit`` units, at least one."""
    spent = 0
    for index, character in enumerate(text):
        spent += 2 if character > "\uffff" else 1
        if spent > limit:
            return max(index, 1)
    return len(text)


def check_url(url: str, what: str) -> None:
    """Refuse a link that Telegram refuses."""
    try:
        parts = urlsplit(url if "://" in url or url.startswith("tg:") else f"http://{url}")
    except ValueError:
        raise bad(f"{what} '{url}' is invalid: Wrong HTTP URL") from None
    if parts.scheme.lower() not in _SCHEMES:
        raise bad(f"{what} '{url}' is invalid: Unsupported URL protocol")
    if parts.scheme.lower() in {"http", "https"}:
        if not parts.hostname:
            raise bad(f"{what} '{url}' is invalid: URL host is empty")
        if "." not in parts.hostname and ":" not in parts.hostname:
            raise bad(f"{what} '{url}' is invalid: Wrong HTTP URL")


def _entity(value: object) -> Entity:
    if not isinstance(value, dict):
        raise bad("can't parse MessageEntity: Expected an Object")
    kind, offset, length = value.get("type"), value.get("offset"), value.get("length")
    if kind not in _KNOWN:
        raise bad("can't parse MessageEntity: Unsupported type specified")
    for name, number in (("offset", offset), ("length", length)):
        if not isinstance(number, int) or isinstance(number, bool):
            raise bad(
                f"can't parse MessageEntity: Can't find field \"{name}\""
                if number is None
                else f'can\'t parse MessageEntity: Field "{name}" must be of type Number'
            )
    field, form = _FIELDS.get(kind, ("", str))
    if field and not isinstance(value.get(field), form):
        raise bad(f"can't parse MessageEntity: Can't find field \"{field}\"")
    if kind == "text_link":
        check_url(str(value["url"]), "entity URL")
    return value


def _places(text: str) -> range | frozenset[int]:
    """Every UTF-16 offset at which a character begins, and the end."""
    if units(text) == len(text):
        return range(len(text) + 1)
    return frozenset(accumulate((2 if character > "\uffff" else 1 for character in text), initial=0))


def _check_place(entity: Entity, places: range | frozenset[int], last: int) -> None:
    begin, end = _int(entity["offset"]), _int(entity["offset"]) + _int(entity["length"])
    if begin < 0:
        raise bad(f"receive an entity with incorrect offset {begin}")
    if end < begin:
        raise bad(f"receive an entity with incorrect length {end - begin}")
    if begin > last:
        raise bad(f"entity begins after the end of the text at UTF-16 offset {begin}")
    if end > last:
        raise bad(f"entity beginning at UTF-16 offset {begin} ends after the end of the text at UTF-16 offset {end}")
    if begin not in places:
        raise bad(f"entity begins in a middle of a UTF-16 symbol at UTF-16 offset {begin}")
    if end not in places:
        raise bad(
            f"entity beginning at UTF-16 offset {begin} ends in a middle of a UTF-16 symbol at UTF-16 offset {end}"
        )


def _moved(entity: Entity, start: int, length: int) -> dict[str, object] | None:
    begin = max(_int(entity["offset"]) - start, 0)
    end = min(_int(entity["offset"]) + _int(entity["length"]) - start, length)
    if end <= begin:
        return None
    return {
        "type": entity["type"],
        "offset": begin,
        "length": end - begin,
        **{name: entity[name] for name in _KEPT if name in entity},
    }


def _found(text: str, given: Sequence[Entity]) -> list[dict[str, object]]:
    if not any(mark in text for mark in ("/", "@", "#")):
        return []
    taken = [
        (_int(entity["offset"]), _int(entity["offset"]) + _int(entity["length"]))
        for entity in given
        if entity["type"] in FOUND_BY_TELEGRAM | {"code", "pre", "text_link", "text_mention"}
    ]
    found: list[dict[str, object]] = []
    begin = seen = 0
    for match in _FINDS.finditer(text):
        begin, seen = begin + units(text[seen : match.start()]), match.start()
        length = units(match.group())
        if not any(begin < end and start < begin + length for start, end in taken):
            found.append({"type": match.lastgroup, "offset": begin, "length": length})
    return found


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value
