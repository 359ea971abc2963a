"""Exporters' threads end with the test that began them: their lines and their dice would stand in another's."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

EXPORTERS = ("Otel", "telemetry-stop")
END_S = 5.0


@pytest.fixture(autouse=True)
def no_exporter_outlives_its_test() -> Iterator[None]:
    yield
    for thread in threading.enumerate():
        if thread.name.startswith(EXPORTERS):
            thread.join(END_S)
