"""A calendar file: shown first, what is in it and what of that is new, and imported when its sender says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from planner import archive, importing, notices, recur, rrule, service
from planner.chat.export import UNDER_WAY_MAX
from planner.chat.talk import Talk
from planner.ics.entry import Limits
from planner.importing import Fate, File
from planner.messages import title_text, titled
from planner.model import DAY, Event, User
from planner.render import Button, Message, Text, Words, bold, join, plain, say
from planner.render.times import day
from planner.store import Store, Tx
from planner.store.errands import Errand

if TYPE_CHECKING:
    from planner.ics.prepare import Batch, Order

AT_ONCE = 100
"""Events that are looked up, or taken in, by one transaction, so that nobody else waits long."""
WAITS_MS = DAY
"""So long a file that was shown can be imported."""
WAITING_MAX = 10
"""Files of one user that wait for that."""
NAMED = 5
"""Events that are named."""
GO = "go"
"""In an errand's progress: its user wants the file imported."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file, and what an import would have done with its events when it was read."""

    file: File
    fates: Counter[Fate]


async def seen(store: Store, errand: Errand, batch: Batch) -> Seen | None:
    """Look what of a file is here already, a part at a time; ``None`` where its user is gone."""
    user = await store.read(lambda tx: tx.users.get(errand.user_id))
    if user is None:
        return None
    file, fates, at = importing.file_of(batch, user), Counter[Fate](), 0
    while errand.progress.get(GO) is None and at < len(file.bundles):
        part = importing.chunk(file.bundles, at, AT_ONCE)
        fates += await store.read(partial(_fates, user=user, file=file, part=part))
        at += len(part)
    return Seen(file, fates)


def _fates(tx: Tx, user: User, file: File, part: Sequence[importing.Bundle]) -> Counter[Fate]:
    last = tx.account.last_event(user.id)
    return Counter(step.fate for _, step in importing.steps(tx, user, file, part, last))


def order(tx: Tx, errand: Errand, now: int) -> Order | None:
    """How the file is read; ``None`` where its user is gone."""
    from planner.ics.prepare import Order  # noqa: PLC0415  # its reader takes memory, so only whoever imports pays

    user = tx.users.get(errand.user_id)
    if user is None:
        return None
    return Order(user.id, None, service.owner(user), None, alarms=True, muted=False, known=frozenset(), now=now,
                 limits=Limits(archive.EVENTS_MAX))  # fmt: skip


def take(talk: Talk, errand: Errand, held: object) -> bool:
    """Show what is in the file, or import the next part of it; whether that was all."""
    assert isinstance(held, Seen)
    return _import(talk, errand, held.file) if errand.progress.get(GO) else _show(talk, errand, held)


def _show(talk: Talk, errand: Errand, held: Seen) -> bool:
    words, fates = talk.words, held.fates
    lines = [_title(words, held.file), *_contents(talk, held.file)]
    known = fates[Fate.KNOWN] + fates[Fate.KEPT]
    if known:
        lines.append(plain(words.n("{n} is here already.", "{n} are here already.", known)))
    if changed := fates[Fate.CHANGED]:
        lines.append(
            plain(
                words.n(
                    "{n} has changed since and will be brought up to date.",
                    "{n} have changed since and will be brought up to date.",
                    changed,
                )
            )
        )
    if gone := fates[Fate.GONE]:
        lines.append(
            plain(
                words.n(
                    "{n} that I have from it is cancelled and will go.",
                    "{n} that I have from it are cancelled and will go.",
                    gone,
                )
            )
        )
    lines += _unread(words, held.file)
    if not any(fates[one] for one in (Fate.ADDED, Fate.CHANGED, Fate.GONE)):
        lines.append(say(words, "There is nothing new in it, so nothing is to be done."))
        talk.say(Message(join(lines, "\n")))
        return True
    lines.append(say(words, "Shall I import it? Its events become your own, to be changed and deleted as you like."))
    talk.tx.errands.park(errand, talk.now + WAITS_MS, WAITING_MAX)
    buttons = (Button(words.t("Import"), f"import:{errand.id}"), Button(words.t("Never mind"), f"leave:{errand.id}"))
    talk.say(Message(join(lines, "\n"), (buttons,)))
    return False


def _title(words: Words, file: File) -> Text:
    return bold(file.name) if file.name else bold(words.t("A calendar file"))


def _contents(talk: Talk, file: File) -> list[Text]:
    """How many events there are, and from when to when."""
    words, events = talk.words, list(file.events)
    if not events:
        return [say(words, "There is no event in it.")]
    first, last = min(one.start_at for one in events), _last(events, talk.user)
    begins = day(words, first, talk.user.zone, talk.now)
    counted = words.n("{n} event", "{n} events", len(events))
    if last is None:
        return [say(words, "{events}, from {first} on.", events=counted, first=begins)]
    ends = day(words, last, talk.user.zone, talk.now)
    if begins == ends:
        return [say(words, "{events}, on {day}.", events=counted, day=begins)]
    return [say(words, "{events}, from {first} to {last}.", events=counted, first=begins, last=ends)]


def _last(events: Sequence[Event], user: User) -> int | None:
    """When the last one starts; ``None`` where one goes on without end."""
    latest = max(one.start_at for one in events)
    for one in events:
        if one.rrule is None:
            continue
        rule, zone = rrule.parse(one.rrule), one.zone or user.zone
        if rule.until is not None:
            latest = max(latest, recur.local_instant(rule.until, "UTC" if rule.until_is_utc else zone))
        elif rule.count is None:
            return None
        latest = max(latest, *(recur.local_instant(at, zone) for at in one.included), one.start_at)
    return latest


def _unread(words: Words, file: File) -> list[Text]:
    if not file.faulty:
        return []
    said = words.n("{n} could not be read, or not in full:", "{n} could not be read, or not in full:", len(file.faulty))
    return [plain(said), *notices.report(words, [(one.title, one.why) for one in file.faulty], NAMED)]


def wanted(talk: Talk, errand_id: str) -> None:
    """Import it."""
    errand = _waiting(talk, errand_id)
    if errand is None:
        return
    if talk.tx.errands.count(talk.user.id) >= UNDER_WAY_MAX:
        talk.toast(talk.words.t("I am still busy with what you asked for before. Try again in a moment."), alert=True)
        return
    talk.tx.errands.keep(errand.id, {**errand.progress, GO: 1})
    talk.tx.errands.go(errand.id, talk.now)
    talk.show(talk.words.t("One moment: I am importing it."))


def unwanted(talk: Talk, errand_id: str) -> None:
    """Never mind."""
    errand = _waiting(talk, errand_id)
    if errand is not None:
        talk.tx.errands.drop(errand.id)
        talk.show(talk.words.t("All right. Nothing was changed."))


def _waiting(talk: Talk, errand_id: str) -> Errand | None:
    errand = talk.tx.errands.get(int(errand_id))
    if errand is not None and errand.user_id == talk.user.id and errand.waiting:
        return errand
    talk.toast(talk.words.t("That was some time ago, or is done already. Send me the file once more."), alert=True)
    return None


def _import(talk: Talk, errand: Errand, file: File) -> bool:
    progress = {"at": 0, "change": 0, **{one.value: 0 for one in Fate}, **errand.progress}
    progress.setdefault("last", talk.tx.account.last_event(talk.user.id))
    part = importing.chunk(file.bundles, progress["at"], AT_ONCE)
    for bundle, step in importing.steps(talk.tx, talk.user, file, part, progress["last"]):
        part_of = progress["change"] or None
        change = importing.carry_out(talk.tx, talk.user, bundle, step, talk.now, part_of)
        progress["change"] = progress["change"] or change or 0
        if step.fate is Fate.KEPT and step.here is not None and progress[Fate.KEPT.value] < NAMED:
            progress[f"{Fate.KEPT.value} {progress[Fate.KEPT.value]}"] = step.here.event.id
        progress[step.fate.value] += 1
    progress["at"] += len(part)
    if progress["at"] < len(file.bundles):
        talk.tx.errands.keep(errand.id, progress)
        return False
    _say(talk, progress, file)
    return True


def _say(talk: Talk, progress: dict[str, int], file: File) -> None:
    words = talk.words
    added, changed, known, kept, gone = (
        progress[one.value] for one in (Fate.ADDED, Fate.CHANGED, Fate.KNOWN, Fate.KEPT, Fate.GONE)
    )
    lines = []
    if added or not (changed or gone):
        lines.append(plain(words.n("{n} event was imported.", "{n} events were imported.", added)))
    if changed:
        lines.append(
            plain(words.n("{n} event was brought up to date.", "{n} events were brought up to date.", changed))
        )
    if gone:
        lines.append(plain(words.n("{n} event was cancelled and is gone.", "{n} events were cancelled and are gone.",
                                   gone)))  # fmt: skip
    if known:
        lines.append(plain(words.n("{n} was here already.", "{n} were here already.", known)))
    if kept:
        lines.append(plain(words.n("{n} is different in the file, but you have changed it here, so I left it alone:",
                                   "{n} are different in the file, but you have changed them here, so I left them"
                                   " alone:", kept)))  # fmt: skip
        lines += _kept(talk, progress, kept)
    lines += _unread(words, file)
    undo = Button(words.t("Undo"), f"revert:{progress['change']}")
    talk.say(Message(join(lines, "\n"), ((undo,),) if 0 < added + changed + gone <= service.UNDONE_AT_ONCE else ()))


def _kept(talk: Talk, progress: dict[str, int], kept: int) -> list[Text]:
    words, ids = talk.words, [progress[f"{Fate.KEPT.value} {number}"] for number in range(min(kept, NAMED))]
    found = talk.tx.events.some(ids)
    lines = [join(("• ", title_text(titled(words, found[one].title)))) for one in ids if one in found]
    if kept > NAMED:
        lines.append(plain(words.n("and {n} more", "and {n} more", kept - NAMED)))
    return lines


def revert(talk: Talk, change_id: str) -> None:
    """Take back an import, all of it."""
    parts = talk.tx.events.change(int(change_id), talk.user.id)
    words = talk.words
    if service.undo(talk.tx, talk.user, int(change_id), talk.now) is None:
        talk.toast(
            words.t("This can no longer be undone: it was undone already, changed again, or is over a day old."),
            alert=True,
        )
        return
    added = sum(part.before is None for part in parts)
    lines = [words.n("{n} event is gone again.", "{n} events are gone again.", added)] if added else []
    if rest := len(parts) - added:
        lines.append(words.n("{n} event is as it was before.", "{n} events are as they were before.", rest))
    talk.show("\n".join(lines))
