"""What the planner says, in the reader's language: GNU gettext catalogues, English sentences as message ids.

The catalogues stand in ``planner/locale/<lang>/LC_MESSAGES/planner.po``; ``make messages`` collects the sentences from
the code and compiles. Sentences must stand in the code as literals: ``t("…")``, ``n("…", "…", count)``,
``c("context", "…")``, ``say(words, "…")``, or marked by ``N_("…")`` where they are translated later.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

from planner.render.words import Words

LANGS = ("en", "ru")
"""The languages spoken. The first is the one the sentences are written in, and what others fall back to."""


def N_(msgid: str) -> str:  # noqa: N802  # gettext's own name for it
    """Mark a sentence for the catalogues where it is written down but not yet said."""
    return msgid


def pick(language_code: str | None) -> str:
    """The language for a Telegram ``language_code`` (IETF tag, such as ``ru-RU``), English where we lack it."""
    primary = (language_code or "").replace("_", "-").partition("-")[0].lower()
    return primary if primary in LANGS else LANGS[0]


@cache
def words(lang: str) -> Words:
    """The sentences of one of ``LANGS``; English for any other code."""
    if lang not in LANGS or lang == LANGS[0]:
        return Gettext(LANGS[0], NullTranslations())
    with files("planner").joinpath("locale", lang, "LC_MESSAGES", "planner.mo").open("rb") as compiled:
        return Gettext(lang, GNUTranslations(compiled))


class Gettext:
    """A gettext catalogue as ``Words``. A sentence that it lacks is said in English."""

    def __init__(self, lang: str, catalogue: NullTranslations) -> None:
        self._lang = lang
        self._catalogue = catalogue

    @property
    def lang(self) -> str:
        return self._lang

    def t(self, msgid: str, /, **values: object) -> str:
        return self._catalogue.gettext(msgid).format(**values)

    def n(self, one: str, many: str, count: int, /, **values: object) -> str:
        return self._catalogue.ngettext(one, many, count).format(n=count, **values)

    def c(self, context: str, msgid: str, /, **values: object) -> str:
        return self._catalogue.pgettext(context, msgid).format(**values)

    def template(self, msgid: str, /) -> str:
        return self._catalogue.gettext(msgid)
