"""``slo report``: how the promises were kept in a week, a month or any other time, to read, to print and to send."""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from planner.clock import SystemClock, host_zone
from planner.command import NO, OK, WRONG, Commands, command, json_flag, settings

if TYPE_CHECKING:
    from planner.config import Settings
    from planner.slo.report.document import Document


def add(commands: Commands) -> None:
    parser = command(commands, "report", _run, "how the promises were kept in a week, a month or any other time")
    parser.epilog = (
        "Without a time: the last week that is over. Without a place to put it: as text to stdout. Exit 0: the report"
        " was made, whatever it says; 1: it could not be read, written or sent; 2: wrong use or setting."
    )
    parser.add_argument("--week", metavar="YYYY-Www", help="a week, such as 2026-W47")
    parser.add_argument("--month", metavar="YYYY-MM", help="a month, such as 2026-11")
    parser.add_argument("--from", metavar="ISO", dest="begin", help="date or time from which on")
    parser.add_argument("--to", metavar="ISO", dest="end", help="date or time before which (default: now)")
    parser.add_argument("--tz", metavar="ZONE", help="IANA zone that days and weeks are of (default: this machine's)")
    parser.add_argument("--html", metavar="FILE", type=Path, help="write a web page that needs nothing else")
    parser.add_argument("--pdf", metavar="FILE", type=Path, help="write it for paper, A4")
    parser.add_argument(
        "--email", metavar="ADDRESS", action="append", default=[], help="send it (PLANNER_SMTP_URL); may be repeated"
    )
    json_flag(parser)


def _run(arguments: argparse.Namespace) -> int:
    from planner import promises, reporting
    from planner.pdf import CannotDrawError
    from planner.slo.report import period
    from planner.slo.report.compose import document
    from planner.slo.report.data import as_data
    from planner.slo.report.figures import Limits
    from planner.slo.report.text import as_text

    given, now = settings(), SystemClock().now()
    try:
        asked = period.read(
            now, arguments.tz or host_zone(), week=arguments.week, month=arguments.month,
            begin=arguments.begin, end=arguments.end,
        )  # fmt: skip
    except ValueError as error:
        return _wrong(str(error))
    if fault := _mail_fault(arguments.email, given):
        return _wrong(fault)
    limits = Limits(given.keep_days, process_alerts=given.alerts == "process")
    with _uncollected():
        made = reporting.read_file(
            given.db, promises.load(), asked, now, price=given.price_per_broken_minute, limits=limits
        )
    pages = document(made)
    if arguments.json:
        print(json.dumps(as_data(made), ensure_ascii=False))
    elif not (arguments.html or arguments.pdf or arguments.email):
        print(as_text(pages), end="")
    try:
        _write(arguments, pages)
        _send(arguments.email, pages, given)
    except (CannotDrawError, _UnsentError) as error:
        print(f"planner: {error}", file=sys.stderr)
        return NO
    except OSError as error:
        print(f"planner: cannot write {error.filename}: {error.strerror}; name another file", file=sys.stderr)
        return NO
    return OK


@contextmanager
def _uncollected() -> Iterator[None]:
    """So many rows live until the end, and none in a cycle: looking for garbage takes a sixth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class _UnsentError(Exception):
    """Why a mail was not sent. What sends it is not imported where none is asked for."""


def _wrong(line: str) -> int:
    print(f"planner: {line}", file=sys.stderr)
    return WRONG


def _write(arguments: argparse.Namespace, pages: Document) -> None:
    if arguments.html:
        from planner.slo.report.html import as_html

        arguments.html.write_text(as_html(pages), encoding="utf-8")
        _done(f"{arguments.html} is written")
    if arguments.pdf:
        from planner.pdf import as_pdf

        arguments.pdf.write_bytes(as_pdf(pages))
        _done(f"{arguments.pdf} is written")


def _done(line: str) -> None:
    print(f"planner: {line}", file=sys.stderr)


def _mail_fault(to: list[str], given: Settings) -> str | None:
    """What is missing for a mail, before anything is read."""
    from planner.config import mail_address

    if not to:
        return None
    if given.smtp_url is None:
        return "PLANNER_SMTP_URL is not set; an example: PLANNER_SMTP_URL=smtp://user:password@mail.example.org:587"
    if not _sender(given):
        return "PLANNER_MAIL_FROM is not set; an example: PLANNER_MAIL_FROM=planner@example.org"
    for one in to:
        try:
            mail_address(one)
        except ValueError as fault:
            return f"--email: {one!r} {fault}; an example: --email ann@example.org"
    return None


def _sender(given: Settings) -> str:
    from planner.config import mail_address
    from planner.mail import server

    if given.mail_from or given.smtp_url is None:
        return given.mail_from
    try:
        return mail_address(server(given.smtp_url).user)
    except ValueError:
        return ""


def _subject(pages: Document) -> str:
    return f"{pages.title}: {pages.outcome}" if pages.outcome else pages.title


def _send(to: list[str], pages: Document, given: Settings) -> None:
    if not to or given.smtp_url is None:
        return
    from planner.mail import CannotSendError, File, Letter, send, server
    from planner.pdf import CannotDrawError, as_pdf
    from planner.slo.report.html import as_html
    from planner.slo.report.text import as_text

    html = as_html(pages)
    try:
        file = File("report.pdf", "application/pdf", as_pdf(pages))
    except CannotDrawError:
        file = File("report.html", "text/html", html.encode())
    letter = Letter(_sender(given), to, _subject(pages), as_text(pages), html, pages.made_at, [file])
    try:
        send(server(given.smtp_url), letter)
    except CannotSendError as error:
        raise _UnsentError(str(error)) from None
    _done(f"sent to {', '.join(to)}")
