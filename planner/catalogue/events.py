"""What every event in the log means. Its level, its fields and where it comes from, the code says itself.

``docs/logs.md`` is made of both; a test holds that every event of the code stands here, and the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping

EVENTS: Mapping[str, str] = {
    # The process
    "planner.ready": "It has started: the database is open, the chat is listened to, reminders are on their way.",
    "planner.stopping": "It was told to stop, and ends what is under way. What is left is done at the next start.",
    "process.crashed": "An exception that nothing caught. The traceback says where; please report it.",
    "process.stalled": "The process stood still for `for_ms` or longer (stopped, or the machine had no time for it). A "
    "`telegram.unreachable` at that moment only says that a request ran out meanwhile.",
    "settings.unused": "A setting in the environment or in `.env` that the planner does not know (a slip of its name?) "
    "or cannot follow.",
    "log.dropped": "The log's reader was too slow or its disk was full, so that many lines are missing here.",
    "log.unprintable": "A line that could not be put into words; `of` and `line` say whose. A fault of ours.",
    # Reminders
    "reminder.set": "It was made, and is on disk.",
    "reminder.cancelled": "Its event was changed, deleted or paused before it was due, or its user left.",
    "reminder.postponed": "It waits for another instant, `until`: its user's quiet hours, a wish that changed, "
    "Telegram that answers again, or it could not be put into words; `cause` says which.",
    "reminder.retried": "It has not left (its chat has to wait, the planner stops), did not arrive, or nobody knows "
    "whether it did: it is tried again; `cause` says which.",
    "reminder.reclaimed": "It was on its way when the last run ended, and is sent again: it may arrive twice.",
    "reminder.overdue": "A minute after it was due it had not been sent, so it counts as late. It is still sent.",
    "reminder.unwanted": "It was put off, done or quieted while it was on its way, so the sending counts for nothing.",
    "reminder.sent": "Telegram took it, `lateness_ms` after it was due (below 0: before), within the promised minute.",
    "reminder.arrived": "Telegram's answer was lost, but its user has pressed a button of it: it did arrive.",
    "reminder.late": "Telegram took it, but more than a minute after it was due. The promise was broken; "
    "[five steps](observability.md#why-was-it-late) find out why.",
    "reminder.missed": "It was more than a day late, so it was not sent; its user gets one summary of what was missed.",
    "reminder.failed": "Telegram refuses this message for good.",
    "reminder.undeliverable": "Its user has blocked the bot or is gone. It counts neither as good nor as bad, unless "
    "it was late by then.",
    "reminder.unspeakable": "It could not be put into words, a fault of ours; it is tried again.",
    "reminder.unsettled": "It was sent, and what came of it can never be written down. Please report the traceback.",
    "answer.refused": "Telegram refuses an answer to a user for good.",
    "answer.given_up": "An answer could not be sent for a day; nobody waits for it any more.",
    # Sending
    "telegram.halted": "Telegram knows the bot's token no more (401, 404), or another program polls with it (409). "
    "Nothing is sent and nothing is lost; it is tried again every 30 s.",
    "telegram.resumed": "Telegram lets the bot in again; what waited is sent.",
    "delivery.failed": "Sending met what it should not have; it goes on. Please report the traceback.",
    "telegram.paused": "Telegram asks the planner to wait (429) for so many `seconds` before the next such request.",
    "telegram.unreachable": "Telegram does not answer, or is not to be reached: the planner waits and tries again. "
    "One line an outage; `at` says what noticed it first.",
    "telegram.reachable": "Telegram answers again, after so many `seconds`. What waited is sent.",
    "telegram.call": "A request to the Bot API, what came of it and how long it took.",
    "telegram.unexpected": "A request failed in a way that the planner does not know. It is tried again.",
    "telegram.lean_failed": "The Bot API's types could not be imported sparingly, so all of aiogram was imported.",
    "menu.refused": "Telegram did not take the menu of commands. Commands work without it.",
    # What users say
    "update.handled": "What somebody said or pressed was handled: by which `handler`, and with what `outcome`.",
    "update.failed": "It could not be handled; it is tried again.",
    "update.given_up": "It failed each time and is left alone; its user was told. Please report the traceback.",
    "update.unsaved": "It was handled, but that could not be saved. It is tried again until it can be; said once.",
    "update.unstorable": "It can never be stored, so it is left out. Please report the traceback.",
    "update.failure_unsaved": "It failed, and not even that could be saved. It is tried again.",
    "update.failure_unstorable": "It failed, and that can never be saved. Please report the traceback.",
    "updates.unsaved": "Updates have come and cannot be saved. Telegram keeps them until they can be. One line an "
    "outage.",
    "updates.saved": "Updates that have come can be saved again.",
    "stranger.refused": "Somebody wrote who may not use this bot. See `PLANNER_USERS`.",
    "input.refused": "Something was pressed or sent that is no use of the bot: which `kind`.",
    # Errands
    "errand.crashed": "What takes longer than an answer may (a file, an export) failed; it is tried again.",
    "errand.done": "What takes longer than an answer may was done, or was tried: see `outcome`.",
    "errand.unsettled": "It can be neither done nor given up. Please report the traceback.",
    "errands.no_store": "The database does not say what is to be done; it is asked again.",
    "file.unfetched": "A file that a user sent could not be fetched from Telegram.",
    # Calendars
    "feed.read": "A calendar was read, with so much memory at most.",
    "feed.not_linked": "An address that a user wanted to link leads to no calendar; `outcome` and `fault` say why. "
    "They were told, and nothing is tried again.",
    "feed.refused": "A calendar was not read: it is none, or too large. Its user was told.",
    "feed.no_room": "A calendar cannot be put into the temporary folder: it is full, or cannot be written to.",
    "feed.no_reader": "The process that reads calendars could not be started.",
    "feed.reader_babbles": "The process that reads calendars said what makes no sense.",
    "feed.reader_crashed": "The process that reads calendars met what it should not have.",
    "feed.reader_died": "The process that reads calendars was ended by something else, such as a lack of memory.",
    "feed.unexpected": "Fetching failed in a way that the planner does not know.",
    "sync.done": "A calendar was brought up to date; at INFO where that changed something or was asked for.",
    "sync.failed": "A calendar could not be brought up to date; `outcome` and `fault` say why. It is tried again, "
    "ever more seldom; what is known of it stays.",
    "sync.unchanged": "A calendar was looked at as planned, and nothing in it had changed.",
    "sync.not_kept": "A calendar was read, but what it says could not be saved.",
    "sync.crashed": "A sync met what it should not have. The other calendars go on.",
    "sync.no_store": "The database does not say which calendars are due.",
    "publish.failed": "One's own calendar could not be given to the program that asked for it.",
    "publish.no_listener": "Nobody's events can be read elsewhere: the address for that cannot be listened at.",
    # Promises
    "slo.violated": "A promise is being broken: an alert fires. `bad_events` numbers the last of what broke it, "
    "`runbook` says what to do.",
    "alerts.unheard": "So many `users`, whom alerts are to be told to, never wrote to the bot, so that it cannot "
    "write to them; `user` is the first.",
    "slo.recovered": "That alert is over, after so many `for_ms`.",
    # The database
    "db.group_failed": "Several changes could not be committed together, so each was committed alone.",
    "db.listener_failed": "Something failed at what had been committed; that stands. Please report the traceback.",
    "db.unmeasured": "What the database did could not be measured; it was done all the same. Please report the "
    "traceback.",
    "db.nobody_asks": "An answer of the database came after the planner had ended.",
    "db.slow": "The database took longer than 100 ms. Often: a slow disk, or too much for this machine.",
    "db.refuses": "The database does not answer; it is asked again every second, and nothing is sent meanwhile. One "
    "line an outage.",
    "db.accepts": "The database answers again, after so many `seconds`. What waited is sent.",
    # The clock, jobs, upkeep
    "clock.jumped": "The system's clock jumped, by `by_ms`: the machine slept, or its time was set. Nothing is lost.",
    "job.failed": "A regular job could not be done, for the database refuses; it is tried again in a minute.",
    "job.crashed": "A regular job met what it should not have; it is tried again. Please report the traceback.",
    "users.zone_unknown": "This machine has no rules for the zones of some users, and takes UTC.",
    "events.zone_unknown": "This machine has no rules for the zones of some events, and takes UTC.",
    "users.dismissed": "Users who may no longer use the bot get nothing more.",
    "db.not_scrubbed": "What was deleted for good may still stand in the file; it is made anew in a minute.",
    # Telemetry
    "telemetry.unreachable": "The endpoint does not take traces, metrics or log lines. One line an outage.",
    "telemetry.reachable": "The endpoint takes everything again.",
    "telemetry.unreadable": "Metrics could not be read for export; they are read again. Please report the traceback.",
    "telemetry.not_redacted": "Instrumentations from outside are at work that the planner does not know.",
    # Health
    "pages.unavailable": "The health pages cannot be served. The bot works on without them.",
    "health.impaired": "A part is not well, as `/readyz?verbose` shows it: `degraded`, or `failing`.",
    "health.regained": "That part is well again.",
    "health.check.broken": "One of the checks of `/readyz` met what it should not have. Please report the traceback.",
    "oversight.failed": "What goes on beside the bot (checks, heartbeat, systemd, menus) met what it should not have, "
    "and is over until the next start. The bot works on. Please report the traceback.",
    "heartbeat.unreachable": "The heartbeat's address does not answer. Whoever watches it may raise an alarm.",
    "heartbeat.reachable": "The heartbeat's address answers again.",
    "systemd.unreachable": "systemd could not be told how it goes.",
    "watchdog.silent": "The database has not answered for long: systemd is told nothing, and will start the bot anew.",
}
"""An event's name and what it means, in the order of the page."""

FIELDS: Mapping[str, str] = {
    "added": "how many events of a calendar are new",
    "alert": "an alert's name",
    "alert_id": "an alert's number",
    "at": "where in the code, or at what",
    "attempts": "how often it was tried by now",
    "bad": "how many were bad",
    "bad_events": "the numbers of the last that were bad",
    "budget_left": "how much of the error budget is left, a share; below 0: overdrawn",
    "burn_rate": "how fast the error budget is spent; 1: exactly within the promise's window",
    "by_ms": "by how much, in ms; below 0: back",
    "bytes": "how many bytes",
    "cause": "why, as Telegram, the system or the database says it",
    "changed": "how many events of a calendar have changed",
    "chat": "a chat's number at Telegram",
    "check": "which check",
    "count": "how many reminders one line stands for",
    "do": "what the host does about it",
    "due_at": "when it is due, UTC",
    "errand": "an errand's number",
    "errno": "the system's number of the fault",
    "error": "an exception's type",
    "event_id": "an event's number",
    "events": "how many events",
    "exit": "a process's exit code; below 0: the signal that ended it",
    "failed_pings": "how many heartbeats had failed",
    "fault": "what is wrong with a calendar, as a code",
    "feed": "a linked calendar's number",
    "first": "the smallest of the reminders' numbers",
    "for_ms": "for how long, in ms",
    "gone": "how many events of a calendar are gone",
    "good": "how many were good",
    "handler": "which part of the chat",
    "host": "a calendar's server, without the rest of its address",
    "job": "which regular job",
    "jobs": "how many changes were to be committed together",
    "kind": "of a reminder: event, plan or snooze; of input: what was wrong with it; of an errand: what is done",
    "last": "the largest of the reminders' numbers",
    "lateness_ms": "ms after it was due; below 0: before",
    "line": "the line of a module",
    "lines": "how many lines",
    "local_chat": "whether it runs on the local chat",
    "looked_s": "the alert's window, in seconds",
    "method": "a method of the Bot API",
    "ms": "how long it took, in ms",
    "objective": "what is promised, a share",
    "of": "whose line it was",
    "operation": "what the database was to do",
    "outcome": "what came of it",
    "peak_kb": "memory at most, in KiB",
    "port": "a port of this machine",
    "reminder": "a reminder's number, or several with spaces between",
    "runbook": "the page that says what to do",
    "seconds": "for how many seconds",
    "severity": "of an alert: critical, warning or info",
    "signal": "what is exported: `traces`, `metrics` or `logs`",
    "skipped": "how many events of a calendar could not be read",
    "sli": "the share that was good in the alert's window",
    "slo": "which promise",
    "status": "ok, degraded or failing",
    "table": "a table of the database",
    "tier": "which of a promise's alerts",
    "took_ms": "how long it took, in ms",
    "tries": "how often it was tried by now",
    "until": "until when, UTC",
    "update": "the number that Telegram gave to what a user said or pressed",
    "updates": "how many of them",
    "user": "a user's number at Telegram",
    "users": "how many users",
    "version": "of the planner",
    "window_s": "the promise's window, in seconds",
    "zones": "names of time zones",
}
"""Every field there is. No text or title, no address, no name of a person and no token is ever one of them."""
