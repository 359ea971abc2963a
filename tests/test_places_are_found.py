"""Cities as people type them, and the time on their watch, lead to IANA zones. On paper: no I/O."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest

from planner import places
from planner.model import SECOND


def _now(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("UTC")).timestamp()) * SECOND


NOW = _now("2026-11-21 10:00")


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("  berlin ", "Europe/Berlin"),
        ("BERLIN", "Europe/Berlin"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("new_york", "America/New_York"),
        ("new-york", "America/New_York"),
        ("St. Petersburg", "Europe/Moscow"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("munich", "Europe/Berlin"),
        ("München", "Europe/Berlin"),
        ("Москва", "Europe/Moscow"),
        ("москва", "Europe/Moscow"),
        ("Кишинёв", "Europe/Chisinau"),
        ("Кишинев", "Europe/Chisinau"),
        ("utc", "UTC"),
    ],
)
def test_a_city_is_found_however_it_is_written(typed: str, zone: str) -> None:
    assert places.find(typed) == (zone,)


def test_the_beginning_of_a_name_offers_what_it_may_be() -> None:
    found = places.find("san")
    assert 1 < len(found) <= places.FOUND_MAX
    assert "America/Santiago" in found


def test_a_part_within_a_name_is_found_when_it_says_enough() -> None:
    assert "America/Argentina/Buenos_Aires" in places.find("aires")
    assert places.find("xyz") == ()


@pytest.mark.parametrize("typed", ["", "   ", "Atlantis", "Etc/GMT+5", "-_-", "🎉", "../../etc/passwd", "x" * 5_000])
def test_what_is_no_place_is_none(typed: str) -> None:
    assert places.find(typed) == ()


def test_no_more_is_offered_than_a_phone_shows() -> None:
    for typed in ("a", "s", "m", "europe", "america/"):
        assert len(places.find(typed)) <= places.FOUND_MAX


def test_whatever_is_found_is_a_zone() -> None:
    known = available_timezones()
    assert set(places.ALIASES.values()) <= known
    assert set(places.COMMON) <= known
    assert {zone for letter in "abcdefghijklmnopqrstuvwxyz" for zone in places.find(letter)} <= known


@pytest.mark.parametrize(
    ("minute", "zone"),
    [
        (11 * 60, "Europe/Berlin"),
        (15 * 60 + 30, "Asia/Kolkata"),
        (15 * 60 + 45, "Asia/Kathmandu"),
        (5 * 60, "America/New_York"),
    ],
)
def test_the_time_on_a_watch_names_the_zones_where_it_is_that_late(minute: int, zone: str) -> None:
    assert zone in places.at_time(minute, NOW)
    assert zone in places.at_time(minute + 10, NOW), "a watch may be wrong by a little"
    assert zone not in places.at_time(minute + 60, NOW)


def test_a_watch_just_before_midnight_is_close_to_one_just_after() -> None:
    late = _now("2026-11-21 23:55")
    assert "UTC" in places.at_time(5, late)
    assert "UTC" in places.at_time(23 * 60 + 50, late)


def test_every_hour_and_every_offset_in_use_has_a_zone_to_choose() -> None:
    assert all(places.at_time(hour * 60, NOW) for hour in range(24))
    moment = datetime.fromtimestamp(NOW / SECOND, ZoneInfo("UTC"))
    for name in available_timezones():
        local = moment.astimezone(ZoneInfo(name))
        first = moment.astimezone(ZoneInfo(places.at_time(local.hour * 60 + local.minute, NOW)[0]))
        assert f"{first:%H:%M}" == f"{local:%H:%M}" or name == "Australia/Eucla", name


def test_daylight_saving_time_counts() -> None:
    assert "Europe/Berlin" in places.at_time(12 * 60, _now("2026-07-01 10:00"))
    assert "Europe/Berlin" not in places.at_time(11 * 60, _now("2026-07-01 10:00"))


def test_only_the_exact_name_is_a_zone() -> None:
    assert places.is_zone("Europe/Berlin")
    for name in ("europe/berlin", "Berlin", "", "Europe/", "../etc/passwd", "Europe/Berlin\0"):
        assert not places.is_zone(name)
