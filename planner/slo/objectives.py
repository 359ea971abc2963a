"""What ``slo.toml`` says, as data: promises, and the tiers in which the burning of their budgets is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from planner.catalogue.slo import EVENTS
from planner.slo import budget

COUNTS = ("reminders", "plans", "chat", "syncs", "feeds", "up", "probes", "heartbeat")
"""What the planner gives verdicts on, by its name in the database."""
RECEIVERS = ("telegram", "pagerduty", "slack", "email", "webhook")
"""To whom an alert can be routed."""
OBJECTIVE_MAX = 0.999_999
DASHBOARD = "planner-promises"
"""The *Promises* dashboard's ``uid``; its variable ``slo`` chooses the promise."""


class SloError(Exception):
    """``slo.toml`` cannot be used; the text names the place, the fault and an example."""


class Severity(StrEnum):
    CRITICAL = "critical"
    """A page: somebody looks now, at night, too."""
    WARNING = "warning"
    """Somebody looks today; waits for the end of quiet hours."""
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Tier:
    """A pair of windows over both of which the budget must burn; lengths in ms.

    ``budget``: the share of the error budget that is gone when all of ``long_ms`` burnt at the rate that fires.
    ``keep_ms``: so long after it last burnt it is resolved: what fails now and then is one alert, not one each time.
    ``for_ms``: so long it must burn before anybody is told; meanwhile it is pending.
    ``early``: that rate may be one at which the budget would last, and this is meant.
    """

    name: str
    long_ms: int
    short_ms: int
    budget: float
    severity: Severity
    keep_ms: int
    early: bool = False
    for_ms: int = 0

    def factor(self, window_ms: int) -> float:
        """The burn rate above which it fires, for a promise over ``window_ms``."""
        return budget.factor(self.budget, window_ms, self.long_ms)


@dataclass(frozen=True, slots=True)
class Links:
    """What stands before a runbook's path and a dashboard's, so that alerts can be clicked.

    ``runbooks`` may be "": the path alone; and so ``dashboards``, where there are none: alerts then lead to none.
    """

    runbooks: str = ""
    dashboards: str = "http://localhost:3000"

    def page(self, path: str) -> str:
        """A file of the repository."""
        return f"{self.runbooks.rstrip('/')}/{path}" if self.runbooks else path

    def promises(self, slo_id: str = "") -> str:
        """The *Promises* dashboard, of one promise or of all."""
        return f"{self.dashboards.rstrip('/')}/d/{DASHBOARD}{f'?var-slo={slo_id}' if slo_id else ''}"


@dataclass(frozen=True, slots=True)
class Slo:
    """One promise. ``objective``, ``alert_below`` and ``careful_below`` are shares of 1, ``window_ms`` is a length.

    ``counts``: its verdicts' name in the database; ``metric``: that of the same counts in the catalogue. ``counted``
    says in one word what is counted, in the singular. ``min_bad``, and for what pages ``page_min_bad``: so many bad
    ones are in an alert's long window before it fires. ``pages``: whether anybody is woken for it.
    """

    id: str
    name: str
    description: str
    objective: float
    window_ms: int
    alert_below: float
    owner: str = "host"
    counts: str = ""
    metric: str = EVENTS.name
    counted: str = "event"
    tiers: tuple[Tier, ...] = ()
    min_bad: int = 2
    page_min_bad: int = 3
    pages: bool = True
    careful_below: float = 0.25
    impact: str = ""
    policy: str = ""
    runbook: str = ""
    links: Links = Links()

    @property
    def runbook_url(self) -> str:
        return self.links.page(self.runbook)


@dataclass(frozen=True, slots=True)
class Promises:
    """All of ``slo.toml``. ``routes``: who is told, by severity."""

    slos: tuple[Slo, ...]
    routes: Mapping[Severity, tuple[str, ...]] = field(default_factory=dict)
    links: Links = Links()
