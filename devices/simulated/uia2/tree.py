"""The screen as the server's commands see it: nodes with their windows, parents and ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from lxml import etree

from devices.simulated.contract import View, Window
from devices.simulated.uia2.source import (
    active_window,
    appium_attributes,
    clean_text,
    tag_of,
)


@dataclass(slots=True, eq=False)
class Node:
    """One view on the screen with its place in the tree."""

    view: View
    window: Window
    identity: str
    depth: int
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The element id: window and source node in the shape of a UUID."""
        window = _digest(f"{self.window.kind}|{self.window.package}|{self.window.id}")
        node = _digest(self.identity)
        return f"{window[:8]}-{window[8:12]}-{window[12:]}-{node[:4]}-{node[4:]}"

    @property
    def center(self) -> tuple[int, int]:
        """The middle of the visible bounds."""
        left, top, right, bottom = self.view.bounds
        return (left + right) // 2, (top + bottom) // 2

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


class Tree:
    """One look at the screen."""

    def __init__(self, windows: Sequence[Window], display: tuple[int, int]) -> None:
        self._display = display
        self._roots = [_grow(window.root, window) for window in windows]
        front = active_window(windows)
        self._front = [root for root in self._roots if root.window is front]

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes of the active window, parents first."""
        for root in self._front:
            yield from root.walk()

    def by_id(self, element_id: str) -> Node | None:
        """Return the node with an element id, in whichever window it is."""
        for root in self._roots:
            for node in root.walk():
                if node.id == element_id:
                    return node
        return None

    def as_xml(
        self, context: Node | None, names: frozenset[str] | None = None
    ) -> tuple[etree._Element, dict[etree._Element, Node]]:
        """Build the tree that XPath works on, and the nodes behind its elements.

        Args:
            context: The node to begin at; None is the whole screen.
            names: The attributes to put in; None is all of them.
        """
        nodes: dict[etree._Element, Node] = {}
        if context is not None:
            return _element(context, nodes, names), nodes
        width, height = self._display
        facts = {"index": "0", "class": "hierarchy", "rotation": "0"}
        top = etree.Element("hierarchy", {**facts, "width": str(width), "height": str(height)})
        for root in self._front:
            top.append(_element(root, nodes, names))
        return top, nodes


def _grow(view: View, window: Window) -> Node:
    root = Node(view, window, view.key or view.cls, 0)
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for place, child in enumerate(node.view.children):
            identity = child.key or f"{node.identity}/{place}:{child.cls}"
            below = Node(child, window, identity, node.depth + 1, node)
            node.children.append(below)
            waiting.append(below)
    return root


def _element(node: Node, nodes: dict[etree._Element, Node], names: frozenset[str] | None) -> etree._Element:
    made = etree.Element(tag_of(node.view.cls))
    for name, text in appium_attributes(node.view, node.window):
        if names is None or name in names:
            made.set(name, clean_text(text))
    nodes[made] = node
    for child in node.children:
        made.append(_element(child, nodes, names))
    return made


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
