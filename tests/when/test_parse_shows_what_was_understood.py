"""What ``planner.py parse`` prints."""

from __future__ import annotations

from planner.when import understand
from planner.when.command import as_json, as_text
from tests.when.cases import now_at

NOW, ZONE = now_at("saturday")


def parsed(text: str) -> dict[str, object]:
    return as_json(understand(text, now=NOW, zone=ZONE, lang="en"))


def test_an_instant_has_its_offset() -> None:
    found = parsed("dentist tomorrow at 9am for an hour, remind me 1 day before")
    assert (found["title"], found["start"], found["end"], found["leads_s"], found["status"]) == (
        "dentist",
        "2026-11-22T09:00:00+01:00",
        "2026-11-22T10:00:00+01:00",
        [86_400],
        "ok",
    )


def test_a_whole_day_is_a_date_and_its_end_the_day_after() -> None:
    found = parsed("vacation july 1-14")
    assert (found["all_day"], found["start"], found["end"]) == (True, "2027-07-01", "2027-07-15")


def test_the_days_left_out_are_dates() -> None:
    text = "pills every day at 9am except december 28 and december 30"
    assert parsed(text)["exdates"] == ["2026-12-28", "2026-12-30"]
    assert parsed("pills every day at 9am")["exdates"] == []
    assert "except 2026-12-28, 2026-12-30" in as_text(understand(text, now=NOW, zone=ZONE, lang="en"))


def test_no_reminder_is_said() -> None:
    text = "dentist tomorrow at 9am, no reminder"
    assert parsed(text)["silent"] is True
    assert "no reminder" in as_text(understand(text, now=NOW, zone=ZONE, lang="en"))


def test_choices_have_the_same_form() -> None:
    found = parsed("call tomorrow at 7")
    choices = found["choices"]
    assert isinstance(choices, list)
    assert [choice["start"] for choice in choices] == ["2026-11-22T07:00:00+01:00", "2026-11-22T19:00:00+01:00"]
    assert all(choice.keys() == found.keys() for choice in choices)


def test_the_words_not_understood_are_named() -> None:
    found = parsed("meeting on february 30")
    assert (found["status"], found["start"], found["why"], found["unclear"]) == (
        "refused",
        None,
        "not_understood",
        "on february 30",
    )


def test_the_words_taken_are_spans_of_the_text() -> None:
    text = "call mom tomorrow at 5pm"
    spans = understand(text, now=NOW, zone=ZONE, lang="en").taken
    assert [(text[start:end], what) for start, end, what in spans] == [("tomorrow", "date"), ("at 5pm", "time")]


def test_a_line_for_people_says_what_is_assumed_and_what_is_not_understood() -> None:
    assert "assumed: am_pm" in as_text(understand("dentist tomorrow at 9", now=NOW, zone=ZONE, lang="en"))
    asked = as_text(understand("meeting tomorrow at 25:00", now=NOW, zone=ZONE, lang="en")).splitlines()
    assert "not understood: at 25:00" in asked[0]
    assert len(asked) == 2
