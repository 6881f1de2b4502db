"""Print windows as the accessibility trees of three tools; shapes as in phone-screens.md 10.1."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from devices.simulated.contract import View, Window

Attributes = list[tuple[str, str]]

_DECLARATION = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>"
_FRONT_KINDS = frozenset({"app", "dialog"})
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_SPECIAL = re.compile("[&<>'\n\r\t\U00010000-\U0010ffff]")
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DISCOURAGED = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\ud800-\\udfff\\ufdd0-\\ufddf]")
_TAG_MARKS = str.maketrans("$@#&", "....")


def active_window(windows: Sequence[Window]) -> Window | None:
    """Return the window that holds the input focus: the topmost app or dialog window."""
    for window in windows:
        if window.kind in _FRONT_KINDS:
            return window
    return windows[0] if windows else None


def walk(view: View) -> Iterator[View]:
    """Yield a view and all below it, parents first."""
    yield view
    for child in view.children:
        yield from walk(child)


def dump_uiautomator(windows: Sequence[Window], rotation: int = 0, *, is_recent: bool = True) -> str:
    """Print the active window as `uiautomator dump` does: one line of `<node>` tags.

    Args:
        windows: All windows, topmost first.
        rotation: Quarter turns of the display.
        is_recent: Whether `drawing-order` and `hint` follow `bounds`, as on newer Android.

    Returns:
        The whole document; without any window the hierarchy is empty.
    """
    parts = [f'{_DECLARATION}<hierarchy rotation="{rotation}">']
    window = active_window(windows)
    if window is not None:
        _node_flat(window.root, window.package, is_recent, parts)
    parts.append("</hierarchy>")
    return "".join(parts)


def dump_multiwindow(windows: Sequence[Window], rotation: int = 0) -> str:
    """Print every window, pretty printed, as the openatx service does."""
    parts = [_DECLARATION, f'<hierarchy rotation="{rotation}">']
    for window in windows:
        _node_indented(window.root, window.package, 1, parts)
    parts.append("</hierarchy>")
    return "\n".join(parts) + "\n"


def dump_appium(
    windows: Sequence[Window],
    display: tuple[int, int],
    *,
    rotation: int = 0,
    max_depth: int = 70,
    toasts: Sequence[str] = (),
) -> str:
    """Print the active window as the UiAutomator2 server's page source (phone-wire.md 3.3).

    Args:
        windows: All windows, topmost first.
        display: Width and height of the display in pixels.
        rotation: Quarter turns of the display.
        max_depth: Levels below the root that are printed.
        toasts: Texts of the toasts on show, children of the root.
    """
    width, height = display
    head = f'index="0" class="hierarchy" rotation="{rotation}" width="{width}" height="{height}"'
    parts = [_DECLARATION, f"<hierarchy {head}>"]
    window = active_window(windows)
    if window is not None:
        _element(window.root, window, max_depth, 1, parts)
    for number, text in enumerate(toasts, start=1):
        toast = View("android.widget.Toast", text=text, index=number, package="android")
        _element(toast, Window("app", "android", toast), max_depth, 1, parts)
    parts.append("</hierarchy>")
    return "\n".join(parts) + "\n"


def tag_of(cls: str) -> str:
    """Return the element name of a class: characters no XML name may hold become dots."""
    return cls.translate(_TAG_MARKS) or "android.view.View"


def appium_attributes(view: View, window: Window) -> Attributes:
    """Return a view's attributes in the page source's order; an absent one is null on the phone."""
    has = view.extra.get
    rows: list[tuple[str, str | None]] = [
        ("index", str(view.index)),
        ("package", view.package or window.package),
        ("class", view.cls),
        ("text", view.text),
        ("content-desc", view.desc or None),
        ("resource-id", view.res or None),
        *_states(view),
        ("selection-start", has("selection-start")),
        ("selection-end", has("selection-end")),
        ("selected", _flag(view.selected)),
        ("bounds", bounds_text(view)),
        ("displayed", has("displayed", "true")),
        ("hint", view.hint or None),
        ("a11y-important", has("a11y-important", "true")),
        ("screen-reader-focusable", has("screen-reader-focusable", "false")),
        ("input-type", has("input-type")),
        ("drawing-order", str(view.drawing_order)),
        ("showing-hint", has("showing-hint", "false")),
        ("text-entry-key", has("text-entry-key", "false")),
        ("multiline", has("multiline")),
        ("dismissable", has("dismissable", "false")),
        ("a11y-focused", has("a11y-focused", "false")),
        ("heading", has("heading", "false")),
        ("live-region", has("live-region", "0")),
        ("context-clickable", has("context-clickable", "false")),
        ("max-text-length", str(view.max_length) if view.max_length >= 0 else None),
        ("content-invalid", has("content-invalid", "false")),
        ("error", has("error")),
        ("pane-title", has("pane-title")),
        ("tooltip-text", has("tooltip-text")),
        ("text-has-clickable-span", has("text-has-clickable-span")),
        ("window-id", str(window.id)),
        ("is-collection", has("is-collection")),
        ("is-collection-item", has("is-collection-item")),
    ]
    return [(name, value) for name, value in rows if value is not None]


def bounds_text(view: View) -> str:
    """Return bounds as Android prints them."""
    left, top, right, bottom = view.bounds
    return f"[{left},{top}][{right},{bottom}]"


def clean_text(text: str) -> str:
    """Return text with what XML 1.0 cannot hold turned into question marks, as the server does."""
    return _ILLEGAL.sub("?", text)


def _states(view: View) -> Attributes:
    return [
        ("checkable", _flag(view.checkable)),
        ("checked", _flag(view.checked)),
        ("clickable", _flag(view.clickable)),
        ("enabled", _flag(view.enabled)),
        ("focusable", _flag(view.focusable)),
        ("focused", _flag(view.focused)),
        ("long-clickable", _flag(view.long_clickable)),
        ("password", _flag(view.password)),
        ("scrollable", _flag(view.scrollable)),
    ]


def _element(view: View, window: Window, depth: int, level: int, parts: list[str]) -> None:
    pad, tag = "  " * level, tag_of(view.cls)
    rows = [(name, clean_text(value)) for name, value in appium_attributes(view, window)]
    if depth <= 1 or not view.children:
        parts.append(f"{pad}<{tag} {_joined(rows)} />")
        return
    parts.append(f"{pad}<{tag} {_joined(rows)}>")
    for child in view.children:
        _element(child, window, depth - 1, level + 1, parts)
    parts.append(f"{pad}</{tag}>")


def _node_attributes(view: View, package: str) -> Attributes:
    naf: Attributes = [("NAF", "true")] if view.naf else []
    return [
        *naf,
        ("index", str(view.index)),
        ("text", _stripped(view.text)),
        ("resource-id", view.res),
        ("class", view.cls),
        ("package", view.package or package),
        ("content-desc", _stripped(view.desc)),
        ("checkable", _flag(view.checkable)),
        ("checked", _flag(view.checked)),
        ("clickable", _flag(view.clickable)),
        ("enabled", _flag(view.enabled)),
        ("focusable", _flag(view.focusable)),
        ("focused", _flag(view.focused)),
        ("scrollable", _flag(view.scrollable)),
        ("long-clickable", _flag(view.long_clickable)),
        ("password", _flag(view.password)),
        ("selected", _flag(view.selected)),
    ]


def _node_flat(view: View, package: str, is_recent: bool, parts: list[str]) -> None:
    rows = [*_node_attributes(view, package), ("bounds", bounds_text(view))]
    if is_recent:
        rows += [("drawing-order", str(view.drawing_order)), ("hint", view.hint)]
    if not view.children:
        parts.append(f"<node {_joined(rows)} />")
        return
    parts.append(f"<node {_joined(rows)}>")
    for child in view.children:
        _node_flat(child, package, is_recent, parts)
    parts.append("</node>")


def _node_indented(view: View, package: str, level: int, parts: list[str]) -> None:
    rows = [
        *_node_attributes(view, package),
        ("visible-to-user", view.extra.get("displayed", "true")),
        ("bounds", bounds_text(view)),
        ("drawing-order", str(view.drawing_order)),
        ("hint", view.hint),
        ("display-id", "0"),
    ]
    pad = "  " * level
    if not view.children:
        parts.append(f"{pad}<node {_joined(rows)} />")
        return
    parts.append(f"{pad}<node {_joined(rows)}>")
    for child in view.children:
        _node_indented(child, package, level + 1, parts)
    parts.append(f"{pad}</node>")


def _flag(is_set: bool) -> str:
    return "true" if is_set else "false"


def _joined(rows: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{name}={_quoted(value)}" for name, value in rows)


def _quoted(value: str) -> str:
    """Quote as Android's KXmlSerializer: apostrophes round a value that holds a quotation mark."""
    mark = "'" if '"' in value else '"'
    if _SPECIAL.search(value) is None:
        return mark + value + mark
    return mark + "".join(_escaped(char, mark) for char in value) + mark


def _escaped(char: str, mark: str) -> str:
    if char == mark:
        return "&apos;"
    named = _NAMED.get(char)
    if named is not None:
        return named
    return f"&#{ord(char)};" if char in "\n\r\t" or ord(char) > 0xFFFF else char


def _stripped(text: str) -> str:
    """Replace what `uiautomator dump` strips: controls that XML discourages become full stops."""
    return _DISCOURAGED.sub(".", text)
