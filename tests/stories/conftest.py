"""Stories last days: a long poll of an hour instead of 25 s spares thousands of polls that say nothing."""

from __future__ import annotations

import pytest

from planner import housekeeping, probing
from planner.intake import Intake
from planner.localchat import polling
from planner.model import MINUTE

POLL_S = 3_600


@pytest.fixture(autouse=True)
def long_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "TIMEOUT_MAX_S", POLL_S)
    monkeypatch.setattr(Intake.__init__, "__defaults__", (POLL_S, None, None))


@pytest.fixture(autouse=True)
def rare_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """No story but their own is about synthetic reminders: a week of them is 5,040."""
    monkeypatch.setattr(probing, "EVERY_MS", 30 * MINUTE)


@pytest.fixture
def rare_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """For stories of weeks that are not about minutes: what is done once a minute is done every ten."""
    monkeypatch.setattr(housekeeping, "EVERY_MS", 10 * MINUTE)
