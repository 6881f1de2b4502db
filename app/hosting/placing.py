"""Puts small files where a server or a person finds them whole: written beside, kept from others, then renamed."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

from app.domain.errors import HostingFailed
from app.hosting.processes import Owner


def place(path: Path, content: str | bytes, owner: Owner | None = None, mode: int = 0o600) -> None:
    """Write a file, or replace it in one go, for its owner only.

    On Windows the folder's own access list is what keeps others out.

    Raises:
        HostingFailed: The disk or the system refuses.
    """
    data = content.encode() if isinstance(content, str) else content
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        # O_EXCL: a link that somebody laid there is not followed.
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                if sys.platform != "win32" and owner is not None:
                    os.fchown(file.fileno(), owner.uid, owner.gid)
            beside.replace(path)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise refused(path, error) from error


def make_folder(path: Path, owner: Owner | None = None) -> None:
    """Make a folder that only its owner enters; one that is there gets the right owner.

    Raises:
        HostingFailed: The system refuses.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform != "win32" and owner is not None:
            os.chown(path, owner.uid, owner.gid, follow_symlinks=False)
    except OSError as error:
        raise refused(path, error) from error


def refused(path: Path, error: OSError) -> HostingFailed:
    """Say in one line what the system has against a file."""
    return HostingFailed(
        f"{path} cannot be written: {error.strerror}", "Give another folder, or free space on its disk"
    )
