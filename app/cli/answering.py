"""`reply`: one text or file to one chat, followed until its fate is known."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.away import read_copy
from app.cli.common import HomeOption, JsonOption, fail, opened, put_json, run, say
from app.cli.forms import blocked_form, moment, refusal_form, reply_form
from app.cli.inbox import one_chat
from app.domain.attached import ReplyFile
from app.domain.errors import AnswerBlocked, BadInput, PhoneshelfError, ReplyRefused, ServerAway
from app.domain.ids import ChatId, MessageId, ReplyId
from app.domain.policy import LIMITS, RULES
from app.domain.reply import ON_THE_PHONE, Reason, Reply, ReplyState
from app.main import Program
from app.runtime.tasks import stop
from app.services.browsing import Chat
from app.services.guarding import Facts
from app.services.replying import OVERRIDABLE, Replying

EXIT_NOT_SENT, EXIT_UNKNOWN, EXIT_WAITS = 1, 3, 4
_LOOK_S = 0.1
_NEWEST = 500
_LONGEST_WAIT_S = 3600
_LAST_WORD_S = 60.0
"""How long a reply that the phone has in hand is waited for beyond the asked time: its fate is near."""


def reply(
    chat: Annotated[str, typer.Argument(help="Id, number or title of a chat.")],
    text: Annotated[str, typer.Argument(help="What to send; with --file its caption, which may be ''.")],
    file: Annotated[
        Path | None, typer.Option(help="One photo, video, sound or document to send. It is copied at once.")
    ] = None,
    quote: Annotated[
        int | None, typer.Option(metavar="MESSAGE", help="Id of the message to quote, as `messages` shows it.")
    ] = None,
    wait: Annotated[
        float, typer.Option(help="Seconds to wait for the phone; then a waiting reply is taken back.")
    ] = 90.0,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave a waiting reply in the outbox when that time is up.")
    ] = False,
    undo: Annotated[float | None, typer.Option(help="Seconds in which it can be taken back, 5 to 15.")] = None,
    override: Annotated[
        list[str] | None, typer.Option(metavar="RULE", help=f"Set a rule aside: {', '.join(OVERRIDABLE)}.")
    ] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Send although a colleague writes or answered.")] = False,
    why: Annotated[str, typer.Option(help="With --override: why; it is kept with the reply.")] = "",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send one reply to one chat: a text, or one file with a caption.

    Exit 0: on the phone. 1: certainly not sent. 3: unknown, look at the phone. 4: it waits in the outbox (--keep), or
    on this PC where the team's server is away.
    """

    async def work() -> tuple[Reply, Chat, bool]:
        _check_options(wait, undo, is_both=quote is not None and file is not None)
        async with opened(home, may_read_copy=True) as program:
            order = _Order(chat, text, file, quote, undo, Facts(is_anyway=anyway))
            try:
                (queued, found), is_kept = await order.put_or_keep(program, _overrides(override or [], why))
            except (ReplyRefused, AnswerBlocked) as refusal:
                if as_json:
                    put_json(await _refusal(program, chat, refusal))
                raise
            if is_kept:
                return queued, found, True
            elsewhere.extend(await _tell_elsewhere(program, found))
            return await _fate(program, queued, wait, keep=keep), found, False

    elsewhere: list[ChatId] = []
    ended, found, is_kept = run(work)
    if as_json:
        put_json(reply_form(ended) | {"waits_elsewhere": elsewhere, "on_this_pc": is_kept})
    else:
        words = _KEPT.replace("UID", ended.id) if is_kept else _words(ended)
        say(f"{words} To {found.title} via {found.account_name}.")
    waits = is_kept or (keep and ended.state is ReplyState.QUEUED)
    if code := EXIT_WAITS if waits else _EXITS.get(ended.state, EXIT_UNKNOWN):
        raise typer.Exit(code)


async def _tell_elsewhere(program: Program, chat: Chat) -> list[ChatId]:
    """Say in which other chats the customer waits, having written there later, and return those."""
    waits = await program.contacting.waits_elsewhere(chat.id)
    for one in waits:
        say(f"The customer wrote to {one.account_name} later and waits for an answer there: chat {one.chat}.")
    return [one.chat for one in waits]


async def _refusal(program: Program, wanted: str, refusal: ReplyRefused | AnswerBlocked) -> dict[str, Any]:
    """Return a reply that was not queued."""
    if isinstance(refusal, ReplyRefused):
        return refusal_form(refusal)
    chat = await one_chat(program, wanted, by_part=False)
    named = {message for one in refusal.obstacles for message in one.messages}
    rows = await program.browsing.list_messages(chat.id, _NEWEST) if named else []
    unread = {row.message: row for row in rows if row.message is not None and row.message in named}
    names = {one.id: one.name for one in await program.handling.list_members()}
    return blocked_form(refusal, names, unread)


@dataclass(frozen=True, slots=True)
class _Order:
    """What somebody wants sent, under an uid of its own."""

    chat: str
    text: str
    file: Path | None
    quote: int | None
    undo_s: float | None
    facts: Facts
    uid: ReplyId = field(default_factory=lambda: ReplyId(uuid.uuid4().hex))

    async def put_or_keep(self, program: Program, rules: dict[Reason, str]) -> tuple[tuple[Reply, Chat], bool]:
        """Queue it; where the server is away, also if it went while it was asked, keep it here under the same uid."""
        try:
            return await self._put(program, rules), program.keeping is not None
        except ServerAway as error:
            other = await read_copy(program, error)
            if other is None:
                raise
        try:
            return await self._put(other, rules), True
        finally:
            await other.store.close()

    async def _put(self, program: Program, rules: dict[Reason, str]) -> tuple[Reply, Chat]:
        # A text goes to a chat that was named in full, never to one whose name holds the words.
        found = await one_chat(program, self.chat, by_part=False)
        taken = program.attaching.take(self.file, self.text) if self.file is not None else None
        queue = _way(program.replying.knowing(self.facts), self.quote, taken)
        queued = await queue(ChatId(found.id), self.text, undo_s=self.undo_s, overrides=rules, reply_id=self.uid)
        return queued, found


_KEPT = "Kept on this PC and sent to the team when its server is back; taken back by `phoneshelf outbox --cancel UID`."


def _way(replying: Replying, quote: int | None, file: ReplyFile | None) -> Callable[..., Awaitable[Reply]]:
    """Return what puts a reply with a quote, or a file, into the outbox."""
    if quote is None:
        return partial(replying.queue_reply, file=file)
    return partial(replying.queue_quote, message=MessageId(quote))


def _check_options(wait_s: float, undo_s: float | None, *, is_both: bool) -> None:
    if is_both:
        raise BadInput("a file quotes nothing; send the text that quotes as a reply of its own")
    least, most = LIMITS["undo_s"]
    if not 0 <= wait_s <= _LONGEST_WAIT_S:
        raise BadInput(f"--wait is 0 to {_LONGEST_WAIT_S} seconds")
    if undo_s is not None and not least <= undo_s <= most:
        raise BadInput(f"--undo is {least:g} to {most:g} seconds")


def _overrides(rules: list[str], why: str) -> dict[Reason, str]:
    """Return the rules to set aside, each with why.

    Raises:
        BadInput: A word that names no rule.
    """
    names = [rule.strip().lower().replace("-", "_") for rule in rules]
    unknown = [name for name in names if name not in set(Reason)]
    if unknown:
        raise BadInput(f"{unknown[0]!r} is no rule; --override takes {', '.join(OVERRIDABLE)}")
    return {Reason(name): why for name in names}


def _words(reply: Reply) -> str:
    """Return what became of a reply, why, and until when it would wait."""
    line = _WORDS.get(reply.state, reply.state.value)
    if reply.reason in RULES:
        return f"{line} {RULES[reply.reason].words['en']}"
    if reply.reason is not None:
        return f"{line} ({reply.reason.value})"
    if reply.wait is not None and reply.state is ReplyState.CANCELLED:
        line = f"Not sent, and taken back: it would wait until {moment(reply.wait.until)}."
    return line + _wait_words(reply)


def _wait_words(reply: Reply) -> str:
    """Return why a queued reply waits, nothing where it does not or everybody can see it."""
    if reply.wait is None:
        return ""
    rule = RULES.get(reply.wait.reason)
    until = f" Until {moment(reply.wait.until)}:" if reply.state is ReplyState.QUEUED else ""
    return f"{until} {rule.words['en'] if rule else reply.wait.reason.value}"


_EXITS = dict.fromkeys(ON_THE_PHONE, 0) | dict.fromkeys((ReplyState.FAILED, ReplyState.CANCELLED), EXIT_NOT_SENT)
_WORDS = {
    ReplyState.QUEUED: "Waits in the outbox.",
    ReplyState.SENT: "Sent: the phone shows it.",
    ReplyState.DELIVERED: "Sent and delivered.",
    ReplyState.READ: "Sent and read.",
    ReplyState.FAILED: "Not sent.",
    ReplyState.CANCELLED: "Not sent: the phone was not ready in time, and the reply was taken back.",
    ReplyState.UNKNOWN: "Unknown: look at the phone, then use `phoneshelf outbox --settle`.",
}


async def _fate(program: Program, queued: Reply, wait_s: float, *, keep: bool) -> Reply:
    """Wait for the fate of a reply; whatever goes wrong from here on, it is not "certainly not sent"."""
    try:
        return await _follow(program, queued, wait_s, keep=keep)
    except asyncio.CancelledError:
        if await program.replying.cancel_reply(queued.id):
            say("Taken back: not sent.")
        else:
            say(f"The phone has it in hand: `phoneshelf outbox` shows what became of reply {queued.id}.")
        raise
    except PhoneshelfError as error:
        fail(f"{error} What became of reply {queued.id}, `phoneshelf outbox` shows.", EXIT_UNKNOWN)
        raise


async def _follow(program: Program, queued: Reply, wait_s: float, *, keep: bool) -> Reply:
    """Wait for the fate of a reply. Where nobody drives the phone, this process does for as long as it waits."""
    tasks = program.begin()
    try:
        ended = await _until_settled(program, queued, wait_s, _CERTAIN)
        if ended.state is ReplyState.QUEUED and keep:
            return ended
        if ended.state is ReplyState.QUEUED and await program.replying.cancel_reply(queued.id):
            ended = replace(await _until_settled(program, queued, 0, _ENDED), wait=ended.wait)
        elif ended.state not in _ENDED:
            ended = await _until_settled(program, queued, _LAST_WORD_S, _ENDED)
        return ended
    finally:
        await stop(*tasks)


_CERTAIN = ON_THE_PHONE | {ReplyState.FAILED, ReplyState.CANCELLED}
_LONG = frozenset({Reason.QUIET_HOURS, Reason.HOURLY_CEILING})
_ENDED = _CERTAIN | {ReplyState.UNKNOWN}


async def _until_settled(program: Program, queued: Reply, wait_s: float, states: frozenset[ReplyState]) -> Reply:
    """Wait for one of some states. An unknown reply may still be settled by a look at the phone while time is left."""
    until = program.clock.monotonic() + wait_s
    while True:
        now = await program.replying.get_reply(queued.id)
        left = until - program.clock.monotonic()
        if now is None or now.state in states or left <= 0 or _waits_longer(now, program.clock.now(), left):
            return now or queued
        await asyncio.sleep(_LOOK_S)


def _waits_longer(reply: Reply, now: datetime, left_s: float) -> bool:
    """Tell whether a rule of time holds a reply for longer than anybody waits here."""
    wait = reply.wait
    return wait is not None and wait.reason in _LONG and wait.until > now + timedelta(seconds=left_s)
