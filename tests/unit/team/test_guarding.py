"""What stands in the way of an answer, and what "send anyway" accepts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.ids import MessageId, ReplyId
from app.domain.reply import ReplyState
from app.team.guarding import (
    Draft,
    Lease,
    Mode,
    Obstacle,
    ObstacleKind,
    OtherReply,
    find_obstacles,
    not_accepted,
    others_in,
)

NOW = datetime(2026, 8, 18, 9, tzinfo=UTC)
EVA, BRAM, CEES = 1, 2, 3
DRAFT = Draft(EVA, NOW - timedelta(minutes=2), MessageId(10))


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def lease(agent: int, mode: Mode = Mode.TYPE, since_s: float = -30, left_s: float = 30) -> Lease:
    return Lease(agent, mode, at(since_s), at(left_s))


def reply(number: int, agent: int | None, at_s: float = -30, state: ReplyState = ReplyState.QUEUED) -> OtherReply:
    return OtherReply(ReplyId(str(number)), agent, "Hij is binnen", at(at_s), state)


def find(*leases: Lease, replies: tuple[OtherReply, ...] = (), inbound: tuple[int, ...] = ()) -> tuple[Obstacle, ...]:
    return find_obstacles(DRAFT, leases, replies, [MessageId(number) for number in inbound], NOW)


def test_nothing_is_in_the_way_of_who_is_alone() -> None:
    assert find(lease(EVA), lease(BRAM, Mode.VIEW), replies=(reply(1, EVA),)) == ()


def test_another_who_types_is_asked_about_until_the_lease_expires() -> None:
    assert find(lease(BRAM)) == (Obstacle(ObstacleKind.TYPING, agent=BRAM),)
    assert find(lease(BRAM, left_s=0)) == ()


def test_who_types_is_shown_before_who_looks() -> None:
    shown = others_in([lease(BRAM, Mode.VIEW, -90), lease(EVA), lease(CEES), lease(4, left_s=-1)], EVA, NOW)
    assert [one.agent for one in shown] == [CEES, BRAM]


def test_answers_since_the_draft_began_count_unless_they_never_went() -> None:
    early, newer, older = reply(1, BRAM, -121), reply(2, BRAM, -10), reply(3, None, -120, ReplyState.SENT)
    gone = (reply(4, CEES, state=ReplyState.CANCELLED), reply(5, CEES, state=ReplyState.FAILED))
    found = find(replies=(early, newer, older, *gone))
    assert found == (Obstacle(ObstacleKind.ANSWERED, replies=(older, newer)),)
    assert found[0].count == 2


def test_what_the_customer_wrote_meanwhile_is_counted() -> None:
    found = find(inbound=(9, 10, 11, 12))
    assert find(inbound=(11, 12)) == found
    assert found == (Obstacle(ObstacleKind.UNREAD, messages=(MessageId(11), MessageId(12))),)
    assert found[0].count == 2


def test_send_anyway_goes_past_what_was_shown_and_stops_at_what_is_new() -> None:
    shown = find(lease(BRAM), replies=(reply(1, BRAM),), inbound=(11,))
    assert [one.kind for one in shown] == list(ObstacleKind)
    assert not_accepted(shown, shown) == ()
    assert not_accepted(shown, shown[:1]) == shown[1:]
    later = find(lease(BRAM), lease(CEES), replies=(reply(1, BRAM), reply(2, CEES)), inbound=(11, 12))
    assert not_accepted(later, shown) == (
        Obstacle(ObstacleKind.TYPING, agent=CEES),
        Obstacle(ObstacleKind.ANSWERED, replies=(reply(2, CEES),)),
        Obstacle(ObstacleKind.UNREAD, messages=(MessageId(12),)),
    )


def test_what_went_away_needs_no_accepting() -> None:
    assert not_accepted((), find(lease(BRAM))) == ()
    assert not_accepted(find(lease(BRAM)), ()) == find(lease(BRAM))
