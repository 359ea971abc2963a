"""Which reminders wait for their next try because the last got no answer: not for a 429, nor for their chat."""

from __future__ import annotations

from collections.abc import Iterable

from planner.store.news import News, What
from planner.telegram.outcomes import NotSent, Outcome, Unclear

WAITS_ON = {What.RETRIED, What.OVERDUE}
"""What happens to a reminder and does not end its wait."""


class Unanswered:
    def __init__(self) -> None:
        self._ids: set[int] = set()

    def landed(self, ids: Iterable[int], outcome: Outcome) -> None:
        """These were sent; ``outcome`` is what came of it."""
        if isinstance(outcome, Unclear | NotSent):
            self._ids.update(ids)
        elif self._ids:
            self._ids.difference_update(ids)

    def changed(self, news: News) -> None:
        """Whatever else becomes of one, it waits for that no more."""
        if self._ids:
            self._ids.difference_update(life.reminder for life in news.lives if life.what not in WAITS_ON)

    def take(self) -> list[int]:
        """All of them, and then none."""
        ids, self._ids = sorted(self._ids), set()
        return ids
