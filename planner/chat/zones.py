"""The time zone: IANA zones only, found by a typed city or by the time on the user's watch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from planner import messages, places, service
from planner.chat import add, phrases
from planner.chat.talk import Talk
from planner.render import Button, Message, bold, clock_time, join, say, zone_name
from planner.when import time_of_day

OVER_SHOWN = 20
"""Events that a new zone puts into the past, named at most."""


def question(talk: Talk) -> Message:
    """Where are you? With the zone that is assumed meanwhile, one tap to keep."""
    talk.ask("zone")
    zone, words = talk.user.zone, talk.words
    about = {"zone": bold(zone_name(zone, talk.now, talk.words.lang)), "time": clock_time(talk.now, zone)}
    asked = say(words, "Which city are you in, or what time is it there now? Write either.")
    now = (
        say(words, "For now I assume {zone}, where it is {time}.", **about)
        if talk.user.zone_assumed
        else say(words, "It is set to {zone}, where it is {time}.", **about)
    )
    text = join((asked, now), " ")
    return Message(
        text,
        ((Button(talk.words.t("{zone} is right", zone=zone_name(zone, talk.now, talk.words.lang)), f"zone:{zone}"),),),
    )


def ask(talk: Talk) -> None:
    """The button under an event that asks for the zone; the event stays in sight."""
    talk.say(question(talk))


def answer(talk: Talk, _: Mapping[str, object]) -> bool:
    """A city or a time was typed; anything that is clearly neither goes on as what it is."""
    if phrases.command_of(talk.text) or phrases.language_of(talk.text):
        return False
    if told(talk):
        return True
    minute = time_of_day(talk.text, lang=talk.user.lang)
    found = places.at_time(minute, talk.now) if minute is not None else _places(talk.text)
    if len(found) == 1 and minute is None:
        _set(talk, found[0])
    elif found:
        _ask_which(talk, found)
    elif len(talk.text.split()) > 3 or any(character.isdigit() for character in talk.text) or add.says_when(talk):
        return False
    else:
        said = phrases.place_of(talk.text)
        _unknown(talk, said[0] if said else talk.text)
    return True


def told(talk: Talk) -> bool:
    """Whether somebody said where they are, “I am in Moscow”, asked or not, and the zone is set or asked about.

    Of whom that is not known yet, a city's name alone says it.
    """
    said = phrases.place_of(talk.text)
    if said is None and not talk.user.zone_assumed:
        return False
    place, sure = said or (talk.text, False)
    found = _places(place) if sure else _named(place)
    if not found and (not sure or any(character.isdigit() for character in place) or add.says_when(talk)):
        return False
    if len(found) == 1:
        _set(talk, found[0])
    elif found:
        _ask_which(talk, found)
    else:
        talk.ask("zone")
        _unknown(talk, place)
    return True


def _places(text: str) -> tuple[str, ...]:
    """The zones of a place, whatever case its name stands in."""
    return next((found for one in phrases.spellings(text) if (found := places.find(one))), ())


def _named(text: str) -> tuple[str, ...]:
    return next((found for one in phrases.spellings(text) if (found := places.named(one))), ())


def _ask_which(talk: Talk, found: tuple[str, ...]) -> None:
    talk.ask("zone")
    buttons = tuple(
        (Button(f"{zone_name(zone, talk.now, talk.words.lang)}, {clock_time(talk.now, zone)}", f"zone:{zone}"),)
        for zone in found
    )
    talk.say(Message(say(talk.words, "Which of these? If none, write the nearest big city."), buttons))


def _unknown(talk: Talk, name: str) -> None:
    talk.say(
        talk.words.t(
            "I know no place called “{name}”. Try the nearest big city, or write what time it is there now.",
            name=name[:60],
        )
    )


def choose(talk: Talk, zone: str) -> None:
    """A zone's button was pressed."""
    if not places.is_zone(zone):
        raise ValueError("no such zone")
    _set(talk, zone)


def _set(talk: Talk, zone: str) -> None:
    user = replace(talk.user, zone=zone, zone_assumed=False)
    over = service.over_in(talk.tx, talk.user, zone, talk.now)
    service.change_user(talk.tx, user, talk.now)
    talk.tx.users.ask(talk.user.id, None)
    lines = [
        say(
            talk.words,
            "Your time zone is {zone}: it is {time} there now. Your reminders follow it.",
            zone=bold(zone_name(zone, talk.now, talk.words.lang)),
            time=clock_time(talk.now, zone),
        )
    ]
    if over:
        lines.append(say(talk.words, "There it is past the time of these, so I will not remind you of them:"))
        lines += [
            join(("• ", messages.title_text(messages.titled(talk.words, event.title)))) for event in over[:OVER_SHOWN]
        ]
    if not talk.tx.account.count(user.id):
        lines.append(say(talk.words, "Now write what I shall remind you of, such as “dentist tomorrow at 9:30”."))
    talk.show(join(lines, "\n"))
