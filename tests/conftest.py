"""What many tests need: the captured phone data beside the checkout, where it is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["tests.fakes.postgres"]

# A busy machine is no fault of the program.
settings.register_profile("phoneshelf", deadline=None)
settings.load_profile("phoneshelf")

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of what real phones printed; without it the test is skipped."""
    if not SHARED.is_dir():
        pytest.skip("no captured data beside the checkout")
    return SHARED
