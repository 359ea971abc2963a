"""A calendar is linked: its address is pasted anywhere, or asked for, with where to find it."""

from __future__ import annotations

from collections.abc import Mapping

from planner import advice, calendars, guides, notices, providers
from planner.calendars import FEEDS_MAX, Refusal
from planner.chat import group_talk
from planner.chat.calendars import label, listed, mine
from planner.chat.parse import understand
from planner.chat.talk import StaleError, Talk
from planner.model import Feed
from planner.providers import Link, Provider
from planner.render import Button, Message, Text, bold, join, plain, say

AROUND_WORDS = 8
"""“This is my calendar: https://…”; a message with more words, or with a time, is about something else."""


def calendars_(talk: Talk, said: str) -> None:
    """/calendars: all of them; with an address: link it."""
    link = providers.link(said)
    if link is None:
        talk.say(listed(talk))
    else:
        _answer(talk, link)


def ask(talk: Talk, whose: str = "") -> None:
    """Ask for an address; of a provider that was picked, with where it is. ``how``: below what is shown."""
    if whose == "how":
        talk.ask("link")
        talk.say(_question(talk))
        return
    message = _guide(talk, Provider(whose)) if whose else _question(talk)
    talk.ask("link")
    talk.show(message)


def _question(talk: Talk) -> Message:
    words = talk.words
    text = join(
        (
            bold(words.t("Link a calendar")),
            say(words, "Send me its secret address: an “iCal” or “ICS” link. Whose calendar is it? I say where to find"
                       " that."),
        ),
        "\n",
    )  # fmt: skip
    known = [Button(guides.name(words, one), f"link:{one}") for one in (*guides.NAMES, Provider.OTHER)]
    rows = tuple(tuple(known[first : first + 3]) for first in range(0, len(known), 3))
    return Message(text, (*rows, talk.never_mind))


def _guide(talk: Talk, provider: Provider) -> Message:
    words = talk.words
    head = bold(guides.name(words, provider))
    back = Button(words.t("Back"), "link")
    return Message(join((head, guides.guide(words, provider)), "\n"), ((back, *talk.never_mind),))


def pasted(talk: Talk) -> bool:
    """Whether the message is a calendar's address, or the page of one, and nothing much else; it is answered then."""
    if _several(talk):
        return True
    link = providers.link(talk.text)
    if (
        link is None
        or not (link.sure or _known(talk, link))
        or (link.rest and (link.wrong is not None or not _beside(talk, link.rest)))
    ):
        return False
    _answer(talk, link)
    return True


def _known(talk: Talk, link: Link) -> bool:
    return any(feed.url == link.url for feed in talk.tx.feeds.of_user(talk.user.id))


def _several(talk: Talk) -> bool:
    """Whether the message is nothing but addresses of calendars, each of which is tried then."""
    found = [providers.address(word) for word in talk.text.split()[: FEEDS_MAX + 1]]
    addresses = [one for one in dict.fromkeys(found) if one is not None]
    if len(found) < 2 or None in found:
        return False
    if _may(talk):
        talk.tx.users.ask(talk.user.id, None)
        for url in addresses:
            _try(talk, url)
    return True


def _may(talk: Talk) -> bool:
    """Whether whoever writes may link calendars here; in a group only who runs the bot may, and others are told."""
    if not talk.in_group or talk.access.runs(talk.tx, talk.update.user_id):
        return True
    talk.say(group_talk.only_who_runs_it(talk.words))
    return False


def _beside(talk: Talk, rest: str) -> bool:
    """Whether the words around an address only present it."""
    if len(rest.split()) > AROUND_WORDS:
        return False
    said = understand(rest, now=talk.said_at, zone=talk.user.zone, lang=talk.user.lang)
    return said.start is None and not said.choices


def answer(talk: Talk, _: Mapping[str, object]) -> bool:
    """The address that was asked for; a sentence without one is something else."""
    text = talk.text.strip()
    link = providers.link(text) or providers.page(text)
    if link is not None and (not link.rest or _beside(talk, link.rest)):
        _answer(talk, link)
        return True
    if link is None and ("://" in text or not any(map(str.isspace, text))):
        _ask_again(talk, _no_address(talk, text))
        return True
    return False


def once_more(talk: Talk, question: Mapping[str, object]) -> bool:
    """The right address after one that was none; once that is linked, or anything else is said, nothing is awaited."""
    tried = talk.tx.feeds.get(int(str(question["feed"])))
    talk.tx.users.ask(talk.user.id, None)
    link = providers.link(talk.text)
    if link is None or link.rest or (tried is not None and tried.linked_at is not None):
        return False
    _answer(talk, link)
    return True


def _no_address(talk: Talk, text: str) -> Text:
    if text.count("://") > 1:
        return say(talk.words, "Send me one address at a time.")
    if "@" in text and "/" not in text:
        return say(talk.words, "This is an e-mail address. The calendar’s own begins with https:// or webcal://.")
    return say(talk.words, "This is no address that I can read: it begins with https:// or webcal://.")


def _answer(talk: Talk, link: Link) -> None:
    """Try an address, or say what is wrong with it."""
    if not _may(talk):
        return
    if link.wrong is not None:
        _ask_again(talk, advice.of_link(talk.words, link).both)
        return
    failing = _failing(talk, link)
    if failing and not any(one.url == link.url for one in talk.tx.feeds.of_user(talk.user.id)):
        _ask_instead(talk, link, failing)
        return
    talk.tx.users.ask(talk.user.id, None)
    _try(talk, link.url)


def _ask_again(talk: Talk, said: Text) -> None:
    """The question stays, or is, open: what comes next may be the right address."""
    talk.ask("link")
    how = Button(talk.words.t("Where do I find the address?"), "link:how")
    talk.say(Message(said, ((how,), talk.never_mind)))


def _failing(talk: Talk, link: Link) -> list[Feed]:
    """The calendars of the same provider that cannot be fetched any more: a new address may be theirs.

    Of what may pass by itself their user has heard when it lasted.
    """
    return [
        one
        for one in talk.tx.feeds.of_user(talk.user.id)
        if (one.told_at is not None or (one.failures and one.fault in providers.FINAL_STATUS))
        and providers.provider(one.url) is link.provider
        and (link.provider not in {Provider.OTHER, Provider.NEXTCLOUD}
             or providers.host(one.url) == providers.host(link.url))
    ]  # fmt: skip


def _ask_instead(talk: Talk, link: Link, failing: list[Feed]) -> None:
    words = talk.words
    talk.ask("instead", url=link.url)
    if len(failing) == 1:
        text = say(
            words,
            "{calendar} fails at present. Is this its new address? Its name, settings and events stay then.",
            calendar=notices.called(failing[0]),
        )
    else:
        text = say(words, "Is this the new address of a calendar that fails? Its name, settings and events stay then.")
    rows = [
        (Button(words.t("Replace {calendar}", calendar=label(one)), f"instead:{one.id}:{talk.number}"),)
        for one in failing
    ]
    another = Button(words.t("It is another calendar"), f"instead:new:{talk.number}")
    talk.say(Message(text, (*rows, (another,), talk.never_mind)))


def instead(talk: Talk, feed_id: str, number: str) -> None:
    """What a new address is for was picked."""
    asked = talk.tx.users.asked(talk.user.id)
    if (asked.get("what"), asked.get("number")) != ("instead", int(number)):
        raise StaleError("that question is closed")
    url = str(asked["url"])
    if feed_id == "new":
        talk.tx.users.ask(talk.user.id, None)
        _try(talk, url)
        return
    feed = mine(talk, feed_id)
    talk.tx.users.ask(talk.user.id, None)
    moved = calendars.move(talk.tx, talk.user, feed, url, talk.now)
    if isinstance(moved, Refusal):
        talk.show(_refused(talk, moved, url))
    else:
        talk.show(say(talk.words, "🔎 {calendar} has its new address. Looking at it…",
                      calendar=notices.called(feed)))  # fmt: skip


def _try(talk: Talk, url: str) -> None:
    found = calendars.link(talk.tx, talk.user, url, talk.now)
    if isinstance(found, Refusal):
        talk.show(_refused(talk, found, url))
    else:
        if not talk.in_group:  # there only answers to a message are heard
            talk.ask("tried", feed=found.id)
        talk.show(say(talk.words, "🔎 Looking at {host}…", host=providers.host(url)))


def _refused(talk: Talk, why: Refusal, url: str) -> Message:
    words = talk.words
    buttons: tuple[Button, ...] = (Button(words.t("All calendars"), "calendars"),)
    match why:
        case Refusal.ALREADY:
            one = next(one for one in talk.tx.feeds.of_user(talk.user.id) if one.url == url)
            if one.linked_at is None:
                return Message(say(words, "I am looking at it already."))
            said = say(words, "{calendar} is linked already.", calendar=notices.called(one))
            buttons = (
                Button(words.t("Sync now"), f"sync:{one.id}"),
                Button(words.t("Open"), f"calendar:{one.id}"),
            )
        case Refusal.OWN:
            said = say(words, "This is the address of your own events here: they stand in your days already.")
        case _:
            said = plain(
                words.n(
                    "{n} calendar is linked, and that is the most. Remove one first.",
                    "{n} calendars are linked, and that is the most. Remove one first.",
                    FEEDS_MAX,
                )
            )
    return Message(said, (buttons,))
