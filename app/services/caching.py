"""The copy of a team's chats on a member's PC: what the person sees, to be read while the server is away.

All is asked as the person, so the server decides. What they see no more goes at the next look, everything when they are
no member any more.
"""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from app.domain.errors import NotAllowed, PhoneshelfError, StoreTooNew
from app.domain.ids import ChatId
from app.domain.ports import Clock
from app.store import copying
from app.store.copying import CopyFile, Marks
from app.store.engine import Store, Unit
from app.store.migrating import newest_step

MOST_CHATS = 500
MOST_MESSAGES = 200
"""Of each chat, the newest."""
_PART = 10
"""Chats of one transaction."""
_BESIDE = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy holds."""

    until: datetime | None
    """Up to when it is complete, by the server's clock; None: there is none yet."""
    chats: int


class Superseded(PhoneshelfError):
    """Another program of this PC copies now; it goes on."""


class Absence:
    """Since when the server is away, as the programs of this PC found out."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, now: datetime) -> datetime:
        """Note that the server is away, and return since when it is known."""
        with contextlib.suppress(OSError, ValueError):
            return datetime.fromisoformat(self._path.read_text("ascii"))
        self._path.touch(mode=0o600)
        self._path.write_text(now.isoformat(), "ascii")
        return now

    def end(self) -> None:
        """Note that it is there."""
        self._path.unlink(missing_ok=True)


class Caching:
    """One person's copy."""

    def __init__(self, server: Store, path: Path, clock: Clock, days: int) -> None:
        """Name the copy of a profile.

        Args:
            server: The team's database as the person sees it.
            path: Where the copy lies.
            clock: The time.
            days: Chats with something in so many days are copied; 0: none.
        """
        self._server = server
        self._path = path
        self._clock = clock
        self._days = days

    @property
    def is_there(self) -> bool:
        """Tell whether there is a copy."""
        return self._path.is_file()

    @property
    def is_wanted(self) -> bool:
        """Tell whether the settings ask for one."""
        return self._days > 0

    def remove(self) -> bool:
        """Delete the copy; false where there was none."""
        was = self.is_there
        for end in _BESIDE:
            # Another program that has it open keeps it there on Windows, empty.
            with contextlib.suppress(OSError):
                self._path.with_name(self._path.name + end).unlink()
        return was

    async def describe(self) -> Copied:
        """Return what the copy holds."""
        if not self.is_there:
            return Copied(None, 0)
        file = self.open_file()
        try:
            await file.open()
            async with file.read() as connection:
                marks = await copying.read_marks(connection)
                return Copied(marks.until, len(await copying.list_copied(connection)))
        finally:
            await file.close()

    def open_file(self) -> Store:
        """Return the copy as a database. It is of another time: nothing goes out by it."""
        return CopyFile(self._path, self._clock.now)

    async def refresh(self) -> Copied | None:
        """Copy what changed since the last time; None where this person may not have a copy, which is deleted then.

        Raises:
            ServerAway: The server is away; the copy is as it was, or newer in part.
            Superseded: Another program took it over.
        """
        if not self.is_wanted:
            await self.forget()
            return None
        if not self.is_there:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
        file = self.open_file()
        try:
            try:
                await file.open()
            except StoreTooNew:
                # It is but a copy.
                self.remove()
                return None
            copied = await _Run(self._server, file, self._days).copy()
        except NotAllowed:
            copied = None
        finally:
            await file.close()
        if copied is None:
            await self.forget()
        return copied

    async def forget(self) -> bool:
        """Empty the copy, which another program of this PC may have open, and delete it; false where there was none."""
        if not self.is_there:
            return False
        file = self.open_file()
        try:
            with contextlib.suppress(PhoneshelfError):
                await file.open()
                async with file.write() as unit:
                    await copying.empty(unit)
        finally:
            await file.close()
        return self.remove()


class _Run:
    """One look at the server. Of several at once the last one that began goes on."""

    def __init__(self, server: Store, file: Store, days: int) -> None:
        self._server = server
        self._file = file
        self._days = days
        self._holder = secrets.token_hex(8)

    async def copy(self) -> Copied | None:
        async with self._file.write() as unit:
            marks = replace(await copying.read_marks(unit.connection), holder=self._holder)
            await copying.write_marks(unit, marks)
        async with self._server.read() as server:
            standing = await copying.look(server)
            if not standing.sees_chats:
                return None
            mine = f"{standing.of} {newest_step()} {self._days}"
            if marks.of != mine:
                marks = await self._begin_anew(mine)
            news = await copying.list_changes(server, marks.place)
            since = standing.at - timedelta(days=self._days)
            wanted = await copying.choose(server, standing, since, MOST_CHATS)
            people = await copying.read_people(server, standing)
            async with self._file.read() as connection:
                held = await copying.list_copied(connection)
            fresh = [one for one in wanted if news.is_everything or one in news.chats or one not in held]
            await self._sweep(held - set(wanted))
            for start in range(0, len(fresh), _PART):
                rows = await copying.read_chats(server, fresh[start : start + _PART], MOST_MESSAGES)
                await self._put(rows, people)
            await self._finish(people, wanted, replace(marks, place=news.place, until=standing.at))
        return Copied(standing.at, len(wanted))

    async def _begin_anew(self, mine: str) -> Marks:
        async with self._file.write() as unit:
            await self._check(unit)
            await copying.empty(unit)
            marks = Marks(self._holder, mine)
            await copying.write_marks(unit, marks)
        return marks

    async def _sweep(self, gone: frozenset[ChatId]) -> None:
        if not gone:
            return
        async with self._file.write() as unit:
            await self._check(unit)
            await copying.remove_chats(unit, gone)

    async def _put(self, rows: copying.Rows, people: copying.Rows) -> None:
        async with self._file.write() as unit:
            await self._check(unit)
            await copying.put_people(unit, people[:-1], ())
            await copying.put_chats(unit, rows)

    async def _finish(self, people: copying.Rows, wanted: list[ChatId], marks: Marks) -> None:
        async with self._file.write() as unit:
            await self._check(unit)
            await copying.put_people(unit, people, set(wanted))
            await copying.write_marks(unit, marks)

    async def _check(self, unit: Unit) -> None:
        """See that no other program began meanwhile: it has seen what is newer."""
        if (await copying.read_marks(unit.connection)).holder != self._holder:
            raise Superseded("another program of this PC copies the team's chats")
