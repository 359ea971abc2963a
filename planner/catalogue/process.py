"""The process itself."""

from planner.catalogue.metric import INSIDE_S, Label, counter, gauge, histogram

CPU = counter("planner.process.cpu", "s", "CPU time used.", "Load.", Label("mode", ("user", "system")))
MEMORY = gauge("planner.process.memory", "By", "Resident memory.", "A leak.")
LOOP_LAG = histogram(
    "planner.loop.lag",
    "s",
    "How long the event loop kept a timer waiting, looked at twice a second.",
    "Something that blocks everything.",
    bounds=INSIDE_S,
)
GC_PAUSE = histogram(
    "planner.gc.pause",
    "s",
    "How long garbage collections took.",
    "Pauses that are Python's.",
    Label("generation", ("0", "1", "2")),
    bounds=INSIDE_S,
)
THREADS = gauge("planner.process.threads", "{thread}", "Threads.", "A leak.")
FILES = gauge("planner.process.files", "{file}", "Open file descriptors.", "A leak.")
FILES_MAX = gauge(
    "planner.process.files.limit",
    "{file}",
    "File descriptors that the system lets the process open; missing without a limit.",
    "How near the limit is.",
)
DISK = counter(
    "planner.process.disk",
    "By",
    "Bytes that the process read from and wrote to disks.",
    "Load.",
    Label("direction", ("read", "written")),
)
NETWORK = counter(
    "planner.process.network",
    "By",
    "Bytes of what was sent and received over HTTP.",
    "Load.",
    Label("direction", ("sent", "received")),
)
STARTED_AT = gauge("planner.process.start.timestamp", "s", "When the process started.", "Restarts.")
STARTS = counter("planner.process.starts", "{start}", "Starts on this database.", "A crash loop.", kept=True)
INFO = gauge(
    "planner.build.info",
    "{build}",
    "Always 1; what runs.",
    "Which version it was.",
    Label("version"),
    Label("python"),
    Label("sqlite"),
)
HEALTHY = gauge(
    "planner.health.ok",
    "{check}",
    "1 where a check of /readyz is well.",
    "Which part is not.",
    Label("check", ("database", "telegram", "scheduler", "feeds", "telemetry")),
)
