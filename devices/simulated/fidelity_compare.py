"""Compare a captured screen with a drawn one: ids, nesting, classes, flags and what is filled.

Texts and places are never compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

_VALUES_DIFFER = frozenset(
    {"index", "text", "content-desc", "bounds", "drawing-order", "hint", "window-id", "tooltip-text"}
)
"""Attributes whose values depend on texts, places or the session: compared by presence, and whether they are filled."""
_LISTS = frozenset(
    {
        "android.widget.ListView",
        "androidx.recyclerview.widget.RecyclerView",
    }
)


@dataclass(frozen=True, slots=True)
class Shape:
    """One node without its texts: what of it a reader of the screen can tell apart."""

    head: tuple[str, ...]
    kids: tuple[Shape, ...]
    is_list: bool

    def lines(self, depth: int = 0) -> Iterator[str]:
        """Yield the tree as lines."""
        yield f"{'  ' * depth}{' '.join(self.head)}"
        for kid in self.kids:
            yield from kid.lines(depth + 1)


def parsed(xml: str) -> etree._Element:
    """Parse a dump."""
    return etree.fromstring(xml.encode(), etree.XMLParser(huge_tree=False))


def windows_of(root: etree._Element, package: str) -> list[etree._Element]:
    """Return the roots of an app's own windows."""
    return [node for node in root if node.get("package") == package]


def shape_of(node: etree._Element, package: str) -> Shape:
    """Return a node's shape and that of all below it."""
    cls = node.get("class", str(node.tag))
    kids = tuple(shape_of(kid, package) for kid in node if isinstance(kid.tag, str))
    is_list = cls in _LISTS and node.get("resource-id") == "android:id/list"
    return Shape(tuple(_head(node, cls, package)), kids, is_list)


def _head(node: etree._Element, cls: str, package: str) -> Iterator[str]:
    yield cls
    res = node.get("resource-id", "")
    yield f"#{res.replace(f'{package}:id/', '')}"
    for name in sorted(str(name) for name in node.attrib):
        value = str(node.get(name))
        if name in {"class", "resource-id", "package"}:
            continue
        if name in _VALUES_DIFFER:
            yield f"{name}{'+' if value and name in {'text', 'content-desc', 'hint'} else ''}"
        elif value not in {"false", ""}:
            yield f"{name}={value}"
        else:
            yield name
    if node.get("package") != package:
        yield f"package={node.get('package')}"


def without_lists(shape: Shape) -> Shape:
    """Return a shape whose lists have no rows; rows are compared by kind."""
    kids = () if shape.is_list else tuple(without_lists(kid) for kid in shape.kids)
    return Shape(shape.head, kids, shape.is_list)


def rows_of(shape: Shape) -> list[Shape]:
    """Return the rows of all lists in a shape, in order."""
    if shape.is_list:
        return list(shape.kids)
    return [row for kid in shape.kids for row in rows_of(kid)]


def differences(captured: Shape, drawn: Shape, path: str = "") -> list[str]:
    """Return what a reader would meet otherwise, one line a node."""
    here = f"{path}/{captured.head[0].rpartition('.')[2]}{captured.head[1] if captured.head[1] != '#' else ''}"
    found = []
    if captured.head != drawn.head:
        gone = [part for part in captured.head if part not in drawn.head]
        new = [part for part in drawn.head if part not in captured.head]
        found.append(f"{here}: captured {' '.join(gone) or '-'}, drawn {' '.join(new) or '-'}")
    if len(captured.kids) != len(drawn.kids):
        return [*found, f"{here}: captured {_names(captured)}, drawn {_names(drawn)}"]
    for one, other in zip(captured.kids, drawn.kids, strict=True):
        found.extend(differences(one, other, here))
    return found


def _names(shape: Shape) -> str:
    names = [kid.head[0].rpartition(".")[2] + kid.head[1] for kid in shape.kids]
    return f"{len(names)} children ({', '.join(names)})"


def _distance(found: list[str]) -> int:
    return sum(5 if "children (" in line else 1 for line in found)


def unwrapped(shape: Shape, ids: tuple[str, ...]) -> Shape:
    """Return a shape without the layouts that were put around the first child of some views."""
    kids = tuple(unwrapped(kid, ids) for kid in shape.kids)
    if shape.head[1].lstrip("#") in ids and kids and kids[0].kids:
        kids = kids[0].kids[:1]
    return Shape(shape.head, kids, shape.is_list)


def nearest(row: Shape, forms: set[Shape]) -> list[str]:
    """Return the differences to the most alike of the drawn rows."""
    best: list[str] | None = None
    for form in forms:
        found = differences(row, form)
        if best is None or _distance(found) < _distance(best):
            best = found
    return best if best is not None else ["no row was drawn"]
