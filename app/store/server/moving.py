"""Moves a profile's file to a team's server: table by table, in parts that each are whole, and proved at the end.

What was moved is written down with each part, so that a move that was cut off goes on where it stopped. The file is
only read. Ids stay what they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import asyncpg
from sqlalchemy import JSON, Column, String, Table, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.errors import BadInput, StoreFailed
from app.domain.snags import Snag
from app.store import schema
from app.store.engine import Store

PART = 5000
_NOT_MOVED = {"change", "member", "membership", "audit_entry", "app_meta", "media_blob"}
"""The feed is of the moment, a file has no log-ins, and the bytes of media are shared from the profile later."""
_AUTHORS = {"author", "withdrawn_by", "undone_by"}
Progress = Callable[[str, int, int], None]
"""Told the table, rows done and rows in all."""


class _Differs(StoreFailed):
    """What arrived is not what was sent."""


class Moving:
    """One move from a file to a server's empty database."""

    def __init__(
        self, source: Store, target: asyncpg.Connection, authors: Mapping[str, str], members: Mapping[int, int]
    ) -> None:
        """Take both ends.

        Args:
            source: The file, opened.
            target: A connection as a login that may become the owner of the tables.
            authors: Logins for the names that people had in the file; others stay names.
            members: Ids of members there for those here.
        """
        self._source = source
        self._target = target
        self._authors = authors
        self._members = members

    async def run(self, tell: Progress) -> dict[str, int]:
        """Move everything that is not there yet, prove it, and return the rows of each table.

        Raises:
            BadInput: Another process drives phones on this file.
            StoreFailed: What arrived is not what was sent.
        """
        await self._target.execute("SET ROLE phoneshelf_owner")
        # An index over many rows is made faster in one go.
        await self._target.execute("SET statement_timeout = 0")
        is_resumed = await self._target.fetchval("SELECT EXISTS (SELECT 1 FROM app_meta WHERE key LIKE 'move:%')")
        await self._put_indexes_aside()
        async with self._source.write() as unit:
            # From here on nobody writes to the file.
            await self._refuse_drivers(unit.connection, unit.now)
            try:
                moved = await self._move_all(unit.connection, tell, is_resumed=is_resumed)
            except (_Differs, asyncpg.IntegrityConstraintViolationError):
                if not is_resumed:
                    raise
                # The file was used after the earlier attempt: what came over then is not what it holds now.
                await self._forget()
                moved = await self._move_all(unit.connection, tell, is_resumed=False)
        await self._target.execute("DELETE FROM app_meta WHERE key LIKE 'move:%'")
        await self._target.execute("RESET ROLE")
        return moved

    async def _move_all(self, connection: AsyncConnection, tell: Progress, *, is_resumed: bool) -> dict[str, int]:
        """Move what is not there yet, and prove all; what changed since an earlier attempt is written over.

        Raises:
            StoreFailed: What arrived is not what was sent.
        """
        moved = {table.name: await self._move(connection, table, tell) for table in _tables()}
        await self._finish(tell)
        for table in _tables():
            try:
                await self._prove(connection, table, tell)
            except _Differs:
                if not is_resumed:
                    raise
                await self._write_over(connection, table)
                await self._prove(connection, table, tell)
        return moved

    async def _write_over(self, connection: AsyncConnection, table: Table) -> None:
        """Write each row of a table over what an earlier attempt made of it."""
        names, keys = [c.name for c in table.columns], [c.name for c in table.primary_key]
        columns, form, last = ", ".join(names), _Form.of(table), None
        news = ", ".join(f"{name} = EXCLUDED.{name}" for name in names if name not in keys)
        deed = f"DO UPDATE SET {news}" if news else "DO NOTHING"
        while rows := await _part(connection, table, last):
            last = [rows[-1][key] for key in keys]
            async with self._target.transaction():
                await self._target.execute(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
                # Nobody sees it: it is dropped before the commit. Temporary tables nobody may make here.
                await self._target.execute(
                    f"CREATE UNLOGGED TABLE moved_again AS SELECT {columns} FROM {table.name} WITH NO DATA"  # noqa: S608
                )
                records = [self._record(form, row) for row in rows]
                await self._target.copy_records_to_table("moved_again", records=records, columns=names)
                await self._target.execute(
                    f"INSERT INTO {table.name} ({columns}) OVERRIDING SYSTEM VALUE "  # noqa: S608
                    f"SELECT {columns} FROM moved_again ON CONFLICT ({', '.join(keys)}) {deed}"
                )
                await self._target.execute("DROP TABLE moved_again")
                await self._target.execute(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")

    async def _forget(self) -> None:
        """Take what was moved away again; the database belongs to no team yet."""
        async with self._target.transaction():
            await self._target.execute(f"TRUNCATE {', '.join(table.name for table in _tables())} CASCADE")
            await self._target.execute("DELETE FROM app_meta WHERE key LIKE 'move:%' AND key <> 'move:indexes'")

    async def _refuse_drivers(self, connection: AsyncConnection, now: datetime) -> None:
        held = select(schema.account.c.id).where(schema.account.c.lease_until > now)
        if (await connection.execute(held)).first() is not None:
            raise BadInput(
                "a window or a bridge of this profile drives phones now; nothing was moved. Close it and start again"
            ).because(Snag.DRIVEN)

    async def _move(self, connection: AsyncConnection, table: Table, tell: Progress) -> int:
        total = int((await connection.execute(select(func.count()).select_from(table))).scalar_one())
        place = await self._target.fetchval("SELECT value FROM app_meta WHERE key = $1", f"move:{table.name}")
        last, done = json.loads(place) if place else (None, 0)
        tell(table.name, done, total)
        form = _Form.of(table)
        while True:
            rows = await _part(connection, table, last)
            if not rows:
                return done
            last, done = [rows[-1][c.name] for c in table.primary_key], done + len(rows)
            records = [self._record(form, row) for row in rows]
            async with self._target.transaction():
                # Messages that are years old are no deeds of today.
                await self._target.execute(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
                names = [c.name for c in table.columns]
                await self._target.copy_records_to_table(table.name, records=records, columns=names)
                await self._target.execute(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")
                await self._target.execute(
                    "INSERT INTO app_meta VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = $2",
                    f"move:{table.name}", json.dumps([last, done]),
                )  # fmt: skip
            tell(table.name, done, total)

    def _record(self, form: _Form, row: Mapping[str, Any]) -> tuple[Any, ...]:
        values = list(row.values())
        for place in form.authors:
            values[place] = self._authors.get(values[place], values[place])
        for place in form.members:
            if values[place] is not None:
                values[place] = self._members[values[place]]
        for place in form.json:
            if values[place] is not None:
                values[place] = json.dumps(values[place], ensure_ascii=False, sort_keys=True).replace("\\u0000", "")
        for place in form.texts:
            if values[place] is not None and "\x00" in values[place]:
                # A server's text holds no NUL.
                values[place] = values[place].replace("\x00", "")
        return tuple(values)

    async def _prove(self, connection: AsyncConnection, table: Table, tell: Progress) -> None:
        """Compare every row of both ends.

        Raises:
            StoreFailed: They differ.
        """
        columns = ", ".join(c.name for c in table.columns)
        keys = ", ".join(c.name for c in table.primary_key)
        here, there, last, done = hashlib.sha256(), hashlib.sha256(), None, 0
        form = _Form.of(table)
        async with self._target.transaction(readonly=True):
            cursor = await self._target.cursor(f"SELECT {columns} FROM {table.name} ORDER BY {keys}")  # noqa: S608
            while rows := await _part(connection, table, last):
                last, done = [rows[-1][c.name] for c in table.primary_key], done + len(rows)
                for row in rows:
                    here.update(_canonical(form, self._record(form, row)))
                for record in await cursor.fetch(len(rows)):
                    there.update(_canonical(form, tuple(record)))
                tell(f"{table.name} proved", done, done)
            if here.digest() != there.digest() or await cursor.fetch(1):
                raise _Differs(
                    f"what arrived of {table.name} is not what was sent; the profile's own file is as it was. "
                    "Remove the new database and start again"
                )

    async def _put_indexes_aside(self) -> None:
        """Drop the indexes of words, and write down how to make them again, unless that was done before."""
        known = await self._target.fetchval("SELECT value FROM app_meta WHERE key = 'move:indexes'")
        if known is not None:
            return
        found = await self._target.fetch(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'message' AND indexdef LIKE '%USING gin%'"
        )
        async with self._target.transaction():
            for row in found:
                await self._target.execute(f"DROP INDEX {row['indexname']}")
            await self._target.execute(
                "INSERT INTO app_meta VALUES ('move:indexes', $1)", json.dumps([row["indexdef"] for row in found])
            )

    async def _finish(self, tell: Progress) -> None:
        made = json.loads(await self._target.fetchval("SELECT value FROM app_meta WHERE key = 'move:indexes'"))
        for number, statement in enumerate(made):
            tell("indexes", number, len(made))
            again = statement.replace("CREATE INDEX ", "CREATE INDEX IF NOT EXISTS ", 1)
            await self._target.execute(again, timeout=3600)
        for table in _tables():
            keys = list(table.primary_key)
            if len(keys) == 1 and keys[0].name == "id":
                await self._target.fetchval(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608
                    f"greatest(coalesce((SELECT max(id) FROM {table.name}), 1), 1))"
                )
        tell("indexes", len(made), len(made))
        await self._target.execute("ANALYZE", timeout=600)


def _tables() -> list[Table]:
    """Return what is moved, what others point at first."""
    return [table for table in schema.metadata.sorted_tables if table.name not in _NOT_MOVED]


@dataclass(frozen=True, slots=True)
class _Form:
    """Which columns of a table hold what, by their places."""

    authors: tuple[int, ...]
    members: tuple[int, ...]
    json: tuple[int, ...]
    texts: tuple[int, ...]

    @classmethod
    def of(cls, table: Table) -> _Form:
        columns = list(enumerate(table.columns))
        return cls(
            tuple(i for i, c in columns if c.name in _AUTHORS),
            tuple(i for i, c in columns if _is_member(c)),
            tuple(i for i, c in columns if isinstance(c.type, JSON)),
            tuple(i for i, c in columns if isinstance(c.type, String)),
        )


async def count_rows(source: Store) -> int:
    """Return how many rows a file has that a move takes along."""
    async with source.read() as connection:
        counted = [await connection.execute(select(func.count()).select_from(table)) for table in _tables()]
    return sum(int(one.scalar_one()) for one in counted)


def _is_member(column: Column[Any]) -> bool:
    if (column.table.name, column.name) == ("chat", "assignee_id"):
        return True
    return any(key.column.table.name == "member" for key in column.foreign_keys)


async def _part(connection: AsyncConnection, table: Table, last: Sequence[Any] | None) -> list[dict[str, Any]]:
    keys = list(table.primary_key)
    query = select(table).order_by(*keys).limit(PART)
    if last is not None:
        query = query.where(keys[0] > last[0] if len(keys) == 1 else tuple_(*keys) > tuple_(*last))
    return [dict(row) for row in (await connection.execute(query)).mappings()]


def _canonical(form: _Form, record: tuple[Any, ...]) -> bytes:
    values = [value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value for value in record]
    for place in form.json:
        if values[place] is not None:
            values[place] = json.dumps(json.loads(values[place]), sort_keys=True)
    return (repr(values) + "\n").encode("utf-8", "surrogatepass")
