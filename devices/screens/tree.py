"""Reads the three tree forms (uiautomator dump, multi-window dump, Appium source) into elements one can ask.

Keys on local ids and relations, never on class or index; unknown attributes are ignored, missing ones have defaults.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from lxml import etree

from app.domain.observation import Bounds
from devices.screens.scan import NO_XML, Scanned, local_id, name_of, scan, value_of

APPS = ("com.whatsapp.w4b", "com.whatsapp")
MAX_SOURCE = 8_000_000
"""Characters; a phone's screen is some 100 kB (phone-wire.md 5)."""

_BOUNDS = re.compile(r"\[(-?\d{1,9}),(-?\d{1,9})\]\[(-?\d{1,9}),(-?\d{1,9})\]")
_BAD_REFERENCE = re.compile(
    r"&#(?:x0*(?:[0-8bcBC]|[eE]|1[0-9a-fA-F]|[dD][89abAB][0-9a-fA-F]{2})|0*(?:[0-8]|1[124-9]|2\d|3[01]));"
)


_Read = Callable[[Any, str], str]
_ReadId = Callable[[Any], str]
_Aliases = Mapping[str, str]
_NONE: _Aliases = MappingProxyType({})


class SourceUnreadable(Exception):
    """The text is not the source of a screen."""


class _Window:
    """The elements of one window in drawing order, side by side; an element's own come right behind it."""

    __slots__ = ("_aliases", "_ids", "_read_id", "ends", "nodes", "read")

    def __init__(self, nodes: list[Any], ends: list[int], read: _Read, read_id: _ReadId, aliases: _Aliases) -> None:
        self.nodes = nodes
        self.ends = ends
        self._ids: list[str] | None = None
        self.read = read
        self._read_id = read_id
        self._aliases = aliases

    @property
    def ids(self) -> list[str]:
        """Local ids as the parsers name them, "" for none. Nobody asks for those of most windows."""
        if self._ids is None:
            found = list(map(self._read_id, self.nodes))
            aliases = self._aliases
            self._ids = [aliases.get(one, one) for one in found] if aliases else found
        return self._ids


class Element:
    """One node, read when asked: most of what a screen says is never asked."""

    __slots__ = ("_at", "_tree")

    def __init__(self, tree: _Window, at: int) -> None:
        self._tree = tree
        self._at = at

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Element) and other._tree is self._tree and other._at == self._at

    def __hash__(self) -> int:
        return hash((id(self._tree), self._at))

    @property
    def id(self) -> str:
        """Return the resource id without its package, as the profile names it, "" when there is none."""
        return self._tree.ids[self._at]

    @property
    def package(self) -> str:
        """Return the package of the app that drew it."""
        return self._get("package")

    @property
    def text(self) -> str:
        """Return the text, "" when there is none."""
        return self._get("text")

    @property
    def desc(self) -> str:
        """Return the content description."""
        return self._get("content-desc")

    @property
    def bounds(self) -> Bounds:
        """Return left, top, right, bottom in pixels; zeros when not told."""
        match = _BOUNDS.match(self._get("bounds"))
        if match is None:
            return (0, 0, 0, 0)
        left, top, right, bottom = match.groups()
        return int(left), int(top), int(right), int(bottom)

    @property
    def cls(self) -> str:
        """Return the class that drew it; only a hint, it differs between builds."""
        return self._get("class")

    @property
    def clickable(self) -> bool:
        """Tell whether a tap does something."""
        return self._get("clickable") == "true"

    @property
    def focused(self) -> bool:
        """Tell whether what is typed goes here."""
        return self._get("focused") == "true"

    @property
    def scrollable(self) -> bool:
        """Tell whether there is more than is shown."""
        return self._get("scrollable") == "true"

    @property
    def children(self) -> list[Element]:
        """Return the elements right below, in drawing order."""
        ends = self._tree.ends
        at, found = self._at + 1, []
        while at < ends[self._at]:
            found.append(Element(self._tree, at))
            at = ends[at]
        return found

    def walk(self) -> Iterator[Element]:
        """Yield this element and all below it, in drawing order."""
        return (Element(self._tree, at) for at in range(self._at, self._tree.ends[self._at]))

    def first(self, local_id: str) -> Element | None:
        """Return the first element with this local id, this one or one below."""
        try:
            return Element(self._tree, self._tree.ids.index(local_id, self._at, self._tree.ends[self._at]))
        except ValueError:
            return None

    def all(self, *local_ids: str) -> list[Element]:
        """Return every element that has one of these local ids, this one or below, in drawing order."""
        ids = self._tree.ids
        return [Element(self._tree, at) for at in range(self._at, self._tree.ends[self._at]) if ids[at] in local_ids]

    def by_id(self, *, without: Element | None = None) -> dict[str, Element]:
        """Return the first element of each local id, from this one down; what lies in `without` is left out."""
        tree, found = self._tree, {}
        ids = tree.ids
        skipped = range(without._at, tree.ends[without._at]) if without is not None else ()
        for at in range(self._at, tree.ends[self._at]):
            local = ids[at]
            if local and local not in found and at not in skipped:
                found[local] = Element(tree, at)
        return found

    def _get(self, name: str) -> str:
        return self._tree.read(self._tree.nodes[self._at], name)


def parse_source(source: str, aliases: Mapping[str, str] = _NONE) -> list[Element]:
    """Return the windows of a page source, in its order.

    Args:
        source: Any of the three tree forms.
        aliases: Ids of the app that stand for a part of another name.

    Raises:
        SourceUnreadable: Not XML, too large, too deep or without a `hierarchy`.
    """
    if len(source) > MAX_SOURCE:
        raise SourceUnreadable("too large")
    body = _without_declaration(source.lstrip("\ufeff \r\n\t").encode("utf-8", "surrogatepass"))
    scanned = scan(body)
    name, windows = _of_tags(scanned, aliases) if scanned is not None else _of_nodes(_parse_any(body), aliases)
    if name != "hierarchy":
        raise SourceUnreadable("no hierarchy")
    return [Element(window, 0) for window in windows]


def _without_declaration(source: bytes) -> bytes:
    return source[source.find(b"?>") + 2 :] if source.startswith(b"<?xml") else source


def _of_tags(scanned: Scanned, aliases: _Aliases) -> tuple[str, list[_Window]]:
    return name_of(scanned.tags[0]), _split(scanned.tags, scanned.ends, value_of, local_id, aliases)


def _of_nodes(root: etree._Element, aliases: _Aliases) -> tuple[str, list[_Window]]:
    nodes = list(root.iter(etree.Element))
    place = {node: at for at, node in enumerate(nodes)}
    ends = [at + 1 for at in range(len(nodes))]
    for at in range(len(nodes) - 1, 0, -1):
        parent = nodes[at].getparent()
        if parent is not None:
            ends[place[parent]] = max(ends[place[parent]], ends[at])
    return str(root.tag), _split(nodes, ends, _read, _read_local_id, aliases)


def _read(node: etree._Element, name: str) -> str:
    return str(node.get(name) or "")


def _read_local_id(node: etree._Element) -> str:
    return _read(node, "resource-id").rpartition("/")[2]


def _split(nodes: list[Any], ends: list[int], read: _Read, read_id: _ReadId, aliases: _Aliases) -> list[_Window]:
    """Return what stands right below the root, each with all that is inside it."""
    windows, start = [], 1
    while start < len(nodes):
        stop = ends[start]
        windows.append(_Window(nodes[start:stop], [end - start for end in ends[start:stop]], read, read_id, aliases))
        start = stop
    return windows


def parse_any(source: str) -> etree._Element:
    """Return a page source as a tree of its own, to be changed.

    Raises:
        SourceUnreadable: Not XML, too large, or without a `hierarchy`.
    """
    if len(source) > MAX_SOURCE:
        raise SourceUnreadable("too large")
    root = _parse_any(_without_declaration(source.lstrip("\ufeff \r\n\t").encode("utf-8", "surrogatepass")))
    if root.tag != "hierarchy":
        raise SourceUnreadable("no hierarchy")
    return root


def _parse_any(body: bytes) -> etree._Element:
    try:
        return _parse(body)
    except etree.XMLSyntaxError:
        # Characters that XML forbids: the server replaces them, older ones did not.
        text = NO_XML.sub("?", body.decode("utf-8", "surrogatepass"))
        try:
            return _parse(_BAD_REFERENCE.sub("?", text).encode())
        except etree.XMLSyntaxError as error:
            raise SourceUnreadable(f"not XML: {error.msg}") from error


def _parse(body: bytes) -> etree._Element:
    return etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def is_empty(bounds: Bounds) -> bool:
    """Tell whether nothing of an element is on the screen."""
    return bounds[2] <= bounds[0] or bounds[3] <= bounds[1]
