"""What people write in place of a command: “help”, “my city is London”. Data per language; all are listened for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MAX_CHARACTERS = 100
"""What is longer is no such phrase."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's.

    ``commands``: texts that say a command and nothing else. ``zone``: patterns whose group is where somebody is;
    ``here``: the same, but they say other things as well, so that an unknown place is none. ``language``: patterns
    whose group is one of ``languages``. ``endings``: what a place's name may end in where it is declined, and in its
    plain form instead. ``quiet`` and ``please`` are left out around an answer, ``off`` turns a setting off, ``remind``
    speaks of reminders.
    """

    commands: Mapping[str, frozenset[str]]
    zone: tuple[str, ...]
    here: tuple[str, ...]
    language: tuple[str, ...]
    languages: Mapping[str, str]
    quiet: str
    please: str
    off: frozenset[str]
    remind: str
    endings: tuple[tuple[str, tuple[str, ...]], ...] = ()


EN = Phrases(
    commands={
        "help": frozenset(
            {
                "help", "help me", "please help", "please help me", "how does this work", "how does it work",
                "how do i use this", "how do i use you", "how to use this", "how do you work", "what can you do",
                "what can i do", "what can i do here", "what do you do", "what are you", "who are you", "menu",
                "commands", "instructions", "what is this", "what's this",
            }
        ),
        "start": frozenset({"start", "begin"}),
        "add": frozenset(
            {"remind", "remind me", "please remind me", "add", "add event", "add an event", "new", "new event",
             "new reminder", "add a reminder", "add reminder", "set a reminder", "create an event", "create event"}
        ),
        "settings": frozenset(
            {"settings", "setting", "options", "preferences", "my settings", "open settings", "show settings",
             "change settings", "configure", "setup"}
        ),
        "today": frozenset({"today", "show today"}),
        "tomorrow": frozenset({"tomorrow", "show tomorrow"}),
        "week": frozenset({"week", "this week", "show week", "the week"}),
        "agenda": frozenset({"agenda", "calendar", "list", "my events", "events", "all events"}),
        "calendars": frozenset(
            {"calendars", "my calendars", "show my calendars", "show calendars", "linked calendars", "link a calendar",
             "link calendar", "link my calendar", "connect a calendar", "connect calendar", "connect my calendar",
             "sync calendars", "sync my calendar", "import calendar", "import my calendar", "add a calendar",
             "add calendar", "subscribe to a calendar"}
        ),
        "find": frozenset({"find", "search"}),
        "undo": frozenset({"undo", "undo that", "undo it", "undo this", "undo please", "undo last", "take it back",
                           "take that back", "undo the last change", "undo last change", "revert"}),
    },
    zone=(
        r"(?:set|change|switch) (?:my |the )?(?:time ?zone|city|location) ?(?:to|:|=)? (.+)",
        r"(?:my |the )?(?:time ?zone|city|location) ?(?:is|:|=)? (.+)",
    ),
    here=(r"(?:i am|i'm|i’m|im|we are|we're) (?:now |currently )?(?:in|at|from) (.+)",
          r"i (?:now )?live in (.+)", r"i (?:just )?moved to (.+)"),
    language=(
        r"(?:(?:set|change|switch) )?(?:my |the )?language ?(?:to|is|:|=)? (\w+)",
        r"(?:please )?(?:speak|talk|switch to|use) (?:in |to me in )?(\w+)", r"in (\w+) please",
    ),
    languages={"english": "en", "russian": "ru", "en": "en", "ru": "ru"},
    quiet=r"(?:my |the )?quiet (?:hours|time)?(?: are| is|:)? ?",
    please=r"(?:please|pls|thanks|every day|daily|each day|every morning)",
    remind=r"\bremind",
    off=frozenset({"off", "never", "none", "no", "no quiet hours", "turn it off", "turn off", "disable", "not at all"}),
)  # fmt: skip

RU = Phrases(
    commands={
        "help": frozenset(
            {
                "помощь", "помоги", "помогите", "помоги мне", "справка", "хелп", "что ты умеешь", "что умеешь",
                "что ты можешь", "что можешь", "что вы умеете", "кто ты", "ты кто", "кто ты такой", "что ты такое",
                "как это работает", "как ты работаешь", "как тобой пользоваться", "как пользоваться", "меню",
                "команды", "инструкция", "что это", "что здесь можно делать", "что тут можно делать",
            }
        ),
        "start": frozenset({"старт", "начать", "начнем", "начинай"}),
        "add": frozenset(
            {"напомни", "напомни мне", "напомните", "напомнить", "добавь", "добавить", "добавь событие",
             "добавить событие", "новое событие", "новое напоминание", "создать событие", "создай событие",
             "создать напоминание", "создай напоминание", "добавь напоминание", "добавить напоминание"}
        ),
        "settings": frozenset(
            {"настройки", "настройка", "мои настройки", "открой настройки", "покажи настройки", "параметры",
             "измени настройки", "изменить настройки"}
        ),
        "today": frozenset({"сегодня", "покажи сегодня"}),
        "tomorrow": frozenset({"завтра", "покажи завтра"}),
        "week": frozenset({"неделя", "на неделю", "эта неделя", "покажи неделю", "на неделе"}),
        "agenda": frozenset({"календарь", "расписание", "список", "мои события", "события", "все события"}),
        "calendars": frozenset(
            {"календари", "мои календари", "покажи календари", "покажи мои календари", "подключенные календари",
             "подключи календарь", "подключить календарь", "подключи мой календарь", "привяжи календарь",
             "привязать календарь", "добавь календарь", "добавить календарь", "импорт календаря",
             "синхронизировать календарь", "подписаться на календарь"}
        ),
        "find": frozenset({"найди", "найти", "поиск", "искать"}),
        "undo": frozenset({"верни", "верни назад", "верни обратно", "верни как было", "отмени последнее",
                           "отменить последнее", "отмени это", "отмени последнее действие", "верни все как было",
                           "отмени последнее изменение", "откати", "верни все назад"}),
    },
    zone=(
        r"(?:поставь|установи|смени|сменить|измени|изменить|поменяй) (?:мне |мой )?(?:часовой пояс|город) (?:на )?(.+)",
        r"(?:мой |у меня )?(?:часовой пояс|город) ?(?:это|:|=|—|-)? (.+)",
    ),
    here=(r"(?:я|мы) (?:сейчас |теперь |нахожусь |живу )*(?:в|во|на|из) (.+)",
          r"(?:живу|нахожусь) (?:сейчас |теперь )?(?:в|во|на) (.+)", r"в[о]? ([\w-]+)$"),
    language=(
        r"(?:(?:поставь|смени|сменить|измени|поменяй|переключи) )?(?:мой )?язык ?(?:на|:|=|—|-)? (\w+)",
        r"(?:давай |говори |пиши |переключись )*на (\w+)(?: язык| языке)?", r"(?:давай |говори |пиши )*по-(\w+)",
    ),
    languages={
        "английский": "en", "английском": "en", "английски": "en", "англ": "en",
        "русский": "ru", "русском": "ru", "русски": "ru", "рус": "ru",
    },
    quiet=r"(?:мои )?(?:тихие часы|тишина|не беспокоить|тихо|молчи)(?: —|:|-)? ?",
    please=r"(?:пожалуйста|спасибо|каждый день|ежедневно|каждое утро)",
    remind=r"\bнапом[ин]",
    off=frozenset({"выключи", "выключить", "никогда", "нет", "не надо", "без тихих часов", "отключи", "отключить"}),
    endings=(
        ("ском", ("ск",)), ("ге", ("г", "га")), ("е", ("", "а", "ь", "я")), ("и", ("ь", "ия", "а", "и")),
        ("у", ("", "а")), ("ом", ("",)), ("ах", ("ы",)),
    ),
)  # fmt: skip

LANGUAGES = (EN, RU)


def plain(text: str) -> str:
    """A text in small letters, with one space between words and without closing punctuation."""
    return " ".join(text.casefold().replace("ё", "е").strip(" .,!?)…").split())


def command_of(text: str) -> str | None:
    """The command that a text says, and nothing else."""
    said = {plain(text), plain(answer_to("command", text))}
    return next((name for one in LANGUAGES for name, texts in one.commands.items() if not said.isdisjoint(texts)), None)


def language_of(text: str) -> str | None:
    """The code of the language that somebody wants to be spoken to in."""
    for one in LANGUAGES:
        for said in _caught(answer_to("language", text), one.language):
            for other in LANGUAGES:
                if said in other.languages:
                    return other.languages[said]
    return None


def place_of(text: str) -> tuple[str, bool] | None:
    """Where somebody says they are, and whether a place is all that this can be about."""
    for one in LANGUAGES:
        for said in _caught(text, one.zone):
            return said, True
        for said in _caught(text, one.here):
            return said, False
    return None


def spellings(place: str) -> Iterator[str]:
    """A place's name as it was written, and the plain forms that a declined one may have."""
    yield place
    for one in LANGUAGES:
        for ending, others in one.endings:
            if place.casefold().endswith(ending):
                yield from (place[: len(place) - len(ending)] + other for other in others)


def answer_to(what: str, text: str) -> str:
    """What somebody says about a setting without the words around it: its name where it is asked for, “please”."""
    said = text.strip(" .,!?")
    for one in LANGUAGES:
        if what == "quiet":
            said = re.sub(rf"^{one.quiet}", "", said, flags=re.IGNORECASE)
        said = re.sub(rf"(?:^|[\s,]+){one.please}(?=$|[\s,.!])", " ", said, flags=re.IGNORECASE)
    return said.strip(" .,!?")


def turns_off(text: str) -> bool:
    """Whether an answer about a setting is to have none."""
    return any(plain(text) in one.off for one in LANGUAGES)


def reminds(text: str) -> bool:
    """Whether a text speaks of being reminded."""
    return any(re.search(one.remind, plain(text)) for one in LANGUAGES)


def _caught(text: str, patterns: tuple[str, ...]) -> Iterator[str]:
    said = plain(text)
    if len(said) > MAX_CHARACTERS:
        return
    for pattern in patterns:
        if found := re.fullmatch(pattern, said):
            yield found[1].strip()
