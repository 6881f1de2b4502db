"""One thread a phone: it orders all use of that phone. A call that does not end is given up, with its thread."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from app.domain.errors import PhoneLost
from app.domain.ports import Phone

logger = logging.getLogger(__name__)

T = TypeVar("T")


class OwnThread:
    """Runs calls on one phone, one at a time, in a thread of that phone's name."""

    def __init__(self, make: Callable[[], Phone], name: str) -> None:
        self._make = make
        self._name = name
        self._phone = make()
        self._executor = self._new_executor()
        self._turn = asyncio.Lock()
        self._asked_at: float | None = None

    def _new_executor(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"phone-{self._name}")

    async def call(self, step: Callable[[Phone], T], deadline_s: float) -> T:
        """Run `step` in the phone's thread.

        Raises:
            PhoneLost: No answer within `deadline_s`. Thread and phone are abandoned and replaced, since a thread
                cannot be stopped; whatever it still does ends with its own time limits.
        """
        async with self._turn:
            phone = self._phone
            self._asked_at = time.monotonic()
            work = asyncio.get_running_loop().run_in_executor(self._executor, step, phone)
            try:
                async with asyncio.timeout(deadline_s):
                    return await work
            except TimeoutError as error:
                logger.warning("%s: no answer in %.0f s, thread given up", self._name, deadline_s)
                self._executor.shutdown(wait=False, cancel_futures=True)
                self._executor = self._new_executor()
                self._phone = self._make()
                raise PhoneLost("no answer in time") from error
            finally:
                self._asked_at = None

    def silence_s(self) -> float:
        """Return for how many seconds a call has waited for the phone's next answer, 0 while nothing is asked."""
        asked = self._asked_at
        return 0.0 if asked is None else time.monotonic() - max(asked, self._phone.answered_at)

    def is_undisturbed(self) -> bool:
        """Tell whether the chat list kept the focus since it was last looked at, as far as the phone pushed it."""
        return self._phone.is_undisturbed

    def close(self) -> None:
        """Let the thread end once its work is done."""
        self._executor.shutdown(wait=False, cancel_futures=True)
