"""What Telegram does wrong at the moment: rules under names, for the local chat takes them all at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from demo.chat import Chat

Rule = Mapping[str, object]


class Faults:
    """See docs/localchat.md, "Faults". May be used by several threads."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._rules: dict[str, Rule] = {}
        self._beside: dict[str, object] = {}
        self._lock = threading.Lock()

    def put(self, name: str, **rule: object) -> None:
        with self._lock:
            self._rules[name] = rule
            self._send()

    def end(self, name: str) -> None:
        with self._lock:
            self._rules.pop(name, None)
            self._beside.pop(name, None)
            self._send()

    @contextmanager
    def during(self, name: str, **rule: object) -> Iterator[None]:
        self.put(name, **rule)
        try:
            yield
        finally:
            self.end(name)

    def hits(self, name: str) -> int:
        """How many requests have met a rule."""
        with self._lock:
            place = list(self._rules).index(name)
        found: int = self._chat.ask("/chat/faults")["rules"][place]["hits"]
        return found

    @contextmanager
    def beside(self, name: str, value: object) -> Iterator[None]:
        """What stands beside the rules: ``limits``, ``blocked``."""
        with self._lock:
            self._beside[name] = value
            self._send()
        try:
            yield
        finally:
            self.end(name)

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()
            self._beside.clear()
            self._send()

    def _send(self) -> None:
        self._chat.ask("/chat/faults", {**self._beside, "rules": list(self._rules.values())}, "PUT")
