"""Fetching files while nothing else is to be done: it gives way to replies and notices within one piece of a file."""

from __future__ import annotations

import logging
from collections.abc import Callable

from app.domain.ports import PhoneThread
from app.services.fetching import Fetching
from app.store.accounts import Account

logger = logging.getLogger(__name__)

EVERY_S = 10.0


class MediaErrand:
    """The files of one phone. Needs no screen, so a phone in somebody's hand or behind a lock gives them too."""

    def __init__(self, fetching: Fetching | None, thread: PhoneThread, must_stop: Callable[[], bool]) -> None:
        self._fetching = fetching
        self._thread = thread
        self._must_stop = must_stop

    async def run(self, account: Account) -> bool:
        """Fetch what is new; false when nothing was to be done."""
        if self._fetching is None or not await self._fetching.is_due(account):
            return False
        report = await self._fetching.fetch(self._thread, account, self._must_stop)
        if report.files or report.is_stopped:
            told = ", gave way" if report.is_stopped else ""
            logger.info("%s: %s files, %s bytes%s", account.serial, report.files, report.bytes, told)
        return True
