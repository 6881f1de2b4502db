"""Draw screens that never scroll from an outline: one line a view, indented by depth.

Places are those of the captured display, stretched to this one.
"""

from __future__ import annotations

from collections.abc import Mapping

from devices.simulated.contract import Bounds, View
from devices.simulated.whatsapp.layout import Look
from devices.simulated.whatsapp.views import node


def draw_outline(outline: str, look: Look, texts: Mapping[str, str], size: tuple[int, int]) -> View:
    """Return the tree of an outline.

    Args:
        outline: Lines `<dots><spec> l,t,r,b [T=key] [D=key] [H=handler]`; the dots are the depth.
        look: How the phone draws; places are stretched to its display.
        texts: The words by key; a key that is missing stands for itself.
        size: Display the places were taken on.
    """
    lines = [line for line in outline.splitlines() if line.strip()]
    view, used = _branch(lines, 0, 0, (look, texts, size))
    if used != len(lines):
        raise ValueError(f"an outline has one root: {lines[used]!r}")
    return view


_Setting = tuple[Look, Mapping[str, str], tuple[int, int]]


def _branch(lines: list[str], at: int, depth: int, setting: _Setting) -> tuple[View, int]:
    kids: list[View] = []
    following = at + 1
    while following < len(lines) and _depth(lines[following]) > depth:
        kid, following = _branch(lines, following, depth + 1, setting)
        kids.append(kid)
    return _view(lines[at], kids, setting), following


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip("."))


def _view(line: str, kids: list[View], setting: _Setting) -> View:
    look, texts, size = setting
    spec, place, *words = line.lstrip(".").split()
    found = {word[0]: word[2:] for word in words}
    text, desc = found.get("T", ""), found.get("D", "")
    at = _stretched(place, look, size)
    view = node(spec, at, kids, texts.get(text, text), texts.get(desc, desc), found.get("H", ""))
    view.hint = texts.get(found.get("N", ""), "")
    return view


def _stretched(place: str, look: Look, size: tuple[int, int]) -> Bounds:
    left, top, right, bottom = (int(number) for number in place.split(","))
    wide, high = look.display[0] / size[0], look.display[1] / size[1]
    return (round(left * wide), round(top * high), round(right * wide), round(bottom * high))
