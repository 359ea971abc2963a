"""Where each provider keeps the address of a calendar that another program may read. Pure."""

from __future__ import annotations

from planner.providers import Provider
from planner.render import Text, Words, say

NAMES = (Provider.GOOGLE, Provider.OUTLOOK, Provider.ICLOUD, Provider.YANDEX, Provider.NEXTCLOUD)
"""Those that people know by name, in the order they are offered."""


def name(words: Words, provider: Provider, host: str = "") -> str:
    """What a provider is called; one that runs on anybody's server by the server's name."""
    known = {
        Provider.GOOGLE: "Google",
        Provider.OUTLOOK: "Outlook",
        Provider.ICLOUD: "iCloud",
        Provider.YANDEX: words.t("Yandex"),
        Provider.NEXTCLOUD: host or "Nextcloud",
    }
    return known.get(provider) or host or words.t("Another one")


def guide(words: Words, provider: Provider) -> Text:
    """How to get to the address, in two or three lines."""
    match provider:
        case Provider.GOOGLE:
            return say(
                words,
                "1. On a computer open calendar.google.com: the app does not show the address.\n"
                "2. Settings ⚙ → your calendar on the left → Integrate calendar.\n"
                "3. Copy the “Secret address in iCal format” and send it here.",
            )
        case Provider.OUTLOOK:
            return say(
                words,
                "1. Open Outlook in the browser: Settings ⚙ → Calendar → Shared calendars.\n"
                "2. Under “Publish a calendar” choose it and “Can view all details”, and press Publish.\n"
                "3. Copy the ICS link (not the HTML one) and send it here.",
            )
        case Provider.ICLOUD:
            return say(
                words,
                "1. In the Calendar app: Calendars → ⓘ beside yours → turn on Public Calendar.\n"
                "2. Share Link → Copy, and send it here; it begins with webcal://.\n"
                "Whoever has that link can read the calendar, so keep it to yourself.",
            )
        case Provider.YANDEX:
            return say(
                words,
                "1. On a computer open calendar.yandex.ru and press ⚙ beside your calendar on the left.\n"
                "2. Export → copy the iCal link.\n"
                "3. Send it here.",
            )
        case Provider.NEXTCLOUD:
            return say(
                words,
                "1. In Nextcloud’s Calendar press ✎ beside your calendar on the left.\n"
                "2. Share link → ＋, then copy that link.\n"
                "3. Send it here; I make the calendar’s address of it.",
            )
        case Provider.OTHER:
            return say(
                words,
                "Look in the settings of your calendar for “iCal”, “ICS”, “subscribe”, “publish” or “export”. Its"
                " address begins with https:// or webcal:// and often ends in .ics. Send it here.\n"
                "If it needs a password: https://name:password@server/…, best with a password made for this.",
            )


def anew(words: Words, provider: Provider) -> Text:
    """What to do where an address does not work, in a sentence."""
    match provider:
        case Provider.GOOGLE:
            return say(
                words,
                "Copy the “Secret address in iCal format” and send it here: on a computer, Settings → the calendar →"
                " Integrate calendar.",
            )
        case Provider.OUTLOOK:
            return say(
                words,
                "Publish the calendar and send me its ICS link: in the browser, Settings → Calendar → Shared calendars"
                " → Publish a calendar.",
            )
        case Provider.ICLOUD:
            return say(
                words,
                "Turn on Public Calendar (Calendars → ⓘ beside it) and send me the link that it gives; it begins with"
                " webcal://.",
            )
        case Provider.YANDEX:
            return say(words, "Copy the iCal link and send it here: on a computer, ⚙ beside the calendar → Export.")
        case Provider.NEXTCLOUD:
            return say(words, "Share the calendar by a link and send it here: ✎ beside the calendar → Share link.")
        case Provider.OTHER:
            return say(
                words,
                "Look in the calendar’s settings for “iCal”, “ICS”, “subscribe” or “export”, and send me the address"
                " that stands there.",
            )
