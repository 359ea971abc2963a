"""``python -m tools.boards``: the dashboards as pages."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from planner import dashboards, promises
from planner.slo.reading import read_slos
from tools.boards import page
from tools.boards.answers import Prometheus
from tools.boards.rendering import rendered, seconds


def main(arguments: list[str] | None = None) -> int:
    given = _read(arguments)
    kept = promises.load() if given.slo is None else read_slos(given.slo.read_text(encoding="utf-8"))
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
        print(f"{given.prometheus} cannot be asked: {unreachable}", file=sys.stderr)
        return 1
    (given.out / f"{page.INDEX}.html").write_text(page.index(boards), encoding="utf-8")
    print(f"Open {given.out / page.INDEX}.html")
    return 1 if errors else 0


def _read(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.boards", description="Draw the dashboards without Grafana.")
    parser.add_argument("--prometheus", default="http://127.0.0.1:9090", help="whom to ask (%(default)s)")
    parser.add_argument("--out", type=Path, default=Path("build/boards"), help="where the pages go (%(default)s)")
    parser.add_argument("--range", type=seconds, default=0, metavar="15m", help="how far back; each board's own")
    parser.add_argument("--scrape", type=seconds, default=15, metavar="15s",
                        help="how often Prometheus looks at the bot (15s)")  # fmt: skip
    parser.add_argument("--var", action="append", default=[], metavar="window=5m", help="a variable's value")
    parser.add_argument("--slo", type=Path, metavar="slo.toml", help="the promises; those in use")
    parser.add_argument("--unfolded", action="store_true", help="with every row open")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
