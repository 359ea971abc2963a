"""Collect the sentences from the code, bring the catalogues up to date, compile them: ``make messages``.

Prints what is still to be translated and exits 1 while there is any. Deterministic: no dates, no line numbers, so a
catalogue changes only with its sentences.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "planner"
LANGS = ("ru",)
"""The languages translated into; English sentences are the message ids and need no catalogue."""

PLACES = {"t": (0,), "N_": (0,), "template": (0,), "n": (0, 1), "c": (1,), "say": (1,)}
"""Which calls hold sentences, and as which of their arguments: the sentence, and where it has one its plural."""

CONTEXT = {"c": 0}
"""Which argument tells a sentence's meaning."""

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


def sentences(source: str) -> Iterator[tuple[ast.Call, list[ast.expr], ast.expr | None]]:
    """Every call that holds a sentence, with the arguments that are it, and the one that is its context.

    Babel's own reader of Python overlooks calls within calls.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            said = [node.args[place] for place in PLACES.get(name, ()) if place < len(node.args)]
            if said and len(said) == len(PLACES[name]):
                yield node, said, node.args[CONTEXT[name]] if name in CONTEXT else None


def template(package: Path = PACKAGE) -> Catalog:
    """Every sentence in the code, with the files it stands in."""
    found = Steady(charset="utf-8", fuzzy=False)
    for file in sorted(package.rglob("*.py")):
        place = (f"planner/{file.relative_to(package).as_posix()}", 0)
        for _, said, meaning in sentences(file.read_text(encoding="utf-8")):
            texts = [one.value for one in said if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if len(texts) == len(said):
                context = (
                    meaning.value if isinstance(meaning, ast.Constant) and isinstance(meaning.value, str) else None
                )
                message = texts[0] if len(texts) == 1 else tuple(texts)
                known = found.get(texts[0], context)
                places = [] if known is not None and place in known.locations else [place]
                found.add(message, None, places, context=context)
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


def update(catalogue: Catalog, said: Catalog) -> None:
    """Add what is new, drop what is no longer said; never guess a translation from a similar one."""
    catalogue.update(said, no_fuzzy_matching=True, update_header_comment=False)
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
    said = message.string
    return tuple(form or "" for form in (said if isinstance(said, tuple | list) else [said]))


def untranslated(catalogue: Catalog) -> list[str]:
    """The sentences that lack a translation, or one in some plural form, or have one nobody has confirmed."""
    return [str(message.id) for message in catalogue if message.id and (message.fuzzy or not all(forms(message)))]


def main() -> int:
    """Bring every catalogue up to date and compile it; say on stdout what is still to be translated."""
    said = template()
    missing = 0
    for lang in LANGS:
        catalogue = load(lang)
        update(catalogue, said)
        path(lang).parent.mkdir(parents=True, exist_ok=True)
        path(lang).write_bytes(written(catalogue))
        path(lang).with_suffix(".mo").write_bytes(compiled(catalogue))
        for msgid in untranslated(catalogue):
            missing += 1
            print(f"{path(lang).relative_to(ROOT)}: not translated: {msgid}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
