"""A calendar's bytes made plain: UTF-8, one line feed a line, folded lines joined (RFC 5545, section 3.1)."""

from __future__ import annotations

import codecs
import re

from planner.ics.entry import UnreadableError

_BEGINS = re.compile(rb"\n(?i:BEGIN:VCALENDAR)[ \t]*\n")
_HEAD = 2_048
"""So many bytes tell what a file is."""
_WEB = (b"<!doctype html", b"<html", b"<head", b"<?xml")


def unfold(content: bytes) -> bytes:
    """Every line of it after one line feed, and one at the end. Raises :class:`UnreadableError`.

    Joined before it is decoded: a line may be folded within a character. What is not UTF-8 is left for whoever decodes
    it, as it may be so in one event only.
    """
    head = content[:_HEAD].strip(b"\xef\xbb\xbf \t\r\n\0").lower()
    if not head and not content.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise UnreadableError("empty")
    if head.startswith(_WEB):
        raise UnreadableError("html")
    plain = b"".join((b"\n", _one_end(_as_utf8(content)), b"\n"))
    while b"\n\n" in plain:
        plain = plain.replace(b"\n\n", b"\n")
    plain = plain.replace(b"\n ", b"")
    if b"\t" in plain:
        plain = plain.replace(b"\n\t", b"")
    if not _BEGINS.search(plain):
        raise UnreadableError("html" if b"<html" in head or b"<body" in head else "other")
    return plain


def decode(raw: bytes) -> str:
    """Text of bytes that should be UTF-8, and are Latin-1 as Windows has it (cp1252) if they are not."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _as_utf8(content: bytes) -> bytes:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace").encode("utf-8", "replace")
    if content.startswith(b"B\0"):
        return content.decode("utf-16-le", "replace").encode("utf-8", "replace")
    if content.startswith(b"\0B"):
        return content.decode("utf-16-be", "replace").encode("utf-8", "replace")
    return content.removeprefix(codecs.BOM_UTF8)


def _one_end(content: bytes) -> bytes:
    """Old Macs ended lines with a carriage return alone, and some servers write two of them before the line feed."""
    if b"\r" not in content:
        return content
    return content.replace(b"\r", b"") if b"\n" in content else content.replace(b"\r", b"\n")
