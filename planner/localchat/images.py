"""The size of a picture, from its first bytes: PNG, JPEG, GIF. Pure."""

from __future__ import annotations

import struct

_NO_SIZE = frozenset({0xC4, 0xC8, 0xCC})
"""JPEG segments in the range of frame headers that are none."""


def image_size(body: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; ``None`` where it is no picture that Telegram would take as a photo."""
    try:
        if body.startswith(b"\x89PNG\r\n\x1a\n"):
            width, height = struct.unpack(">II", body[16:24])
        elif body.startswith((b"GIF87a", b"GIF89a")):
            width, height = struct.unpack("<HH", body[6:10])
        elif body.startswith(b"\xff\xd8"):
            width, height = _jpeg(body)
        else:
            return None
    except struct.error:
        return None
    return (width, height) if width and height else None


def _jpeg(body: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(body) and body[at] == 0xFF:
        kind = body[at + 1]
        if 0xC0 <= kind <= 0xCF and kind not in _NO_SIZE:
            height, width = struct.unpack(">HH", body[at + 5 : at + 9])
            return width, height
        at += 2 + struct.unpack(">H", body[at + 2 : at + 4])[0]
    return 0, 0
