"""An HTTP server of a test's own that says nothing of whoever hangs up."""

from __future__ import annotations

from http.server import ThreadingHTTPServer


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Whoever was told to stop does not wait for an answer."""
