"""The scheduler, its jobs, and the parts that work side by side."""

from planner.catalogue.metric import INSIDE_S, REQUEST_S, Label, counter, gauge, histogram

_JOB = Label("name", ("load", "minute", "look_ahead", "forget", "alerts", "probe"))
_WORKER = Label("worker", ("intake", "delivery", "errands", "sync", "scheduler", "writer", "reader", "calendars"))

TIMERS = gauge("planner.scheduler.timers", "{timer}", "Timers that the heap holds.", "Memory, and what is to come.")
LAG = histogram(
    "planner.scheduler.lag",
    "s",
    "How long after its time a timer fired.",
    "A loop or a machine that is overloaded.",
    bounds=(*INSIDE_S, 30.0, 60.0),
)
JOB_RUNS = counter(
    "planner.job.runs",
    "{run}",
    "Runs of recurring jobs.",
    "A job that fails.",
    _JOB,
    Label("outcome", ("ok", "failed")),
)
JOB_DURATION = histogram(
    "planner.job.duration", "s", "How long those took.", "A job that grows.", _JOB, bounds=REQUEST_S
)
JOB_RUN_AT = gauge("planner.job.run.timestamp", "s", "When a job last began.", "A job that stands still.", _JOB)
JOB_OK_AT = gauge(
    "planner.job.success.timestamp", "s", "When a job last ended well.", "A job that never succeeds.", _JOB
)
JOB_MISSED = counter(
    "planner.job.missed",
    "{run}",
    "Runs that were left out, the clock having jumped or the process having been busy.",
    "Work that was not done.",
    _JOB,
)
CLOCK_JUMPS = counter(
    "planner.clock.jumps",
    "{jump}",
    "Jumps of the system's clock.",
    "Suspend, NTP, somebody's hand.",
    Label("direction", ("forward", "back")),
)
BUSY = counter(
    "planner.worker.busy",
    "s",
    "Time that a worker worked; its rate is the share.",
    "What is the bottleneck.",
    _WORKER,
)
IDLE = counter(
    "planner.worker.idle", "s", "Time that a worker waited for work.", "The same from the other side.", _WORKER
)
TASKS = counter(
    "planner.worker.tasks",
    "{task}",
    "What a worker did, by how it ended.",
    "A worker that fails.",
    _WORKER,
    Label("outcome", ("ok", "failed")),
)
RESTARTS = counter(
    "planner.worker.restarts",
    "{restart}",
    "Workers that died and were begun anew.",
    "Something that crashes.",
    _WORKER,
)
