"""Each target stands a bounded number of spoilt inputs; `python3 run.py fuzz` goes on for as long as one likes."""

from __future__ import annotations

import pytest

from tests.fuzz.targets import TARGETS, make_input

INPUTS = 150


@pytest.mark.parametrize("name", TARGETS)
def test_garbage_is_refused_as_promised(name: str) -> None:
    for number in range(INPUTS):
        TARGETS[name].run(make_input(name, 7, number))


def test_the_same_seed_spoils_the_same_way() -> None:
    assert [make_input("events", 3, n) for n in range(20)] == [make_input("events", 3, n) for n in range(20)]
