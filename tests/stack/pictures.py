"""``make pictures``: README's picture of *Promises*, drawn after a day of the demo, as its Prometheus has it."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.e2e.test_real_processes import ROOT
from tests.stack.filled import a_filled_site
from tools.boards.picture import PictureError, draw

PICTURE = ROOT / "docs" / "promises.png"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, a_filled_site(Path(folder)) as day:
        if day.exit_code:
            print(day.narrated, file=sys.stderr)
            return 1
        try:
            draw(day.slo, day.prometheus, time.time() - day.began, day.scrape_s, PICTURE)
        except PictureError as failed:
            print(failed, file=sys.stderr)
            return 1
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
