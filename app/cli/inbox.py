"""`chats`, `messages`, `reply`, `search`: the inbox on the command line."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from app.cli.common import HomeOption, JsonOption, fail, opened, put_json, put_table, run, say
from app.cli.forms import chat_form, hit_form, message_form, moment, reply_form
from app.domain.errors import BadInput, PhoneshelfError
from app.domain.ids import ChatId
from app.domain.reply import ON_THE_PHONE, Reply, ReplyState
from app.main import Program
from app.runtime.tasks import spawn, stop
from app.services.browsing import Chat, MessageRow

_ALL = 10_000_000
EXIT_NOT_SENT, EXIT_UNKNOWN = 1, 3
_LOOK_S = 0.1
_LONGEST_WAIT_S = 3600
_LAST_WORD_S = 60.0
"""How long a reply that the phone has in hand is waited for beyond the asked time: its fate is near."""


def chats(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the chats, newest first."""

    async def work() -> None:
        async with opened(home) as program:
            found = await program.browsing.list_chats()
            gaps = {c.id: await _gaps(program, c) for c in found} if as_json else {}
        if as_json:
            put_json([chat_form(c, gaps[c.id]) for c in found])
            return
        put_table(
            ("id", "number", "title", "unread", "last", "preview"),
            [(c.id, c.number or "", c.title, c.unread or "", moment(c.last_at) or "", c.preview) for c in found],
        )

    run(work)


async def _gaps(program: Program, chat: Chat) -> int:
    if not chat.has_gap:
        return 0
    rows = await program.browsing.list_messages(chat.id, _ALL)
    return max(1, sum(row.gap_before for row in rows))


def messages(
    chat: Annotated[str, typer.Argument(help="Id, number or title of a chat.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the messages of a chat, oldest first."""

    async def work() -> None:
        async with opened(home) as program:
            found = await _one(program, chat)
            rows = [r for r in await program.browsing.list_messages(found.id, _ALL) if r.order is not None]
        if as_json:
            put_json([message_form(row, seq) for seq, row in enumerate(rows, 1)])
            return
        put_table(("when", "", "who", "text", "state"), [_line(row) for row in rows])

    run(work)


def _line(row: MessageRow) -> tuple[object, ...]:
    content = row.content
    who = row.author or content.sender or ""
    text = content.text if content.kind == "text" else f"[{content.kind}] {content.text}"
    arrow = "\u2026" if row.gap_before else ("\u2190" if row.direction == "in" else "\u2192")
    return (row.shown_at or "").replace("T", " "), arrow, who, text, row.state


async def _one(program: Program, wanted: str, *, by_part: bool = True) -> Chat:
    found = await program.browsing.find_chats(wanted, by_part=by_part)
    if not found:
        raise BadInput(f"no chat is called {wanted!r}; `phoneshelf chats` lists them")
    if len(found) > 1:
        raise BadInput(f"{wanted!r} may be any of the chats {', '.join(str(c.id) for c in found[:8])}; give the id")
    return found[0]


def reply(
    chat: Annotated[str, typer.Argument(help="Id, number or title of a chat.")],
    text: Annotated[str, typer.Argument(help="What to send.")],
    wait: Annotated[
        float, typer.Option(help="Seconds to wait for the phone; then a waiting reply is taken back.")
    ] = 90.0,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send one reply to one chat. Exit 0: on the phone. 1: certainly not sent. 3: unknown, look at the phone."""

    async def work() -> tuple[Reply, Chat]:
        if not 0 <= wait <= _LONGEST_WAIT_S:
            raise BadInput(f"--wait is 0 to {_LONGEST_WAIT_S} seconds")
        async with opened(home) as program:
            # A text goes to a chat that was named in full, never to one whose name holds the words.
            found = await _one(program, chat, by_part=False)
            # Nobody has time to press undo on a command line.
            queued = await program.replying.queue_reply(ChatId(found.id), text)
            return await _fate(program, queued, wait), found

    ended, found = run(work)
    if as_json:
        put_json(reply_form(ended))
    else:
        reason = f" ({ended.reason.value})" if ended.reason else ""
        say(f"{_WORDS.get(ended.state, ended.state.value)}{reason} To {found.title} via {found.account_name}.")
    if ended.state in ON_THE_PHONE:
        return
    raise typer.Exit(EXIT_NOT_SENT if ended.state in (ReplyState.FAILED, ReplyState.CANCELLED) else EXIT_UNKNOWN)


_WORDS = {
    ReplyState.SENT: "Sent: the phone shows it.",
    ReplyState.DELIVERED: "Sent and delivered.",
    ReplyState.READ: "Sent and read.",
    ReplyState.FAILED: "Not sent.",
    ReplyState.CANCELLED: "Not sent: the phone was not ready in time, and the reply was taken back.",
    ReplyState.UNKNOWN: "Unknown: look at the phone, then use `phoneshelf outbox --settle`.",
}


async def _fate(program: Program, queued: Reply, wait_s: float) -> Reply:
    """Wait for the fate of a reply; whatever goes wrong from here on, it is not "certainly not sent"."""
    try:
        return await _follow(program, queued, wait_s)
    except asyncio.CancelledError:
        if await program.replying.cancel_reply(queued.id):
            say("Taken back: not sent.")
        else:
            say(f"The phone has it in hand: `phoneshelf outbox` shows what became of reply {queued.id}.")
        raise
    except PhoneshelfError as error:
        fail(f"{error} What became of reply {queued.id}, `phoneshelf outbox` shows.", EXIT_UNKNOWN)
        raise


async def _follow(program: Program, queued: Reply, wait_s: float) -> Reply:
    """Wait for the fate of a reply. Where nobody drives the phone, this process does for as long as it waits."""
    tasks = [spawn(program.bridge.run(), "bridge"), spawn(program.feed.run(), "feed")]
    try:
        ended = await _until_settled(program, queued, wait_s, _CERTAIN)
        if ended.state is ReplyState.QUEUED and await program.replying.cancel_reply(queued.id):
            ended = await _until_settled(program, queued, 0, _ENDED)
        elif ended.state not in _ENDED:
            ended = await _until_settled(program, queued, _LAST_WORD_S, _ENDED)
        return ended
    finally:
        await stop(*tasks)


_CERTAIN = ON_THE_PHONE | {ReplyState.FAILED, ReplyState.CANCELLED}
_ENDED = _CERTAIN | {ReplyState.UNKNOWN}


async def _until_settled(program: Program, queued: Reply, wait_s: float, states: frozenset[ReplyState]) -> Reply:
    """Wait for one of some states. An unknown reply may still be settled by a look at the phone while time is left."""
    until = program.clock.monotonic() + wait_s
    while True:
        now = await program.replying.get_reply(queued.id)
        if now is None or now.state in states or program.clock.monotonic() >= until:
            return now or queued
        await asyncio.sleep(_LOOK_S)


def search(
    words: Annotated[list[str], typer.Argument(help="Words that must all be in the message.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find messages that hold all the words, newest first."""

    async def work() -> None:
        async with opened(home) as program:
            hits = await program.browsing.search(" ".join(words))
        if as_json:
            put_json([hit_form(h) for h in hits])
            return
        put_table(
            ("chat", "title", "when", "text"), [(h.chat, h.chat_title, h.shown_day or "", h.excerpt) for h in hits]
        )

    run(work)
