"""What Telegram answers instead of a result, and what becomes of an answer that never arrives."""

from __future__ import annotations

from collections.abc import Mapping

BAD_REQUEST = 400
UNAUTHORIZED = 401
FORBIDDEN = 403
NOT_FOUND = 404
CONFLICT = 409
TOO_LARGE = 413
TOO_MANY = 429
INTERNAL = 500


class Refusal(Exception):
    """An error of the Bot API: HTTP status, description and ``parameters`` as Telegram words them.

    https://core.telegram.org/bots/api#making-requests
    """

    def __init__(self, code: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})

    def body(self) -> dict[str, object]:
        """The JSON object that stands in the answer."""
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad(description: str) -> Refusal:
    """A 400 with Telegram's prefix."""
    return Refusal(BAD_REQUEST, f"Bad Request: {description}")


def too_many(retry_after_s: int) -> Refusal:
    """A 429 that names its seconds in the text and in ``parameters``, as Telegram does."""
    return Refusal(TOO_MANY, f"Too Many Requests: retry after {retry_after_s}", {"retry_after": retry_after_s})


CONFLICT_TEXT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
BLOCKED_TEXT = "Forbidden: bot was blocked by the user"


class Unusable(Exception):
    """A request to the ``/chat`` interface that cannot be carried out; the text says why."""


class ConnectionLost(Exception):
    """The connection ends without a whole answer.

    ``accepted`` says whether the request was carried out before; ``head`` is the part of the answer that got through.
    """

    def __init__(self, *, accepted: bool, status: int = 0, head: bytes = b"") -> None:
        super().__init__("the connection was lost")
        self.accepted = accepted
        self.status = status
        self.head = head
