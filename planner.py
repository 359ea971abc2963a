"""Run the planner from a checkout: ``python planner.py``. See ``planner/cli.py`` for the commands."""

import sys
from importlib.util import find_spec
from pathlib import Path

NEEDED = ("aiogram", "icalendar", "recurring_ical_events", "opentelemetry")
"""What the planner imports from outside the standard library, by import name."""


def main() -> int:
    """Say in one line what is missing (exit 2), else run the command line."""
    if sys.version_info < (3, 11):  # noqa: UP036  # this file alone must also be readable to an older Python
        found = ".".join(str(part) for part in sys.version_info[:2])
        sys.stderr.write(f"planner needs Python 3.11 or newer, and this is {found}\n")
        return 2
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        names = ", ".join(missing)
        made = Path(__file__).with_name(".venv") / "bin" / "python"
        hint = f" (`{made}` has them)" if made.exists() else ""
        sys.stderr.write(f"{names} not installed: type `make run`, or `pip install -r requirements.lock`{hint}\n")
        return 2
    from planner.cli import main as run  # noqa: PLC0415  # only once it can succeed

    return run()


if __name__ == "__main__":
    sys.exit(main())
