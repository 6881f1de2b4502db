"""Merging two contacts that are one, and taking it back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.team.contacts import (
    UNDO_FOR,
    Contact,
    MergedPart,
    Side,
    merge_of,
    merge_values,
    plan_merge,
    share_number,
    undo_merge,
)

NOW = datetime(2026, 8, 18, 9, tzinfo=UTC)
JAN = Contact(1, "Jan", ("+31612345678",), {"company": "De Vries", "city": "", "pump": "Grundfos"})
PETER = Contact(
    2, "Jan de Vries", ("06-12345678", "0701234567"), {"company": "Vries BV", "city": "Delft", "pump": "Grundfos"}
)


def test_the_preview_tells_what_stays_and_what_is_lost() -> None:
    plan = plan_merge(JAN, PETER, {}, NOW)
    assert plan.parts == (
        MergedPart("name", "Jan", Side.SURVIVOR, "Jan de Vries"),
        MergedPart("field.company", "De Vries", Side.SURVIVOR, "Vries BV"),
        MergedPart("field.pump", "Grundfos", Side.SURVIVOR),
        MergedPart("field.city", "Delft", Side.MERGED),
    )
    assert [part.part for part in plan.lost] == ["name", "field.company"]
    assert plan.added_numbers == ("0701234567",)
    assert plan.survivor == Contact(
        1, "Jan", ("+31612345678", "0701234567"), {"company": "De Vries", "pump": "Grundfos", "city": "Delft"}
    )
    assert plan.before == (JAN, PETER)


def test_a_person_chooses_part_by_part_but_never_nothing_over_something() -> None:
    choices = {"name": Side.MERGED, "field.company": Side.MERGED, "field.city": Side.SURVIVOR}
    plan = plan_merge(JAN, PETER, choices, NOW)
    assert plan.survivor.name == "Jan de Vries"
    assert plan.survivor.fields == {"company": "Vries BV", "pump": "Grundfos", "city": "Delft"}
    assert [part.lost for part in plan.lost] == ["Jan", "De Vries"]


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="itself"):
        plan_merge(JAN, replace(PETER, id=1), {}, NOW)
    with pytest.raises(ValueError, match=r"neither contact has field\.age"):
        plan_merge(JAN, PETER, {"field.age": Side.MERGED}, NOW)


def test_a_number_makes_two_contacts_one_and_a_name_does_not() -> None:
    assert share_number(JAN, PETER)
    assert not share_number(JAN, Contact(3, "Jan", ("0612345679",)))
    assert not share_number(Contact(4, "Jan"), Contact(5, "Jan"))


def test_undo_gives_both_back_and_keeps_what_was_written_since() -> None:
    plan = plan_merge(JAN, PETER, {"name": Side.MERGED}, NOW)
    survivor, merged = undo_merge(plan, plan.survivor, NOW + UNDO_FOR)
    assert (survivor.id, survivor.name, survivor.numbers) == (1, "Jan", JAN.numbers)
    assert survivor.fields == {"company": "De Vries", "pump": "Grundfos"}
    assert merged == PETER
    edited = replace(
        plan.survivor,
        numbers=(*plan.survivor.numbers, "0201234567"),
        fields={"company": "De Vries & Zn", "city": "Delft", "age": "40"},
    )
    survivor, merged = undo_merge(plan, edited, NOW)
    assert survivor.numbers == ("+31612345678", "0201234567")
    assert survivor.fields == {"company": "De Vries & Zn", "age": "40"}
    assert merged == PETER


def test_a_merge_is_the_same_after_json() -> None:
    plan = plan_merge(JAN, PETER, {"name": Side.MERGED}, NOW)
    assert merge_of(json.loads(json.dumps(merge_values(plan)))) == plan


def test_undo_ends_after_thirty_days() -> None:
    plan = plan_merge(JAN, PETER, {}, NOW)
    with pytest.raises(ValueError, match="30 days"):
        undo_merge(plan, plan.survivor, NOW + UNDO_FOR + timedelta(seconds=1))
    with pytest.raises(ValueError, match="not the one"):
        undo_merge(plan, PETER, NOW)


_FIELDS = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["x", "y"]))


@settings(deadline=None)
@given(_FIELDS, _FIELDS, st.sampled_from(list(Side)))
def test_every_value_is_kept_or_told_as_lost_and_undo_is_exact(
    mine: dict[str, str], theirs: dict[str, str], side: Side
) -> None:
    one, other = Contact(1, "A", ("0611111111",), mine), Contact(2, "B", ("0622222222",), theirs)
    choices = {f"field.{name}": side for name in {*mine, *theirs}}
    plan = plan_merge(one, other, choices, NOW)
    told = {(part.part, value) for part in plan.parts for value in (part.value, part.lost)}
    assert {(f"field.{name}", value) for name, value in [*mine.items(), *theirs.items()]} <= told
    assert undo_merge(plan, plan.survivor, NOW) == (one, other)
