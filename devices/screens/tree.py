"""Reads the three tree forms (uiautomator dump, multi-window dump, Appium source) into elements one can ask.

Keys on local ids and relations, never on class or index; unknown attributes are ignored, missing ones have defaults.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from app.domain.observation import Bounds

APPS = ("com.whatsapp.w4b", "com.whatsapp")
MAX_SOURCE = 8_000_000
"""Characters; a phone's screen is some 100 kB (phone-wire.md 5)."""

_DECLARATION = re.compile(r"<\?xml[^>]*\?>")
_BOUNDS = re.compile(r"\[(-?\d+),(-?\d+)\]\[(-?\d+),(-?\d+)\]")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BAD_REFERENCE = re.compile(
    r"&#(?:x0*(?:[0-8bcBC]|[eE]|1[0-9a-fA-F]|[dD][89abAB][0-9a-fA-F]{2})|0*(?:[0-8]|1[124-9]|2\d|3[01]));"
)


class SourceUnreadable(Exception):
    """The text is not the source of a screen."""


class Element:
    """One node, read when asked: most nodes of a screen are never asked."""

    __slots__ = ("_node",)

    def __init__(self, node: etree._Element) -> None:
        self._node = node

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Element) and other._node is self._node

    def __hash__(self) -> int:
        return hash(self._node)

    @property
    def id(self) -> str:
        """Return the resource id without its package, "" when there is none."""
        return self._get("resource-id").rpartition("/")[2]

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
    def clickable(self) -> bool:
        """Tell whether a tap does something."""
        return self._get("clickable") == "true"

    @property
    def scrollable(self) -> bool:
        """Tell whether there is more than is shown."""
        return self._get("scrollable") == "true"

    @property
    def children(self) -> list[Element]:
        """Return the elements right below, in drawing order."""
        return [Element(child) for child in self._node if isinstance(child.tag, str)]

    def walk(self) -> Iterator[Element]:
        """Yield this element and all below it, in drawing order."""
        return (Element(node) for node in self._node.iter(etree.Element))

    def first(self, local_id: str) -> Element | None:
        """Return the first element below with this local id."""
        end = "/" + local_id
        for node in self._node.iter(etree.Element):
            found = node.get("resource-id")
            if found and found.endswith(end):
                return Element(node)
        return None

    def by_id(self, *, without: Element | None = None) -> dict[str, Element]:
        """Return the first element of each local id below; what lies in `without` is left out."""
        skipped = set(without._node.iter()) if without is not None else ()
        found: dict[str, Element] = {}
        for node in self._node.iter(etree.Element):
            resource = node.get("resource-id")
            if not resource or node in skipped:
                continue
            local = resource.rpartition("/")[2]
            if local not in found:
                found[local] = Element(node)
        return found

    def _get(self, name: str) -> str:
        return str(self._node.get(name) or "")


def parse_source(source: str) -> list[Element]:
    """Return the windows of a page source, in its order.

    Raises:
        SourceUnreadable: Not XML, too large, too deep or without a `hierarchy`.
    """
    if len(source) > MAX_SOURCE:
        raise SourceUnreadable("too large")
    body = _DECLARATION.sub("", source.lstrip("\ufeff \r\n\t"), count=1)
    try:
        root = _parse(body)
    except (etree.XMLSyntaxError, UnicodeEncodeError):
        # Characters that XML forbids: the server replaces them, older ones did not.
        try:
            root = _parse(_BAD_REFERENCE.sub("?", _NO_XML.sub("?", body)))
        except etree.XMLSyntaxError as error:
            raise SourceUnreadable(f"not XML: {error.msg}") from error
    if root.tag != "hierarchy":
        raise SourceUnreadable("no hierarchy")
    return [Element(child) for child in root if isinstance(child.tag, str)]


def _parse(text: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(text.encode("utf-8"), parser)


def is_empty(bounds: Bounds) -> bool:
    """Tell whether nothing of an element is on the screen."""
    return bounds[2] <= bounds[0] or bounds[3] <= bounds[1]
