"""Backups of a team's database, here or on a server elsewhere: written whole or not at all, tried by restoring them.

A dump holds the database, not the logins of the server it came from.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.errors import HostingFailed
from app.hosting.binaries import Binaries
from app.hosting.placing import make_folder, refused
from app.hosting.processes import Call, Ran, finished, run

LONGEST_S = 4 * 3600.0
"""1 M messages took 5 s to dump and 19 s to restore (store.md 7); a slow disk far away takes longer."""
PARTIAL = ".partial"
_COUNT = """\
SELECT format('SELECT %L, count(*) FROM %I.%I', n.nspname || '.' || c.relname, n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1
\\gexec
"""
_OLDER = re.compile(r"server version mismatch")
_VALUE = re.compile(r': ".*')
_UNREACHED = re.compile(r"connection to server .* failed")


@dataclass(frozen=True, slots=True)
class Login:
    """A way into a database, over TLS with the server's name checked.

    Attributes:
        root_certificate: PEM of whom to trust; None for whom the system trusts (programs of PostgreSQL 16 or newer).
    """

    host: str
    port: int
    user: str
    database: str
    password: str = field(repr=False)
    root_certificate: Path | None = None

    def environment(self, database: str | None = None) -> dict[str, str]:
        """Return what PostgreSQL's programs are told; other users of this PC do not see it, as they see arguments."""
        return {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": self.user,
            "PGDATABASE": database or self.database,
            "PGPASSWORD": self.password,
            "PGSSLMODE": "verify-full",
            "PGSSLROOTCERT": "system" if self.root_certificate is None else str(self.root_certificate),
            "PGCONNECT_TIMEOUT": "20",
            "PGAPPNAME": "phoneshelf backup",
        }


async def dump(binaries: Binaries, login: Login, target: Path) -> Path:
    """Write the whole database into a file that only its owner reads; cancelled or failed it leaves nothing.

    Raises:
        HostingFailed: The server or the disk refuses, or the programs are older than the server.
    """
    beside = target.with_name(f"{target.name}{PARTIAL}")
    make_folder(target.parent)
    try:
        beside.unlink(missing_ok=True)
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        arguments = ("--format=custom", "--no-password", f"--file={beside}")
        await _succeed(binaries, "pg_dump", arguments, login.environment())
        await verify(binaries, beside)
        beside.replace(target)
    except OSError as error:
        raise refused(target, error) from error
    finally:
        beside.unlink(missing_ok=True)
    return target


async def verify(binaries: Binaries, file: Path) -> int:
    """Read a backup from its first byte to its last, without any server; return how many tables it has the rows of.

    Raises:
        HostingFailed: It is damaged, cut or no backup.
    """
    listed = await _succeed(binaries, "pg_restore", ("--list", str(file)), {})
    # The list stands at the front: only unpacking everything shows that the rest is there.
    await _succeed(binaries, "pg_restore", (f"--file={os.devnull}", str(file)), {})
    return sum(" TABLE DATA " in line for line in listed.text.splitlines())


async def restore(binaries: Binaries, login: Login, file: Path, *, with_rights: bool = True) -> None:
    """Put a backup into an empty database: all of it or nothing.

    Args:
        binaries: PostgreSQL's programs.
        login: Of whoever shall own what is made, or of a superuser.
        file: What `dump` wrote.
        with_rights: Whether owners and rights are restored too; their roles must be there then.

    Raises:
        HostingFailed: The database is not empty, the backup is damaged, or the server refuses.
    """
    ways = ("--exit-on-error", "--single-transaction", "--no-password", f"--dbname={login.database}")
    rights = () if with_rights else ("--no-owner", "--no-acl")
    await _succeed(binaries, "pg_restore", (*ways, *rights, str(file)), login.environment())


async def restore_test(binaries: Binaries, login: Login, file: Path) -> dict[str, int]:
    """Restore a backup into a database made for it and dropped again; return the rows of each of its tables.

    Args:
        binaries: PostgreSQL's programs.
        login: Of somebody who may make databases; its own database is not touched.
        file: What `dump` wrote.

    Raises:
        HostingFailed: The backup cannot be restored.
    """
    async with _scratch_database(binaries, login) as name:
        there = Login(login.host, login.port, login.user, name, login.password, login.root_certificate)
        await restore(binaries, there, file, with_rights=False)
        arguments = ("--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator=\t", "--no-password")
        counted = await _succeed(binaries, "psql", (*arguments, "--set=ON_ERROR_STOP=1"), there.environment(), _COUNT)
    rows = (line.rpartition("\t") for line in counted.text.splitlines() if "\t" in line)
    return {table: int(count) for table, _, count in rows}


def clear_partials(folder: Path) -> None:
    """Remove what a program that was killed left of a backup. Only while no backup is being made."""
    for path in folder.glob(f"*{PARTIAL}"):
        path.unlink(missing_ok=True)


@asynccontextmanager
async def _scratch_database(binaries: Binaries, login: Login) -> AsyncIterator[str]:
    name = f"phoneshelf_trial_{secrets.token_hex(6)}"
    there = login.environment("postgres")
    try:
        await _succeed(binaries, "createdb", ("--no-password", "--template=template0", name), there)
        yield name
    finally:
        await finished(_succeed(binaries, "dropdb", ("--no-password", "--force", "--if-exists", name), there))


async def _succeed(
    binaries: Binaries, name: str, arguments: tuple[str, ...], environment: dict[str, str], given: str = ""
) -> Ran:
    """Run a program that has to end well.

    Raises:
        HostingFailed: It does not; the text says why, without anything of the database's contents.
    """
    ran = await run(Call(binaries.program(name), arguments, LONGEST_S, None, environment, given.encode()))
    if ran.code == 0:
        return ran
    if _OLDER.search(ran.text):
        raise HostingFailed(
            f"the server is newer than the PostgreSQL {binaries.version} programs here",
            "Install PostgreSQL's programs of the server's version on this PC",
        )
    if _UNREACHED.search(ran.text):
        raise HostingFailed(
            f"the database was not reached: {ran.last_lines}", "See whether the server runs, and the login"
        )
    raise HostingFailed(f"{name} failed: {_first_line(ran.text)}", "Try again; see the disk's free space")


def _first_line(text: str) -> str:
    """Return the first line of an error without the value it may quote; those after it may quote whole rows."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    worst = next((line for line in lines if "error:" in line), lines[0] if lines else "it says nothing")
    return _VALUE.sub(": …", worst)[:300]
