"""English words and what each can mean."""

from __future__ import annotations

from planner.when.language import lexicon
from planner.when.zones import ABBREVIATIONS

WEEKDAYS = {
    "monday mon": 0,
    "tuesday tue tues": 1,
    "wednesday wed weds wensday wendsday wednsday wedensday": 2,
    "thursday thu thur thurs": 3,
    "friday fri": 4,
    "saturday sat": 5,
    "sunday sun": 6,
}
MONTHS = {
    "january jan": 1,
    "february feb": 2,
    "march mar": 3,
    "april apr": 4,
    "may": 5,
    "june jun": 6,
    "july jul": 7,
    "august aug": 8,
    "september sept sep": 9,
    "october oct": 10,
    "november nov": 11,
    "december dec": 12,
}
WORDS = lexicon(
    ("wd", WEEKDAYS),
    (
        "wdpl",
        {
            "mondays": 0,
            "tuesdays": 1,
            "wednesdays": 2,
            "thursdays": 3,
            "fridays": 4,
            "saturdays": 5,
            "sundays": 6,
        },
    ),
    ("wdposs", {f"{names.split()[0]}'s": day for names, day in WEEKDAYS.items()}),
    ("dayposs", {"tomorrow's tomorrows": 1}),
    ("mon", MONTHS),
    (
        "dayword",
        {
            "today 2day tdy": 0,
            "tomorrow tomo tmrw tmr tmw tomorow tommorow tommorrow tomorrrow 2moro 2morrow 2mrw 2mro": 1,
            "yesterday": -1,
        },
    ),
    (
        "n",
        {
            "zero": 0,
            "one": 1,
            "two": 2,
            "three": 3,
            "four": 4,
            "five": 5,
            "six": 6,
            "seven": 7,
            "eight": 8,
            "nine": 9,
            "ten": 10,
            "eleven": 11,
            "twelve": 12,
            "thirteen": 13,
            "fourteen": 14,
            "fifteen": 15,
            "sixteen": 16,
            "seventeen": 17,
            "eighteen": 18,
            "nineteen": 19,
        },
    ),
    ("tens", {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}),
    (
        "ord",
        {
            "first": 1,
            "second": 2,
            "third": 3,
            "fourth": 4,
            "fifth": 5,
            "sixth": 6,
            "seventh": 7,
            "eighth": 8,
            "ninth": 9,
            "tenth": 10,
            "eleventh": 11,
            "twelfth": 12,
            "thirteenth": 13,
            "fourteenth": 14,
            "fifteenth": 15,
            "sixteenth": 16,
            "seventeenth": 17,
            "eighteenth": 18,
            "nineteenth": 19,
            "twentieth": 20,
            "thirtieth": 30,
        },
    ),
    ("ordsuf", {"st nd rd th": True}),
    ("ampm", {"am": "am", "pm": "pm"}),
    (
        "unit",
        {
            "second seconds sec secs s": "second",
            "minute minutes min mins m": "minute",
            "hour hours hr hrs h": "hour",
            "day days d": "day",
            "week weeks wk wks w": "week",
            "month months": "month",
            "year years yr yrs": "year",
        },
    ),
    ("dpart", {"morning": "morning", "afternoon": "afternoon", "evening": "evening", "night": "night"}),
    (
        "dpartpl",
        {"mornings": "morning", "afternoons": "afternoon", "evenings": "evening", "nights": "night"},
    ),
    (
        "which",
        {"this": "this", "next nxt": "next", "last": "last", "past": "last", "coming upcoming following": "soon"},
    ),
    ("tzabbr", ABBREVIATIONS),
    ("andword", {"and": True}),
    ("orword", {"or": True}),
    (
        "hint",
        {
            "breakfast wake alarm sunrise": "am",
            "dinner supper drinks party concert movie cinema theatre theater date pub bar sunset": "pm",
            "lunch": "noon",
        },
    ),
    (
        "small",
        {
            "a an the at on in by for to from of and or next this last every each until till before after is it i me "
            "my we no not do if so as be up with past half quarter couple half o'clock noon midday midnight tonight "
            "weekend weekends weekday weekdays other except but ago later hence daily weekly monthly yearly annually "
            "everyday fortnight fortnightly biweekly hourly once times end beginning start starting time between "
            "through ahead advance prior early mid notice warning remind reminder important urgent": True
        },
    ),
)
