"""The written alerts as panels show them: from which figure on they fire, over which window, and how grave they are.

The rules themselves stand in ``stack/prometheus/``, which no dashboard reads; a test holds both together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.dashboards.panels import BLUE, GREEN, ORANGE, RED, Steps
from planner.slo.objectives import Links, Severity

COLORS: Mapping[Severity, str] = {Severity.CRITICAL: RED, Severity.WARNING: ORANGE, Severity.INFO: BLUE}
_NAMES = {RED: "Red", ORANGE: "Orange", BLUE: "Blue"}


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alert's ``name``, which is its runbook's too, the figure ``at`` which it fires, and the window of that."""

    name: str
    at: float
    severity: Severity = Severity.WARNING
    window: str = ""

    @property
    def color(self) -> str:
        return COLORS[self.severity]

    def page(self, links: Links) -> str:
        return links.page(f"stack/runbooks/{self.name}.md")


def above(*alarms: Alarm) -> Steps:
    """Green as long as the figure is below all of them."""
    return Steps(GREEN, tuple((alarm.at, alarm.color) for alarm in sorted(alarms, key=lambda one: one.at)))


def below(*alarms: Alarm) -> Steps:
    """Green from the highest of them on."""
    lowest, *others = sorted(alarms, key=lambda one: one.at)
    colors = (*(alarm.color for alarm in others), GREEN)
    return Steps(lowest.color, tuple(zip((lowest.at, *(alarm.at for alarm in others)), colors, strict=True)))


def runbooks(links: Links, *alarms: Alarm) -> str:
    """What to do where a panel has an alert's colour."""
    return " ".join(f"{_NAMES[alarm.color]}: there is an alert, see {alarm.page(links)}." for alarm in alarms)


MIB, GIB = 1024**2, 1024**3
DAY_S = 24 * 60 * 60

UNREACHABLE = Alarm("PlannerTelegramUnreachable", 1, Severity.CRITICAL)
HALTED = Alarm("PlannerSendingHalted", 1, Severity.CRITICAL)
TELEGRAM_SLOW = Alarm("PlannerTelegramSlow", 0.8, window="15m")
TELEGRAM_FAULTY = Alarm("PlannerTelegramFaulty", 0.1, window="30m")
RATE_LIMITED = Alarm("PlannerTelegramRateLimiting", 5, window="15m")
LONG_PAUSE = Alarm("PlannerTelegramLongPause", 1, window="1h")
FEEDS_SLOW = Alarm("PlannerFeedsSlow", 0.7, Severity.INFO, window="1h")
FEEDS_FAILING = Alarm("PlannerFeedsFailing", 3)

DATABASE_REFUSING = Alarm("PlannerDatabaseRefusing", 0, Severity.CRITICAL)
DATABASE_SLOW = Alarm("PlannerDatabaseSlow", 5, window="15m")
QUERIES_SLOW = Alarm("PlannerQueriesSlow", 20, Severity.INFO, window="1h")
DATABASE_LOCKED = Alarm("PlannerDatabaseLocked", 5, window="15m")
DISK_FULL = Alarm("PlannerDiskFull", 100 * MIB, Severity.CRITICAL)
DISK_NEARLY_FULL = Alarm("PlannerDiskNearlyFull", GIB)
DISK_FILLING = Alarm("PlannerDiskFilling", 2 * DAY_S, window="6h")
DATABASE_GROWING = Alarm("PlannerDatabaseGrowing", 200 * MIB, Severity.INFO)
WAL_BIG = Alarm("PlannerWalBig", 64 * MIB)
BACKUP_OLD = Alarm("PlannerBackupOld", 8 * DAY_S, Severity.INFO)

RESTARTING = Alarm("PlannerRestarting", 3, window="30m")
UNWELL = Alarm("PlannerUnwell", 0)
WORKERS_DYING = Alarm("PlannerWorkersDying", 3, window="1h")
LOOP_LAGGING = Alarm("PlannerLoopLagging", 10, window="10m")
CPU_BUSY = Alarm("PlannerCpuBusy", 0.8, window="15m")
MEMORY_HIGH = Alarm("PlannerMemoryHigh", 600 * MIB)
MEMORY_GROWING = Alarm("PlannerMemoryGrowing", 300 * MIB, Severity.INFO)
FILES_NEAR_LIMIT = Alarm("PlannerFilesNearLimit", 0.8)
THREADS_MANY = Alarm("PlannerThreadsMany", 100)
SCHEDULER_STOPPED = Alarm("PlannerSchedulerStopped", 300, Severity.CRITICAL)
UPKEEP_STOPPED = Alarm("PlannerUpkeepStopped", 13 * 3600)
JOBS_FAILING = Alarm("PlannerJobsFailing", 3, window="15m")
TIMERS_LATE = Alarm("PlannerTimersLate", 3, window="30m")
HEAP_GROWING = Alarm("PlannerHeapGrowing", 1000)
CLOCK_JUMPING = Alarm("PlannerClockJumping", 3, window="1h")

REMINDER_STUCK = Alarm("PlannerReminderStuck", 600, Severity.CRITICAL)
REMINDERS_PILING_UP = Alarm("PlannerRemindersPilingUp", 20, window="10m")
SENDING_HANGS = Alarm("PlannerSendingHangs", 0, window="10m")
REMINDERS_GIVEN_UP = Alarm("PlannerRemindersGivenUp", 1, window="1h")
THROUGHPUT_LOW = Alarm("PlannerThroughputLow", 0.5, window="15m")
ANSWERS_WAITING = Alarm("PlannerAnswersWaiting", 20, window="10m")
ANSWERS_LOST = Alarm("PlannerAnswersLost", 3, window="1h")
CHAT_FAILING = Alarm("PlannerChatFailing", 3, window="30m")
ERRORS_LOGGED = Alarm("PlannerErrorsLogged", 10, window="1h")
USERS_GROWING = Alarm("PlannerUsersGrowing", 20, Severity.INFO, window="1d")

STRANGERS = Alarm("PlannerStrangers", 20, Severity.INFO, window="1h")
FORGED_BUTTONS = Alarm("PlannerForgedButtons", 10, window="1h")
CHATS_LIMITED = Alarm("PlannerChatsLimited", 20, window="1h")
ADDRESSES_BLOCKED = Alarm("PlannerAddressesBlocked", 10, window="1h")
INPUT_OVERSIZED = Alarm("PlannerInputOversized", 20, Severity.INFO, window="1h")

LOG_LOST = Alarm("PlannerLogLost", 1, window="1h")
TELEMETRY_DROPPED = Alarm("PlannerTelemetryDropped", 100, Severity.INFO, window="1h")
EXPORTS_FAILING = Alarm("PlannerExportFailing", 5, window="15m")
