"""One browser for all tests that look at the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser import chromium_process


@pytest.fixture(scope="session")
def browser_at() -> Iterator[str]:
    with chromium_process() as address:
        yield address
