"""The simulated phone against the real adb server: what a stock adb and its users see."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import adbutils
import pytest
from appium import webdriver
from appium.options.android import UiAutomator2Options

from devices.simulated.echo import Echo
from devices.simulated.shelf import Handset, Shelf, run_shelf
from devices.simulated.system.apk import ApkFacts, make_stub_apk
from devices.simulated.system.spec import PhoneSpec

ADB = Path(adbutils.__file__).parent / "binaries" / ("adb.exe" if os.name == "nt" else "adb")
RUNNER = "io.appium.uiautomator2.server.test/androidx.test.runner.AndroidJUnitRunner"
DEADLINE_S = 15.0

pytestmark = pytest.mark.skipif(not ADB.exists(), reason="this adbutils brings no adb")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Ran:
    code: int
    out: str
    err: str


class Adb:
    """One adb server of our own, and calls of its client."""

    def __init__(self, home: Path) -> None:
        self.port = _free_port()
        self.started: list[asyncio.subprocess.Process] = []
        self.env = {
            "HOME": str(home),
            "PATH": os.environ.get("PATH", ""),
            "ANDROID_ADB_SERVER_PORT": str(self.port),
            "ADB_USB": "0",
            "ADB_MDNS": "0",
            "ADB_EMU": "0",
        }

    async def start(self, *words: str) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            str(ADB), *words, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe, env=self.env
        )
        self.started.append(process)
        return process

    async def __call__(self, *words: str) -> Ran:
        process = await self.start(*words)
        async with asyncio.timeout(DEADLINE_S * 2):
            out, err = await process.communicate()
        return Ran(process.returncode or 0, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))

    async def state(self, serial: str) -> str:
        listed = (await self("devices")).out
        rows = [line.split("\t") for line in listed.splitlines() if "\t" in line]
        return dict(rows).get(serial, "absent")  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def adb_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("adb_home")


@pytest.fixture
async def adb(adb_home: Path) -> AsyncIterator[Adb]:
    server = Adb(adb_home)
    await server("start-server")
    yield server
    await server("kill-server")
    for process in server.started:
        if process.returncode is None:
            process.kill()
            await process.communicate()


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    async with run_shelf([PhoneSpec()], make_app=lambda host, spec: Echo(host, spec.app_package)) as one:
        yield one


@pytest.fixture
async def handset(adb: Adb, shelf: Shelf) -> Handset:
    one = shelf.handsets[0]
    assert (await adb("connect", one.address)).out.startswith("connected to")
    return one


async def until(check: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a condition, at most the deadline."""
    end = time.monotonic() + DEADLINE_S
    while not await check():
        assert time.monotonic() < end, "the condition did not come true"
        await asyncio.sleep(0.02)


async def http(method: str, url: str, body: object = None) -> tuple[int, Any]:
    raw = None if body is None else json.dumps(body).encode()

    def ask() -> tuple[int, Any]:
        request = urllib.request.Request(url, raw, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE_S) as reply:  # noqa: S310
                return reply.status, json.loads(reply.read())["value"]
        except urllib.error.HTTPError as error:
            with error:
                text = error.read()
                return error.code, json.loads(text)["value"] if text else None

    return await asyncio.to_thread(ask)


async def test_a_phone_is_listed_with_its_names(adb: Adb, handset: Handset) -> None:
    row = next(line for line in (await adb("devices", "-l")).out.splitlines() if handset.address in line)
    assert "device product:a15xx model:SM_A155F device:a15" in row


async def test_a_shell_has_its_own_exit_code_and_two_pipes(adb: Adb, handset: Handset) -> None:
    ran = await adb("-s", handset.address, "shell", "echo one; ls /nowhere; echo $?; nosuch 2>/dev/null; exit 7")
    assert ran.code == 7
    assert ran.out == "one\n1\n"
    assert "No such file or directory" in ran.err


async def test_exec_out_is_binary(adb: Adb, handset: Handset) -> None:
    process = await adb.start("-s", handset.address, "exec-out", "screencap", "-p")
    out, _ = await process.communicate()
    assert out.startswith(b"\x89PNG\r\n")


@pytest.mark.parametrize("size", [0, 1, 65_536, 3_000_001])
async def test_a_file_comes_back_as_it_went(adb: Adb, handset: Handset, tmp_path: Path, size: int) -> None:
    sent, back = tmp_path / "sent.bin", tmp_path / "back.bin"
    sent.write_bytes(os.urandom(size))
    path = "/sdcard/Download/new folder/füße 👋.bin"
    assert (await adb("-s", handset.address, "push", str(sent), path)).code == 0
    assert (await adb("-s", handset.address, "pull", path, str(back))).code == 0
    assert back.read_bytes() == sent.read_bytes()
    listed = await adb("-s", handset.address, "shell", "ls '/sdcard/Download/new folder'")
    assert listed.out == "füße 👋.bin\n"


async def test_pull_of_a_folder_and_of_nothing(adb: Adb, handset: Handset, tmp_path: Path) -> None:
    handset.phone.files["/storage/emulated/0/DCIM/a.jpg"] = b"a" * 10
    handset.phone.files["/storage/emulated/0/DCIM/Camera/b.jpg"] = b"b" * 20
    assert (await adb("-s", handset.address, "pull", "/sdcard/DCIM", str(tmp_path))).code == 0
    assert (tmp_path / "DCIM" / "Camera" / "b.jpg").read_bytes() == b"b" * 20
    gone = await adb("-s", handset.address, "pull", "/sdcard/none.bin", str(tmp_path / "none.bin"))
    assert gone.code != 0


async def test_an_apk_is_installed_by_what_is_inside(adb: Adb, handset: Handset, tmp_path: Path) -> None:
    await _install_server(adb, handset, tmp_path)
    assert RUNNER in (await adb("-s", handset.address, "shell", "pm list instrumentation")).out
    broken = tmp_path / "broken.apk"
    broken.write_bytes(b"no zip")
    ran = await adb("-s", handset.address, "install", str(broken))
    assert ran.code != 0
    assert "INSTALL_PARSE_FAILED_NOT_APK" in ran.out + ran.err


async def test_the_server_lives_as_long_as_its_stream(adb: Adb, handset: Handset, tmp_path: Path) -> None:
    await _install_server(adb, handset, tmp_path)
    base = await _forward(adb, handset)
    with pytest.raises((OSError, urllib.error.URLError)):
        await http("GET", f"{base}/status")
    process = await adb.start("-s", handset.address, "shell", f"am instrument -w {RUNNER}")
    await until(lambda: _is_up(base))
    assert (await adb("-s", handset.address, "shell", "uiautomator dump")).code == 137
    process.kill()
    await process.communicate()
    await until(lambda: _is_down(base))
    assert handset.phone.ledger.find("instrumentation.ended", reason="stream closed")


async def test_deleting_the_session_ends_the_instrumentation(adb: Adb, handset: Handset, tmp_path: Path) -> None:
    await _install_server(adb, handset, tmp_path)
    base = await _forward(adb, handset)
    process = await adb.start("-s", handset.address, "shell", f"am instrument -w {RUNNER}")
    await until(lambda: _is_up(base))
    session = await _session(base)
    assert (await http("DELETE", session))[0] == 200
    out, _ = await process.communicate()
    assert b"OK (1 test)" in out


async def test_force_stop_crashes_the_instrumentation(adb: Adb, handset: Handset, tmp_path: Path) -> None:
    await _install_server(adb, handset, tmp_path)
    base = await _forward(adb, handset)
    process = await adb.start("-s", handset.address, "shell", f"am instrument -w {RUNNER}")
    await until(lambda: _is_up(base))
    await adb("-s", handset.address, "shell", "am force-stop io.appium.uiautomator2.server")
    out, _ = await process.communicate()
    assert b"shortMsg=Process crashed." in out
    assert await _is_down(base)


async def test_text_is_typed_and_sent_over_a_forward(adb: Adb, handset: Handset, tmp_path: Path) -> None:
    session = await _running_session(adb, handset, tmp_path)
    await adb("-s", handset.address, "shell", "am start -n com.whatsapp.w4b/com.whatsapp.Main")
    entry = await _find(session, "id", "entry")
    text = "Héllo 👋🏽\nregel 2"
    assert (await http("POST", f"{session}/element/{entry}/value", {"text": text, "replace": True}))[0] == 200
    assert await http("GET", f"{session}/element/{entry}/text") == (200, text)
    assert entry == await _find(session, "xpath", "//*[@resource-id='com.whatsapp.w4b:id/entry']")
    send = await _find(session, "accessibility id", "Send")
    await http("POST", f"{session}/element/{send}/click", {})
    assert handset.control("truth", {}) == {"sent": [text], "draft": ""}
    assert await http("GET", f"{session}/element/{entry}/text") == (200, "Message")


async def test_a_lost_reply_breaks_the_connection_after_the_deed(adb: Adb, handset: Handset, tmp_path: Path) -> None:
    session = await _running_session(adb, handset, tmp_path)
    handset.phone.screen.bring("com.whatsapp.w4b")
    entry = await _find(session, "id", "entry")
    await http("POST", f"{session}/element/{entry}/value", {"text": "once", "replace": True})
    send = await _find(session, "id", "send")
    handset.control("strike", {"name": "reply_lost", "route": "/click"})
    with pytest.raises(ConnectionError):
        await http("POST", f"{session}/element/{send}/click", {})
    assert handset.control("truth", {}) == {"sent": ["once"], "draft": ""}


async def test_errors_have_the_servers_names_and_codes(adb: Adb, handset: Handset, tmp_path: Path) -> None:
    session = await _running_session(adb, handset, tmp_path)
    handset.phone.screen.bring("com.whatsapp.w4b")
    wrong: list[tuple[str, str, object, int, str]] = [
        ("POST", f"{session}/element", {"strategy": "id", "selector": "none", "context": ""}, 404, "no such element"),
        ("POST", f"{session}/element", {"using": "id", "value": "entry"}, 400, "invalid argument"),
        ("POST", f"{session}/element", {"strategy": "xpath", "selector": "//*["}, 400, "invalid selector"),
        ("POST", f"{session}/execute/sync", {}, 404, "unknown command"),
        ("POST", f"{session}/element/nope/click", {}, 404, "no such element"),
        ("GET", f"{session[:-36]}{'0' * 36}/source", None, 404, "invalid session id"),
    ]
    for method, url, body, status, error in wrong:
        found, value = await http(method, url, body)
        assert (found, value["error"]) == (status, error), url
    big = {"text": "x" * 70_000}
    assert (await http("POST", f"{session}/keys", big))[0] == 413


async def test_an_element_goes_stale_with_its_screen(adb: Adb, handset: Handset, tmp_path: Path) -> None:
    session = await _running_session(adb, handset, tmp_path)
    handset.phone.screen.bring("com.whatsapp.w4b")
    entry = await _find(session, "id", "entry")
    handset.phone.screen.bring("com.android.vending")
    status, value = await http("GET", f"{session}/element/{entry}/text")
    assert (status, value["error"]) == (404, "stale element reference")


async def test_an_unplugged_phone_comes_back_by_itself(adb: Adb, handset: Handset) -> None:
    assert await adb.state(handset.address) == "device"
    await _forward(adb, handset)
    handset.control("strike", {"name": "unplug", "seconds": 0.3})
    await until(lambda: _has_state(adb, handset, "offline"))
    await until(lambda: _has_state(adb, handset, "device"))
    assert (await adb("forward", "--list")).out.strip() == ""


async def test_a_key_is_asked_for_and_remembered(adb: Adb) -> None:
    spec = PhoneSpec(asks_keys=True)
    async with run_shelf([spec], make_app=lambda host, one: Echo(host, one.app_package)) as shelf:
        handset = shelf.handsets[0]
        assert "failed to authenticate" in (await adb("connect", handset.address)).out
        assert await adb.state(handset.address) == "unauthorized"
        assert handset.control("allow_debugging", {}) is True
        await until(lambda: _has_state(adb, handset, "device"))
        handset.adbd.drop()
        await until(lambda: _has_state(adb, handset, "device"))
        assert len(handset.phone.ledger.find("adb.asked")) == 1
        handset.control("strike", {"name": "unauthorized"})
        await until(lambda: _has_state(adb, handset, "unauthorized"))


async def test_track_devices_tells_of_every_change(adb: Adb, shelf: Shelf) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", adb.port)
    writer.write(b"0012host:track-devices")
    assert await reader.readexactly(4) == b"OKAY"
    seen = [await _tracked(reader)]
    await adb("connect", shelf.handsets[0].address)
    while "\tdevice" not in seen[-1]:
        seen.append(await _tracked(reader))
    shelf.handsets[0].control("strike", {"name": "unplug"})
    while "\toffline" not in seen[-1]:
        seen.append(await _tracked(reader))
    writer.close()
    await writer.wait_closed()
    assert seen[0] == ""


async def test_logcat_speaks_at_once_and_streams_notifications(adb: Adb, handset: Handset) -> None:
    process = await adb.start("-s", handset.address, "logcat", "-b", "events", "-v", "epoch")
    assert process.stdout is not None
    async with asyncio.timeout(DEADLINE_S):
        assert b"beginning of events" in await process.stdout.readline()
        handset.phone.log.write("notification_enqueue", "[1,2,a,1,tag=\n,0,Notification(x),0]")
        first, second = await process.stdout.readline(), await process.stdout.readline()
    process.kill()
    await process.communicate()
    assert first.endswith(b"tag=\n")
    assert b"notification_enqueue: ,0,Notification" in second


async def test_half_a_frame_takes_the_transport_down(adb: Adb, handset: Handset) -> None:
    handset.control("strike", {"name": "half_frame"})
    assert (await adb("-s", handset.address, "shell", "echo hello")).out != "hello\n"
    await until(lambda: _has_state(adb, handset, "device"))
    assert (await adb("-s", handset.address, "shell", "echo hello")).out == "hello\n"


async def test_a_silent_transport_is_offline_until_it_speaks(adb: Adb, handset: Handset) -> None:
    handset.control("strike", {"name": "offline"})
    await until(lambda: _has_state(adb, handset, "offline"))
    handset.control("lift", {"name": "offline"})
    handset.adbd.drop()
    await until(lambda: _has_state(adb, handset, "device"))


async def test_a_restart_takes_the_phone_away_and_locks_it(adb: Adb, handset: Handset) -> None:
    await adb("-s", handset.address, "shell", "am start -n com.whatsapp.w4b/com.whatsapp.Main")
    handset.control("strike", {"name": "reboot", "seconds": 0.3})
    await until(lambda: _has_state(adb, handset, "offline"))
    await until(lambda: _has_state(adb, handset, "device"))
    assert handset.phone.screen.is_locked


async def test_pulling_the_charger_ends_the_server_unless_told_not_to(
    adb: Adb, handset: Handset, tmp_path: Path
) -> None:
    session = await _running_session(adb, handset, tmp_path)
    await http("POST", f"{session}/appium/settings", {"settings": {"shutdownOnPowerDisconnect": False}})
    handset.control("strike", {"name": "low_battery"})
    assert (await http("GET", f"{session}/source"))[0] == 200
    await http("POST", f"{session}/appium/settings", {"settings": {"shutdownOnPowerDisconnect": True}})
    handset.control("strike", {"name": "low_battery"})
    await until(lambda: _is_down(session.partition("/session")[0]))


async def test_reverse_forwards_are_kept_and_listed(adb: Adb, handset: Handset) -> None:
    assert (await adb("-s", handset.address, "reverse", "tcp:7001", "tcp:7002")).code == 0
    assert "tcp:7001 tcp:7002" in (await adb("-s", handset.address, "reverse", "--list")).out
    assert (await adb("-s", handset.address, "reverse", "--remove", "tcp:7001")).code == 0


async def test_the_appium_client_drives_the_phone_directly(adb: Adb, handset: Handset, tmp_path: Path) -> None:
    session = await _running_session(adb, handset, tmp_path)
    handset.phone.screen.bring("com.whatsapp.w4b")
    base = session.partition("/session")[0]

    def drive() -> tuple[str, bytes, dict[str, object]]:
        options = UiAutomator2Options()
        options.load_capabilities({"appium:appPackage": "com.whatsapp.w4b", "appium:waitForIdleTimeout": 0})
        driver = webdriver.Remote(base, options=options)
        try:
            driver.swipe(500, 1500, 500, 1100, 400)
            source, picture, settings = driver.page_source, driver.get_screenshot_as_png(), driver.get_settings()
            return source, picture, settings
        finally:
            driver.quit()

    source, picture, settings = await asyncio.to_thread(drive)
    assert 'resource-id="com.whatsapp.w4b:id/entry"' in source
    assert picture.startswith(b"\x89PNG")
    assert settings["waitForIdleTimeout"] == 0
    assert handset.phone.ledger.find("echo.drag")


async def test_adbutils_finds_what_it_looks_for(adb: Adb, handset: Handset) -> None:
    await adb("-s", handset.address, "shell", "am start -n com.whatsapp.w4b/com.whatsapp.Main")

    def ask() -> tuple[object, ...]:
        device = adbutils.AdbClient(host="127.0.0.1", port=adb.port).device(handset.address)
        device.sync.push(b"hello", "/sdcard/Download/hello.txt")
        return (
            device.shell("echo one"),
            device.shell2("false").returncode,
            device.prop.model,
            device.app_current().package,
            device.app_info("com.whatsapp.w4b").version_name,
            device.window_size(),
            device.sync.read_bytes("/sdcard/Download/hello.txt"),
            [entry.path for entry in device.sync.list("/sdcard/Download")],
            device.is_screen_on(),
        )

    found = await asyncio.to_thread(ask)
    assert found[:5] == ("one", 1, "SM-A155F", "com.whatsapp.w4b", "2.26.38.73")
    assert tuple(found[5]) == (1080, 2400)  # type: ignore[arg-type]
    assert found[6:] == (b"hello", ["hello.txt"], True)


async def _install_server(adb: Adb, handset: Handset, folder: Path) -> None:
    package = "io.appium.uiautomator2.server"
    runner = ("androidx.test.runner.AndroidJUnitRunner", package)
    for facts in (ApkFacts(package, "10.6.6", 278), ApkFacts(f"{package}.test", "", 0, (runner,))):
        path = folder / f"{facts.package}.apk"
        path.write_bytes(make_stub_apk(facts))
        ran = await adb("-s", handset.address, "install", "-r", str(path))
        assert "Success" in ran.out, ran


async def _forward(adb: Adb, handset: Handset) -> str:
    port = _free_port()
    assert (await adb("-s", handset.address, "forward", f"tcp:{port}", "tcp:6790")).code == 0
    return f"http://127.0.0.1:{port}"


async def _running_session(adb: Adb, handset: Handset, folder: Path) -> str:
    await _install_server(adb, handset, folder)
    base = await _forward(adb, handset)
    await adb.start("-s", handset.address, "shell", f"am instrument -w {RUNNER}")
    await until(lambda: _is_up(base))
    return await _session(base)


async def _session(base: str) -> str:
    caps = {"appium:appPackage": "com.whatsapp.w4b", "appium:waitForIdleTimeout": 0}
    _, value = await http("POST", f"{base}/session", {"capabilities": {"alwaysMatch": caps, "firstMatch": [{}]}})
    return f"{base}/session/{value['sessionId']}"


async def _find(session: str, strategy: str, selector: str) -> str:
    body = {"strategy": strategy, "selector": selector, "context": "", "multiple": False}
    status, value = await http("POST", f"{session}/element", body)
    assert status == 200, value
    return str(value["ELEMENT"])


async def _is_up(base: str) -> bool:
    try:
        return (await http("GET", f"{base}/status"))[0] == 200
    except OSError:
        return False


async def _is_down(base: str) -> bool:
    return not await _is_up(base)


async def _has_state(adb: Adb, handset: Handset, state: str) -> bool:
    return await adb.state(handset.address) == state


async def _tracked(reader: asyncio.StreamReader) -> str:
    async with asyncio.timeout(DEADLINE_S):
        length = int(await reader.readexactly(4), 16)
        return (await reader.readexactly(length)).decode()
