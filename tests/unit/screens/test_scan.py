"""The quick reader of tags says what an XML parser says, or leaves the text to one."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from devices.screens.scan import local_id, name_of, scan, value_of
from devices.screens.tree import SourceUnreadable, parse_source

NAMES = ("text", "content-desc", "resource-id", "bounds", "hint")
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)
ATTRIBUTES = st.dictionaries(st.sampled_from(NAMES), TEXTS, max_size=4)
TREES = st.recursive(
    st.tuples(ATTRIBUTES, st.just(())),
    lambda below: st.tuples(ATTRIBUTES, st.lists(below, max_size=4).map(tuple)),
    max_leaves=12,
)


def write(tree: tuple, ends: str, breaks: str) -> str:
    """Write a tree as servers do; a text that holds a quote stands in single quotes, as some serialisers have it."""
    attributes, below = tree
    head = "<node" + "".join(f" {name}={quoteattr(value)}" for name, value in {"index": "0", **attributes}.items())
    if not below:
        return f"{head}{ends}{breaks}"
    return f"{head}>{breaks}" + "".join(write(one, ends, breaks) for one in below) + f"</node>{breaks}"


@given(TREES, st.sampled_from([" />", "/>"]), st.sampled_from(["", "\n", "\r\n", "\n    "]))
def test_what_it_reads_is_what_a_parser_reads(tree: tuple, ends: str, breaks: str) -> None:
    body = write(tree, ends, breaks).encode()
    scanned = scan(body)
    nodes = list(etree.fromstring(body).iter())
    if scanned is None:
        # A text may look like the writer's own marks: that is left to the parser.
        is_odd = body.count(b'"') != 2 * body.count(b'="')
        assert b"='" in body or b"<!" in body or b"\t" in body or is_odd
        return
    assert [name_of(tag) for tag in scanned.tags] == [node.tag for node in nodes]
    assert [local_id(tag) for tag in scanned.tags] == [
        node.get("resource-id", "").rpartition("/")[2] for node in nodes
    ] or b"&" in body
    for name in NAMES:
        assert [value_of(tag, name) for tag in scanned.tags] == [node.get(name, "") for node in nodes]
    for at, (node, end) in enumerate(zip(nodes, scanned.ends, strict=True)):
        assert end - at == len(list(node.iter()))


@pytest.mark.parametrize(
    "text",
    [
        '<hierarchy><node text="a"></hierarchy>',
        '<hierarchy a="1"><node text="a" /></node></hierarchy>',
        '<hierarchy a="1"><node text="a" /></hierarch>',
        '<hierarchy a="1"><node text="a" /></hierarchy><node text="b" />',
        '<hierarchy a="1"><node text="a" />',
        '<hierarchy a="1"><node text="a',
        '<hierarchy a="1"><node text="a < b" /></hierarchy>',
        '<hierarchy a="1"><node text="&nbsp;" /></hierarchy>',
        "",
        "<",
        "</hierarchy>",
    ],
)
def test_what_is_cut_or_broken_is_refused(text: str) -> None:
    assert scan(text.encode()) is None
    with pytest.raises(SourceUnreadable):
        parse_source(text)


@pytest.mark.parametrize(
    "tag",
    [
        '<node text = "Jan" />',
        "<node text='Jan' />",
        '<node\n text="Jan" />',
        '<node\ttext="Jan" />',
        '<node text="Jan">said</node>',
        '<!-- text="Piet" --><node text="Jan" />',
        '<node note=\' text="Piet"\' text="Jan" />',
    ],
)
def test_another_writer_is_left_to_the_parser(tag: str) -> None:
    text = f'<hierarchy rotation="0">{tag}</hierarchy>'
    assert scan(text.encode()) is None
    assert [one.text for one in parse_source(text)] == ["Jan"]


def test_a_text_cannot_pose_as_an_attribute() -> None:
    said = 'x" text="Piet" resource-id=\'send'
    body = f"<hierarchy><node text={quoteattr(said)} /></hierarchy>"
    assert [one.text for one in parse_source(body)] == [said]
    escaped = said.replace('"', "&quot;")
    (one,) = parse_source(f'<hierarchy><node text="{escaped}" content-desc="d" /></hierarchy>')
    assert (one.text, one.desc, one.id) == (said, "d", "")
