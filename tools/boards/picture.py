"""The top of a board as a PNG, drawn by Chromium: README's picture of the promises.

``python -m tools.boards.picture --prometheus http://127.0.0.1:9090 --slo stack/demo/slo.toml --out docs/promises.png``
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from planner import dashboards
from planner.slo.reading import read_slos
from tools.boards.answers import Prometheus
from tools.boards.page import picture
from tools.boards.rendering import Page, rendered, seconds
from tools.boards.sense import GAP_PX, ROW_PX

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
WIDTH_PX, HEAD_PX, EDGES_PX = 1_300, 49, 16
BYTES_MAX = 300_000
SECTIONS = 2
"""So many rows; of the last one only the first line of panels."""
WAIT_S = 60


class PictureError(Exception):
    """There is no picture, and why."""


def draw(slo: str, prometheus: str, length: float, scrape: float, out: Path, *, window: str = "") -> None:
    """The first of the boards, its top. PictureError: no browser, or more than README should make anybody load."""
    board = dashboards.boards(read_slos(slo))[0].json
    whole = rendered(board, Prometheus(prometheus), time.time(), length=length, scrape=scrape,
                     chosen={"window": window} if window else {})  # fmt: skip
    top = _top(whole)
    _photograph(picture(top), _height(top), out)
    if out.stat().st_size > BYTES_MAX:
        raise PictureError(f"{out} has {out.stat().st_size} bytes, more than {BYTES_MAX}")


def _top(whole: Page) -> Page:
    *first, last = whole.sections[:SECTIONS]
    line = min(one.panel["gridPos"]["y"] for one in last.panels)
    kept = tuple(one for one in last.panels if one.panel["gridPos"]["y"] == line)
    return replace(whole, sections=(*first, replace(last, panels=kept)))


def _height(top: Page) -> int:
    lines = 0
    for section in top.sections:
        places = [one.panel["gridPos"] for one in section.panels]
        first, last = min(one["y"] for one in places), max(one["y"] + one["h"] for one in places)
        lines += HEAD_PX + (last - first) * (ROW_PX + GAP_PX) - GAP_PX
    return lines + EDGES_PX


def _photograph(html: str, height: int, out: Path) -> None:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise PictureError("there is no Chromium to draw it with")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.html")
        page.write_text(html, encoding="utf-8")
        subprocess.run(
            [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--force-color-profile=srgb", f"--user-data-dir={folder}/profile", f"--window-size={WIDTH_PX},{height}",
             f"--screenshot={out.resolve()}", page.as_uri()],
            check=True, capture_output=True, timeout=WAIT_S,
        )  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.boards.picture", description=__doc__)
    parser.add_argument("--prometheus", required=True)
    parser.add_argument("--slo", type=Path, required=True)
    parser.add_argument("--range", type=seconds, default=900, metavar="15m")
    parser.add_argument("--scrape", type=seconds, default=15, metavar="15s")
    parser.add_argument("--window", default="")
    parser.add_argument("--out", type=Path, default=Path("docs/promises.png"))
    given = parser.parse_args(arguments)
    try:
        slo = given.slo.read_text(encoding="utf-8")
        draw(slo, given.prometheus, given.range, given.scrape, given.out, window=given.window)
    except (PictureError, OSError) as failed:
        print(failed, file=sys.stderr)
        return 1
    print(f"{given.out}: {given.out.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
