"""A web server for calendars, a process of its own: what is in its folder, with an ETag unless `plain` is there, too.

It ends with whoever started it.
"""

from __future__ import annotations

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from bench.product.serving import serve

PLAIN = "plain"


class Handler(BaseHTTPRequestHandler):
    """``/NAME`` gives the file of that name, whatever follows a ``?``; ``/plain/NAME`` never has an ETag."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        file = Path(Path(self.path.partition("?")[0]).name)
        if not file.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        tag = None if Path(PLAIN).exists() or self.path.startswith(f"/{PLAIN}/") else f'"{file.stat().st_mtime_ns:x}"'
        if tag is not None and self.headers["If-None-Match"] == tag:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.end_headers()
            return
        body = file.read_bytes()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/calendar; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if tag is not None:
            self.send_header("ETag", tag)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


if __name__ == "__main__":
    serve(Handler, "0.0.0.0")
