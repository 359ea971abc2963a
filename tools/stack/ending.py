"""``make stack-down`` and ``make stack-reset``."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from tools.stack import changes
from tools.stack.docker import BOT_PROFILE, DEMO, DEMO_PROFILE, PROJECT, Compose, Docker
from tools.stack.render import FOLDERS
from tools.stack.saying import Trouble, say, wrapped
from tools.stack.settings import Settings

BOT_VOLUME = "planner"
"""As ``compose.yaml`` names it: a database with people's reminders, which no reset of the stack's takes."""
PROJECT_LABEL, VOLUME_LABEL = "com.docker.compose.project", "com.docker.compose.volume"


def down(settings: Settings, docker: Docker) -> int:
    """End the stack and the demo's; what they have kept stays. Raises ``Trouble``."""
    _end(settings, docker)
    say("The stack is down. What it has kept stays: `make stack` begins with it again, `make stack-reset` deletes it.")
    return 0


def _end(settings: Settings, docker: Docker) -> None:
    for project in (PROJECT, DEMO):
        compose = Compose(docker, project, (BOT_PROFILE, DEMO_PROFILE))
        if compose.show("down", "--remove-orphans"):
            raise Trouble(f"Docker could not end it, and says above why. By hand: `{compose.spelled('down')}`")
    changes.forget(settings.run)


def reset(settings: Settings, docker: Docker, ask: Callable[[str], str] | None) -> int:
    """Delete all that the stack and the demo have kept, and what was rendered; ``ask``: whether to, or at once.

    Raises ``Trouble``.
    """
    volumes = _volumes(docker)
    gone = [name for name, of in volumes.items() if of != BOT_VOLUME]
    kept = [name for name in volumes if name not in gone]
    if ask is not None and not _agreed(settings, gone, ask):
        say("Nothing was deleted.")
        return 1
    _end(settings, docker)
    if gone and not (answer := docker.ask("volume", "rm", *gone)).ok:
        raise Trouble(f"Docker could not delete all of its volumes:\n{answer.err.strip()}")
    for folder in FOLDERS:
        shutil.rmtree(settings.run / folder, ignore_errors=True)
    say("All that the stack had kept is deleted, Grafana's password, too. `make stack` begins anew.")
    for name in kept:
        also = f"`docker volume rm {name}` deletes it, with everybody's reminders."
        say(wrapped(f"The bot's own database is still there, in the volume {name}; {also}"))
    return 0


def _volumes(docker: Docker) -> dict[str, str]:
    """Those of both projects, with what ``compose.yaml`` calls each. Raises ``Trouble``."""
    found: dict[str, str] = {}
    for project in (PROJECT, DEMO):
        answer = docker.ask("volume", "ls", "--filter", f"label={PROJECT_LABEL}={project}",
                            "--format", f'{{{{.Name}}}}\t{{{{.Label "{VOLUME_LABEL}"}}}}')  # fmt: skip
        if not answer.ok:
            raise Trouble(f"Docker does not say which volumes there are: {answer.err.strip()}")
        found |= dict(line.split("\t") for line in answer.out.splitlines() if line)
    return found


def _agreed(settings: Settings, volumes: list[str], ask: Callable[[str], str]) -> bool:
    say("This deletes for good:")
    for name in volumes:
        say(f"  the volume {name}")
    say(f"  what was rendered into {settings.run}")
    say("All metrics, logs, traces, silences and what was changed in Grafana are gone then. The bot's database is not.")
    try:
        return ask("Type yes to delete it: ").strip().lower() == "yes"
    except EOFError:
        say()
        raise Trouble("There is nobody to ask here; YES=1 deletes without asking.") from None
