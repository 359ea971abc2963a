"""Calendars' addresses, as people paste them: which of them can be fetched, and what the others are instead. Pure.

What a page's address says is turned into the calendar's own where that is certain. Sources: Google Calendar Help,
"Integrate calendar"; Microsoft Support, "Publish a calendar"; the Nextcloud user manual, "Publish a calendar".
``webcal`` is in no standard: it names an address to subscribe to, and is fetched over https.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlencode, urlsplit

URL_MAX = 2_000
"""Characters of an address; longer ones are no calendar's."""
HOST_SHOWN = 60
FINAL_STATUS = frozenset({"401", "403", "404", "410"})
"""What a server answers that does not pass by itself."""


class Provider(StrEnum):
    """Whose calendar it is: each keeps the right address in another place."""

    GOOGLE = "google"
    OUTLOOK = "outlook"
    ICLOUD = "icloud"
    YANDEX = "yandex"
    NEXTCLOUD = "nextcloud"
    OTHER = "other"


class Wrong(StrEnum):
    """Why a link is no calendar's address, as far as can be told without fetching it."""

    PAGE = "page"  # what one looks at oneself
    EVENT = "event"  # a single event
    SEVERAL = "several"  # more calendars than one
    LOGIN = "login"  # for programs that sign in
    FILE = "file"  # a page about a file
    SCHEME = "scheme"  # begins with what no calendar is fetched by
    BROKEN = "broken"  # not all of it, or more than it


@dataclass(frozen=True, slots=True)
class Link:
    """A link that somebody sent. ``url`` may hold a secret. ``wrong``: why it is no calendar's address.

    ``sure``: nobody sends it but to speak of a calendar. ``rest``: what else the message says.
    """

    url: str = field(repr=False)
    provider: Provider
    sure: bool = False
    wrong: Wrong | None = None
    rest: str = ""


SCHEMED = re.compile(r"\b(?:https?|webcals?|feeds?|ftp|caldavs?)://\S*", re.IGNORECASE)
BARE = re.compile(r"(?<![\w@./-])(?:[\w-]+(?:\.[\w-]+)+|localhost)(?::\d+)?/\S+")
NAME = re.compile(r"[\w-]+(?:\.[\w-]+)+")
BROKEN_OFF = re.compile(r"\S*[/=?&%]\S*")
AROUND = "<>()[]{}«»“”„\"'`.,;:!?…"
CALENDAR_ENDINGS = (".ics", ".ical", ".icalendar")
CALENDAR_NAMES = frozenset({"ics", "ical", "ics.xml"})
PAGES = frozenset({"calendar.proton.me", "calendar.mail.ru", "calendar.zoho.com", "calendar.zoho.eu"})
"""Further hosts whose pages people look at."""


def address(text: str) -> str | None:
    """The calendar's address that a text consists of, to be fetched by ``https`` or ``http``; ``None`` for any other.

    ``webcal`` becomes https, and known providers' pages the calendar behind them.
    """
    found = link(text)
    return found.url if found is not None and found.sure and found.wrong is None and not found.rest else None


def link(text: str) -> Link | None:
    """The one link in a text, and what it is; ``None`` where there is none, or more than one."""
    found = SCHEMED.findall(text) or BARE.findall(text)
    if len(found) != 1:
        return None
    before, _, after = text.partition(found[0])
    rest = " ".join(f"{before} {after}".strip().strip(AROUND).split())
    one = _read(found[0].strip(AROUND), schemed="://" in found[0])
    if one is not None and one.sure and not before.strip(AROUND + " \n") and BROKEN_OFF.fullmatch(rest):
        return replace(one, wrong=Wrong.BROKEN, rest="")
    return None if one is None else replace(one, rest=rest)


def page(text: str) -> Link | None:
    """The page of a known provider whose server's name alone, ``calendar.google.com``, is all that a text says."""
    name = text.strip(AROUND + " \n")
    one = _read(f"https://{name}/", schemed=True) if NAME.fullmatch(name) else None
    return None if one is None or one.wrong is not Wrong.PAGE else one


def _read(said: str, *, schemed: bool) -> Link | None:
    try:
        parts = urlsplit(said if schemed else f"https://{said}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return Link(said[:URL_MAX], Provider.OTHER, sure=True, wrong=Wrong.BROKEN) if schemed and "@" in said else None
    if not host or len(said) > URL_MAX or parts.scheme.lower() == "ftp":
        wrong = Wrong.SCHEME if host and parts.scheme.lower() == "ftp" else Wrong.BROKEN
        return Link(said[:URL_MAX], Provider.OTHER, sure="@" in said, wrong=wrong) if schemed else None
    webcal = parts.scheme.lower() not in {"http", "https"}
    scheme = "https" if webcal else parts.scheme.lower()
    who = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    name = f"[{host}]" if ":" in host else host
    where = f"{who}{name}{'' if port is None else f':{port}'}"
    tidy = SplitResult(scheme, where, parts.path or "/", parts.query, "")
    one = READERS[_provider(tidy)](tidy)
    return replace(one, sure=True) if webcal and one.wrong is None else one


def provider(url: str) -> Provider:
    """Whose calendar is at an address."""
    return _provider(urlsplit(url))


def host(url: str) -> str:
    """The server's name, which is all of an address that is ever shown or logged; empty where it has none."""
    try:
        return (urlsplit(url).hostname or "")[:HOST_SHOWN]
    except ValueError:
        return ""


def _provider(parts: SplitResult) -> Provider:
    name, path = parts.hostname or "", parts.path
    if name in {"calendar.google.com", "calendar.app.google", "apidata.googleusercontent.com"} or (
        name in {"www.google.com", "google.com"} and path.startswith("/calendar")
    ):
        return Provider.GOOGLE
    if name in OUTLOOK_HOSTS or "/owa/calendar/" in path:
        return Provider.OUTLOOK
    if name == "icloud.com" or name.endswith(".icloud.com"):
        return Provider.ICLOUD
    if re.fullmatch(r"(?:calendar|caldav)(?:\.360)?\.yandex\.[a-z.]{2,6}", name):
        return Provider.YANDEX
    return Provider.NEXTCLOUD if re.search(r"/apps/calendar\b|/remote\.php/", path) else Provider.OTHER


def _found(parts: SplitResult, provider: Provider) -> Link:
    return Link(parts.geturl(), provider, sure=True)


def _wrong(parts: SplitResult, provider: Provider, why: Wrong) -> Link:
    return Link(parts.geturl(), provider, sure=True, wrong=why)


def _google(parts: SplitResult) -> Link:
    secure = parts._replace(scheme="https")
    path = re.sub(r"^/calendar/(?:[bu]/\d+/)?", "/", parts.path)
    if re.fullmatch(r"/ical/[^/]+/(?:public|private-\w+)/\w+\.ics", path):
        return _found(secure._replace(netloc="calendar.google.com", path=f"/calendar{path}"), Provider.GOOGLE)
    if path.startswith("/ical/"):
        return _wrong(secure, Provider.GOOGLE, Wrong.BROKEN)
    if "/dav/" in path or parts.hostname == "apidata.googleusercontent.com":
        return _wrong(secure, Provider.GOOGLE, Wrong.LOGIN)
    asked = parse_qs(parts.query)
    if re.match(r"/(?:r/)?event", path):
        return _wrong(secure, Provider.GOOGLE, Wrong.EVENT)
    names = asked.get("src", []) + asked.get("cid", [])
    if len(names) > 1:
        return _wrong(secure, Provider.GOOGLE, Wrong.SEVERAL)
    name = _google_name(names[0]) if names else None
    if name is None:
        return _wrong(secure, Provider.GOOGLE, Wrong.PAGE)
    path = f"/calendar/ical/{quote(name, safe='')}/public/basic.ics"
    return _found(SplitResult("https", "calendar.google.com", path, "", ""), Provider.GOOGLE)


def _google_name(said: str) -> str | None:
    """A calendar's name, an e-mail address, which links carry as it is or in base64."""
    if "@" in said:
        return said
    try:
        name = urlsafe_b64decode(said + "=" * (-len(said) % 4)).decode("ascii")
    except (Base64Error, ValueError):
        return None
    return name if re.fullmatch(r"[^\s@/]+@[\w.-]+", name) else None


OUTLOOK_HOSTS = frozenset({
    "outlook.live.com", "outlook.office.com", "outlook.office365.com", "outlook.cloud.microsoft", "outlook.com",
    "calendar.live.com",
})  # fmt: skip


def _outlook(parts: SplitResult) -> Link:
    page = re.fullmatch(r"(/owa/calendar/.+/)(index|calendar|reachcalendar)\.html", parts.path, re.IGNORECASE)
    if page is not None:
        name = "reachcalendar" if page[2].lower() == "reachcalendar" else "calendar"
        return _found(parts._replace(path=f"{page[1]}{name}.ics", query=""), Provider.OUTLOOK)
    if parts.path.lower().endswith(CALENDAR_ENDINGS):
        return _found(parts, Provider.OUTLOOK)
    return _wrong(parts, Provider.OUTLOOK, Wrong.PAGE)


def _icloud(parts: SplitResult) -> Link:
    secure = parts._replace(scheme="https")
    if re.match(r"/published/\d+/\S|/ca/subscribe/\d+/\S", parts.path) or parts.path.endswith(CALENDAR_ENDINGS):
        return _found(secure, Provider.ICLOUD)
    if "caldav" in (parts.hostname or ""):
        cut = parts.path.startswith("/published")
        return _wrong(secure, Provider.ICLOUD, Wrong.BROKEN if cut else Wrong.LOGIN)
    return _wrong(secure, Provider.ICLOUD, Wrong.PAGE)


def _yandex(parts: SplitResult) -> Link:
    secure = parts._replace(scheme="https")
    if (parts.hostname or "").startswith("caldav"):
        return _wrong(secure, Provider.YANDEX, Wrong.LOGIN)
    export = re.fullmatch(r"/export/(?:ics|html|rss)\.xml", parts.path)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items() if name in {"private_token", "tz_id"}}
    if export is None:
        return _wrong(secure, Provider.YANDEX, Wrong.PAGE)
    if "private_token" not in asked:
        return _wrong(secure, Provider.YANDEX, Wrong.BROKEN)
    if parts.path == "/export/ics.xml":
        return _found(secure, Provider.YANDEX)
    return _found(secure._replace(path="/export/ics.xml", query=urlencode(asked, safe="/")), Provider.YANDEX)


def _nextcloud(parts: SplitResult) -> Link:
    shared = re.fullmatch(r"(.*?)(?:/index\.php)?/apps/calendar/(?:p|embed)/([\w-]+)(?:/.*)?", parts.path)
    if shared is not None:
        if "-" in shared[2]:
            return _wrong(parts, Provider.NEXTCLOUD, Wrong.SEVERAL)
        path = f"{shared[1]}/remote.php/dav/public-calendars/{shared[2]}"
        return _found(parts._replace(path=path, query="export"), Provider.NEXTCLOUD)
    if "/remote.php/" not in parts.path:
        return _wrong(parts, Provider.NEXTCLOUD, Wrong.PAGE)
    if re.search(r"/remote\.php/dav/public-calendars/[^/]", parts.path) or (
        "@" in parts.netloc and re.search(r"/remote\.php/(?:dav|caldav)/calendars/[^/]+/[^/]", parts.path)
    ):
        return _found(parts._replace(query=parts.query or "export"), Provider.NEXTCLOUD)
    return _wrong(parts, Provider.NEXTCLOUD, Wrong.LOGIN)


def _names_calendar(said: str) -> bool:
    said = said.lower()
    return said.endswith(CALENDAR_ENDINGS) or said in CALENDAR_NAMES


def _other(parts: SplitResult) -> Link:
    name, asked = parts.hostname or "", parse_qs(parts.query, keep_blank_values=True)
    calendar = _names_calendar(unquote(parts.path.rstrip("/").rpartition("/")[2]))
    if name in {"dropbox.com", "www.dropbox.com"} and calendar:
        query = urlencode({key: values[0] for key, values in asked.items()} | {"dl": "1"})
        return _found(parts._replace(query=query), Provider.OTHER)
    if name == "github.com" and calendar:
        path = re.sub(r"^(/[^/]+/[^/]+)/(?:blob|raw)/", r"\1/", parts.path)
        return _found(parts._replace(netloc="raw.githubusercontent.com", path=path, query=""), Provider.OTHER)
    if (
        calendar
        or "@" in parts.netloc  # a password: whatever else it is, it is no title of an event
        or parts.query.lower() == "export"
        or any(map(_names_calendar, (*asked, *(value for values in asked.values() for value in values))))
    ):
        return _found(parts, Provider.OTHER)
    if name in PAGES and "/api/" not in parts.path:
        return _wrong(parts, Provider.OTHER, Wrong.PAGE)
    if name in FILE_PAGES:
        return Link(parts.geturl(), Provider.OTHER, wrong=Wrong.FILE)
    return Link(parts.geturl(), Provider.OTHER)


FILE_PAGES = frozenset({"drive.google.com", "docs.google.com", "dropbox.com", "www.dropbox.com", "github.com",
                        "onedrive.live.com", "1drv.ms", "disk.yandex.ru", "cloud.mail.ru"})  # fmt: skip

READERS: dict[Provider, Callable[[SplitResult], Link]] = {
    Provider.GOOGLE: _google,
    Provider.OUTLOOK: _outlook,
    Provider.ICLOUD: _icloud,
    Provider.YANDEX: _yandex,
    Provider.NEXTCLOUD: _nextcloud,
    Provider.OTHER: _other,
}
