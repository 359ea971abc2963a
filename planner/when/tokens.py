"""Text to tokens, in one pass, by hand: words, numbers, clock times, dates, and what must not be looked into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["word", "int", "hm", "dots", "slash", "iso", "mark", "opaque"]

MAX_DIGITS = 4
"""A longer number is neither a time nor a date."""

_QUOTES = {"«": "»", "“": "”", "„": "“", '"': '"'}
_OPAQUE_BEFORE = "#№$€£₽@_+"
_OPAQUE_AFTER = "%$€£₽@_"
PHONE_DIGITS = 7
"""This many digits in three or more numbers are a telephone number."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: ``low`` is what rules compare, ``numbers`` and ``digits`` what a number is made of."""

    kind: Kind
    low: str
    start: int
    end: int
    numbers: tuple[int, ...] = ()
    digits: str = ""
    glued: bool = False


def normal(text: str) -> str:
    """Lower case, one kind of apostrophe, no ё: how words are compared."""
    return text.lower().replace("ё", "е").replace("’", "'").replace("ʼ", "'")


def tokenize(text: str, knows: Callable[[str], bool], suffixes: frozenset[str]) -> list[Token]:
    """Tokens in order. ``knows`` says whether a language has a word, ``suffixes`` what may follow digits directly."""
    tokens: list[Token] = []
    i, size = 0, len(text)
    while i < size:
        char = text[i]
        if char.isspace():
            i += 1
            continue
        if char.isdigit():
            found = _spelt(text, i, knows) or _number(text, i, suffixes)
        elif char.isalpha():
            found = _word(text, i, knows)
        elif char == "@" and text[i + 1 : i + 2].isdigit():
            found = [Token("mark", "@", i, i + 1)]
        elif char in _OPAQUE_BEFORE and i + 1 < size and not text[i + 1].isspace() and text[i + 1] != char:
            found = [_opaque(text, i, _run(text, i))]
        else:
            found = [Token("mark", "-" if char in "–—−" else char, i, i + 1)]
        if found[0].start == i and i and not text[i - 1].isspace():
            found[0] = _glued(found[0])
        tokens += found
        i = found[-1].end
    return _shut(text, tokens)


def _glued(token: Token) -> Token:
    return Token(token.kind, token.low, token.start, token.end, token.numbers, token.digits, glued=True)


def _spelt(text: str, i: int, knows: Callable[[str], bool]) -> list[Token]:
    """A word that begins with a digit: 2moro."""
    end = _letters(text, i + 1)
    if end == i + 1 or text[end : end + 1].isalnum() or not knows(normal(text[i:end])):
        return []
    return [Token("word", normal(text[i:end]), i, end)]


def _opaque(text: str, start: int, end: int) -> Token:
    return Token("opaque", "", start, end, digits="".join(c for c in text[start:end] if c.isdigit()))


def _run(text: str, i: int) -> int:
    """The end of a run without spaces, less the punctuation that closes a clause."""
    end = i
    while end < len(text) and not text[end].isspace():
        end += 1
    while end > i + 1 and text[end - 1] in '.,;:!?)»”"':
        end -= 1
    return end


def _letters(text: str, i: int) -> int:
    while i < len(text) and (text[i].isalpha() or (text[i] in "'’ʼ" and text[i + 1 : i + 2].isalpha())):
        i += 1
    return i


def _word(text: str, i: int, knows: Callable[[str], bool]) -> list[Token]:
    end = _letters(text, i)
    if end - i == 1 and text[end : end + 1] == "." and text[end + 1 : end + 2].isalpha():
        dotted = _dotted(text, i)
        if dotted is not None:
            return [dotted]
    following, after = text[end : end + 1], text[end + 1 : end + 2]
    if following and following in "+- −" and (shifted := _shifted_zone(text, i, end, knows)):
        return [shifted]
    if following and (following.isdigit() or following in "@_"):
        return [_opaque(text, i, _run(text, i))]
    if following in {".", "/", ":", "&", "+"} and following and (after.isalpha() or after == "/"):
        whole = _run(text, i)
        if following == "/" and _all_known(text[i:whole], "/", knows):
            return _split(text, i, whole, "/")
        if following != ":" or after == "/":
            return [_opaque(text, i, whole)]
    if following and following in "-–—" and (after.isalpha() or after.isdigit()):
        return _compound(text, i, end, knows)
    return [Token("word", normal(text[i:end]), i, end)]


def _shifted_zone(text: str, i: int, end: int, knows: Callable[[str], bool]) -> Token | None:
    """``UTC+3``, ``UTC +3``, ``GMT-5``, ``UTC+03:00``: one word, where the language has it."""
    at = end + (text[end] == " ")
    if text[at : at + 1] not in {"+", "-", "−"} or not text[at + 1 : at + 2].isdigit():
        return None
    last = _digits(text, at + 1)
    if text[last : last + 1] == ":" and last + 3 == _digits(text, last + 1):
        last += 3
    if text[last : last + 1].isalnum() or text[last : last + 1] == ":":
        return None
    shift = text[at + 1 : last].removeprefix("0").removesuffix(":00")
    low = normal(text[i:end]) + ("+" if text[at] == "+" else "-") + shift
    return Token("word", low, i, last) if knows(low) else None


def _dotted(text: str, i: int) -> Token | None:
    """``a.m.`` and the like: single letters with dots between."""
    letters, end = text[i], i + 1
    while text[end : end + 1] == "." and text[end + 1 : end + 2].isalpha() and not text[end + 2 : end + 3].isalpha():
        letters, end = letters + text[end + 1], end + 2
    if len(letters) == 1:
        return None
    return Token("word", normal(letters), i, end + (text[end : end + 1] == "."))


def _compound(text: str, i: int, end: int, knows: Callable[[str], bool]) -> list[Token]:
    """Words joined by hyphens: one word where the language has it, several where it has each, else left alone."""
    whole = end
    while whole < len(text) and (
        text[whole].isalnum() or (text[whole] in "-–—'’" and text[whole + 1 : whole + 2].isalnum())
    ):
        whole += 1
    low = normal(text[i:whole])
    if knows(low):
        return [Token("word", low, i, whole)]
    joined = low.replace("–", "-").replace("—", "-")
    if all(knows(piece) for piece in joined.split("-")):
        return _split(text, i, whole, "-–—")
    return [_opaque(text, i, whole)]


def _all_known(text: str, mark: str, knows: Callable[[str], bool]) -> bool:
    return all(knows(piece) for piece in normal(text).split(mark))


def _split(text: str, i: int, end: int, marks: str) -> list[Token]:
    tokens, start = [], i
    for at in range(i, end + 1):
        if at == end or text[at] in marks:
            if at > start:
                tokens.append(Token("word", normal(text[start:at]), start, at, glued=start > i))
            if at < end:
                tokens.append(Token("mark", "/" if marks == "/" else "-", at, at + 1, glued=True))
            start = at + 1
    return tokens


def _digits(text: str, i: int) -> int:
    while i < len(text) and text[i].isdigit():
        i += 1
    return i


def _number(text: str, i: int, suffixes: frozenset[str]) -> list[Token]:
    """Everything that starts with a digit."""
    ends = [_digits(text, i)]
    marks = ""
    while (
        len(marks) < 9
        and text[ends[-1] : ends[-1] + 1] in {":", ".", "/", "-", ","}
        and text[ends[-1] + 1 :][:1].isdigit()
    ):
        if text[ends[-1]] in "-," and not marks and not _joins(text, i, ends[-1]):
            break
        if marks and text[ends[-1]] != marks[0]:
            break
        marks += text[ends[-1]]
        ends.append(_digits(text, ends[-1] + 1))
    end = ends[-1]
    if end - i > 40 or not text[i:end].isascii():
        return [_opaque(text, i, max(end, _run(text, i)))]
    pieces = text[i:end].replace(marks[:1] or " ", " ").split()
    token = _shaped(text, i, end, pieces, marks)
    if token.kind == "iso" and text[end : end + 1] in {"T", "t"} and text[end + 1 : end + 2].isdigit():
        return [token, *_number(text, end + 1, suffixes)]
    return _with_suffix(text, token, suffixes)


def _joins(text: str, i: int, at: int) -> bool:
    """Whether the hyphen or comma at ``at`` is part of one number: a date, a telephone number, a decimal."""
    first, second_end = at - i, _digits(text, at + 1)
    second = second_end - at - 1
    if text[at] == ",":
        return second == 1 or second >= 3
    third = text[second_end : second_end + 1] == "-" and text[second_end + 1 : second_end + 2].isdigit()
    return third or first > 2 or second > 2


def _shaped(text: str, i: int, end: int, pieces: list[str], marks: str) -> Token:
    numbers = tuple(int(piece[:9]) for piece in pieces)
    shape = [len(piece) for piece in pieces]
    kind: Kind = "opaque"
    if not marks and shape[0] <= MAX_DIGITS:
        kind = "int"
    elif marks in {":", "::"} and shape[0] <= 2 and all(n == 2 for n in shape[1:]):
        kind = "hm"
    elif (marks in {".", ".."} and max(shape) <= MAX_DIGITS) or (marks == "," and shape[1] == 1):
        kind = "dots"
    elif marks in {"/", "//"} and max(shape) <= MAX_DIGITS and numbers != (24, 7):
        kind = "slash"
    elif marks == "--" and shape == [4, 2, 2]:
        kind = "iso"
    elif marks == "--" and shape[:2] == [2, 2] and shape[2] == 4:
        kind = "dots"
    return Token(kind, "" if kind == "opaque" else text[i:end], i, end, numbers, " ".join(pieces))


def _with_suffix(text: str, token: Token, suffixes: frozenset[str]) -> list[Token]:
    """``5pm``, ``3rd``, ``2h30m``, ``5-го``; what is glued to digits and is no known suffix shuts the whole run."""
    end = token.end
    at = end + (text[end : end + 1] in {"-", "‑"} and text[end + 1 : end + 2].isalpha())
    if not text[at : at + 1].isalpha():
        if text[end : end + 1] and text[end] in _OPAQUE_AFTER:
            return [_opaque(text, token.start, _run(text, token.start))]
        return [token]
    letters = _letters(text, at)
    low = normal(text[at:letters])
    if text[letters : letters + 1] == "." and text[letters + 1 : letters + 2].isalpha() and letters - at == 1:
        dotted = _dotted(text, at)
        if dotted is not None and dotted.low in suffixes:
            return [token, replace(dotted, glued=True)]
    if low not in suffixes:
        return [_opaque(text, token.start, max(letters, _run(text, token.start)))]
    suffix = Token("word", low, at, letters, glued=True)
    if text[letters : letters + 1].isdigit():
        rest = _number(text, letters, suffixes)
        if rest[0].kind == "opaque":
            return [_opaque(text, token.start, rest[-1].end)]
        return [token, suffix, *rest]
    return [token, suffix]


def _shut(text: str, tokens: list[Token]) -> list[Token]:
    """Quoted words and telephone numbers are nobody's date."""
    tokens = _shut_quotes(text, tokens)
    run: list[int] = []
    for at, token in enumerate([*tokens, Token("word", "", 0, 0)]):
        if token.kind == "int" or (token.kind == "opaque" and token.digits):
            run.append(at)
        elif token.kind == "mark" and token.low in "-()" and run:
            continue
        else:
            if len(run) >= 3 and sum(_phone_digits(tokens[n]) for n in run) >= PHONE_DIGITS:
                for n in run:
                    tokens[n] = replace(tokens[n], kind="opaque", low="")
            run = []
    return tokens


def _phone_digits(token: Token) -> int:
    """The digits a number can add to a telephone number; a year adds none."""
    is_year = token.kind == "int" and 1990 <= token.numbers[0] <= 2199
    return 0 if is_year else len(token.digits.replace(" ", ""))


def _shut_quotes(text: str, tokens: list[Token]) -> list[Token]:
    out: list[Token] = []
    closing = ""
    opened = 0
    for token in tokens:
        out.append(token)
        if token.kind != "mark":
            continue
        if closing and text[token.start] == closing:
            whole = opened == 0 and len(out) == len(tokens)
            out = out if whole else [*out[:opened], *(replace(t, kind="opaque", low="") for t in out[opened:])]
            closing = ""
        elif not closing and text[token.start] in _QUOTES:
            closing, opened = _QUOTES[text[token.start]], len(out) - 1
    return out
