"""What a server has packed, unpacked piece by piece: however much it becomes, memory holds one piece."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

ACCEPTED = "gzip, deflate"
"""What we ask for, and all that we take (RFC 9110, section 8.4.1)."""

PIECE_BYTES = 65_536
_ZLIB = 0x08
"""The low half of the first byte of a zlib stream (RFC 1950); some servers send deflate without its head."""


class PackedError(Exception):
    """Packed in a way that was not asked for, more than once, or not as it says."""


class Unpacker:
    """Of one body. ``encoding`` is the header ``Content-Encoding``; raises ``PackedError`` for others than ours."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding.strip().lower().removeprefix("x-")
        if self._encoding not in {"", "identity", "gzip", "deflate"}:
            raise PackedError
        self._packed = self._encoding in {"gzip", "deflate"}
        self._stream: zlib._Decompress | None = None

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """What the next bytes unpack to, in pieces of at most ``PIECE_BYTES`` each; raises ``PackedError``."""
        if not self._packed:
            yield chunk
            return
        stream = self._stream = self._stream or zlib.decompressobj(self._window(chunk))
        left = chunk
        while left or stream.unconsumed_tail:
            piece = self._unpacked(stream, left)
            left = stream.unconsumed_tail
            if stream.unused_data:
                raise PackedError
            if piece:
                yield piece
        # zlib may hold back what did not fit into the last piece though all of its input is taken
        while piece := self._unpacked(stream, b""):
            yield piece

    @property
    def ended(self) -> bool:
        """Whether the body came to its end, as far as its packing can tell."""
        return not self._packed or self._stream is None or self._stream.eof

    def _window(self, chunk: bytes) -> int:
        if self._encoding == "gzip":
            return 16 + zlib.MAX_WBITS
        return zlib.MAX_WBITS if chunk[0] & 0x0F == _ZLIB else -zlib.MAX_WBITS

    @staticmethod
    def _unpacked(stream: zlib._Decompress, data: bytes) -> bytes:
        try:
            return stream.decompress(data, PIECE_BYTES)
        except zlib.error:
            raise PackedError from None
