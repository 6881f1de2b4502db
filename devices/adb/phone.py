"""One phone as adb sees it. Everything that reaches its shell is quoted; every call ends by a deadline."""

from __future__ import annotations

import logging
import re
import shlex
import socket
import time
from collections.abc import Callable
from pathlib import Path

import adbutils

from app.domain.errors import PhoneLost, PhoneRefused
from app.domain.ids import Serial
from devices.adb import wire
from devices.adb.server import AdbServer
from devices.adb.wire import ShellResult

logger = logging.getLogger(__name__)

_PATIENCE_S = 5.0
_COOL_DOWN_S = 30.0
_GO, _DONE = "phoneshelf-goes-on", "phoneshelf-done-"


def as_user(user: int) -> tuple[str, ...]:
    """Return the words by which `am` and `pm` work for an Android user; the owner, who is the default, needs none."""
    return ("--user", str(user)) if user else ()


class AdbPhone:
    """A phone by its serial, reached through one adb server."""

    def __init__(self, server: AdbServer, serial: Serial, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.server = server
        self.serial = serial
        self._monotonic = monotonic
        self._offline_since: float | None = None
        self._revived_at = -_COOL_DOWN_S

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
        self._revive()
        if not self.is_network:
            return
        answer = self.server.run("connect", self.serial, timeout_s=timeout_s)
        if "failed to authenticate" in answer:
            raise PhoneRefused("unauthorized")
        if "connected to" not in answer:
            raise PhoneLost("adb cannot connect")

    def _revive(self) -> None:
        """Have adb drop a connection that stays dead: it would answer "already connected" for ever.

        Right after a cable came out adb reconnects by itself (phone-wire.md 2), and a phone that was just revived gets
        its time (quality.md B3 2).
        """
        now = self._monotonic()
        if self.state() != "offline":
            self._offline_since = None
            return
        self._offline_since = now if self._offline_since is None else self._offline_since
        if now - self._offline_since < _PATIENCE_S or now - self._revived_at < _COOL_DOWN_S:
            return
        self._revived_at = now
        words = ("disconnect", self.serial) if self.is_network else ("-s", self.serial, "reconnect")
        logger.info(
            "%s: offline for long, told adb to %s", self.serial, "disconnect" if self.is_network else "reconnect"
        )
        self.server.run(*words, timeout_s=10)

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

    def shell_each(self, *commands: tuple[str, ...], deadline_s: float) -> list[ShellResult | None]:
        """Run several commands in one go and return what each printed, outputs mixed; each word is quoted.

        Returns:
            None for a command of which the shell did not say how it ended: it may not have begun.

        Raises:
            PhoneLost: Not all answered by the deadline.
        """
        line = "; ".join(f"{shlex.join(words)}; echo {_DONE}$?" for words in commands)
        said = wire.shell(self.server.address, self.serial, line, deadline_s).out
        parts = re.split(rf"{_DONE}(\d+)\n", said)
        found = [ShellResult(out, int(code)) for out, code in zip(parts[::2], parts[1::2], strict=False)]
        return [*found[: len(commands)], *[None] * (len(commands) - len(found))]

    def shell_on_window(self, window: str, *words: str, deadline_s: float = 10.0) -> ShellResult | None:
        """Run one command if a window still has the focus; the phone itself asks, right before.

        Args:
            window: The window's number, as the event log and `dumpsys window` print it.
            words: The command; each word is quoted.
            deadline_s: For all of it.

        Returns:
            What the command printed. None where another window has the focus, or the phone cannot tell.

        Raises:
            PhoneLost: No answer by the deadline.
        """
        holds = shlex.quote(f"mCurrentFocus=Window{{{window} ")
        asked = f"dumpsys window 2>/dev/null | grep -F {holds} >/dev/null && echo {_GO} && {shlex.join(words)}"
        said = wire.shell(self.server.address, self.serial, asked, deadline_s)
        _, goes_on, out = said.out.partition(f"{_GO}\n")
        return ShellResult(out, said.code) if goes_on else None

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
