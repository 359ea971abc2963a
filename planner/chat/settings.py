"""/settings: what is set, and a menu for each. A change moves the reminders already set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from planner import service
from planner.chat import commands, phrases, zones
from planner.chat.talk import Talk
from planner.i18n import LANGS
from planner.model import HOUR, SECOND, Quiet, User
from planner.render import Button, Message, Text, bold, duration, join, plain, say, zone_name
from planner.when import durations, ends_of, time_of_day

LEADS_MAX = 5
LEAD_MAX_S = 4 * 7 * 24 * HOUR // SECOND
LANGUAGE_NAMES = {"en": "English", "ru": "Русский"}
PLAN_HOURS = (6, 7, 8, 9, 10)
LEADS_MIN = (0, 5, 15, 30, 60, 24 * 60)
QUIETS = ((22, 7), (23, 7), (23, 8), (0, 8))


def settings(talk: Talk, _: str) -> None:
    """/settings: what is set, with a button for each."""
    talk.say(_card(talk))


def _card(talk: Talk) -> Message:
    words, user = talk.words, talk.user
    rows = (
        (
            words.t("Time zone"),
            zone_name(user.zone, talk.now, words.lang) + (" " + words.t("(assumed)") if user.zone_assumed else ""),
        ),
        (words.t("Language"), LANGUAGE_NAMES[user.lang]),
        (words.t("Daily plan"), clock(user.plan_minute) if user.plan_minute is not None else words.t("off")),
        (words.t("Reminders"), leads(talk, user.leads_s)),
        (words.t("Quiet hours"), _quiet(talk, user.quiet)),
    )
    text = join((bold(words.t("Settings")), *(join((name, ": ", bold(value))) for name, value in rows)), "\n")
    return Message(
        text,
        (
            (Button(words.t("Time zone"), "set:zone"), Button(words.t("Language"), "set:lang")),
            (Button(words.t("Daily plan"), "set:plan"), Button(words.t("Reminders"), "set:leads")),
            (Button(words.t("Quiet hours"), "set:quiet"),),
        ),
    )


def clock(minute: int) -> str:
    """Minutes since midnight as a time of day."""
    return f"{minute // 60:02}:{minute % 60:02}"


def leads(talk: Talk, leads_s: tuple[int, ...]) -> str:
    if not leads_s:
        return talk.words.t("off")
    return ", ".join(
        talk.words.t("{time} before", time=duration(talk.words, lead)) if lead else talk.words.t("at the start")
        for lead in sorted(leads_s, reverse=True)
    )


def _quiet(talk: Talk, quiet: Quiet | None) -> str:
    return talk.words.t("off") if quiet is None else f"{clock(quiet.start)}–{clock(quiet.end)}"


def menu(talk: Talk, what: str) -> None:
    """One of the settings was picked."""
    makers: Mapping[str, Callable[[Talk], Message]] = {
        "zone": zones.question,
        "lang": _lang_menu,
        "plan": _plan_menu,
        "leads": _leads_menu,
        "quiet": _quiet_menu,
        "all": _back,
    }
    if what not in makers:
        raise ValueError("no such setting")
    talk.show(makers[what](talk))


def _back(talk: Talk) -> Message:
    talk.tx.users.ask(talk.user.id, None)
    return _card(talk)


def _menu(talk: Talk, text: Text, rows: list[list[Button]]) -> Message:
    return Message(text, (*(tuple(row) for row in rows), (Button(talk.words.t("Back"), "set:all"),)))


def _lang_menu(talk: Talk) -> Message:
    return _menu(
        talk, say(talk.words, "Which language?"), [[Button(LANGUAGE_NAMES[lang], f"put:lang:{lang}") for lang in LANGS]]
    )


def _plan_menu(talk: Talk) -> Message:
    talk.ask("plan")
    text = say(talk.words, "When shall I send the plan of your day? Press a time or write one.")
    hours = [Button(clock(hour * 60), f"put:plan:{hour * 60}") for hour in PLAN_HOURS]
    return _menu(talk, text, [hours[:3], hours[3:], [Button(talk.words.t("Never"), "put:plan:off")]])


def _leads_menu(talk: Talk) -> Message:
    talk.ask("leads")
    text = say(
        talk.words, "How long before an event shall I remind you? Press, or write several, such as “1 day, 15 min”."
    )
    buttons = [Button(leads(talk, (minutes * 60,)), f"put:leads:{minutes * 60}") for minutes in LEADS_MIN]
    return _menu(talk, text, [buttons[:2], buttons[2:4], buttons[4:], [Button(talk.words.t("Never"), "put:leads:off")]])


def _quiet_menu(talk: Talk) -> Message:
    talk.ask("quiet")
    text = say(
        talk.words,
        "When shall I keep quiet? Press, or write from when to when, such as “23:00–7:30”. A reminder"
        " that falls there comes just before, or as they end.",
    )
    pairs = [
        Button(_quiet(talk, Quiet(start * 60, end * 60)), f"put:quiet:{start * 60}-{end * 60}") for start, end in QUIETS
    ]
    return _menu(talk, text, [pairs[:2], pairs[2:], [Button(talk.words.t("Never"), "put:quiet:off")]])


def put(talk: Talk, what: str, value: str) -> None:
    """A value's button was pressed."""
    user = talk.user
    match what:
        case "lang" if value in LANGS:
            _save(talk, replace(user, lang=value))
            commands.follow(talk)
        case "plan":
            _save(talk, replace(user, plan_minute=None if value == "off" else _minute(value)))
        case "leads":
            _save(talk, replace(user, leads_s=() if value == "off" else (_lead(value),)))
        case "quiet":
            _save(talk, replace(user, quiet=None if value == "off" else _hours(value)))
        case _:
            raise ValueError("no such setting")


def _minute(text: str) -> int:
    minute = int(text)
    if not 0 <= minute < 24 * 60:
        raise ValueError("no such time of day")
    return minute


def _hours(text: str) -> Quiet:
    start, _, end = text.partition("-")
    quiet = Quiet(_minute(start), _minute(end))
    if quiet.start == quiet.end:
        raise ValueError("no hours at all")
    return quiet


def _lead(text: str) -> int:
    lead = int(text)
    if not 0 <= lead <= LEAD_MAX_S:
        raise ValueError("no such lead")
    return lead


def _save(talk: Talk, user: User) -> None:
    service.change_user(talk.tx, user, talk.now)
    talk.user = user
    talk.tx.users.ask(user.id, None)
    talk.show(_card(talk))
    talk.toast(talk.words.t("Saved."))


def answer_plan(talk: Talk, _: Mapping[str, object]) -> bool:
    minute = time_of_day(phrases.answer_to("plan", talk.text), lang=talk.user.lang)
    if minute is None:
        return _turned_off(talk, "plan")
    _save(talk, replace(talk.user, plan_minute=minute))
    return True


def _turned_off(talk: Talk, what: str) -> bool:
    """Whether the answer was “never”, and the setting is off now."""
    if not phrases.turns_off(phrases.answer_to(what, talk.text)):
        return False
    put(talk, what, "off")
    return True


def answer_leads(talk: Talk, _: Mapping[str, object]) -> bool:
    leads = durations(phrases.answer_to("leads", talk.text), lang=talk.user.lang)
    if not leads:
        return _turned_off(talk, "leads")
    if len(leads) > LEADS_MAX or max(leads) > LEAD_MAX_S:
        talk.say(talk.words.t("At most {count} reminders an event, at most 4 weeks before it.", count=LEADS_MAX))
        return True
    _save(talk, replace(talk.user, leads_s=tuple(sorted(set(leads), reverse=True))))
    return True


def answer_quiet(talk: Talk, _: Mapping[str, object]) -> bool:
    ends = ends_of(phrases.answer_to("quiet", talk.text))
    first, last = (time_of_day(part, lang=talk.user.lang) for part in ends)
    if first is None or last is None:
        return _turned_off(talk, "quiet")
    if first == last:
        talk.say(plain(talk.words.t("Quiet hours must end at another time than they begin.")))
        return True
    _save(talk, replace(talk.user, quiet=Quiet(first, last)))
    return True
