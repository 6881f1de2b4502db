"""Reads the three tree forms (uiautomator dump, multi-window dump, Appium source) into elements one can ask.

Keys on local ids and relations, never on class or index; unknown attributes are ignored, missing ones have defaults.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from app.domain.observation import Bounds

APPS = ("com.whatsapp.w4b", "com.whatsapp")
MAX_SOURCE = 8_000_000
"""Characters; a phone's screen is some 100 kB (phone-wire.md 5)."""
MAX_DEPTH = 250

_BOUNDS = re.compile(r"\[(-?\d+),(-?\d+)\]\[(-?\d+),(-?\d+)\]")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BAD_REFERENCE = re.compile(
    r"&#(?:x0*(?:[0-8bcBC]|[eE]|1[0-9a-fA-F]|[dD][89abAB][0-9a-fA-F]{2})|0*(?:[0-8]|1[124-9]|2\d|3[01]));"
)


class SourceUnreadable(Exception):
    """The text is not the source of a screen."""


@dataclass(slots=True)
class Element:
    """One node with the attributes that parsers use."""

    id: str
    package: str
    text: str
    desc: str
    bounds: Bounds
    clickable: bool
    scrollable: bool
    selected: bool
    children: list[Element] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        """Yield this element and all below it, in drawing order."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack.extend(reversed(element.children))

    def first(self, local_id: str) -> Element | None:
        """Return the first element below with this local id."""
        return next((e for e in self.walk() if e.id == local_id), None)

    def by_id(self) -> dict[str, Element]:
        """Return the first element of each local id below."""
        found: dict[str, Element] = {}
        for element in self.walk():
            if element.id and element.id not in found:
                found[element.id] = element
        return found

    @property
    def height(self) -> int:
        """Pixels."""
        return self.bounds[3] - self.bounds[1]

    @property
    def centre(self) -> tuple[int, int]:
        """Return the middle, where a tap lands."""
        left, top, right, bottom = self.bounds
        return (left + right) // 2, (top + bottom) // 2


def parse_source(source: str) -> list[Element]:
    """Return the windows of a page source, in its order.

    Raises:
        SourceUnreadable: Not XML, too large, too deep or without a `hierarchy`.
    """
    if len(source) > MAX_SOURCE:
        raise SourceUnreadable("too large")
    clean = _BAD_REFERENCE.sub("?", _NO_XML.sub("?", source)).strip().lstrip("\ufeff")
    clean = re.sub(r"^<\?xml[^>]*\?>", "", clean)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(clean.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise SourceUnreadable(f"not XML: {error.msg}") from error
    if root.tag != "hierarchy":
        raise SourceUnreadable("no hierarchy")
    return [_element(child, "", 0) for child in root if isinstance(child.tag, str)]


def _element(node: etree._Element, package: str, depth: int) -> Element:
    if depth > MAX_DEPTH:
        raise SourceUnreadable("too deep")
    get = node.attrib.get
    package = str(get("package") or package)
    resource = str(get("resource-id") or "")
    element = Element(
        resource.rpartition("/")[2],
        package,
        str(get("text") or ""),
        str(get("content-desc") or ""),
        _bounds(str(get("bounds") or "")),
        get("clickable") == "true",
        get("scrollable") == "true",
        get("selected") == "true",
    )
    for child in node:
        if isinstance(child.tag, str):
            element.children.append(_element(child, package, depth + 1))
    return element


def _bounds(text: str) -> Bounds:
    match = _BOUNDS.match(text)
    if match is None:
        return (0, 0, 0, 0)
    left, top, right, bottom = match.groups()
    return int(left), int(top), int(right), int(bottom)


def is_empty(bounds: Bounds) -> bool:
    """Tell whether nothing of an element is on the screen."""
    return bounds[2] <= bounds[0] or bounds[3] <= bounds[1]
