"""An export that comes back: its events, a part at a time, and its settings where the user has made none yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from planner import calendars, providers, service
from planner.archive import Archive, Linked, Preferences, same
from planner.chat import commands
from planner.chat.talk import Talk
from planner.i18n import LANGS
from planner.model import Event, Feed, User
from planner.render import Button, Message, plain
from planner.store.errands import Errand

AT_ONCE = 250
"""Events that one transaction takes in, so that no other writer waits long."""


def take(talk: Talk, errand: Errand, held: object) -> bool:
    """Take in the next part; whether it was the last."""
    assert isinstance(held, Archive)
    progress = {"at": 0, "added": 0, "known": 0, "change": 0, "set": 0, "linked": 0, **errand.progress}
    if not progress["at"] and held.preferences is not None and _is_new(talk):
        _set(talk, held.preferences)
        progress["set"] = 1
    if not progress["at"]:
        progress["linked"] = sum(_linked(talk, one) for one in held.calendars)
    progress.setdefault("last", talk.tx.account.last_event(talk.user.id))
    _add(talk, held, slice(progress["at"], progress["at"] + AT_ONCE), progress)
    progress["at"] += AT_ONCE
    if progress["at"] < len(held.events):
        talk.tx.errands.keep(errand.id, progress)
        return False
    _say(talk, progress, held.unread)
    return True


def _is_new(talk: Talk) -> bool:
    """Whether the user has neither an event nor a setting of their own, other than where they are."""
    user = talk.user
    plain = (user.plan_minute, user.quiet, user.leads_s) == (None, None, service.DEFAULT_LEADS_S)
    return plain and not talk.tx.account.count(user.id)


def _set(talk: Talk, kept: Preferences) -> None:
    user = talk.user
    zone = (kept.zone, kept.zone_assumed) if user.zone_assumed else (user.zone, False)
    user = replace(
        user,
        lang=kept.lang if kept.lang in LANGS else user.lang,
        zone=zone[0],
        zone_assumed=zone[1],
        plan_minute=kept.plan_minute,
        leads_s=kept.leads_s,
        quiet=kept.quiet,
    )
    service.change_user(talk.tx, user, talk.now)
    talk.user = user
    commands.follow(talk)


def _linked(talk: Talk, kept: Linked) -> bool:
    """Have a calendar's address tried again, with its settings, unless it is linked."""
    url = providers.address(kept.url)
    feed = None if url is None else calendars.link(talk.tx, talk.user, url, talk.now)
    if not isinstance(feed, Feed):
        return False
    taken = {one.mark for one in talk.tx.feeds.of_user(talk.user.id) if one.id != feed.id}
    talk.tx.feeds.save(
        replace(
            feed,
            name=kept.name,
            renamed=bool(kept.name),
            mark=kept.mark if kept.mark in calendars.MARKS and kept.mark not in taken else feed.mark,
            leads_s=kept.leads_s,
            alarms=kept.alarms,
            muted=kept.muted,
            in_plan=kept.in_plan,
            tell_days=kept.tell_days if kept.tell_days in calendars.TELL_DAYS else feed.tell_days,
            every_min=max(calendars.EVERY_MIN, min(kept.every_min, calendars.EVERY_MAX)),
        )
    )
    return True


def _add(talk: Talk, held: Archive, part: slice, progress: dict[str, int]) -> None:
    """Store what was not here before the import; what the file has twice is there twice."""
    tx, events, places = talk.tx, held.events[part], held.places[part]
    titled = tx.published.titled(talk.user.id, (one.title for one in events), progress["last"])
    known = Counter(same(one.event) for one in titled)
    here = tx.published.with_uids(talk.user.id, (place.uid for place in places if place))
    brought = {(one.uid, one.part) for one in here if one.event.id <= progress["last"]}
    for event, copies, place in zip(events, held.copies[part], places, strict=True):
        if copies < known[same(event)] or (place and (place.uid, place.part) in brought):
            progress["known"] += 1
            continue
        part_of = progress["change"] or None
        added, change = service.add_event(tx, talk.user, _placed(event, talk.user), talk.now, part_of=part_of)
        if place:
            tx.published.place(added.id, *place)
        progress["change"] = progress["change"] or change
        progress["added"] += 1


def _placed(event: Event, user: User) -> Event:
    """The event where its wall clock puts it; an instant stays where it is."""
    if event.instant:
        return event
    return replace(event, start_at=service.start_of(event.start_local, event.zone or user.zone))


def _say(talk: Talk, progress: dict[str, int], unread: int) -> None:
    words, added, known = talk.words, progress["added"], progress["known"]
    lines = [words.n("{n} event is back.", "{n} events are back.", added)]
    if known:
        lines.append(words.n("{n} was here already.", "{n} were here already.", known))
    if unread:
        lines.append(words.n("{n} could not be read.", "{n} could not be read.", unread))
    if progress["linked"]:
        lines.append(
            words.n("{n} calendar is being linked again.", "{n} calendars are being linked again.", progress["linked"])
        )
    if progress["set"]:
        lines.append(
            words.t("Your settings are back; a time zone that you have told me since stays: /settings shows them.")
        )
    undo = Button(words.t("Undo"), f"unload:{progress['change']}")
    talk.say(Message(plain("\n".join(lines)), ((undo,),) if 0 < added <= service.UNDONE_AT_ONCE else ()))


def unload(talk: Talk, change_id: str) -> None:
    """Take out again what an export brought, all of it."""
    parts = len(talk.tx.events.change(int(change_id), talk.user.id))
    if service.undo(talk.tx, talk.user, int(change_id), talk.now) is None:
        talk.toast(
            talk.words.t("This can no longer be undone: it was undone already, changed again, or is over a day old."),
            alert=True,
        )
        return
    talk.show(talk.words.n("{n} event is gone again.", "{n} events are gone again.", parts))
