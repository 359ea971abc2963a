"""The letters of a picture: a font that has Latin and Cyrillic ones, wherever there is one."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from io import BytesIO

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

PACKAGED = {False: "Roboto-Regular.ttf", True: "Roboto-Bold.ttf"}
INSTALLED = {False: ("DejaVuSans.ttf",), True: ("DejaVuSans-Bold.ttf",)}
"""What Pillow looks for among the system's fonts where the package of ``planner[pictures]`` is not there."""
ELLIPSIS, HYPHEN = "…", "-"
KEPT_TOGETHER = 3
"""Fewer letters of a broken word do not stand alone."""


@lru_cache(maxsize=16)
def font(size: int, *, bold: bool = False) -> FreeTypeFont:
    """A font of so many pixels. Raises ``OSError`` where there is none."""
    try:
        packaged = files("font_roboto") / "files" / PACKAGED[bold]
        return ImageFont.truetype(BytesIO(packaged.read_bytes()), size, layout_engine=ImageFont.Layout.BASIC)
    except (ImportError, OSError):
        return ImageFont.truetype(INSTALLED[bold][0], size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4_096)
def _drawn(letter: str) -> bool:
    """Whether the font has a letter; what it lacks, such as emoji, would come out as an empty box."""
    if letter.isspace() or not letter.isprintable():
        return letter == " "
    of = font(28)
    return bytes(of.getmask(letter)) != bytes(of.getmask("\uffff"))


def drawable(text: str) -> str:
    """What of a text can be drawn; a bullet where nothing can."""
    return " ".join("".join(one if _drawn(one) else " " for one in text).split()) or "•"


def wrapped(text: str, of: FreeTypeFont, width: float, lines: int) -> list[str]:
    """The text in at most so many lines of so many pixels; a word too long is broken, what is left off is marked."""
    left = text
    found: list[str] = []
    while left and len(found) < lines:
        line, left = _line(left, of, width)
        found.append(line)
    if left and found:
        last = found[-1].removesuffix(HYPHEN)
        while last and of.getlength(last + ELLIPSIS) > width:
            last = last[:-1]
        found[-1] = last.rstrip() + ELLIPSIS
    return found


def _line(text: str, of: FreeTypeFont, width: float) -> tuple[str, str]:
    """What fits into a line, and the rest. A broken word keeps some letters on either side, if it has room for them."""
    size = _fitting(text, of, width)
    if size == len(text):
        return text, ""
    space = text.rfind(" ", 0, size + 1)
    if space > 0:
        return text[:space].rstrip(), text[space:].lstrip()
    word = len(text.partition(" ")[0])
    size = _fitting(text, of, width - _length(of, HYPHEN))
    size = max(min(size, word - KEPT_TOGETHER), min(size, KEPT_TOGETHER))
    return text[:size] + HYPHEN, text[size:]


def _fitting(text: str, of: FreeTypeFont, width: float) -> int:
    """How many letters fit; at least one."""
    used = 0.0
    for index, letter in enumerate(text):
        used += _length(of, letter)
        if used > width:
            return max(1, index)
    return len(text)


@lru_cache(maxsize=4_096)
def _length(of: FreeTypeFont, letter: str) -> float:
    return of.getlength(letter)
