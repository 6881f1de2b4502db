"""The phone's body: battery, heat, network. Figures move only when something moves them."""

from __future__ import annotations

from dataclasses import dataclass

CHARGING, DISCHARGING, NOT_CHARGING, FULL = 2, 3, 4, 5


@dataclass(slots=True)
class Vitals:
    """What the phone would report of itself."""

    battery: int = 83
    status: int = CHARGING
    is_plugged: bool = True
    tenths_celsius: int = 296
    voltage: int = 4156
    thermal_status: int = 0
    has_wifi: bool = True
    ssid: str = "Kantoor"
    rssi: int = -58
    link_mbps: int = 433
    signal_level: int = 3

    def heat(self, celsius: float) -> None:
        """Set the battery's heat; above 45 degrees the phone throttles."""
        self.tenths_celsius = round(celsius * 10)
        self.thermal_status = 0 if celsius < 40 else 2 if celsius < 45 else 3

    def drain(self, level: int) -> None:
        """Set the charge and take the phone off its charger."""
        self.battery, self.status, self.is_plugged = level, DISCHARGING, False

    def fill(self) -> None:
        """Fill the battery."""
        self.battery, self.status, self.is_plugged = 100, FULL, True
