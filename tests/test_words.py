"""Every sentence is said in every language, with the same blanks and the plural forms of that language."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import pytest
from babel.messages import Message

from planner.i18n import LANGS, N_, pick, words
from planner.render import duration
from tests.test_layers import sources
from tools import messages

TRANSLATED = messages.LANGS


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def said(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


def key(message: Message) -> tuple[object, ...]:
    return message.id, message.context


def test_every_language_has_a_catalogue() -> None:
    assert (LANGS[0], *TRANSLATED) == LANGS


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_sentence_in_the_code_is_translated(lang: str) -> None:
    assert messages.untranslated(messages.load(lang)) == []
    assert {key(one) for one in messages.template()} <= {key(one) for one in messages.load(lang)}


@pytest.mark.parametrize("lang", TRANSLATED)
def test_no_translation_is_left_over(lang: str) -> None:
    assert {key(one) for one in messages.load(lang)} <= {key(one) for one in messages.template()}


@pytest.mark.parametrize("lang", TRANSLATED)
def test_translations_keep_the_blanks(lang: str) -> None:
    for message in messages.load(lang):
        wanted = {frozenset(blanks(one)) for one in said(message)}
        assert len(wanted) == 1, message.id
        assert {frozenset(blanks(form)) for form in messages.forms(message) if form} <= wanted, message.id


@pytest.mark.parametrize("lang", TRANSLATED)
def test_the_compiled_catalogue_is_what_its_source_compiles_to(lang: str) -> None:
    assert messages.path(lang).with_suffix(".mo").read_bytes() == messages.compiled(messages.load(lang))


@pytest.mark.parametrize("lang", TRANSLATED)
def test_catalogues_are_written_as_the_tool_writes_them(lang: str) -> None:
    catalogue = messages.load(lang)
    messages.update(catalogue, messages.template())
    assert messages.path(lang).read_bytes() == messages.written(catalogue), "make messages"


def test_sentences_stand_in_the_code_as_literals() -> None:
    for module, source in sources().items():
        for call, said, _ in messages.sentences(source):
            assert not [one for one in said if isinstance(one, ast.JoinedStr | ast.BinOp)], f"{module}:{call.lineno}"


def test_the_tool_finds_sentences_however_they_are_said(tmp_path: Path) -> None:
    (tmp_path / "said.py").write_text(
        't("one")\nwords.t("two {x}", x=1)\nwords.n("{n} day", "{n} days", 3)\nwords.c("month", "May")\n'
        'say(words, "rich {x}", x=1)\nN_("later")\nwords.t(known)\n'
        'talk.say(join((bold(say(words, "inner " "one")), words.t("{a}", a=words.t("innermost")))))\n'
    )
    found = {key(one) for one in messages.template(tmp_path)}
    assert found == {
        ("", None),
        ("one", None),
        ("two {x}", None),
        (("{n} day", "{n} days"), None),
        ("May", "month"),
        ("rich {x}", None),
        ("later", None),
        ("inner one", None),
        ("{a}", None),
        ("innermost", None),
    }


@pytest.mark.parametrize(
    ("minutes", "english", "russian"),
    [
        (1, "1 minute", "1 минуту"),
        (2, "2 minutes", "2 минуты"),
        (4, "4 minutes", "4 минуты"),
        (5, "5 minutes", "5 минут"),
        (11, "11 minutes", "11 минут"),
        (14, "14 minutes", "14 минут"),
        (21, "21 minutes", "21 минуту"),
        (22, "22 minutes", "22 минуты"),
        (25, "25 minutes", "25 минут"),
        (0, "0 minutes", "0 минут"),
    ],
)
def test_numbers_take_the_right_form(minutes: int, english: str, russian: str) -> None:
    assert duration(words("en"), minutes * 60) == english
    assert duration(words("ru"), minutes * 60) == russian


def test_words_that_english_uses_twice_are_told_apart_by_context() -> None:
    assert words("ru").c("month in a date", "May") == "мая"
    assert words("ru").c("another meaning", "May") == "May"


@pytest.mark.parametrize(
    ("code", "lang"),
    [("ru", "ru"), ("ru-RU", "ru"), ("RU_ru", "ru"), ("en-GB", "en"), ("de", "en"), ("", "en"), (None, "en")],
)
def test_the_language_follows_telegrams_code(code: str | None, lang: str) -> None:
    assert pick(code) == lang


def test_an_unknown_language_and_an_unknown_sentence_are_english() -> None:
    assert words("xx").lang == "en"
    assert words("xx").t("today") == "today"
    assert words("ru").t("Not in any catalogue: {x}", x=1) == "Not in any catalogue: 1"


def test_what_a_user_typed_is_never_read_as_a_template() -> None:
    assert words("ru").t("in {span}", span="{0.__class__} {x}") == "через {0.__class__} {x}"


def test_a_marked_sentence_is_itself() -> None:
    assert N_("later") == "later"
