"""A calendar file becomes its owner's own events, however often it is imported. Inside the caller's transactions.

An event is known by its UID and part, or, where it came without, by its title, start and rule. What its owner has
changed here since stays as they have it; what only the file has changed follows the file.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from planner import service
from planner.ics.entry import Faulty
from planner.ics.write import id_in, own_uid, rule_form, same_form
from planner.model import Event, User
from planner.store import Tx
from planner.store.published import Own

if TYPE_CHECKING:
    from planner.ics.prepare import Batch

_PRINTED = attrgetter("title", "start_local", "duration_s", "all_day", "zone", "rrule", "instant", "leads_s", "place",
                      "notes", "link", "excluded", "included")  # fmt: skip
"""What a file says of an event. Prints are stored: with a field more, all that was imported would count as changed."""


class Part(NamedTuple):
    """An event of a file. ``copy``: so many before it in the file have its title, start and rule."""

    part: str
    event: Event
    copy: int


class Bundle(NamedTuple):
    """All that a file says of one UID; without parts it is cancelled. ``whole``: every part of it could be read."""

    uid: str
    digest: str
    parts: tuple[Part, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class File:
    """A calendar file as it was read."""

    name: str | None
    bundles: tuple[Bundle, ...]
    faulty: tuple[Faulty, ...]
    keys: Mapping[str, Mapping[str, object]]
    """What each part of each UID is to people: see ``_key``."""

    @property
    def events(self) -> Iterator[Event]:
        return (part.event for bundle in self.bundles for part in bundle.parts)


class Fate(Enum):
    """What an import does with an event: ``KEPT`` is what differs in the file, and was changed here as well."""

    ADDED = "added"
    CHANGED = "changed"
    KNOWN = "known"
    KEPT = "kept"
    GONE = "gone"


class Step(NamedTuple):
    """One event of a file and what is done with it; ``here``: the event that it is here already."""

    fate: Fate
    part: Part | None
    here: Own | None


def file_of(batch: Batch, user: User) -> File:
    """What an import needs of a calendar that was read for ``user``."""
    seen: Counter[object] = Counter()
    faulty = {one.uid for one in batch.faulty}
    keys: dict[str, dict[str, object]] = {uid: {} for uid in batch.cancelled}
    bundles = []
    for uid, found in groupby(batch.prepared, key=lambda one: one.uid):
        parts, digest = [], ""
        for one in found:
            event, digest = replace(one.event, source="file", feed_id=None), one.digest
            key = keys.setdefault(uid, {})[one.part] = _key(event, user)
            parts.append(Part(one.part, event, seen[key]))
            seen[key] += 1
        bundles.append(Bundle(uid, digest, tuple(parts), uid not in faulty))
    cancelled = (Bundle(uid, "", (), uid not in faulty) for uid in sorted(batch.cancelled))
    return File(batch.name, (*bundles, *cancelled), tuple(batch.faulty), keys)


def chunk(bundles: Sequence[Bundle], at: int, most: int) -> Sequence[Bundle]:
    """The next bundles from one on, of about ``most`` events."""
    end, events = at, 0
    while end < len(bundles) and (end == at or events + len(bundles[end].parts) <= most):
        events += max(1, len(bundles[end].parts))
        end += 1
    return bundles[at:end]


def steps(tx: Tx, user: User, file: File, bundles: Sequence[Bundle], last: int) -> list[tuple[Bundle, Step]]:
    """What an import of a file does with some of its bundles; events with an id above ``last`` are of this import."""
    here, alike = _here(tx, user, bundles), _alike(tx, user, file, bundles, last)
    return [(bundle, step) for bundle in bundles for step in _steps(bundle, here.get(bundle.uid, {}), alike, user)]


def carry_out(tx: Tx, user: User, bundle: Bundle, step: Step, now: int, part_of: int | None) -> int | None:
    """Do it; returns the id of the change, if there is one. ``part_of``: the change that it is undone with."""
    match step:
        case Step(Fate.ADDED, Part() as part, _):
            added, change = service.add_event(tx, user, part.event, now, part_of=part_of)
            _place(tx, added.id, bundle, part)
        case Step(Fate.CHANGED, Part() as part, Own() as here):
            event = replace(part.event, id=here.event.id, user_id=user.id, nag=here.event.nag)
            change = service.change_event(tx, user, event, now, part_of=part_of)
            _place(tx, here.event.id, bundle, part)
        case Step(Fate.GONE, None, Own() as here):
            change = service.delete_event(tx, user, here.event, now, part_of)
        case Step(Fate.KNOWN, Part() as part, Own() as here) if _said(here)[1]:
            tx.published.place(here.event.id, bundle.uid, part.part, f"{bundle.digest}:{_said(here)[1]}")
            return None
        case _:
            return None
    return change


def _here(tx: Tx, user: User, bundles: Iterable[Bundle]) -> Mapping[str, Mapping[str, Own]]:
    """Of each UID its parts that are here: brought by a file, or made here and written under it."""
    found: dict[str, dict[str, Own]] = defaultdict(dict)
    uids = [bundle.uid for bundle in bundles]
    for one in tx.published.with_uids(user.id, uids):
        found[one.uid or ""][one.part] = one
    calendar_id = tx.published.calendar_id()
    made = {number: uid for uid in uids if (number := id_in(uid, calendar_id)) is not None}
    for one in tx.published.some(user.id, made):
        if one.uid is None:
            found[made[one.event.id]][""] = one
    return found


def _alike(tx: Tx, user: User, file: File, bundles: Iterable[Bundle], last: int) -> Counter[object]:
    """How many events with the same title, start and rule are here; what the file makes another of does not count."""
    titles = {part.event.title for bundle in bundles for part in bundle.parts}
    calendar_id = tx.published.calendar_id()
    found: Counter[object] = Counter()
    for one in tx.published.titled(user.id, titles, last):
        key, named = _key(one.event, user), file.keys.get(one.uid or own_uid(one.event.id, calendar_id))
        found[key] += named is None or named.get(one.part) == key
    return found


def _steps(bundle: Bundle, here: Mapping[str, Own], alike: Mapping[object, int], user: User) -> Iterator[Step]:
    for part in bundle.parts:
        held = here.get(part.part)
        if held is not None:
            yield Step(_fate(part, held, user), part, held)
        else:
            known = part.copy < alike.get(_key(part.event, user), 0)
            yield Step(Fate.KNOWN if known else Fate.ADDED, part, None)
    named = {part.part for part in bundle.parts}
    for name, held in here.items():
        stale = name not in named and bundle.whole and not (bundle.digest and _said(held)[0] == bundle.digest)
        if stale and _unedited(held):
            yield Step(Fate.GONE, None, held)


def _fate(part: Part, held: Own, user: User) -> Fate:
    _, was = _said(held)
    if not was:
        return Fate.KNOWN if same_form(held.event, part.event, user, alarms=False) else Fate.KEPT
    if _print(part.event) in {was, _print(held.event)}:
        return Fate.KNOWN
    if same_form(held.event, part.event, user, alarms=True):
        return Fate.KNOWN
    return Fate.CHANGED if _unedited(held) else Fate.KEPT


def _place(tx: Tx, event_id: int, bundle: Bundle, part: Part) -> None:
    tx.published.place(event_id, bundle.uid, part.part, f"{bundle.digest}:{_print(part.event)}")


def _said(held: Own) -> tuple[str, str]:
    """The digest of what an event was read from, and the print of how it was stored; empty for one made here."""
    digest, _, was = held.digest.partition(":")
    return digest, was


def _unedited(held: Own) -> bool:
    """Whether an event is as a file has brought it."""
    return _said(held)[1] == _print(held.event)


def _print(event: Event) -> str:
    """The same for the same event, wherever it is stored, as long as its owner does not change it."""
    return hashlib.sha256(repr(_PRINTED(event)).encode()).hexdigest()[:16]


def _key(event: Event, user: User) -> object:
    """What makes two events the same to people: title, start and rule."""
    start = event.start_local[:10] if event.all_day else event.start_at
    return event.title.casefold(), start, event.all_day, event.rrule and rule_form(event, event.zone or user.zone)
