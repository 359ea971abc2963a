"""The filled day is played once for all tests that ask for it.

They all live in one file, ``test_every_panel_is_filled.py``: with ``--dist loadfile`` another file may run in another
process, which would play a day of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.watchers import ALERTMANAGER, PROMETHEUS
from tests.stack.filled import Filled, a_filled_site


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """A Prometheus that a day of the demo has filled."""
    if PROMETHEUS is None or ALERTMANAGER is None:
        pytest.skip("prometheus and prometheus-alertmanager are not both installed")
    with a_filled_site(tmp_path_factory.mktemp("filled")) as site:
        yield site
