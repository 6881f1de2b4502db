"""Which backups stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from app.hosting.keeping import plan_backups

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
TIMES = st.lists(st.integers(0, 900 * 24).map(lambda hours: NOON - timedelta(hours=hours)), unique=True, max_size=80)


def test_the_first_is_due() -> None:
    plan = plan_backups([], NOON)
    assert (plan.is_due, plan.remove) == (True, ())


def test_one_a_day_of_the_office() -> None:
    zone = timezone(timedelta(hours=2))
    late = datetime(2026, 3, 3, 23, 30, tzinfo=zone)
    assert not plan_backups([late], late + timedelta(minutes=20)).is_due
    assert plan_backups([late], late + timedelta(minutes=40)).is_due


def test_three_years_of_days_leave_seven_days_four_weeks_twelve_months() -> None:
    kept: list[datetime] = []
    for day in range(3 * 365):
        now = NOON + timedelta(days=day)
        assert plan_backups(kept, now).is_due
        kept.append(now)
        gone = plan_backups(kept, now).remove
        kept = [made for made in kept if made not in gone]
    ages = [(now - made).days for made in kept]
    assert ages[-7:] == [6, 5, 4, 3, 2, 1, 0]
    assert len(kept) <= 7 + 4 + 12
    assert 304 <= ages[0] <= 366
    assert len({(made.year, made.month) for made in kept}) == 12
    assert len({made.isocalendar()[:2] for made in kept if (now - made).days < 28}) >= 4


def test_time_alone_removes_nothing() -> None:
    made = [NOON - timedelta(days=day) for day in range(7)]
    assert plan_backups(made, NOON + timedelta(days=900)).remove == ()


def test_what_is_of_the_future_is_left_and_does_not_count() -> None:
    future = [NOON + timedelta(days=day) for day in range(1, 40)]
    plan = plan_backups(future, NOON)
    assert (plan.is_due, plan.remove) == (True, ())


@given(TIMES)
def test_the_newest_stays_and_asking_twice_changes_nothing(existing: list[datetime]) -> None:
    plan = plan_backups(existing, NOON)
    kept = [made for made in existing if made not in plan.remove]
    assert set(plan.remove) <= set(existing)
    assert not existing or max(existing) in kept
    assert len(kept) <= 7 + 4 + 12
    assert plan_backups(kept, NOON).remove == ()
