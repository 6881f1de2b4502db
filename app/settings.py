"""Typed settings of a profile: `settings.toml` in its folder, then the environment. An unknown key is an error."""

from __future__ import annotations

import getpass
import os
import tomllib
import urllib.parse
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import platformdirs

from app.domain.errors import BadInput
from app.domain.policy import Role

NAME = "phoneshelf"
_MEDIA_MOST = 4096
_OFFLINE_MOST = 3650
_PREFIX = "PHONESHELF_"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a profile may set. `home` holds database, key, logs; it is the one thing the file cannot name."""

    home: Path
    adb_port: int = 15037
    adb_usb: bool = True
    automation: str = ""
    """URL of an Appium server by whose way the phones are driven; empty: directly."""
    language: str = ""
    """`nl`, `en`, or empty: the desktop's."""
    theme: str = "auto"
    agent: str = ""
    """The name beside replies; empty: the name of the account on this PC."""
    role: str = "agent"
    """`agent`, `lead` or `admin`: which rules this profile may set aside. Told, not proved: there are no log-ins."""
    undo_s: float = 5.0
    """Seconds in which a reply can be taken back; the account's policy may ask for more, 15 is the most."""
    enter_sends: bool = True
    media: bool = True
    """Whether files of messages are copied from the phones."""
    media_days: int = 30
    """How old a message may be for its file to be looked for."""
    media_photo_mb: int = 25
    media_video_mb: int = 100
    media_voice_mb: int = 25
    media_document_mb: int = 100
    """What is larger stays on the phone."""
    share_mb: int = 25
    """In a team: files of messages up to this size are put into its database, for every PC."""

    offline_days: int = 30
    """In a team: chats with something in so many days are copied to this PC, to be read without the server; 0: none."""

    @property
    def database(self) -> Path:
        """Return the file of the database."""
        return self.home / "phoneshelf.sqlite"

    @property
    def author(self) -> str:
        """Return the name that replies carry."""
        return self.agent or _login_name()


def load_settings(home: Path | None) -> Settings:
    """Read the settings of a profile.

    Args:
        home: The profile's folder; None for the one of this user.

    Raises:
        BadInput: The file is not TOML, has an unknown key, or a value that cannot be.
    """
    folder = (home or Path(os.environ.get("PHONESHELF_HOME") or platformdirs.user_data_dir(NAME, False))).expanduser()
    values = _from_file(folder / "settings.toml") | _from_environment()
    known = {f.name: f.type for f in fields(Settings) if f.name != "home"}
    for key, value in values.items():
        if key not in known:
            raise BadInput(f"settings.toml: unknown key {key!r}; known are {', '.join(sorted(known))}")
        values[key] = _typed(key, value, str(known[key]))
    if values.get("role", "agent") not in list(Role):
        raise BadInput(f"settings.toml: role must be one of {', '.join(Role)}")
    for key in (key for key in values if key.startswith("media_")):
        if not 0 < values[key] <= _MEDIA_MOST:
            raise BadInput(f"settings.toml: {key} must be from 1 to {_MEDIA_MOST}; `media = false` copies no files")
    if not 0 <= values.get("offline_days", 0) <= _OFFLINE_MOST:
        raise BadInput(f"settings.toml: offline_days must be from 0 to {_OFFLINE_MOST}; 0 keeps no copy on this PC")
    if not _is_automation(values.get("automation", "")):
        raise BadInput("settings.toml: automation must be empty or the URL of an Appium server, http://127.0.0.1:4723")
    return Settings(home=folder.resolve(), **values)


def _is_automation(url: str) -> bool:
    if not url:
        return True
    try:
        parts = urllib.parse.urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
    except (ValueError, RecursionError, OSError) as error:
        # Not only TOMLDecodeError: a number too long and brackets too deep come out as they are.
        raise BadInput(f"{path.name} cannot be read: {error}") from error


def _from_environment() -> dict[str, Any]:
    names = {f.name for f in fields(Settings)} - {"home"}
    found = {key.removeprefix(_PREFIX).lower(): value for key, value in os.environ.items() if key.startswith(_PREFIX)}
    return {key: value for key, value in found.items() if key in names}


def _typed(key: str, value: Any, kind: str) -> Any:
    """Return a value of the field's type; text from the environment is converted."""
    try:
        if kind == "bool":
            return (
                value if isinstance(value, bool) else {"1": True, "true": True, "0": False, "false": False}[str(value)]
            )
        return {"int": int, "float": float, "str": str}[kind](value)
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise BadInput(f"settings.toml: {key} must be {kind}") from error


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "agent"
