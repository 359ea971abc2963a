"""What people paste as a calendar's address: what can be fetched comes out tidy, the rest is known for what it is."""

from __future__ import annotations

import pytest

from planner.providers import Provider, Wrong, address, host, link, provider

GOOGLE = "https://calendar.google.com/calendar/ical/"
PUBLIC = f"{GOOGLE}alice%40example.org/public/basic.ics"
SECRET = f"{GOOGLE}alice%40example.org/private-01ab"
DAV = "https://cloud.example.org/remote.php/dav/"

FETCHED = [
    # Google Calendar: the secret and the public address, and what leads to the public one
    (f"{GOOGLE}alice%40example.org/private-0123456789abcdef/basic.ics",
     f"{GOOGLE}alice%40example.org/private-0123456789abcdef/basic.ics"),
    ("http://calendar.google.com/calendar/ical/alice%40example.org/private-01ab/basic.ics",
     f"{GOOGLE}alice%40example.org/private-01ab/basic.ics"),
    ("calendar.google.com/calendar/ical/alice%40example.org/private-01ab/basic.ics",
     f"{GOOGLE}alice%40example.org/private-01ab/basic.ics"),
    ("webcal://calendar.google.com/calendar/ical/alice%40example.org/public/basic.ics",
     PUBLIC),
    ("https://www.google.com/calendar/ical/alice%40example.org/public/full.ics",
     f"{GOOGLE}alice%40example.org/public/full.ics"),
    ("https://calendar.google.com/calendar/u/0/ical/alice%40example.org/public/basic.ics",
     PUBLIC),
    ("https://calendar.google.com/calendar/embed?src=alice%40example.org&ctz=Europe%2FBerlin",
     PUBLIC),
    ("https://calendar.google.com/calendar/b/1/embed?src=YWxpY2VAZXhhbXBsZS5vcmc&mode=WEEK",
     PUBLIC),
    ("https://calendar.google.com/calendar/u/0?cid=YWxpY2VAZXhhbXBsZS5vcmc", PUBLIC),
    ("https://calendar.google.com/calendar?cid=team@group.calendar.google.com",
     f"{GOOGLE}team%40group.calendar.google.com/public/basic.ics"),
    ("https://calendar.google.com/calendar/embed?src=de.german%23holiday%40group.v.calendar.google.com",
     f"{GOOGLE}de.german%23holiday%40group.v.calendar.google.com/public/basic.ics"),
    # Outlook: published as ICS and as a page
    ("https://outlook.live.com/owa/calendar/00000000/aaaa/cid-1F/calendar.ics",
     "https://outlook.live.com/owa/calendar/00000000/aaaa/cid-1F/calendar.ics"),
    ("webcal://outlook.live.com/owa/calendar/00000000/aaaa/cid-1F/calendar.ics",
     "https://outlook.live.com/owa/calendar/00000000/aaaa/cid-1F/calendar.ics"),
    ("https://outlook.live.com/owa/calendar/00000000/aaaa/cid-1F/index.html",
     "https://outlook.live.com/owa/calendar/00000000/aaaa/cid-1F/calendar.ics"),
    ("https://outlook.office365.com/owa/calendar/abc@example.org/0123/calendar.html",
     "https://outlook.office365.com/owa/calendar/abc@example.org/0123/calendar.ics"),
    ("https://outlook.office365.com/owa/calendar/abc@example.org/0123/reachcalendar.html",
     "https://outlook.office365.com/owa/calendar/abc@example.org/0123/reachcalendar.ics"),
    ("https://outlook.office.com/owa/calendar/abc@example.org/0123/calendar.ics",
     "https://outlook.office.com/owa/calendar/abc@example.org/0123/calendar.ics"),
    ("https://mail.example.org/owa/calendar/abc@example.org/0123/calendar.html",
     "https://mail.example.org/owa/calendar/abc@example.org/0123/calendar.ics"),
    # iCloud
    ("webcal://p52-caldav.icloud.com/published/2/MTIzNDU2Nzg5MA", "https://p52-caldav.icloud.com/published/2/MTIzNDU2Nzg5MA"),
    ("https://p52-caldav.icloud.com/published/2/MTIzNDU2Nzg5MA", "https://p52-caldav.icloud.com/published/2/MTIzNDU2Nzg5MA"),
    ("WEBCAL://P52-CalDAV.iCloud.com/published/2/MTIzNDU2", "https://p52-caldav.icloud.com/published/2/MTIzNDU2"),
    ("webcal://p01-calendarws.icloud.com/ca/subscribe/1/AbCd", "https://p01-calendarws.icloud.com/ca/subscribe/1/AbCd"),
    ("webcal://calendars.icloud.com/holidays/de_de.ics", "https://calendars.icloud.com/holidays/de_de.ics"),
    # Yandex
    ("https://calendar.yandex.ru/export/ics.xml?private_token=0123abc&tz_id=Europe/Moscow",
     "https://calendar.yandex.ru/export/ics.xml?private_token=0123abc&tz_id=Europe/Moscow"),
    ("http://calendar.yandex.com/export/ics.xml?private_token=0123abc",
     "https://calendar.yandex.com/export/ics.xml?private_token=0123abc"),
    ("https://calendar.yandex.ru/export/html.xml?private_token=0123abc&tz_id=Europe/Moscow&limit=90",
     "https://calendar.yandex.ru/export/ics.xml?private_token=0123abc&tz_id=Europe/Moscow"),
    ("https://calendar.360.yandex.ru/export/rss.xml?private_token=0123abc&limit=5",
     "https://calendar.360.yandex.ru/export/ics.xml?private_token=0123abc"),
    # Nextcloud
    ("https://cloud.example.org/apps/calendar/p/aBcD1234", f"{DAV}public-calendars/aBcD1234?export"),
    ("https://cloud.example.org/index.php/apps/calendar/p/aBcD1234/dayGridMonth/now",
     f"{DAV}public-calendars/aBcD1234?export"),
    ("https://cloud.example.org/apps/calendar/embed/aBcD1234", f"{DAV}public-calendars/aBcD1234?export"),
    ("https://example.org/nextcloud/apps/calendar/p/aBcD1234",
     "https://example.org/nextcloud/remote.php/dav/public-calendars/aBcD1234?export"),
    (f"{DAV}public-calendars/aBcD1234?export", f"{DAV}public-calendars/aBcD1234?export"),
    (f"{DAV}public-calendars/aBcD1234/", f"{DAV}public-calendars/aBcD1234/?export"),
    ("webcal://cloud.example.org/remote.php/dav/public-calendars/aBcD1234?export",
     f"{DAV}public-calendars/aBcD1234?export"),
    ("https://alice:app-pw@cloud.example.org/remote.php/dav/calendars/alice/personal/",
     "https://alice:app-pw@cloud.example.org/remote.php/dav/calendars/alice/personal/?export"),
    # all the others
    ("https://example.org/team.ics", "https://example.org/team.ics"),
    ("http://example.org/team.ics", "http://example.org/team.ics"),
    ("https://example.org/team.ICS?key=1#top", "https://example.org/team.ICS?key=1"),
    ("https://EXAMPLE.org/a%20b/team.ical", "https://example.org/a%20b/team.ical"),
    ("webcal://example.org/anything/at/all", "https://example.org/anything/at/all"),
    ("webcals://example.org/feed", "https://example.org/feed"),
    ("feed://example.org/feed", "https://example.org/feed"),
    ("example.org/team.ics", "https://example.org/team.ics"),
    ("example.org:8443/team.ics", "https://example.org:8443/team.ics"),
    ("https://example.org:8443/team.ics", "https://example.org:8443/team.ics"),
    ("http://alice:pw@192.168.1.5:5232/alice/team.ics", "http://alice:pw@192.168.1.5:5232/alice/team.ics"),
    ("http://localhost:5232/alice/team.ics", "http://localhost:5232/alice/team.ics"),
    ("http://[::1]:5232/team.ics", "http://[::1]:5232/team.ics"),
    ("https://example.org/events/ical/", "https://example.org/events/ical/"),
    ("https://example.org/cal.php/calendars/alice/default?export", "https://example.org/cal.php/calendars/alice/default?export"),
    ("https://example.org/events/?ical=1", "https://example.org/events/?ical=1"),
    ("https://example.org/get.php?file=team.ics&x=1", "https://example.org/get.php?file=team.ics&x=1"),
    ("https://example.org/events?format=ics", "https://example.org/events?format=ics"),
    ("https://ics.teamup.com/feed/ks0123/0.ics", "https://ics.teamup.com/feed/ks0123/0.ics"),
    ("https://calendar.proton.me/api/calendar/v1/url/x/calendar.ics?CacheKey=a&PassphraseKey=b",
     "https://calendar.proton.me/api/calendar/v1/url/x/calendar.ics?CacheKey=a&PassphraseKey=b"),
    ("https://www.dropbox.com/scl/fi/ab/team.ics?rlkey=1&dl=0", "https://www.dropbox.com/scl/fi/ab/team.ics?rlkey=1&dl=1"),
    ("https://www.dropbox.com/s/ab/team.ics", "https://www.dropbox.com/s/ab/team.ics?dl=1"),
    ("https://github.com/alice/repo/blob/main/team.ics", "https://raw.githubusercontent.com/alice/repo/main/team.ics"),
    ("https://raw.githubusercontent.com/alice/repo/main/team.ics", "https://raw.githubusercontent.com/alice/repo/main/team.ics"),
    ("https://кино.рф/афиша.ics", "https://кино.рф/афиша.ics"),
    # as it is pasted
    ("  https://example.org/team.ics \n", "https://example.org/team.ics"),
    ("<https://example.org/team.ics>", "https://example.org/team.ics"),
    ("“https://example.org/team.ics”.", "https://example.org/team.ics"),
    ("(https://example.org/team.ics)", "https://example.org/team.ics"),
]  # fmt: skip

WRONG = [
    ("https://calendar.google.com/", Provider.GOOGLE, Wrong.PAGE),
    ("https://calendar.google.com/calendar/u/0/r", Provider.GOOGLE, Wrong.PAGE),
    ("calendar.google.com/calendar/u/0/r/week/2026/11/21", Provider.GOOGLE, Wrong.PAGE),
    ("https://calendar.google.com/calendar/u/0/r/settings/calendar/YWxpY2U", Provider.GOOGLE, Wrong.PAGE),
    ("https://calendar.google.com/calendar/u/0?cid=nonsense", Provider.GOOGLE, Wrong.PAGE),
    ("https://calendar.app.google/AbCdEf", Provider.GOOGLE, Wrong.PAGE),
    ("https://calendar.google.com/calendar/u/0/r/eventedit/abc", Provider.GOOGLE, Wrong.EVENT),
    ("https://www.google.com/calendar/event?eid=abc", Provider.GOOGLE, Wrong.EVENT),
    ("https://calendar.google.com/calendar/embed?src=a%40b.org&src=c%40d.org", Provider.GOOGLE, Wrong.SEVERAL),
    (SECRET, Provider.GOOGLE, Wrong.BROKEN),
    (f"{SECRET} /basic.ics", Provider.GOOGLE, Wrong.BROKEN),
    (f"{SECRET}\n/basic.ics", Provider.GOOGLE, Wrong.BROKEN),
    ("https://apidata.googleusercontent.com/caldav/v2/alice%40example.org/events", Provider.GOOGLE, Wrong.LOGIN),
    ("https://calendar.google.com/calendar/dav/alice@example.org/user", Provider.GOOGLE, Wrong.LOGIN),
    ("https://outlook.live.com/calendar/0/view/month", Provider.OUTLOOK, Wrong.PAGE),
    ("https://outlook.office.com/calendar/view/week", Provider.OUTLOOK, Wrong.PAGE),
    ("https://outlook.cloud.microsoft/calendar/view/day", Provider.OUTLOOK, Wrong.PAGE),
    ("https://outlook.office365.com/owa/calendar/Team@example.org/bookings/", Provider.OUTLOOK, Wrong.PAGE),
    ("https://www.icloud.com/calendar/", Provider.ICLOUD, Wrong.PAGE),
    ("https://caldav.icloud.com/", Provider.ICLOUD, Wrong.LOGIN),
    ("https://p52-caldav.icloud.com/1234567/calendars/home/", Provider.ICLOUD, Wrong.LOGIN),
    ("webcal://p52-caldav.icloud.com/published/2/", Provider.ICLOUD, Wrong.BROKEN),
    ("https://calendar.yandex.ru/week?uid=123", Provider.YANDEX, Wrong.PAGE),
    ("https://calendar.yandex.ru/embed/week?layer_ids=1&tz_id=Europe/Moscow", Provider.YANDEX, Wrong.PAGE),
    ("https://calendar.yandex.ru/export/ics.xml", Provider.YANDEX, Wrong.BROKEN),
    ("https://caldav.yandex.ru/calendars/alice%40yandex.ru/events-1/", Provider.YANDEX, Wrong.LOGIN),
    ("https://cloud.example.org/apps/calendar/dayGridMonth/now", Provider.NEXTCLOUD, Wrong.PAGE),
    ("https://cloud.example.org/apps/calendar/p/aBcD-eFgH", Provider.NEXTCLOUD, Wrong.SEVERAL),
    (f"{DAV}calendars/alice/personal/", Provider.NEXTCLOUD, Wrong.LOGIN),
    (f"{DAV}principals/users/alice/", Provider.NEXTCLOUD, Wrong.LOGIN),
    ("https://calendar.proton.me/u/0/week", Provider.OTHER, Wrong.PAGE),
    ("https://calendar.mail.ru/", Provider.OTHER, Wrong.PAGE),
]  # fmt: skip

UNSURE = [
    "https://example.org", "https://example.org/a?b=c", "https://github.com/alice/repo", "http://192.168.1.5:5232/alice/work/",
    "https://meet.google.com/abc-defg-hij", "https://drive.google.com/file/d/0123/view", "https://zoom.us/j/123",
    "https://docs.google.com/document/d/1/edit", "https://www.google.com/maps/place/x",
]  # fmt: skip

NONE = [
    "", "dentist tomorrow at 9:30", "3/4", "and/or", "me@example.org", "https://[::1/team.ics",
    "https://example.org:99999/team.ics", "https://example.org/a.ics https://example.org/b.ics", "1.5/x 2.5/y",
]  # fmt: skip


@pytest.mark.parametrize(("said", "expected"), FETCHED)
def test_an_address_comes_out_as_it_can_be_fetched(said: str, expected: str) -> None:
    assert address(said) == expected
    again = link(expected)
    assert again is not None
    assert again.url == expected


@pytest.mark.parametrize(("said", "whose", "why"), WRONG)
def test_what_is_no_calendar_is_known_for_what_it_is(said: str, whose: Provider, why: Wrong) -> None:
    found = link(said)
    assert found is not None
    assert (found.provider, found.wrong, found.sure, found.rest) == (whose, why, True, "")
    assert address(said) is None


@pytest.mark.parametrize("said", UNSURE)
def test_any_other_link_is_a_calendar_only_if_one_was_asked_for(said: str) -> None:
    found = link(said)
    assert found is not None
    assert not found.sure
    assert address(said) is None


@pytest.mark.parametrize("said", ["http://ann:pw@192.168.1.5:5232/ann/9d3c/", "https://ann:pw@example.org/feed",
                                  "https://ann:pw@example.org:99999/c", "ftp://ann:pw@example.org/c"])  # fmt: skip
def test_an_address_with_a_password_is_about_a_calendar_whatever_else_it_is(said: str) -> None:
    found = link(said)
    assert found is not None
    assert found.sure
    assert "pw@" not in repr(found)


@pytest.mark.parametrize("said", NONE)
def test_what_is_no_link_is_none(said: str) -> None:
    assert link(said) is None


def test_what_else_a_message_says_is_kept_apart() -> None:
    found = link("My calendar: https://example.org/team.ics, please!")
    assert found is not None
    assert (found.url, found.rest, found.wrong) == ("https://example.org/team.ics", "My calendar: please", None)
    assert address("standup tomorrow at 10 https://example.org/team.ics") is None


@pytest.mark.parametrize("length", [3_000, 1_000_000])
def test_an_endless_address_is_none(length: int) -> None:
    found = link(f"https://example.org/{'a' * length}.ics")
    assert found is not None
    assert found.wrong is Wrong.BROKEN


def test_the_secret_of_an_address_is_in_no_trace_of_it() -> None:
    found = link(f"{GOOGLE}alice%40example.org/private-0123456789abcdef/basic.ics")
    assert "0123456789abcdef" not in repr(found)


@pytest.mark.parametrize(
    ("url", "whose", "shown"),
    [
        (f"{GOOGLE}a%40b.org/public/basic.ics", Provider.GOOGLE, "calendar.google.com"),
        ("https://outlook.live.com/owa/calendar/0/1/cid-2/calendar.ics", Provider.OUTLOOK, "outlook.live.com"),
        ("https://p52-caldav.icloud.com/published/2/x", Provider.ICLOUD, "p52-caldav.icloud.com"),
        ("https://calendar.yandex.com.tr/export/ics.xml?private_token=x", Provider.YANDEX, "calendar.yandex.com.tr"),
        (f"{DAV}public-calendars/x?export", Provider.NEXTCLOUD, "cloud.example.org"),
        ("https://alice:pw@example.org:8443/a.ics", Provider.OTHER, "example.org"),
        ("https://calendar.google.com.evil.example/calendar/ical/a/public/basic.ics", Provider.OTHER,
         "calendar.google.com.evil.example"),
        ("https://noticloud.com/published/2/x", Provider.OTHER, "noticloud.com"),
    ],
)  # fmt: skip
def test_whose_calendar_it_is_and_where(url: str, whose: Provider, shown: str) -> None:
    assert (provider(url), host(url)) == (whose, shown)
