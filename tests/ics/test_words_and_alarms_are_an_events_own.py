"""What an event says, where to meet for it, and when it wants to be remembered."""

from __future__ import annotations

import pytest

from tests.ics.writing import calendar, entry, event

AT_NINE = "DTSTART;TZID=Europe/Berlin:20261110T090000"
MINUTE, HOUR, DAY = 60, 3_600, 86_400


def said(*lines: str, head: tuple[str, ...] = ()):
    return entry(calendar(*event(AT_NINE, "DURATION:PT1H", *lines), head=head))


def alarm(trigger: str, *more: str) -> tuple[str, ...]:
    return ("BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:no", f"TRIGGER{trigger}", *more, "END:VALARM")


def test_an_event_without_words_has_none() -> None:
    found = said()
    assert (found.title, found.place, found.notes, found.link, found.alarms_s) == ("", "", "", "", None)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("<html><body><p>Hello&nbsp\\;there</p><br>Bye</body></html>", "Hello\xa0there\n\nBye"),
        ("<b>Agenda</b><ul><li>one</li><li>two &amp\\; three</li></ul>", "Agendaone\ntwo & three"),
        ("a < b and c > d", "a < b and c > d"),
        ("plain &amp\\; simple", "plain &amp; simple"),
    ],
)
def test_a_description_that_is_a_web_page_is_its_words(written: str, words: str) -> None:
    assert said(f"DESCRIPTION:{written}").notes == words


@pytest.mark.parametrize(
    ("lines", "link"),
    [
        (("URL:https://example.org/event",), "https://example.org/event"),
        (("URL;VALUE=URI:https://example.org/a:b",), "https://example.org/a:b"),
        (("URL:https://example.org/event", "X-GOOGLE-CONFERENCE:https://meet.google.com/abc-defg-hij"),
         "https://meet.google.com/abc-defg-hij"),
        (("CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://chat.example.com/1",), "https://chat.example.com/1"),
        (("LOCATION:https://zoom.us/j/123?pwd=x",), "https://zoom.us/j/123?pwd=x"),
        (("DESCRIPTION:Join here: https://teams.microsoft.com/l/meetup-join/19%3a.\\nBye",),
         "https://teams.microsoft.com/l/meetup-join/19%3a"),
        (('DESCRIPTION:<a href="https://us02web.zoom.us/j/5?a=1&amp\\;b=2">join</a>',), "https://us02web.zoom.us/j/5?a=1&b=2"),
        (("DESCRIPTION:see https://example.org/minutes",), ""),
        (("URL:javascript:alert(1)",), ""),
        (("URL:",), ""),
    ],
)  # fmt: skip
def test_the_link_is_where_to_meet(lines: tuple[str, ...], link: str) -> None:
    assert said(*lines).link == link


def test_what_the_planner_wrote_is_taken_as_it_stands() -> None:
    lines, head = ("DESCRIPTION:https://zoom.us/j/123",), ("PRODID:-//planner//planner//EN",)
    assert (said(*lines).link, said(*lines, head=head).link) == ("https://zoom.us/j/123", "")


@pytest.mark.parametrize(
    ("lines", "leads"),
    [
        (alarm(":-PT10M"), (10 * MINUTE,)),
        (alarm(":-P0DT0H30M0S"), (30 * MINUTE,)),
        (alarm(";RELATED=START:-P1D"), (DAY,)),
        (alarm(";RELATED=END:-PT90M"), (30 * MINUTE,)),
        (alarm(";VALUE=DATE-TIME:20261110T060000Z"), (2 * HOUR,)),
        (alarm(":PT0S"), (0,)),
        ((*alarm(":-PT10M"), *alarm(":-PT1H"), *alarm(":-PT10M")), (HOUR, 10 * MINUTE)),
        (
            tuple(line for hours in range(1, 10) for line in alarm(f":-PT{hours}H")),
            tuple(h * HOUR for h in (5, 4, 3, 2, 1)),
        ),
        (alarm(":PT10M"), None),
        (alarm(":-P999D"), None),
        (alarm(":nonsense"), None),
        (alarm(";VALUE=DATE-TIME:19760401T005545Z"), None),
    ],
)
def test_alarms_are_leads(lines: tuple[str, ...], leads: tuple[int, ...] | None) -> None:
    assert said(*lines).alarms_s == leads


def test_alarms_of_a_day_count_from_the_hour_that_leads_count_from() -> None:
    """The evening before at 18:00, and the day itself at 9:00."""
    found = entry(calendar(*event("DTSTART;VALUE=DATE:20261110", *alarm(":-PT6H"), *alarm(":PT9H"), *alarm(":PT12H"))))
    assert found.alarms_s == (15 * HOUR, 0)
