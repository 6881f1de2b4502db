"""When a reply may go: gaps, the hourly ceiling, quiet hours over midnight and changes of the clock, order, turns."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import AccountId, ChatId, ReplyId
from app.domain.policy import Policy, QuietHours
from app.domain.reply import Override, Reason, Reply, ReplyState
from app.outbox.pacing import HOUR, Pace, find_hold, foresee, quiet_until, room_at, take_turn, typed_at, typing_s

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NIGHT = QuietHours(time(21), time(7))
NOW = datetime(2026, 8, 18, 11, 33, tzinfo=UTC)
FAST = Policy(gap_s=0, typing_cap_s=0)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def reply(
    number: int,
    chat: int = 1,
    *,
    queued_s: float = 0,
    body: str = "ok",
    undo_s: float = 0,
    overrides: tuple[Reason, ...] = (),
) -> Reply:
    set_aside = tuple(Override(rule, "Eva", NOW, "asked by phone") for rule in overrides)
    not_before = at(queued_s + undo_s) if undo_s else None
    return Reply(
        ReplyId(f"{number:04}"), AccountId(1), ChatId(chat), body, "Eva", ReplyState.QUEUED, at(queued_s), not_before,
        overrides=set_aside,
    )  # fmt: skip


# -- one reply ----------------------------------------------------------------------------------------


def test_typing_takes_as_long_as_the_text_and_no_longer_than_the_cap() -> None:
    policy = Policy(chars_per_s=20, typing_cap_s=10)
    assert typing_s("x" * 40, policy) == 2
    assert typing_s("x" * 4000, policy) == 10
    assert typing_s("x" * 4000, FAST) == 0


def test_typing_begins_when_the_reply_is_queued_or_a_gap_after_the_last_tap() -> None:
    policy = Policy(gap_s=5, chars_per_s=20, typing_cap_s=10)
    body = "x" * 40
    assert typed_at(reply(1, body=body), Pace(policy, UTC)) == at(2)
    assert typed_at(reply(1, body=body), Pace(policy, UTC, (at(-60),))) == at(2)
    assert typed_at(reply(1, body=body), Pace(policy, UTC, (at(-1),))) == at(6)


def test_the_ceiling_has_room_when_the_tap_that_fills_it_is_an_hour_old() -> None:
    taps = (at(-3000), at(-2000), at(-1000))
    assert room_at(NOW, Pace(Policy(per_hour=4), UTC, taps)) == NOW
    assert room_at(NOW, Pace(Policy(per_hour=3), UTC, taps)) == at(600)
    assert room_at(NOW, Pace(Policy(per_hour=2), UTC, taps)) == at(1600)
    assert room_at(at(600), Pace(Policy(per_hour=3), UTC, taps)) == at(600)


def test_holds_follow_each_other_and_the_last_one_is_the_reason() -> None:
    evening = datetime(2026, 8, 18, 20, 59, 58, tzinfo=UTC)
    pace = Pace(Policy(quiet=NIGHT, per_hour=1), UTC, (datetime(2026, 8, 19, 6, 30, tzinfo=UTC),))
    one = reply(1, undo_s=(evening - NOW).total_seconds() + 5)
    hold = find_hold(one, pace, evening)
    assert hold is not None
    assert (hold.until, hold.reason) == (datetime(2026, 8, 19, 7, 30, tzinfo=UTC), Reason.HOURLY_CEILING)
    hold = find_hold(one, Pace(Policy(quiet=NIGHT), UTC), evening)
    assert hold is not None
    assert (hold.until, hold.reason) == (datetime(2026, 8, 19, 7, tzinfo=UTC), Reason.QUIET_HOURS)


def test_a_rule_that_was_set_aside_does_not_hold() -> None:
    night = datetime(2026, 8, 18, 23, tzinfo=UTC)
    full = (night - timedelta(minutes=1),)
    pace = Pace(Policy(quiet=NIGHT, per_hour=1), UTC, full)
    assert find_hold(reply(1, overrides=(Reason.QUIET_HOURS, Reason.HOURLY_CEILING)), pace, night) is None
    hold = find_hold(reply(1, overrides=(Reason.QUIET_HOURS,)), pace, night)
    assert hold is not None
    assert hold.reason is Reason.HOURLY_CEILING


# -- quiet hours --------------------------------------------------------------------------------------


def test_quiet_hours_cross_midnight_in_the_phones_own_zone() -> None:
    def until(day: int, hour: int, minute: int) -> datetime | None:
        return quiet_until(datetime(2026, 8, day, hour, minute, tzinfo=AMSTERDAM), NIGHT, AMSTERDAM)

    ends = datetime(2026, 8, 19, 7, tzinfo=AMSTERDAM)
    assert until(18, 20, 59) is None
    assert until(18, 21, 0) == until(18, 23, 59) == until(19, 0, 0) == until(19, 6, 59) == ends
    assert until(19, 7, 0) is None


def test_a_night_in_which_the_clock_changes_is_an_hour_shorter_or_longer() -> None:
    for day, hours in ((28, 9), (24, 11)):
        month = 3 if day == 28 else 10
        begins = datetime(2026, month, day, 21, tzinfo=AMSTERDAM)
        over = quiet_until(begins, NIGHT, AMSTERDAM)
        assert over is not None
        assert over - begins.astimezone(UTC) == timedelta(hours=hours)


def test_a_border_that_comes_twice_or_never_keeps_the_longer_quiet() -> None:
    early = QuietHours(time(22), time(2, 30))
    autumn = quiet_until(datetime(2026, 10, 24, 23, tzinfo=AMSTERDAM), early, AMSTERDAM)
    spring = quiet_until(datetime(2026, 3, 28, 23, tzinfo=AMSTERDAM), early, AMSTERDAM)
    assert autumn == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert spring == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


minutes = st.integers(0, 1439)
quiet_hours = (
    st.tuples(minutes, minutes)
    .filter(lambda pair: pair[0] != pair[1])
    .map(lambda pair: QuietHours(*(time(minute // 60, minute % 60) for minute in pair)))
)
zones = st.sampled_from(["UTC", "Europe/Amsterdam", "America/Paramaribo", "Australia/Lord_Howe"]).map(ZoneInfo)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments, quiet_hours, zones)
def test_quiet_hours_are_those_of_the_wall_clock_and_they_end(now: datetime, quiet: QuietHours, zone: ZoneInfo) -> None:
    over = quiet_until(now, quiet, zone)
    shown = now.astimezone(zone).time()
    inside = quiet.start <= shown < quiet.end if quiet.start < quiet.end else not quiet.end <= shown < quiet.start
    changes = (now - timedelta(hours=26)).astimezone(zone).utcoffset() != (now + timedelta(hours=26)).astimezone(
        zone
    ).utcoffset()
    if not changes:
        assert (over is not None) == inside
        assert over is None or (over.astimezone(zone).time(), over - now <= timedelta(hours=24)) == (quiet.end, True)
    elif inside:
        assert over is not None
    assert over is None or now < over <= now + timedelta(hours=26)


# -- whose turn ---------------------------------------------------------------------------------------


def test_the_oldest_reply_that_nothing_holds_is_next() -> None:
    queue = [reply(1, 1, undo_s=10), reply(2, 1), reply(3, 2), reply(4, 3)]
    pace = Pace(FAST, UTC)
    assert take_turn(queue, (), pace, NOW).reply is queue[2]
    assert take_turn(queue, {ChatId(2)}, pace, NOW).reply is queue[3]
    assert take_turn(queue, (), pace, at(10)).reply is queue[0]
    assert take_turn(queue[:2], (), pace, NOW).ask_again_at == at(10)
    assert take_turn([], (), pace, NOW) == take_turn([queue[0]], {ChatId(1)}, pace, NOW)


def test_a_short_reply_does_not_overtake_a_long_one_that_is_typed() -> None:
    queue = [reply(1, 1, body="x" * 200), reply(2, 2, body="ok")]
    turn = take_turn(queue, (), Pace(Policy(), UTC, (at(-1),)), at(5))
    assert (turn.reply, turn.ask_again_at) == (None, at(14))


def test_a_forecast_tells_until_when_and_why() -> None:
    queue = [reply(1, 1), reply(2, 2), reply(3, 2), reply(4, 3, undo_s=8), reply(5, 4)]
    policy = Policy(gap_s=5, typing_cap_s=0)
    waits = foresee(queue, {ChatId(4)}, Pace(policy, UTC), NOW)
    told = {uid: (round((wait.until - NOW).total_seconds()), wait.reason) for uid, wait in waits.items()}
    assert told == {
        "0002": (5, Reason.BEHIND_OTHERS),
        "0003": (10, Reason.BEHIND_OTHERS),
        "0004": (15, Reason.UNDO),
        "0005": (15, Reason.BEHIND_OTHERS),
    }
    assert foresee(queue[:1], (), Pace(policy, UTC), NOW) == {}
    (only,) = foresee(queue[:1], (), Pace(policy, UTC, (at(-1),)), NOW).values()
    assert (only.until, only.reason) == (at(4), Reason.PACE)


def test_a_forecast_of_a_long_queue_is_cut_and_still_names_every_reply() -> None:
    queue = [reply(number, number) for number in range(1000)]
    waits = foresee(queue, (), Pace(Policy(), UTC), NOW)
    assert len(waits) == 1000
    assert max(wait.until for wait in waits.values()) > at(900)


arrivals = st.lists(
    st.tuples(
        st.floats(0, 7200),  # when it is queued
        st.integers(1, 4),  # its chat
        st.integers(1, 600),  # its length
        st.sampled_from([0.0, 5.0, 15.0]),  # its undo
        st.sampled_from([(), (), (Reason.QUIET_HOURS,), (Reason.HOURLY_CEILING,)]),
    ),
    min_size=1,
    max_size=25,
)
policies = st.builds(
    Policy,
    gap_s=st.floats(0, 120),
    per_hour=st.integers(1, 12),
    typing_cap_s=st.floats(0, 20),
    quiet=st.none() | quiet_hours,
)


@given(arrivals, policies, zones, st.floats(0, 30))
def test_whatever_comes_the_pace_is_kept_the_order_too_and_nothing_starves(
    wanted: list[tuple[float, int, int, float, tuple[Reason, ...]]], policy: Policy, zone: ZoneInfo, trip_s: float
) -> None:
    wanted.sort()
    coming = [
        reply(n, chat, queued_s=s, body="x" * size, undo_s=undo, overrides=rules)
        for n, (s, chat, size, undo, rules) in enumerate(wanted)
    ]
    pace, now, queue = Pace(policy, zone), NOW, list[Reply]()
    sent: list[tuple[Reply, datetime]] = []
    for _ in range(20 * len(coming) + 20):
        while coming and coming[0].queued_at <= now:
            queue.append(coming.pop(0))
        turn = take_turn(queue, (), pace, now)
        if turn.reply is not None:
            assert turn.reply.not_before is None or turn.reply.not_before <= now
            _assert_loud(turn.reply, policy, zone, now)
            queue.remove(turn.reply)
            now += timedelta(seconds=trip_s)
            pace = pace.after(now)
            sent.append((turn.reply, now))
        elif queue or coming:
            following = [turn.ask_again_at] if turn.ask_again_at else []
            following += [coming[0].queued_at] if coming else []
            assert min(following) > now
            now = min(following)
        else:
            break
    assert not queue
    assert not coming
    _assert_paced(sent, policy)


def _assert_loud(one: Reply, policy: Policy, zone: ZoneInfo, now: datetime) -> None:
    """Outside of quiet hours, unless they were set aside."""
    rules = {override.rule for override in one.overrides}
    assert Reason.QUIET_HOURS in rules or policy.quiet is None or quiet_until(now, policy.quiet, zone) is None


def _assert_paced(sent: list[tuple[Reply, datetime]], policy: Policy) -> None:
    taps = [tap for _, tap in sent]
    for (one, tap), before in zip(sent[1:], taps, strict=False):
        assert tap - before >= timedelta(seconds=policy.gap_s + typing_s(one.body, policy)) - timedelta(microseconds=5)
    for number, (one, tap) in enumerate(sent, 1):
        if not any(override.rule is Reason.HOURLY_CEILING for override in one.overrides):
            assert number - bisect_right(taps, tap - HOUR) <= policy.per_hour
    for chat in {one.chat for one, _ in sent}:
        mine = [one.id for one, _ in sent if one.chat == chat]
        assert mine == sorted(mine)
