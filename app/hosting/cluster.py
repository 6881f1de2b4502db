"""One PostgreSQL server of this PC: its folder, and how it is made, started, told and stopped.

The server outlives this program; whoever comes next finds it running. Its folder holds `data` (the server's own) and
`authority` (the key that signs its certificates, which the server never reads).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from app.domain.errors import HostingFailed
from app.hosting import certificates, starting
from app.hosting.binaries import Binaries
from app.hosting.certificates import Issued
from app.hosting.configuring import INCLUDED, SUPERUSER, Listening, access_rules, port_of, server_settings
from app.hosting.placing import make_folder, place, refused
from app.hosting.processes import Call, Owner, Ran, begin, finished, owner_of, run
from app.hosting.scram import new_password, scram_verifier
from app.hosting.starting import Status

START_S = 600
"""A server that died under load reads its log first; 60 s were too few on slow disks (store.md 1)."""
STOP_S = 60
INITDB_S = 300.0
_LOGS_KEPT = 10
_LOOK_S = 0.05
_RENAME_PAUSES_S = (0.2, 0.5, 1.0, 2.0)


class Cluster:
    """A folder with one server's data."""

    def __init__(self, folder: Path, binaries: Binaries, run_as: str | None = None, *, is_durable: bool = True) -> None:
        """Name a cluster; nothing is touched yet.

        Args:
            folder: Its place, made when needed.
            binaries: PostgreSQL's programs.
            run_as: The OS user whom it belongs to where this program is root.
            is_durable: False for tests only: a power cut would lose it.
        """
        self.folder = folder
        self.data = folder / "data"
        self._binaries = binaries
        self._run_as = run_as
        self._is_durable = is_durable

    @property
    def is_made(self) -> bool:
        """Tell whether the server's data is there."""
        return (self.data / "PG_VERSION").is_file()

    @property
    def authority(self) -> bytes:
        """Return the certificate (PEM) that clients pin.

        Raises:
            HostingFailed: There is none yet.
        """
        return self._read(self.folder / "authority" / "authority.crt").encode()

    @property
    def certificate(self) -> bytes:
        """Return the server's own certificate (PEM).

        Raises:
            HostingFailed: There is none yet.
        """
        return certificates.without_key(self._read(self.data / "server.pem").encode())

    @property
    def port(self) -> int | None:
        """Return the port of the configuration."""
        return port_of(self._read(self.data / INCLUDED))

    async def create(self, listening: Listening, password: str | None = None) -> str:
        """Make the server's data; return the superuser's password, which is kept nowhere else.

        What an earlier attempt left is taken away first; `data` appears whole or not at all.

        Args:
            listening: Where it is to be reached.
            password: Of the superuser, where the caller has put one in a safe place already.

        Raises:
            HostingFailed: There is one already, or the programs or the disk refuse.
            BadInput: A name, an address or a range is none.
        """
        owner = owner_of(self._run_as)
        if self.data.exists():
            raise HostingFailed(f"{self.data} holds a server already", "Give another folder, or start that one")
        secret = password or new_password()
        settings = self._settings(listening), access_rules(listening)
        make_folder(self.folder, owner)
        issued = self._issue(listening.names)
        making, word = self.folder / "data.making", self.folder / "data.word"
        self._remove(making)
        try:
            place(word, secret + "\n", owner)
            await self._initdb(making, word, owner)
            self._configure(making, settings, owner)
            self._certify(making, issued, owner)
            await _renamed(making, self.data)
        except OSError as error:
            raise refused(self.data, error) from error
        finally:
            word.unlink(missing_ok=True)
            self._remove(making)
        return secret

    async def configure(self, listening: Listening) -> None:
        """Write the configuration and the certificate anew; a new port or address takes a restart.

        Raises:
            HostingFailed: The disk refuses.
            BadInput: A name, an address or a range is none.
        """
        owner = owner_of(self._run_as)
        self._configure(self.data, (self._settings(listening), access_rules(listening)), owner)
        if not await self.renew(listening.names) and await self.is_running():
            await self.reload()

    async def renew(self, names: Sequence[str] | None = None, *, must: bool = False) -> bool:
        """Give the server a new certificate where the old one ends soon or lacks a name; tell whether it did.

        Clients pin the authority, which stays.

        Args:
            names: What it is reached by; None for those of the old one.
            must: Whether it is given a new one in any case.

        Raises:
            HostingFailed: The disk refuses.
            BadInput: A name is none.
        """
        wanted = certificates.names_of(self.certificate) if names is None else names
        if not must and not certificates.is_renewal_due(self.certificate, wanted, datetime.now(UTC)):
            return False
        self._certify(self.data, self._issue(wanted), owner_of(self._run_as))
        if await self.is_running():
            await self.reload()
        return True

    async def start(self) -> str:
        """Start the server and wait until it answers; return what is not as it should be, else nothing.

        One that runs already on its port is taken as it is, with its configuration read again.

        Raises:
            HostingFailed: It does not start; the text says why and what to do.
        """
        if not self.is_made:
            raise HostingFailed(f"{self.data} holds no server", "Make one first")
        made_by = self._read(self.data / "PG_VERSION").strip()
        if made_by != str(self._binaries.version):
            raise HostingFailed(
                f"the data was made by PostgreSQL {made_by}, the programs here are {self._binaries.version}",
                f"Install PostgreSQL {made_by} again, or restore a backup into a new server",
            )
        status = await self._settled()
        if status.is_running and status.port == self.port:
            await self.reload()
            return ""
        if status.is_running:
            await self.stop()
        return await self._start()

    async def stop(self) -> None:
        """Stop the server: whoever is connected is cut off, nothing committed is lost.

        Raises:
            HostingFailed: It does not stop.
        """
        for mode in ("fast", "immediate"):
            ran = await self._pg_ctl("stop", "-m", mode, "-w", "-t", str(STOP_S), deadline_s=STOP_S + 10)
            if ran.code == 0 or not await self.is_running():
                return
        raise HostingFailed(f"the server does not stop: {ran.last_lines}", "Restart this PC")

    async def reload(self) -> None:
        """Let the server read its configuration and certificate again.

        Raises:
            HostingFailed: It does not run.
        """
        ran = await self._pg_ctl("reload")
        if ran.code != 0:
            raise HostingFailed(f"the server was not told: {ran.last_lines}", "Start it")

    async def is_running(self) -> bool:
        """Tell whether the server's own process lives."""
        return (await self.status()).is_running

    async def status(self) -> Status:
        """Return what the server says of itself."""
        lines = self._pid_file().splitlines()
        if not lines or starting.is_stale(lines[0]):
            return Status(is_running=False)
        if (await self._pg_ctl("status")).code != 0:
            return Status(is_running=False)
        return starting.parse_pid_file(lines)

    async def set_password(self, password: str) -> None:
        """Give the superuser another password while the server is stopped: the way back where it was lost.

        Raises:
            HostingFailed: The server runs, or its programs refuse.
            BadInput: The password has a character that is not ASCII.
        """
        sql = f"ALTER ROLE {SUPERUSER} PASSWORD '{scram_verifier(password)}';\n"
        if await self.is_running():
            raise HostingFailed("the server runs", "Stop it first")
        arguments = ("--single", "-D", str(self.data), "-j", "-c", "logging_collector=off", "postgres")
        call = Call(self._binaries.program("postgres"), arguments, owner=owner_of(self._run_as), given=sql.encode())
        ran = await run(call)
        if ran.code != 0 or "ERROR" in ran.text:
            raise HostingFailed("the password was not set", "See whether the server starts")

    def prune_logs(self) -> None:
        """Remove the server's older logs: ten are kept, of at most 10 MB each."""
        for path in sorted((self.data / "log").glob("server-*.log"))[:-_LOGS_KEPT]:
            with contextlib.suppress(OSError):
                path.unlink()

    async def _initdb(self, into: Path, word: Path, owner: Owner | None) -> None:
        """Make a cluster with checksums, sorted the same on each system."""
        fixed = ["-D", str(into), f"--username={SUPERUSER}", f"--pwfile={word}", "--auth=scram-sha-256"]
        fixed += ["--data-checksums", "--encoding=UTF8", "--no-instructions"]
        fixed += [] if self._is_durable else ["--no-sync"]
        for locale in ("C.UTF-8", "C"):
            ways = [f"--locale={locale}"]
            if self._binaries.version >= 17:
                ways = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", f"--lc-ctype={locale}"]
            call = Call(self._binaries.program("initdb"), (*fixed, *ways), INITDB_S, owner)
            ran = await run(call)
            if ran.code == 0:
                return
            self._remove(into)
            if "locale" not in ran.text:
                break
        step = "Give a folder on a local disk with 1 GB free"
        if "Permission denied" in ran.text and owner is not None:
            step = f"Give a folder that the user {owner.name} may enter"
        raise HostingFailed(f"the server's data could not be made: {ran.last_lines}", step)

    async def _settled(self) -> Status:
        """Return what a server says that neither starts nor stops; one that others began may still do either."""
        until = asyncio.get_running_loop().time() + START_S
        while (status := await self.status()).is_running and not status.is_ready:
            if asyncio.get_running_loop().time() > until:
                raise HostingFailed("the server neither starts nor stops", "See data/log; restart this PC")
            await asyncio.sleep(_LOOK_S)
        return status

    async def _start(self) -> str:
        before = starting.log_sizes(self.data)
        was = self._pid_file()
        if was and starting.is_stale(was.splitlines()[0]):
            (self.data / "postmaster.pid").unlink(missing_ok=True)
        begun = starting.begun_log(self.data)
        begun.unlink(missing_ok=True)
        ways = ("start", "-w", "-t", str(START_S), "-l", str(begun))
        work = begin(self._pg_ctl(*ways, deadline_s=START_S + 30))
        try:
            ran = await asyncio.shield(work)
        except asyncio.CancelledError:
            # A server that begins is one that can be stopped: wait until it is known, then let go.
            await finished(self._let_go(work, was))
            raise
        said = starting.said_since(self.data, before)
        if ran.code != 0:
            raise starting.why_not(said or ran.text, self.port)
        if starting.is_port_taken(said):
            await self.stop()
            raise starting.why_not(said, self.port)
        return starting.notice(said)

    async def _let_go(self, work: asyncio.Task[Ran], was: str) -> None:
        while not work.done() and self._pid_file() in ("", was):  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(_LOOK_S)
        work.cancel()
        await asyncio.wait({work})
        if not work.cancelled():
            work.exception()

    async def _pg_ctl(self, *words: str, deadline_s: float = 60.0) -> Ran:
        arguments = (*words, "-D", str(self.data))
        return await run(Call(self._binaries.program("pg_ctl"), arguments, deadline_s, owner_of(self._run_as)))

    def _settings(self, listening: Listening) -> str:
        on_linux = sys.platform.startswith("linux")
        return server_settings(listening, self._binaries.version, on_linux=on_linux, is_durable=self._is_durable)

    def _configure(self, data: Path, texts: tuple[str, str], owner: Owner | None) -> None:
        main = self._read(data / "postgresql.conf")
        line = f"include = '{INCLUDED}'"
        place(data / INCLUDED, texts[0], owner)
        place(data / "pg_hba.conf", texts[1], owner)
        if line not in main.splitlines():
            place(data / "postgresql.conf", f"{main}\n{line}\n", owner)

    def _issue(self, names: Sequence[str]) -> Issued:
        """Return a new certificate for the server; the authority is made where there is none."""
        home, now = self.folder / "authority", datetime.now(UTC)
        crt, key = home / "authority.crt", home / "authority.key"
        make_folder(home)
        if not crt.is_file() or not key.is_file():
            made = certificates.make_authority(certificates.all_names(names)[0], now)
            place(key, made.key)
            place(crt, made.certificate)
        authority = Issued(self._read(crt).encode(), self._read(key).encode())
        return certificates.issue_server(authority, names, now)

    def _certify(self, data: Path, issued: Issued, owner: Owner | None) -> None:
        # One file: a certificate beside the key of another one would keep the server from starting.
        place(data / "server.pem", issued.certificate + issued.key, owner)

    def _pid_file(self) -> str:
        try:
            return (self.data / "postmaster.pid").read_text("utf-8", "replace")
        except OSError:
            return ""

    def _read(self, path: Path) -> str:
        try:
            return path.read_text("utf-8")
        except OSError as error:
            raise HostingFailed(
                f"{path} cannot be read: {error.strerror}", "See whether its folder is there"
            ) from error

    def _remove(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)


async def _renamed(folder: Path, to: Path) -> None:
    """Rename a folder; on Windows a scanner of viruses may still have one of its files open.

    Raises:
        OSError: It cannot be renamed.
    """
    for pause_s in _RENAME_PAUSES_S:
        if _is_renamed(folder, to):
            return
        await asyncio.sleep(pause_s)
    os.rename(folder, to)  # noqa: PTH104 - the last attempt, whose error is told


def _is_renamed(folder: Path, to: Path) -> bool:
    try:
        folder.rename(to)
    except PermissionError:
        return False
    return True
