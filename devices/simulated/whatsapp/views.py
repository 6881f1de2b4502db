"""Build, move and clip view trees.

A tree is made unclipped at its true place and loses what the screen hides only at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from devices.simulated.contract import Bounds, View

_SPEC = re.compile(r"^(?:@(?P<index>\d+))?(?P<cls>[A-Za-z]+)(?:#(?P<id>[\w:.]+))?(?:\[(?P<flags>\w+)\])?$")
_OWN_PACKAGES = {
    "View": "android.view.View",
    "ViewGroup": "android.view.ViewGroup",
    "RecyclerView": "androidx.recyclerview.widget.RecyclerView",
    "ViewPager": "androidx.viewpager.widget.ViewPager",
    "LinearLayoutCompat": "androidx.appcompat.widget.LinearLayoutCompat",
    "CardView": "androidx.cardview.widget.CardView",
    "AlertDialog": "android.app.AlertDialog",
}
_FLAGS = {
    "K": "checkable",
    "k": "checked",
    "c": "clickable",
    "f": "focusable",
    "F": "focused",
    "s": "scrollable",
    "l": "long_clickable",
    "p": "password",
    "S": "selected",
}
_NAF_EXEMPT = ("android.widget.ListView", "android.widget.GridView", "android.widget.GridLayout")
KEEP_CLIPPED = "keep-clipped"
"""Key of a view that stays in the tree with zero size when nothing of it shows, as the 2025 document list does."""


@lru_cache(maxsize=4096)
def _parsed(spec: str) -> tuple[int, str, str, frozenset[str]]:
    match = _SPEC.match(spec)
    if match is None:
        raise ValueError(f"not a view: {spec!r}")
    cls = _OWN_PACKAGES.get(match["cls"], f"android.widget.{match['cls']}")
    res = match["id"] or ""
    res = f"android:id/{res[2:]}" if res.startswith("a:") else res
    return int(match["index"] or -1), cls, res, frozenset(match["flags"] or "")


def node(
    spec: str,
    at: Bounds,
    kids: Iterable[View | None] = (),
    text: str = "",
    desc: str = "",
    handler: str = "",
) -> View:
    """Make one view from `[@index]Class[#id][[flags]]`.

    Args:
        spec: Class without its package, local id (`a:` for the system's) and one letter a flag: checkable K,
            checked k, clickable c, focusable f, focused F, scrollable s, long-clickable l, password p, selected S.
        at: Place on the screen in pixels, before any clipping.
        kids: Children in drawing order; None is left out but counts as an index.
        text: The node's text.
        desc: Its content description.
        handler: What a tap on it does.
    """
    index, cls, res, flags = _parsed(spec)
    view = View(cls=cls, res=res, text=text, desc=desc, bounds=at, handler=handler, index=max(index, 0))
    for letter in flags:
        if letter != "N":
            setattr(view, _FLAGS[letter], True)
    position = 0
    for kid in kids:
        if kid is not None:
            kid.index = max(kid.index, position)
            kid.drawing_order = kid.index + 1
            view.children.append(kid)
            position = kid.index
        position += 1
    view.naf = _is_naf(view)
    return view


def _is_naf(view: View) -> bool:
    # AOSP AccessibilityNodeInfoDumper: clickable, enabled, wordless, and no descendant has words either.
    if not view.clickable or view.text or view.desc or view.cls in _NAF_EXEMPT:
        return False
    return not any(one.text or one.desc for one in walk(view) if one is not view)


def walk(view: View) -> Iterator[View]:
    """Yield a view and all below it, parents first."""
    yield view
    for child in view.children:
        yield from walk(child)


def moved(view: View, dy: int) -> View:
    """Return a copy of a tree that stands `dy` pixels lower."""
    return _copy(view, _lowered(view.bounds, dy), [moved(child, dy) for child in view.children])


def clipped(view: View, window: Bounds, visible: Bounds, dy: int = 0) -> View | None:
    """Return a copy as the dump shows it: bounds cut to the list, what is covered left out.

    Args:
        view: The unclipped tree.
        window: The list's own rectangle; bounds are cut to it.
        visible: What nothing else covers (a header may lie over the list): outside it a view is not in the dump.
        dy: Pixels to lower the tree by first.
    """
    place = _lowered(view.bounds, dy)
    if not _overlap(place, visible):
        if view.key != KEEP_CLIPPED:
            return None
        return _copy(view, (0, 0, 0, 0), [_zeroed(child) for child in view.children])
    kids = [clipped(child, window, visible, dy) for child in view.children]
    return _copy(view, _cut(place, window), [kid for kid in kids if kid is not None])


def bare(view: View, bounds: Bounds) -> View:
    """Return a copy without what is inside."""
    return _copy(view, bounds, [])


def _zeroed(view: View) -> View:
    return _copy(view, (0, 0, 0, 0), [_zeroed(child) for child in view.children])


def _copy(view: View, bounds: Bounds, children: list[View]) -> View:
    return View(
        cls=view.cls,
        res=view.res,
        text=view.text,
        desc=view.desc,
        bounds=bounds,
        index=view.index,
        checkable=view.checkable,
        checked=view.checked,
        clickable=view.clickable,
        enabled=view.enabled,
        focusable=view.focusable,
        focused=view.focused,
        scrollable=view.scrollable,
        long_clickable=view.long_clickable,
        password=view.password,
        selected=view.selected,
        naf=view.naf,
        hint=view.hint,
        drawing_order=view.drawing_order,
        max_length=view.max_length,
        handler=view.handler,
        key=view.key,
        extra=dict(view.extra),
        children=children,
    )


def _lowered(at: Bounds, dy: int) -> Bounds:
    return (at[0], at[1] + dy, at[2], at[3] + dy)


def _overlap(one: Bounds, other: Bounds) -> bool:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width > 0 and height > 0


def _cut(one: Bounds, other: Bounds) -> Bounds:
    return (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )


def finished(root: View, package: str) -> View:
    """Give every view of a window its package and whole resource id; return the root."""
    for view in walk(root):
        view.package = package
        if view.res and ":" not in view.res:
            view.res = f"{package}:id/{view.res}"
    return root


def renamed(root: View, names: dict[str, str]) -> View:
    """Give views the local ids that a build of the app has for them; return the root."""
    for view in walk(root) if names else ():
        head, slash, local = view.res.rpartition("/")
        view.res = f"{head}{slash}{names.get(local, local)}"
    return root


def under(root: View, x: int, y: int) -> View | None:
    """Return the view that a finger at a place meets: the last drawn, deepest one that has a handler."""
    for child in reversed(root.children):
        found = under(child, x, y)
        if found is not None:
            return found
    left, top, right, bottom = root.bounds
    return root if root.handler and left <= x < right and top <= y < bottom else None
