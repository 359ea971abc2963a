"""Conversations that nobody has thought of: people who write, press, forge, answer, forward and edit at random.

All chance comes from one seed, so that a conversation that fails can be had again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

from planner.chat.routes import BUTTONS, COMMANDS
from tests.stories.watching import Watched
from tests.when import heard_en, heard_ru, phrases_en, phrases_ru
from tests.world import BOT, DAY, HOUR, MINUTE, SECOND, Person

PHRASES = {
    "en": [one.text for one in (*phrases_en.PHRASES, *heard_en.HEARD)],
    "ru": [one.text for one in (*phrases_ru.PHRASES, *heard_ru.HEARD)],
}
SIMPLE = {
    "en": (
        "gym every monday at 9:00", "yoga every day at 7:30", "standup every workday at 10:00", "tea in 20 minutes",
        "dentist tomorrow at 9:30", "rent every month on the 31st", "party on saturday from 19:00 to 23:00",
        "holiday from 1.12 to 9.12", "pills every 6 hours", "call every friday at 2:30 until 1.3.2027",
        "review every 2 weeks on tuesday at 16:00 for 5 times", "birthday of Ann every year on 29 february",
        "call Bob tomorrow at 18:00 New York time", "swim on monday at 8, remind me 1 day and 2 hours before",
        "important: passport tomorrow at 12:00", "walk every day at 21:00 except sundays", "lunch today at 23:59",
    ),
    "ru": (
        "зал каждый понедельник в 9:00", "йога каждый день в 7:30", "планёрка по будням в 10:00", "чай через 20 минут",
        "стоматолог завтра в 9:30", "аренда каждый месяц 31 числа", "праздник в субботу с 19:00 до 23:00",
        "отпуск с 1.12 по 9.12", "таблетки каждые 6 часов", "звонок каждую пятницу в 2:30 до 1.3.2027",
        "обзор каждые 2 недели во вторник в 16:00", "день рождения Ани каждый год 29 февраля",
        "позвонить Бобу завтра в 18:00 по Нью-Йорку", "бассейн в понедельник в 8, напомни за день и за 2 часа",
        "важно: паспорт завтра в 12:00", "гулять каждый день в 21:00", "обед сегодня в 23:59",
    ),
}  # fmt: skip
ANSWERS = {
    "en": (
        "15:00", "9", "friday", "friday at 15:00", "tomorrow", "an hour later", "30 minutes earlier", "done", "no",
        "cancel", "new title", "40 min", "every monday and thursday until june", "every day", "1 day, 15 min", "15 min",
        "22:00 - 07:00", "Berlin", "New York", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=DAILY;COUNT=3", "FREQ=SECONDLY", "off",
        "delete the gym", "move the dentist to 11", "skip yoga tomorrow", "move it to friday", "delete it", "undo",
        "what's on tomorrow?", "when is the dentist?", "free on monday?", "hello", "thanks", "room 5", "all day",
        "remind me 2 hours before", "31.12", "in 2 months", "2:30", "from 10 to 12", "yesterday", "next week",
    ),
    "ru": (
        "15:00", "9", "пятница", "в пятницу в 15:00", "завтра", "на час позже", "на 30 минут раньше", "готово", "нет",
        "отмена", "новое имя", "40 мин", "каждый понедельник и четверг до июня", "каждый день", "1 день, 15 мин",
        "15 мин", "22:00 - 07:00", "Берлин", "Москва", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=DAILY;COUNT=3", "удали зал",
        "перенеси стоматолога на 11", "пропусти йогу завтра", "перенеси на пятницу", "удали", "что завтра?",
        "когда стоматолог?", "привет", "спасибо", "кабинет 5", "весь день", "напомни за 2 часа", "31.12",
        "через 2 месяца", "2:30", "с 10 до 12", "вчера", "на следующей неделе", "во сколько зал?",
    ),
}  # fmt: skip
ODD = (
    "?", "…", "🎉", "👍", "0", "-1", "99:99", "/", "//add", "/nothing", "/add", "a" * 1_001, "слово " * 300, "\u200b.",
    "<b>bold</b> & *stars* _under_", "30.02.2027 at 10:00", "1" * 40, "٣:٠٠", "x\ny\nz", "https://example.org/a?b=c",
    "https://example.org/team.ics", "webcal://example.org/none", "https://calendar.google.com/calendar/u/0/r",
    "in 99999999 days", "every 0 days", "31.02", "25:61 tomorrow", "🏊 " * 60 + "tomorrow at 9", "\ufeffmeeting",
)  # fmt: skip
ARGUMENTS = (
    "", "", "", "friday", "23.11-29.11", "2026-12", "dentist", "зал", "0", "-5", "99999999999999999999", "a" * 300,
    "me", "tomorrow tomorrow", "31.2-1.1", "?", "🎉", "on", "tea in 5 minutes", "'; --", "%s", "2",
    "next month", "декабрь",
)  # fmt: skip
FORGED = (
    "", "0", "-1", "1", "2", "3", "7", "99999999999999999999", "one", "rest", "all", "time", "title", "repeat", "leads",
    "place", "nag", "daily", "never", "off", "usual", "3600", "tomorrow", "at0", "day", "month", "hour", "minute",
    "none", "allday", "2026-13", "2026-12", "2027-02-29", "24", "59", "1.5", "ё", "None", "-", " ", "zone", "plan",
    "quiet", "Europe/Moscow", "notes", "NaN", "1e3", "²", "1_0", "true",
)  # fmt: skip
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Kathmandu", "UTC")
GOES_ON = 0.45
"""How often a button that was just shown is pressed next."""
LATEST = 4
"""So many of the last messages with buttons are most often pressed on."""


@dataclass(slots=True)
class Button:
    message_id: int
    data: str
    fresh: bool
    """Whether nothing was said or pressed since it was shown."""


@dataclass(slots=True)
class Talker:
    """Somebody who does anything at all, in a language."""

    person: Person
    lang: str
    random: Random
    words: list[str] = field(default_factory=list)
    """All that they have ever written."""
    log: list[str] = field(default_factory=list)

    @property
    def world(self) -> Watched:
        assert isinstance(self.person.world, Watched)
        return self.person.world

    async def act(self) -> None:
        """Do one thing."""
        deeds: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (10, self.write),
            (24, self.press),
            (4, self.command),
            (3, self.forge),
            (5, self.reply),
            (2, self.forward),
            (3, self.edit),
        ]
        deed = self.random.choices([one for _, one in deeds], [weight for weight, _ in deeds])[0]
        await (self.press() if self.world.fresh and self.random.random() < GOES_ON else deed())

    async def write(self) -> None:
        await self._say(self._phrase())

    async def command(self) -> None:
        name, argument = self.random.choice(list(COMMANDS)), self.random.choice(ARGUMENTS)
        await self._say(f"/{name} {argument}".strip())

    async def reply(self) -> None:
        rows = [row for row in await self.person.rows() if not row["deleted"]]
        if rows:
            near = rows[-6:] if self.random.random() < 0.7 else rows
            await self._say(self._phrase(), reply_to=self.random.choice(near)["message_id"])

    async def forward(self) -> None:
        at = (self.world.clock.now() - self.random.choice((0, HOUR, 3 * DAY, 400 * DAY))) // SECOND
        origin = self.random.choice(
            (
                {"type": "hidden_user", "sender_user_name": "Zed", "date": at},
                {"type": "user", "sender_user": {"id": 9, "is_bot": False, "first_name": "Zed"}, "date": at},
            )
        )
        await self._say(self._phrase(), forward=origin)

    async def edit(self) -> None:
        mine = [row for row in await self.person.rows() if row["from"] != BOT and not row["deleted"]]
        if not mine:
            return
        near, text = (mine[-3:] if self.random.random() < 0.7 else mine), self._phrase()
        row = self.random.choice(near)
        if row["text"] == text:
            return
        self._note(f"edit {row['message_id']} {text!r}")
        self.words.append(text)
        await self.world.chat.edit(self.person.chat, row["message_id"], text)
        await self.world.settled(self.person.chat)

    async def press(self) -> None:
        button = await self._button()
        if button is None:
            await self.write()
            return
        await self.press_that(button)

    async def press_that(self, button: Button) -> None:
        self._note(f"press {button.data} on {button.message_id}")
        await self.world.pressed(self.person, button.message_id, button.data, fresh=button.fresh)

    async def forge(self) -> None:
        """A button that was never shown: another's, an old one's, one of no sense."""
        rows = [row for row in await self.person.rows() if row["from"] == BOT]
        if not rows:
            return
        verb = self.random.choice([*BUTTONS, "nonsense", ""])
        parts = [verb, *(self.random.choice(FORGED) for _ in range(self.random.randrange(5)))]
        if verb in ("forgotten", "dismissed"):
            return
        data = ":".join(parts)[:60] or "?"
        self._note(f"forge {data!r}")
        await self.world.pressed(self.person, self.random.choice(rows)["message_id"], data, fresh=False)

    async def _say(self, text: str, **more: object) -> None:
        self._note(f"say {text!r} {more or ''}")
        self.words.append(text)
        await self.world.wrote(self.person, text, **more)

    def _phrase(self) -> str:
        lang = self.lang if self.random.random() < 0.9 else self.random.choice(("en", "ru"))
        some = self.random.choices((PHRASES[lang], SIMPLE[lang], ANSWERS[lang], ODD), (5, 6, 8, 1))[0]
        return self.random.choice(some)

    async def _button(self) -> Button | None:
        rows = [row for row in await self.person.rows() if row["buttons"] and not row["deleted"]]
        if not rows:
            return None
        row = self.random.choice(rows[-LATEST:] if self.random.random() < 0.85 else rows)
        if self.random.random() < 0.5:
            row = rows[-1]
        data = self.random.choice([button for line in row["buttons"] for button in line])["data"]
        return Button(row["message_id"], data, fresh=row["message_id"] in self.world.fresh)

    def _note(self, what: str) -> None:
        self.log.append(f"{self.world.clock.now()} {self.person.user.first_name}: {what}")


def pause(random: Random) -> int:
    """How long nothing is done, ms: mostly moments, sometimes weeks."""
    return random.choices(
        (SECOND, MINUTE * random.randrange(1, 30), HOUR * random.randrange(1, 20), DAY * random.randrange(1, 12)),
        (70, 16, 10, 4),
    )[0]
