"""``make stack-native`` as a host runs it, around a real bot and its chat, from a checkout that is in a hurry."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.test_real_processes import ROOT, START_S, TOKEN, Process, ask, free_port, until
from tests.e2e.watchers import ALICE, SLO_TOML, Site

AMTOOL = shutil.which("amtool")
DEAD_S = 65
"""After which the planner is taken for dead here, in place of 3 minutes and one more: it notes once a minute that it
is there, so none that lives is taken for dead."""
ABSENT_S = 20
"""So long nobody has reported a promise, and so long it stays so, in place of 5 minutes: the planner has been taken for
dead by then, and it has had that long to begin."""
SILENCED = "again"
"""A second promise on the same counts, so that what is told of the first would be told of it, too."""
TWO_PROMISES = (
    SLO_TOML
    + f"""
[slo.{SILENCED}]
name = "The same reminders"
description = "Reminders that Telegram accepted within 60 s of the time they were due, once more."
counts = "reminders"
counted = "reminder"
objective = 0.5
alert_below = 0.2
impact = "Nobody wants to hear of this one."
policy = "None."
runbook = "stack/runbooks/slo-reminders.md"
"""
)
Changes = Mapping[str, tuple[tuple[str, str], ...]]
"""By a file's path: what stands there, and what stands there instead; the first such place each."""
SOON_DEAD: Changes = {
    "stack/prometheus/process.rules.yml": (("> 180", f"> {DEAD_S}"), ("for: 1m", "for: 1s")),
    "planner/slo/generate/alerting.py": (
        ("ABSENT_MS = 5 * MINUTE", f"ABSENT_MS = {ABSENT_S} * SECOND"),
        ("ABSENT_FOR_MS = 5 * MINUTE", f"ABSENT_FOR_MS = {ABSENT_S} * SECOND"),
    ),
}


def hurried(scrape_s: int) -> Changes:
    """A host's Prometheus looks every 15 s, and what has changed is told after half a minute, or after five."""
    return {
        "stack/prometheus/native.yml": (("_interval: 15s", f"_interval: {scrape_s}s"),) * 2,
        "planner/slo/generate/routes.py": (
            ('Severity.CRITICAL: Pace("5s", "30s", "1h")', 'Severity.CRITICAL: Pace("5s", "5s", "1h")'),
            ('Severity.WARNING: Pace("30s", "5m", "12h")', 'Severity.WARNING: Pace("1s", "5s", "12h")'),
        ),
    }


def checkout(folder: Path, changes: Changes) -> Path:
    """A copy of what ``tools.stack`` needs, whose times are cut."""
    junk = shutil.ignore_patterns("__pycache__", "node_modules", "run")
    for part in ("planner", "tools/stack", "stack/prometheus", "stack/alertmanager"):
        shutil.copytree(ROOT / part, folder / part, ignore=junk)
    shutil.copy(ROOT / "tools" / "__init__.py", folder / "tools")
    for name, places in changes.items():
        text = (folder / name).read_text()
        for before, after in places:
            assert before in text, f"{before!r} is not in {name}"
            text = text.replace(before, after, 1)
        (folder / name).write_text(text)
    return folder


class Native:
    """``python -m tools.stack native`` in a checkout."""

    def __init__(self, checkout: Path, folder: Path, environ: Mapping[str, str]) -> None:
        self._out, self._err = folder / "native.out", folder / "native.err"
        with self._out.open("w") as out, self._err.open("w") as err:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tools.stack", "native"], cwd=checkout, stdout=out, stderr=err,
                env={"PATH": os.environ["PATH"], "STACK_RUN": str(folder / "run"), **environ},
            )  # fmt: skip

    @property
    def out(self) -> str:
        return self._out.read_text()

    @property
    def err(self) -> str:
        return self._err.read_text()

    @property
    def pid(self) -> int:
        return self._process.pid

    def ready(self) -> None:
        until(lambda: self._alive() and "Both are ready." in self.out, START_S, "readiness of both")

    def ended(self) -> int:
        return self._process.wait(START_S)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self._process.send_signal(how)
        return self.ended()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _alive(self) -> bool:
        assert self._process.poll() is None, f"it ended: {self.out} {self.err}"
        return True


def ports() -> dict[str, str]:
    """Free ones, for both."""
    return {"STACK_PROMETHEUS_PORT": str(free_port()), "STACK_ALERTMANAGER_PORT": str(free_port())}


class NativeSite(Site):
    """A bot, its chat, and what ``make stack-native`` starts; the second promise's alert is silenced."""

    native: Native
    bot: Process

    def start_watchers(self, *_: Path) -> None:
        (self.folder / "slo.toml").write_text(TWO_PROMISES)
        given = ports()
        self.native = self._begun(
            Native(checkout(self.folder / "checkout", {**hurried(1), **SOON_DEAD}), self.folder, {
                **given,
                "BOT_TOKEN": TOKEN,
                "PLANNER_BOT_API": self.chat,
                "PLANNER_ADMINS": str(ALICE),
                "PLANNER_HTTP": f"127.0.0.1:{self._port}",
                "PLANNER_DB": str(self.folder / "planner.db"),
                "STACK_SLO": str(self.folder / "slo.toml"),
                "STACK_QUIET_HOURS": "off",
            })
        )  # fmt: skip
        self.prometheus = f"http://127.0.0.1:{given['STACK_PROMETHEUS_PORT']}"
        self.alertmanager = f"http://127.0.0.1:{given['STACK_ALERTMANAGER_PORT']}"
        self.native.ready()
        self.silence(f"slo={SILENCED}", "tier=~fast|below")

    def start_bot(self, **environ: str) -> Process:
        self.bot = super().start_bot(PLANNER_ALERTS="stack", PLANNER_METRICS="1", **environ)
        return self.bot

    def watched(self) -> None:
        """Of both promises: what is bad before the first look at one is not seen to grow."""
        super().watched()
        seen = "count(slo:planner_sli_events_bad:last == 0) == 2"
        until(lambda: self.query(seen), START_S, "a result of both promises' rules")

    def silence(self, *matchers: str) -> None:
        """As a host does it."""
        subprocess.run(
            [str(AMTOOL), "silence", "add", f"--alertmanager.url={self.alertmanager}", "--duration=1h",
             "--author=alice", "--comment=known", *matchers],
            check=True, capture_output=True,
        )  # fmt: skip

    def firing(self) -> set[tuple[str, str]]:
        """Name and promise of what fires in Prometheus."""
        found: list[Any] = self.query('ALERTS{alertstate="firing"}')
        return {(one["metric"]["alertname"], one["metric"].get("slo", "")) for one in found}

    def kept_back(self, why: str) -> set[tuple[str, str]]:
        """Name and promise of what Alertmanager tells nobody; ``why``: ``silencedBy`` or ``inhibitedBy``."""
        found: Any = ask(f"{self.alertmanager}/api/v2/alerts")
        return {(one["labels"]["alertname"], one["labels"].get("slo", "")) for one in found if one["status"][why]}


@contextmanager
def a_native_site(folder: Path) -> Iterator[NativeSite]:
    site = NativeSite(folder)
    try:
        yield site
    finally:
        site.close()
