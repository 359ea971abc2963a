"""*Process*: what the planner uses of its machine, what waits for what (USE), and whether its parts work."""

from __future__ import annotations

from planner.catalogue import process, reminders, work
from planner.dashboards.board import Board
from planner.dashboards.courses import BEFORE, WELL, counts, each, faults, painted, percentiles
from planner.dashboards.grid import Panel, Row
from planner.dashboards.panels import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    Steps,
    columns,
    heatmap,
    over_time,
    override,
    stat,
    states,
    table,
)
from planner.dashboards.queries import (
    FAILED,
    WINDOW,
    beyond,
    buckets,
    counted,
    grown,
    mean,
    now,
    quantile,
    rate,
    there,
    whole,
)
from planner.dashboards.targets import Block, Query
from planner.dashboards.written import (
    CLOCK_JUMPING,
    CPU_BUSY,
    ERRORS_LOGGED,
    FILES_NEAR_LIMIT,
    HEAP_GROWING,
    JOBS_FAILING,
    LOOP_LAGGING,
    MEMORY_GROWING,
    MEMORY_HIGH,
    RESTARTING,
    SCHEDULER_STOPPED,
    SEEN,
    THREADS_MANY,
    TIMERS_LATE,
    UNWELL,
    UPKEEP_STOPPED,
    WORKERS_DYING,
    above,
    longer,
    runbooks,
)
from planner.slo.objectives import Links, Promises


def board(promises: Promises) -> Board:
    """Saturation above, for it is what is felt; then use, what waits, what failed, and each part by itself."""
    links = promises.links
    return Board(
        "process",
        "Process",
        "What the planner uses of its machine, what waits for what, what fails, and whether each of its parts works.",
        (
            Row("Is anything saturated?", (*_saturated(links), *_failing(links), *_parts(links))),
            Row("Use", _use(links)),
            Row("Saturation", _saturation(links)),
            Row("Errors", _errors(links)),
            Row("Workers and jobs", (_workers(links), _jobs(links))),
            Row("How long, all of them", _spread(links), folded=True),
        ),
        alerts=(
            'alertname=~"Planner(Down|Unseen|Restarting|Unwell|Workers|Errors|Loop|Cpu|Memory|Files|Threads|Scheduler'
            '|Upkeep|Jobs|Timers|Heap|Clock).*"'
        ),
    )


def _saturated(links: Links) -> tuple[Panel, ...]:
    return (
        stat(
            "Processor",
            f"The share of one processor that it used within {CPU_BUSY.span}; Python has no use for a second."
            f" {runbooks(links, CPU_BUSY)}",
            Query(rate(process.CPU, window=CPU_BUSY.window)), "percentunit", above(CPU_BUSY), digits=1,
        ),
        stat(
            "Memory",
            "What it holds; about 100 MB are usual. The system may end what takes too much of it."
            f" {runbooks(links, MEMORY_HIGH)}",
            Query(now(process.MEMORY)), "bytes", above(MEMORY_HIGH), digits=0,
        ),
        stat(
            "Event loop stood still",
            f"How often within {LOOP_LAGGING.span} it was late by more than {LOOP_LAGGING.length:g} s; everything waits"
            f" while it stands. {runbooks(links, LOOP_LAGGING)}",
            Query(whole(beyond(LOOP_LAGGING.length, process.LOOP_LAG, window=LOOP_LAGGING.window))),
            "none", above(LOOP_LAGGING), digits=0, empty="not measured",
        ),
        stat(
            "Timers that were late",
            f"How many within {TIMERS_LATE.span} fired more than {TIMERS_LATE.length:g} s after their time; reminders"
            " begin"
            f" late by as much. {runbooks(links, TIMERS_LATE)}",
            Query(whole(beyond(TIMERS_LATE.length, work.LAG, window=TIMERS_LATE.window))), "none", above(TIMERS_LATE),
            digits=0,
        ),
        stat(
            "File descriptors",
            "The share of those that the system lets it open that are open. At the limit it can reach neither Telegram"
            f" nor its database. {runbooks(links, FILES_NEAR_LIMIT)}",
            Query(f"{now(process.FILES)} / {now(process.FILES_MAX, how='min')}"),
            "percentunit", above(FILES_NEAR_LIMIT), digits=1, empty="no limit",
        ),
        stat(
            "Threads",
            f"Ten or twenty are usual. {runbooks(links, THREADS_MANY)}",
            Query(now(process.THREADS)), "none", above(THREADS_MANY), digits=0,
        ),
    )  # fmt: skip


def _failing(links: Links) -> tuple[Panel, ...]:
    minute, ahead = (now(work.JOB_OK_AT, matchers=(f'name="{job}"',)) for job in ("minute", "look_ahead"))
    died = grown(work.RESTARTS, "worker", window=WORKERS_DYING.window)
    failed = grown(work.JOB_RUNS, "name", matchers=(FAILED,), window=JOBS_FAILING.window)
    return (
        stat(
            "Last minute's work",
            "How long ago the work of every minute ended well: in it overdue reminders are judged and told."
            f" {runbooks(links, SCHEDULER_STOPPED)}",
            Query(f"time() - {minute}"), "s", above(SCHEDULER_STOPPED), digits=0, empty="never yet",
        ),
        stat(
            "Last look ahead",
            "How long ago the reminders of recurring events and the daily plans were last made; every 6 hours is usual."
            f" {runbooks(links, UPKEEP_STOPPED)}",
            Query(f"time() - {ahead}"), "s", above(UPKEEP_STOPPED), digits=0, empty="never yet",
        ),
        stat(
            f"Starts within {RESTARTING.span}",
            "How often it was started. One is an update or somebody's hand."
            f" {SEEN} {runbooks(links, RESTARTING)}",
            Query(whole(grown(process.STARTS, window=RESTARTING.window))), "none", above(RESTARTING), digits=0,
        ),
        stat(
            "Deaths of a worker",
            f"How often within {WORKERS_DYING.span} one worker died and was begun anew, where that was most often."
            f" {runbooks(links, WORKERS_DYING)}",
            Query(whole(f"max({died})")), "none", above(WORKERS_DYING), digits=0,
        ),
        stat(
            "Failures of a job",
            f"How often within {JOBS_FAILING.span} one recurring job failed, where that was most often."
            f" {runbooks(links, JOBS_FAILING)}",
            Query(whole(f"max({failed})")), "none", above(JOBS_FAILING), digits=0,
        ),
        stat(
            "Jumps of the clock",
            f"How often within {CLOCK_JUMPING.span} the system's clock jumped: a suspended machine, NTP, somebody's"
            " hand."
            f" {runbooks(links, CLOCK_JUMPING)}",
            Query(whole(grown(work.CLOCK_JUMPS, window=CLOCK_JUMPING.window))), "none", above(CLOCK_JUMPING),
            digits=0,
        ),
    )  # fmt: skip


def _parts(links: Links) -> tuple[Panel, ...]:
    builds, started = now(process.INFO, "instance", "version", "python", "sqlite"), now(process.STARTED_AT, "instance")
    return (
        stat(
            "Its parts",
            "The checks of /readyz. Not well for five minutes, the first of telegram and scheduler are an alert:"
            f" {UNWELL.page(links)}; the others have alerts of their own.",
            Query(now(process.HEALTHY, "check", how="min"), "{{check}}"), "none", Steps(GREY), width=10,
            mappings=WELL, several=True,
        ),
        stat(
            "Busiest worker",
            f"The share of the time within {WINDOW} in which it worked. Orange: everything else waits for it, see"
            f" {CPU_BUSY.page(links)}.",
            Query(f"topk(1, {rate(work.BUSY, 'worker')})", "{{worker}}"), "percentunit",
            above(CPU_BUSY), digits=1, several=True,
        ),
        table(
            "What runs",
            "Which version, upon which Python and SQLite, and for how long. After an update the version has changed, or"
            f" it was not restarted. Empty: nobody reports, see {links.page('stack/runbooks/PlannerUnseen.md')}.",
            [Query(f"time() - {builds} * on (instance) group_left () {started}", instant=True, table=True)],
            [override("Running for", unit="s", decimals=0)],
            columns({"instance": "Instance", "version": "Version", "python": "Python", "sqlite": "SQLite",
                     "Value": "Running for"}),
            width=10, height=4, empty="nobody reports",
        ),
    )  # fmt: skip


def _use(links: Links) -> tuple[Panel, ...]:
    return (
        over_time(
            "Processor",
            f"Of one processor, {BEFORE}: in the planner's own code, and in the system's for it. Dashed: too much, see"
            f" {CPU_BUSY.page(links)}.",
            [Query(rate(process.CPU, "mode"), "{{mode}}")],
            "percentunit", above(CPU_BUSY), width=8, bars=True, min=0,
            overrides=painted({"user": BLUE, "system": ORANGE}),
        ),
        over_time(
            "Memory",
            "What it holds. It rises after a start and then stays; a slope that does not end is a leak, see"
            f" {MEMORY_GROWING.page(links)}. Dashed: too much, see {MEMORY_HIGH.page(links)}.",
            [Query(now(process.MEMORY), "memory")], "bytes", above(MEMORY_HIGH), width=8, min=0,
        ),
        over_time(
            "How busy each worker is",
            f"The share of the time {BEFORE} in which it worked. The one on top is the bottleneck; dashed: everything"
            f" else waits for it, see {CPU_BUSY.page(links)}.",
            [Query(rate(work.BUSY, "worker"), "{{worker}}")], "percentunit", above(CPU_BUSY),
            width=8, min=0, decimals=2,
        ),
        over_time(
            "Disk",
            f"Bytes a second that it read and wrote, {BEFORE}. Nothing needs doing unless transactions are slow, see"
            " the dashboard of the database.",
            [Query(rate(process.DISK, "direction"), "{{direction}}")], "Bps", width=8, min=0,
        ),
        over_time(
            "Network",
            f"Bytes a second that it sent and received over HTTP, {BEFORE}. Nothing needs doing; a hill is a large"
            " calendar, a file or a burst of reminders.",
            [Query(rate(process.NETWORK, "direction"), "{{direction}}")], "Bps", width=8, min=0,
        ),
        counts(
            "What workers did",
            f"Pieces of work {BEFORE}, those that failed included. A worker with none while others have many may stand"
            f" still: {UNWELL.page(links)}.",
            work.TASKS, "worker",
        ),
    )  # fmt: skip


def _saturation(links: Links) -> tuple[Panel, ...]:
    return (
        percentiles(
            "How late the event loop is",
            f"By how much timers in it were late within {WINDOW}, looked at twice a second. Dashed: it stood still, and"
            f" everything waited, see {LOOP_LAGGING.page(links)}.",
            process.LOOP_LAG, longer(LOOP_LAGGING), width=8,
        ),
        percentiles(
            "How late timers fire",
            f"Of reminders and jobs, within {WINDOW}. Dashed: late, see {TIMERS_LATE.page(links)}.",
            work.LAG, longer(TIMERS_LATE), width=8,
        ),
        over_time(
            "Time in garbage collection",
            f"The share of the time {BEFORE}, by generation: 2 looks at everything. Some per mille are usual; some"
            f" percent are memory that is full of small things, see {MEMORY_GROWING.page(links)}.",
            [Query(rate(process.GC_PAUSE, "generation", part="sum"), "generation {{generation}}")],
            "percentunit", width=8, bars=True, min=0, decimals=2,
        ),
        over_time(
            "Threads",
            f"They come with work and stay. Dashed: a leak, see {THREADS_MANY.page(links)}.",
            [Query(now(process.THREADS), "threads")], "none", above(THREADS_MANY), width=8, min=0, decimals=0,
        ),
        over_time(
            "Open file descriptors",
            "Files and connections. They come and go; a slope that does not end is a leak, see"
            f" {FILES_NEAR_LIMIT.page(links)}.",
            [Query(now(process.FILES), "open")], "none", width=8, min=0, decimals=0,
        ),
        over_time(
            "Timers that the scheduler holds",
            "Beside the reminders that are owed: it holds those of the next hours, and some jobs. More timers than are"
            f" owed by a thousand are a leak: {HEAP_GROWING.page(links)}.",
            [Query(now(work.TIMERS), "timers held"), Query(now(reminders.PENDING, how="sum"), "reminders owed")],
            "short", width=8, min=0, decimals=0,
        ),
    )  # fmt: skip


def _errors(links: Links) -> tuple[Panel, ...]:
    return (
        over_time(
            "Starts, and workers begun anew",
            f"Starts of the planner, and workers that died and were begun anew, {BEFORE}."
            f" {RESTARTING.page(links)} and {WORKERS_DYING.page(links)} say what to do where they come back.",
            [Query(grown(process.STARTS), "the planner"), Query(f"{grown(work.RESTARTS, 'worker')} > 0", "{{worker}}")],
            "none", width=8, bars=True, min=0, decimals=0,
            overrides=painted({**faults(work.RESTARTS, "worker"), "the planner": BLUE}),
        ),
        over_time(
            "Jobs that failed or were left out",
            f"Runs of recurring jobs {BEFORE}. Left out: the clock jumped, or the process was busy. What fails is tried"
            f" again every minute: {JOBS_FAILING.page(links)}.",
            [Query(grown(work.JOB_RUNS, "name", matchers=(FAILED,)), "{{name}} failed"),
             Query(f"{grown(work.JOB_MISSED, 'name')} > 0", "{{name}} left out")],
            "none", width=8, bars=True, min=0, decimals=0,
            overrides=painted({f"{job} failed": color for job, color in faults(work.JOB_RUNS, "name").items()}),
        ),
        counts(
            "Pieces of work that failed, by worker",
            f"{BEFORE.capitalize()}. delivery: Telegram did not take a message, and it is tried again; sync: a calendar"
            f" could not be read; others: the log says why, and {ERRORS_LOGGED.page(links)}"
            " how to read it.",
            work.TASKS, "worker", faults(work.TASKS, "worker"), matchers=(FAILED,),
        ),
        states(
            "Its parts over time",
            f"The checks of /readyz: when which was not well. Still red: {UNWELL.page(links)}.",
            Query(now(process.HEALTHY, "check", how="min"), "{{check}}"), WELL,
        ),
        counts(
            "Jumps of the system's clock",
            f"Forward and back, {BEFORE}. What fell due within a jump was late: {CLOCK_JUMPING.page(links)}.",
            work.CLOCK_JUMPS, "direction", {"forward": ORANGE, "back": RED}, width=12,
        ),
    )  # fmt: skip


def _workers(links: Links) -> Panel:
    asked = (
        ("Busy", rate(work.BUSY, "worker"), override("Busy", unit="percentunit", decimals=1, **_warned(CPU_BUSY.at))),
        ("Idle", rate(work.IDLE, "worker"), override("Idle", unit="percentunit", decimals=1)),
        ("Done", counted(work.TASKS, "worker", matchers=('outcome="ok"',)), override("Done", decimals=0)),
        ("Failed", counted(work.TASKS, "worker", matchers=(FAILED,)), override("Failed", decimals=0, **_warned(1))),
        ("Begun anew", grown(work.RESTARTS, "worker"), override("Begun anew", decimals=0, **_warned(1))),
    )
    return each(
        f"Workers within {WINDOW}",
        "A line for each; “–” stands where there is no such worker, or nothing is measured of it. Busy and idle are"
        " less than 100 % together where it was dead for a while, or began within that time; calendars, which are read"
        " in a process of their own, and only while there is something, have no idle time. Many that fail or are begun"
        f" anew: {WORKERS_DYING.page(links)}.",
        ("worker", "Worker"), asked, height=10,
    )  # fmt: skip


def _jobs(links: Links) -> Panel:
    asked = (
        ("Begun ago", f"time() - {now(work.JOB_RUN_AT, 'name')}", override("Begun ago", unit="s", decimals=0)),
        ("Ended well ago", f"time() - {now(work.JOB_OK_AT, 'name')}", override("Ended well ago", unit="s", decimals=0)),
        ("Runs", counted(work.JOB_RUNS, "name"), override("Runs", decimals=0)),
        ("Failed", counted(work.JOB_RUNS, "name", matchers=(FAILED,)), override("Failed", decimals=0, **_warned(1))),
        ("Left out", grown(work.JOB_MISSED, "name"), override("Left out", decimals=0, **_warned(1))),
        ("Mean", there(mean(work.JOB_DURATION, "name")), override("Mean", unit="s")),
        ("p95", there(quantile(0.95, work.JOB_DURATION, "name")), override("p95", unit="s")),
    )
    return each(
        f"Recurring jobs within {WINDOW}",
        "load: what is due soon comes into memory; minute: what is overdue is judged; look_ahead: reminders of"
        " recurring events are made, every 6 hours; forget: what is old is deleted, once a day; alerts and probe: the"
        f" promises are watched. One that ended well long before it began: {JOBS_FAILING.page(links)}.",
        ("name", "Job"), asked, height=8,
    )  # fmt: skip


def _warned(at: float) -> Block:
    return {"custom__cellOptions": {"type": "color-text"}, "thresholds": Steps(GREEN, ((at, ORANGE),)).json}


def _spread(links: Links) -> tuple[Panel, ...]:
    return tuple(
        heatmap(title, f"How many were of which length. {about}", Query(buckets(metric)), "s", width=8)
        for title, metric, about in (
            ("How late the event loop was", process.LOOP_LAG,
             f"Above {LOOP_LAGGING.length:g} s everything waited: {LOOP_LAGGING.page(links)}."),
            ("How late timers fired", work.LAG,
             f"Above {TIMERS_LATE.length:g} s reminders were late: {TIMERS_LATE.page(links)}."),
            ("How long garbage collections took", process.GC_PAUSE,
             f"Above a tenth of a second they are felt: {LOOP_LAGGING.page(links)}."),
        )
    )  # fmt: skip
