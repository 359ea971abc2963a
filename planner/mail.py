"""Mail, through the server in PLANNER_SMTP_URL. That address is a secret: it holds a password."""

from __future__ import annotations

import smtplib
import ssl
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from planner.model import SECOND

TIMEOUT_S = 20.0
ACCEPTED = 235
"""What a server answers to the right password (RFC 4954, section 6)."""
WHICH = "smtps:// is for port 465, smtp:// for 587; see PLANNER_SMTP_URL"
SILENT = "does not answer: see host and port in PLANNER_SMTP_URL, and whether a firewall is in between"
PORTS = {"smtp": 587, "smtps": 465}


class CannotSendError(Exception):
    """Nothing, or not all, was sent; a line that says why and what to do, without a word of the password."""


@dataclass(frozen=True, slots=True)
class Server:
    """``tls``: from the start; ``starttls``: before anything else is said. One of both unless it is on this machine."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    starttls: bool = True

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class File:
    """Something attached; ``kind`` is its media type, as ``application/pdf``."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent, the same in text and HTML; ``at`` in UTC ms."""

    sender: str
    to: Sequence[str]
    subject: str
    text: str
    html: str
    at: int
    files: Sequence[File] = ()


def server(url: str) -> Server:
    """What ``smtp://user:password@host:587`` says. A server on this machine is talked to without TLS unless asked."""
    parts = urlsplit(url)
    tls, host = parts.scheme == "smtps", parts.hostname or ""
    return Server(
        host,
        parts.port or PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        tls=tls,
        starttls=not tls and not _here(host),
    )


def _here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def send(
    server: Server, letter: Letter, *, timeout_s: float = TIMEOUT_S, trusted: ssl.SSLContext | None = None
) -> None:
    """Hand it over. ``trusted`` says whose certificates are believed (default: those this machine trusts).

    Raises ``CannotSendError``.
    """
    message = _message(letter)
    context = trusted or ssl.create_default_context()
    with _explained(server), _connected(server, timeout_s, context) as connection:
        if server.starttls:
            connection.starttls(context=context)
        if server.user:
            _login(connection, server)
        refused = connection.send_message(message, letter.sender, list(letter.to))
    if refused:
        raise CannotSendError(f"{server.name} {_unwanted(refused)}")


def _login(connection: smtplib.SMTP, server: Server) -> None:
    if server.user.isascii() and server.password.isascii():
        connection.login(server.user, server.password)
        return
    # The library knows ASCII only; SASL's PLAIN is UTF-8 (RFC 4616, section 2).
    connection.ehlo_or_helo_if_needed()
    plain = b64encode(f"\0{server.user}\0{server.password}".encode()).decode()
    code, said = connection.docmd("AUTH", f"PLAIN {plain}")
    if code != ACCEPTED:
        raise smtplib.SMTPAuthenticationError(code, said)


def _connected(server: Server, timeout_s: float, context: ssl.SSLContext) -> smtplib.SMTP:
    if server.tls:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=timeout_s, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=timeout_s)


@contextmanager
def _explained(server: Server) -> Iterator[None]:
    """Turn what goes wrong into a line with what to do next."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        why = f"refuses user or password ({error.smtp_code}): see PLANNER_SMTP_URL; some want a password for programs"
    except smtplib.SMTPRecipientsRefused as error:
        why = _unwanted(error.recipients)
    except smtplib.SMTPSenderRefused as error:
        why = f"does not take mail from {error.sender}: set PLANNER_MAIL_FROM to an address that it knows"
    except smtplib.SMTPNotSupportedError:
        why = "offers no TLS, or no login, and nothing is said to it in the clear: try smtps:// in PLANNER_SMTP_URL"
    except smtplib.SMTPServerDisconnected as error:
        why = SILENT if isinstance(error.__context__, TimeoutError) else f"hung up: {WHICH}"
    except smtplib.SMTPResponseException as error:
        why = f"answered {_said(error.smtp_code, error.smtp_error)}: try again later"
    except ssl.SSLCertVerificationError as error:
        why = f"shows a certificate that is not trusted ({error.verify_message}): see the host in PLANNER_SMTP_URL"
    except ssl.SSLError:
        why = f"does not speak TLS there: {WHICH}"
    except TimeoutError:
        why = SILENT
    except (OSError, smtplib.SMTPException) as error:
        why = f"cannot be reached ({error.strerror or type(error).__name__}): see host and port in PLANNER_SMTP_URL"
    else:
        return
    raise CannotSendError(f"{server.name} {why}") from None


def _unwanted(refused: Mapping[str, tuple[int, bytes]]) -> str:
    """Some were refused; those who were not have theirs."""
    why = _said(*next(iter(refused.values())))
    return f"does not take mail for {', '.join(sorted(refused))} ({why}): see --email"


def _said(code: int, said: bytes | str) -> str:
    """An answer in one line; servers write several."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())[:200]}"


def _message(letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = letter.sender, ", ".join(letter.to), letter.subject
    message["Date"] = format_datetime(datetime.fromtimestamp(letter.at // SECOND, UTC))
    message["Message-ID"] = make_msgid(domain=letter.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    for file in letter.files:
        maintype, _, subtype = file.kind.partition("/")
        message.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=file.name)
    return message
