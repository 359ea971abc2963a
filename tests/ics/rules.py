"""Recurrence rules and what they give, as data: each with where it is from. Made to be reused by other tests.

The expected starts are local times of the case's zone. Those of the RFC are what it prints; those of other suites and
those that follow from a sentence of the RFC were found by trying every day (``brute.py``), and agree with dateutil but
for ``DATEUTIL_DEPARTS``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple


class Case(NamedTuple):
    """A rule with its start, both as iCalendar has them (a date for an all-day event), and what the rule gives alone.

    ``starts``: ``19970902`` is that day at the time of ``dtstart``, ``19970902..19970911`` every day of these. Not
    ``whole``: the rule goes on. See ``expected`` and ``in_a_calendar``.
    """

    source: str
    dtstart: str
    rrule: str
    starts: str
    whole: bool = True
    tzid: str = "America/New_York"


def local(text: str, dtstart: str) -> datetime:
    """A naive local time; that of ``dtstart`` for a day alone."""
    time = dtstart[8:] or "T000000"
    return datetime.fromisoformat(text if "T" in text else text + time)


def expected(case: Case) -> list[datetime]:
    """The local starts that the rule gives by itself: a DTSTART that it does not give is none, and is not counted."""
    found = []
    for token in case.starts.split():
        first, _, last = token.partition("..")
        day = local(first, case.dtstart)
        while day <= local(last or first, case.dtstart):
            found.append(day)
            day += timedelta(days=1)
    return found


def in_a_calendar(case: Case) -> list[datetime]:
    """The local starts of a VEVENT: DTSTART is the first, whatever the rule says, and COUNT counts it.

    But for an UNTIL that is before DTSTART, which leaves nothing.
    """
    found, start = expected(case), local(case.dtstart, case.dtstart)
    if start in found or (not found and "UNTIL" in case.rrule):
        return found
    return [start, *(found[:-1] if "COUNT" in case.rrule else found)]


RFC_5545 = (
    Case(
        "RFC 5545, section 3.8.5.3: daily for 10 occurrences",
        "19970902T090000",
        "FREQ=DAILY;COUNT=10",
        "19970902..19970911",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: daily until December 24, 1997",
        "19970902T090000",
        "FREQ=DAILY;UNTIL=19971224T000000Z",
        "19970902..19971223",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every other day",
        "19970902T090000",
        "FREQ=DAILY;INTERVAL=2",
        "19970902 19970904 19970906 19970908 19970910 19970912 19970914 19970916 19970918 19970920 19970922 "
        "19970924 19970926 19970928 19970930 19971002 19971004 19971006 19971008 19971010 19971012 19971014 "
        "19971016 19971018 19971020 19971022 19971024 19971026 19971028 19971030 19971101 19971103 19971105 "
        "19971107 19971109 19971111 19971113 19971115 19971117 19971119 19971121 19971123 19971125 19971127 "
        "19971129 19971201 19971203",
        whole=False,
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every 10 days, 5 occurrences",
        "19970902T090000",
        "FREQ=DAILY;INTERVAL=10;COUNT=5",
        "19970902 19970912 19970922 19971002 19971012",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every day in January, for 3 years, yearly",
        "19980101T090000",
        "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
        "19980101..19980131 19990101..19990131 20000101..20000131",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every day in January, for 3 years, daily",
        "19980101T090000",
        "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1",
        "19980101..19980131 19990101..19990131 20000101..20000131",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: weekly for 10 occurrences",
        "19970902T090000",
        "FREQ=WEEKLY;COUNT=10",
        "19970902 19970909 19970916 19970923 19970930 19971007 19971014 19971021 19971028 19971104",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: weekly until December 24, 1997",
        "19970902T090000",
        "FREQ=WEEKLY;UNTIL=19971224T000000Z",
        "19970902 19970909 19970916 19970923 19970930 19971007 19971014 19971021 19971028 19971104 19971111 "
        "19971118 19971125 19971202 19971209 19971216 19971223",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every other week",
        "19970902T090000",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        "19970902 19970916 19970930 19971014 19971028 19971111 19971125 19971209 19971223 19980106 19980120 "
        "19980203 19980217",
        whole=False,
    ),
    Case(
        "RFC 5545, section 3.8.5.3: weekly on Tuesday and Thursday for five weeks, until",
        "19970902T090000",
        "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
        "19970902 19970904 19970909 19970911 19970916 19970918 19970923 19970925 19970930 19971002",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: weekly on Tuesday and Thursday for five weeks, count",
        "19970902T090000",
        "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
        "19970902 19970904 19970909 19970911 19970916 19970918 19970923 19970925 19970930 19971002",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every other week on Monday, Wednesday, and Friday until December 24, 1997",
        "19970901T090000",
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
        "19970901 19970903 19970905 19970915 19970917 19970919 19970929 19971001 19971003 19971013 19971015 "
        "19971017 19971027 19971029 19971031 19971110 19971112 19971114 19971124 19971126 19971128 19971208 "
        "19971210 19971212 19971222",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every other week on Tuesday and Thursday, for 8 occurrences",
        "19970902T090000",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
        "19970902 19970904 19970916 19970918 19970930 19971002 19971014 19971016",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: monthly on the first Friday for 10 occurrences",
        "19970905T090000",
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        "19970905 19971003 19971107 19971205 19980102 19980206 19980306 19980403 19980501 19980605",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: monthly on the first Friday until December 24, 1997",
        "19970905T090000",
        "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR",
        "19970905 19971003 19971107 19971205",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every other month on the first and last Sunday for 10 occurrences",
        "19970907T090000",
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        "19970907 19970928 19971102 19971130 19980104 19980125 19980301 19980329 19980503 19980531",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: monthly on the second-to-last Monday of the month for 6 months",
        "19970922T090000",
        "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
        "19970922 19971020 19971117 19971222 19980119 19980216",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: monthly on the third-to-the-last day of the month",
        "19970928T090000",
        "FREQ=MONTHLY;BYMONTHDAY=-3",
        "19970928 19971029 19971128 19971229 19980129 19980226",
        whole=False,
    ),
    Case(
        "RFC 5545, section 3.8.5.3: monthly on the 2nd and 15th of the month for 10 occurrences",
        "19970902T090000",
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
        "19970902 19970915 19971002 19971015 19971102 19971115 19971202 19971215 19980102 19980115",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: monthly on the first and last day of the month for 10 occurrences",
        "19970930T090000",
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        "19970930 19971001 19971031 19971101 19971130 19971201 19971231 19980101 19980131 19980201",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every 18 months on the 10th thru 15th of the month for 10 occurrences",
        "19970910T090000",
        "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        "19970910..19970915 19990310..19990313",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every Tuesday, every other month",
        "19970902T090000",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
        "19970902 19970909 19970916 19970923 19970930 19971104 19971111 19971118 19971125 19980106 19980113 "
        "19980120 19980127 19980303 19980310 19980317 19980324 19980331",
        whole=False,
    ),
    Case(
        "RFC 5545, section 3.8.5.3: yearly in June and July for 10 occurrences",
        "19970610T090000",
        "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
        "19970610 19970710 19980610 19980710 19990610 19990710 20000610 20000710 20010610 20010710",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every other year on January, February, and March for 10 occurrences",
        "19970310T090000",
        "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
        "19970310 19990110 19990210 19990310 20010110 20010210 20010310 20030110 20030210 20030310",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every third year on the 1st, 100th, and 200th day for 10 occurrences",
        "19970101T090000",
        "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
        "19970101 19970410 19970719 20000101 20000409 20000718 20030101 20030410 20030719 20060101",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every 20th Monday of the year",
        "19970519T090000",
        "FREQ=YEARLY;BYDAY=20MO",
        "19970519 19980518 19990517",
        whole=False,
    ),
    Case(
        "RFC 5545, section 3.8.5.3: Monday of week number 20",
        "19970512T090000",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
        "19970512 19980511 19990517",
        whole=False,
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every Thursday in March",
        "19970313T090000",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
        "19970313 19970320 19970327 19980305 19980312 19980319 19980326 19990304 19990311 19990318 19990325",
        whole=False,
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every Thursday, but only during June, July, and August",
        "19970605T090000",
        "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8",
        "19970605 19970612 19970619 19970626 19970703 19970710 19970717 19970724 19970731 19970807 19970814 "
        "19970821 19970828 19980604 19980611 19980618 19980625 19980702 19980709 19980716 19980723 19980730 "
        "19980806 19980813 19980820 19980827 19990603 19990610 19990617 19990624 19990701 19990708 19990715 "
        "19990722 19990729 19990805 19990812 19990819 19990826",
        whole=False,
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every Friday the 13th; its DTSTART is left out by an EXDATE there",
        "19970902T090000",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "19980213 19980313 19981113 19990813 20001013",
        whole=False,
    ),
    Case(
        "RFC 5545, section 3.8.5.3: the first Saturday that follows the first Sunday of the month",
        "19970913T090000",
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
        "19970913 19971011 19971108 19971213 19980110 19980207 19980307 19980411 19980509 19980613",
        whole=False,
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every 4 years, the first Tuesday after a Monday in November",
        "19961105T090000",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "19961105 20001107 20041102",
        whole=False,
    ),
    Case(
        "RFC 5545, section 3.8.5.3: the third Tuesday, Wednesday, or Thursday of the month, for 3 months",
        "19970904T090000",
        "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
        "19970904 19971007 19971106",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: the second-to-last weekday of the month",
        "19970929T090000",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        "19970929 19971030 19971127 19971230 19980129 19980226 19980330",
        whole=False,
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every 3 hours from 9:00 AM to 5:00 PM on a day (erratum 3883)",
        "19970902T090000",
        "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z",
        "19970902T090000 19970902T120000 19970902T150000",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every 15 minutes for 6 occurrences",
        "19970902T090000",
        "FREQ=MINUTELY;INTERVAL=15;COUNT=6",
        "19970902T090000 19970902T091500 19970902T093000 19970902T094500 19970902T100000 19970902T101500",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every hour and a half for 4 occurrences",
        "19970902T090000",
        "FREQ=MINUTELY;INTERVAL=90;COUNT=4",
        "19970902T090000 19970902T103000 19970902T120000 19970902T133000",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every 20 minutes from 9:00 AM to 4:40 PM every day, daily",
        "19970902T090000",
        "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40",
        "19970902T090000 19970902T092000 19970902T094000 19970902T100000 19970902T102000 19970902T104000 "
        "19970902T110000 19970902T112000 19970902T114000 19970902T120000 19970902T122000 19970902T124000 "
        "19970902T130000 19970902T132000 19970902T134000 19970902T140000 19970902T142000 19970902T144000 "
        "19970902T150000 19970902T152000 19970902T154000 19970902T160000 19970902T162000 19970902T164000 "
        "19970903T090000 19970903T092000 19970903T094000 19970903T100000 19970903T102000 19970903T104000 "
        "19970903T110000 19970903T112000 19970903T114000 19970903T120000 19970903T122000 19970903T124000 "
        "19970903T130000 19970903T132000 19970903T134000 19970903T140000 19970903T142000 19970903T144000 "
        "19970903T150000 19970903T152000 19970903T154000 19970903T160000 19970903T162000 19970903T164000",
        whole=False,
    ),
    Case(
        "RFC 5545, section 3.8.5.3: every 20 minutes from 9:00 AM to 4:40 PM every day, minutely",
        "19970902T090000",
        "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16",
        "19970902T090000 19970902T092000 19970902T094000 19970902T100000 19970902T102000 19970902T104000 "
        "19970902T110000 19970902T112000 19970902T114000 19970902T120000 19970902T122000 19970902T124000 "
        "19970902T130000 19970902T132000 19970902T134000 19970902T140000 19970902T142000 19970902T144000 "
        "19970902T150000 19970902T152000 19970902T154000 19970902T160000 19970902T162000 19970902T164000 "
        "19970903T090000 19970903T092000 19970903T094000 19970903T100000 19970903T102000 19970903T104000 "
        "19970903T110000 19970903T112000 19970903T114000 19970903T120000 19970903T122000 19970903T124000 "
        "19970903T130000 19970903T132000 19970903T134000 19970903T140000 19970903T142000 19970903T144000 "
        "19970903T150000 19970903T152000 19970903T154000 19970903T160000 19970903T162000 19970903T164000",
        whole=False,
    ),
    Case(
        "RFC 5545, section 3.8.5.3: where WKST makes a difference: MO",
        "19970805T090000",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
        "19970805 19970810 19970819 19970824",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: where WKST makes a difference: SU",
        "19970805T090000",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
        "19970805 19970817 19970819 19970831",
    ),
    Case(
        "RFC 5545, section 3.8.5.3: where an invalid date (February 30) is ignored",
        "20070115T090000",
        "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
        "20070115 20070130 20070215 20070315 20070330",
    ),
)
"""Every example of section 3.8.5.3."""

FURTHER = (
    Case("dateutil, rrule tests: testYearly", "19970902T090000", "FREQ=YEARLY;COUNT=3", "19970902 19980902 19990902"),
    Case(
        "dateutil, rrule tests: testYearlyInterval",
        "19970902T090000",
        "FREQ=YEARLY;INTERVAL=2;COUNT=3",
        "19970902 19990902 20010902",
    ),
    Case(
        "dateutil, rrule tests: testYearlyIntervalLarge",
        "19970902T090000",
        "FREQ=YEARLY;INTERVAL=100;COUNT=3",
        "19970902 20970902 21970902",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByMonth",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYMONTH=1,3",
        "19980102 19980302 19990102",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByMonthDay",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYMONTHDAY=1,3",
        "19970903 19971001 19971003",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByMonthAndMonthDay",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYMONTH=1,3;BYMONTHDAY=5,7",
        "19980105 19980107 19980305",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByWeekDay",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYDAY=TU,TH",
        "19970902 19970904 19970909",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByMonthAndWeekDay",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYMONTH=1,3;BYDAY=TU,TH",
        "19980101 19980106 19980108",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByMonthDayAndWeekDay",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYMONTHDAY=1,3;BYDAY=TU,TH",
        "19980101 19980203 19980303",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByMonthAndMonthDayAndWeekDay",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYMONTH=1,3;BYMONTHDAY=1,3;BYDAY=TU,TH",
        "19980101 19980303 20010301",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByYearDay",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYYEARDAY=1,100,200,365",
        "19971231 19980101 19980410",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByYearDayNeg",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYYEARDAY=-365,-266,-166,-1",
        "19971231 19980101 19980410",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByMonthAndYearDay",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYMONTH=4,7;BYYEARDAY=1,100,200,365",
        "19980410 19980719 19990410",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByHour",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYHOUR=6,18",
        "19970902T180000 19980902T060000 19980902T180000",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByMinute",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYMINUTE=6,18",
        "19970902T090600 19970902T091800 19980902T090600",
    ),
    Case(
        "dateutil, rrule tests: testYearlyBySecond",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYSECOND=6,18",
        "19970902T090006 19970902T090018 19980902T090006",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByHourAndMinute",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYHOUR=6,18;BYMINUTE=6,18",
        "19970902T180600 19970902T181800 19980902T060600",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByMinuteAndSecond",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYMINUTE=6,18;BYSECOND=6,18",
        "19970902T090606 19970902T090618 19970902T091806",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByHourAndMinuteAndSecond",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYHOUR=6,18;BYMINUTE=6,18;BYSECOND=6,18",
        "19970902T180606 19970902T180618 19970902T181806",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByNWeekDay",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYDAY=1TU,-1TH",
        "19971225 19980106 19981231",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByNWeekDayLarge",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYDAY=3TU,-3TH",
        "19971211 19980120 19981217",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByMonthAndNWeekDay",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYMONTH=1,3;BYDAY=1TU,-1TH",
        "19980106 19980129 19980303",
    ),
    Case("dateutil, rrule tests: testMonthly", "19970902T090000", "FREQ=MONTHLY;COUNT=3", "19970902 19971002 19971102"),
    Case(
        "dateutil, rrule tests: testMonthlyInterval",
        "19970902T090000",
        "FREQ=MONTHLY;INTERVAL=2;COUNT=3",
        "19970902 19971102 19980102",
    ),
    Case(
        "dateutil, rrule tests: testMonthlyIntervalLarge",
        "19970902T090000",
        "FREQ=MONTHLY;INTERVAL=18;COUNT=3",
        "19970902 19990302 20000902",
    ),
    Case(
        "dateutil, rrule tests: testMonthlyByMonth",
        "19970902T090000",
        "FREQ=MONTHLY;COUNT=3;BYMONTH=1,3",
        "19980102 19980302 19990102",
    ),
    Case(
        "dateutil, rrule tests: testMonthlyByMonthDay",
        "19970902T090000",
        "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=1,3",
        "19970903 19971001 19971003",
    ),
    Case(
        "dateutil, rrule tests: testMonthlyByMonthAndMonthDay",
        "19970902T090000",
        "FREQ=MONTHLY;COUNT=3;BYMONTH=1,3;BYMONTHDAY=5,7",
        "19980105 19980107 19980305",
    ),
    Case(
        "dateutil, rrule tests: testMonthlyByWeekDay",
        "19970902T090000",
        "FREQ=MONTHLY;COUNT=3;BYDAY=TU,TH",
        "19970902 19970904 19970909",
    ),
    Case(
        "dateutil, rrule tests: testMonthlyByMonthAndWeekDay",
        "19970902T090000",
        "FREQ=MONTHLY;COUNT=3;BYMONTH=1,3;BYDAY=TU,TH",
        "19980101 19980106 19980108",
    ),
    Case(
        "dateutil, rrule tests: testMonthlyByMonthDayAndWeekDay",
        "19970902T090000",
        "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=1,3;BYDAY=TU,TH",
        "19980101 19980203 19980303",
    ),
    Case(
        "dateutil, rrule tests: testMonthlyByMonthAndMonthDayAndWeekDay",
        "19970902T090000",
        "FREQ=MONTHLY;COUNT=3;BYMONTH=1,3;BYMONTHDAY=1,3;BYDAY=TU,TH",
        "19980101 19980303 20010301",
    ),
    Case(
        "dateutil, rrule tests: testMonthlyByHour",
        "19970902T090000",
        "FREQ=MONTHLY;COUNT=3;BYHOUR=6,18",
        "19970902T180000 19971002T060000 19971002T180000",
    ),
    Case(
        "dateutil, rrule tests: testMonthlyByMinute",
        "19970902T090000",
        "FREQ=MONTHLY;COUNT=3;BYMINUTE=6,18",
        "19970902T090600 19970902T091800 19971002T090600",
    ),
    Case(
        "dateutil, rrule tests: testMonthlyBySecond",
        "19970902T090000",
        "FREQ=MONTHLY;COUNT=3;BYSECOND=6,18",
        "19970902T090006 19970902T090018 19971002T090006",
    ),
    Case(
        "dateutil, rrule tests: testMonthlyByHourAndMinute",
        "19970902T090000",
        "FREQ=MONTHLY;COUNT=3;BYHOUR=6,18;BYMINUTE=6,18",
        "19970902T180600 19970902T181800 19971002T060600",
    ),
    Case(
        "dateutil, rrule tests: testMonthlyByMinuteAndSecond",
        "19970902T090000",
        "FREQ=MONTHLY;COUNT=3;BYMINUTE=6,18;BYSECOND=6,18",
        "19970902T090606 19970902T090618 19970902T091806",
    ),
    Case(
        "dateutil, rrule tests: testMonthlyByHourAndMinuteAndSecond",
        "19970902T090000",
        "FREQ=MONTHLY;COUNT=3;BYHOUR=6,18;BYMINUTE=6,18;BYSECOND=6,18",
        "19970902T180606 19970902T180618 19970902T181806",
    ),
    Case(
        "dateutil, rrule tests: testMonthlyByNWeekDay",
        "19970902T090000",
        "FREQ=MONTHLY;COUNT=3;BYDAY=1TU,-1TH",
        "19970902 19970925 19971007",
    ),
    Case(
        "dateutil, rrule tests: testMonthlyByNWeekDayLarge",
        "19970902T090000",
        "FREQ=MONTHLY;COUNT=3;BYDAY=3TU,-3TH",
        "19970911 19970916 19971016",
    ),
    Case(
        "dateutil, rrule tests: testMonthlyByMonthAndNWeekDay",
        "19970902T090000",
        "FREQ=MONTHLY;COUNT=3;BYMONTH=1,3;BYDAY=1TU,-1TH",
        "19980106 19980129 19980303",
    ),
    Case("dateutil, rrule tests: testWeekly", "19970902T090000", "FREQ=WEEKLY;COUNT=3", "19970902 19970909 19970916"),
    Case(
        "dateutil, rrule tests: testWeeklyInterval",
        "19970902T090000",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=3",
        "19970902 19970916 19970930",
    ),
    Case(
        "dateutil, rrule tests: testWeeklyIntervalLarge",
        "19970902T090000",
        "FREQ=WEEKLY;INTERVAL=20;COUNT=3",
        "19970902 19980120 19980609",
    ),
    Case(
        "dateutil, rrule tests: testWeeklyByMonth",
        "19970902T090000",
        "FREQ=WEEKLY;COUNT=3;BYMONTH=1,3",
        "19980106 19980113 19980120",
    ),
    Case(
        "dateutil, rrule tests: testWeeklyByWeekDay",
        "19970902T090000",
        "FREQ=WEEKLY;COUNT=3;BYDAY=TU,TH",
        "19970902 19970904 19970909",
    ),
    Case(
        "dateutil, rrule tests: testWeeklyByMonthAndWeekDay",
        "19970902T090000",
        "FREQ=WEEKLY;COUNT=3;BYMONTH=1,3;BYDAY=TU,TH",
        "19980101 19980106 19980108",
    ),
    Case(
        "dateutil, rrule tests: testWeeklyByHour",
        "19970902T090000",
        "FREQ=WEEKLY;COUNT=3;BYHOUR=6,18",
        "19970902T180000 19970909T060000 19970909T180000",
    ),
    Case(
        "dateutil, rrule tests: testWeeklyByMinute",
        "19970902T090000",
        "FREQ=WEEKLY;COUNT=3;BYMINUTE=6,18",
        "19970902T090600 19970902T091800 19970909T090600",
    ),
    Case(
        "dateutil, rrule tests: testWeeklyBySecond",
        "19970902T090000",
        "FREQ=WEEKLY;COUNT=3;BYSECOND=6,18",
        "19970902T090006 19970902T090018 19970909T090006",
    ),
    Case(
        "dateutil, rrule tests: testWeeklyByHourAndMinute",
        "19970902T090000",
        "FREQ=WEEKLY;COUNT=3;BYHOUR=6,18;BYMINUTE=6,18",
        "19970902T180600 19970902T181800 19970909T060600",
    ),
    Case(
        "dateutil, rrule tests: testWeeklyByMinuteAndSecond",
        "19970902T090000",
        "FREQ=WEEKLY;COUNT=3;BYMINUTE=6,18;BYSECOND=6,18",
        "19970902T090606 19970902T090618 19970902T091806",
    ),
    Case(
        "dateutil, rrule tests: testWeeklyByHourAndMinuteAndSecond",
        "19970902T090000",
        "FREQ=WEEKLY;COUNT=3;BYHOUR=6,18;BYMINUTE=6,18;BYSECOND=6,18",
        "19970902T180606 19970902T180618 19970902T181806",
    ),
    Case("dateutil, rrule tests: testDaily", "19970902T090000", "FREQ=DAILY;COUNT=3", "19970902 19970903 19970904"),
    Case(
        "dateutil, rrule tests: testDailyInterval",
        "19970902T090000",
        "FREQ=DAILY;INTERVAL=2;COUNT=3",
        "19970902 19970904 19970906",
    ),
    Case(
        "dateutil, rrule tests: testDailyIntervalLarge",
        "19970902T090000",
        "FREQ=DAILY;INTERVAL=92;COUNT=3",
        "19970902 19971203 19980305",
    ),
    Case(
        "dateutil, rrule tests: testDailyByMonth",
        "19970902T090000",
        "FREQ=DAILY;COUNT=3;BYMONTH=1,3",
        "19980101 19980102 19980103",
    ),
    Case(
        "dateutil, rrule tests: testDailyByMonthDay",
        "19970902T090000",
        "FREQ=DAILY;COUNT=3;BYMONTHDAY=1,3",
        "19970903 19971001 19971003",
    ),
    Case(
        "dateutil, rrule tests: testDailyByMonthAndMonthDay",
        "19970902T090000",
        "FREQ=DAILY;COUNT=3;BYMONTH=1,3;BYMONTHDAY=5,7",
        "19980105 19980107 19980305",
    ),
    Case(
        "dateutil, rrule tests: testDailyByWeekDay",
        "19970902T090000",
        "FREQ=DAILY;COUNT=3;BYDAY=TU,TH",
        "19970902 19970904 19970909",
    ),
    Case(
        "dateutil, rrule tests: testDailyByMonthAndWeekDay",
        "19970902T090000",
        "FREQ=DAILY;COUNT=3;BYMONTH=1,3;BYDAY=TU,TH",
        "19980101 19980106 19980108",
    ),
    Case(
        "dateutil, rrule tests: testDailyByMonthDayAndWeekDay",
        "19970902T090000",
        "FREQ=DAILY;COUNT=3;BYMONTHDAY=1,3;BYDAY=TU,TH",
        "19980101 19980203 19980303",
    ),
    Case(
        "dateutil, rrule tests: testDailyByMonthAndMonthDayAndWeekDay",
        "19970902T090000",
        "FREQ=DAILY;COUNT=3;BYMONTH=1,3;BYMONTHDAY=1,3;BYDAY=TU,TH",
        "19980101 19980303 20010301",
    ),
    Case(
        "dateutil, rrule tests: testDailyByHour",
        "19970902T090000",
        "FREQ=DAILY;COUNT=3;BYHOUR=6,18",
        "19970902T180000 19970903T060000 19970903T180000",
    ),
    Case(
        "dateutil, rrule tests: testDailyByMinute",
        "19970902T090000",
        "FREQ=DAILY;COUNT=3;BYMINUTE=6,18",
        "19970902T090600 19970902T091800 19970903T090600",
    ),
    Case(
        "dateutil, rrule tests: testDailyBySecond",
        "19970902T090000",
        "FREQ=DAILY;COUNT=3;BYSECOND=6,18",
        "19970902T090006 19970902T090018 19970903T090006",
    ),
    Case(
        "dateutil, rrule tests: testDailyByHourAndMinute",
        "19970902T090000",
        "FREQ=DAILY;COUNT=3;BYHOUR=6,18;BYMINUTE=6,18",
        "19970902T180600 19970902T181800 19970903T060600",
    ),
    Case(
        "dateutil, rrule tests: testDailyByMinuteAndSecond",
        "19970902T090000",
        "FREQ=DAILY;COUNT=3;BYMINUTE=6,18;BYSECOND=6,18",
        "19970902T090606 19970902T090618 19970902T091806",
    ),
    Case(
        "dateutil, rrule tests: testDailyByHourAndMinuteAndSecond",
        "19970902T090000",
        "FREQ=DAILY;COUNT=3;BYHOUR=6,18;BYMINUTE=6,18;BYSECOND=6,18",
        "19970902T180606 19970902T180618 19970902T181806",
    ),
    Case(
        "dateutil, rrule tests: testHourly",
        "19970902T090000",
        "FREQ=HOURLY;COUNT=3",
        "19970902 19970902T100000 19970902T110000",
    ),
    Case(
        "dateutil, rrule tests: testHourlyInterval",
        "19970902T090000",
        "FREQ=HOURLY;INTERVAL=2;COUNT=3",
        "19970902 19970902T110000 19970902T130000",
    ),
    Case(
        "dateutil, rrule tests: testHourlyIntervalLarge",
        "19970902T090000",
        "FREQ=HOURLY;INTERVAL=769;COUNT=3",
        "19970902 19971004T100000 19971105T110000",
    ),
    Case(
        "dateutil, rrule tests: testHourlyByMonth",
        "19970902T090000",
        "FREQ=HOURLY;COUNT=3;BYMONTH=1,3",
        "19980101T000000 19980101T010000 19980101T020000",
    ),
    Case(
        "dateutil, rrule tests: testHourlyByMonthDay",
        "19970902T090000",
        "FREQ=HOURLY;COUNT=3;BYMONTHDAY=1,3",
        "19970903T000000 19970903T010000 19970903T020000",
    ),
    Case(
        "dateutil, rrule tests: testHourlyByMonthAndMonthDay",
        "19970902T090000",
        "FREQ=HOURLY;COUNT=3;BYMONTH=1,3;BYMONTHDAY=5,7",
        "19980105T000000 19980105T010000 19980105T020000",
    ),
    Case(
        "dateutil, rrule tests: testHourlyByWeekDay",
        "19970902T090000",
        "FREQ=HOURLY;COUNT=3;BYDAY=TU,TH",
        "19970902 19970902T100000 19970902T110000",
    ),
    Case(
        "dateutil, rrule tests: testHourlyByMonthAndWeekDay",
        "19970902T090000",
        "FREQ=HOURLY;COUNT=3;BYMONTH=1,3;BYDAY=TU,TH",
        "19980101T000000 19980101T010000 19980101T020000",
    ),
    Case(
        "dateutil, rrule tests: testHourlyByMonthDayAndWeekDay",
        "19970902T090000",
        "FREQ=HOURLY;COUNT=3;BYMONTHDAY=1,3;BYDAY=TU,TH",
        "19980101T000000 19980101T010000 19980101T020000",
    ),
    Case(
        "dateutil, rrule tests: testHourlyByMonthAndMonthDayAndWeekDay",
        "19970902T090000",
        "FREQ=HOURLY;COUNT=3;BYMONTH=1,3;BYMONTHDAY=1,3;BYDAY=TU,TH",
        "19980101T000000 19980101T010000 19980101T020000",
    ),
    Case(
        "dateutil, rrule tests: testHourlyByYearDay",
        "19970902T090000",
        "FREQ=HOURLY;COUNT=3;BYYEARDAY=1,100,200,365",
        "19971231T000000 19971231T010000 19971231T020000",
    ),
    Case(
        "dateutil, rrule tests: testHourlyByYearDayNeg",
        "19970902T090000",
        "FREQ=HOURLY;COUNT=3;BYYEARDAY=-365,-266,-166,-1",
        "19971231T000000 19971231T010000 19971231T020000",
    ),
    Case(
        "dateutil, rrule tests: testHourlyByMonthAndYearDay",
        "19970902T090000",
        "FREQ=HOURLY;COUNT=3;BYMONTH=4,7;BYYEARDAY=1,100,200,365",
        "19980410T000000 19980410T010000 19980410T020000",
    ),
    Case(
        "dateutil, rrule tests: testHourlyByHour",
        "19970902T090000",
        "FREQ=HOURLY;COUNT=3;BYHOUR=6,18",
        "19970902T180000 19970903T060000 19970903T180000",
    ),
    Case(
        "dateutil, rrule tests: testHourlyByMinute",
        "19970902T090000",
        "FREQ=HOURLY;COUNT=3;BYMINUTE=6,18",
        "19970902T090600 19970902T091800 19970902T100600",
    ),
    Case(
        "dateutil, rrule tests: testHourlyBySecond",
        "19970902T090000",
        "FREQ=HOURLY;COUNT=3;BYSECOND=6,18",
        "19970902T090006 19970902T090018 19970902T100006",
    ),
    Case(
        "dateutil, rrule tests: testHourlyByHourAndMinute",
        "19970902T090000",
        "FREQ=HOURLY;COUNT=3;BYHOUR=6,18;BYMINUTE=6,18",
        "19970902T180600 19970902T181800 19970903T060600",
    ),
    Case(
        "dateutil, rrule tests: testHourlyByMinuteAndSecond",
        "19970902T090000",
        "FREQ=HOURLY;COUNT=3;BYMINUTE=6,18;BYSECOND=6,18",
        "19970902T090606 19970902T090618 19970902T091806",
    ),
    Case(
        "dateutil, rrule tests: testHourlyByHourAndMinuteAndSecond",
        "19970902T090000",
        "FREQ=HOURLY;COUNT=3;BYHOUR=6,18;BYMINUTE=6,18;BYSECOND=6,18",
        "19970902T180606 19970902T180618 19970902T181806",
    ),
    Case(
        "dateutil, rrule tests: testMinutely",
        "19970902T090000",
        "FREQ=MINUTELY;COUNT=3",
        "19970902 19970902T090100 19970902T090200",
    ),
    Case(
        "dateutil, rrule tests: testMinutelyInterval",
        "19970902T090000",
        "FREQ=MINUTELY;INTERVAL=2;COUNT=3",
        "19970902 19970902T090200 19970902T090400",
    ),
    Case(
        "dateutil, rrule tests: testMinutelyIntervalLarge",
        "19970902T090000",
        "FREQ=MINUTELY;INTERVAL=1501;COUNT=3",
        "19970902 19970903T100100 19970904T110200",
    ),
    Case(
        "dateutil, rrule tests: testMinutelyByMonth",
        "19970902T090000",
        "FREQ=MINUTELY;COUNT=3;BYMONTH=1,3",
        "19980101T000000 19980101T000100 19980101T000200",
    ),
    Case(
        "dateutil, rrule tests: testMinutelyByMonthDay",
        "19970902T090000",
        "FREQ=MINUTELY;COUNT=3;BYMONTHDAY=1,3",
        "19970903T000000 19970903T000100 19970903T000200",
    ),
    Case(
        "dateutil, rrule tests: testMinutelyByMonthAndMonthDay",
        "19970902T090000",
        "FREQ=MINUTELY;COUNT=3;BYMONTH=1,3;BYMONTHDAY=5,7",
        "19980105T000000 19980105T000100 19980105T000200",
    ),
    Case(
        "dateutil, rrule tests: testMinutelyByWeekDay",
        "19970902T090000",
        "FREQ=MINUTELY;COUNT=3;BYDAY=TU,TH",
        "19970902 19970902T090100 19970902T090200",
    ),
    Case(
        "dateutil, rrule tests: testMinutelyByMonthAndWeekDay",
        "19970902T090000",
        "FREQ=MINUTELY;COUNT=3;BYMONTH=1,3;BYDAY=TU,TH",
        "19980101T000000 19980101T000100 19980101T000200",
    ),
    Case(
        "dateutil, rrule tests: testMinutelyByMonthDayAndWeekDay",
        "19970902T090000",
        "FREQ=MINUTELY;COUNT=3;BYMONTHDAY=1,3;BYDAY=TU,TH",
        "19980101T000000 19980101T000100 19980101T000200",
    ),
    Case(
        "dateutil, rrule tests: testMinutelyByMonthAndMonthDayAndWeekDay",
        "19970902T090000",
        "FREQ=MINUTELY;COUNT=3;BYMONTH=1,3;BYMONTHDAY=1,3;BYDAY=TU,TH",
        "19980101T000000 19980101T000100 19980101T000200",
    ),
    Case(
        "dateutil, rrule tests: testMinutelyByYearDay",
        "19970902T090000",
        "FREQ=MINUTELY;COUNT=3;BYYEARDAY=1,100,200,365",
        "19971231T000000 19971231T000100 19971231T000200",
    ),
    Case(
        "dateutil, rrule tests: testMinutelyByYearDayNeg",
        "19970902T090000",
        "FREQ=MINUTELY;COUNT=3;BYYEARDAY=-365,-266,-166,-1",
        "19971231T000000 19971231T000100 19971231T000200",
    ),
    Case(
        "dateutil, rrule tests: testMinutelyByMonthAndYearDay",
        "19970902T090000",
        "FREQ=MINUTELY;COUNT=3;BYMONTH=4,7;BYYEARDAY=1,100,200,365",
        "19980410T000000 19980410T000100 19980410T000200",
    ),
    Case(
        "dateutil, rrule tests: testMinutelyByHour",
        "19970902T090000",
        "FREQ=MINUTELY;COUNT=3;BYHOUR=6,18",
        "19970902T180000 19970902T180100 19970902T180200",
    ),
    Case(
        "dateutil, rrule tests: testMinutelyByMinute",
        "19970902T090000",
        "FREQ=MINUTELY;COUNT=3;BYMINUTE=6,18",
        "19970902T090600 19970902T091800 19970902T100600",
    ),
    Case(
        "dateutil, rrule tests: testMinutelyBySecond",
        "19970902T090000",
        "FREQ=MINUTELY;COUNT=3;BYSECOND=6,18",
        "19970902T090006 19970902T090018 19970902T090106",
    ),
    Case(
        "dateutil, rrule tests: testMinutelyByHourAndMinute",
        "19970902T090000",
        "FREQ=MINUTELY;COUNT=3;BYHOUR=6,18;BYMINUTE=6,18",
        "19970902T180600 19970902T181800 19970903T060600",
    ),
    Case(
        "dateutil, rrule tests: testMinutelyByMinuteAndSecond",
        "19970902T090000",
        "FREQ=MINUTELY;COUNT=3;BYMINUTE=6,18;BYSECOND=6,18",
        "19970902T090606 19970902T090618 19970902T091806",
    ),
    Case(
        "dateutil, rrule tests: testMinutelyByHourAndMinuteAndSecond",
        "19970902T090000",
        "FREQ=MINUTELY;COUNT=3;BYHOUR=6,18;BYMINUTE=6,18;BYSECOND=6,18",
        "19970902T180606 19970902T180618 19970902T181806",
    ),
    Case(
        "dateutil, rrule tests: testSecondly",
        "19970902T090000",
        "FREQ=SECONDLY;COUNT=3",
        "19970902 19970902T090001 19970902T090002",
    ),
    Case(
        "dateutil, rrule tests: testSecondlyInterval",
        "19970902T090000",
        "FREQ=SECONDLY;INTERVAL=2;COUNT=3",
        "19970902 19970902T090002 19970902T090004",
    ),
    Case(
        "dateutil, rrule tests: testSecondlyIntervalLarge",
        "19970902T090000",
        "FREQ=SECONDLY;INTERVAL=90061;COUNT=3",
        "19970902 19970903T100101 19970904T110202",
    ),
    Case(
        "dateutil, rrule tests: testSecondlyByMonth",
        "19970902T090000",
        "FREQ=SECONDLY;COUNT=3;BYMONTH=1,3",
        "19980101T000000 19980101T000001 19980101T000002",
    ),
    Case(
        "dateutil, rrule tests: testSecondlyByMonthDay",
        "19970902T090000",
        "FREQ=SECONDLY;COUNT=3;BYMONTHDAY=1,3",
        "19970903T000000 19970903T000001 19970903T000002",
    ),
    Case(
        "dateutil, rrule tests: testSecondlyByMonthAndMonthDay",
        "19970902T090000",
        "FREQ=SECONDLY;COUNT=3;BYMONTH=1,3;BYMONTHDAY=5,7",
        "19980105T000000 19980105T000001 19980105T000002",
    ),
    Case(
        "dateutil, rrule tests: testSecondlyByWeekDay",
        "19970902T090000",
        "FREQ=SECONDLY;COUNT=3;BYDAY=TU,TH",
        "19970902 19970902T090001 19970902T090002",
    ),
    Case(
        "dateutil, rrule tests: testSecondlyByMonthAndWeekDay",
        "19970902T090000",
        "FREQ=SECONDLY;COUNT=3;BYMONTH=1,3;BYDAY=TU,TH",
        "19980101T000000 19980101T000001 19980101T000002",
    ),
    Case(
        "dateutil, rrule tests: testSecondlyByMonthDayAndWeekDay",
        "19970902T090000",
        "FREQ=SECONDLY;COUNT=3;BYMONTHDAY=1,3;BYDAY=TU,TH",
        "19980101T000000 19980101T000001 19980101T000002",
    ),
    Case(
        "dateutil, rrule tests: testSecondlyByMonthAndMonthDayAndWeekDay",
        "19970902T090000",
        "FREQ=SECONDLY;COUNT=3;BYMONTH=1,3;BYMONTHDAY=1,3;BYDAY=TU,TH",
        "19980101T000000 19980101T000001 19980101T000002",
    ),
    Case(
        "dateutil, rrule tests: testSecondlyByYearDay",
        "19970902T090000",
        "FREQ=SECONDLY;COUNT=3;BYYEARDAY=1,100,200,365",
        "19971231T000000 19971231T000001 19971231T000002",
    ),
    Case(
        "dateutil, rrule tests: testSecondlyByYearDayNeg",
        "19970902T090000",
        "FREQ=SECONDLY;COUNT=3;BYYEARDAY=-365,-266,-166,-1",
        "19971231T000000 19971231T000001 19971231T000002",
    ),
    Case(
        "dateutil, rrule tests: testSecondlyByMonthAndYearDay",
        "19970902T090000",
        "FREQ=SECONDLY;COUNT=3;BYMONTH=4,7;BYYEARDAY=1,100,200,365",
        "19980410T000000 19980410T000001 19980410T000002",
    ),
    Case(
        "dateutil, rrule tests: testSecondlyByHour",
        "19970902T090000",
        "FREQ=SECONDLY;COUNT=3;BYHOUR=6,18",
        "19970902T180000 19970902T180001 19970902T180002",
    ),
    Case(
        "dateutil, rrule tests: testSecondlyByMinute",
        "19970902T090000",
        "FREQ=SECONDLY;COUNT=3;BYMINUTE=6,18",
        "19970902T090600 19970902T090601 19970902T090602",
    ),
    Case(
        "dateutil, rrule tests: testSecondlyBySecond",
        "19970902T090000",
        "FREQ=SECONDLY;COUNT=3;BYSECOND=6,18",
        "19970902T090006 19970902T090018 19970902T090106",
    ),
    Case(
        "dateutil, rrule tests: testSecondlyByHourAndMinute",
        "19970902T090000",
        "FREQ=SECONDLY;COUNT=3;BYHOUR=6,18;BYMINUTE=6,18",
        "19970902T180600 19970902T180601 19970902T180602",
    ),
    Case(
        "dateutil, rrule tests: testSecondlyByMinuteAndSecond",
        "19970902T090000",
        "FREQ=SECONDLY;COUNT=3;BYMINUTE=6,18;BYSECOND=6,18",
        "19970902T090606 19970902T090618 19970902T091806",
    ),
    Case(
        "dateutil, rrule tests: testSecondlyByHourAndMinuteAndSecond",
        "19970902T090000",
        "FREQ=SECONDLY;COUNT=3;BYHOUR=6,18;BYMINUTE=6,18;BYSECOND=6,18",
        "19970902T180606 19970902T180618 19970902T181806",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByWeekNoAndWeekDay",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYWEEKNO=1;BYDAY=MO",
        "19971229 19990104 20000103",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByWeekNoAndWeekDayLarge",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYWEEKNO=52;BYDAY=SU",
        "19971228 19981227 20000102",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByWeekNoAndWeekDayLast",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYWEEKNO=-1;BYDAY=SU",
        "19971228 19990103 20000102",
    ),
    Case(
        "dateutil, rrule tests: testYearlyByWeekNoAndWeekDay53",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYWEEKNO=53;BYDAY=MO",
        "19981228 20041227 20091228",
    ),
    Case(
        "dateutil, rrule tests: testYearlyBySetPos",
        "19970902T090000",
        "FREQ=YEARLY;COUNT=3;BYMONTHDAY=15;BYHOUR=6,18;BYSETPOS=3,-3",
        "19971115T180000 19980215T060000 19981115T180000",
    ),
    Case(
        "dateutil, rrule tests: testMonthlyBySetPos",
        "19970902T090000",
        "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=13,17;BYHOUR=6,18;BYSETPOS=3,-3",
        "19970913T180000 19970917T060000 19971013T180000",
    ),
    Case(
        "dateutil, rrule tests: testWeeklyBySetPos",
        "19970902T090000",
        "FREQ=WEEKLY;COUNT=3;BYDAY=TU,TH;BYHOUR=6,18;BYSETPOS=3,-3",
        "19970902T180000 19970904T060000 19970909T180000",
    ),
    Case(
        "dateutil, rrule tests: testDailyBySetPos",
        "19970902T090000",
        "FREQ=DAILY;COUNT=3;BYHOUR=6,18;BYMINUTE=15,45;BYSETPOS=3,-3",
        "19970902T181500 19970903T064500 19970903T181500",
    ),
    Case(
        "dateutil, rrule tests: testHourlyBySetPos",
        "19970902T090000",
        "FREQ=HOURLY;COUNT=3;BYMINUTE=15,45;BYSECOND=15,45;BYSETPOS=3,-3",
        "19970902T091545 19970902T094515 19970902T101545",
    ),
    Case(
        "dateutil, rrule tests: testMinutelyBySetPos",
        "19970902T090000",
        "FREQ=MINUTELY;COUNT=3;BYSECOND=15,30,45;BYSETPOS=3,-3",
        "19970902T090015 19970902T090045 19970902T090115",
    ),
    Case(
        "dateutil, rrule tests: testWkStIntervalMO",
        "19970902T090000",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=TU,SU;WKST=MO",
        "19970902 19970907 19970916",
    ),
    Case(
        "dateutil, rrule tests: testWkStIntervalSU",
        "19970902T090000",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=TU,SU;WKST=SU",
        "19970902 19970914 19970916",
    ),
    Case(
        "dateutil, rrule tests: testUntilMatching",
        "19970902T090000",
        "FREQ=DAILY;UNTIL=19970904T090000",
        "19970902 19970903 19970904",
    ),
    Case(
        "dateutil, rrule tests: testUntilNotMatching",
        "19970902T090000",
        "FREQ=DAILY;UNTIL=19970905T080000",
        "19970902 19970903 19970904",
    ),
    Case("dateutil, rrule tests: testUntilSingle", "19970902T090000", "FREQ=DAILY;UNTIL=19970902T090000", "19970902"),
    Case("dateutil, rrule tests: testUntilEmpty", "19970902T090000", "FREQ=DAILY;UNTIL=19970901T090000", ""),
    Case(
        "libical, recurrence test data: non-Gregorian section",
        "20120229",
        "RSCALE=GREGORIAN;FREQ=YEARLY;COUNT=4",
        "20120229 20160229 20200229 20240229",
    ),
    Case(
        "libical, recurrence test data: non-Gregorian section",
        "20140131",
        "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD;COUNT=4",
        "20140131 20140228 20140331 20140430",
    ),
    Case(
        "libical, recurrence test data: non-Gregorian section",
        "20140131",
        "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD;COUNT=4",
        "20140131 20140301 20140331 20140501",
    ),
    Case(
        "libical, recurrence test data: non-Gregorian section",
        "20150201",
        "RSCALE=GREGORIAN;FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;SKIP=FORWARD;COUNT=5",
        "20150228 20150301 20160228 20160229 20170228",
    ),
    Case(
        "libical, recurrence test data: non-Gregorian section",
        "20140131",
        "RSCALE=GREGORIAN;FREQ=MONTHLY;INTERVAL=3;SKIP=FORWARD;COUNT=4",
        "20140131 20140501 20140731 20141031",
    ),
    Case(
        "RFC 7529, section 4.1: a leap day is omitted",
        "20160229",
        "FREQ=YEARLY;COUNT=4",
        "20160229 20200229 20240229 20280229",
    ),
    Case(
        "RFC 7529, section 4.1: SKIP=OMIT is what RFC 5545 does",
        "20160229",
        "RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=OMIT;COUNT=4",
        "20160229 20200229 20240229 20280229",
    ),
    Case(
        "RFC 7529, section 4.3: a leap day, SKIP=FORWARD",
        "20120229",
        "RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD;COUNT=5",
        "20120229 20130301 20140301 20150301 20160229",
    ),
    Case(
        "RFC 7529, section 4.3: a leap day, SKIP=BACKWARD",
        "20120229",
        "RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=BACKWARD;COUNT=5",
        "20120229 20130228 20140228 20150228 20160229",
    ),
    Case(
        "RFC 7529, section 4.1: two invalid days become one",
        "20140130",
        "RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=29,30,31;SKIP=BACKWARD;COUNT=8",
        "20140130 20140131 20140228 20140329 20140330 20140331 20140429 20140430",
    ),
    Case(
        "RFC 7529, section 4.1: a moved day is limited by BYDAY",
        "20140131",
        "RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=31;BYDAY=FR,SA;SKIP=FORWARD;COUNT=6",
        "20140131 20140301 20140531 20141031 20150131 20150501",
    ),
    Case(
        "RFC 7529, section 4.1: a moved day meets the next month's own",
        "20150101",
        "RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=1,31;SKIP=FORWARD;COUNT=8",
        "20150101 20150131 20150201 20150301 20150331 20150401 20150501 20150531",
    ),
    Case(
        "RFC 7529, section 4.1: BYSETPOS comes after SKIP",
        "20150131",
        "RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=30,31;BYSETPOS=-1;SKIP=BACKWARD;COUNT=5",
        "20150131 20150228 20150331 20150430 20150531",
    ),
    Case(
        "RFC 7529, section 4.1: the 31st, yearly in short months",
        "20150430",
        "RSCALE=GREGORIAN;FREQ=YEARLY;BYMONTH=4,6;BYMONTHDAY=31;SKIP=BACKWARD;COUNT=4",
        "20150430 20150630 20160430 20160630",
    ),
    Case(
        "RFC 7529, section 4.1: half a leap day",
        "20160229T120000",
        "RSCALE=GREGORIAN;FREQ=YEARLY;BYHOUR=6,18;SKIP=FORWARD;COUNT=5",
        "20160229T180000 20170301T060000 20170301T180000 20180301T060000 20180301T180000",
    ),
    Case(
        "RFC 5545, section 3.3.10: an invalid date is ignored and not counted",
        "20260131T090000",
        "FREQ=MONTHLY;COUNT=5",
        "20260131 20260331 20260531 20260731 20260831",
    ),
    Case(
        "RFC 5545, section 3.3.10: an invalid date is ignored and not counted",
        "20240229T090000",
        "FREQ=YEARLY;COUNT=3",
        "20240229 20280229 20320229",
    ),
    Case(
        "RFC 5545, section 3.3.10: an invalid date is ignored and not counted",
        "20260331T090000",
        "FREQ=MONTHLY;INTERVAL=3;COUNT=5",
        "20260331 20261231 20270331 20271231 20280331",
    ),
    Case(
        "RFC 5545, section 3.3.10: an invalid date is ignored and not counted",
        "20260101T090000",
        "FREQ=YEARLY;BYMONTH=2,4;BYMONTHDAY=29,30,31;COUNT=5",
        "20260429 20260430 20270429 20270430 20280229",
    ),
    Case(
        "RFC 5545, section 3.3.10: INTERVAL counts periods, not occurrences",
        "20260131T090000",
        "FREQ=MONTHLY;INTERVAL=2;COUNT=4",
        "20260131 20260331 20260531 20260731",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYSECOND, 0 to 60: the leap second is 59 (section 3.3.12)",
        "20260101T090000",
        "FREQ=MINUTELY;BYSECOND=60;COUNT=3",
        "20260101T090059 20260101T090159 20260101T090259",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYWEEKNO is weeks of ISO 8601",
        "20200101T090000",
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=FR,SA,SU;COUNT=6",
        "20210101 20210102 20210103 20270101 20270102 20270103",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYWEEKNO counts from WKST",
        "20200101T090000",
        "FREQ=YEARLY;BYWEEKNO=1;BYDAY=SU;WKST=SU;COUNT=4",
        "20210103 20220102 20230101 20231231",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYWEEKNO counts from WKST",
        "20200101T090000",
        "FREQ=YEARLY;BYWEEKNO=1,-1;BYDAY=SA;WKST=WE;COUNT=6",
        "20200104 20201226 20210102 20211225 20220101 20221231",
    ),
    Case(
        "RFC 5545, section 3.3.10: a year's first week may begin in the year before",
        "20240101T090000",
        "FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO,TU;COUNT=6",
        "20240101 20240102 20241230 20241231 20251229 20251230",
    ),
    Case(
        "RFC 5545, section 3.3.10: with BYWEEKNO alone the weekday is DTSTART's",
        "20260101T090000",
        "FREQ=YEARLY;BYWEEKNO=20,40;COUNT=5",
        "20260514 20261001 20270520 20271007 20280518",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYWEEKNO and INTERVAL count in years of weeks",
        "20250101T090000",
        "FREQ=YEARLY;INTERVAL=2;BYWEEKNO=1;BYDAY=MO,FR;COUNT=5",
        "20250103 20270104 20270108 20290101 20290105",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYWEEKNO with BYMONTH: both hold",
        "20260101T090000",
        "FREQ=YEARLY;BYWEEKNO=5,9;BYMONTH=2;BYDAY=SA,SU,MO;COUNT=8",
        "20260201 20260223 20260228 20270201 20270206 20270207 20280205 20280206",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYYEARDAY and BYMONTH: both hold",
        "20260101T090000",
        "FREQ=YEARLY;BYYEARDAY=1,32,60,61,366;BYMONTH=2,3;COUNT=6",
        "20260201 20260301 20260302 20270201 20270301 20270302",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYYEARDAY=366 is there in leap years only",
        "20260101T090000",
        "FREQ=YEARLY;BYYEARDAY=366;COUNT=3",
        "20281231 20321231 20361231",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYYEARDAY=-366 likewise",
        "20260101T090000",
        "FREQ=YEARLY;BYYEARDAY=-366;COUNT=3",
        "20280101 20320101 20360101",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYYEARDAY=-306 is March 1",
        "20260101T090000",
        "FREQ=YEARLY;BYYEARDAY=-306;COUNT=3",
        "20260301 20270301 20280301",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYYEARDAY limits an hourly rule",
        "20260101T230000",
        "FREQ=HOURLY;INTERVAL=12;BYYEARDAY=100,-1;COUNT=5",
        "20260410T110000 20260410 20261231T110000 20261231 20270410T110000",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYYEARDAY limits a minutely rule",
        "20260101T230000",
        "FREQ=MINUTELY;INTERVAL=480;BYYEARDAY=2,366;COUNT=5",
        "20260102T070000 20260102T150000 20260102 20270102T070000 20270102T150000",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYYEARDAY limits a secondly rule",
        "20260101T230000",
        "FREQ=SECONDLY;INTERVAL=28800;BYYEARDAY=3;COUNT=4",
        "20260103T070000 20260103T150000 20260103 20270103T070000",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYMONTHDAY limits a daily rule",
        "20260101T090000",
        "FREQ=DAILY;INTERVAL=2;BYMONTHDAY=1,-1;COUNT=6",
        "20260101 20260131 20260228 20260401 20260501 20260531",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYMONTH limits a weekly rule by each day",
        "20260101T090000",
        "FREQ=WEEKLY;BYMONTH=3;BYDAY=SA,SU,MO;COUNT=8",
        "20260301 20260302 20260307 20260308 20260309 20260314 20260315 20260316",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYMONTH limits a weekly rule",
        "20260101T090000",
        "FREQ=WEEKLY;INTERVAL=3;BYMONTH=1,6;COUNT=6",
        "20260101 20260122 20260618 20270114 20270610 20280106",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYDAY without a number is every such day",
        "20260101T090000",
        "FREQ=MONTHLY;BYDAY=MO;COUNT=6",
        "20260105 20260112 20260119 20260126 20260202 20260209",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYDAY in a yearly rule with BYMONTH counts in the month",
        "20260101T090000",
        "FREQ=YEARLY;BYMONTH=5,9;BYDAY=1MO,-1MO;COUNT=6",
        "20260504 20260525 20260907 20260928 20270503 20270531",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYDAY in a yearly rule counts in the year",
        "20260101T090000",
        "FREQ=YEARLY;BYDAY=1MO,-1MO,10WE;COUNT=6",
        "20260105 20260311 20261228 20270104 20270310 20271227",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYDAY=53 is there in some years only",
        "20260101T090000",
        "FREQ=YEARLY;BYDAY=53TH;COUNT=3",
        "20261231 20321230 20371231",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYDAY=-53 likewise",
        "20260101T090000",
        "FREQ=YEARLY;BYDAY=-53FR;COUNT=3",
        "20270101 20320102 20380101",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYDAY=5 is there in some months only",
        "20260101T090000",
        "FREQ=MONTHLY;BYDAY=5FR;COUNT=5",
        "20260130 20260529 20260731 20261030 20270129",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYDAY=-5 likewise",
        "20260101T090000",
        "FREQ=MONTHLY;BYDAY=-5FR;COUNT=5",
        "20260102 20260501 20260703 20261002 20270101",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYDAY limits beside BYMONTHDAY (note 1)",
        "20260101T090000",
        "FREQ=MONTHLY;BYMONTHDAY=1,2,3,4,5,6,7;BYDAY=2MO,1TU;COUNT=4",
        "20260106 20260203 20260303 20260407",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYDAY limits beside BYYEARDAY (note 2)",
        "20260101T090000",
        "FREQ=YEARLY;BYYEARDAY=1,2,3,4,5,6,7;BYDAY=1MO,FR;COUNT=6",
        "20260102 20260105 20270101 20270104 20280103 20280107",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYDAY limits beside BYMONTHDAY (note 2)",
        "20260101T090000",
        "FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR;COUNT=5",
        "20260213 20260313 20261113 20270813 20281013",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYSETPOS of a set with several times a day",
        "20260101T090000",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9,17;BYSETPOS=1,-1;COUNT=6",
        "20260101 20260130T170000 20260202 20260227T170000 20260302 20260331T170000",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYSETPOS of a week",
        "20260101T090000",
        "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=-1;COUNT=4",
        "20260102 20260109 20260116 20260123",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYSETPOS of a week that begins on Sunday",
        "20260101T090000",
        "FREQ=WEEKLY;BYDAY=SU,MO,SA;BYSETPOS=1,-1;WKST=SU;COUNT=5",
        "20260103 20260104 20260110 20260111 20260117",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYSETPOS of a week that BYMONTH cuts",
        "20260101T090000",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYMONTH=5;BYSETPOS=1;COUNT=5",
        "20260501 20260504 20260511 20260518 20260525",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYSETPOS of a year",
        "20260101T090000",
        "FREQ=YEARLY;BYDAY=MO;BYSETPOS=20,-20;COUNT=4",
        "20260518 20260817 20270517 20270816",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYSETPOS of a year's weeks",
        "20260101T090000",
        "FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO,SU;BYSETPOS=-1;COUNT=4",
        "20270103 20270110 20280109 20290107",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYSETPOS of an hour",
        "20260101T090000",
        "FREQ=HOURLY;INTERVAL=5;BYMINUTE=5,25,45;BYSETPOS=2;COUNT=4",
        "20260101T092500 20260101T142500 20260101T192500 20260102T002500",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYSETPOS beyond its set is nothing",
        "20260101T090000",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=5;COUNT=4",
        "20260330 20260629 20260831 20261130",
    ),
    Case(
        "RFC 5545, section 3.3.10: the first set is whole though DTSTART is within it",
        "20260115T090000",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1;COUNT=4",
        "20260130 20260202 20260227 20260302",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYHOUR limits an hourly rule",
        "20260101T090000",
        "FREQ=HOURLY;INTERVAL=5;BYHOUR=0,4,9,23;COUNT=6",
        "20260101 20260102T000000 20260105T230000 20260106T040000 20260106 20260107T000000",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYHOUR limits a minutely rule",
        "20260101T090000",
        "FREQ=MINUTELY;INTERVAL=45;BYHOUR=10,11;COUNT=5",
        "20260101T103000 20260101T111500 20260102T103000 20260102T111500 20260103T103000",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYMINUTE expands an hourly rule",
        "20260101T091500",
        "FREQ=HOURLY;INTERVAL=6;BYMINUTE=0,15,30;COUNT=5",
        "20260101 20260101T093000 20260101T150000 20260101T151500 20260101T153000",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYMINUTE limits a secondly rule",
        "20260101T090000",
        "FREQ=SECONDLY;INTERVAL=50;BYMINUTE=1,3;COUNT=5",
        "20260101T090140 20260101T090320 20260101T100140 20260101T100320 20260101T110140",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYSECOND expands a daily rule",
        "20260101T090000",
        "FREQ=DAILY;BYSECOND=0,30;COUNT=4",
        "20260101 20260101T090030 20260102 20260102T090030",
    ),
    Case(
        "RFC 5545, section 3.3.10: BYSECOND limits a secondly rule",
        "20260101T090000",
        "FREQ=SECONDLY;BYSECOND=7,59;COUNT=4",
        "20260101T090007 20260101T090059 20260101T090107 20260101T090159",
    ),
    Case(
        "RFC 5545, section 3.3.10: all three times expand a weekly rule",
        "20260101T090000",
        "FREQ=WEEKLY;BYHOUR=8,20;BYMINUTE=0,30;BYSECOND=0,15;COUNT=10",
        "20260101T200000 20260101T200015 20260101T203000 20260101T203015 20260108T080000 20260108T080015 "
        "20260108T083000 20260108T083015 20260108T200000 20260108T200015",
    ),
    Case(
        "RFC 5545, section 3.3.10: UNTIL is inclusive",
        "20260101T090000",
        "FREQ=DAILY;UNTIL=20260103T090000",
        "20260101 20260102 20260103",
    ),
    Case(
        "RFC 5545, section 3.3.10: UNTIL in UTC",
        "20260101T090000",
        "FREQ=DAILY;UNTIL=20260103T140000Z",
        "20260101 20260102 20260103",
    ),
    Case(
        "RFC 5545, section 3.3.10: UNTIL a second before",
        "20260101T090000",
        "FREQ=DAILY;UNTIL=20260103T135959Z",
        "20260101 20260102",
    ),
    Case(
        "RFC 5545, section 3.3.10: UNTIL as a date is inclusive",
        "20260101",
        "FREQ=DAILY;UNTIL=20260103",
        "20260101 20260102 20260103",
    ),
    Case(
        "RFC 5545, section 3.3.10: COUNT counts what is valid",
        "20260830T090000",
        "FREQ=MONTHLY;BYMONTHDAY=30;COUNT=7",
        "20260830 20260930 20261030 20261130 20261230 20270130 20270330",
    ),
    Case(
        "RFC 5545, section 3.3.10: the week begins on Monday where WKST is not said",
        "20260104T090000",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;COUNT=4",
        "20260104 20260112 20260118 20260126",
    ),
    Case(
        "RFC 5545, section 3.3.10: WKST=SU",
        "20260104T090000",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU;COUNT=4",
        "20260104 20260105 20260118 20260119",
    ),
    Case(
        "RFC 5545, section 3.3.10: a century is no leap year",
        "20960229T090000",
        "FREQ=YEARLY;COUNT=3",
        "20960229 21040229 21080229",
    ),
    Case(
        "RFC 5545, section 3.3.10: but every fourth is",
        "19960229T090000",
        "FREQ=YEARLY;INTERVAL=4;COUNT=3",
        "19960229 20000229 20040229",
    ),
    Case(
        "known case, rrule.js: the last workday of the month",
        "20260130T090000",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=6",
        "20260130 20260227 20260331 20260430 20260529 20260630",
    ),
    Case(
        "known case, rrule.js: every six hours beside BYHOUR",
        "20260101T000000",
        "FREQ=HOURLY;INTERVAL=6;BYHOUR=0,6,12,18;COUNT=5",
        "20260101 20260101T060000 20260101T120000 20260101T180000 20260102",
    ),
    Case(
        "known case, ical.js: the last day of February",
        "20260228",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1;COUNT=4",
        "20260228 20270228 20280229 20290228",
    ),
    Case(
        "known case, ical4j: Thanksgiving",
        "20261126T090000",
        "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=4",
        "20261126 20271125 20281123 20291122",
    ),
    Case(
        "known case, ical4j: the Monday before Labour Day's month ends",
        "20260831T090000",
        "FREQ=YEARLY;BYMONTH=8;BYDAY=-1MO;COUNT=4",
        "20260831 20270830 20280828 20290827",
    ),
    Case(
        "known case, lib-recur: the 31st and the last day are one",
        "20260131T090000",
        "FREQ=MONTHLY;BYMONTHDAY=31,-1;COUNT=5",
        "20260131 20260228 20260331 20260430 20260531",
    ),
    Case(
        "known case, lib-recur: weeks over the new year",
        "20261221T090000",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;COUNT=5",
        "20261221 20261227 20270104 20270110 20270118",
    ),
    Case(
        "known case, Outlook: every weekday as a daily rule",
        "20260102T090000",
        "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=6",
        "20260102 20260105..20260109",
    ),
    Case(
        "known case, Outlook: the fourth weekday",
        "20260106T090000",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=4;COUNT=4",
        "20260106 20260205 20260305 20260406",
    ),
    Case(
        "known case, Outlook: the first weekend day",
        "20260103T090000",
        "FREQ=MONTHLY;BYDAY=SU,SA;BYSETPOS=1;COUNT=4",
        "20260103 20260201 20260301 20260404",
    ),
    Case(
        "known case, daylight saving in Germany, VTIMEZONE of RFC 5545 3.6.5",
        "19960331T020000",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;COUNT=4",
        "19960331 19970330 19980329 19990328",
        tzid="UTC",
    ),
    Case(
        "known case, the second Sunday in March, RFC 5545 3.6.5",
        "20070311T020000",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU;COUNT=4",
        "20070311 20080309 20090308 20100314",
        tzid="UTC",
    ),
    Case(
        "known case, the first Sunday on or after April 1, RFC 5545 3.6.5",
        "19870405T020000",
        "FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20060402T070000Z",
        "19870405 19880403 19890402 19900401 19910407 19920405 19930404 19940403 19950402 19960407 19970406 "
        "19980405 19990404 20000402 20010401 20020407 20030406 20040404 20050403 20060402",
        tzid="UTC",
    ),
    Case(
        "known case, Israel's clock: the Friday before the last Sunday",
        "20130329T020000",
        "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=23,24,25,26,27,28,29;BYDAY=FR;COUNT=4",
        "20130329 20140328 20150327 20160325",
        tzid="UTC",
    ),
    Case(
        "ical.net: Sunday of a week 53 that ends in the next year",
        "20100102",
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=SA,SU;COUNT=4",
        "20100102 20100103 20160102 20160103",
    ),
    Case(
        "ical.net: the start is in a week of 2009, six years later there is a week 53",
        "20100102",
        "FREQ=YEARLY;INTERVAL=6;BYWEEKNO=53;BYDAY=TU,SA;COUNT=3",
        "20100102 20151229 20160102",
    ),
    Case(
        "ical.net: the start is in a week of 2025, three years later is 2028",
        "20241231",
        "FREQ=YEARLY;INTERVAL=3;BYWEEKNO=1;BYDAY=MO,TU;COUNT=5",
        "20241231 20280103 20280104 20301230 20301231",
    ),
    Case(
        "ical.net: 30 December in a week 53",
        "20261230",
        "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=1,30;BYWEEKNO=53;COUNT=3",
        "20261230 20321230 20371230",
    ),
    Case(
        "ical.net: 2 January in a week 52",
        "20280102",
        "FREQ=YEARLY;BYYEARDAY=2;BYWEEKNO=52;COUNT=2",
        "20280102 20390102",
    ),
    Case(
        "ical.net: ordinals of the year limit the 1st and 8th",
        "20260601",
        "FREQ=YEARLY;BYMONTHDAY=1,8;BYDAY=22MO,23TU,25MO,36TU;COUNT=4",
        "20260601 20260908 20270608 20320608",
    ),
    Case(
        "ical.net: a last Wednesday limits the last two days of the year",
        "20251231",
        "FREQ=YEARLY;BYYEARDAY=-1,-2;BYDAY=-1WE;COUNT=4",
        "20251231 20261230 20311231 20361231",
    ),
    Case(
        "ical.net: the same week by two numbers",
        "20250101",
        "FREQ=YEARLY;BYWEEKNO=1,-52;COUNT=2",
        "20250101 20251231",
    ),
    Case(
        "ical.net: the same Wednesday by two ordinals",
        "20250115",
        "FREQ=MONTHLY;BYDAY=3WE,-3WE;COUNT=2",
        "20250115 20250212",
    ),
    Case(
        "ical.net: minutes of an interval above an hour",
        "20250101T050500",
        "FREQ=MINUTELY;INTERVAL=61;BYMINUTE=5,25;COUNT=3",
        "20250101T050500 20250102T012500 20250103T180500",
        tzid="UTC",
    ),
    Case(
        "libical: the first of any month counted from its end, or the day before",
        "20150101",
        "RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=-31;COUNT=6;SKIP=BACKWARD",
        "20150101 20150131 20150301 20150331 20150501 20150531",
    ),
    Case(
        "lib-recur: day 366, or the day after",
        "20121231",
        "RSCALE=GREGORIAN;FREQ=YEARLY;BYYEARDAY=366;SKIP=FORWARD;COUNT=5",
        "20121231 20140101 20150101 20160101 20161231",
    ),
    Case(
        "lib-recur: day -366, or the day before",
        "20120101",
        "RSCALE=GREGORIAN;FREQ=YEARLY;BYYEARDAY=-366;SKIP=BACKWARD;COUNT=5",
        "20120101 20121231 20131231 20141231 20160101",
    ),
)
"""Rules of other suites, and such as follow from a sentence of the RFC."""

ALL = RFC_5545 + FURTHER

DATEUTIL_DEPARTS = {
    "FREQ=YEARLY;BYWEEKNO=53;BYDAY=FR,SA,SU;COUNT=6": "it takes 1 and 2 January 2022 for week 53, which 2021 has not",
    "FREQ=YEARLY;BYWEEKNO=20,40;COUNT=5": "it gives all days of those weeks, not DTSTART's weekday",
    "FREQ=YEARLY;INTERVAL=2;BYWEEKNO=1;BYDAY=MO,FR;COUNT=5": "it takes a year's last days for those of its own week 1",
    "FREQ=YEARLY;BYYEARDAY=1,2,3,4,5,6,7;BYDAY=1MO,FR;COUNT=6": "it gives nothing for both kinds of BYDAY",
    "FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO,SU;BYSETPOS=-1;COUNT=4": "it cuts a year's weeks at the new year",
    "FREQ=MINUTELY;BYSECOND=60;COUNT=3": "it refuses the leap second",
    "FREQ=YEARLY;BYWEEKNO=53;BYDAY=SA,SU;COUNT=4": "it takes 1 and 2 January 2022 for week 53, which 2021 has not",
    "FREQ=YEARLY;BYYEARDAY=2;BYWEEKNO=52;COUNT=2": "it passes over 2 January 2039, in week 52 of 2038",
    "FREQ=YEARLY;BYWEEKNO=1,-52;COUNT=2": "it gives all days of those weeks, not DTSTART's weekday",
    "FREQ=YEARLY;INTERVAL=6;BYWEEKNO=53;BYDAY=TU,SA;COUNT=3": "it counts the years of days, not of their weeks",
    "FREQ=YEARLY;INTERVAL=3;BYWEEKNO=1;BYDAY=MO,TU;COUNT=5": "it counts the years of days, not of their weeks",
}
"""Why dateutil's answer is another than the RFC's; what has SKIP it does not read."""
