"""Drawing how promises were kept of late: a row each, a bar a day, and the line that each bar should reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from planner.picture import Trend
from planner.picture.fonts import drawable, font, wrapped
from planner.picture.paint import DARK, LIGHT, Paint
from planner.render import Words
from planner.render.numbers import percent
from planner.render.times import weekdays_short
from planner.slo import budget

WIDTH = 1080
MARGIN, NAMES_WIDTH = 32, 500
ROOM = NAMES_WIDTH - 16
HEAD, ROW, BAR, LEGEND = 140, 146, 96, 84
SIZES, LINE = (41, 38, 35), 44
"""The largest in which every name fits into its line is that of all letters."""
SAMPLE = 64
"""How long the line is that the legend explains."""
GAP = 14
SMOOTH = 2
PROMISED = 0.5
"""How high of a bar's height stands what is promised."""
DOT = 8
"""A day on which nothing came due."""


def drawn(trends: Sequence[Trend], begin: date, words: Words, *, dark: bool) -> bytes:
    """As ``picture.trends`` says."""
    sheet = _Sheet(trends, begin, words, DARK if dark else LIGHT)
    size = (WIDTH, HEAD + ROW * len(trends) + LEGEND)
    surface = Image.new("RGB", (size[0] * SMOOTH, size[1] * SMOOTH), sheet.paint.ground)
    sheet.surfaces(ImageDraw.Draw(surface))
    page = surface.reduce(SMOOTH)
    sheet.letters(ImageDraw.Draw(page))
    out = BytesIO()
    page.save(out, "PNG", compress_level=3)
    return out.getvalue()


def height(good: int, bad: int, objective: float) -> float | None:
    """Of 1: full with nothing bad, ``PROMISED`` where a day held just what is promised; ``None``: nothing came due.

    Above the line it is what is left of the day's budget, below it the share itself: 85 % is no 40 %.
    """
    burnt = budget.burn_rate(good, bad, objective)
    if burnt is None:
        return None
    return 1 - burnt * (1 - PROMISED) if burnt <= 1 else PROMISED * good / (good + bad) / objective


@dataclass(frozen=True, slots=True)
class _Sheet:
    trends: Sequence[Trend]
    begin: date
    words: Words
    paint: Paint

    @property
    def column(self) -> float:
        days = max((len(one.days) for one in self.trends), default=0)
        return (WIDTH - 2 * MARGIN - NAMES_WIDTH) / max(1, days)

    @property
    def size(self) -> int:
        names = [drawable(one.name) for one in self.trends]
        fits = (size for size in SIZES if all(font(size, bold=True).getlength(name) <= ROOM for name in names))
        return next(fits, SIZES[-1])

    def surfaces(self, draw: ImageDraw.ImageDraw) -> None:
        for row, one in enumerate(self.trends):
            foot = self._foot(row)
            self._box(draw, (MARGIN, foot + 23, WIDTH - MARGIN, foot + 25), self.paint.line)
            promised = foot - BAR * PROMISED
            left, right = MARGIN + NAMES_WIDTH, WIDTH - MARGIN
            for day, (good, bad) in enumerate(one.days):
                self._bar(draw, day, foot, height(good, bad, one.objective))
            self._box(draw, (left, promised - 1, right, promised + 1), self.paint.faint)
        middle = self._legend()
        self._box(draw, (MARGIN, middle - 1, MARGIN + SAMPLE, middle + 1), self.paint.faint)

    def _bar(self, draw: ImageDraw.ImageDraw, day: int, foot: float, high: float | None) -> None:
        left = MARGIN + NAMES_WIDTH + day * self.column
        if high is None:
            middle = left + self.column / 2
            self._box(draw, (middle - DOT / 2, foot - DOT, middle + DOT / 2, foot), self.paint.faint, DOT / 2)
            return
        ink = self.paint.events[1][2] if high >= PROMISED else self.paint.now
        top = foot - max(DOT, high * BAR)
        self._box(draw, (left + GAP / 2, top, left + self.column - GAP / 2, foot), ink, 6)

    def letters(self, draw: ImageDraw.ImageDraw) -> None:
        for day in range(max((len(one.days) for one in self.trends), default=0)):
            on = self.begin + timedelta(days=day)
            middle = MARGIN + NAMES_WIDTH + (day + 0.5) * self.column
            name = weekdays_short(self.words)[on.weekday()]
            draw.text((middle, MARGIN + 12), name, self.paint.faint, font(self.size), "mm")
            draw.text((middle, MARGIN + 58), str(on.day), self.paint.text, font(self.size, bold=True), "mm")
        for row, one in enumerate(self.trends):
            self._names(draw, one, self._foot(row) - BAR)
        legend = wrapped(self.words.t("what is promised; a red day fell short of it"), font(self.size),
                         WIDTH - 2 * MARGIN - SAMPLE - 16, 1)[0]  # fmt: skip
        draw.text((MARGIN + SAMPLE + 16, self._legend()), legend, self.paint.faint, font(self.size), "lm")

    def _names(self, draw: ImageDraw.ImageDraw, one: Trend, top: float) -> None:
        """Its name, and its rate beside what is promised."""
        room, name = ROOM, drawable(one.name)
        of = font(self.size, bold=True)
        draw.text((MARGIN, top + 20), wrapped(name, of, room, 1)[0], self.paint.text, of, "lm")
        draw.text((MARGIN, top + 26 + LINE), self._rate(one, room), self.paint.faint, font(self.size), "lm")

    def _rate(self, one: Trend, room: float) -> str:
        if one.rate is None:
            return self.words.t("idle")
        rate, objective = percent(self.words, one.rate), percent(self.words, one.objective)
        said = self.words.t("{rate}, promised {objective}", rate=rate, objective=objective)
        return wrapped(said.replace("\N{NO-BREAK SPACE}", " "), font(self.size), room, 1)[0]

    def _foot(self, row: int) -> float:
        """How far down the bars of a row stand."""
        return HEAD + row * ROW + BAR

    def _legend(self) -> float:
        """How far down the middle of the legend stands."""
        return HEAD + len(self.trends) * ROW + LEGEND / 2 - 4

    @staticmethod
    def _box(draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], fill: str, radius: float = 0) -> None:
        left, top, right, bottom = (round(edge * SMOOTH) for edge in box)
        draw.rounded_rectangle((left, top, right - 1, bottom - 1), radius * SMOOTH, fill)
