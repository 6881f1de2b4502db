"""What can be said of an Appium server without one."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.cli.shelf import _appium_check
from app.domain.errors import AppiumMissing, BadInput
from app.domain.ids import Serial
from app.settings import load_settings
from devices.adb.phone import AdbPhone
from devices.adb.server import AdbServer
from devices.automation.appium import AppiumServer, ask_status, is_loopback
from devices.automation.server import AutomationServer, ServerFiles
from devices.whatsapp.driver import WhatsAppPhone

APPIUM = b'{"value":{"ready":true,"message":"","build":{"version":"3.8.0"}}}'


@contextmanager
def answering(body: bytes, address: str = "127.0.0.1") -> Iterator[str]:
    """Run a server that answers every question alike."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer((address, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://{address}:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_server_says_its_version() -> None:
    with answering(APPIUM) as url:
        assert ask_status(url).version == ask_status(url + "/wd/hub/").version == "3.8.0"


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"value":null}', b'{"value":{"ready":true}}', b"\xff"])
def test_another_program_is_not_taken_for_one(body: bytes) -> None:
    with answering(body) as url, pytest.raises(AppiumMissing):
        ask_status(url)


def test_nobody_there_is_told_before_the_phone_is_touched() -> None:
    phone = AdbPhone(AdbServer(9), Serial("127.0.0.1:1"))
    server = AppiumServer("http://127.0.0.1:9", phone, AutomationServer(phone, ServerFiles("0", None, None)))
    with pytest.raises(AppiumMissing, match="does not answer"):
        server.start("com.whatsapp.w4b")


def test_the_driver_takes_either_way() -> None:
    phone = AdbPhone(AdbServer(9), Serial("127.0.0.1:1"))
    for url in ("", "http://127.0.0.1:9"):
        driver = WhatsAppPhone(phone, "com.whatsapp.w4b", ServerFiles("0", None, None), appium=url)
        assert not driver.is_alive()


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("http://127.0.0.1:4723", True), ("http://127.9.9.9", True), ("http://[::1]:4723", True),
        ("http://localhost:4723", True), ("http://0.0.0.0:4723", False), ("http://shelf:4723", False),
        ("http://localhost.example", False), ("http://192.168.1.9:4723", False), ("http://127.0.0.1.example", False),
    ],
)  # fmt: skip
def test_loopback_is_told_from_a_network(url: str, is_safe: bool) -> None:
    assert is_loopback(url) is is_safe


def test_doctor_warns_of_plain_http_on_a_network() -> None:
    with answering(APPIUM, "0.0.0.0") as url:  # noqa: S104
        name, is_good, says = _appium_check(url)
    assert (name, is_good) == ("appium", False)
    assert "plain http" in says
    with answering(APPIUM) as url:
        assert _appium_check(url) == ("appium", True, "3.8.0")
    assert not _appium_check(url)[1]


@pytest.mark.parametrize("text", ["127.0.0.1:4723", "ftp://127.0.0.1", "http://", "http://[::1", "http://a:b"])
def test_a_setting_that_is_no_url_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PHONESHELF_AUTOMATION", text)
    with pytest.raises(BadInput, match="automation"):
        load_settings(tmp_path)


def test_the_setting_is_read_from_the_file_and_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PHONESHELF_AUTOMATION", raising=False)
    assert load_settings(tmp_path).automation == ""
    (tmp_path / "settings.toml").write_text('automation = "http://127.0.0.1:4723"\n', "utf-8")
    assert load_settings(tmp_path).automation == "http://127.0.0.1:4723"
    monkeypatch.setenv("PHONESHELF_AUTOMATION", "https://shelf.example/appium")
    assert load_settings(tmp_path).automation == "https://shelf.example/appium"
