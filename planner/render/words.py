"""What rendering asks of a language. ``planner.i18n.words`` gives one."""

from __future__ import annotations

from typing import Protocol


class Words(Protocol):
    """A language's sentences. Message ids are the English sentences, with ``{named}`` placeholders."""

    @property
    def lang(self) -> str:
        """Its code, one of ``planner.i18n.LANGS``."""
        ...

    def t(self, msgid: str, /, **values: object) -> str:
        """The sentence, filled in."""
        ...

    def n(self, one: str, many: str, count: int, /, **values: object) -> str:
        """The sentence in the plural form that ``count`` asks for, filled in; ``{n}`` is the count."""
        ...

    def c(self, context: str, msgid: str, /, **values: object) -> str:
        """The sentence in one of its meanings, where English uses the same words for several."""
        ...

    def template(self, msgid: str, /) -> str:
        """The sentence, its placeholders still open. For ``planner.render.say``, which fills in rich text."""
        ...
