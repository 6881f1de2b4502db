"""The phone's shell: what it makes of a line, and what its commands answer."""

from __future__ import annotations

import asyncio
import re

import pytest

from devices.simulated.echo import Echo
from devices.simulated.system.call import Buffer, Empty, Fixed
from devices.simulated.system.instrumented import InstrumentedPhone
from devices.simulated.system.phone import SimulatedPhone
from devices.simulated.system.services import PROGRAMS
from devices.simulated.system.shell import Shell
from devices.simulated.system.shell_parser import ShellSyntaxError, parse_line
from devices.simulated.system.spec import PhoneSpec


class Terminal:
    """A phone and one shell on it."""

    def __init__(self, spec: PhoneSpec | None = None) -> None:
        self.phone = SimulatedPhone(spec or PhoneSpec())
        self.app = Echo(self.phone)
        self.phone.run_app(self.app)
        self.shell = Shell(self.phone, InstrumentedPhone(self.phone), PROGRAMS)

    async def run(self, line: str, stdin: bytes = b"") -> tuple[int, str, str]:
        out, err = Buffer(), Buffer()
        source = Fixed(stdin) if stdin else Empty()
        code = await self.shell.run(line, source, out, err)
        return code, out.data.decode(), err.data.decode()

    async def out(self, line: str) -> str:
        return (await self.run(line))[1]


@pytest.fixture
async def terminal() -> Terminal:
    return Terminal()


def words_of(line: str) -> list[list[str]]:
    return [
        ["".join(part.text for part in word) for word in command.words]
        for pipeline in parse_line(line)
        for command in pipeline.commands
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("echo 'a b' \"c d\" e\\ f", [["echo", "a b", "c d", "e f"]]),
        ("echo 'a;b|c&&d'", [["echo", "a;b|c&&d"]]),
        ("a;b&&c||d|e", [["a"], ["b"], ["c"], ["d"], ["e"]]),
        ('echo "it\'s" \'say "x"\'', [["echo", "it's", 'say "x"']]),
        ("am start -d 'https://wa.me/31?text=a%20b&x=1'", [["am", "start", "-d", "https://wa.me/31?text=a%20b&x=1"]]),
        ('echo ""', [["echo", ""]]),
    ],
)
def test_a_line_falls_into_words(line: str, words: list[list[str]]) -> None:
    assert words_of(line) == words


def test_an_open_quote_is_an_error() -> None:
    with pytest.raises(ShellSyntaxError):
        parse_line("echo 'open")


@pytest.mark.parametrize(
    ("line", "code", "out"),
    [
        ("true && echo yes || echo no", 0, "yes\n"),
        ("false && echo yes || echo no", 0, "no\n"),
        ("false; echo $?", 0, "1\n"),
        ("nosuch 2>/dev/null; echo $?", 0, "127\n"),
        ("exit 3; echo never", 3, ""),
        ('X=5; echo "$X-${X}"', 0, "5-5\n"),
        ("echo a b | grep -o b", 0, "b\n"),
        ("echo one > /sdcard/f; echo two >> /sdcard/f; cat /sdcard/f", 0, "one\ntwo\n"),
        ("[ -e /sdcard/none ] && echo __PASS__", 1, ""),
        ("mkdir -p -- /sdcard/d && [ -d /sdcard/d ] && echo __PASS__", 0, "__PASS__\n"),
        ("export ANDROID_LOG_TAGS=''; exec echo done", 0, "done\n"),
        ("ls /nowhere 2>&1", 1, "ls: /nowhere: No such file or directory\n"),
        ("echo 5 | cat - 2>/dev/null; echo $(", 0, None),
        ("cat < /sdcard/none; [ 3 -gt 2 ] && echo more", 0, "more\n"),
    ],
)
async def test_what_a_line_does(terminal: Terminal, line: str, code: int, out: str | None) -> None:
    found = await terminal.run(line)
    assert found[0] == code
    if out is not None:
        assert found[1] == out


async def test_an_unknown_command_says_so(terminal: Terminal) -> None:
    assert await terminal.run("nosuch") == (127, "", "/system/bin/sh: nosuch: inaccessible or not found\n")


async def test_a_pattern_becomes_the_paths_that_match(terminal: Terminal) -> None:
    for name in ("b.jpg", "a.jpg", "c.txt"):
        terminal.phone.files[f"/storage/emulated/0/DCIM/{name}"] = b""
    assert await terminal.out("echo /sdcard/DCIM/*.jpg") == "/sdcard/DCIM/a.jpg /sdcard/DCIM/b.jpg\n"
    assert await terminal.out("echo '/sdcard/DCIM/*.jpg'") == "/sdcard/DCIM/*.jpg\n"


async def test_starting_an_activity_prints_androids_words(terminal: Terminal) -> None:
    code, out, err = await terminal.run("am start -W -n com.whatsapp.w4b/com.whatsapp.Main")
    assert (code, err) == (0, "")
    assert out.startswith("Starting: Intent { cmp=com.whatsapp.w4b/com.whatsapp.Main }\nStatus: ok\n")
    assert out.endswith("Complete\n")
    code, _, err = await terminal.run("am start -n com.whatsapp.w4b/com.whatsapp.Main")
    assert code == 0
    assert err.startswith("Warning: Activity not started, intent has been delivered to currently")
    _, _, err = await terminal.run("am start -n com.whatsapp.w4b/.Bestaatniet")
    assert (
        err == "Error type 3\nError: Activity class {com.whatsapp.w4b/com.whatsapp.w4b.Bestaatniet} does not exist.\n"
    )
    _, _, err = await terminal.run("am start -a android.intent.action.VIEW -d https://wa.me/31 -p com.whatsapp")
    assert "unable to resolve Intent { act=android.intent.action.VIEW dat=https://wa.me/31 flg=0x10000000" in err


async def test_input_types_ascii_and_stumbles_over_the_rest(terminal: Terminal) -> None:
    await terminal.run("am start -n com.whatsapp.w4b/com.whatsapp.Main")
    assert (await terminal.run("input text 'two%swords'"))[0] == 0
    assert terminal.app.draft == "two words"
    code, _, err = await terminal.run("input text é")
    assert code == 255
    assert "NullPointerException: Attempt to get length of null array" in err


async def test_a_locked_phone_shows_the_keyguard_only(terminal: Terminal) -> None:
    terminal.phone.faults.strike("lock", pin="1234")
    window = await terminal.out("dumpsys window")
    assert "mDreamingLockscreen=true" in window
    assert re.search(r"mCurrentFocus=Window\{[0-9a-f]+ u0 NotificationShade\}", window)
    packages = {window.package for window in terminal.phone.screen.windows()}
    assert packages == {"com.android.systemui"}
    await terminal.run("wm dismiss-keyguard")
    assert terminal.phone.screen.is_locked
    await terminal.run("input text 1234; input keyevent KEYCODE_ENTER")
    assert not terminal.phone.screen.is_locked


async def test_screen_off_and_wake_up(terminal: Terminal) -> None:
    await terminal.run("input keyevent 26")
    assert "mWakefulness=Asleep" in await terminal.out("dumpsys power")
    await terminal.run("input keyevent KEYCODE_WAKEUP; wm dismiss-keyguard")
    assert "Display Power: state=ON" in await terminal.out("dumpsys power")
    assert not terminal.phone.screen.is_locked


async def test_properties_and_settings(terminal: Terminal) -> None:
    assert await terminal.out("getprop ro.build.version.sdk") == "33\n"
    assert await terminal.out("getprop none.such") == "\n"
    everything = await terminal.out("getprop")
    assert "[persist.sys.boot.reason.history]: [reboot,1656801447\nreboot,userrequested," in everything
    assert await terminal.out("settings get global none") == "null\n"
    await terminal.run("settings put system time_12_24 12")
    assert terminal.phone.is_24h is False
    assert await terminal.out("settings delete system time_12_24") == "Deleted 1 rows\n"


async def test_a_dump_needs_a_screen_at_rest(terminal: Terminal) -> None:
    terminal.phone.faults.strike("never_idle")
    running = asyncio.create_task(terminal.run("uiautomator dump"))  # noqa: TID251
    await asyncio.sleep(0)
    terminal.phone.faults.lift("never_idle")
    assert (await running)[1] == "UI hierchary dumped to: /sdcard/window_dump.xml\n"
    assert terminal.phone.files["/storage/emulated/0/window_dump.xml"].startswith(b"<?xml version='1.0'")


async def test_streamed_install_reads_the_bytes_it_was_promised(terminal: Terminal) -> None:
    code, out, _ = await terminal.run("cmd package 'install' '-r' -S 4", b"none and more")
    assert code == 1
    assert out.startswith("Failure [INSTALL_PARSE_FAILED_NOT_APK")


async def test_battery_and_storage_follow_the_faults(terminal: Terminal) -> None:
    terminal.phone.faults.strike("low_battery", level=5)
    terminal.phone.faults.strike("battery_hot", celsius=47.5)
    terminal.phone.faults.strike("low_storage", free_kb=1000)
    battery = await terminal.out("dumpsys battery")
    assert "  level: 5\n" in battery
    assert "  temperature: 475\n" in battery
    assert "Thermal Status: 3\n" in await terminal.out("dumpsys thermalservice")
    assert " 1000  100% /data/user/0\n" in await terminal.out("df -k /data")
