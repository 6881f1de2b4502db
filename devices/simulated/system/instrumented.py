"""The phone as its on-device server sees it: windows by accessibility, input, a few facts."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from devices.simulated.contract import Window
from devices.simulated.system.phone import SimulatedPhone
from devices.simulated.system.screen import Screen
from devices.simulated.uia2.source import walk

_COLORS = {"app": "white", "keyboard": "lightgray", "status_bar": "white"}


class InstrumentedPhone:
    """A phone behind the protocol that the on-device server asks for."""

    def __init__(self, phone: SimulatedPhone) -> None:
        self._phone = phone
        self._stale: tuple[object, list[Window]] | None = None
        self.faults = phone.faults
        self.ledger = phone.ledger
        self.clock = phone.clock
        phone.faults.on("stale_tree", self._keep)

    @property
    def display(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._phone.display

    @property
    def density(self) -> int:
        """Dots per inch."""
        return self._phone.density

    @property
    def status_bar(self) -> int:
        """Height of the status bar in pixels."""
        return self._phone.status_bar

    @property
    def rotation(self) -> int:
        """Quarter turns of the display."""
        return self._phone.rotation

    @property
    def clipboard(self) -> str:
        """What was copied last."""
        return self._phone.clipboard

    @clipboard.setter
    def clipboard(self, text: str) -> None:
        self._phone.clipboard = text

    @property
    def glass(self) -> Screen:
        """The phone's glass and keys."""
        return self._phone.screen

    def accessible_windows(self) -> list[Window]:
        """Return the windows, or those of an earlier moment while the tree is stale."""
        if self._stale is not None and self.faults.active("stale_tree") is self._stale[0]:
            return self._stale[1]
        self._stale = None
        return self._phone.screen.windows()

    def toasts(self) -> Sequence[str]:
        """Return no toasts: the apps here show none."""
        return ()

    async def rest(self, timeout_s: float) -> None:
        """Wait until nothing has changed for half a second, at most so long."""
        await self._phone.rest(timeout_s)

    async def spend(self, op: str) -> None:
        """Let the time of an operation pass."""
        await self.clock.sleep(self._phone.delay_s(op))

    async def spend_s(self, seconds: float) -> None:
        """Let a gesture's own duration pass, unless the profile takes no time at all."""
        if self._phone.latency.profile != "none":
            await self.clock.sleep(seconds)

    def screenshot(self) -> bytes:
        """Return the screen as PNG."""
        return render_png(self._phone)

    def describe(self) -> dict[str, object]:
        """Return the value of `appium/device/info`."""
        phone, spec = self._phone, self._phone.spec
        width, height = phone.display
        return {
            "androidId": phone.settings["secure", "android_id"],
            "manufacturer": spec.brand,
            "model": spec.model,
            "brand": spec.brand,
            "apiVersion": str(spec.sdk),
            "platformVersion": spec.release,
            "carrierName": "Proef",
            "realDisplaySize": f"{width}x{height}",
            "displayDensity": phone.density,
            "networks": [],
            "locale": spec.language_tag.replace("-", "_"),
            "timeZone": spec.timezone,
            "bluetooth": {"state": "OFF"},
        }

    def battery(self) -> tuple[float, int]:
        """Return the charge from 0 to 1 and Android's battery status."""
        return self._phone.vitals.battery / 100, self._phone.vitals.status

    def open_shade(self) -> None:
        """Pull the notification shade down."""
        self._phone.screen.is_shade_open = True
        self._phone.screen.settle()

    def launchable_apps(self) -> list[dict[str, str]]:
        """Return package, activity and name of each app."""
        return [
            {
                "packageName": app.package,
                "packageActivity": app.activity().partition("/")[2],
                "appName": app.package.rpartition(".")[2],
            }
            for app in self._phone.screen.apps.values()
        ]

    def _keep(self, fault: object) -> None:
        self._stale = (fault, self._phone.screen.windows())


def render_png(phone: SimulatedPhone) -> bytes:
    """Draw the screen's boxes and words; that is no true picture of any app (invented)."""
    image = Image.new("RGB", phone.display, "black" if not phone.screen.is_on else "white")
    draw = ImageDraw.Draw(image)
    if phone.screen.is_on:
        for window in reversed(phone.screen.windows()):
            _draw_window(draw, window)
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _draw_window(draw: ImageDraw.ImageDraw, window: Window) -> None:
    draw.rectangle(window.root.bounds, fill=_COLORS.get(window.kind, "whitesmoke"))
    for view in walk(window.root):
        left, top, right, bottom = view.bounds
        if right <= left or bottom <= top:
            continue
        if view.clickable or view.text:
            draw.rectangle(view.bounds, outline="gray")
        if view.text:
            shown = view.text.encode("ascii", "replace").decode()
            draw.text((left + 6, top + 6), shown[:80], fill="black", font_size=32)
