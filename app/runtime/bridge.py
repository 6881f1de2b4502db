"""The bridge: one worker an account, restarted when it dies and said so; the feed of other processes beside it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import Protocol

from app.domain.errors import StoreFailed
from app.domain.phone import PhoneState
from app.domain.ports import Phone
from app.runtime.chores import Chores
from app.runtime.phone_thread import OwnThread
from app.runtime.tasks import spawn, stop
from app.runtime.worker import Bench, PhoneLine, Worker
from app.store.accounts import Account
from app.store.engine import RowChanged

logger = logging.getLogger(__name__)

_RESTARTS_S = (1.0, 2.0, 5.0, 15.0, 60.0)
_RECHECK_S = 2.0


@contextlib.contextmanager
def told(work: str) -> Iterator[None]:
    """Log that the database failed, and go on: it is busy or full now and will not stay so."""
    try:
        yield
    except StoreFailed as error:
        logger.warning("%s: %s", work, error)


class PhoneRack(Protocol):
    """Where phones come from."""

    async def run(self) -> None:
        """Keep track of the phones until cancelled."""

    def new_phone(self, account: Account) -> Phone:
        """Return a fresh driver for an account's phone."""

    def line(self, account: Account) -> PhoneLine:
        """Return the line to an account's phone."""


class Bridge:
    """Drives every account of the database that nobody else drives."""

    def __init__(self, bench: Bench, rack: PhoneRack) -> None:
        self._bench = bench
        self._rack = rack
        # Two PCs may have one name, and programs on them one number.
        self._holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._workers: dict[int, tuple[Worker, asyncio.Task[None]]] = {}
        self._chores = Chores(bench.store, bench.clock, self._holder)
        bench.store.listen(self._heard)

    async def run(self) -> None:
        """Drive all accounts until cancelled."""
        tracking = spawn(self._keep("phone tracking", self._rack.run), "tracking")
        try:
            while True:
                with told("accounts"):
                    await self._match_accounts()
                    await self._chores.do()
                await self._bench.clock.sleep(_RECHECK_S)
        finally:
            await stop(*(task for _, task in self._workers.values()))
            # It may be run again.
            self._workers.clear()
            await stop(tracking)

    def check_now(self) -> None:
        """Compare every phone with the mirror now."""
        for worker, _ in self._workers.values():
            worker.check_now()

    async def _match_accounts(self) -> None:
        """Start workers for new accounts and stop those of removed ones."""
        known = {a.id: a for a in await self._bench.watching.list_accounts()}
        for account_id in [i for i in self._workers if i not in known]:
            _, task = self._workers.pop(account_id)
            await stop(task)
        for account_id, account in known.items():
            if account_id not in self._workers:
                self._begin(account)

    def _begin(self, account: Account) -> None:
        thread = OwnThread(lambda: self._rack.new_phone(account), str(account.serial))
        worker = Worker(account, thread, self._rack.line(account), self._bench, self._holder)
        task = spawn(self._drive(worker), f"worker-{account.serial}")
        self._workers[account.id] = (worker, task)

    async def _drive(self, worker: Worker) -> None:
        async def told() -> None:
            try:
                await worker.run()
            except Exception:
                await self._bench.watching.set_state(worker.account.id, PhoneState.NOT_ANSWERING, "restarting")
                raise

        await self._keep(f"worker {worker.account.serial}", told)

    async def _keep(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Restart what died, slower each time, and say so."""
        attempt = 0
        while True:
            try:
                await run()
            except Exception:
                pause = _RESTARTS_S[min(attempt, len(_RESTARTS_S) - 1)]
                logger.exception("%s died, started again in %.0f s", name, pause)
                attempt += 1
                await self._bench.clock.sleep(pause)

    def _heard(self, touched: list[RowChanged]) -> None:
        """A reply was queued or a chat is wanted further back, here or in another process."""
        if any(one.kind == "fill" for one in touched):
            for worker, _ in self._workers.values():
                worker.read_back_now()
        for one in touched:
            if one.kind == "queue" and int(one.row_id) in self._workers:
                self._workers[int(one.row_id)][0].nudge()
