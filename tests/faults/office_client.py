"""One person's program in an office hour: reads what to do from standard input, answers each line with one of JSON."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import sys
from pathlib import Path
from typing import Any

from app.cli.common import opened
from app.domain.errors import AnswerBlocked, PhoneshelfError
from app.domain.ids import ChatId
from app.domain.reply import SETTLED
from app.main import Program
from app.runtime.tasks import spawn, stop
from app.services.guarding import Facts
from app.store import replies

_MANY = 100_000


class Person:
    """What one person does."""

    def __init__(self, program: Program) -> None:
        self._program = program

    async def chats(self, least: int) -> list[int]:
        """Return the chats of people, once there are so many."""
        while True:
            found = [one.id for one in await self._program.browsing.list_chats() if one.kind == "person"]
            if len(found) >= least:
                return found
            await asyncio.sleep(0.3)

    async def begin(self, chat: int, text: str, *, types: bool) -> str:
        """Look at a chat and write a draft; return when it was begun."""
        rows = await self._program.browsing.list_messages(ChatId(chat), 30)
        seen = [row.message for row in rows if row.message is not None]
        if types:
            await self._program.attending.typing(ChatId(chat))
        saved = await self._program.drafting.save(ChatId(chat), text, last_seen=seen[-1] if seen else None)
        return saved.begun_at.isoformat() if saved is not None else ""

    async def send(self, chat: int, text: str, *, anyway: bool) -> dict[str, str]:
        """Press send, with what the draft knows."""
        draft = await self._program.drafting.get(ChatId(chat))
        facts = Facts(draft.begun_at if draft else None, draft.last_seen if draft else None, is_anyway=anyway)
        try:
            made = await self._program.replying.knowing(facts).queue_reply(ChatId(chat), text)
        except AnswerBlocked as blocked:
            return {"why": "+".join(sorted({str(one.kind) for one in blocked.obstacles}))}
        except PhoneshelfError as error:
            return {"why": type(error).__name__}
        finally:
            await self._program.attending.leave(ChatId(chat))
        return {"uid": made.id}

    async def drafts(self) -> dict[int, str]:
        """Return one's own drafts."""
        return {one.chat: one.body for one in await self._program.drafting.list_mine()}

    async def settle(self, within_s: float) -> int:
        """Wait until no reply is under way, at most so long; return how many are."""
        until = self._program.clock.monotonic() + within_s
        while True:
            async with self._program.store.read() as connection:
                count = sum(one.state not in SETTLED for one in await replies.list_replies(connection))
            if not count or self._program.clock.monotonic() > until:
                return count
            await asyncio.sleep(0.5)

    async def replies(self) -> dict[str, dict[str, object]]:
        """Return every reply."""
        async with self._program.store.read() as connection:
            found = await replies.list_replies(connection)
        return {one.id: {"state": one.state.value, "author": one.author, "chat": one.chat} for one in found}

    async def order(self) -> str:
        """Return one sum over everything that is shown, in its order."""
        digest = hashlib.sha256()
        for chat in sorted(await self._program.browsing.list_chats(), key=lambda one: one.id):
            for row in await self._program.browsing.list_messages(ChatId(chat.id), _MANY):
                digest.update(f"{chat.id} {row.key} {row.content.text} {row.author}\n".encode())
        return digest.hexdigest()


async def _work(home: Path) -> None:
    async with opened(home) as program:
        person, feed = Person(program), spawn(program.feed.run(), "feed")
        _say("ready")
        try:
            while line := await asyncio.to_thread(sys.stdin.readline):
                values: dict[str, Any] = json.loads(line)
                _say(await getattr(person, values.pop("do"))(**values))
        finally:
            await stop(feed)


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    logging.disable(logging.INFO)
    asyncio.run(_work(Path(sys.argv[1])))
