"""What to do about an alert, step by step: the first steps of its runbook, to be read on a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner import alert_texts
from planner.chat.talk import Talk
from planner.i18n import N_
from planner.render import Text, bold, join, plain, say
from planner.slo.alerts import Rule

TELEGRAM = N_("Telegram does not answer there, or this machine has no network: wait. What is owed is sent by itself.")
ONLY_ONE = N_("/health is all well: press “Which ones”. What failed for one person alone is theirs: they have blocked"
              " me, or write more than Telegram takes.")  # fmt: skip
DOWN = N_("I was not at work for a while: see in the log who stopped me, or whether the machine slept.")
DATABASE = N_("The database is slow or cannot be written there: look at the disk, and whether it is full.")
CALENDARS = N_("/calendars shows whose fail. One server: wait, or link that calendar anew. All of them: look at this"
               " machine’s network.")  # fmt: skip
HEALTH = N_("/health says which of my parts is not well. Begin with that.")
STEPS: Mapping[str, Sequence[str]] = {
    "reminders": (HEALTH, TELEGRAM, DATABASE, ONLY_ONE, DOWN),
    "plans": (
        HEALTH,
        TELEGRAM,
        N_("Only plans are late: too many people get theirs at one hour. Let some choose another one in /settings."),
        DOWN,
    ),
    "chat": (
        HEALTH,
        TELEGRAM,
        DATABASE,
        N_("All of it in one moment: I was down or without a network then, and nothing is left to do."),
    ),
    "syncs": (CALENDARS, N_("An address that is refused (401, 403, 404) does not mend itself: its owner links anew.")),
    "feeds": (
        CALENDARS,
        N_("All are old, and nothing fails: syncing has stopped. Start me anew, and report it."),
        N_("It came after I was down: it mends itself within the calendar’s interval."),
    ),
    "up": (
        DOWN,
        N_("Nobody did either: the log’s last lines before the gap say whether I crashed. Please report that."),
        N_("Let the system start me: systemctl enable planner, or docker run --restart unless-stopped."),
    ),
    "probes": (
        HEALTH,
        TELEGRAM,
        N_("Telegram does not let me in: see whether BOT_TOKEN is right and no other program uses it."),
        N_("Telegram answers others at once: then I am slow myself. Look at disk and load of this machine."),
    ),
    "heartbeat": (
        N_("Open the address of PLANNER_HEARTBEAT_URL’s service: is it up, and does it still know this check?"),
        N_("“doctor” on the host says whether it can be reached from there."),
    ),
}


def steps(talk: Talk, rule: Rule | None) -> Text:
    """Whatever the promise counts; one whose counts have no steps does not exist."""
    words = talk.words
    if rule is None:
        return say(words, "slo.toml no longer has this alert.")
    head = say(words, "{name}: what to do", name=bold(alert_texts.name(words, rule.slo)))
    numbered = [plain(f"{number}. {words.t(step)}") for number, step in enumerate(STEPS[rule.slo.counts], 1)]
    page = (
        [say(words, "All of it: {page}", page=plain(rule.slo.runbook_url))]
        if alert_texts.leads_somewhere(rule.slo)
        else []
    )
    return join((head, *numbered, *page), "\n")
