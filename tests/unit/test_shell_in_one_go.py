"""Several commands in one go, and one that runs only while a window has the focus."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.ids import Serial
from devices.adb import wire
from devices.adb.phone import AdbPhone
from devices.adb.server import AdbServer
from devices.adb.wire import ShellResult
from devices.whatsapp.aside import PhoneAside
from devices.whatsapp.sight import Sight

APP = "com.whatsapp.w4b"
Answers = Callable[[str], ShellResult]


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def phone(tmp_path: Path) -> AdbPhone:
    return AdbPhone(AdbServer(1, tmp_path, False), Serial("SIM"))


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, asked: list[str]) -> Callable[[Answers], None]:
    def use(answers: Answers) -> None:
        def run(address: object, serial: str, command: str, deadline_s: float) -> ShellResult:
            asked.append(command)
            return answers(command)

        monkeypatch.setattr(wire, "shell", run)

    return use


def test_each_command_has_its_own_answer(phone: AdbPhone, shell: Callable[[Answers], None], asked: list[str]) -> None:
    shell(lambda command: ShellResult("level: 83\nphoneshelf-done-0\nno such\nphoneshelf-done-127\n", 0))
    found = phone.shell_each(("dumpsys", "battery"), ("what", "it's"), deadline_s=1)
    assert found == [ShellResult("level: 83\n", 0), ShellResult("no such\n", 127)]
    assert len(asked) == 1
    assert "'it'\"'\"'s'" in asked[0]


def test_vital_signs_are_asked_one_by_one_where_the_shell_takes_one_command_only(
    phone: AdbPhone, shell: Callable[[Answers], None], asked: list[str]
) -> None:
    def answer(command: str) -> ShellResult:
        if ";" in command:
            return ShellResult("sh: syntax error\n", 1)
        return ShellResult("  level: 41\n  scale: 100\n" if command == "dumpsys battery" else "", 0)

    shell(answer)
    assert PhoneAside(phone, Sight(APP)).read_health().battery_percent == 41
    assert "dumpsys battery" in asked


@pytest.mark.parametrize(
    ("said", "out"),
    [
        ("phoneshelf-goes-on\nStarting: Intent { }\n", "Starting: Intent { }\n"),
        ("WARNING: linker\nphoneshelf-goes-on\nx\n", "x\n"),
        ("", None),
        ("sh: grep: not found\n", None),
    ],
)
def test_a_command_runs_only_while_the_window_has_the_focus(
    phone: AdbPhone, shell: Callable[[Answers], None], asked: list[str], said: str, out: str | None
) -> None:
    shell(lambda command: ShellResult(said, 0))
    found = phone.shell_on_window("3939374", "am", "start", "-d", "https://wa.me/31?text=a%26b;c")
    assert (found.out if found is not None else None) == out
    assert "'mCurrentFocus=Window{3939374 '" in asked[0]
    assert asked[0].endswith("'https://wa.me/31?text=a%26b;c'")
