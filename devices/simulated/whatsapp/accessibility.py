"""Set what only the page source prints: importance, headings, tooltips, input types.

The rules are read off one capture.
"""

from __future__ import annotations

from devices.simulated.contract import View

_IMPORTANT = frozenset({"conversation_contact_photo", "coordinator", "drag_n_drop_overlay"})
_UNIMPORTANT = frozenset({"input_layout"})
_HEADINGS = frozenset({"conversation_contact", "conversation_row_date_divider"})
_TOOLTIPS = frozenset({"menuitem_overflow"})
_INPUT_TYPES = {"entry": "180225"}


def annotated(root: View) -> View:
    """Give every view of a window the attributes of the page source; return the root."""
    _annotate(root, "", is_root=True)
    return root


def _annotate(view: View, parent: str, *, is_root: bool = False) -> None:
    name = view.res.rpartition("/")[2]
    extra = view.extra
    is_important = is_root or _is_important(view, name, parent)
    extra["a11y-important"] = "true" if is_important else "false"
    if name in _HEADINGS or (parent == "list" and _is_top_row(view)):
        extra["heading"] = "true"
    if name in _TOOLTIPS:
        extra["tooltip-text"] = view.desc
    if name in _INPUT_TYPES:
        extra["input-type"] = _INPUT_TYPES[name]
    for child in view.children:
        _annotate(child, name)


def _is_important(view: View, name: str, parent: str) -> bool:
    if name in _IMPORTANT:
        return True
    if name in _UNIMPORTANT or (parent == "list" and _is_top_row(view)):
        return False
    if name == "icon" and parent.startswith("pickfiletype_"):
        return False
    if not name and parent == "coordinator":
        return True
    acts = view.clickable or view.focusable or view.long_clickable or view.scrollable
    return acts or bool(view.text or view.desc)


def _is_top_row(view: View) -> bool:
    return view.cls.endswith(".LinearLayout") and not view.res and not view.children
