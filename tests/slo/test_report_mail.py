"""A report is mailed through a real SMTP server; what goes wrong is one line with the next step, and no password."""

from __future__ import annotations

import email
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from planner import cli, mail, promises
from planner.config import TABLE
from planner.mail import CannotSendError, File, Letter, Server
from planner.model import HOUR
from tests.slo import month

PASSWORD = "hunter2-ü@:/"
QUOTED = "hunter2-%C3%BC%40%3A%2F"
HOST = "calendar.example"
CERTIFICATE = Path(__file__).parents[1] / "feeds" / "calendar.example.pem"
NOW = month.DECEMBER + 10 * HOUR
LETTER = Letter(
    "planner@example.org", ["alice@example.org"], "Promises: November 2026", "Kept.\n", "<p>Kept.</p>", NOW,
    [File("report.pdf", "application/pdf", b"%PDF-1.7")],
)  # fmt: skip


class Inbox:
    """What the server took; it refuses mallory."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.logins: list[str] = []
        self.encrypted: list[bool] = []

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's own name for it
        self, server: object, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("mallory"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: object, session: Session, envelope: Envelope) -> str:  # noqa: N802  # likewise
        assert isinstance(envelope.content, bytes)
        self.letters.append(email.message_from_bytes(envelope.content, policy=default))
        self.encrypted.append(session.ssl is not None)
        return "250 OK"

    def login(
        self, server: object, session: object, envelope: object, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password.decode() == PASSWORD, handled=False)


@contextmanager
def serving(inbox: Inbox, *, tls: bool = False, **options: object) -> Iterator[int]:
    """An SMTP server on loopback; ``tls``: with a certificate for ``HOST``."""
    if tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(CERTIFICATE)
        options |= {"tls_context": context, "require_starttls": True}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    controller = Controller(
        inbox, hostname="127.0.0.1", port=port, authenticator=inbox.login, auth_require_tls=tls, **options
    )
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@pytest.fixture(autouse=True)
def resolved_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """``HOST`` is on this machine, and nobody else is asked for names."""
    real = socket.create_connection

    def connect(address: tuple[str, int], *rest: object, **options: object) -> socket.socket:
        return real(("127.0.0.1" if address[0] == HOST else address[0], address[1]), *rest, **options)

    monkeypatch.setattr(socket, "create_connection", connect)
    monkeypatch.setattr(socket, "getfqdn", lambda name="": "planner.example")


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def test_a_letter_arrives_as_text_as_a_page_and_with_its_files() -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        mail.send(Server("127.0.0.1", port, starttls=False), LETTER)
    [letter] = inbox.letters
    assert (letter["From"], letter["To"], letter["Subject"]) == (LETTER.sender, LETTER.to[0], LETTER.subject)
    assert letter["Date"].datetime.timestamp() * 1_000 == NOW
    text, page = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert page is not None
    assert (text.get_content().split(), page.get_content().split()) == (["Kept."], ["<p>Kept.</p>"])
    [file] = letter.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == (
        "report.pdf", "application/pdf", b"%PDF-1.7",
    )  # fmt: skip
    assert inbox.logins == []


def test_nothing_is_said_to_a_server_elsewhere_before_the_line_is_encrypted_and_it_is_the_right_one() -> None:
    inbox = Inbox()
    with serving(inbox, tls=True) as port:
        server = mail.server(f"smtp://alice%40example.org:{QUOTED}@{HOST}:{port}")
        mail.send(server, LETTER, trusted=trusting())
        assert inbox.logins == ["alice@example.org"]
        assert inbox.encrypted == [True]
        with pytest.raises(CannotSendError, match="certificate that is not trusted"):
            mail.send(server, LETTER)
        with pytest.raises(CannotSendError, match="certificate that is not trusted"):
            mail.send(Server("127.0.0.1", port), LETTER, trusted=trusting())
    assert len(inbox.letters) == 1


def test_a_server_elsewhere_that_offers_no_encryption_hears_nothing() -> None:
    inbox = Inbox()
    with serving(inbox) as port, pytest.raises(CannotSendError, match="offers no TLS") as refused:
        mail.send(mail.server(f"smtp://alice:{QUOTED}@{HOST}:{port}"), LETTER)
    assert (inbox.logins, inbox.letters) == ([], [])
    assert "hunter2" not in str(refused.value)


def test_a_server_that_speaks_tls_from_the_start_is_talked_to_so() -> None:
    inbox = Inbox()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    with serving(inbox) as port, pytest.raises(CannotSendError, match="does not speak TLS there"):
        mail.send(mail.server(f"smtps://{HOST}:{port}"), LETTER, trusted=trusting())
    with serving(inbox, ssl_context=context) as port:
        mail.send(mail.server(f"smtps://{HOST}:{port}"), LETTER, trusted=trusting())
    assert len(inbox.letters) == 1


def refusal(server: Server, letter: Letter = LETTER) -> str:
    with pytest.raises(CannotSendError) as refused:
        mail.send(server, letter, timeout_s=0.3)
    line = str(refused.value)
    assert "\n" not in line
    assert "hunter2" not in line
    assert refused.value.__cause__ is None
    return line


def test_a_wrong_password_is_one_line_without_it() -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        said = refusal(Server("127.0.0.1", port, "alice", "hunter2", starttls=False))
    assert said.startswith(f"127.0.0.1:{port} refuses user or password (535)")
    assert inbox.letters == []


def test_a_refused_recipient_is_named_and_the_others_have_theirs() -> None:
    inbox = Inbox()
    to = ["alice@example.org", "mallory@example.org"]
    with serving(inbox) as port:
        server = Server("127.0.0.1", port, starttls=False)
        said = refusal(server, Letter("p@example.org", to, "s", "t", "h", NOW))
        assert "does not take mail for mallory@example.org (550 5.1.1 no such user)" in said
        assert "alice" not in said
        assert "mallory" in refusal(server, Letter("p@example.org", to[1:], "s", "t", "h", NOW))
    assert len(inbox.letters) == 1


def test_a_server_that_is_not_there_or_does_not_answer_is_one_line() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = int(listening.getsockname()[1])
        assert f"127.0.0.1:{port} cannot be reached (Connection refused)" in refusal(Server("127.0.0.1", port))
        listening.listen()
        assert "does not answer" in refusal(Server("127.0.0.1", port))


def test_addresses_of_servers_say_how_they_are_talked_to() -> None:
    assert mail.server("smtp://mail.example.org") == Server("mail.example.org", 587)
    assert mail.server("smtps://mail.example.org") == Server("mail.example.org", 465, tls=True, starttls=False)
    assert mail.server("smtp://localhost:25") == Server("localhost", 25, starttls=False)
    assert mail.server(f"smtp://alice:{QUOTED}@[::1]:25") == Server("::1", 25, "alice", PASSWORD, starttls=False)
    assert PASSWORD not in repr(mail.server(f"smtp://alice:{QUOTED}@mail.example.org"))


# As a command


@pytest.fixture
def settled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A folder with a month's database, on 1 December, and no settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("planner.clock.SystemClock.now", lambda _: NOW)
    for setting in TABLE.values():
        monkeypatch.delenv(setting.name, raising=False)
        monkeypatch.delenv(f"{setting.name}_FILE", raising=False)
    month.fill(tmp_path / "planner.db", month.DECEMBER - 7 * 24 * HOUR)
    return monkeypatch


def test_a_report_is_mailed_and_received(settled: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    inbox = Inbox()
    with serving(inbox) as port:
        Path("smtp").write_text(f"smtp://alice%40example.org:{QUOTED}@127.0.0.1:{port}\n")
        settled.setenv("PLANNER_SMTP_URL_FILE", "smtp")
        asked = ["slo", "report", "--week", "2026-W48", "--tz", month.ZONE, "--email", "bob@example.org"]
        assert cli.main(asked) == 0
        settled.setenv("PLANNER_SMTP_URL_FILE", "")
        settled.setenv("PLANNER_SMTP_URL", f"smtp://alice%40example.org:hunter2-wrong@127.0.0.1:{port}")
        assert cli.main(asked) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[0] == "planner: sent to bob@example.org"
    assert "refuses user or password" in said.err.splitlines()[1]
    assert "hunter2" not in said.err
    [letter] = inbox.letters
    assert (letter["From"], letter["To"]) == ("alice@example.org", "bob@example.org")
    more = sum(slo.counts != slo.id for slo in promises.load().slos)
    assert letter["Subject"] == f"Promises: Week 48 of 2026: 1 of {6 + more} broken"
    text, page = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert page is not None
    assert "Calendars fresh: broken" in text.get_content()
    assert "<svg" in page.get_content()
    [file] = letter.iter_attachments()
    assert file.get_content().startswith(b"%PDF")
    assert "hunter2" not in letter.as_string()


@pytest.mark.parametrize(
    ("environ", "to", "fault"),
    [
        ({}, "bob@example.org", "PLANNER_SMTP_URL is not set; an example: "),
        ({"PLANNER_SMTP_URL": "smtp://127.0.0.1:1"}, "bob@example.org", "PLANNER_MAIL_FROM is not set; an example: "),
        ({"PLANNER_SMTP_URL": "smtp://a%0ab%40c@127.0.0.1:1"}, "bob@example.org", "PLANNER_MAIL_FROM is not set; "),
        (
            {"PLANNER_SMTP_URL": "smtp://127.0.0.1:1", "PLANNER_MAIL_FROM": "p@example.org"},
            "bob@example.org\nBcc: mallory@example.org",
            "--email: 'bob@example.org\\nBcc: mallory@example.org' is no mail address",
        ),
    ],
)
def test_what_is_missing_for_a_mail_is_said_at_once(
    settled: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], environ: dict[str, str], to: str, fault: str
) -> None:
    for name, value in environ.items():
        settled.setenv(name, value)
    assert cli.main(["slo", "report", "--email", to]) == 2
    assert capsys.readouterr().err.startswith(f"planner: {fault}")
