"""A connection that stays dead is dropped, not asked for ever; one that just broke is left to adb."""

from __future__ import annotations

import pytest

from app.domain.ids import Serial
from devices.adb import phone as adb_phone
from devices.adb.phone import AdbPhone


class FakeServer:
    """Runs adb commands on paper."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, ...]] = []

    def run(self, *words: str, timeout_s: float) -> str:
        self.ran.append(words)
        return f"already connected to {words[-1]}"


class Phone(AdbPhone):
    """A phone whose state is told by the test."""

    says = "offline"

    def state(self) -> str:
        return self.says


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    at = [100.0]
    monkeypatch.setattr(adb_phone.time, "monotonic", lambda: at[0])
    return at


def drops(server: FakeServer) -> int:
    return sum("disconnect" in words or "reconnect" in words for words in server.ran)


@pytest.mark.parametrize(
    ("serial", "words"),
    [("192.0.2.4:5600", ("disconnect", "192.0.2.4:5600")), ("R58N1", ("-s", "R58N1", "reconnect"))],
)
def test_a_phone_that_stays_offline_is_dropped_once_in_a_while(
    serial: str, words: tuple[str, ...], now: list[float]
) -> None:
    server = FakeServer()
    phone = Phone(server, Serial(serial))  # type: ignore[arg-type]
    for _ in range(9):
        phone.connect()
        now[0] += 2
    assert [one for one in server.ran if "connect" not in one] == [words]
    for _ in range(15):
        phone.connect()
        now[0] += 2
    assert drops(server) == 2


def test_a_short_break_is_left_to_adb(now: list[float]) -> None:
    server = FakeServer()
    phone = Phone(server, Serial("192.0.2.4:5600"))  # type: ignore[arg-type]
    for _ in range(10):
        phone.says = "offline"
        phone.connect()
        now[0] += 4
        phone.connect()
        phone.says = "device"
        phone.connect()
        now[0] += 4
    assert drops(server) == 0
