"""What is left of a text when the words about time are taken out."""

from __future__ import annotations

from planner.when.scan import Part, Scan
from planner.when.slots import kind

_EDGES = " \t\r\n,;:-–—."


def title(scanned: Scan, parts: tuple[Part, ...]) -> str:
    """The user's own words, in order, without what joined them to a part that was taken."""
    pieces: list[str] = []
    at = 0
    for part in (*(part for part in parts if not part.spoken), None):
        first = part.first if part else len(scanned.tokens)
        piece = _piece(scanned, at, first, opens=not pieces, closes=part is None)
        if part is not None and at and _only_joins(scanned, at, first):
            piece = ""
        if piece:
            pieces.append(piece)
        at = part.end if part else first
    return _clean(_joined(pieces))


def _joined(pieces: list[str]) -> str:
    return "".join(piece if piece[0] in "?!" else " " + piece for piece in pieces)


def _piece(scanned: Scan, first: int, end: int, *, opens: bool, closes: bool) -> str:
    tokens, language = scanned.tokens, scanned.language
    while first < end and first > 0 and _joins(scanned, first, opens=opens):
        first += 1
    while first < end and not closes and tokens[end - 1].low in language.joints_before:
        end -= 1
    return scanned.text[tokens[first].start : tokens[end - 1].end] if first < end else ""


def _only_joins(scanned: Scan, first: int, end: int) -> bool:
    """Whether nothing but "or" and "and" stands between two parts."""
    senses, tokens = scanned.senses, scanned.tokens
    return all(
        senses[at].keys() & {"orword", "andword"} or tokens[at].low in {",", "&", "/"} for at in range(first, end)
    )


def _joins(scanned: Scan, at: int, *, opens: bool) -> bool:
    token = scanned.tokens[at]
    if token.kind == "mark":
        return token.low in ",-:;.)!"
    return opens and token.low in scanned.language.joints_after


def _clean(text: str) -> str:
    cleaned = text.strip(_EDGES).lstrip("!").lstrip(_EDGES)
    dotted = text.strip(" ,;:").endswith(".") and cleaned[-2:-1] == "."
    return cleaned + "." if dotted else cleaned


def taken(scanned: Scan, parts: tuple[Part, ...]) -> tuple[tuple[int, int, str], ...]:
    """Spans of the text, and what each was taken for."""
    tokens = scanned.tokens
    return tuple(
        (tokens[part.first].start, tokens[part.end - 1].end, "+".join(dict.fromkeys(kind(v) for v in part.values)))
        for part in parts
    )


def hint(scanned: Scan, parts: tuple[Part, ...]) -> str:
    """Which half of the day the title speaks for: dinner, breakfast."""
    covered = {at for part in parts for at in range(part.first, part.end)}
    found = (sense["hint"] for at, sense in enumerate(scanned.senses) if "hint" in sense and at not in covered)
    return next(found, "")
