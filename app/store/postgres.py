"""A database on a PostgreSQL server, over TLS, asked as one person or one bridge (store.md 2, 7, 8)."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.domain.errors import LoginRefused, ServerAway, StoreFailed, StoreTooNew, StoreTooOld
from app.domain.server import Server
from app.domain.snags import Snag
from app.store.migrating import current_step, is_newer, newest_step

CONNECT_S = 10.0
STATEMENT_S = 30.0
"""So long one statement may take; a network that swallows everything is noticed no later."""
_POOL = 3
"""Connections of one desktop; one more listens (store.md 10)."""
_SESSION = {
    "application_name": "phoneshelf",
    "timezone": "UTC",
    "jit": "off",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "20000",
    "idle_in_transaction_session_timeout": "15000",
}
"""What a cut connection must not keep locked for long is ended by the server."""

BROKEN = asyncpg.InternalClientError
"""The driver is out of step with the server, as with one that starts or ends while it is asked."""
_UNREACHED = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, BROKEN)

Timeline = tuple[int, int]
"""System identifier and timeline of a server."""


class PostgresDatabase:
    """One database on a server."""

    has_own_clock = True

    def __init__(self, server: Server, guard: Callable[[Timeline], None] | None = None) -> None:
        self.label = server.label
        self.server = server
        self._guard = guard
        self._passwords = tuple(one for one in (server.password, server.other_password) if one) or ("",)
        self.readers = self._engine("REPEATABLE READ", is_reader=True)
        self.writer = self._engine("READ COMMITTED", is_reader=False)

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a reading transaction of one consistent state; cancelling it ends the statement on the server."""
        return self.readers.begin()

    async def prepare(self) -> None:
        """See that this program and the database understand each other; nothing is changed.

        Raises:
            StoreTooNew: The database is ahead of this program.
            StoreTooOld: It is behind; who may change it has to.
        """
        async with self.reading() as connection:
            step = await connection.run_sync(current_step)
        if is_newer(step):
            raise StoreTooNew(
                "a newer Phoneshelf is used with this database; nothing was changed. Update this one to open it"
            ).because(Snag.TOO_NEW)
        if step != newest_step():
            raise StoreTooOld(
                "this Phoneshelf is newer than the team's database; nothing was changed. Ask who looks after it to run"
                " `phoneshelf team upgrade`"
            ).because(Snag.TOO_OLD)

    async def connect(self) -> asyncpg.Connection[Any]:
        """Return a fresh connection of its own.

        Raises:
            StoreFailed: None of the hosts accepts it; the text says why.
        """
        try:
            return await self._connect()
        except _UNREACHED as error:
            raise say_failure(self.label, error) from error

    async def _connect(self) -> asyncpg.Connection[Any]:
        """Return a connection to the host that writes; one that was left behind by a fail-over is passed over."""
        hosts = self.server.hosts
        try:
            return await self._reach(hosts)
        except StoreFailed:
            for host in hosts if len(hosts) > 1 else ():
                with contextlib.suppress(StoreFailed, *_UNREACHED):
                    return await self._reach((host,))
            raise

    @property
    def password(self) -> str:
        """Return the password that the server took last, before that the one to try first."""
        return self._passwords[0]

    async def _reach(self, hosts: tuple[tuple[str, int], ...]) -> asyncpg.Connection[Any]:
        """Return a connection, by whichever password holds; that one is tried first from then on."""
        first, *others = self._passwords
        try:
            return await self._log_in(hosts, first)
        except asyncpg.InvalidPasswordError:
            if not others:
                raise
        connection = await self._log_in(hosts, others[0])
        self._passwords = (others[0], first)
        return connection

    async def _log_in(self, hosts: tuple[tuple[str, int], ...], password: str) -> asyncpg.Connection[Any]:
        server = self.server
        connection = await asyncpg.connect(
            host=[host for host, _ in hosts],
            port=[port for _, port in hosts],
            user=server.user,
            password=password,
            database=server.database,
            ssl=tls_context(server),
            timeout=CONNECT_S,
            command_timeout=STATEMENT_S,
            server_settings=_SESSION,
            target_session_attrs="read-write" if len(server.hosts) > 1 else "any",
        )
        try:
            if self._guard is not None:
                self._guard(await read_timeline(connection))
        except BaseException:
            await connection.close()
            raise
        return connection

    def _engine(self, isolation: str, *, is_reader: bool) -> AsyncEngine:
        engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self.connect,
            pool_size=_POOL - 1 if is_reader else 1,
            max_overflow=0,
            pool_timeout=CONNECT_S,
            hide_parameters=True,
            isolation_level=isolation,
            execution_options={"postgresql_readonly": True} if is_reader else {},
        )

        @event.listens_for(engine.sync_engine, "checkout")
        def refuse_closed(connection: Any, record: object, proxy: object) -> None:
            # What the server closed meanwhile is known without asking it; a question each time would cost as much.
            if connection.driver_connection.is_closed():
                raise DisconnectionError

        return engine


def tls_context(server: Server) -> ssl.SSLContext | bool:
    """Return how the server must prove itself: by the team's own authority alone, where there is one."""
    if not server.encrypted:
        return False
    context = ssl.create_default_context(cadata=server.ca or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


async def read_timeline(connection: asyncpg.Connection[Any]) -> Timeline:
    """Return which server this is and on which timeline it writes (store.md 8)."""
    row = await connection.fetchrow(
        "SELECT (SELECT system_identifier FROM pg_control_system()) AS system, "
        "CASE WHEN pg_is_in_recovery() THEN (SELECT timeline_id FROM pg_control_checkpoint()) "
        # The check point's own is late after a promotion; the log's name is not.
        "ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END AS timeline"
    )
    return int(row["system"]), int(row["timeline"])


@contextlib.contextmanager
def said_of(label: str) -> Iterator[None]:
    """Say what a server refuses or does not answer as `StoreFailed`, also where no store stands between."""
    try:
        yield
    except _UNREACHED as error:
        raise say_failure(label, error) from error


def say_failure(label: str, error: BaseException) -> StoreFailed:
    """Say in one line what is wrong with a server, without any of its contents."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, asyncpg.PostgresError | OSError | TimeoutError):
        cause = cause.__cause__ or getattr(cause, "orig", None)
    kind = StoreFailed if cause is None and _is_refused_here(error) else _class_of(cause)
    said = kind(f"{label}: {_sentence(cause)}. What was saved before is kept.")
    snag = _snag(cause)
    return said if snag is None else said.because(snag)


_NO_SUCH_LOGIN = "InitializeSessionUserId"
"""Where the server refuses a login that may log in no more; who is refused by its `pg_hba.conf` may be a member."""


def _is_refused_here(error: BaseException | None) -> bool:
    """Tell whether a value never left this program: the server is not to blame."""
    while error is not None and not (isinstance(error, asyncpg.InterfaceError) and isinstance(error, ValueError)):
        error = error.__cause__ or getattr(error, "orig", None)
    return error is not None


def _class_of(cause: BaseException | None) -> type[StoreFailed]:
    """Tell a server that is away from one that refuses who asks, and both from any other failure."""
    if isinstance(cause, asyncpg.PostgresError):
        state = str(getattr(cause, "sqlstate", "") or "")
        if state == "28P01" or (state == "28000" and getattr(cause, "server_source_function", None) == _NO_SUCH_LOGIN):
            return LoginRefused
        return ServerAway if state[:2] == "08" or state in _STOPS else StoreFailed
    # A server that proves to be another is not one that is away.
    return StoreFailed if isinstance(cause, ssl.SSLCertVerificationError) else ServerAway


_SENTENCES = {
    "28P01": "the server refuses this password; ask for a new invitation",
    "28000": "the server lets nobody in from here with this login; whoever looks after it has to see to pg_hba.conf",
    "3D000": "there is no such database on the server",
    "53100": "the server's disk is full; whoever looks after it has to make room",
    "53300": "the server has no connection left; close a program or raise max_connections",
    "42501": "your login may not do that; ask an admin of the team",
    "25006": "the server only reads: it is a standby, or its disk is full",
    "55P03": "somebody else holds what is needed; try again",
    "57014": "it took the server too long",
    "PS001": "another program drives this phone now",
    "40P01": "somebody else changed the same at the same moment; try again",
    "40001": "somebody else changed the same at the same moment; try again",
}


_STOPS = ("57P01", "57P02", "57P03")
"""The server is being stopped, crashed, or is only starting."""
_BROKEN = "the connection to the server broke; it is tried again"
_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (
        ssl.SSLCertVerificationError,
        "the server's certificate is not the one of your team; do not go on, tell who looks after it",
    ),
    (TimeoutError, "the server does not answer; see whether the network is there and the server is on"),
    (OSError, "the server cannot be reached; see whether the network is there and the server is on"),
)


_SNAGS = {
    "28P01": Snag.PASSWORD,
    "28000": Snag.SHUT_OUT,
    "3D000": Snag.NO_DATABASE,
    "53100": Snag.FULL,
    "42501": Snag.RIGHTS,
    # A member's function: what was invited is over or gone.
    "PS002": Snag.USED,
}


def _snag(cause: BaseException | None) -> Snag | None:
    if isinstance(cause, asyncpg.PostgresError):
        return _SNAGS.get(str(getattr(cause, "sqlstate", "") or ""))
    kinds = ((ssl.SSLCertVerificationError, Snag.CERTIFICATE), (TimeoutError, Snag.SILENT), (OSError, Snag.UNREACHED))
    return next((snag for kind, snag in kinds if isinstance(cause, kind)), None)


def _sentence(cause: BaseException | None) -> str:
    if isinstance(cause, asyncpg.PostgresError):
        state = str(getattr(cause, "sqlstate", "") or "")
        if state in _SENTENCES:
            return _SENTENCES[state]
        return _BROKEN if state[:2] in ("08", "57") else f"the server reports error {state or type(cause).__name__}"
    return next((words for kind, words in _KINDS if isinstance(cause, kind)), _BROKEN)
