"""A note can never reach a phone: nothing that sends can even name it, and no query puts it beside a reply."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

from app.store.server.rights import ADMIN, BRIDGE

ROOT = Path(__file__).resolve().parent.parent.parent
SENDERS = (
    "app.outbox", "app.runtime", "app.services.sending", "app.services.replying", "app.services.pacing",
    "app.services.attaching", "app.services.quoting", "app.services.drafts", "app.services.mirroring",
    "app.store.replies", "devices",
)  # fmt: skip
NOTES = ("app.store.notes", "app.store.beside", "app.services.noting")
OURS, THEIRS = {"note", "mention"}, {"outbox", "reply_file", "reply_quote", "entry_draft"}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("app", "devices", cache_dir=None)


@pytest.mark.parametrize("sender", SENDERS)
def test_nothing_that_sends_can_reach_a_note(graph: grimp.ImportGraph, sender: str) -> None:
    parts = {sender} | graph.find_descendants(sender)
    ways = [graph.find_shortest_chain(part, one) for part in sorted(parts) for one in NOTES]
    assert [way for way in ways if way] == []


def test_the_way_from_a_note_is_found_where_there_is_one(graph: grimp.ImportGraph) -> None:
    assert graph.find_shortest_chain("app.services.noting", "app.store.notes")
    assert set(NOTES) <= graph.modules


def tables_of(source: str) -> set[str]:
    """Return the tables that a module names: as a name, an attribute, an imported thing, or in SQL of its own."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app.store"):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found |= {node.attr} if node.value.id in ("schema", "beside") else set()
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= set(re.findall(r"(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)", node.value, re.IGNORECASE))
    return found


def functions_of(script: str) -> Iterator[str]:
    yield from re.split(r"\n(?=CREATE |DROP )", script)


def test_no_query_names_a_note_and_a_reply() -> None:
    modules = [path for path in (ROOT / "app" / "store").rglob("*.py") if path.name not in ("rights.py",)]
    assert [
        p.name for p in modules if tables_of(p.read_text("utf-8")) & OURS and tables_of(p.read_text("utf-8")) & THEIRS
    ] == []
    scripts = [part for path in (ROOT / "app").rglob("*.sql") for part in functions_of(path.read_text("utf-8"))]
    assert len(scripts) > 20
    both = [part for part in scripts if re.search(r"\b(note|mention)\b", part) and re.search(r"\boutbox\b", part)]
    assert both == []


@pytest.mark.parametrize(
    "source",
    [
        "from app.store.beside import note\nfrom app.store.schema import outbox\n",
        "from app.store import beside, schema\nq = beside.note.c.id == schema.outbox.c.uid\n",
        "q = 'SELECT 1 FROM note n JOIN outbox o ON true'\n",
    ],
)
def test_a_query_of_both_would_be_found(source: str) -> None:
    assert tables_of(source) & OURS
    assert tables_of(source) & THEIRS


def test_no_policy_of_a_reply_looks_at_a_note_nor_the_other_way_round() -> None:
    from app.store.server.rights import RIGHTS  # noqa: PLC0415

    for rights in RIGHTS.values():
        for table, right in rights.items():
            conditions = " ".join((right.rows, right.made, right.changes, right.becomes))
            named = set(re.findall(r"\w+", conditions)) | {table}
            assert not (named & OURS and named & THEIRS), table


def test_the_bridge_and_the_admin_have_no_right_to_notes() -> None:
    assert not (OURS & set(BRIDGE) | OURS & set(ADMIN))
