"""What is wrong with a calendar's address, in its user's words: what happened, and what to do next. Pure.

Of an address at most its server's name is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from planner import guides, providers
from planner.model import Outcome
from planner.providers import Link, Provider, Wrong
from planner.render import Text, Words, join, say


class Advice(NamedTuple):
    """What is wrong, and what to do."""

    what: Text
    todo: Text

    @property
    def both(self) -> Text:
        return join((self.what, self.todo), "\n")


def of_link(words: Words, link: Link) -> Advice:
    """Why a link is no calendar's address."""
    name = guides.name(words, link.provider, providers.host(link.url))
    todo = guides.anew(words, link.provider)
    match link.wrong:
        case Wrong.PAGE | None:
            what = say(words, "This is the page on which you look at your calendar; {name} shows it to you alone.",
                       name=name)  # fmt: skip
        case Wrong.EVENT:
            what = say(words, "This leads to a single event of {name}, not to a calendar.", name=name)
        case Wrong.SEVERAL:
            what = say(words, "This link holds several calendars at once.")
            todo = say(words, "Send me each one’s own link, one at a time.")
        case Wrong.LOGIN:
            what = say(words, "This address of {name} is for programs that sign in with your password.", name=name)
            todo = _signing_in(words, link) if link.provider is Provider.NEXTCLOUD else todo
        case Wrong.SCHEME:
            what = say(words, "An address that I can read begins with https:// or webcal://.")
        case Wrong.FILE:
            what = say(words, "This is a page of {name}, not a calendar itself.", name=name)
            todo = say(words, "Download the .ics file and send it here as a file, or send the calendar’s own address.")
        case _:
            what = say(words, "This address is not whole, or there is something else in it.")
            todo = say(words, "Copy it once more, from its beginning to its end, and send it alone.")
    return Advice(what, todo)


def _signing_in(words: Words, link: Link) -> Text:
    return say(
        words,
        "Share the calendar by a link and send me that: ✎ beside the calendar → Share link. Or write name and app"
        " password into the address: https://name:password@{host}/…",
        host=providers.host(link.url),
    )


def of_sync(words: Words, url: str, outcome: Outcome | None, code: str, *, linked: bool, owns: bool = False) -> Advice:
    """Why a calendar could not be fetched or read. ``linked``: it could be once. ``owns``: its user runs the bot."""
    case = _Case(words, url, code, linked, owns)
    return (TABLE.get(code) or _by_outcome(outcome, code))(case)


@dataclass(frozen=True, slots=True)
class _Case:
    """One fault, and the sentences that many have in common."""

    words: Words
    url: str
    code: str
    linked: bool
    owns: bool

    @property
    def provider(self) -> Provider:
        return providers.provider(self.url)

    @property
    def host(self) -> str:
        return providers.host(self.url)

    @property
    def name(self) -> str:
        return guides.name(self.words, self.provider, self.host)

    @property
    def public_google(self) -> bool:
        """Whether it is the address that works for calendars open to all the world only."""
        return self.provider is Provider.GOOGLE and "/public/" in urlsplit(self.url).path

    @property
    def anew(self) -> Text:
        return guides.anew(self.words, self.provider)

    @property
    def later(self) -> Text:
        """What passes by itself."""
        if self.linked:
            return say(self.words, "You need not do anything: this often passes by itself.")
        return say(self.words, "This often passes by itself: send the address once more in a few minutes.")

    @property
    def reached(self) -> Text:
        """What to do where a server is not reached; the address of one that all the world uses is no slip."""
        if self.linked or self.provider in {Provider.NEXTCLOUD, Provider.OTHER}:
            return self.checked
        return say(self.words, "Perhaps I have no connection right now: send the address once more in a few minutes.")

    @property
    def checked(self) -> Text:
        """What may be a slip."""
        if self.linked:
            return self.later
        return say(self.words, "Look whether the address is right, and send it once more.")


def _password(case: _Case) -> Advice:
    words, name = case.words, case.name
    if case.provider not in {Provider.NEXTCLOUD, Provider.OTHER}:
        return _forbidden(case)
    what = say(words, "{name} asks for a name and a password, or these are wrong.", name=name)
    todo = say(
        words,
        "Send me an address that needs no password, or write name and password into it: https://name:password@{host}/…",
        host=case.host,
    )
    return Advice(what, todo)


def _forbidden(case: _Case) -> Advice:
    if case.public_google:
        return _not_public(case)
    return Advice(say(case.words, "{name} does not let me read this address.", name=case.name), case.anew)


def _not_public(case: _Case) -> Advice:
    todo = say(
        case.words,
        "Take its secret address instead: on a computer, Settings → the calendar → Integrate calendar → “Secret"
        " address in iCal format”, and send it here.",
    )
    return Advice(say(case.words, "This calendar is not public, so its public address shows nothing."), todo)


def _gone(case: _Case) -> Advice:
    words, name = case.words, case.name
    if case.public_google:
        return _not_public(case)
    if not case.linked:
        return Advice(say(words, "{name} says that there is no calendar at this address.", name=name), case.anew)
    what = say(words, "{name} says this address no longer exists.", name=name)
    if case.provider is not Provider.GOOGLE:
        return Advice(what, case.anew)
    todo = say(
        words,
        "Make a new secret address in Settings and send it here: on a computer, Settings → the calendar → Integrate"
        " calendar → “Secret address in iCal format”.",
    )
    return Advice(what, todo)


def _too_often(case: _Case) -> Advice:
    return Advice(say(case.words, "{name} asks me to come less often.", name=case.name), case.later)


def _server(case: _Case) -> Advice:
    what = say(case.words, "{name} has trouble of its own (error {code}).", name=case.name, code=case.code)
    return Advice(what, case.later)


def _status(case: _Case) -> Advice:
    what = say(case.words, "{name} answered with an error ({code}).", name=case.name, code=case.code)
    return Advice(what, case.anew)


def _dns(case: _Case) -> Advice:
    return Advice(say(case.words, "I cannot find the server {host}.", host=case.host), case.reached)


def _unreachable(case: _Case) -> Advice:
    return Advice(say(case.words, "The server {host} does not answer.", host=case.host), case.reached)


def _tls(case: _Case) -> Advice:
    words, host = case.words, case.host
    what = say(words, "There is no secure connection to {host}: its certificate is not in order.", host=host)
    if case.linked:
        todo = say(words, "Whoever looks after that server can renew the certificate; then it goes on by itself.")
    else:
        todo = say(
            words,
            "Whoever looks after that server can renew the certificate. If it has none at all, begin the address with"
            " http:// and send it once more.",
        )
    return Advice(what, todo)


def _lost(case: _Case) -> Advice:
    return Advice(say(case.words, "The connection to {host} broke off.", host=case.host), case.later)


def _slow(case: _Case) -> Advice:
    return Advice(say(case.words, "{name} took too long to answer.", name=case.name), case.later)


def _redirects(case: _Case) -> Advice:
    return Advice(say(case.words, "{name} sends me on and on, and never to a calendar.", name=case.name), case.anew)


def _scheme(case: _Case) -> Advice:
    what = say(case.words, "This leads to an address that does not begin with https:// or webcal://.")
    return Advice(what, case.anew)


def _address(case: _Case) -> Advice:
    return Advice(say(case.words, "No server can be at this address, or at the one that it leads to."), case.checked)


def _link_local(case: _Case) -> Advice:
    what = say(case.words, "{host} leads to a place where no calendar can be, and where I never look.", host=case.host)
    return Advice(what, case.anew)


def _elsewhere(case: _Case) -> Advice:
    what = say(case.words, "{host} sends me on to another server, and that one I cannot reach.", host=case.host)
    return Advice(what, case.checked)


def _private(case: _Case) -> Advice:
    what = say(case.words, "The server {host} is in a private network, where I do not look.", host=case.host)
    return Advice(what, _let_in(case))


def _elsewhere_private(case: _Case) -> Advice:
    what = say(case.words, "{host} sends me on into a private network, where I do not look.", host=case.host)
    return Advice(what, _let_in(case))


def _let_in(case: _Case) -> Text:
    words = case.words
    if case.owns:
        return say(words, "If it is yours, set PLANNER_PRIVATE_FEEDS=1, start me again and send the address once more.")
    return say(
        words, "Send an address that can be reached from everywhere; whoever runs this bot can also let me look there."
    )


def _too_large(case: _Case) -> Advice:
    return Advice(say(case.words, "This calendar is larger than I may take in."), _more(case, "PLANNER_FEED_MAX_MB"))


def _too_many(case: _Case) -> Advice:
    what = say(case.words, "This calendar has more events than I may take in.")
    return Advice(what, _more(case, "PLANNER_FEED_MAX_EVENTS"))


def _more(case: _Case, setting: str) -> Text:
    if case.owns:
        return say(case.words, "Link a smaller one, or allow more with {setting}.", setting=setting)
    return say(case.words, "Link a smaller one, or ask whoever runs this bot to allow more.")


def _heavy(case: _Case) -> Advice:
    what = say(case.words, "Something in this calendar is so involved that reading it took too long.")
    todo = say(
        case.words,
        "Look over there for an event that is repeated without end or very often, or link another calendar.",
    )
    return Advice(what, todo)


def _empty(case: _Case) -> Advice:
    what = say(case.words, "{name} sent nothing at all where a calendar should be.", name=case.name)
    return Advice(what, case.later if case.linked else case.anew)


def _html(case: _Case) -> Advice:
    if case.linked:
        what = say(case.words, "{name} now shows a web page where the calendar was.", name=case.name)
    else:
        what = say(case.words, "This is a web page, not a calendar.")
    return Advice(what, case.anew)


def _other(case: _Case) -> Advice:
    return Advice(say(case.words, "There is something else than a calendar at this address."), case.anew)


def _cut(case: _Case) -> Advice:
    return Advice(say(case.words, "The calendar breaks off in the middle."), case.later)


def _ours(case: _Case) -> Advice:
    what = say(case.words, "I stumbled over this calendar. That is a fault of mine, not of yours or its own.")
    if case.owns:
        return Advice(what, say(case.words, "My log says what it was; please report it."))
    return Advice(what, say(case.words, "Please tell whoever runs this bot; its log says what it was."))


def _unknown(case: _Case) -> Advice:
    return Advice(say(case.words, "I could not read this calendar."), case.anew)


TABLE: Mapping[str, Callable[[_Case], Advice]] = {
    "401": _password,
    "403": _forbidden,
    "404": _gone,
    "410": _gone,
    "429": _too_often,
    "dns": _dns,
    "refused": _unreachable,
    "tls": _tls,
    "lost": _lost,
    "timeout": _slow,
    "redirects": _redirects,
    "scheme": _scheme,
    "address": _address,
    "private": _private,
    "link_local": _link_local,
    "elsewhere": _elsewhere,
    "elsewhere_private": _elsewhere_private,
    "too_large": _too_large,
    "too_many": _too_many,
    "packed": _other,
    "heavy": _heavy,
    "empty": _empty,
    "html": _html,
    "other": _other,
    "cut": _cut,
    "crash": _ours,
    "storage": _ours,
    "ours": _ours,
}
"""By the code of :class:`planner.feeds.fetched.Fault`."""


def _by_outcome(outcome: Outcome | None, code: str) -> Callable[[_Case], Advice]:
    """What is said of a code that has no sentence of its own."""
    match outcome:
        case Outcome.HTTP_ERROR:
            return _server if code.startswith("5") else _status
        case Outcome.TIMEOUT:
            return _slow
        case Outcome.NETWORK:
            return _lost
        case Outcome.TOO_LARGE:
            return _too_large
        case Outcome.BLOCKED:
            return _private
        case _:
            return _unknown
