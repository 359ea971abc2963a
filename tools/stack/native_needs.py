"""What ``make stack-native`` needs: both programs, their ports, and a bot that can be found."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

from tools.stack.listeners import another, holder, taken
from tools.stack.native_parts import PARTS, Part, port
from tools.stack.saying import Need, Trouble, listed
from tools.stack.settings import PORTS, Settings


def programs(settings: Settings) -> dict[Part, str]:
    """Where each is. Raises ``Trouble`` with all that is missing or taken."""
    found = {part: next(filter(None, map(shutil.which, part.programs)), None) for part in PARTS}
    needs = list(_missing([part for part, program in found.items() if program is None]))
    needs += [_taken(part, settings) for part in PARTS if taken(port(part, settings))]
    if settings.bot.http.port == 0:
        needs.append(Need("PLANNER_HTTP has port 0, any that is free, and Prometheus would not find the bot.",
                          "Name one: PLANNER_HTTP=127.0.0.1:8085, for the bot, too."))  # fmt: skip
    if needs:
        raise Trouble(listed(needs))
    return {part: program for part, program in found.items() if program is not None}


def _missing(parts: list[Part]) -> Iterator[Need]:
    if not parts:
        return
    names, packages = " and ".join(part.name for part in parts), " ".join(part.package for part in parts)
    yield Need(
        f"{names} {'is' if len(parts) == 1 else 'are'} not installed (looked for"
        f" {', '.join(name for part in parts for name in part.programs)} in PATH).",
        f"On Debian and Ubuntu, as root: apt-get install --no-install-recommends {packages} && systemctl"
        f" disable --now {packages} (Debian starts services of its own at once, on the same"
        " ports). With Docker, make stack needs neither.",
    )


def _taken(part: Part, settings: Settings) -> Need:
    number = port(part, settings)
    elsewhere = f"give this one another: {PORTS[part.port].name}={another(number)}"
    if _is_service(part):
        return Need(f"Port {number} is taken by the service {part.package}, which Debian starts when it is installed.",
                    f"As root: systemctl disable --now {part.package}; or {elsewhere}")  # fmt: skip
    by = holder(number)
    return Need(
        f"Port {number}, {part.name}'s, is taken{f' by {by}' if by else ''}.",
        f"Stop what listens there (as root: ss -ltnp 'sport = :{number}' names it), or {elsewhere}",
    )


def _is_service(part: Part) -> bool:
    """Whether Debian's own runs."""
    systemctl = shutil.which("systemctl")
    if systemctl is None:
        return False
    asked = subprocess.run([systemctl, "is-active", "--quiet", part.package], capture_output=True, check=False)
    return asked.returncode == 0
