"""The written alerts as panels show them: from which figure on they fire, over which window, and how grave they are.

The rules themselves stand in ``stack/prometheus/``, which no dashboard reads; a test holds both together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.dashboards.panels import BLUE, GREEN, ORANGE, RED, Steps
from planner.slo import lengths
from planner.slo.objectives import Links, Severity

COLORS: Mapping[Severity, str] = {Severity.CRITICAL: RED, Severity.WARNING: ORANGE, Severity.INFO: BLUE}
_NAMES = {RED: "Red", ORANGE: "Orange", BLUE: "Blue"}


@dataclass(frozen=True, slots=True)
class WrittenAlert:
    """An alert's ``name``, which is its runbook's too, the figure ``at`` which it fires, and the window of that.

    Where it counts what took long, ``length`` is from how many seconds on that is.
    """

    name: str
    at: float
    severity: Severity = Severity.WARNING
    window: str = ""
    length: float = 0

    @property
    def color(self) -> str:
        return COLORS[self.severity]

    @property
    def span(self) -> str:
        """The window in words: 15 minutes."""
        return lengths.spelled(lengths.read(self.window))

    def page(self, links: Links) -> str:
        return links.page(f"stack/runbooks/{self.name}.md")


def above(*alerts: WrittenAlert) -> Steps:
    """Green as long as the figure is below all of them."""
    return Steps(GREEN, tuple((alert.at, alert.color) for alert in sorted(alerts, key=lambda one: one.at)))


def below(*alerts: WrittenAlert) -> Steps:
    """Green from the highest of them on."""
    lowest, *others = sorted(alerts, key=lambda one: one.at)
    colors = (*(alert.color for alert in others), GREEN)
    return Steps(lowest.color, tuple(zip((lowest.at, *(alert.at for alert in others)), colors, strict=True)))


def longer(alert: WrittenAlert) -> Steps:
    """Green up to the length from which on the alert counts."""
    return Steps(GREEN, ((alert.length, alert.color),))


def runbooks(links: Links, *alerts: WrittenAlert) -> str:
    """What to do where a panel has an alert's colour."""
    return " ".join(f"{_NAMES[alert.color]}: there is an alert, see {alert.page(links)}." for alert in alerts)


SEEN = "It counts as its alert does, from when Prometheus first saw the planner."
"""Of a count that an alert judges: what came before the first scrape is not in it."""

MIB, GIB = 1024**2, 1024**3
DAY_S = 24 * 60 * 60

UNREACHABLE = WrittenAlert("PlannerTelegramUnreachable", 1, Severity.CRITICAL)
HALTED = WrittenAlert("PlannerSendingHalted", 1, Severity.CRITICAL)
TELEGRAM_SLOW = WrittenAlert("PlannerTelegramSlow", 0.8, window="15m", length=2.5)
TELEGRAM_FAULTY = WrittenAlert("PlannerTelegramFaulty", 0.1, window="30m")
RATE_LIMITED = WrittenAlert("PlannerTelegramRateLimiting", 5, window="15m")
LONG_PAUSE = WrittenAlert("PlannerTelegramLongPause", 1, window="1h", length=60.0)
FEEDS_SLOW = WrittenAlert("PlannerFeedsSlow", 0.7, Severity.INFO, window="1h", length=10.0)
FEEDS_FAILING = WrittenAlert("PlannerFeedsFailing", 3)

DATABASE_REFUSING = WrittenAlert("PlannerDatabaseRefusing", 0, Severity.CRITICAL)
DATABASE_SLOW = WrittenAlert("PlannerDatabaseSlow", 5, window="15m", length=0.5)
QUERIES_SLOW = WrittenAlert("PlannerQueriesSlow", 20, Severity.INFO, window="1h")
DATABASE_LOCKED = WrittenAlert("PlannerDatabaseLocked", 5, window="15m")
DISK_FULL = WrittenAlert("PlannerDiskFull", 100 * MIB, Severity.CRITICAL)
DISK_NEARLY_FULL = WrittenAlert("PlannerDiskNearlyFull", GIB)
DISK_FILLING = WrittenAlert("PlannerDiskFilling", 2 * DAY_S, window="6h")
DATABASE_GROWING = WrittenAlert("PlannerDatabaseGrowing", 200 * MIB, Severity.INFO, window="1d")
WAL_BIG = WrittenAlert("PlannerWalBig", 64 * MIB)
BACKUP_OLD = WrittenAlert("PlannerBackupOld", 8 * DAY_S, Severity.INFO)

DOWN = WrittenAlert("PlannerDown", 180, Severity.CRITICAL)
RESTARTING = WrittenAlert("PlannerRestarting", 3, window="30m")
UNWELL = WrittenAlert("PlannerUnwell", 0)
WORKERS_DYING = WrittenAlert("PlannerWorkersDying", 3, window="1h")
LOOP_LAGGING = WrittenAlert("PlannerLoopLagging", 10, window="10m", length=0.5)
CPU_BUSY = WrittenAlert("PlannerCpuBusy", 0.8, window="15m")
MEMORY_HIGH = WrittenAlert("PlannerMemoryHigh", 600 * MIB)
MEMORY_GROWING = WrittenAlert("PlannerMemoryGrowing", 300 * MIB, Severity.INFO)
FILES_NEAR_LIMIT = WrittenAlert("PlannerFilesNearLimit", 0.8)
THREADS_MANY = WrittenAlert("PlannerThreadsMany", 100)
SCHEDULER_STOPPED = WrittenAlert("PlannerSchedulerStopped", 300, Severity.CRITICAL)
UPKEEP_STOPPED = WrittenAlert("PlannerUpkeepStopped", 13 * 3600)
JOBS_FAILING = WrittenAlert("PlannerJobsFailing", 3, window="15m")
TIMERS_LATE = WrittenAlert("PlannerTimersLate", 3, window="30m", length=1.0)
HEAP_GROWING = WrittenAlert("PlannerHeapGrowing", 1000)
CLOCK_JUMPING = WrittenAlert("PlannerClockJumping", 3, window="1h")

REMINDER_STUCK = WrittenAlert("PlannerReminderStuck", 600, Severity.CRITICAL)
REMINDERS_PILING_UP = WrittenAlert("PlannerRemindersPilingUp", 20, window="10m")
SENDING_HANGS = WrittenAlert("PlannerSendingHangs", 0, window="10m")
REMINDERS_GIVEN_UP = WrittenAlert("PlannerRemindersGivenUp", 1, window="1h")
THROUGHPUT_LOW = WrittenAlert("PlannerThroughputLow", 0.5, window="15m")
ANSWERS_WAITING = WrittenAlert("PlannerAnswersWaiting", 20, window="10m")
ANSWERS_LOST = WrittenAlert("PlannerAnswersLost", 3, window="1h")
CHAT_FAILING = WrittenAlert("PlannerChatFailing", 3, window="30m")
ERRORS_LOGGED = WrittenAlert("PlannerErrorsLogged", 10, window="1h")
USERS_GROWING = WrittenAlert("PlannerUsersGrowing", 20, Severity.INFO, window="1d")

STRANGERS = WrittenAlert("PlannerStrangers", 20, Severity.INFO, window="1h")
FORGED_BUTTONS = WrittenAlert("PlannerForgedButtons", 10, window="1h")
CHATS_LIMITED = WrittenAlert("PlannerChatsLimited", 20, window="1h")
ADDRESSES_BLOCKED = WrittenAlert("PlannerAddressesBlocked", 10, window="1h")
INPUT_OVERSIZED = WrittenAlert("PlannerInputOversized", 20, Severity.INFO, window="1h")

LOG_LOST = WrittenAlert("PlannerLogLost", 1, window="1h")
TELEMETRY_DROPPED = WrittenAlert("PlannerTelemetryDropped", 100, Severity.INFO, window="1h")
EXPORTS_FAILING = WrittenAlert("PlannerExportFailing", 5, window="15m")
HEARTBEAT_UNHEARD = WrittenAlert("PlannerHeartbeatUnheard", 5, window="15m")
WATCHER_DOWN = WrittenAlert("WatcherDown", 0)
RULES_FAILING = WrittenAlert("PrometheusRulesFailing", 1, Severity.CRITICAL, window="15m")
RULES_SLOW = WrittenAlert("PrometheusRulesSlow", 3, window="30m")
PROMETHEUS_CANNOT_NOTIFY = WrittenAlert("PrometheusCannotNotify", 3, Severity.CRITICAL, window="15m")
NO_ALERTMANAGER = WrittenAlert("PrometheusNoAlertmanager", 0)
PROMETHEUS_STALE = WrittenAlert("PrometheusConfigStale", 0)
STORAGE_FAULTY = WrittenAlert("PrometheusStorageFaulty", 1, window="1h")
CANNOT_DELIVER = WrittenAlert("AlertmanagerCannotNotify", 1, Severity.CRITICAL, window="15m")
ALERTMANAGER_STALE = WrittenAlert("AlertmanagerConfigStale", 0)
COLLECTOR_LOSING = WrittenAlert("CollectorLosing", 1, window="15m")
QUEUE_FULL = WrittenAlert("CollectorQueueFull", 0.8)
LOKI_FAULTY = WrittenAlert("LokiFaulty", 5, window="15m")
LOKI_DISCARDING = WrittenAlert("LokiDiscarding", 10, window="15m")
