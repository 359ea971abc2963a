"""From a city as people type it, or the time on their watch, to IANA zones. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from planner.render.cities import CITIES

FOUND_MAX = 8
CLOSE_MIN = 20
"""A watch may differ from the right time by this many minutes."""

COMMON = (
    "Europe/London", "Europe/Berlin", "Europe/Athens", "Europe/Moscow", "Asia/Dubai", "Asia/Yekaterinburg",
    "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Almaty", "Asia/Omsk", "Asia/Dhaka", "Asia/Bangkok",
    "Asia/Novosibirsk", "Asia/Shanghai", "Asia/Tokyo", "Australia/Adelaide", "Australia/Sydney", "Asia/Vladivostok",
    "Pacific/Auckland", "Asia/Kamchatka", "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles",
    "America/Denver", "America/Chicago", "America/New_York", "America/Halifax", "America/St_Johns", "America/Sao_Paulo",
    "Atlantic/Azores", "Asia/Tehran", "Asia/Kabul", "Asia/Yangon", "Asia/Tbilisi", "Europe/Samara", "Asia/Tashkent",
    "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Magadan", "Africa/Cairo", "Africa/Lagos", "Africa/Nairobi", "UTC",
    "America/Nuuk", "America/Noronha", "Atlantic/Cape_Verde", "Australia/Darwin", "Australia/Lord_Howe",
    "Pacific/Chatham", "Pacific/Tongatapu", "Pacific/Pago_Pago", "Pacific/Marquesas", "Pacific/Gambier",
    "America/Adak",
)  # fmt: skip
"""Zones offered to somebody who says what time it is: one or two for each offset, with and without DST."""

ALIASES: dict[str, str] = {
    "munich": "Europe/Berlin", "münchen": "Europe/Berlin", "hamburg": "Europe/Berlin", "frankfurt": "Europe/Berlin",
    "cologne": "Europe/Berlin", "köln": "Europe/Berlin", "germany": "Europe/Berlin", "barcelona": "Europe/Madrid",
    "milan": "Europe/Rome", "geneva": "Europe/Zurich", "lyon": "Europe/Paris", "france": "Europe/Paris",
    "manchester": "Europe/London", "edinburgh": "Europe/London", "uk": "Europe/London", "england": "Europe/London",
    "saint petersburg": "Europe/Moscow", "st petersburg": "Europe/Moscow", "kazan": "Europe/Moscow",
    "innopolis": "Europe/Moscow", "nizhny novgorod": "Europe/Moscow", "sochi": "Europe/Moscow",
    "kiev": "Europe/Kyiv", "washington": "America/New_York", "boston": "America/New_York",
    "miami": "America/New_York", "atlanta": "America/New_York", "philadelphia": "America/New_York",
    "houston": "America/Chicago", "dallas": "America/Chicago", "austin": "America/Chicago",
    "san francisco": "America/Los_Angeles", "seattle": "America/Los_Angeles", "san diego": "America/Los_Angeles",
    "las vegas": "America/Los_Angeles", "portland": "America/Los_Angeles", "la": "America/Los_Angeles",
    "nyc": "America/New_York", "montreal": "America/Toronto", "ottawa": "America/Toronto",
    "rio de janeiro": "America/Sao_Paulo", "mumbai": "Asia/Kolkata", "delhi": "Asia/Kolkata",
    "bangalore": "Asia/Kolkata", "india": "Asia/Kolkata", "beijing": "Asia/Shanghai", "shenzhen": "Asia/Shanghai",
    "china": "Asia/Shanghai", "osaka": "Asia/Tokyo", "japan": "Asia/Tokyo", "hanoi": "Asia/Ho_Chi_Minh",
    "abu dhabi": "Asia/Dubai", "tel aviv": "Asia/Jerusalem", "ankara": "Europe/Istanbul", "bali": "Asia/Makassar",
    "astana": "Asia/Almaty", "cape town": "Africa/Johannesburg", "canberra": "Australia/Sydney",
    "wellington": "Pacific/Auckland", "gmt": "UTC", "utc": "UTC",
    "москва": "Europe/Moscow", "мск": "Europe/Moscow", "санкт-петербург": "Europe/Moscow", "питер": "Europe/Moscow",
    "спб": "Europe/Moscow", "казань": "Europe/Moscow", "иннополис": "Europe/Moscow", "сочи": "Europe/Moscow",
    "нижний новгород": "Europe/Moscow", "ростов-на-дону": "Europe/Moscow", "воронеж": "Europe/Moscow",
    "краснодар": "Europe/Moscow", "волгоград": "Europe/Volgograd", "калининград": "Europe/Kaliningrad",
    "самара": "Europe/Samara", "саратов": "Europe/Saratov", "ижевск": "Europe/Samara", "уфа": "Asia/Yekaterinburg",
    "екатеринбург": "Asia/Yekaterinburg", "челябинск": "Asia/Yekaterinburg", "пермь": "Asia/Yekaterinburg",
    "тюмень": "Asia/Yekaterinburg", "омск": "Asia/Omsk", "новосибирск": "Asia/Novosibirsk", "томск": "Asia/Tomsk",
    "барнаул": "Asia/Barnaul", "кемерово": "Asia/Novokuznetsk", "красноярск": "Asia/Krasnoyarsk",
    "иркутск": "Asia/Irkutsk", "улан-удэ": "Asia/Irkutsk", "чита": "Asia/Chita", "якутск": "Asia/Yakutsk",
    "владивосток": "Asia/Vladivostok", "хабаровск": "Asia/Vladivostok", "магадан": "Asia/Magadan",
    "южно-сахалинск": "Asia/Sakhalin", "камчатка": "Asia/Kamchatka", "петропавловск-камчатский": "Asia/Kamchatka",
    "минск": "Europe/Minsk", "киев": "Europe/Kyiv", "одесса": "Europe/Kyiv", "харьков": "Europe/Kyiv",
    "львов": "Europe/Kyiv", "алматы": "Asia/Almaty", "алма-ата": "Asia/Almaty", "астана": "Asia/Almaty",
    "ташкент": "Asia/Tashkent", "бишкек": "Asia/Bishkek", "душанбе": "Asia/Dushanbe", "тбилиси": "Asia/Tbilisi",
    "ереван": "Asia/Yerevan", "баку": "Asia/Baku", "рига": "Europe/Riga", "вильнюс": "Europe/Vilnius",
    "таллин": "Europe/Tallinn", "варшава": "Europe/Warsaw", "прага": "Europe/Prague", "берлин": "Europe/Berlin",
    "мюнхен": "Europe/Berlin", "вена": "Europe/Vienna", "париж": "Europe/Paris", "лондон": "Europe/London",
    "мадрид": "Europe/Madrid", "барселона": "Europe/Madrid", "рим": "Europe/Rome", "милан": "Europe/Rome",
    "белград": "Europe/Belgrade", "стамбул": "Europe/Istanbul", "анталья": "Europe/Istanbul",
    "тель-авив": "Asia/Jerusalem", "иерусалим": "Asia/Jerusalem", "дубай": "Asia/Dubai", "бангкок": "Asia/Bangkok",
    "пхукет": "Asia/Bangkok", "бали": "Asia/Makassar", "токио": "Asia/Tokyo", "пекин": "Asia/Shanghai",
    "нью-йорк": "America/New_York", "лос-анджелес": "America/Los_Angeles", "торонто": "America/Toronto",
    "лиссабон": "Europe/Lisbon", "хельсинки": "Europe/Helsinki", "афины": "Europe/Athens",
    "кишинёв": "Europe/Chisinau", "кишинев": "Europe/Chisinau", "ницца": "Europe/Paris",
}  # fmt: skip


def find(text: str) -> tuple[str, ...]:
    """The zones that a typed place may mean, likeliest first; at most ``FOUND_MAX``."""
    wanted = _plain(text)
    if not wanted:
        return ()
    names = _names()
    exact = names.get(wanted)
    if exact is not None:
        return (exact,)
    starting = [zone for name, zone in names.items() if name.startswith(wanted)]
    if not starting:
        starting = [zone for name, zone in names.items() if len(wanted) > 3 and wanted in name]
    return tuple(dict.fromkeys(starting))[:FOUND_MAX]


def named(text: str) -> tuple[str, ...]:
    """The zone of a place of just that name."""
    zone = _names().get(_plain(text))
    return () if zone is None else (zone,)


def at_time(minute: int, now: int) -> tuple[str, ...]:
    """Common zones where the clock shows about this minute of the day at ``now`` (UTC ms), the closest first."""
    moment = datetime.fromtimestamp(now / 1_000, UTC)
    apart = {zone: _apart(_minute_in(zone, moment), minute) for zone in COMMON}
    close = [zone for zone in COMMON if apart[zone] <= CLOSE_MIN]
    return tuple(sorted(close, key=lambda zone: apart[zone])[:FOUND_MAX])


def is_zone(name: str) -> bool:
    """Whether an IANA zone of this very name exists."""
    return name in available_timezones()


def _minute_in(zone: str, moment: datetime) -> int:
    local = moment.astimezone(ZoneInfo(zone))
    return local.hour * 60 + local.minute


def _apart(one: int, other: int) -> int:
    apart = abs(one - other)
    return min(apart, round(timedelta(days=1) / timedelta(minutes=1)) - apart)


@cache
def _names() -> dict[str, str]:
    """Every name that is known, plain, with its zone; a zone's full name, its city, and what people say instead."""
    names = {_plain(alias): zone for alias, zone in ALIASES.items()}
    zones = available_timezones()
    for cities in CITIES.values():
        names.update({_plain(city): zone for zone, city in cities.items() if zone in zones})
    for zone in sorted(zones):
        area, _, city = zone.rpartition("/")
        if area.split("/")[0] in {"Etc", "SystemV", "posix", "right", ""} and zone != "UTC":
            continue
        names.setdefault(_plain(city), zone)
        names.setdefault(_plain(zone), zone)
    return names


def _plain(text: str) -> str:
    return re.sub(r"[\s_\-.,]+", " ", text.casefold().replace("ё", "е")).strip()
