"""One phone as adb sees it. Everything that reaches its shell is quoted; every call ends by a deadline."""

from __future__ import annotations

import shlex
import socket
from pathlib import Path

import adbutils

from app.domain.errors import PhoneLost, PhoneRefused
from app.domain.ids import Serial
from devices.adb import wire
from devices.adb.server import AdbServer
from devices.adb.wire import ShellResult


class AdbPhone:
    """A phone by its serial, reached through one adb server."""

    def __init__(self, server: AdbServer, serial: Serial) -> None:
        self.server = server
        self.serial = serial

    @property
    def is_network(self) -> bool:
        """Tell whether the serial is an address that adb must be told to connect to."""
        host, _, port = self.serial.rpartition(":")
        return bool(host) and port.isdigit()

    def connect(self, timeout_s: float = 12.0) -> None:
        """Make adb connect to a phone on the network; a phone on a cable needs none.

        Raises:
            PhoneLost: Nobody answers there.
            PhoneRefused: The phone does not trust this PC yet.
        """
        if not self.is_network:
            return
        answer = self.server.run("connect", self.serial, timeout_s=timeout_s)
        if "failed to authenticate" in answer:
            raise PhoneRefused("unauthorized")
        if "connected to" not in answer:
            raise PhoneLost("adb cannot connect")

    def state(self) -> str:
        """Return device, offline, unauthorized, authorizing, or absent."""
        try:
            with socket.create_connection(self.server.address, timeout=2) as stream:
                wire.request(stream, "host:devices")
                listing = wire.read_block(stream).decode("utf-8", "replace")
        except (OSError, PhoneLost, PhoneRefused):
            return "absent"
        return parse_devices(listing).get(self.serial, "absent")

    def shell(self, *words: str, deadline_s: float = 10.0) -> ShellResult:
        """Run one command; each word is quoted.

        Raises:
            PhoneLost: No answer by the deadline.
        """
        return wire.shell(self.server.address, self.serial, shlex.join(words), deadline_s)

    def open_shell(self, *words: str) -> socket.socket:
        """Start a command that runs for long and return its stream, mixed output, open."""
        return wire.open_service(self.server.address, self.serial, f"shell:{shlex.join(words)}", 10.0)

    def install(self, apk: Path, deadline_s: float = 120.0) -> None:
        """Install an app, replacing an older one.

        Raises:
            PhoneRefused: The phone says why not ("Install via USB" is off on some makes).
        """
        answer = self.server.run("-s", self.serial, "install", "-r", "-g", str(apk), timeout_s=deadline_s)
        if "Success" not in answer:
            reason = next((line for line in answer.splitlines() if "Failure" in line or "failed" in line), "")
            raise PhoneRefused(f"installation refused {reason.strip()[:120]}")

    def forward(self, phone_port: int) -> int:
        """Forward a free local port to a port of the phone and return it.

        Raises:
            PhoneLost: adb cannot.
        """
        client = adbutils.AdbClient(*self.server.address, socket_timeout=10)
        wanted = f"tcp:{phone_port}"
        try:
            device = client.device(serial=self.serial)
            for old in device.forward_list():
                if old.serial == self.serial and old.remote == wanted:
                    self.server.run("-s", self.serial, "forward", "--remove", old.local, timeout_s=5)
            return int(device.forward_port(phone_port))
        except (adbutils.AdbError, OSError) as error:
            raise PhoneLost(f"adb cannot forward: {type(error).__name__}") from error


def parse_devices(listing: str) -> dict[str, str]:
    """Return state by serial from what `host:devices` and `host:track-devices` push."""
    found = {}
    for line in listing.splitlines():
        serial, tab, state = line.partition("\t")
        if tab:
            found[serial] = state.strip()
    return found
