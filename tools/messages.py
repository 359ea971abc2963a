"""Collect the sentences from the code, bring the catalogues up to date, compile them: ``make messages``.

Prints what is still to be translated and exits 1 while there is any. Deterministic: no dates, no line numbers, so a
catalogue changes only with its sentences.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "planner"
LANGS = ("ru",)
"""The languages translated into; English sentences are the message ids and need no catalogue."""

KEYWORDS = {
    "t": None,
    "N_": None,
    "template": None,
    "n": (1, 2),
    "c": ((1, "c"), 2),
    "say": (2,),
}
"""Which calls hold sentences, as Babel writes it: the arguments' places, ``c`` marking a context."""

VOLATILE = {
    "Project-Id-Version",
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Last-Translator",
    "Generated-By",
    "Language-Team",
    "Report-Msgid-Bugs-To",
}


class Steady(Catalog):
    """A catalogue whose header names neither dates nor tools."""

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in super()._get_mime_headers() if name not in VOLATILE]

    mime_headers = property(_get_mime_headers, Catalog._set_mime_headers)  # noqa: SLF001  # Babel has no other way


def template(package: Path = PACKAGE) -> Catalog:
    """Every sentence in the code, with the files it stands in."""
    found = Steady(charset="utf-8", fuzzy=False)
    for name, _line, message, comments, context in sorted(
        extract_from_dir(package, [("**.py", "python")], keywords=KEYWORDS, comment_tags=("L10N:",)), key=str
    ):
        known = found.get(message, context)
        if known is None or name not in {place for place, _ in known.locations}:
            found.add(message, None, [(f"planner/{name}", 0)], auto_comments=comments, context=context)
    return found


def path(lang: str) -> Path:
    """Where a language's catalogue stands."""
    return PACKAGE / "locale" / lang / "LC_MESSAGES" / "planner.po"


def load(lang: str) -> Catalog:
    """A language's catalogue as it stands; an empty one for a new language."""
    steady = Steady(locale=lang, charset="utf-8", fuzzy=False)
    if path(lang).exists():
        with path(lang).open("rb") as file:
            for message in read_po(file, locale=lang):
                if message.id:
                    steady[message.id] = message
    return steady


def update(catalogue: Catalog, sentences: Catalog) -> None:
    """Add what is new, drop what is no longer said; never guess a translation from a similar one."""
    catalogue.update(sentences, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    catalogue.header_comment = f"# {catalogue.locale.english_name} for the planner."


def written(catalogue: Catalog) -> bytes:
    """A catalogue as a ``.po`` file."""
    out = BytesIO()
    write_po(out, catalogue, width=120, sort_output=True, include_lineno=False)
    return out.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """A catalogue as a ``.mo`` file."""
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def forms(message: Message) -> tuple[str, ...]:
    """A message's translations, one for each plural form."""
    return message.string if isinstance(message.string, tuple) else (message.string,)


def untranslated(catalogue: Catalog) -> list[str]:
    """The sentences that lack a translation, or one in some plural form, or have one nobody has confirmed."""
    return [str(message.id) for message in catalogue if message.id and (message.fuzzy or not all(forms(message)))]


def main() -> int:
    """Bring every catalogue up to date and compile it; say on stdout what is still to be translated."""
    sentences = template()
    missing = 0
    for lang in LANGS:
        catalogue = load(lang)
        update(catalogue, sentences)
        path(lang).parent.mkdir(parents=True, exist_ok=True)
        path(lang).write_bytes(written(catalogue))
        path(lang).with_suffix(".mo").write_bytes(compiled(catalogue))
        for msgid in untranslated(catalogue):
            missing += 1
            print(f"{path(lang).relative_to(ROOT)}: not translated: {msgid}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
