"""Whether a reply may be sent at all, what a policy may say, and who may set a rule aside."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import ReplyRefused, SendRefused
from app.domain.policy import (
    LIMITS,
    RULES,
    Policy,
    QuietHours,
    Role,
    change_policy,
    parse_quiet,
    policy_of,
    policy_values,
)
from app.domain.reply import Reason
from app.outbox.policy import MAX_TEXT, ChatHistory, refuse, refuse_early, refuse_text

PLAIN = Policy()
KNOWN = ChatHistory(has_inbound=True, has_consent=False, unanswered=0)
STRANGER = replace(KNOWN, has_inbound=False)


def test_only_who_has_written_or_agreed_is_written_to() -> None:
    assert refuse(STRANGER, PLAIN) is Reason.FIRST_CONTACT
    assert refuse(STRANGER, PLAIN, set(Reason)) is Reason.FIRST_CONTACT
    assert refuse(replace(STRANGER, has_consent=True), PLAIN) is None
    assert refuse(KNOWN, PLAIN) is None


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_after_so_many_unanswered_messages_a_lead_is_needed(limit: int) -> None:
    policy = Policy(unanswered=limit)
    assert refuse(replace(KNOWN, unanswered=limit - 1), policy) is None
    many = replace(KNOWN, unanswered=limit)
    assert refuse(many, policy) is Reason.UNANSWERED
    assert refuse(replace(many, has_consent=True), policy) is Reason.UNANSWERED
    assert refuse(many, policy, {Reason.UNANSWERED}) is None


def test_what_the_phone_may_know_better_is_not_refused_before_it_was_read() -> None:
    for history in (STRANGER, replace(KNOWN, unanswered=9)):
        assert refuse_early(history, PLAIN) is refuse(history, PLAIN)
        assert refuse_early(replace(history, is_certain=False), PLAIN) is None
        assert refuse(replace(history, is_certain=False), PLAIN) is refuse(history, PLAIN)
    waiting = ChatHistory(has_inbound=False, has_consent=False, unanswered=3, under_way=2, is_certain=False)
    assert refuse_early(waiting, PLAIN) is Reason.UNANSWERED
    assert refuse_early(replace(waiting, under_way=1), PLAIN) is None


def test_the_numbers_chat_with_itself_spares_nobody() -> None:
    assert refuse(replace(STRANGER, is_self=True, unanswered=9), PLAIN) is None


def test_a_text_longer_than_the_app_takes_is_refused() -> None:
    assert refuse_text("x" * MAX_TEXT) is None
    assert refuse_text("x" * (MAX_TEXT + 1)) is Reason.TOO_LONG


def test_every_refusal_says_who_may_override_it_and_why_in_two_languages() -> None:
    for reason, rule in RULES.items():
        refusal = ReplyRefused(reason)
        assert isinstance(refusal, SendRefused)
        assert (refusal.reason, refusal.may_override) == (reason, rule.may_override)
        assert str(refusal) == f"not sent. {rule.words['en']}"
        assert set(rule.words) == {"en", "nl"}
    assert ReplyRefused(Reason.UNANSWERED).may_override is Role.LEAD
    assert ReplyRefused(Reason.FIRST_CONTACT).may_override is None


def test_each_role_may_what_those_before_it_may() -> None:
    order = list(Role)
    for number, role in enumerate(order):
        assert [role.may(needed) for needed in order] == [n <= number for n in range(len(order))]
        assert not role.may(None)


def test_the_sentences_are_those_that_the_window_translates() -> None:
    folder = Path(__file__).parents[3] / "resources" / "translations"
    page = (folder / "phoneshelf_nl.ts").read_text("utf-8")
    pairs = dict(re.findall(r"<source>(.*?)</source>\s*<translation>(.*?)</translation>", page, re.DOTALL))
    assert {rule.words["en"]: pairs.get(rule.words["en"]) for rule in RULES.values()} == {
        rule.words["en"]: rule.words["nl"] for rule in RULES.values()
    }


policies = st.builds(
    Policy,
    gap_s=st.floats(0, 600),
    per_hour=st.integers(1, 600),
    chars_per_s=st.floats(1, 1000),
    typing_cap_s=st.floats(0, 60),
    undo_s=st.floats(5, 15),
    unanswered=st.integers(1, 20),
    quiet=st.none() | st.builds(lambda a, b: QuietHours(time(a), time(b)), st.integers(0, 11), st.integers(12, 23)),
)


@given(policies)
def test_a_policy_comes_back_from_json_as_it_was(policy: Policy) -> None:
    assert policy_of(policy_values(policy)) == policy


def test_only_what_differs_from_the_defaults_is_kept() -> None:
    assert policy_values(PLAIN) == {}
    assert policy_of(None) == policy_of({"of a newer program": 1}) == PLAIN
    assert policy_values(Policy(per_hour=60, quiet=parse_quiet("21:00-07:00"))) == {
        "per_hour": 60,
        "quiet": "21:00-07:00",
    }


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_a_value_out_of_its_limits_is_refused_and_named(name: str) -> None:
    least, most = LIMITS[name]
    for good in (least, most):
        assert getattr(change_policy(PLAIN, **{name: good}), name) == good
    for bad in (least - 1, most + 1, float("nan")):
        with pytest.raises(ValueError, match=name):
            change_policy(PLAIN, **{name: bad})
    assert least <= getattr(PLAIN, name) <= most


@pytest.mark.parametrize("text", ["", "21-7", "21:00", "21:00-", "25:00-07:00", "21:00-07:00-08:00", "night"])
def test_quiet_hours_are_written_in_one_way(text: str) -> None:
    with pytest.raises(ValueError, match="21:00-07:00"):
        parse_quiet(text)


def test_quiet_hours_can_be_switched_off_and_have_two_ends() -> None:
    quiet = parse_quiet(" 21:00 - 07:00 ")
    assert quiet == QuietHours(time(21), time(7))
    assert parse_quiet("Off") is None
    with pytest.raises(ValueError, match="different"):
        change_policy(PLAIN, quiet=parse_quiet("07:00-07:00"))
