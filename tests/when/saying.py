"""Events said in many ways: from what is meant to phrases that mean it, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

EN_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
EN_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
RU_MONTHS = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
RU_DAYS_IN = ["в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу", "в воскресенье"]
RU_DAYS_EVERY = [
    "каждый понедельник",
    "каждый вторник",
    "каждую среду",
    "каждый четверг",
    "каждую пятницу",
    "каждую субботу",
    "каждое воскресенье",
]
RU_DAYS_BY = ["понедельникам", "вторникам", "средам", "четвергам", "пятницам", "субботам", "воскресеньям"]
RU_DAYS_SHORT = ["пн", "вт", "ср", "чт", "пт", "сб", "вс"]
RU_HOURS = [
    "двенадцать",
    "один",
    "два",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
    "десять",
    "одиннадцать",
]
RU_HOURS_OF = [
    "двенадцатого",
    "первого",
    "второго",
    "третьего",
    "четвертого",
    "пятого",
    "шестого",
    "седьмого",
    "восьмого",
    "девятого",
    "десятого",
    "одиннадцатого",
]
RU_DAYS_OF_MONTH = [
    "первого",
    "второго",
    "третьего",
    "четвёртого",
    "пятого",
    "шестого",
    "седьмого",
    "восьмого",
    "девятого",
    "десятого",
    "одиннадцатого",
    "двенадцатого",
    "тринадцатого",
    "четырнадцатого",
    "пятнадцатого",
    "шестнадцатого",
    "семнадцатого",
    "восемнадцатого",
    "девятнадцатого",
    "двадцатого",
]
RULE_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Meant:
    """An event as it is meant: naive wall-clock times."""

    title: str
    start: datetime
    minutes: int = 0
    rrule: str | None = None
    leads: tuple[int, ...] = ()
    excluded: tuple[date, ...] = ()
    last: date | None = None
    zone: str | None = None


def english_dates(day: date, today: date) -> list[str]:
    """One day in English."""
    month, ordinal = EN_MONTHS[day.month - 1], english_ordinal(day.day)
    ways = [
        f"on {day.day} {month} {day.year}",
        f"{month} {day.day}, {day.year}",
        f"on {month} {ordinal}, {day.year}",
        f"on the {ordinal} of {month} {day.year}",
        f"{day:%Y-%m-%d}",
        f"on {month[:3]} {day.day} {day.year}",
        f"{EN_DAYS[day.weekday()]}, {day.day} {month} {day.year}",
    ]
    ahead = (day - today).days
    ways += {0: ["today"], 1: ["tomorrow"], 2: ["the day after tomorrow"]}.get(ahead, [])
    if 1 <= ahead <= 6:
        ways += [f"on {EN_DAYS[day.weekday()]}", EN_DAYS[day.weekday()].lower(), f"this {EN_DAYS[day.weekday()]}"]
    return ways + ([f"in {ahead} days"] if ahead > 1 else [])


def english_ordinal(number: int) -> str:
    """1st, 2nd, 11th."""
    suffix = "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def english_times(at: datetime) -> list[str]:
    """One time of day in English, not to be mistaken."""
    hour, half = at.hour % 12 or 12, "am" if at.hour < 12 else "pm"
    ways = [
        f"at {hour}:{at:%M}{half}",
        f"at {hour}:{at:%M} {half}",
        f"{hour}:{at:%M}{half}",
        f"at {hour}.{at:%M}{half}",
    ]
    if at.hour >= 13 or at.hour < 10:
        ways += [f"at {at:%H:%M}", f"{at:%H:%M}"]
    if at.minute == 0:
        ways += [f"at {hour}{half}", f"{hour} {half}"]
    if at.minute == 30:
        ways.append(f"at half past {hour} {half}")
    return ways + (["at noon", "at midday"] if (at.hour, at.minute) == (12, 0) else [])


def english_rules(rule: str, start: datetime) -> list[str]:
    """A repetition in English."""
    day = EN_DAYS[start.weekday()]
    code = RULE_DAYS[start.weekday()]
    return {
        "FREQ=DAILY": ["every day", "each day", "daily,"],
        "FREQ=DAILY;INTERVAL=2": ["every other day", "every 2 days", "every two days"],
        f"FREQ=WEEKLY;BYDAY={code}": [f"every {day}", f"on {day}s", f"each {day}", f"every week on {day}"],
        f"FREQ=WEEKLY;INTERVAL=2;BYDAY={code}": [f"every other {day}", f"every two weeks on {day}"],
        f"FREQ=MONTHLY;BYMONTHDAY={start.day}": [
            f"every month on the {english_ordinal(start.day)}",
            f"on the {english_ordinal(start.day)} of every month",
        ],
        f"FREQ=YEARLY;BYMONTHDAY={start.day};BYMONTH={start.month}": [
            f"every year on {EN_MONTHS[start.month - 1]} {start.day}",
            f"every {start.day} {EN_MONTHS[start.month - 1]}",
        ],
    }[rule]


def english_length(minutes: int) -> list[str]:
    """A duration in English."""
    hours, rest = divmod(minutes, 60)
    ways = [f"for {minutes} minutes", f"for {minutes} min"]
    if hours and rest:
        ways += [f"for {hours} h {rest} min", f"for {hours}h{rest}m"]
    return ways + ([f"for {hours} hours"] if hours and not rest else [])


def english_leads(seconds: tuple[int, ...]) -> list[str]:
    """Leads in English."""
    said = [_unit(one, (("day", "days"), ("hour", "hours"), ("minute", "minutes"))) for one in seconds]
    joined = " and ".join([", ".join(said[:-1]), said[-1]] if said[1:] else said)
    return [f"remind me {joined} before", f", {joined} in advance", f", reminder {joined} before"]


def _unit(seconds: int, names: tuple[tuple[str, str], ...]) -> str:
    size, (one, many) = next((s, n) for s, n in zip((86_400, 3_600, 60), names, strict=True) if seconds % s == 0)
    count = seconds // size
    return f"{count} {one if count == 1 else many}"


def english_left_out(days: tuple[date, ...]) -> list[str]:
    """Days that a repetition leaves out, in English."""
    if not days:
        return [""]
    months = [f"{EN_MONTHS[day.month - 1]} {day.day}, {day.year}" for day in days]
    ordinals = [f"the {english_ordinal(day.day)} of {EN_MONTHS[day.month - 1]} {day.year}" for day in days]
    figures = [day.isoformat() for day in days]
    ways = [f"{word} {' and '.join(said)}" for word in ("except", "but not on") for said in (months, ordinals, figures)]
    if len(days) > 1 and all((b - a).days == 1 for a, b in pairwise(days)):
        ways.append(f"except from {figures[0]} to {figures[-1]}")
    return ways


def english_until(last: date | None) -> list[str]:
    """The last day of a repetition, in English."""
    if last is None:
        return [""]
    month = EN_MONTHS[last.month - 1]
    ways = [
        f"until {month} {last.day} {last.year}",
        f"till {last.isoformat()}",
        f"through {last.day} {month} {last.year}",
    ]
    return [*ways, f"until the {english_ordinal(last.day)} of {month}, {last.year}"]


def english_spans(start: datetime, end: datetime) -> list[str]:
    """From one time of day to another, in English."""
    hours = [f"{at.hour % 12 or 12}:{at:%M}{'am' if at.hour < 12 else 'pm'}" for at in (start, end)]
    ways = [f"from {hours[0]} to {hours[1]}", f"{hours[0]}-{hours[1]}", f"{hours[0]} - {hours[1]}"]
    ways += [f"from {hours[0]} until {hours[1]}", f"between {hours[0]} and {hours[1]}"]
    return ways + ([f"{start:%H:%M}-{end:%H:%M}"] if start.hour >= 13 else [])


def english_day_ranges(first: date, last: date) -> list[str]:
    """From one day to another, in English."""
    names = [f"{EN_MONTHS[day.month - 1]} {day.day}" for day in (first, last)]
    ways = [
        f"from {names[0]}, {first.year} to {names[1]}, {last.year}",
        f"{first.isoformat()} - {last.isoformat()}",
        "from {} until {}".format(*(f"{day.day} {EN_MONTHS[day.month - 1]} {day.year}" for day in (first, last))),
    ]
    if first.month == last.month and first < last:
        month = EN_MONTHS[first.month - 1]
        ways += [f"{month} {first.day}-{last.day} {first.year}", f"from {first.day} to {last.day} {month} {first.year}"]
        ways.append(f"{first.day}-{last.day} {month} {first.year}")
    return ways


EN_PARTS = {"morning": time(9), "afternoon": time(15), "evening": time(19), "night": time(22)}
EN_CITIES = {
    "Berlin": "Europe/Berlin",
    "New York": "America/New_York",
    "Tokyo": "Asia/Tokyo",
    "London": "Europe/London",
}


def english_zones(zone: str | None) -> list[str]:
    """A zone that a time is said in."""
    return [""] if zone is None else [f"{city} time" for city, name in EN_CITIES.items() if name == zone]


EN_REQUESTS = (
    "remind me to {}",
    "please remind me to {}",
    "can you remind me to {}",
    "don't let me forget to {}",
    "remember to {}",
    "hey, could you please remind me to {}",
    "I need to {}",
    "add {} to my calendar",
    "set a reminder to {}",
    "schedule {}",
)


def russian_dates(day: date, today: date) -> list[str]:
    """One day in Russian."""
    month = RU_MONTHS[day.month - 1]
    ways = [
        f"{day.day} {month} {day.year}",
        f"{day.day} {month} {day.year} года",
        f"{day.day}-го {month} {day.year}",
        f"{day.day}.{day:%m.%Y}",
        f"{day:%d.%m.%y}",
        f"{day:%Y-%m-%d}",
        f"{RU_DAYS_IN[day.weekday()]} {day.day} {month} {day.year}",
        f"на {day.day} {month} {day.year}",
        f"{russian_day_of_month(day.day)} {month} {day.year}",
        f"{RU_DAYS_SHORT[day.weekday()]}, {day.day} {month} {day.year} г.",
    ]
    ahead = (day - today).days
    ways += {0: ["сегодня"], 1: ["завтра", "на завтра"], 2: ["послезавтра", "после завтра"]}.get(ahead, [])
    if 1 <= ahead <= 6:
        short = RU_DAYS_SHORT[day.weekday()]
        ways += [RU_DAYS_IN[day.weekday()], f"{'во' if short == 'вт' else 'в'} {short}", short]
    if day.year == today.year and ahead > 1:
        ways += [f"{day.day} {month}", f"{day.day} {month[:3]}", f"{day:%d.%m}"]
    return ways + ([f"через {ahead} {russian_days(ahead)}"] if ahead > 1 else [])


def russian_day_of_month(number: int) -> str:
    """первого, двадцать пятого, тридцатого."""
    if number <= 20:
        return RU_DAYS_OF_MONTH[number - 1]
    if number == 30:
        return "тридцатого"
    return ("двадцать " if number < 30 else "тридцать ") + RU_DAYS_OF_MONTH[number % 10 - 1]


def russian_days(count: int) -> str:
    """день, дня, дней."""
    return russian_many(count, ("день", "дня", "дней"))


def russian_many(count: int, forms: tuple[str, str, str]) -> str:
    """The form of a noun after a number."""
    if count % 10 == 1 and count % 100 != 11:
        return forms[0]
    return forms[1] if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else forms[2]


def russian_times(at: datetime) -> list[str]:
    """One time of day in Russian, not to be mistaken."""
    ways = [f"в {at:%H:%M}", f"{at:%H:%M}", f"в {at.hour}:{at:%M}", f"в {at:%H.%M}"]
    if at.minute == 0:
        part = "ночи" if at.hour < 4 else "утра" if at.hour < 12 else "дня" if at.hour < 17 else "вечера"
        hour = at.hour % 12 or 12
        ways += [f"в {hour} {part}", f"в {hour} {russian_many(hour, ('час', 'часа', 'часов'))} {part}"]
        ways += [f"в {RU_HOURS[hour % 12]} {part}", f"к {hour} {part}"] if hour > 1 else []
    if at.hour >= 13:
        ways += [f"в {at:%H-%M}", f"в {at:%H %M}", f"в {at.hour} ч {at.minute} мин" if at.minute else f"в {at.hour} ч"]
    if at.minute and at.hour >= 4:
        ways += russian_quarters(at)
    return ways + (["в полдень"] if (at.hour, at.minute) == (12, 0) else [])


def russian_quarters(at: datetime) -> list[str]:
    """Half, quarter past and quarter to, with the part of the day that the whole hour before it belongs to."""
    part = "утра" if at.hour < 11 else "дня" if 12 <= at.hour < 16 else "вечера" if 17 <= at.hour < 23 else ""
    if not part:
        return []
    following = RU_HOURS_OF[(at.hour + 1) % 12]
    return {
        15: [f"в четверть {following} {part}", f"в пятнадцать минут {following} {part}"],
        30: [f"в пол{following} {part}", f"в половине {following} {part}", f"в пол {following} {part}"],
        45: [f"без четверти {RU_HOURS[(at.hour + 1) % 12]} {part}", f"без 15 {(at.hour + 1) % 12 or 12} {part}"],
    }[at.minute]


def russian_ranges(start: datetime, minutes: int) -> list[str]:
    """From one time of day to another."""
    end = start + timedelta(minutes=minutes)
    ways = [
        f"с {start:%H:%M} до {end:%H:%M}",
        f"{start:%H:%M}-{end:%H:%M}",
        f"{start:%H:%M} – {end:%H:%M}",
        f"с {start:%H.%M} до {end:%H.%M}",
        f"в {start:%H:%M} до {end:%H:%M}",
    ]
    if start.minute == end.minute == 0 and start.hour >= 13 and end.hour > start.hour:
        ways += [f"с {start.hour} до {end.hour}", f"{start.hour}-{end.hour}", f"с {start.hour} и до {end.hour} часов"]
    return ways


def russian_weekdays(days: list[int]) -> list[str]:
    """Every week on several days."""
    short = [RU_DAYS_SHORT[day] for day in days]
    by = [RU_DAYS_BY[day] for day in days]
    return [
        "по " + " и ".join([", ".join(by[:-1]), by[-1]] if by[1:] else by),
        "по " + ", ".join(by),
        "по " + " ".join(by),
        "по " + " и по ".join(by),
        "по " + " ".join(short),
        "каждые " + ", ".join(short),
        "каждую неделю в " + ", ".join(short),
    ]


def russian_requests(title: str, when: str) -> list[str]:
    """The same request in the words of several people; the title is an action: "позвонить маме"."""
    return [
        f"напомни {when} {title}",
        f"напомни мне {title} {when}",
        f"напомните, пожалуйста, {title} {when}",
        f"привет! напомни {when} {title}",
        f"можешь напомнить {when} {title}",
        f"не мог бы ты напомнить мне {when} {title}",
        f"мне надо {title} {when}",
        f"надо бы {when} {title}",
        f"не забыть {title} {when}",
        f"не забудь {title} {when}",
        f"{when} надо {title}",
        f"поставь напоминание {when} {title}",
        f"добавь в календарь {title} {when}",
        f"{title} {when}, пожалуйста",
        f"{when}: {title}",
        f"{when} - {title}",
        f"{title} — {when}",
        f"{title} ({when})",
    ]


def russian_rules(rule: str, start: datetime) -> list[str]:
    """A repetition in Russian."""
    weekday, code = start.weekday(), RULE_DAYS[start.weekday()]
    return {
        "FREQ=DAILY": ["каждый день", "ежедневно", "каждый божий день"],
        "FREQ=DAILY;INTERVAL=2": ["каждые 2 дня", "каждый второй день", "раз в два дня", "день через день"],
        f"FREQ=WEEKLY;BYDAY={code}": [
            RU_DAYS_EVERY[weekday],
            f"по {RU_DAYS_BY[weekday]}",
            f"раз в неделю по {RU_DAYS_BY[weekday]}",
            f"еженедельно {RU_DAYS_IN[weekday]}",
        ],
        f"FREQ=WEEKLY;INTERVAL=2;BYDAY={code}": [
            f"каждые две недели {RU_DAYS_IN[weekday]}",
            f"раз в две недели по {RU_DAYS_BY[weekday]}",
        ],
        f"FREQ=MONTHLY;BYMONTHDAY={start.day}": [
            f"каждый месяц {start.day} числа",
            f"{start.day} числа каждого месяца",
            f"{start.day}-го числа каждого месяца",
            f"раз в месяц {start.day} числа",
            f"{russian_day_of_month(start.day)} числа каждого месяца",
        ],
        f"FREQ=YEARLY;BYMONTHDAY={start.day};BYMONTH={start.month}": [
            f"каждое {start.day} {RU_MONTHS[start.month - 1]}",
            f"каждый год {start.day} {RU_MONTHS[start.month - 1]}",
            f"ежегодно {start.day} {RU_MONTHS[start.month - 1]}",
        ],
    }[rule]


def russian_length(minutes: int) -> list[str]:
    """A duration in Russian."""
    hours, rest = divmod(minutes, 60)
    ways = [f"на {minutes} {russian_many(minutes, ('минуту', 'минуты', 'минут'))}", f"на {minutes} мин"]
    if hours and rest:
        ways.append(f"на {hours} ч {rest} мин")
    return ways + ([f"на {hours} {russian_many(hours, ('час', 'часа', 'часов'))}"] if hours and not rest else [])


def russian_leads(seconds: tuple[int, ...]) -> list[str]:
    """Leads in Russian."""
    said = [f"за {_russian_lead(one)}" for one in seconds]
    joined = " и ".join([", ".join(said[:-1]), said[-1]] if said[1:] else said)
    return [f"напомни {joined}", f", напомнить {joined}", f"{joined} до начала"]


def _russian_lead(seconds: int) -> str:
    for size, forms in (
        (86_400, ("день", "дня", "дней")),
        (3_600, ("час", "часа", "часов")),
        (60, ("минуту", "минуты", "минут")),
    ):
        if seconds % size == 0:
            return f"{seconds // size} {russian_many(seconds // size, forms)}"
    raise ValueError(seconds)


def first_on_or_after(rule: str, start: datetime, now: datetime) -> datetime:
    """The start moved to the first day from now on which the rule can begin."""
    step = timedelta(days=1)
    day = now.date()
    while True:
        at = datetime.combine(day, start.time())
        fits = {
            "DAILY": True,
            "WEEKLY": day.weekday() == start.weekday(),
            "MONTHLY": day.day == start.day,
            "YEARLY": (day.month, day.day) == (start.month, start.day),
        }[rule.split(";", 1)[0].removeprefix("FREQ=")]
        if fits and at > now:
            return at
        day += step
