"""Find elements by the strategies the on-device server knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from lxml import etree

from devices.simulated.uia2 import selectors
from devices.simulated.uia2.errors import CommandError
from devices.simulated.uia2.session import Locator, Session
from devices.simulated.uia2.tree import Node, Tree

_NAMED_ATTRIBUTE = re.compile(r"(?:@|attribute::)([\w-]+)")
_FULL_ID = re.compile(r"^[\w.]+:id/.+")

UIAUTOMATOR = "-android uiautomator"


def find_nodes(tree: Tree, locator: Locator, session: Session) -> list[Node]:
    """Return the nodes a locator matches on one look at the screen.

    UiScrollable is not served here, since it moves the screen.

    Raises:
        CommandError: The strategy or the selector is not one of the server's.
    """
    context = tree.by_id(locator.context) if locator.context else None
    strategy = _STRATEGIES.get(locator.strategy)
    if strategy is None:
        raise CommandError("invalid selector", f"Locator strategy '{locator.strategy}' is not supported")
    return strategy(tree, locator.selector, context, session)


def _scope(tree: Tree, context: Node | None) -> list[Node]:
    if context is None:
        return list(tree.nodes())
    return [node for node in context.walk() if node is not context]


def _by_id(tree: Tree, selector: str, context: Node | None, session: Session) -> list[Node]:
    is_whole = _FULL_ID.match(selector) is not None
    if not is_whole and not session.settings.flag("disableIdLocatorAutocompletion"):
        selector = f"{session.package}:id/{selector}"
    return [node for node in _scope(tree, context) if node.view.res == selector]


def _by_description(tree: Tree, selector: str, context: Node | None, _: Session) -> list[Node]:
    return [node for node in _scope(tree, context) if node.view.desc == selector]


def _by_class(tree: Tree, selector: str, context: Node | None, _: Session) -> list[Node]:
    return [node for node in _scope(tree, context) if node.view.cls == selector]


def _by_uiautomator(tree: Tree, selector: str, context: Node | None, _: Session) -> list[Node]:
    found: list[Node] = []
    for expression in selectors.parse_expressions(selector):
        if expression.kind == "UiSelector":
            found += selectors.select(expression, _scope(tree, context))
    return found


def _by_xpath(tree: Tree, selector: str, context: Node | None, _: Session) -> list[Node]:
    names = None if "@*" in selector else frozenset(_NAMED_ATTRIBUTE.findall(selector))
    top, nodes = tree.as_xml(context, names)
    try:
        result: Any = etree.ElementTree(top).xpath(selector, extensions=_FUNCTIONS)
    except (etree.XPathError, ValueError) as error:
        raise CommandError("invalid selector", f"{selector}: {error}") from error
    if not isinstance(result, list):
        raise CommandError("invalid selector", f"{selector} does not select nodes")
    return [nodes[found] for found in result if found in nodes]


Strategy = Callable[[Tree, str, Node | None, Session], list[Node]]

_STRATEGIES: dict[str, Strategy] = {
    "id": _by_id,
    "xpath": _by_xpath,
    "accessibility id": _by_description,
    "class name": _by_class,
    UIAUTOMATOR: _by_uiautomator,
}


def _first(value: object) -> str:
    if isinstance(value, list):
        return str(value[0]) if value else ""
    return str(value)


def _matches(_: object, value: object, pattern: str, *__: object) -> bool:
    return re.search(pattern, _first(value)) is not None


_FUNCTIONS: dict[tuple[None, str], Callable[..., object]] = {
    (None, "matches"): _matches,
    (None, "lower-case"): lambda _, value: _first(value).lower(),
    (None, "upper-case"): lambda _, value: _first(value).upper(),
    (None, "ends-with"): lambda _, value, end: _first(value).endswith(_first(end)),
}
"""XPath 2.0 functions that lxml lacks and the server's default engine has."""


def pick(nodes: Sequence[Node]) -> Node | None:
    """Return the first node, if any."""
    return nodes[0] if nodes else None
