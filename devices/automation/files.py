"""Finds the pinned APKs of the automation server and refuses any whose SHA-256 differs."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

from app.domain.errors import PhoneRefused
from devices.automation.server import ServerFiles


def load_server_files(pins: Path, cache: Path) -> ServerFiles:
    """Return the files that `pins` names, from `cache`.

    Args:
        pins: `installer/automation-server.toml`: version, file names and SHA-256.
        cache: The folder that the build step filled.

    Raises:
        PhoneRefused: A file is there but is not the pinned one.
    """
    pinned = tomllib.loads(pins.read_text("utf-8"))
    found: dict[str, Path | None] = {}
    for role in ("server", "test"):
        path = cache / str(pinned[role]["file"])
        found[role] = path if path.is_file() else None
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() != pinned[role]["sha256"]:
            raise PhoneRefused(f"{path.name} is not the pinned file")
    return ServerFiles(str(pinned["version"]), found["server"], found["test"])
