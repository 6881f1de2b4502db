"""Our program on the tasks that the naive scripts are given, on phones of the same seeds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from app.cli.common import opened_settings
from app.cli.demo import demo_settings
from app.domain.filling import OPEN_STATES
from app.domain.ids import AccountId
from app.domain.message import Direction
from app.domain.reply import ON_THE_PHONE
from app.main import Program
from app.runtime.tasks import spawn, stop
from app.runtime.worker import CALM_AFTER_S
from app.services.browsing import Chat
from tests.bench.peers.field import Field
from tests.bench.peers.tasks import BACK, BACK_FILL, NOTICE, READ, REST, SEND, SEND_FAR, Sample
from tests.bench.peers.windows import APP

_LIMIT_S = 120.0
QUIET_S = 2.5
"""So long the program must have asked nothing before a task begins."""
_BACK_S = 8.0
"""The way back to the chat list takes so long at most."""


@asynccontextmanager
async def our_lanes(folder: Path, adb_port: int, fields: list[Field]) -> AsyncIterator[list[Lane]]:
    """Run the program on phones, until it knows all that is on them."""
    # Files of messages are fetched while nothing else is done; no script does that.
    settings = replace(demo_settings(folder), adb_port=adb_port, media=False)
    async with opened_settings(settings) as program:
        lanes = []
        for field in fields:
            account = await program.watching.add_phone(field.address, APP, f"bench {field.seed}", "full")
            # What a send costs is measured, not the pace that a number is given.
            await program.restraining.set_policy(account, gap_s=0, typing_cap_s=0, per_hour=600)
            lanes.append(Lane(program, account, field))
        tasks = [spawn(program.bridge.run(), "bridge"), spawn(program.feed.run(), "feed")]
        try:
            await asyncio.gather(*(lane.settle() for lane in lanes))
            yield lanes
        finally:
            await stop(*tasks)


@dataclass
class Lane:
    """One phone of the program."""

    program: Program
    account: AccountId
    field: Field

    async def settle(self) -> None:
        """Wait for the list, let each person write once, and wait until all chats are read."""
        await _until(self._has_list)
        await asyncio.to_thread(self.field.write_all)
        await _until(self._knows_all)

    async def run(self, rounds: int, rest_s: float) -> list[Sample]:
        """Do all tasks. Rest comes first: after a reply its ticks are looked at for a while."""
        found = [await self.rest(rest_s), await self.back_fill()]
        for number in range(rounds):
            found.append(await self.notice(f"vraag {number}"))
            found.append(await self.read(f"nog iets {number}"))
            found.append(await self.send(SEND, (await self._people())[0], f"antwoord {number}"))
            far = await asyncio.to_thread(self.field.far_down)
            found.append(await self.send(SEND_FAR, far, f"verweg {number}"))
        return found

    async def notice(self, text: str) -> Sample:
        """Let somebody write; until the text is in the database. That costs the dump of notifications alone."""
        chat = await self._chat((await self._people())[3])
        began = await self._begin()
        await asyncio.to_thread(self.field.ask, "customer_writes", chat=chat.title, text=text)

        async def is_there() -> bool:
            rows = await self.program.browsing.list_messages(chat.id, 3)
            return any(row.content.text == text and row.direction is Direction.IN for row in rows)

        await _until(is_there, 0.005)
        seconds = time.monotonic() - began
        kinds = await asyncio.to_thread(self.field.kinds)
        return Sample(NOTICE, _dumps(kinds), seconds)

    async def read(self, text: str) -> Sample:
        """Let somebody write; until the chat is read. Other than with the scripts, the noticing is in it."""
        title = (await self._people())[4]
        began = await self._begin()
        before = self.program.clock.now()
        await asyncio.to_thread(self.field.ask, "customer_writes", chat=title, text=text)

        async def is_read() -> bool:
            now = await self._chat(title)
            return now.unread == 0 and now.verified_until is not None and now.verified_until > before

        await _until(is_read, 0.01)
        sample = await self._sample(READ, began)
        rows = await self.program.browsing.list_messages((await self._chat(title)).id, 1)
        return await self._back(replace(sample, ok=[row.content.text for row in rows] == [text]))

    async def send(self, task: str, title: str, text: str) -> Sample:
        """Send a reply and see its bubble."""
        chat = await self._chat(title)
        began = await self._begin()
        reply = await self.program.replying.queue_reply(chat.id, text)

        async def is_sent() -> bool:
            found = await self.program.replying.get_reply(reply.id)
            return found is not None and found.state in ON_THE_PHONE

        await _until(is_sent, 0.01)
        sample = await self._sample(task, began)
        said = await asyncio.to_thread(self.field.texts, title)
        return await self._back(replace(sample, ok=said.count(text) == 1))

    async def back_fill(self) -> Sample:
        """Let a long chat come to light, until its first message is read; given is the cost of a hundred messages."""
        began = await self._begin()
        title = await asyncio.to_thread(self.field.add_long_chat)

        async def is_known() -> bool:
            return any(chat.title == title and chat.verified_until for chat in await self._chats())

        await _until(is_known)
        chat = await self._chat(title)
        request = await self.program.filling.ask(chat.id, None)
        while request.state in OPEN_STATES:
            await asyncio.sleep(0.05)
            request = await self.program.filling.get(request.id)
        sample = await self._sample(BACK_FILL, began)
        rows = [row for row in await self.program.browsing.list_messages(chat.id, 100_000) if row.order is not None]
        truth = await asyncio.to_thread(self.field.ask, "truth", chat=title)
        share = BACK / max(1, len(rows))
        return Sample(BACK_FILL, sample.trips * share, sample.seconds * share, len(rows) == len(truth["messages"]))

    async def rest(self, seconds: float) -> Sample:
        """Watch while nothing happens, and nothing has happened for a while."""
        await asyncio.sleep(CALM_AFTER_S)
        await self._begin()
        await asyncio.sleep(seconds)
        return Sample(REST, await asyncio.to_thread(self.field.trips) * 60 / seconds, seconds)

    async def _begin(self) -> float:
        """Wait until the program asks the phone nothing for a moment, then count anew."""
        last, since = -1, time.monotonic()
        async with asyncio.timeout(_LIMIT_S):
            while time.monotonic() - since < QUIET_S:
                now = await asyncio.to_thread(self.field.trips)
                if now != last:
                    last, since = now, time.monotonic()
                await asyncio.sleep(0.1)
        await asyncio.to_thread(self.field.reset)
        return time.monotonic()

    async def _back(self, sample: Sample) -> Sample:
        """Say what it took until the program left the chat and heard what came meanwhile: that is its last step."""
        kinds = await asyncio.to_thread(self.field.kinds)
        heard, until = _dumps(kinds), time.monotonic() + _BACK_S
        while time.monotonic() < until and not (any("back" in kind for kind in kinds) and _dumps(kinds) > heard):
            await asyncio.sleep(0.02)
            kinds = await asyncio.to_thread(self.field.kinds)
        return replace(sample, after=sum(kinds.values()) - sample.trips)

    async def _sample(self, task: str, began: float) -> Sample:
        seconds = time.monotonic() - began
        return Sample(task, await asyncio.to_thread(self.field.trips), seconds)

    async def _people(self) -> list[str]:
        return await asyncio.to_thread(self.field.people)

    async def _chats(self) -> list[Chat]:
        return await self.program.browsing.list_chats(self.account)

    async def _chat(self, title: str) -> Chat:
        return next(chat for chat in await self._chats() if chat.title == title)

    async def _has_list(self) -> bool:
        phones = await self.program.browsing.list_phones()
        return bool(await self._chats()) and all(phone.state == "ready" for phone in phones)

    async def _knows_all(self) -> bool:
        return all(chat.verified_until for chat in await self._chats())


def _dumps(kinds: Mapping[str, int]) -> int:
    return sum(n for kind, n in kinds.items() if "dumpsys" in kind)


async def _until(is_met: Callable[[], Awaitable[bool]], every_s: float = 0.1) -> None:
    async with asyncio.timeout(_LIMIT_S):
        while not await is_met():
            await asyncio.sleep(every_s)
