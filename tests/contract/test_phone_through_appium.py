"""The phone's contract once more, with a real Appium server between the driver and a simulated phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.errors import AppiumMissing, PhoneLost
from app.domain.ids import Serial
from app.domain.phone import PhoneState
from app.runtime.states import state_of_adb
from devices.adb.phone import AdbPhone
from devices.automation.appium import AppiumServer
from devices.automation.server import SERVER, TEST, AutomationServer
from devices.automation.session import AutomationSession, TextRefused
from devices.whatsapp.driver import WhatsAppPhone
from tests.contract.phone_contract import PhoneContract, Rig, a_chat
from tests.contract.test_phone_contract import SimulatedRig
from tests.fakes.appium import Appium, appium_server, why_no_appium
from tests.fakes.shelf import SimulatedShelf, files, simulated_shelf

pytestmark = pytest.mark.skipif(bool(why_no_appium()), reason=why_no_appium())
APP = "com.whatsapp.w4b"


class AppiumRig(SimulatedRig):
    """The driver by way of an Appium server."""

    def __init__(self, shelf: SimulatedShelf, appium: Appium) -> None:
        super().__init__(shelf)
        self.appium = appium
        self.adb = AdbPhone(shelf.adb, Serial(shelf.address))
        self.phone = WhatsAppPhone(self.adb, APP, files(), appium=appium.url)

    def session(self, url: str = "") -> AutomationSession:
        """Open a session of the test's own; the driver's ends with it."""
        server = AppiumServer(url or self.appium.url, self.adb, AutomationServer(self.adb, files()))
        session = AutomationSession(server.start(APP))
        session.open()
        return session


@pytest.fixture(scope="module")
def appium_rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppiumRig]:
    folder = tmp_path_factory.mktemp("appium")
    with (
        simulated_shelf(folder, "--chats", "2", "--messages", "6") as shelf,
        appium_server(folder, shelf.adb) as appium,
    ):
        rig = AppiumRig(shelf, appium)
        rig.phone.start()
        yield rig
        rig.phone.stop()


class TestThroughAppium(PhoneContract):
    """The driver keeps the contract this way too."""

    @pytest.fixture
    def rig(self, appium_rig: AppiumRig) -> Rig:
        return appium_rig


def test_appium_neither_stops_the_app_nor_clears_its_data(appium_rig: AppiumRig) -> None:
    """Its ways of resetting an app need to know which one; a cleared WhatsApp has lost its chats."""
    target = a_chat(appium_rig, "hello")
    appium_rig.phone.open_chat(target)
    appium_rig.phone.stop()
    appium_rig.phone.start()
    assert appium_rig.phone.read_chat(target).title == target.title


def test_a_field_that_is_not_there_refuses_a_text_and_appium_logs_no_text(appium_rig: AppiumRig) -> None:
    target = a_chat(appium_rig, "the customer's words")
    appium_rig.phone.open_chat(target)
    session = appium_rig.session()
    try:
        for field in ("no_such_field", "conversation_contact_name"):
            with pytest.raises(TextRefused):
                session.set_text(field, APP, "words for nobody")
        assert "the customer's words" in session.source()
    finally:
        session.close()
        appium_rig.phone.start()
    typed = appium_rig.phone.type_reply(target, "words for one")
    appium_rig.phone.tap_send(target, typed)
    assert appium_rig.own_texts(target.title) == ["words for one"]
    log = appium_rig.appium.log.read_text("utf-8", "replace")
    assert "words" not in log
    assert target.title not in log
    assert target.number not in log


def test_a_server_that_died_on_the_phone_is_told_and_started_again(appium_rig: AppiumRig) -> None:
    appium_rig.shelf.ask("strike", name="server_crash")
    with pytest.raises(PhoneLost):
        appium_rig.phone.look()
    assert not appium_rig.phone.is_alive()
    appium_rig.phone.stop()
    appium_rig.phone.start()
    assert appium_rig.phone.is_alive()


def test_where_this_pc_lacks_the_files_appium_installs_its_own_server(appium_rig: AppiumRig) -> None:
    appium_rig.phone.stop()
    for package in (SERVER, TEST):
        assert "Success" in appium_rig.shelf.adb.run("-s", appium_rig.shelf.address, "uninstall", package, timeout_s=20)
    appium_rig.phone.start()
    assert appium_rig.phone.is_alive()


def test_an_appium_without_the_driver_is_told(appium_rig: AppiumRig, tmp_path: Path) -> None:
    with appium_server(tmp_path, appium_rig.shelf.adb, home=tmp_path) as bare:
        with pytest.raises(AppiumMissing, match="UiAutomator2 driver") as missing:
            appium_rig.session(bare.url)
        assert state_of_adb("device", missing.value)[0] is PhoneState.NO_APPIUM
