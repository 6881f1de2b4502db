"""Makes a page source fit to be shown to others: structure, ids, classes and places stay, what people wrote goes."""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache

from lxml import etree

from devices.screens import words
from devices.screens.tree import APPS, parse_any

_KEPT = frozenset({
    "index", "resource-id", "class", "package", "bounds", "rotation", "width", "height", "drawing-order", "displayed",
    "checkable", "checked", "clickable", "enabled", "focusable", "focused", "scrollable", "long-clickable", "password",
    "selected", "NAF", "visible-to-user", "display-id", "a11y-important", "screen-reader-focusable", "input-type",
    "showing-hint", "text-entry-key", "dismissable", "a11y-focused", "heading", "live-region", "context-clickable",
    "content-invalid", "window-id",
})  # fmt: skip
_APP_WORDS = frozenset(
    words.fold(word)
    for group in (*words.TICKS.values(), words.TODAY, words.YESTERDAY, words.DELETED, words.READ_MORE, words.FORWARDED)
    for word in group
)


def anonymise(source: str) -> str:
    """Return the app's windows of a page source with every letter an x and every digit a 0.

    Words of the app itself that our tables hold may stay; numbers never do.

    Raises:
        SourceUnreadable: The text is no page source.
    """
    root = parse_any(source)
    for window in list(root):
        if not isinstance(window.tag, str) or window.get("package") not in APPS:
            root.remove(window)
    for node in root.iter():
        node.text = node.tail = None
        for name, value in node.attrib.items():
            if name not in _KEPT:
                node.set(name, masked(str(value)))
    return etree.tostring(root, encoding="unicode")


def layout_hash(source: str) -> str:
    """Return what two sources of one layout share, whatever stands in them.

    Raises:
        SourceUnreadable: The text is no page source.
    """
    found = set()
    for node in parse_any(source).iter(etree.Element):
        parent = node.getparent()
        if node.get("package") in APPS and node.get("resource-id"):
            above = parent.get("resource-id", "") if parent is not None else ""
            found.add(f"{above}>{node.get('resource-id')}")
    return hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()[:12]


def masked(text: str) -> str:
    """Return a text of the same length that says nothing, unless it is a word of the app that we know."""
    if words.fold(text) in _APP_WORDS and not any(c.isdigit() for c in text):
        return text
    return "".join(map(_masked, text))


@lru_cache(maxsize=4096)
def _masked(char: str) -> str:
    kind = unicodedata.category(char)
    if kind[0] in "LM":
        return "x"
    if kind[0] == "N":
        return "0"
    return char if kind[0] in "PZ" or kind in ("Cf", "Cc") else "*"
