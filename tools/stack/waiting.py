"""Waiting until every part of the stack is well, or saying which is not, what it said last, and what to do."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from tools.stack.docker import Compose, Container, ends
from tools.stack.saying import Trouble, hidden, quoted, say, wrapped
from tools.stack.settings import Ports, Settings

DEADLINE_S = 240.0
LOOK_S = 2.0
PAGE_S = 5.0
CRASHES = 5
"""So many looks find a part restarting, stopped or not there before nobody hopes for it any more."""
LAST_LINES = 20
KILLED = 137
"""128 + SIGKILL: for want of memory, if nobody sent it."""
CREATED, UP, ENDED = "created", "running", "exited"
WELL, SICK = "healthy", "unhealthy"


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds that only grow, and how to let some pass."""

    now: Callable[[], float]
    sleep: Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Page:
    """Where a part without a health check of its own answers. ``strict``: with 200, and not with just anything."""

    url: str
    strict: bool = True

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url, timeout=PAGE_S) as answer:
                return bool(answer.status == HTTPStatus.OK)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return not self.strict and refusal.code < HTTPStatus.INTERNAL_SERVER_ERROR
        except OSError:
            return False


def pages(ports: Ports) -> dict[str, Page]:
    """By the name of the service. OTLP's port knows no page, and says so once it listens."""
    here = "http://127.0.0.1"
    return {
        "grafana": Page(f"{here}:{ports.grafana}/api/health"),
        "prometheus": Page(f"{here}:{ports.prometheus}/-/ready"),
        "alertmanager": Page(f"{here}:{ports.alertmanager}/-/ready"),
        "loki": Page(f"{here}:{ports.loki}/ready"),
        "tempo": Page(f"{here}:{ports.tempo}/ready"),
        "collector": Page(f"{here}:{ports.otlp_http}/", strict=False),
    }


@dataclass(slots=True)
class Watch:
    """What was seen of each part so far. ``ending``: those that are well once they are over."""

    expected: Collection[str]
    ending: Collection[str]
    pages: Mapping[str, Page]
    well: dict[str, float] = field(default_factory=dict)
    crashes: dict[str, int] = field(default_factory=dict)

    def look(self, containers: Sequence[Container], since_s: float) -> Iterator[str]:
        """Take note of each; gives those that have become well."""
        there = {one.service: one for one in containers}
        for service in self.lacking:
            one = there.get(service)
            if one is not None and self._is_well(one):
                self.well[service] = since_s
                yield service
            elif one is None or one.state != UP:
                self.crashes[service] = self.crashes.get(service, 0) + 1

    def _is_well(self, one: Container) -> bool:
        if one.service in self.ending:
            return one.state == ENDED and one.code == 0
        if one.state != UP:
            return False
        if one.health:
            return one.health == WELL
        page = self.pages.get(one.service)
        return page is None or page.answers()

    @property
    def lacking(self) -> list[str]:
        return [service for service in self.expected if service not in self.well]

    @property
    def hopeless(self) -> bool:
        return any(count >= CRASHES for service, count in self.crashes.items() if service not in self.well)


def until_well(compose: Compose, settings: Settings, services: Mapping[str, Any], clock: Clock) -> None:
    """Wait until all these are, as ``Compose.config`` has them. Raises ``Trouble`` when one is not, in time or ever."""
    began = clock.now()
    watch = Watch(services, [name for name, one in services.items() if ends(one)], pages(settings.ports))
    say(f"Waiting until all is well, for at most {DEADLINE_S:.0f} s …")
    while True:
        containers = compose.containers()
        since_s = clock.now() - began
        for service in watch.look(containers, since_s):
            say(f"  {service} is {'done' if service in watch.ending else 'ready'} ({since_s:.0f} s)")
        if not watch.lacking:
            return
        if since_s >= DEADLINE_S or watch.hopeless:
            raise Trouble(explained(compose, settings, watch.lacking, since_s))
        clock.sleep(LOOK_S)


def explained(compose: Compose, settings: Settings, lacking: Sequence[str], since_s: float) -> str:
    """Of each of these its name, its state, its last lines and what to do."""
    there = {one.service: one for one in compose.containers()}
    lines = [f"Not all of the stack came up within {since_s:.0f} s: {', '.join(lacking)}."]
    for service in lacking:
        lines += ["", *_of(compose, settings, service, there.get(service))]
    lines += ["", "What came up goes on. Run it again once that is mended; `make stack-down` ends all of it."]
    return "\n".join(lines)


def _of(compose: Compose, settings: Settings, service: str, container: Container | None) -> Iterator[str]:
    yield wrapped(f"{service} {_state(container)}.")
    if container is not None:
        said = compose.ask("logs", "--no-color", "--no-log-prefix", "--tail", str(LAST_LINES), service)
        yield f"The last it said, of `{compose.spelled('logs', service)}`:"
        yield quoted(hidden(said.out + said.err, settings.secrets))
    yield wrapped(_advice(service, container), "  → ")


def _state(container: Container | None) -> str:
    if container is None or container.state == CREATED:
        return "was not started"
    if container.state == UP:
        ill = "its health check fails" if container.health == SICK else "it is not ready"
        return f"runs, but {ill}"
    if container.state == ENDED:
        return f"has ended, with exit code {container.code}"
    if container.state == "restarting":
        return f"ends again and again, with exit code {container.code}"
    return f"is {container.state}"


def _advice(service: str, container: Container | None) -> str:
    if container is None or container.state == CREATED:
        return f"It waits for others, or Docker could not start it: see what Docker said above about {service}."
    if container.code == KILLED:
        return f"It was killed, for want of memory if not by you: raise {service}'s limit in stack/compose.yaml."
    if container.state == UP:
        return "A busy or slow machine may need longer: look again in a minute, by the same command."
    return (
        f"A mistake in its configuration, in stack/{service}/ or stack/run/, is named above; where it speaks of its"
        " data (a full disk, permissions, a newer version's files), see docs/stack.md."
    )
