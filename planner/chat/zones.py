"""The time zone: IANA zones only, found by a typed city or by the time on the user's watch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from planner import places, service
from planner.chat.talk import Talk
from planner.render import Button, Message, bold, clock_time, say, zone_name
from planner.when import time_of_day


def question(talk: Talk) -> Message:
    """Where are you? With the zone that is assumed meanwhile, one tap to keep."""
    talk.ask("zone")
    zone = talk.user.zone
    text = say(
        talk.words,
        "Which city are you in, or what time is it there now? Write either. For now I assume {zone}, where it is"
        " {time}.",
        zone=bold(zone_name(zone, talk.now)),
        time=clock_time(talk.now, zone),
    )
    return Message(text, ((Button(talk.words.t("{zone} is right", zone=zone_name(zone, talk.now)), f"zone:{zone}"),),))


def ask(talk: Talk) -> None:
    """The button under an event that asks for the zone; the event stays in sight."""
    talk.say(question(talk))


def answer(talk: Talk, _: Mapping[str, object]) -> bool:
    """A city or a time was typed; anything that is clearly neither goes on as what it is."""
    minute = time_of_day(talk.text, lang=talk.user.lang)
    found = places.at_time(minute, talk.now) if minute is not None else places.find(talk.text)
    if len(found) == 1 and minute is None:
        _set(talk, found[0])
        return True
    if found:
        buttons = tuple(
            (Button(f"{zone_name(zone, talk.now)}, {clock_time(talk.now, zone)}", f"zone:{zone}"),) for zone in found
        )
        talk.say(Message(say(talk.words, "Which of these?"), buttons))
        return True
    if len(talk.text.split()) > 3 or any(character.isdigit() for character in talk.text):
        return False
    talk.say(
        talk.words.t(
            "I know no place called “{name}”. Try the nearest big city, or write what time it is there now.",
            name=talk.text[:60],
        )
    )
    return True


def choose(talk: Talk, zone: str) -> None:
    """A zone's button was pressed."""
    if not places.is_zone(zone):
        raise ValueError("no such zone")
    _set(talk, zone)


def _set(talk: Talk, zone: str) -> None:
    service.change_user(talk.tx, replace(talk.user, zone=zone, zone_assumed=False), talk.now)
    talk.tx.users.ask(talk.user.id, None)
    talk.show(
        say(
            talk.words,
            "Your time zone is {zone}: it is {time} there now. Your reminders follow it.",
            zone=bold(zone_name(zone, talk.now)),
            time=clock_time(talk.now, zone),
        )
    )
