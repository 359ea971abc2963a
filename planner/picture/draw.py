"""Drawing a week. Surfaces are drawn twice as large and reduced, which smooths their corners; letters as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from planner.agenda import Placed
from planner.due import day_of, minute_of
from planner.marks import Marks
from planner.messages import titled
from planner.model import User
from planner.picture import layout
from planner.picture.fonts import drawable, font, wrapped
from planner.picture.layout import DAYS, MINUTES, Bar, Block
from planner.picture.paint import COLOURS, DARK, LIGHT, Paint
from planner.render import Words
from planner.render.times import clock_time, months, weekdays_short

WIDTH, HEIGHT = 1080, 1350
MARGIN, HOURS_WIDTH = 20, 56
HEAD_TOP, HEAD_HEIGHT = 84, 112
BAR_HEIGHT, BAR_GAP = 40, 6
SMALL, NORMAL, LARGE, TITLE = 28, 29, 44, 42
LINE = 31
COLUMN = (WIDTH - 2 * MARGIN - HOURS_WIDTH) / DAYS
SMOOTH = 2

Box = tuple[float, float, float, float]


def drawn(
    occurrences: Sequence[Placed], user: User, begin: date, now: int, words: Words, marks: Marks, *, dark: bool
) -> bytes:
    """As ``picture.week`` says."""
    everything = layout.blocks(occurrences, user.zone, begin)
    hours = layout.hours(everything)
    blocks = layout.within(everything, hours)
    bars = layout.bars(occurrences, user.zone, begin)
    sheet = _Sheet(user, begin, now, words, marks, DARK if dark else LIGHT, *hours, _grid_top(bars))
    surface = Image.new("RGB", (WIDTH * SMOOTH, HEIGHT * SMOOTH), sheet.paint.ground)
    sheet.surfaces(_Brush(ImageDraw.Draw(surface), SMOOTH), blocks, bars)
    page = surface.reduce(SMOOTH)
    sheet.letters(ImageDraw.Draw(page), blocks, bars)
    out = BytesIO()
    page.save(out, "PNG", compress_level=3)
    return out.getvalue()


def _grid_top(bars: Sequence[Bar]) -> float:
    lanes = max((bar.lane + 1 for bar in bars), default=0)
    return HEAD_TOP + HEAD_HEIGHT + lanes * (BAR_HEIGHT + BAR_GAP) + 14


@dataclass(frozen=True, slots=True)
class _Brush:
    draw: ImageDraw.ImageDraw
    scale: int

    def box(self, box: Box, fill: str, radius: float = 0) -> None:
        scaled = tuple(round(edge * self.scale) for edge in box)
        self.draw.rounded_rectangle((*scaled[:2], scaled[2] - 1, scaled[3] - 1), radius * self.scale, fill)


@dataclass(frozen=True, slots=True)
class _Sheet:
    user: User
    begin: date
    now: int
    words: Words
    marks: Marks
    paint: Paint
    first: int
    last: int
    top: float

    @property
    def today(self) -> int:
        """The column of today; outside the week where today is."""
        return (day_of(self.now, self.user.zone) - self.begin).days

    def left(self, day: int) -> float:
        return MARGIN + HOURS_WIDTH + day * COLUMN

    def level(self, minute: float) -> float:
        """How far down a minute of the day stands."""
        part = (minute / 60 - self.first) / (self.last - self.first)
        return self.top + part * (HEIGHT - MARGIN - self.top)

    def surfaces(self, brush: _Brush, blocks: Sequence[Block], bars: Sequence[Bar]) -> None:
        right, bottom = self.left(DAYS), HEIGHT - MARGIN
        if 0 <= self.today < DAYS:
            begin = self.left(self.today)
            brush.box((begin, self.top, begin + COLUMN, bottom), self.paint.today)
        for low, high in self._quiet():
            brush.box((self.left(0), self.level(low), right, self.level(high)), self.paint.quiet)
        for hour in range(self.first, self.last + 1):
            level = self.level(hour * 60)
            brush.box((self.left(0), level - 1, right, level + 1), self.paint.line)
        for day in range(DAYS + 1):
            brush.box((self.left(day) - 1, self.top, self.left(day) + 1, bottom), self.paint.line)
        if 0 <= self.today < DAYS:
            brush.box(self._badge(self.today), self.paint.accent, 22)
        for bar in bars:
            if bar.one is not None:
                brush.box(self._bar(bar), self._colours(bar.one)[2], 10)
        for block in blocks:
            self._block_surface(brush, block)
        self._now_line(brush)

    def _block_surface(self, brush: _Brush, block: Block) -> None:
        ground, _, edge = (self.paint.line, "", self.paint.faint) if block.one is None else self._colours(block.one)
        left, top, right, bottom = self._block(block)
        brush.box((left - 2, top - 2, right + 2, bottom + 2), self.paint.ground, 11)
        brush.box((left, top, right, bottom), edge, 9)
        brush.box((left + 6, top, right, bottom), ground, 7)

    def _now_line(self, brush: _Brush) -> None:
        minute = minute_of(self.now, self.user.zone)
        if 0 <= self.today < DAYS and self.first * 60 <= minute <= self.last * 60:
            level, left = self.level(minute), self.left(self.today)
            brush.box((left, level - 2, left + COLUMN, level + 2), self.paint.now)
            brush.box((left - 8, level - 8, left + 8, level + 8), self.paint.now, 8)

    def letters(self, draw: ImageDraw.ImageDraw, blocks: Sequence[Block], bars: Sequence[Bar]) -> None:
        draw.text((MARGIN + 8, 22), self._title(), self.paint.text, font(TITLE, bold=True))
        for day in range(DAYS):
            self._day_name(draw, day)
        for hour in range(self.first, self.last):
            draw.text((MARGIN + 4, self.level(hour * 60) - 2), f"{hour:02}", self.paint.faint, font(SMALL))
        for bar in bars:
            self._bar_letters(draw, bar)
        for block in blocks:
            self._block_letters(draw, block)

    def _title(self) -> str:
        last = self.begin + timedelta(days=DAYS - 1)
        name = months(self.words)
        first = f"{self.begin.day} {name[self.begin.month - 1]}" if self.begin.month != last.month else self.begin.day
        return f"{first} – {last.day} {name[last.month - 1]} {last.year}"

    def _day_name(self, draw: ImageDraw.ImageDraw, day: int) -> None:
        on = self.begin + timedelta(days=day)
        ours = day == self.today
        middle = self.left(day) + COLUMN / 2
        named, numbered = (self.paint.on_accent,) * 2 if ours else (self.paint.faint, self.paint.text)
        draw.text((middle, HEAD_TOP + 24), weekdays_short(self.words)[on.weekday()], named, font(NORMAL), "mm")
        draw.text((middle, HEAD_TOP + 66), str(on.day), numbered, font(LARGE, bold=True), "mm")

    def _bar_letters(self, draw: ImageDraw.ImageDraw, bar: Bar) -> None:
        left, top, right, bottom = self._bar(bar)
        ink = self.paint.faint if bar.one is None else self.paint.on_accent
        text = f"+{bar.left}" if bar.one is None else self._name(bar.one)
        said = wrapped(text, font(SMALL, bold=True), right - left - 18, 1)
        draw.text((left + 10, (top + bottom) / 2), said[0], ink, font(SMALL, bold=True), "lm")

    def _block_letters(self, draw: ImageDraw.ImageDraw, block: Block) -> None:
        left, top, right, bottom = self._block(block)
        ink = self.paint.faint if block.one is None else self._colours(block.one)[1]
        room = max(1, int((bottom - top) // LINE))
        said = self._said(block, right - left - 13, room)
        above = min(4, (bottom - top - LINE) / 2) if room > 1 else (bottom - top - LINE) / 2
        for number, (line, bold) in enumerate(said):
            draw.text((left + 10, top + above + (number + 0.5) * LINE), line, ink, font(SMALL, bold=bold), "lm")

    def _said(self, block: Block, width: float, room: int) -> list[tuple[str, bool]]:
        """The lines of a block: its title, and above it when it begins, where there is room for both."""
        if block.one is None:
            return [(f"+{block.left}", True)]
        title = self._name(block.one)
        time = clock_time(block.one.start_at, self.user.zone)
        timed = block.lanes == 1 and room > 2 and block.begin % 60 != 0 and not block.begun
        lines = [(line, False) for line in wrapped(title, font(SMALL), width, room - timed)]
        return [(time, True), *lines] if timed else lines

    def _quiet(self) -> Iterator[tuple[int, int]]:
        quiet = self.user.quiet
        if quiet is None:
            return
        spans = [(quiet.start, quiet.end)] if quiet.start < quiet.end else [(0, quiet.end), (quiet.start, MINUTES)]
        for low, high in spans:
            begin, end = max(low, self.first * 60), min(high, self.last * 60)
            if begin < end:
                yield begin, end

    def _colours(self, one: Placed) -> tuple[str, str, str]:
        """Those of its calendar's mark; events made here, and calendars with other marks, have some of their own."""
        marks, whose = self.marks.of(one), one.feed_id or one.event_id
        return self.paint.events[COLOURS.get(marks[0] if marks else "", whose % len(self.paint.events))]

    def _name(self, one: Placed) -> str:
        return drawable(titled(self.words, one.title))

    def _badge(self, day: int) -> Box:
        left = self.left(day)
        return left + 14, HEAD_TOP, left + COLUMN - 14, HEAD_TOP + HEAD_HEIGHT - 12

    def _bar(self, bar: Bar) -> Box:
        top = HEAD_TOP + HEAD_HEIGHT + bar.lane * (BAR_HEIGHT + BAR_GAP)
        return self.left(bar.first) + 3, top, self.left(bar.last) + COLUMN - 3, top + BAR_HEIGHT

    def _block(self, block: Block) -> Box:
        width = (COLUMN - 6) / block.lanes
        left = self.left(block.day) + 4 + block.lane * width
        return left, self.level(block.begin) + 2, left + width - 3, self.level(block.end) - 2
