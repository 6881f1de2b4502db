"""The phone's contract once more, with a real Appium server between the driver and a simulated phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.domain.ids import Serial
from devices.adb.phone import AdbPhone
from devices.whatsapp.driver import WhatsAppPhone
from tests.contract.phone_contract import PhoneContract, Rig
from tests.contract.test_phone_contract import SimulatedRig
from tests.fakes.appium import Appium, appium_server, why_no_appium
from tests.fakes.shelf import SimulatedShelf, files, simulated_shelf

pytestmark = pytest.mark.skipif(bool(why_no_appium()), reason=why_no_appium())


class AppiumRig(SimulatedRig):
    """The driver by way of an Appium server."""

    def __init__(self, shelf: SimulatedShelf, appium: Appium) -> None:
        super().__init__(shelf)
        self.appium = appium
        phone = AdbPhone(shelf.adb, Serial(shelf.address))
        self.phone = WhatsAppPhone(phone, "com.whatsapp.w4b", files(), appium=appium.url)


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
