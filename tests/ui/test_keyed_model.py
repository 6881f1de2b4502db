"""The list model changes itself by steps that a view can follow."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from ui.models.keyed import KeyedModel


@dataclass(frozen=True)
class Row:
    key: int
    text: str = ""


class Rows(KeyedModel):
    def key_of(self, row):
        return row.key

    def describe(self, row):
        return row.text


@pytest.fixture
def model(qapp):
    made = Rows()
    made.tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    made.steps = []
    made.rowsInserted.connect(lambda _, first, last: made.steps.append(("insert", first, last)))
    made.rowsRemoved.connect(lambda _, first, last: made.steps.append(("remove", first, last)))
    made.rowsMoved.connect(lambda _, first, last, __, to: made.steps.append(("move", first, to)))
    made.dataChanged.connect(lambda first, last: made.steps.append(("change", first.row(), last.row())))
    made.modelReset.connect(lambda: made.steps.append(("reset",)))
    return made


def rows(*keys, **texts):
    return [Row(key, texts.get(f"t{key}", "")) for key in keys]


def test_rows_at_the_end_are_inserted(model):
    model.apply(rows(1, 2))
    model.steps.clear()
    model.apply(rows(1, 2, 3, 4))
    assert model.steps == [("insert", 2, 3)]


def test_a_row_that_comes_to_the_top_is_moved_once(model):
    model.apply(rows(1, 2, 3, 4))
    model.steps.clear()
    model.apply(rows(4, 1, 2, 3))
    assert model.steps == [("move", 3, 0)]


def test_a_row_that_sinks_is_moved_once(model):
    model.apply(rows(1, 2, 3, 4))
    model.steps.clear()
    model.apply(rows(2, 3, 4, 1))
    assert model.steps == [("move", 0, 4)]


def test_only_what_changed_is_changed(model):
    model.apply(rows(1, 2, 3))
    model.steps.clear()
    model.apply(rows(1, 2, 3, t2="new"))
    assert model.steps == [("change", 1, 1)]
    assert model.data(model.index(1)) == "new"


def test_the_same_rows_change_nothing(model):
    model.apply(rows(1, 2, 3))
    model.steps.clear()
    model.apply(rows(1, 2, 3))
    assert model.steps == []


def test_a_persistent_index_follows_its_row(model):
    model.apply(rows(1, 2, 3))
    kept = QPersistentModelIndex(model.index(2))
    model.apply(rows(9, 3, 1))
    assert kept.row() == 1


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 12), st.sampled_from("ab")), unique_by=lambda row: row[0]), max_size=5)
)
def test_any_rows_become_any_other_without_a_reset(qapp, lists):
    model = Rows()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    resets = []
    model.modelReset.connect(lambda: resets.append(1))
    for wanted in lists:
        model.apply([Row(key, text) for key, text in wanted])
        assert [(model.row_at(i).key, model.row_at(i).text) for i in range(model.rowCount())] == wanted
        assert all(model.position_of(key) == i for i, (key, _) in enumerate(wanted))
    assert not resets
    tester.deleteLater()
    model.deleteLater()
