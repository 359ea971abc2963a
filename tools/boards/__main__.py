"""``python -m tools.boards``: the dashboards as pages."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from planner import dashboards, promises
from planner.config import SettingError
from planner.slo.objectives import Promises, SloError
from tools.boards import page
from tools.boards.answers import Prometheus
from tools.boards.rendering import rendered, seconds
from tools.stack.settings import Settings, read_settings

WRONG = 2


def main(arguments: list[str] | None = None) -> int:
    """0: drawn; 1: Prometheus cannot be asked, or refuses a query; 2: a wrong setting or ``slo.toml``."""
    try:
        given = _read(arguments, read_settings(os.environ))
        return _draw(given, promises.load(given.slo))
    except (SettingError, SloError) as error:
        print(error, file=sys.stderr)
        return WRONG


def _draw(given: argparse.Namespace, kept: Promises) -> int:
    boards = [board.json for board in dashboards.boards(kept)]
    chosen = dict(one.split("=", 1) for one in given.var)
    given.out.mkdir(parents=True, exist_ok=True)
    errors = 0
    try:
        for board in boards:
            drawn = rendered(board, Prometheus(given.prometheus), time.time(), length=given.range,
                             scrape=given.scrape, chosen=chosen)  # fmt: skip
            text = page.page(drawn, boards, unfolded=given.unfolded)
            (given.out / f"{board['uid']}.html").write_text(text, encoding="utf-8")
            wrong = [f"  {one.panel['title']}: {error}" for one in drawn.panels for error in one.errors]
            errors += len(wrong)
            print(f"{board['title']}: {len(drawn.panels)} panels", *wrong, sep="\n")
    except OSError as unreachable:
        print(f"{given.prometheus} cannot be asked: {getattr(unreachable, 'reason', unreachable)}\nStart it with"
              " `make stack-native` (or `make stack`) first, or name another: make boards PROMETHEUS=http://host:port",
              file=sys.stderr)  # fmt: skip
        return 1
    (given.out / f"{page.INDEX}.html").write_text(page.index(boards), encoding="utf-8")
    print(f"Open {given.out / page.INDEX}.html")
    return 1 if errors else 0


def _read(arguments: list[str] | None, settings: Settings) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.boards", description="Draw the dashboards without Grafana.")
    parser.add_argument("--prometheus", default=f"http://127.0.0.1:{settings.ports.prometheus}",
                        help="whom to ask (%(default)s)")  # fmt: skip
    parser.add_argument("--out", type=Path, default=Path("build/boards"), help="where the pages go (%(default)s)")
    parser.add_argument("--range", type=seconds, default=0, metavar="15m", help="how far back; each board's own")
    parser.add_argument("--scrape", type=seconds, default=15, metavar="15s",
                        help="how often Prometheus looks at the bot (15s)")  # fmt: skip
    parser.add_argument("--var", action="append", default=[], metavar="window=5m", help="a variable's value")
    parser.add_argument("--slo", type=Path, default=settings.slo, metavar="slo.toml",
                        help="the promises; those in use")  # fmt: skip
    parser.add_argument("--unfolded", action="store_true", help="with every row open")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
