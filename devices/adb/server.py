"""The adb server: one of our own, on a port of our own, with the adb that is shipped beside adbutils.

A server that already listens there is used as it is; it is never killed, for other phones may hang on it.
"""

from __future__ import annotations

import logging
import os
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import adbutils

from app.domain.errors import PhoneLost

logger = logging.getLogger(__name__)

DEFAULT_PORT = 15037
"""Not 5037, which every other program on the PC shares (phone-wire.md 2: kill-server by any of them)."""
START_S = 20.0


@dataclass(frozen=True, slots=True)
class AdbServer:
    """Where the adb server listens. `home` holds the key that phones are asked to trust."""

    port: int = DEFAULT_PORT
    home: Path | None = None
    with_usb: bool = True

    @property
    def address(self) -> tuple[str, int]:
        """Loopback only: whoever reaches this port drives the phones."""
        return ("127.0.0.1", self.port)

    def start(self) -> None:
        """Start the server unless one listens already.

        Raises:
            PhoneLost: adb is not there or does not start.
        """
        if self.is_up():
            return
        command = [str(adb_path()), "-P", str(self.port), "start-server"]
        try:
            subprocess.run(  # noqa: S603  (our own binary, no shell)
                command, env=self.environment(), timeout=START_S, check=True, capture_output=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise PhoneLost(f"adb does not start: {type(error).__name__}") from error
        logger.info("adb server started on port %s", self.port)

    def stop(self) -> None:
        """End the server. Only for tests and for a server that this process started."""
        self.run("kill-server", timeout_s=5)

    def is_up(self) -> bool:
        """Tell whether something listens on the port."""
        try:
            with socket.create_connection(self.address, timeout=0.5):
                return True
        except OSError:
            return False

    def run(self, *arguments: str, timeout_s: float) -> str:
        """Run the adb program and return what it printed, errors included.

        Raises:
            PhoneLost: It did not end in time or cannot be run.
        """
        command = [str(adb_path()), "-P", str(self.port), *arguments]
        try:
            done = subprocess.run(  # noqa: S603
                command, env=self.environment(), timeout=timeout_s, check=False, capture_output=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise PhoneLost(f"adb {arguments[0]}: {type(error).__name__}") from error
        return (done.stdout + done.stderr).decode("utf-8", "replace")

    def environment(self) -> dict[str, str]:
        """Return the environment adb runs in: our port, our key, no listening on the network."""
        env = {k: v for k, v in os.environ.items() if not k.startswith("ADB_")}
        env["ANDROID_ADB_SERVER_PORT"] = str(self.port)
        env["ADB_MDNS"] = "0"
        if not self.with_usb:
            env |= {"ADB_USB": "0", "ADB_EMU": "0"}
        if self.home is not None:
            self.home.mkdir(parents=True, exist_ok=True)
            env["HOME"] = env["USERPROFILE"] = str(self.home)
        return env


def adb_path() -> Path:
    """Return the adb that adbutils ships.

    An adb on the PATH is not used: an old one would restart the server of a new one (phone-wire.md 1).

    Raises:
        PhoneLost: This platform's adbutils has no adb (Linux aarch64, macOS arm64) and `ADBUTILS_ADB_PATH` names none.
    """
    override = os.environ.get("ADBUTILS_ADB_PATH")
    name = "adb.exe" if os.name == "nt" else "adb"
    path = Path(override) if override else Path(adbutils.__file__).parent / "binaries" / name
    if not path.is_file():
        raise PhoneLost("adb is missing: set ADBUTILS_ADB_PATH to the adb of the Android platform tools")
    return path
