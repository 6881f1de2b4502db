"""Who gets a chat, and whose chats need somebody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.ids import AccountId, ChatId
from app.team.choosing import AgentLoad, AssignRules, OwnedChat, Presence, UnownedChat, plan_alerts, plan_assignments

NOW = datetime(2026, 8, 18, 9, tzinfo=UTC)
SHOP, REPAIRS = AccountId(1), AccountId(2)
BOTH = frozenset({SHOP, REPAIRS})
ON = AssignRules(is_on=True, most_open=3)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def chat(number: int, minutes: float, account: AccountId = SHOP) -> UnownedChat:
    return UnownedChat(ChatId(number), account, ago(minutes))


def test_nobody_gets_anything_until_the_team_wants_it() -> None:
    assert plan_assignments([chat(1, 5)], [AgentLoad(1, BOTH)], AssignRules()) == []


def test_who_waits_longest_goes_first_and_to_who_has_the_fewest() -> None:
    agents = [AgentLoad(1, BOTH, open_chats=2), AgentLoad(2, BOTH, open_chats=0)]
    plan = plan_assignments([chat(1, 5), chat(2, 50), chat(3, 10), chat(4, 1)], agents, ON)
    assert plan == [(2, 2), (3, 2), (1, 1), (4, 2)]


def test_of_as_few_who_was_without_for_longest_and_then_the_lowest_id() -> None:
    agents = [AgentLoad(1, BOTH, last_given_at=ago(1)), AgentLoad(2, BOTH, last_given_at=ago(9)), AgentLoad(3, BOTH)]
    assert [agent for _, agent in plan_assignments([chat(n, 9 - n) for n in range(4)], agents, ON)] == [3, 2, 1, 3]
    assert plan_assignments([chat(1, 1)], [AgentLoad(8, BOTH), AgentLoad(7, BOTH)], ON) == [(1, 7)]


def test_who_is_away_full_or_may_not_send_there_gets_none() -> None:
    agents = [
        AgentLoad(1, BOTH, Presence.BREAK),
        AgentLoad(2, BOTH, Presence.OFFLINE),
        AgentLoad(3, BOTH, open_chats=3),
        AgentLoad(4, frozenset({REPAIRS})),
    ]
    assert plan_assignments([chat(1, 9), chat(2, 5, REPAIRS)], agents, ON) == [(2, 4)]


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from([SHOP, REPAIRS])), max_size=12),
    st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.frozensets(st.sampled_from([SHOP, REPAIRS]))), max_size=4),
)
def test_no_chat_is_left_that_somebody_could_take(
    waiting: list[tuple[int, AccountId]], people: list[tuple[int, bool, frozenset[AccountId]]]
) -> None:
    chats = [chat(number, minutes, account) for number, (minutes, account) in enumerate(waiting)]
    agents = [
        AgentLoad(number, accounts, Presence.AVAILABLE if there else Presence.BREAK, count)
        for number, (count, there, accounts) in enumerate(people)
    ]
    plan = dict(plan_assignments(chats, agents, ON))
    assert len(plan) <= len(chats)
    room = {}
    for agent in agents:
        got = [one for one in chats if plan.get(one.chat) == agent.agent]
        assert not got or (agent.presence is Presence.AVAILABLE and agent.open_chats + len(got) <= ON.most_open)
        assert {one.account for one in got} <= agent.accounts
        room[agent.agent] = agent.presence is Presence.AVAILABLE and agent.open_chats + len(got) < ON.most_open
    for one in chats:
        assert one.chat in plan or not any(room[agent.agent] and one.account in agent.accounts for agent in agents)


def test_chats_of_who_is_away_for_long_alert_the_team() -> None:
    owned = [OwnedChat(ChatId(n), agent, ago(60 - n)) for n, agent in enumerate((1, 2, 3, 1))]
    absences = {1: ago(11), 2: ago(10)}
    assert [one.chat for one in plan_alerts(reversed(owned), absences, AssignRules(), NOW)] == [0, 3]
