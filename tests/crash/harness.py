"""``kill -9`` at random moments: a bot with a real database and real sockets, under load, killed and started at once.

The local chat and its users live in processes of their own and survive. Every bot is forked from this one, which has
imported everything and started neither a thread nor a loop, since a start costs seconds elsewhere.

    python -m tests.crash.harness --kills 200 --seed 1
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from random import Random, SystemRandom

from planner import app, cli, promises  # noqa: F401  # all that a bot needs is here before it is forked
from planner.model import SECOND
from planner.telemetry import logs  # noqa: F401
from tests.crash.load import Ledger, talk_until_told
from tests.crash.processes import copied, fork, frames, read_only, tail, until
from tests.crash.verdict import Flight, Found, Shown, contradictions, judge

ALIVE_S = (0.0, 1.6)
"""How long a bot lives, from its fork: long enough to work, short enough to be killed while it starts, too."""
STOPPED = 0.15
"""So many of the bots are told to stop instead: those may leave nothing in flight, and so nothing comes again."""
CUTS = 2
"""Places at each kill where the log is cut as a power cut may have cut it."""
SETTLE_S, STOP_S, START_S = 90.0, 5.0, 30.0
SLOWNESS = {"methods": ["sendMessage", "editMessageText", "answerCallbackQuery", "getUpdates"], "delay_ms": [0, 80],
            "answer_delay_ms": [0, 80]}  # fmt: skip
"""An answer takes its time, so that a kill finds something in flight."""
CHECKPOINT_FRAMES = 1_000
"""From this length on SQLite copies the log's pages into the file; a log that was copied cannot be cut any more."""

NEVER = ("reminders lost", "commands lost", "out of order", "repeated, not in flight", "done twice", "unasked for",
         "corrupt")  # fmt: skip
"""What the table says zero of."""


class Bench:
    """The processes, and what becomes of them."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.database = folder / "planner.db"
        self.flight = Flight()
        self.found = Found()
        self.cuts = self.kills = self.stops = 0
        self._random = Random(seed)
        self._chat = fork(folder / "chat.log", self._serve)
        self.url = until(self._printed_url, START_S, "the local chat starts")
        self.ask("/chat/faults", SLOWNESS)
        self._load = fork(folder / "load.log", lambda: talk_until_told(self.url, seed, folder / "ledger.json"))

    def end_once(self) -> None:
        """Start a bot, kill it at a random moment, now and then tell it to stop instead, and look at what it leaves."""
        began = time.time_ns() // 1_000_000
        bot = self.start_bot()
        time.sleep(self._random.uniform(*ALIVE_S))
        in_order = self._tell_to_stop(bot) if self._random.random() < STOPPED else self._kill(bot)
        if self.database.exists():
            self._look()
        left = sum(at >= began for at in self.flight.claimed)  # of the last one's it may not have heard yet
        if in_order and left:
            self.found.fault("stopped wrongly", f"{left} reminders in flight after an orderly stop")

    def _kill(self, bot: int) -> bool:
        os.kill(bot, signal.SIGKILL)
        if (status := os.waitpid(bot, 0)[1]) != signal.SIGKILL:
            self.found.fault("ended by itself", f"with status {status}: {tail(self.folder / 'bot.log')}")
        self.kills += 1
        return False

    def _tell_to_stop(self, bot: int) -> bool:
        """SIGTERM: it ends in time and in order, or was not far enough yet to know the signal; says which."""
        os.kill(bot, signal.SIGTERM)
        try:
            status = until(lambda: os.waitpid(bot, os.WNOHANG), STOP_S, "the bot stops", done=lambda one: one[0])[1]
        except TimeoutError:
            os.kill(bot, signal.SIGKILL)
            status = os.waitpid(bot, 0)[1]
        if status not in (0, signal.SIGTERM):
            self.found.fault("stopped wrongly", f"status {status} after SIGTERM: {tail(self.folder / 'bot.log')}")
        if status == 0:
            self.stops += 1
        return status == 0

    def start_bot(self) -> int:
        return fork(self.folder / "bot.log", self._run)

    def finish(self, bot: int) -> None:
        """Let the users fall silent and the bot catch up, stop it, and judge."""
        os.kill(self._load, signal.SIGTERM)
        os.waitpid(self._load, 0)
        try:
            until(self._settled, SETTLE_S, "all is settled")
        except TimeoutError as error:
            self.found.fault("not settled", f"{error}: {self._unsettled()}")
        self._tell_to_stop(bot)
        last = judge(
            Ledger.read(self.folder / "ledger.json"), self._shown(), self.flight, self.database, self._presses()
        )
        self.found.counts = last.counts
        for what, about in last.faults.items():
            self.found.faults.setdefault(what, []).extend(about)

    def close(self) -> None:
        for process in (self._load, self._chat):
            try:
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)
            except (ProcessLookupError, ChildProcessError):
                pass

    def ask(self, path: str, body: object = None) -> object:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method="GET" if body is None else "PUT")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def _serve(self) -> int:
        return self._command("localchat", PLANNER_DB=str(self.folder / "chat.db"))

    def _run(self) -> int:
        return self._command("run", PLANNER_DB=str(self.database), BOT_TOKEN="42:any", PLANNER_BOT_API=self.url,
                             PLANNER_USERS="*", PLANNER_SEND_RATE="300", PLANNER_CHAT_BURST="1000")  # fmt: skip

    def _command(self, name: str, **environ: str) -> int:
        os.environ.update(environ, PLANNER_HTTP="127.0.0.1:0")
        os.chdir(self.folder)
        return cli.main([name])

    def _printed_url(self) -> str | None:
        found = re.search(r"PLANNER_BOT_API=(\S+)", (self.folder / "chat.log").read_text())
        return found[1] if found else None

    def _look(self) -> None:
        """Look at copies only: opening the file itself would repair what the next bot has to."""
        copy = self.folder / "look.db"
        for name in ("", "-wal"):
            copy.with_name(copy.name + name).unlink(missing_ok=True)
            if (left := self.database.with_name(self.database.name + name)).exists():
                shutil.copy(left, copy.with_name(copy.name + name))
        log = copy.with_name("look.db-wal")
        whole = log.read_bytes() if log.exists() else b""
        index = self.database.with_name(self.database.name + "-shm")
        whole_still = not copied(index.read_bytes() if index.exists() else b"")
        for _ in range(CUTS if 0 < frames(whole) < CHECKPOINT_FRAMES and whole_still else 0):
            self._cut(copy, whole)
        self.flight.see(copy)
        with closing(sqlite3.connect(copy)) as db:
            for what in contradictions(db):
                self.found.fault("corrupt", what)

    def _cut(self, copy: Path, whole: bytes) -> None:
        torn = copy.with_name("torn.db")
        shutil.copy(copy, torn)
        torn.with_name("torn.db-wal").write_bytes(whole[: self._random.randrange(len(whole))])
        with closing(sqlite3.connect(torn)) as db:
            for what in contradictions(db):
                self.found.fault("contradicts itself after a power cut", what)
        self.cuts += 1

    def _settled(self) -> bool:
        return not any(self._unsettled().values())

    def _unsettled(self) -> dict[str, int]:
        soon = time.time_ns() // 1_000_000 + 30 * SECOND
        asked = {
            "updates": "SELECT count(*) FROM updates WHERE handled_at IS NULL",
            "answers": "SELECT count(*) FROM answers",
            "reminders": "SELECT count(*) FROM reminders WHERE state = 'sending'"
            f" OR (state = 'pending' AND due_at < {soon})",
        }
        with closing(read_only(self.database)) as db, closing(read_only(self.folder / "chat.localchat.db")) as chat:
            return {name: db.execute(query).fetchone()[0] for name, query in asked.items()} | {
                "queued": chat.execute("SELECT count(*) FROM updates").fetchone()[0]}  # fmt: skip

    def _shown(self) -> list[Shown]:
        users = {one.user for one in Ledger.read(self.folder / "ledger.json").said}
        rows = ((user, row) for user in users for row in self.ask(f"/chat/messages?chat_id={user}&after=0"))
        return [Shown(user, row["message_id"], row["text"]) for user, row in rows if row["from"] == "bot"]

    def _presses(self) -> dict[int, bool]:
        with closing(read_only(self.folder / "chat.localchat.db")) as chat:
            return {row[0]: row[1] is not None for row in chat.execute("SELECT id, answer FROM presses")}


def table(bench: Bench, seed: int, took_s: float) -> str:
    found = bench.found
    faults = {name: len(found.faults.get(name, ())) for name in NEVER}
    others = {name: len(about) for name, about in found.faults.items() if name not in faults}
    rows = {"seed": seed, "kills": bench.kills, "orderly stops": bench.stops, "power cuts": bench.cuts, **found.counts,
            **faults, **others, "seconds": round(took_s)}  # fmt: skip
    return "\n".join(f"{name:24}{value:>10}" for name, value in rows.items())


def run(kills: int, seed: int, folder: Path) -> Found:
    """Kill so many times; prints the table and every fault."""
    began = time.monotonic()
    bench = Bench(folder, seed)
    try:
        while bench.kills < kills:
            bench.end_once()
        bench.finish(bench.start_bot())
    finally:
        bench.close()
    print(table(bench, seed, time.monotonic() - began))
    for what, about in bench.found.faults.items():
        print(f"\n{what}:", *about[:10], *(["…"] if len(about) > 10 else []), sep="\n  ")
    return bench.found


def main() -> int:
    parser = argparse.ArgumentParser(description="kill -9 at random moments under load; exit 1 when anything is amiss")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--keep", type=Path, default=None, metavar="FOLDER", help="where databases and logs stay")
    given = parser.parse_args()
    seed = SystemRandom().randrange(10**6) if given.seed is None else given.seed
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="planner-crash-") as folder:
        if given.keep is not None:
            given.keep.mkdir(parents=True)
        return 1 if run(given.kills, seed, given.keep or Path(folder)).faults else 0


if __name__ == "__main__":
    sys.exit(main())
