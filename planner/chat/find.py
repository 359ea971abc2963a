"""/find: events by their words."""

from __future__ import annotations

from collections.abc import Mapping

from planner import lists, marks, search
from planner.chat import listing
from planner.chat.listing import ON_PAGE
from planner.chat.parse import asked, understand
from planner.chat.talk import Talk
from planner.render import Message, plain
from planner.stems import words_of

KEPT_BYTES = 48
"""What is looked for stands in the buttons that turn the pages; so much of it has room there."""


def find(talk: Talk, said: str) -> None:
    """/find: what has all these words, the nearest to now first."""
    if said.strip():
        show(talk, said)
        return
    talk.ask("find")
    asked_for = plain(talk.words.t("What shall I look for? Write a word of it, such as “dentist”."))
    talk.say(Message(asked_for, (talk.never_mind,)))


def answer(talk: Talk, _: Mapping[str, object]) -> bool:
    """What to look for was written; a wish, a question, or what says when is itself."""
    found = understand(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    talk.tx.users.ask(talk.user.id, None)
    if found.start is not None or found.choices or _asks(talk):
        return False
    show(talk, talk.text)
    return True


def _asks(talk: Talk) -> bool:
    return asked(talk.text, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang) is not None


def page(talk: Talk, number: str, opened: str, *wanted: str) -> None:
    """Another page of what was found, or the numbers that open it."""
    show(talk, ":".join(wanted), max(0, int(number)), opened=opened == "open")


def show(talk: Talk, said: str, number: int = 0, *, opened: bool = False) -> None:
    """A page of what is found by as many of the words as can be kept for the next page."""
    wanted = _kept(said)
    hits = search.find(talk.tx, talk.user, wanted, talk.now)
    if not hits:
        talk.show(_nothing(talk, wanted))
        return
    pages = listing.pages_of(len(hits))
    number = min(number, pages - 1)
    first = number * ON_PAGE
    shown = list(enumerate(search.loaded(talk.tx, hits[first : first + ON_PAGE]), start=first + 1))
    head = talk.words.n("🔎 “{words}”: {n} event", "🔎 “{words}”: {n} events", len(hits), words=wanted)
    tail = listing.page_line(talk, number, pages)
    known = marks.Marks({feed.id: feed for feed in talk.tx.feeds.of_user(talk.user.id)})
    text = lists.found_text(talk.words, talk.user, head, shown, tail, talk.now, known)
    buttons = listing.keyboard(
        talk, shown, number, pages, lambda other, more: f"find:{other}:{more}:{wanted}", opened=opened
    )
    talk.show(Message(text, buttons))


def _nothing(talk: Talk, wanted: str) -> str:
    return talk.words.t(
        "I found nothing with “{words}”. I look in titles, places and notes, at any time, past or to come."
        " Try one word of it, or only how it begins; /agenda shows what is planned.",
        words=wanted,
    )


def _kept(said: str) -> str:
    """Its words, the small ones left out, as far as they can be kept; of a first word that is longer, its beginning."""
    words = words_of(said) or [" ".join(said.split())]
    kept = words[0].encode()[:KEPT_BYTES].decode(errors="ignore")
    for word in words[1:]:
        longer = f"{kept} {word}"
        if len(longer.encode()) > KEPT_BYTES:
            break
        kept = longer
    return kept
