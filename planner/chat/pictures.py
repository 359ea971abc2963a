"""The week as a picture, where Pillow is installed; where it is not, there is no button for it.

Drawing takes some 50 ms on an ordinary machine, so it is done within the transaction, like any other answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from planner import lists, picture
from planner.agenda import Placed
from planner.chat.talk import Talk
from planner.marks import Marks
from planner.render import Button
from planner.when import said

DARK, LIGHT = "dark", "light"
DRAWN_MAX = 500
"""More than a picture of a week can show."""


def wanted(text: str) -> bool:
    """Whether the words after /week ask for a picture."""
    return said(text.split(maxsplit=1)[0], "picture") if text.strip() else False


def button(talk: Talk, begin: date) -> tuple[Button, ...]:
    """What brings the picture of the week that begins then."""
    return (Button("🖼 " + talk.words.t("Picture"), f"picture:{begin}"),) if picture.available() else ()


def send(talk: Talk, found: Sequence[Placed], marks: Marks, begin: date, *, dark: bool = False) -> None:
    """Owe the picture, with a button for the same in the other colours."""
    words = talk.words
    if not picture.available():
        talk.say(
            words.t("I cannot draw here: whoever runs me has not installed planner[pictures]. /week shows it in words.")
        )
        return
    png = picture.week(found[:DRAWN_MAX], talk.user, begin, talk.now, words, dark=dark, marks=marks)
    caption = lists.range_name(words, begin, begin + timedelta(days=6), talk.user.zone, talk.now)
    label, other = (words.t("☀️ Light"), LIGHT) if dark else (words.t("🌙 Dark"), DARK)
    buttons = ((Button(label, f"picture:{begin}:{other}"),),)
    talk.send_file("sendPhoto", "photo", f"{begin}.png", png, caption, buttons)
