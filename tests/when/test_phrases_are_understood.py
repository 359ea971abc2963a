"""The phrases of the tables mean what stands beside them."""

from __future__ import annotations

import pytest

from planner.recur import check, local_instant, next_occurrence
from planner.when import understand
from tests.when import phrases_en, phrases_ru
from tests.when.cases import Said, heard, now_at

TABLES = {"en": phrases_en, "ru": phrases_ru}


@pytest.mark.parametrize("said", phrases_en.PHRASES, ids=lambda said: f"{said.moment}: {said.text}")
def test_an_english_phrase_means_what_a_person_means(said: Said) -> None:
    assert heard(said.text, said.moment, "en") == said


@pytest.mark.parametrize("said", phrases_ru.PHRASES, ids=lambda said: f"{said.moment}: {said.text}")
def test_a_russian_phrase_means_what_a_person_means(said: Said) -> None:
    assert heard(said.text, said.moment, "ru") == said


@pytest.mark.parametrize("lang", TABLES)
def test_the_tables_are_long_and_hold_phrases_that_must_not_be_guessed(lang: str) -> None:
    table = TABLES[lang]
    assert len({(said.text, said.moment) for said in table.PHRASES}) == len(table.PHRASES) >= 300
    assert len(table.ASKED) >= 60
    assert all(said.status == "ok" for said in table.UNDERSTOOD)
    assert all(said.status != "ok" for said in table.ASKED)


@pytest.mark.parametrize(("lang", "other"), [("en", "ru"), ("ru", "en")])
def test_a_phrase_in_the_other_language_is_understood_too(lang: str, other: str) -> None:
    for said in TABLES[other].UNDERSTOOD:
        assert heard(said.text, said.moment, lang).start == said.start, said.text


def test_nothing_is_ok_without_a_title_and_a_start() -> None:
    for table in TABLES.values():
        assert all(said.title and said.start for said in table.UNDERSTOOD)


def test_what_is_asked_says_why() -> None:
    for table in TABLES.values():
        assert all(said.why for said in table.ASKED)
        assert all(said.unclear for said in table.ASKED if said.why == "not_understood")


def test_every_rule_runs_and_begins_with_its_start() -> None:
    for lang, table in TABLES.items():
        for said in table.PHRASES:
            now, zone = now_at(said.moment)
            phrase = understand(said.text, now=now, zone=zone, lang=lang)
            for one in (phrase, *phrase.choices):
                if one.rrule is None or one.start is None:
                    continue
                start = f"{one.start:%Y-%m-%dT%H:%M:%S}"
                assert check(one.rrule) is None, said.text
                at = local_instant(start, one.zone or zone)
                assert next_occurrence(start, one.zone or zone, one.rrule, at) == at, said.text
