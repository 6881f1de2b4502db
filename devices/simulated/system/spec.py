"""What a simulated phone is made as: its make, its screen, its owner's habits."""

from __future__ import annotations

from dataclasses import dataclass

W4B = "com.whatsapp.w4b"


@dataclass(frozen=True, slots=True)
class PhoneSpec:
    """One phone to make; names and numbers are invented.

    `dump_form` is which generation of `dumpsys notification` it prints, `older` or `newer`.
    """

    serial: str = "SIM0001"
    port: int = 0
    brand: str = "samsung"
    model: str = "SM-A155F"
    product: str = "a15xx"
    device: str = "a15"
    release: str = "13"
    sdk: int = 33
    display: tuple[int, int] = (1080, 2400)
    density: int = 420
    status_bar: int = 84
    navigation_bar: int = 126
    locale: str = "nl"
    region: str = "NL"
    timezone: str = "Europe/Amsterdam"
    is_24h: bool = True
    asks_keys: bool = False
    pin: str = ""
    is_wifi: bool = False
    dump_form: str = "older"
    app_package: str = W4B
    app_version: str = "2.26.38.73"
    app_version_code: int = 263873004
    app_layout: str = "2026"
    app_user: int = 0
    """The Android user whose app is the one under test: 0 the owner, another a work profile or a clone."""
    has_twin: bool = False
    """With another user: the owner has the same app too, empty. What apps of two users share is *invented*."""
    seed: int = 0
    latency: str = "none"
    latency_scale: float = 1.0
    battery_percent: int = 83
    automation_version: str = ""
    """Version of the UiAutomator2 server that the phone comes with; empty: it must be installed."""

    @property
    def language_tag(self) -> str:
        """The locale with its region, as the system's properties have it."""
        return self.locale if "-" in self.locale else f"{self.locale}-{self.region}"
