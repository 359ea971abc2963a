"""“Undo”, “take the dentist back”: the last change is undone in words; one of many events by its button, too."""

from __future__ import annotations

from planner import service
from planner.chat import card, remind
from planner.chat.talk import Talk
from planner.stems import WORD, alike, folded, words_of
from planner.store.events import Change

LOOKED_AT = 50
"""So many of the last changes are looked through."""


def undo_(talk: Talk, about: str) -> None:
    """/undo: the last change, or the last one of an event that is named, as it was before."""
    if not last(talk, about):
        nothing(talk)


def nothing(talk: Talk) -> None:
    """There is no such change."""
    talk.say(talk.words.t("There is nothing to undo: I take back what was changed within a day."))


def last(talk: Talk, about: str = "", only: int | None = None) -> bool:
    """Whether there was such a change, of the event ``only`` where one is meant; then it is undone, and said.

    One of too many events stays, which is said where it is the last; words do not look into it.
    """
    for change_id, event_id in talk.tx.events.changes_since(talk.user.id, talk.now - service.UNDO_MS, LOOKED_AT):
        if only not in (None, event_id):
            continue
        if (n := talk.tx.events.parts(change_id, talk.user.id)) > service.UNDONE_AT_ONCE:
            if about:
                continue
            _too_many(talk, n)
            return True
        parts = talk.tx.events.change(change_id, talk.user.id)
        if any(part.undone or not part.last for part in parts) or not _titled(talk, event_id, parts, about):
            continue
        _take_back(talk, change_id, parts)
        return True
    return False


def _too_many(talk: Talk, n: int) -> None:
    talk.say(
        talk.words.n(
            "The last change brought {n} event: too many to take back at once. To take back an earlier one, name its"
            " event: “undo dentist”.",
            "The last change brought {n} events: too many to take back at once. To take back an earlier one, name its"
            " event: “undo dentist”.",
            n,
        )
    )


def _titled(talk: Talk, event_id: int, parts: list[Change], about: str) -> bool:
    """Whether a change is of an event that is, or was, called so."""
    event = talk.tx.events.get(event_id, deleted=True)
    titles = [part.before.title for part in parts if part.before] + ([event.title] if event else [])
    wanted = words_of(about)
    return any(all(any(alike(one, word) for word in WORD.findall(folded(title))) for one in wanted) for title in titles)


def _take_back(talk: Talk, change_id: int, parts: list[Change]) -> None:
    before = sum(part.before is not None for part in parts)
    if before > 1 or _brought(parts):
        all_(talk, str(change_id))
    else:
        card.undo(talk, str(change_id))


def _brought(parts: list[Change]) -> int:
    """How many events a file brought: more than an occurrence apart for each one that was changed, or a single one."""
    added = sum(part.before is None for part in parts)
    return added if added > max(1, len(parts) - added) else 0


def all_(talk: Talk, change_id: str) -> None:
    """A change of many events is taken back."""
    parts = talk.tx.events.change(int(change_id), talk.user.id)
    if service.undo(talk.tx, talk.user, int(change_id), talk.now) is None:
        talk.toast(
            talk.words.t("This can no longer be undone: it was undone already, changed again, or is over a day old."),
            alert=True,
        )
        return
    before = [part.before for part in parts if part.before is not None]
    for event in before:
        remind.became(talk, event, talk.tx.events.get(event.id))
    n, brought = len(before), _brought(parts)
    lines = [talk.words.n("↩️ {n} event is gone again.", "↩️ {n} events are gone again.", brought)] if brought else []
    if n:
        lines.append(talk.words.n("↩️ {n} event is as it was before.", "↩️ {n} events are as they were before.", n))
    talk.show("\n".join(lines))
