"""The guard before an answer, asked in the transaction that queues it, with the chat kept from others meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.errors import AnswerBlocked
from app.domain.ids import ChatId, MessageId
from app.store import collisions, handling, members, own_drafts, presence
from app.store.engine import Unit
from app.team.guarding import Draft, Mode, Obstacle, ObstacleKind, OtherReply, find_obstacles, not_accepted

__all__ = ["Facts", "Obstacle", "ObstacleKind", "OtherReply", "clear_way"]

_NOBODY = -1
_LONG = 60


@dataclass(frozen=True, slots=True)
class Facts:
    """What the author of an answer knew as they pressed send.

    Attributes:
        begun_at: When the draft was begun, by the database's clock; None where there was none: then only who types now
            and what others answered since the customer last wrote stands in the way.
        last_seen: The last message that the author saw.
        accepted: The obstacles that they were shown and accept; what came since stops the answer again.
        is_anyway: They want it sent whatever stands in the way.
    """

    begun_at: datetime | None = None
    last_seen: MessageId | None = None
    accepted: tuple[Obstacle, ...] = ()
    is_anyway: bool = False


async def clear_way(unit: Unit, chat_id: ChatId, author: str, facts: Facts) -> None:
    """Let an answer pass that nothing stands in the way of, and end its draft.

    Raises:
        AnswerBlocked: Something does.
    """
    # Who presses send at the same moment elsewhere waits here, and then sees what was queued.
    await handling.lock_chat(unit, chat_id)
    me = await members.own_id(unit.connection, author)
    found = () if facts.is_anyway else await _find(unit, chat_id, author, me, facts)
    left = not_accepted(found, facts.accepted)
    if left:
        raise AnswerBlocked(left, await _words(unit, left))
    if me is not None:
        await own_drafts.clear_draft(unit, chat_id, me)
        await _stop_typing(unit, chat_id, me)


async def _find(unit: Unit, chat_id: ChatId, author: str, me: int | None, facts: Facts) -> tuple[Obstacle, ...]:
    connection = unit.connection
    begun_at = facts.begun_at
    inbound: tuple[MessageId, ...] = ()
    if begun_at is None:
        begun_at = await collisions.newest_inbound_at(connection, chat_id)
    else:
        inbound = await collisions.list_inbound(connection, chat_id, facts.last_seen, begun_at)
    others = await collisions.list_others(connection, chat_id, author, begun_at, facts.last_seen)
    leases = (await presence.list_leases(connection, [chat_id], unit.now)).get(chat_id, ())
    draft = Draft(me if me is not None else _NOBODY, begun_at.astimezone(UTC), facts.last_seen)
    return find_obstacles(draft, leases, others, inbound, unit.now)


async def _stop_typing(unit: Unit, chat_id: ChatId, me: int) -> None:
    leases = (await presence.list_leases(unit.connection, [chat_id], unit.now)).get(chat_id, ())
    if any(one.agent == me and one.mode is Mode.TYPE for one in leases):
        await presence.enter(unit, chat_id, me, Mode.VIEW)


async def _words(unit: Unit, obstacles: Iterable[Obstacle]) -> str:
    """Return what stands in the way, in a line for people."""
    said = []
    for one in obstacles:
        if one.kind is ObstacleKind.TYPING:
            said.append(f"{await _name(unit, one.agent)} is writing an answer too")
        elif one.kind is ObstacleKind.UNREAD:
            said.append(f"the customer wrote {one.count} more")
        else:
            for reply in one.replies:
                said.append(f"{await _name(unit, reply.agent)} answered \u201c{_short(reply.body)}\u201d")
    return "; ".join(said)


async def _name(unit: Unit, member_id: int | None) -> str:
    if member_id is None:
        return "somebody at the phone"
    found = await members.get_member(unit.connection, member_id)
    return found.name if found is not None else "somebody else"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONG else flat[: _LONG - 1] + "\u2026"
