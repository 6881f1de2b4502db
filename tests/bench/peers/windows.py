"""What a script makes of a dumped screen: the rows of a chat, its title, where to tap; and how it joins two screens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

APP = "com.whatsapp.w4b"
_PLACE = re.compile(r"\[(-?\d+),(-?\d+)\]\[(-?\d+),(-?\d+)\]")
_CONTENT = ("message_text", "date", "caption", "title", "duration", "quoted_text")

Place = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One bubble, as a script compares it: whose it is, and all that it says."""

    own: bool
    text: str
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """One dumped screen."""

    title: str
    rows: tuple[Row, ...]


def parse(dump: bytes) -> etree._Element:
    """Return the tree of a dump."""
    return etree.fromstring(dump)


def by_id(tree: etree._Element, name: str) -> list[etree._Element]:
    """Return the nodes of an id of the app; a name with a package is taken as it is."""
    wanted = name if ":" in name else f"{APP}:id/{name}"
    return [node for node in tree.iter() if node.get("resource-id") == wanted]


def place_of(node: etree._Element) -> Place:
    """Return left, top, right and bottom."""
    found = _PLACE.fullmatch(node.get("bounds", ""))
    assert found is not None
    left, top, right, bottom = (int(part) for part in found.groups())
    return left, top, right, bottom


def middle(node: etree._Element) -> tuple[int, int]:
    """Return where to tap a node."""
    left, top, right, bottom = place_of(node)
    return (left + right) // 2, (top + bottom) // 2


def list_place(tree: etree._Element) -> Place:
    """Return where the list on the screen is."""
    return place_of(by_id(tree, "android:id/list")[0])


def window_of(tree: etree._Element) -> Window:
    """Return the open chat: its title and the bubbles that are whole; one cut by an edge reads otherwise."""
    names = by_id(tree, "conversation_contact_name")
    lists = by_id(tree, "android:id/list")
    if not names or not lists:
        return Window("", ())
    _, top, _, bottom = place_of(lists[0])
    rows = []
    for bubble in by_id(lists[0], "main_layout"):
        _, above, _, below = place_of(bubble)
        if top < above and below < bottom:
            rows.append(_row(bubble))
    return Window(names[0].get("text", ""), tuple(rows))


def _row(bubble: etree._Element) -> Row:
    texts = by_id(bubble, "message_text")
    said = [(node.get("text") or node.get("content-desc") or "") for node in bubble.iter()]
    ticks = {node.get("content-desc") for node in by_id(bubble, "status")}
    return Row(
        own=bool(ticks),
        text=texts[0].get("text", "") if texts else "",
        # Ticks change while one scrolls; a row that is compared with them is taken for another one.
        rest=tuple(word for word in said if word and word not in ticks),
    )


def shows_sent(window: Window, text: str) -> bool:
    """Tell whether one of the last bubbles is our text."""
    return any(row.own and row.text == text for row in window.rows[-3:])


def join_above(held: list[Row], window: tuple[Row, ...]) -> list[Row]:
    """Put a window that was read further up before what is held: the longest end that is the beginning of it joins."""
    for size in range(min(len(held), len(window)), 0, -1):
        if list(window[-size:]) == held[:size]:
            return [*window[:-size], *held]
    return [*window, *held]
